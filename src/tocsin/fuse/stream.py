"""One party's statements about one object: the chain of increments, and its own estimate at every link.

A stream is kept in order of (time, index) whatever the order of arrival. Each accepted statement leaves a snapshot, so
that a late entry costs a step back to its place and no more, and every earlier time can still be asked for.
"""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from tocsin.fuse.entry import Increment
from tocsin.fuse.gaussian import Estimate, added, carried, stated

EARLIER_MAX = 64


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What a stream says after one accepted statement.

    `serial` names this snapshot for as long as it stands (a step back makes new, higher ones). `since_full` is the
    (time, index) of the last full statement: what this estimate is made of begins there. `coarse`: that statement
    was coarsened on purpose. `earlier`: tracks of the same party that this one was re-identified from. `lineage`:
    every statement so far that told of a split, a merge or a re-identification. `burning_ns`: the last time at which
    a motor burned. `before`: the snapshot that an increment was added to; None for a full statement.
    """

    serial: int
    statement: Increment
    estimate: Estimate
    since_full: tuple[int, int]
    coarse: bool
    earlier: tuple[str, ...]
    lineage: tuple[Increment, ...]
    burning_ns: int | None
    before: "Known | None"

    @property
    def t_ns(self) -> int:
        return self.statement.t_ns


@dataclass(frozen=True, slots=True)
class Dropped:
    """A statement left out of its chain, and why."""

    t_ns: int
    index: int
    reason: str


def _place(statement: Increment) -> tuple[int, int]:
    return statement.t_ns, statement.index


def _tally(so_far: dict[str, tuple[int, int]], dropped: list[Dropped]) -> dict[str, tuple[int, int]]:
    table = dict(so_far) if dropped else so_far
    for one in dropped:
        count, first = table.get(one.reason, (0, one.index))
        table[one.reason] = (count + 1, min(first, one.index))
    return table


class Stream:
    """The life of one (origin, track)."""

    def __init__(self, origin: str, party: str, track: str, serials: Callable[[], int]) -> None:
        self.origin = origin
        self.party = party
        self.track = track
        self.known: list[Known] = []
        self._times: list[int] = []  # of `known`
        self.dropped: list[Dropped] = []
        self._tally: dict[str, tuple[int, int]] = {}
        self._tallied = 0
        self._serials = serials
        self._statements: list[Increment] = []
        self._done = 0
        self._withdrawals: dict[tuple[int, str], int] = {}
        self._withdrawn: frozenset[tuple[int, str]] = frozenset()
        self.undone = 0  # statements that were worked through and must be again, because something came before them

    @property
    def key(self) -> tuple[str, str]:
        return self.origin, self.track

    @property
    def last_t_ns(self) -> int:
        """Time of the latest statement, whether or not it could be used."""
        return self._statements[-1].t_ns

    @property
    def indexes(self) -> list[int]:
        """Of all statements, in order of their times."""
        return [statement.index for statement in self._statements]

    def add(self, statement: Increment) -> None:
        """Put a statement into its place; steps back if that place has been passed."""
        place = bisect_right(self._statements, _place(statement), key=_place)
        self._statements.insert(place, statement)
        self._step_back(place)

    def withdraw(self, index: int, sha256: str, t_ns: int) -> None:
        """The author says at `t_ns` that the entry of that index was wrong."""
        name = (index, sha256)
        self._withdrawals[name] = min(t_ns, self._withdrawals.get(name, t_ns))

    def advance(self, as_of_ns: int) -> None:
        """Work through what was stated up to a time."""
        if self._withdrawals:
            withdrawn = frozenset(name for name, t_ns in self._withdrawals.items() if t_ns <= as_of_ns)
            if withdrawn != self._withdrawn:
                self._withdrawn = withdrawn
                self._step_back(0)
        while self._done < len(self._statements) and self._statements[self._done].t_ns <= as_of_ns:
            self._take(self._statements[self._done])
            self._done += 1

    def head(self, as_of_ns: int) -> Known | None:
        """The last snapshot at or before a time."""
        place = self.count(as_of_ns)
        return self.known[place - 1] if place else None

    def count(self, as_of_ns: int) -> int:
        """How many snapshots stand at or before a time."""
        times = self._times
        return len(times) if not times or times[-1] <= as_of_ns else bisect_right(times, as_of_ns)

    def next_said(self, after_ns: int | None) -> int | None:
        """Time of the first statement after a time (of the first of all), whether or not it can be used."""
        place = 0 if after_ns is None else bisect_right(self._statements, after_ns, key=lambda s: s.t_ns)
        return self._statements[place].t_ns if place < len(self._statements) else None

    def left_out(self, as_of_ns: int) -> dict[str, tuple[int, int]]:
        """By reason: how many statements up to a time were dropped, and the least index of them."""
        if self.dropped and self.dropped[-1].t_ns > as_of_ns:
            return _tally({}, [d for d in self.dropped if d.t_ns <= as_of_ns])
        self._tally = _tally(self._tally, self.dropped[self._tallied :])
        self._tallied = len(self.dropped)
        return self._tally

    def later(self, as_of_ns: int) -> list[int]:
        """Indexes of the statements about times after this one."""
        if not self._statements or self._statements[-1].t_ns <= as_of_ns:
            return []
        return [s.index for s in self._statements[bisect_right(self._statements, as_of_ns, key=lambda s: s.t_ns) :]]

    def _take(self, statement: Increment) -> None:
        last = self.known[-1] if self.known else None
        outcome = self._link(last, statement)
        if isinstance(outcome, str):
            self.dropped.append(Dropped(statement.t_ns, statement.index, outcome))
            return
        since_full, coarse, before = _place(statement), statement.coarsened, None
        if last is not None and statement.since_ns is not None:
            since_full, coarse, before = last.since_full, last.coarse, last
        earlier = last.earlier if last is not None else ()
        if statement.lineage is not None and statement.lineage.kind == "reidentified":
            earlier = tuple(sorted({*earlier, *statement.lineage.tracks}))[:EARLIER_MAX]
        lineage = last.lineage if last is not None else ()
        if statement.lineage is not None:
            lineage = (*lineage, statement)[-EARLIER_MAX:]
        burning_ns = last.burning_ns if last is not None else None
        if statement.phase == "boost":
            burning_ns = statement.t_ns
        self._times.append(statement.t_ns)
        self.known.append(
            Known(self._serials(), statement, outcome, since_full, coarse, earlier, lineage, burning_ns, before)
        )

    def _link(self, last: Known | None, statement: Increment) -> Estimate | str:
        """The estimate after a statement, or why it cannot be used."""
        parts = (statement.reference, statement.information, statement.vector)
        if (statement.index, statement.sha256) in self._withdrawn:
            return "withdrawn by its author"
        if statement.since_ns is None:
            return stated(statement.t_ns, *parts) or "out of bounds"
        if last is None or statement.since_ns != last.t_ns:
            return "its predecessor is missing"
        if last.statement.ended:
            return "after the end of its track"
        prior = carried(last.estimate, statement.t_ns, statement.process_noise_m2_s3)
        return added(prior, *parts) or "takes back what was said, or out of bounds"

    def _step_back(self, place: int) -> None:
        if place >= self._done:
            return
        self.undone += self._done - place
        self._done = place
        first = _place(self._statements[place])
        while self.known and _place(self.known[-1].statement) >= first:
            self.known.pop()
            self._times.pop()
        while self.dropped and (self.dropped[-1].t_ns, self.dropped[-1].index) >= first:
            self.dropped.pop()
            self._tally, self._tallied = {}, 0
