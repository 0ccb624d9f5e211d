"""A running centre forgets checkpoints and receipts that nothing needs any more (L5, `mirror.thinning`).

A few notes at every tick, block after block of each log, far behind its end and behind what was read of it: which
votes and deadlines a block is about must be known first. How far it came stands in a cell of its own; done again, a
block is as it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from tocsin.errors import Outage
from tocsin.log.keys import VerifierKey
from tocsin.log.steps import Steps
from tocsin.mirror.ports import MirrorStore
from tocsin.mirror.thinning import LEFT_ALONE, Key, Needs, Short, block_of, in_short, superfluous
from tocsin.node.concluding import deadline_s
from tocsin.node.config import CentreConfig, Ports
from tocsin.node.exchange import MAX_ENTRIES, MAX_ENTRY_TOTAL
from tocsin.node.gates import Gates, foreign_shelf
from tocsin.wire.bodies import Proposal
from tocsin.wire.measures import Measure

if TYPE_CHECKING:
    from tocsin.node.border import Border
    from tocsin.node.centre import Centre

NOTES_A_TICK = 64


@dataclass(slots=True)
class Shelf:
    """Checkpoints of one log in one store. `done`: all blocks below it; `read`: the notes of the next one so far."""

    name: str
    origin: str
    store: MirrorStore
    done: int
    read: list[Short] = field(default_factory=list)

    @property
    def foreign(self) -> bool:
        """Whether it holds receipts by third parties."""
        return self.name != self.origin


def shelves(config: CentreConfig, ports: Ports) -> list[Shelf]:
    """Of every log held here, with how far each was thinned before."""
    names = [(config.origin, config.origin), (f"{config.origin}/own", f"{config.origin}/own")]
    for partner in config.partners:
        names.append((partner.origin, partner.origin))
        if len(config.partners) > 1:
            names.append((foreign_shelf(partner.origin), partner.origin))
    return [shelf_of(name, ports, origin) for name, origin in names]


def shelf_of(name: str, ports: Ports, origin: str = "") -> Shelf:
    """The store of this name; `origin`: of the log, where that is another name."""
    return Shelf(name, origin or name, ports.store(name), _mark(ports.cells.load(_cell(name))))


class Thinning:
    """Call `turn` at every tick. The first shelf is that of our log whose border it is."""

    def __init__(self, centre: "Centre", found: list[Shelf], border: "Border") -> None:
        self._centre, self._border = centre, border
        self._block = centre.config.receipt_block
        self._shelves = found
        for shelf in found:
            tell(self._gates, shelf)
        border.book.thinned = found[0].done

    @property
    def _gates(self) -> Gates:
        return self._border.gates

    def turn(self) -> None:
        """A few notes of each shelf. What fails is kept, and tried again."""
        late, self._gates.late = self._gates.late, set()
        for shelf in self._shelves:
            end = self._end(shelf)
            shelf.done = min(shelf.done, end)  # an old copy of the store came back, and its cells did not
            if late:
                self._again(shelf, late)
            if shelf.done >= end:
                continue
            left = NOTES_A_TICK
            while left > 0 and shelf.done < end:
                above = shelf.read[-1].size if shelf.read else shelf.done
                found = _notes(shelf, above, shelf.done + self._block, left)
                shelf.read += found
                if len(found) == left:
                    break  # there may be more of this block: at the next tick
                left -= max(1, len(found))
                done = shelf.done
                self._centre.courses.begin(self._thin(shelf, done, shelf.read), self._ended)
                if shelf.done == done:
                    break  # its disk is waited for, or failed

    def _end(self, shelf: Shelf) -> int:
        """Up to where nothing is under way any more, and everything was read, in whole blocks."""
        return max(0, self._centre.taken(shelf.origin) // self._block - LEFT_ALONE) * self._block

    def _again(self, shelf: Shelf, late: set[tuple[str, int]]) -> None:
        """Receipts that came late: blocks that were done are done anew, the one that is read is read anew."""
        starts = {block_of(size, self._block) for origin, size in late if origin == shelf.origin}
        for start in sorted(starts):
            if start == shelf.done:
                shelf.read = []
            elif start < shelf.done:
                notes = _notes(shelf, start, start + self._block, self._block)
                self._centre.courses.begin(self._thin(shelf, start, notes), self._ended)

    def _ended(self, _: None, error: Exception | None) -> None:
        if isinstance(error, Outage):
            self._centre.keep(error)
        elif error is not None:
            raise error

    def _thin(self, shelf: Shelf, start: int, read: list[Short]) -> Steps[None]:
        """One block, in a course: no receipt comes between weighing and dropping."""
        gates, end = self._gates, start + self._block
        if any(origin == shelf.origin and start < size <= end for origin, size in gates.late):
            return  # since it was read; the next turn reads it anew
        notes = [self._dated(shelf, note) for note in read]
        gone = superfluous(notes, self._needs(shelf), self._fits(shelf, notes))
        done = max(shelf.done, end)
        cell, cells = _cell(shelf.name), self._centre.ports.cells

        def drop() -> None:
            if gone:
                shelf.store.drop_receipts(gone)
            cells.swap(cell, cells.load(cell), b"%d\n" % done)

        yield drop
        gates.forget(shelf.origin, set(gone), foreign=shelf.foreign)
        if done > shelf.done:
            shelf.done, shelf.read = done, []
        tell(gates, shelf)
        if shelf.origin == self._border.config.origin:
            self._border.book.thinned = shelf.done

    def _dated(self, shelf: Shelf, note: Short) -> Short:
        """With the later times that the same receipts were given."""
        times_s = {
            key: (*times, *self._gates.later_time(shelf.origin, note.size, key[0]))
            for key, times in note.times_s.items()
        }
        return Short(note.size, times_s)

    def _needs(self, shelf: Shelf) -> Needs:
        centre = self._centre
        own = shelf.origin == self._border.config.origin
        places = (one.entry for one in centre.said if one.kind in ("vote", "floor"))
        asked = (one for one in centre.said if isinstance(one.body, Proposal | Measure))
        return Needs(
            indexes=sorted(entry.index for entry in places if entry.origin == shelf.origin),
            deadlines_s=sorted(deadline_s(one) for one in asked),
            partners=_mirrors(self._border.config) if own else (),
            busy={size for link in self._border.links.values() for size in link.under_way()} if own else (),
        )

    def _fits(self, shelf: Shelf, notes: Sequence[Short]) -> "Fits":
        if shelf.foreign or len(notes) < 3:
            return Fits(0, ())
        return Fits(notes[0].size, [len(entry) for entry in shelf.store.entries(notes[0].size, notes[-1].size)])


class Fits:
    """Whether the entries [a, b) go into one message. Of what is not held, nothing is shown to anybody."""

    def __init__(self, first: int, lengths: Sequence[int]) -> None:
        self._first = first
        self._sums = [0, *accumulate(lengths)]

    def __call__(self, start: int, end: int) -> bool:
        """As `mirror.thinning.superfluous` asks it."""
        before, upto = (self._sums[min(at - self._first, len(self._sums) - 1)] for at in (start, end))
        return end - start <= MAX_ENTRIES and upto - before <= MAX_ENTRY_TOTAL


def tell(gates: Gates, shelf: Shelf) -> None:
    """The gates should know what comes late: for what was done, or is being read."""
    settled = shelf.done + gates.config.receipt_block
    gates.settled[shelf.origin] = max(gates.settled.get(shelf.origin, 0), settled)


def _notes(shelf: Shelf, above: int, end: int, most: int) -> list[Short]:
    """The next notes of sizes (above, end]; at most so many."""
    found: list[Short] = []
    while len(found) < most and (held := shelf.store.first_receipt(above)) is not None and held[0] <= end:
        above, note = held
        found.append(in_short(above, note, shelf.origin))
    return found


def _mirrors(config: CentreConfig) -> list[list[list[Key]]]:
    """For each partner, the keys of its mirror in every epoch."""
    ended = [(one.party, one.mirror_keys) for one in config.former if one.mirror_keys]
    return [
        [_names(keys) for party, keys in (*ended, (partner.party, partner.mirror_keys)) if party == partner.party]
        for partner in config.partners
    ]


def _names(keys: Sequence[VerifierKey]) -> list[Key]:
    return [(key.name, key.key_id) for key in keys]


def _cell(name: str) -> str:
    """Name of the cell; origins have no spaces, so that no log's own cell has this name."""
    return f"thinned {name}"


def _mark(data: bytes | None) -> int:
    """How far a shelf was thinned; a damaged cell says: not at all."""
    return int(data) if data is not None and data.strip().isdigit() and len(data) < 20 else 0
