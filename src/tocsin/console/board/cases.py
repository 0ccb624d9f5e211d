"""What is judged and signed: events, notifications, proposals, requests for signatures."""

from typing import Literal

from tocsin.console.board.frame import Part


class ExplanationLine(Part, frozen=True, kw_only=True):
    """One thing that an event may be."""

    what: str
    probability: float
    words: str
    identifier: str
    reasons: tuple[str, ...]


class Judgement(Part, frozen=True, kw_only=True):
    """A party's judgement of an event; sealed ones show that they are there and when they open."""

    party: str
    state: Literal["none", "sealed", "overdue", "opened", "open"]
    officer: str = ""
    site_report: str = ""
    confidence: str = ""
    explanation: str = ""
    identifier: str = ""
    probability: float | None = None
    utc: str = ""
    opens_utc: str = ""


class Disputed(Part, frozen=True, kw_only=True):
    """Whether the parties' words about an event cannot all be right, and by how many km where that is a distance."""

    disputed: bool
    why: str = ""
    km: float | None = None


class Minutes(Part, frozen=True, kw_only=True):
    """Where the time went, in minutes: each step so far. What is left follows from `Event.impact_tai_us`."""

    detect: float | None = None
    authenticate: float | None = None
    consult: float | None = None
    decide: float | None = None


class AreaLine(Part, frozen=True, kw_only=True):
    """A protected area of ours: chance of an impact in it, when, and the sigma of that."""

    area: str
    probability: float
    impact_tai_us: int
    sigma_s: float


class Event(Part, frozen=True, kw_only=True):
    """A live track that needs a judgement."""

    id: str
    names: tuple[str, ...]
    first_utc: str
    phase: str
    source: str
    benign: float
    explanations: tuple[ExplanationLine, ...]
    identifier: str
    level: str
    proposed_level: str
    reason: str
    finding: str
    site_report: str
    raw_counts: dict[str, int]
    fused_count: int
    count_words: str
    assessments: tuple[Judgement, ...]
    spread_words: str
    disputed: Disputed
    impact_tai_us: int | None
    apogee_km: float | None
    range_km: float | None
    minutes: Minutes
    areas: tuple[AreaLine, ...] = ()


class NoticeLine(Part, frozen=True, kw_only=True):
    """A notification with its life: `stage`, every other state that holds, and the reason of each."""

    identifier: str
    sha256: str
    party: str
    format: str
    vehicle: str
    stage: str
    flags: tuple[str, ...]
    words: tuple[str, ...]
    announced_utc: str
    window_start_utc: str
    window_end_utc: str
    acknowledged_by: tuple[str, ...]
    waits_for_us: bool
    text: str
    governing_language: str
    refers_to: str
    matched_event: str


class VoteLine(Part, frozen=True, kw_only=True):
    """What one party has said about a proposal, and who has receipted it."""

    party: str
    required: bool
    choice: Literal["", "yes", "close"]
    officer: str = ""
    role: str = ""
    signed_by: tuple[str, ...] = ()
    counts: bool = False
    why_not: str = ""
    utc: str = ""
    receipted_by: tuple[str, ...] = ()


class PictureLine(Part, frozen=True, kw_only=True):
    """The picture that a proposal rests on, and what we compute of it: `same` is null while we lack entries."""

    digest: str
    ours: str
    same: bool | None
    as_of_utc: str


class ProposalLine(Part, frozen=True, kw_only=True):
    """A proposal with its state. `full_text` is every word that stands in its record.

    `state` is for the seal that is drawn: unsigned, half-signed, signed, closed, disputed, undetermined.
    """

    sha256: str
    origin: str
    index: int
    kind: str
    event: str
    finding: str
    text: str
    full_text: str
    by: str
    officer: str
    made_utc: str
    deadline_tai_us: int
    deadline_utc: str
    picture: PictureLine
    required: tuple[str, ...]
    votes: tuple[VoteLine, ...]
    status: str
    state: Literal["unsigned", "half-signed", "signed", "closed", "disputed", "undetermined"]
    binding: bool
    words: str
    reasons: tuple[str, ...]
    may_vote: bool
    why_not: str


class RequestLine(Part, frozen=True, kw_only=True):
    """A statement of ours that waits for hands. `challenge` is what a passkey signs: the message's hash, base64url."""

    name: str
    kind: str
    text: str
    message_sha256: str
    challenge: str
    by: str
    officers_needed: int
    signed_by: tuple[str, ...]
    asked_utc: str
    needs_code: bool
