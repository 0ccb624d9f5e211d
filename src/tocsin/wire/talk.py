"""Bodies of talk between duty rooms: agreed short codes, the hot line, calls, and what a sensor site counts.

The text that governs is the one in the language of the envelope's marking. `Translation`s are courtesy: they bind
nobody, except in a code book, where every party agreed all of them beforehand.
"""

from typing import Annotated, Literal

from msgspec import Meta

from tocsin.wire.envelope import Hex32, Language, Line, Name, Record, TaiUs
from tocsin.wire.values import SiteReport, TrackName

Number = Annotated[int, Meta(ge=0, le=9_999)]
CodeWord = Annotated[str, Meta(pattern=r"^[A-Z]{3,20}\Z")]
Objects = Annotated[int, Meta(ge=0, le=1_000_000)]


class Translation(Record, frozen=True, kw_only=True):
    """A text in one language."""

    language: Language
    text: Annotated[str, Meta(min_length=1, max_length=4_000)]


Texts = Annotated[tuple[Translation, ...], Meta(max_length=8)]


def _twice(texts: tuple[Translation, ...]) -> bool:
    return len({one.language for one in texts}) != len(texts)


class CodedMessage(Record, frozen=True, kw_only=True):
    """A full text under its number, the same in every language. `{1}`, `{2}`... are places to fill in."""

    number: Number
    texts: Annotated[tuple[Translation, ...], Meta(min_length=1, max_length=8)]

    def __post_init__(self) -> None:
        if _twice(self.texts):
            raise ValueError("`texts`: each language once was expected")


class Codebook(Record, frozen=True, kw_only=True):
    """Agreed texts. It holds between parties that have logged the very same body (SHA-256 of its bytes)."""

    code_word: CodeWord
    messages: Annotated[tuple[CodedMessage, ...], Meta(min_length=1, max_length=64)]

    def __post_init__(self) -> None:
        if len({one.number for one in self.messages}) != len(self.messages):
            raise ValueError("`messages`: each number once was expected")
        if len({frozenset(text.language for text in one.texts) for one in self.messages}) != 1:
            raise ValueError("`messages`: every message in the same languages was expected")


class ShortCode(Record, frozen=True, kw_only=True):
    """Code word and number instead of a text. What it says stands in the agreed code book of that hash."""

    code_word: CodeWord
    number: Number
    codebook_sha256: Hex32
    blanks: Annotated[tuple[Line, ...], Meta(max_length=9)] = ()
    officer: Line


class Hotline(Record, frozen=True, kw_only=True):
    """A plain message from one watch, or one capital, to another; references with role `answers` make a thread."""

    to: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=64)]
    precedence: Literal["routine", "urgent", "flash"]
    officer: Line
    text: Annotated[str, Meta(min_length=1, max_length=8_000)]
    translations: Texts = ()

    def __post_init__(self) -> None:
        if _twice(self.translations):
            raise ValueError("`translations`: each language once was expected")


class Speaker(Record, frozen=True, kw_only=True):
    """Who took part in a call. An interpreter belongs to the party that brought him."""

    party: Name
    name: Line
    role: Name
    interprets: Annotated[tuple[Language, ...], Meta(max_length=4)] = ()


class VoiceCall(Record, frozen=True, kw_only=True):
    """One party's log of a call. A summary is agreed when every party of the call has logged the same one.

    `read_back`: the parties that read back what they had understood. `recording_sha256` names a recording kept at home.
    """

    call: TrackName
    means: Literal["telephone", "radio", "video", "in-person"]
    begin_tai_us: TaiUs
    end_tai_us: TaiUs
    speakers: Annotated[tuple[Speaker, ...], Meta(min_length=2, max_length=32)]
    read_back: Annotated[tuple[Name, ...], Meta(max_length=64)] = ()
    summary: Annotated[str, Meta(min_length=1, max_length=8_000)]
    translations: Texts = ()
    recording_sha256: Hex32 | None = None
    officer: Line

    def __post_init__(self) -> None:
        if self.end_tai_us < self.begin_tai_us:
            raise ValueError("`end_tai_us` before `begin_tai_us`: a later time was expected")
        if not set(self.read_back) <= {one.party for one in self.speakers}:
            raise ValueError("`read_back`: only parties of `speakers` were expected")
        if len({one.party for one in self.speakers}) < 2:
            raise ValueError("`speakers`: of two parties at least were expected")
        if _twice(self.translations):
            raise ValueError("`translations`: each language once was expected")


class SiteCheck(Record, frozen=True, kw_only=True):
    """What a directly connected sensor site counts, beside what the summary in the command centre shows.

    `counted` is by the site itself, `displayed` by the summary at that moment. `test_data`: recorded or simulated
    data run on the site's lines.
    """

    site: Line
    event: TrackName | None = None
    t_tai_us: TaiUs
    counted: Objects
    displayed: Objects | None = None
    site_report: SiteReport
    test_data: bool = False
    means: Literal["direct-line", "voice"]
    officer: Line


TALK_KINDS: dict[tuple[str, int], type[Record]] = {
    ("codebook", 1): Codebook,
    ("short-code", 1): ShortCode,
    ("hotline", 1): Hotline,
    ("voice-call", 1): VoiceCall,
    ("site-check", 1): SiteCheck,
}
