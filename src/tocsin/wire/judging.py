"""Bodies of independent judgement and of clarification: seals and their openings, dockets, remarks on the record."""

from typing import Annotated, Literal

from msgspec import Meta

from tocsin.wire.envelope import Count, Hex32, Line, Name, Record, TaiUs
from tocsin.wire.values import TrackName

Measure = Literal["announced", "late", "proved-right", "contradicted", "retracted", "answers", "judgements", "dockets"]


class SealedJudgement(Record, frozen=True, kw_only=True):
    """A judgement is made and bound, and not yet shown: the salted hash of `tocsin.wire.sealing.commitment`.

    `opens_tai_us`: it will be opened by then, whatever the others do. `panel` names a panel inside one party, whose
    members seal against each other; None: the party's judgement, sealed against the other parties'.
    """

    event: TrackName
    commitment: Hex32
    opens_tai_us: TaiUs
    officer: Line
    panel: Name | None = None


class OpenedJudgement(Record, frozen=True, kw_only=True):
    """The salt and the exact text of a sealed judgement: the body of an assessment, character by character.

    The envelope refers to the own seal (role `opens`) and to every other seal on the event that this author had
    verified by now (role `saw`): whoever is referred to had sealed before he could read this.
    """

    event: TrackName
    salt: Hex32
    judgement: Annotated[str, Meta(min_length=2, max_length=48_000)]
    officer: Line
    panel: Name | None = None


class Attachment(Record, frozen=True, kw_only=True):
    """A file handed over outside the log, bound by its hash."""

    name: Line
    sha256: Hex32
    bytes: Count


class Docket(Record, frozen=True, kw_only=True):
    """One step in the clarification of something that one party asks another about.

    `query` opens a case and gives a deadline; `reply` and `evidence` answer; `extend` sets a later deadline; `close`
    and `disagree` end it for their author. A case is closed when asker and asked have both closed it.
    """

    case: TrackName
    step: Literal["query", "reply", "evidence", "extend", "close", "disagree"]
    to: Annotated[tuple[Name, ...], Meta(max_length=64)] = ()
    event: TrackName | None = None
    deadline_s: Count | None = None
    text: Annotated[str, Meta(min_length=1, max_length=8_000)]
    attachments: Annotated[tuple[Attachment, ...], Meta(max_length=16)] = ()
    officer: Line

    def __post_init__(self) -> None:
        if (self.step in ("query", "extend")) != (self.deadline_s is not None):
            raise ValueError("`deadline_s`: expected with `query` and `extend`, and with nothing else")
        if (self.step == "query") != bool(self.to):
            raise ValueError("`to`: the parties asked were expected with `query`, and with nothing else")
        if self.attachments and self.step == "close":
            raise ValueError("`attachments`: none were expected with `close`")


class RecordRemark(Record, frozen=True, kw_only=True):
    """The right of reply: what a party says about a count in the record that is kept of it."""

    measure: Measure
    text: Annotated[str, Meta(min_length=1, max_length=8_000)]
    officer: Line


JUDGING_KINDS: dict[tuple[str, int], type[Record]] = {
    ("sealed-judgement", 1): SealedJudgement,
    ("opened-judgement", 1): OpenedJudgement,
    ("docket", 1): Docket,
    ("record-remark", 1): RecordRemark,
}
