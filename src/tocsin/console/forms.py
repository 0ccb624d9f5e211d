"""What a page sends with each act: one small record a verb, with the bounds of the statement that becomes of it."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from tocsin.wire.envelope import Hex32, Language, Line, Name, Record, TaiUs, Text
from tocsin.wire.judging import Attachment
from tocsin.wire.talk import CodeWord, Number, Objects, Speaker, Texts
from tocsin.wire.values import Area, ConferenceLevel, Confidence, Finding, SiteReport, TrackName, VehicleClass, Window
from tocsin.wire.watch import Token

Words = Annotated[str, Meta(min_length=1, max_length=8_000)]
Parties = Annotated[tuple[Name, ...], Meta(min_length=1, max_length=64)]
Within = Annotated[int, Meta(ge=60, le=7 * 86_400)]
Minutes = Annotated[int, Meta(ge=1, le=7 * 24 * 60)]


class Form(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of what is sent."""


class Acknowledge(Form, frozen=True, kw_only=True):
    """I have read it."""

    sha256: Hex32
    text: Text = ""


class Assess(Form, frozen=True, kw_only=True):
    """Our judgement; the explanations are those of the picture, the axes the officer's own."""

    event: TrackName
    site_report: SiteReport
    confidence: Confidence
    text: Text = ""


class Convene(Form, frozen=True, kw_only=True):
    """A step on the national ladder."""

    event: TrackName
    level: ConferenceLevel
    reason: Annotated[str, Meta(min_length=1, max_length=500)]


class Propose(Form, frozen=True, kw_only=True):
    """A joint finding. `cites`: statements of dockets with files that it rests on, by hash.

    Without `confirm_sha256` nothing is logged: the answer says what it would say, and its hash.
    """

    event: TrackName
    finding: Finding
    text: Words
    cites: Annotated[tuple[Hex32, ...], Meta(max_length=8)] = ()
    confirm_sha256: Hex32 | None = None


class CastVote(Form, frozen=True, kw_only=True):
    """Yes or close. Without `confirm_sha256` nothing is logged, see `Propose`."""

    proposal: Hex32
    choice: Literal["yes", "close"]
    confirm_sha256: Hex32 | None = None


class CloseOverdue(Form, frozen=True, kw_only=True):
    """State that a deadline has passed without a receipt."""

    proposal: Hex32


class Deny(Form, frozen=True, kw_only=True):
    """Nothing was launched by us there and then."""

    area: Area
    window: Window
    text: Text = ""


class Retract(Form, frozen=True, kw_only=True):
    """What we said there was wrong."""

    entries: Annotated[tuple[Hex32, ...], Meta(min_length=1, max_length=32)]
    because: Words


class Stand(Form, frozen=True, kw_only=True):
    """Suspend, resume or withdraw, from now on."""

    action: Literal["suspend", "resume", "withdraw"]
    because: Words


class Translated(Record, frozen=True, kw_only=True):
    """A courtesy translation."""

    language: Language
    text: Annotated[str, Meta(min_length=1, max_length=4_000)]


class Message(Form, frozen=True, kw_only=True):
    """A message to other watches. `answers`: hash of the message that this answers."""

    to: Parties
    precedence: Literal["routine", "urgent", "flash"]
    text: Words
    answers: Hex32 | None = None
    translations: Texts = ()


class Code(Form, frozen=True, kw_only=True):
    """An agreed text by its number."""

    code_word: CodeWord
    number: Number
    blanks: Annotated[tuple[Line, ...], Meta(max_length=9)] = ()


class Call(Form, frozen=True, kw_only=True):
    """Our log of a call."""

    call: TrackName
    means: Literal["telephone", "radio", "video", "in-person"]
    begin_tai_us: TaiUs
    end_tai_us: TaiUs
    speakers: Annotated[tuple[Speaker, ...], Meta(min_length=2, max_length=32)]
    read_back: Annotated[tuple[Name, ...], Meta(max_length=64)] = ()
    summary: Words


class CheckSite(Form, frozen=True, kw_only=True):
    """What a site counts, asked directly."""

    site: Annotated[str, Meta(min_length=1, max_length=500)]
    counted: Objects
    displayed: Objects | None = None
    event: TrackName | None = None
    site_report: SiteReport
    test_data: bool = False
    direct: bool = True


class TellLaunch(Form, frozen=True, kw_only=True):
    """The five data of a launch, from the picture."""

    event: TrackName
    vehicle: VehicleClass | None = None
    objects: Annotated[int, Meta(ge=1, le=1_000)] | None = None


class OpenDocket(Form, frozen=True, kw_only=True):
    """A question with a deadline."""

    to: Parties
    text: Words
    within_s: Within = 3_600
    event: TrackName | None = None


class SayDocket(Form, frozen=True, kw_only=True):
    """An answer in a case. `query`: hash of the question."""

    query: Hex32
    step: Literal["reply", "evidence", "extend", "disagree"]
    text: Words
    within_s: Within | None = None
    attachments: Annotated[tuple[Attachment, ...], Meta(max_length=16)] = ()


class CloseDocket(Form, frozen=True, kw_only=True):
    """The case is closed for us."""

    query: Hex32
    text: Words


class TestCircuit(Form, frozen=True, kw_only=True):
    """Ask a person on the other side for a sign of life."""

    to: Parties


class AnswerCircuit(Form, frozen=True, kw_only=True):
    """Give one."""

    sha256: Hex32


class Assume(Form, frozen=True, kw_only=True):
    """I have the watch."""

    text: Text = ""
    tokens: Annotated[tuple[Token, ...], Meta(max_length=16)] = ()


class Relinquish(Form, frozen=True, kw_only=True):
    """I hand the watch over to `to`."""

    to: Annotated[str, Meta(min_length=1, max_length=500)]
    text: Text = ""
    tokens: Annotated[tuple[Token, ...], Meta(max_length=16)] = ()


class Delegate(Form, frozen=True, kw_only=True):
    """Lend authority for kinds of statement, or take all that was lent to `to` back."""

    action: Literal["grant", "revoke"]
    to: Annotated[str, Meta(min_length=1, max_length=500)]
    kinds: Annotated[tuple[Name, ...], Meta(max_length=32)] = ()
    minutes: Minutes = 60
    because: Words


class WriteNote(Form, frozen=True, kw_only=True):
    """A remark for our own log."""

    text: Words
    event: TrackName | None = None


class ClearAlarm(Form, frozen=True, kw_only=True):
    """A senior officer has spoken to `officer`: wrong answers are forgiven, requests held back for him are dropped."""

    officer: Annotated[str, Meta(min_length=1, max_length=500)]


class ConfirmClock(Form, frozen=True, kw_only=True):
    """I have compared our clock with another one, `against`: its reading counts again, however far it went."""

    against: Words
