"""The life of launch notifications, as a fold over verified entries: who announced what, and who has read it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import msgspec

from tocsin.assess.voices import Entry, Place, Voice, party_of, voices
from tocsin.wire.bodies import Acknowledgement, NegativeStatement, Notification, Retraction
from tocsin.wire.values import Window

Stage = Literal["announced", "open", "expired", "cancelled", "launched", "retracted"]
_US = 1_000
_KINDS = frozenset({"notification", "acknowledgement", "retraction", "negative-statement"})


@dataclass(frozen=True, slots=True)
class Read:
    """A person has read a notice: whose officer, in what role, and when he or she said so."""

    party: str
    officer: str
    role: str
    t_tai_ns: int


@dataclass(frozen=True, slots=True)
class Notice:
    """One announced launch (or experiment, or deorbit) as all statements about it leave it.

    `identifier` is that of the first statement; `announcement` holds its fields, with the window as extended;
    `extensions` counts how often, and `first_window` is the one before, if any did.
    `actual_t_tai_ns` and `actual` come from the post-launch message. `problems` says what does not fit, in words.
    Times are nanoseconds TAI; `announced_t_tai_ns` is when the author says he stated it.
    """

    identifier: str
    party: str
    place: Place
    announcement: Notification
    announced_t_tai_ns: int
    read: tuple[Read, ...] = ()
    actual: Notification | None = None
    actual_t_tai_ns: int | None = None
    cancelled_t_tai_ns: int | None = None
    retracted_t_tai_ns: int | None = None
    because: str = ""
    problems: tuple[str, ...] = ()
    extensions: int = 0
    first_window: Window | None = None
    places: tuple[Place, ...] = field(default=())

    @property
    def window(self) -> Window | None:
        """Announced window, as extended; None if none was given."""
        return self.announcement.window

    def stage(self, as_of_tai_ns: int) -> Stage:
        """Where it stands at a time."""
        if self.retracted_t_tai_ns is not None and self.retracted_t_tai_ns <= as_of_tai_ns:
            return "retracted"
        if self.actual is not None and (self.actual_t_tai_ns or 0) <= as_of_tai_ns:
            return "launched"
        if self.cancelled_t_tai_ns is not None and self.cancelled_t_tai_ns <= as_of_tai_ns:
            return "cancelled"
        if self.window is None or as_of_tai_ns < self.window.start_tai_us * _US:
            return "announced"
        return "open" if as_of_tai_ns <= self.window.end_tai_us * _US else "expired"

    def read_by(self, party: str) -> bool:
        """Whether a person of that party has acknowledged it."""
        return any(read.party == party for read in self.read)


@dataclass(frozen=True, slots=True)
class Denial:
    """A party's statement that it launched nothing in an area and window."""

    party: str
    place: Place
    statement: NegativeStatement
    t_tai_ns: int


def notices(entries: Iterable[Entry]) -> tuple[Notice, ...]:
    """Every announced launch, sorted by identifier and party; a function of the set of entries.

    What is malformed or of another kind is passed over (the log keeps it). A party can speak only about its own
    notices: an extension, a cancellation or a post-launch message of somebody else changes nothing.
    """
    table: dict[tuple[str, str], Notice] = {}
    said = voices(entries, _KINDS)
    for item in said:
        if isinstance(item.body, Notification) and item.body.format not in ("window-extension", "cancellation"):
            _announce(table, item, item.body)
    for item in said:
        if isinstance(item.body, Notification):
            _follow(table, item, item.body)
        elif isinstance(item.body, Acknowledgement):
            _acknowledge(table, item, item.body)
        elif isinstance(item.body, Retraction):
            _retract(table, item, item.body)
    return tuple(table[key] for key in sorted(table))


def denials(entries: Iterable[Entry]) -> tuple[Denial, ...]:
    """Every negative statement, in order of party and place; those retracted by their author are left out."""
    said = voices(entries, _KINDS)
    gone = {
        (item.party, r.origin, r.index) for item in said if isinstance(item.body, Retraction)
        for r in item.statement.references
    }  # fmt: skip
    return tuple(
        Denial(item.party, item.place, item.body, item.t_tai_ns)
        for item in said
        if isinstance(item.body, NegativeStatement)
        and (item.party, item.place.origin, item.place.index) not in gone
    )


