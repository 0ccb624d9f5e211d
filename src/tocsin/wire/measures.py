"""Joint decisions about the agreement itself: share more for a while, amend the rules, suspend them, resume them.

A measure is put to the vote as a finding is, and decided by the same rules (V1 to V6). What it does begins at a time
that it names, after its deadline: by then no vote can change. Times are whole POSIX seconds, as in cosignatures.
"""

from typing import Annotated, Literal

from msgspec import Meta

from tocsin.wire.envelope import Count, Hex32, Line, Name, Record, Text

MeasureKind = Literal["share-more", "amend", "suspend", "resume"]


class ShareMore(Record, frozen=True, kw_only=True, tag="share-more"):
    """Between two times, further kinds of statement cross the border, and tracks are spoken of more often.

    `every_s`: the least time between two statements about a track; null leaves the regime's.
    """

    kinds: Annotated[tuple[Name, ...], Meta(max_length=32)]
    effective_s: Count
    until_s: Count
    every_s: Annotated[float, Meta(ge=0, le=86_400)] | None = None

    def __post_init__(self) -> None:
        if self.until_s <= self.effective_s:
            raise ValueError("`until_s` not after `effective_s`: a time to share more in was expected")
        if not self.kinds and self.every_s is None:
            raise ValueError("`kinds` empty and `every_s` null: something to share more of was expected")


class Amend(Record, frozen=True, kw_only=True, tag="amend"):
    """From a time on, another regime is in force: the exact bytes of its file, and their SHA-256."""

    regime_text: Annotated[str, Meta(min_length=1, max_length=60_000)]
    regime_sha256: Hex32
    effective_s: Count


class Suspend(Record, frozen=True, kw_only=True, tag="suspend"):
    """From a time on, all parties together suspend: everything but the reassurance channel stops."""

    effective_s: Count


class Resume(Record, frozen=True, kw_only=True, tag="resume"):
    """From a time on, what was suspended before, together or by one party, is in force again. Who left stays away."""

    effective_s: Count


class Measure(Record, frozen=True, kw_only=True):
    """A joint measure put to the vote (V1), like a proposal of a finding."""

    terms: ShareMore | Amend | Suspend | Resume
    parties: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=64)]
    required: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=64)]
    policy_sha256: Hex32
    deadline_s: Count
    void_if: Annotated[tuple[Line, ...], Meta(max_length=16)]
    officer: Line
    text: Text


MEASURE_KINDS: dict[tuple[str, int], type[Record]] = {("measure", 1): Measure}
_NAMES: dict[type[Record], MeasureKind] = {
    ShareMore: "share-more", Amend: "amend", Suspend: "suspend", Resume: "resume"
}  # fmt: skip


def measure_kind(body: Measure) -> MeasureKind:
    """What is decided, by name."""
    return _NAMES[type(body.terms)]
