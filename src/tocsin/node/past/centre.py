"""A centre that only remembers: it takes in at each time what it then held, and can say nothing.

Everything that follows from the logs is worked out by the same code as in a live centre. What never stood in a log is
not there: sensors' scans, drafts, requests that nobody signed, what was withheld or refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from tocsin.decide import Receipt
from tocsin.errors import Refusal, TocsinError
from tocsin.log.checkpoint import Checkpoint
from tocsin.log.edge import Edge
from tocsin.log.memory import MemoryCells
from tocsin.log.writer import LogWriter
from tocsin.mirror import Fork, Holdings, Mirror, Verified
from tocsin.mirror.memory import MemoryMirrorStore
from tocsin.node.book import Book
from tocsin.node.config import CentreConfig, Ports
from tocsin.node.custody.staffed import Staffed
from tocsin.node.record import Said
from tocsin.regime import load
from tocsin.release import Draft, Released, Withheld
from tocsin.wire.bodies import Agreement, Head

Group = Literal["shared", "own"]


@dataclass(slots=True)
class PastClock:
    """`node.config.TaiClock` that stands where it is put."""

    now: int

    def now_tai_ns(self) -> int:
        """TAI nanoseconds."""
        return self.now


@dataclass(frozen=True, slots=True, order=True)
class Came:
    """At `t_tai_ns` the log number `place` was held up to `size` entries; of a receipt, `place` is after all logs."""

    t_tai_ns: int
    place: int
    size: int


@dataclass(slots=True)
class _Nothing:
    """`node.config.PrivateRecord` of a centre that has none any more."""

    evidence_notes: list[tuple[int, str, str, bytes]] = field(default_factory=list)

    def withheld(self, t_tai_ns: int, what: str, why: str) -> None:
        raise AssertionError(f"a past centre withholds nothing: {what}, {why} at {t_tai_ns}")

    def evidence(self, t_tai_ns: int, source: str, message: str, data: bytes) -> None:
        raise AssertionError(f"a past centre keeps no evidence: {message} of {source} at {t_tai_ns}, {len(data)} bytes")


class AsOf(Mirror):
    """A whole verified log, of which so far only the first `upto` entries were there."""

    def __init__(self, origin: str, whole: Mirror | None) -> None:
        self.origin, self.log_keys = origin, whole.log_keys if whole is not None else ()
        self.upto = 0
        self.floored_s = 0
        self._held = whole.held if whole is not None else Holdings(origin, (), (), MemoryMirrorStore())

    @property
    def size(self) -> int:
        """Entries held by then."""
        return self.upto

    @property
    def head(self) -> Checkpoint:
        """The tree as it was by then."""
        root = self._held.tree.root_at(self.upto) if self.upto else Edge().root
        return Checkpoint(self.origin, self.upto, root)

    @property
    def held(self) -> Holdings:
        """Of the whole log: proofs lead to its last checkpoint."""
        return self._held

    @property
    def floor_s(self) -> int:
        """By then."""
        return self.floored_s

    @property
    def fork(self) -> Fork | None:
        """None: a log of which a fork is known is not read again."""
        return None

    def entries(self, start: int, end: int) -> list[Verified]:
        """Entries [start, end) as far as they were held."""
        return list(self._held.stream(start, min(end, self.upto)))


class _Shelf(Book):
    """A log of our own that is not written any more."""

    def __init__(self, writer: LogWriter, gate: AsOf) -> None:
        super().__init__(writer, gate, MemoryMirrorStore())
        self.held = gate

    @property
    def size(self) -> int:
        """Entries by then."""
        return self.held.upto

    @property
    def next_index(self) -> int:
        """Where the next one came."""
        return self.held.upto

    @property
    def pending(self) -> bool:
        """Never."""
        return False


class Past(Staffed):
    """Give it its logs as they ended and when each entry came; then `advance`, never back."""

    def __init__(
        self, config: CentreConfig, clock: PastClock, logs: Mapping[str, Mirror],
        times: Mapping[str, Sequence[int | None]], receipts: Sequence[tuple[int, Receipt]],
    ) -> None:  # fmt: skip
        """`logs` and `times` by origin: our two logs and the partners' shared ones; a log may be missing.

        `times`: TAI nanoseconds at which each entry was here, None if never. `receipts`: with the time they came.
        """
        self._clock = clock
        self._shelves = {origin: AsOf(origin, mirror) for origin, mirror in logs.items()}
        own = (config.origin, f"{config.origin}/own")
        self._places = [*own, *(partner.origin for partner in config.partners)]
        self._whose = {one.origin: one.party for one in config.partners} | dict.fromkeys(own, config.party)
        coming = [
            Came(t_ns, self._places.index(origin), index + 1)
            for origin in self._shelves
            for index, t_ns in enumerate(times[origin])
            if t_ns is not None
        ]
        self._receipts = [receipt for _, receipt in receipts]
        coming += [Came(t_ns, len(self._places), number) for number, (t_ns, _) in enumerate(receipts)]
        self._coming = sorted(coming)
        self._next = 0
        ports = Ports(
            clock=clock, store=lambda _: MemoryMirrorStore(), cells=MemoryCells(), log_signers=lambda _: (),
            mirror_signers=(), private=_Nothing(),
        )  # fmt: skip
        super().__init__(config, ports)
        for partner in config.partners:
            if partner.origin in self._shelves:
                self.border.gates.mirrors[partner.party] = self._shelves[partner.origin]

    def advance(self, t_tai_ns: int) -> None:
        """Take in what came up to then; the clock stands there afterwards."""
        if t_tai_ns < self._clock.now:
            raise AssertionError(f"a past centre goes forward only: {t_tai_ns} after {self._clock.now}")
        while self._next < len(self._coming) and self._coming[self._next].t_tai_ns <= t_tai_ns:
            one = self._coming[self._next]
            self._next += 1
            self._clock.now = max(self._clock.now, one.t_tai_ns)
            if one.place == len(self._places):
                self.border.gates.add(self._receipts[one.size])
            else:
                self._arrive(self._places[one.place], one.size)
        self._clock.now = t_tai_ns

    def publish(self, draft: Draft) -> Released | Withheld:
        """Never."""
        raise Refusal(f"{draft.kind}: this is a replay, nothing can be said in it")

    def _arrive(self, origin: str, size: int) -> None:
        shelf, party = self._shelves[origin], self._whose[origin]
        shelf.upto = size
        link = self.links.get(party)
        if link is not None:
            link.heard_tai_ns = self.now_tai_ns
            shelf.floored_s = self.posix_s()
        self._take_in(party)

    def _book(self, origin: str) -> Book:
        none = LogWriter(
            origin, MemoryMirrorStore(), MemoryCells(), (), self._posix, note=None, edge=Edge(), time_s=0
        )
        return _Shelf(none, self._shelves.get(origin) or AsOf(origin, None))

    def _read_own(self, entry: Verified, said: Said) -> None:
        super()._read_own(entry, said)
        if isinstance(said.body, Agreement) and entry.origin == self.config.origin:
            regime = load(said.body.regime_text.encode(), "an agreed regime")  # amended ones too: our log says when
            self.config = replace(self.config, regime=regime)

    def _compare(self, party: str, heads: Sequence[Head]) -> None:
        """What a partner had of ours by its own word; whether that is true the audit of the whole has said."""
        link = self.links[party]
        for head in heads:
            if head.origin == self.config.origin:
                link.held = link.receipted = max(link.receipted, min(head.size, self.books["shared"].size))

    def _keep(self, source: str, error: TocsinError, data: bytes = b"") -> None:
        """Nothing is new evidence here: the audit has read these logs."""