def acknowledged(found: Sequence[Notice], party: str) -> Callable[[Notice], bool]:
    """For `match`: a notice is available to a party's officer if one of its people has read it, or if it is its own."""
    own = party_of(party)
    names = {(n.party, n.identifier) for n in found if n.party == own or n.read_by(own)}
    return lambda notice: (notice.party, notice.identifier) in names


def _announce(table: dict[tuple[str, str], Notice], item: Voice, body: Notification) -> None:
    """A first statement, or one more with the same identifier. A post-launch message may stand alone."""
    if body.format == "post-launch" and body.refers_to is not None and (item.party, body.refers_to) in table:
        return
    key = (item.party, body.identifier)
    first = table.get(key)
    if first is not None:
        same = first.announcement == body
        problem = "announced twice" if same else "announced again with other content: the first is kept"
        table[key] = replace(first, problems=(*first.problems, problem), places=(*first.places, item.place))
        return
    problems = []
    window = body.window
    if window is not None and item.t_tai_ns > window.start_tai_us * _US and body.format != "post-launch":
        problems.append("announced after its window had begun")
    notice = Notice(body.identifier, item.party, item.place, body, item.t_tai_ns, places=(item.place,))
    if body.format == "post-launch":
        notice = _launched(notice, item, body)
    table[key] = replace(notice, problems=(*problems, *notice.problems))


def _follow(table: dict[tuple[str, str], Notice], item: Voice, body: Notification) -> None:
    """An extension, cancellation or post-launch message about an earlier notice of the same party."""
    key = (item.party, body.refers_to or "")
    notice = table.get(key)
    if notice is None or item.place in notice.places:
        return
    notice = replace(notice, places=(*notice.places, item.place))
    if body.format == "window-extension" and body.window is not None and notice.window is not None:
        window = Window(
            start_tai_us=min(notice.window.start_tai_us, body.window.start_tai_us),
            end_tai_us=max(notice.window.end_tai_us, body.window.end_tai_us),
        )
        late = item.t_tai_ns > notice.window.end_tai_us * _US
        notice = _with_window(notice, window, "extended after its window had ended" if late else "")
    elif body.format == "cancellation":
        notice = replace(notice, cancelled_t_tai_ns=item.t_tai_ns)
    elif body.format == "post-launch":
        notice = _launched(notice, item, body)
    table[key] = notice


def _with_window(notice: Notice, window: Window, problem: str) -> Notice:
    announcement = msgspec.structs.replace(notice.announcement, window=window)
    problems = (*notice.problems, problem) if problem else notice.problems
    return replace(
        notice, announcement=announcement, problems=problems, extensions=notice.extensions + 1,
        first_window=notice.first_window or notice.window,
    )  # fmt: skip


def _launched(notice: Notice, item: Voice, body: Notification) -> Notice:
    t_ns = item.t_tai_ns if body.actual_time_tai_us is None else body.actual_time_tai_us * _US
    problems = notice.problems
    if notice.actual is not None and notice.actual != body:
        return replace(notice, problems=(*problems, "launched twice by its messages: the first is kept"))
    if notice.cancelled_t_tai_ns is not None and notice.cancelled_t_tai_ns < t_ns:
        problems = (*problems, "launched after it had been cancelled")
    window = notice.window
    if window is not None and not window.start_tai_us * _US <= t_ns <= window.end_tai_us * _US:
        problems = (*problems, "launched outside its window")
    return replace(notice, actual=body, actual_t_tai_ns=t_ns, problems=problems)


def _about(table: dict[tuple[str, str], Notice], item: Voice) -> list[tuple[str, str]]:
    """Notices that a statement's references point at, by place and by hash."""
    named = {(r.origin, r.index, r.sha256) for r in item.statement.references}
    return [k for k, n in table.items() if any((p.origin, p.index, p.sha256) in named for p in n.places)]


def _acknowledge(table: dict[tuple[str, str], Notice], item: Voice, body: Acknowledgement) -> None:
    for key in _about(table, item):
        read = Read(item.party, body.officer, body.role, item.t_tai_ns)
        table[key] = replace(table[key], read=(*table[key].read, read))


def _retract(table: dict[tuple[str, str], Notice], item: Voice, body: Retraction) -> None:
    """What an author takes back: his announcement as a whole, whichever statement about it he names."""
    for key in _about(table, item):
        if table[key].party == item.party:
            table[key] = replace(table[key], retracted_t_tai_ns=item.t_tai_ns, because=body.because)
