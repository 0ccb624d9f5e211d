"""Bodies of what a centre records about its own watch: relief, lent authority, checks of persons, sessions, notes.

They stay in the centre's own log: who sits where, and who was forced, is nobody else's business. What partners must
have (votes, acknowledgements, messages) is told in kinds of its own, signed by the same people.
"""

from typing import Annotated, Literal

from msgspec import Meta

from tocsin.wire.envelope import Hex32, Line, Name, Record, TaiUs, Text
from tocsin.wire.values import TrackName


class Token(Record, frozen=True, kw_only=True):
    """A thing that goes from hand to hand at relief (a key card, a code book, a safe's key), and who has it now."""

    token: Line
    holder: Line


class Watch(Record, frozen=True, kw_only=True):
    """Relief of the watch, in two signed halves: the one who leaves relinquishes, the one who comes assumes.

    `other`: who takes over, or who is relieved; empty for the first watch of all. `open_items`: what was handed over
    in words, as the one who signs understood it.
    """

    action: Literal["assume", "relinquish"]
    officer: Line
    role: Name
    other: Line = ""
    open_items: Annotated[tuple[Line, ...], Meta(max_length=64)] = ()
    tokens: Annotated[tuple[Token, ...], Meta(max_length=16)] = ()
    text: Text = ""


class Delegation(Record, frozen=True, kw_only=True):
    """Authority lent to another officer of the party: which kinds of statement, from when until when.

    `revoke` ends every grant by `officer` to `to`. It never widens what a regime lets a role sign.
    """

    action: Literal["grant", "revoke"]
    officer: Line
    to: Line
    kinds: Annotated[tuple[Name, ...], Meta(max_length=32)] = ()
    from_tai_us: TaiUs
    until_tai_us: TaiUs
    because: Text

    def __post_init__(self) -> None:
        if self.until_tai_us < self.from_tai_us:
            raise ValueError("`until_tai_us` before `from_tai_us`: a later time was expected")
        if (self.action == "grant") != bool(self.kinds):
            raise ValueError("`kinds`: expected with `grant`, and with nothing else")


class OfficerCheck(Record, frozen=True, kw_only=True):
    """Challenge and response before a signature: who was asked, about which message, and what the answer was.

    `duress`: the officer gave the answer that means "I am being forced"; what was signed with it was not sent.
    """

    officer: Line
    about: Hex32
    outcome: Literal["passed", "failed", "duress", "cleared"]
    checked_by: Line = ""


class DeskSession(Record, frozen=True, kw_only=True):
    """A person came to a console or left it. `development`: the server held the key, so it proves little."""

    officer: Line
    roles: Annotated[tuple[Name, ...], Meta(max_length=8)]
    action: Literal["begin", "end", "expired"]
    login: Literal["passkey", "development"]


class Note(Record, frozen=True, kw_only=True):
    """A remark in the watch's own log."""

    officer: Line
    event: TrackName | None = None
    text: Annotated[str, Meta(min_length=1, max_length=8_000)]


WATCH_KINDS: dict[tuple[str, int], type[Record]] = {
    ("watch", 1): Watch,
    ("delegation", 1): Delegation,
    ("officer-check", 1): OfficerCheck,
    ("desk-session", 1): DeskSession,
    ("note", 1): Note,
}
HOME_KINDS = frozenset(kind for kind, _ in WATCH_KINDS)
"""Never shared, under no regime."""
