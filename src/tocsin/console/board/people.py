"""What people say to each other, what happened when, who has the watch, and what can be checked."""

from msgspec import field

from tocsin.console.board.frame import Part


class Saying(Part, frozen=True, kw_only=True):
    """A message between people. `text` in `language` governs; translations never do and cannot be signed."""

    sha256: str
    party: str
    kind: str
    utc: str
    t_tai_us: int
    text: str
    language: str
    to: tuple[str, ...] = ()
    precedence: str = ""
    officer: str = ""
    code_word: str = ""
    code_number: int | None = None
    code_meaning: str = ""
    translations: dict[str, str] = field(default_factory=dict)
    answers: str = ""
    waits_for_us: bool = False
    acknowledged_by: tuple[str, ...] = ()


class DocketStep(Part, frozen=True, kw_only=True):
    """One step of a case."""

    party: str
    step: str
    officer: str
    utc: str
    text: str
    sha256: str


class DocketLine(Part, frozen=True, kw_only=True):
    """A case: question, deadline, who has not answered."""

    id: str
    sha256: str
    state: str
    opened_by: str
    asked: tuple[str, ...]
    event: str
    question: str
    deadline_utc: str
    waiting: tuple[str, ...]
    waits_for_us: bool
    words: str
    entries: tuple[DocketStep, ...]


class TimeItem(Part, frozen=True, kw_only=True):
    """One thing on the time line; `predicted` lies ahead and has no entry."""

    lane: str
    t_tai_us: int
    utc: str
    kind: str
    words: str
    sha256: str
    predicted: bool


class Timeline(Part, frozen=True, kw_only=True):
    """Lanes of all parties and the joint one. Items from `from_tai_us` to `until_tai_us`."""

    lanes: tuple[str, ...]
    from_tai_us: int
    until_tai_us: int
    items: tuple[TimeItem, ...]


class RosterLine(Part, frozen=True, kw_only=True):
    """A person who may sign or look on. `signs`: stands in the roster that the root keys signed."""

    name: str
    roles: tuple[str, ...]
    signs: bool
    passkey: bool


class OpenItem(Part, frozen=True, kw_only=True):
    """Something that the next watch must know of."""

    what: str
    ref: str
    since_utc: str
    since_tai_us: int


class CircuitTest(Part, frozen=True, kw_only=True):
    """A test of the channel between people. `acknowledged_by`: persons who answered by hand."""

    id: str
    sha256: str
    party: str
    utc: str
    acknowledged_by: tuple[str, ...]
    waits_for_us: bool
    late: bool


class TokenLine(Part, frozen=True, kw_only=True):
    """A thing that goes from hand to hand at relief: who has it since when."""

    token: str
    holder: str
    since_utc: str


class DelegationLine(Part, frozen=True, kw_only=True):
    """Authority lent: by whom, to whom, for which kinds, until when."""

    sha256: str
    by: str
    to: str
    kinds: tuple[str, ...]
    from_utc: str
    until_utc: str
    until_tai_us: int
    in_force: bool
    because: str


class Watch(Part, frozen=True, kw_only=True):
    """The watch and its keeping. `clock_ahead_s`: our clock went so far ahead that a person must confirm it."""

    holder: str
    since_utc: str
    roster: tuple[RosterLine, ...]
    open_items: tuple[OpenItem, ...]
    tests: tuple[CircuitTest, ...]
    test_due_utc: str
    tokens: tuple[TokenLine, ...]
    delegations: tuple[DelegationLine, ...]
    clock_ahead_s: int | None = None


class ReceiptLine(Part, frozen=True, kw_only=True):
    """A partner's cosignature: it held that many entries then."""

    by: str
    size: int
    utc: str


class LogLine(Part, frozen=True, kw_only=True):
    """A log as it is held here. `words`: the verdict in one sentence."""

    origin: str
    party: str
    size: int
    root: str
    utc: str
    receipts: tuple[ReceiptLine, ...]
    forked: bool
    words: str


class EvidenceLine(Part, frozen=True, kw_only=True):
    """Something that was refused, and why; its bytes are kept."""

    utc: str
    source: str
    message: str
    sha256: str


class Verify(Part, frozen=True, kw_only=True):
    """What can be checked, what did not hold, what went out and what stayed."""

    logs: tuple[LogLine, ...]
    evidence: tuple[EvidenceLine, ...]
    refused: tuple[str, ...]
    disclosed: dict[str, int]
    disclosed_bytes: int
    withheld: dict[str, int]
