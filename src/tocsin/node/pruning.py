"""A running centre drops what every party agreed need not be held any more (L11), a thousand entries at every tick.

Only tracks and heartbeats go, and only where nothing rests on them: a track that anybody spoke of within a day keeps
all of its statements, or nothing is dropped. Tiles and everything else stay, so proofs are as before. What followed
from the dropped entries of our own log (names used, counts of what was disclosed) is carried in the same cell. Whoever
asks for what was dropped is refused plainly.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from tocsin.errors import BadEvidence, Outage, Refusal, TocsinError
from tocsin.fuse.limits import KEEP_NS
from tocsin.log.errors import TileError
from tocsin.log.steps import Steps
from tocsin.log.tree import Tree
from tocsin.mirror import Mirror, Verified
from tocsin.mirror.pruned import Dropped
from tocsin.node.custody.retention import agreed, kept_indexes, may_prune
from tocsin.node.record import Said

if TYPE_CHECKING:
    from tocsin.node.centre import Centre

CHUNK = 1_024
QUIET_NS = 86_400 * 1_000_000_000  # a track that nobody spoke of for so long does not go on


class Carried(Struct, frozen=True, array_like=True):
    """What followed from our own logs when so many entries of the pruned one were read; as in a shortcut."""

    size: int = 0
    t_tai_ns: int = 0
    used_ids: int = 0
    disclosed: dict[str, int] = {}
    disclosed_bytes: int = 0
    told: dict[str, tuple[int, tuple[float, ...]]] = {}


def carried_of(dropped: Dropped) -> Carried:
    """Nothing, where nothing was dropped. Raises BadEvidence for a damaged cell."""
    try:
        return msgspec.msgpack.decode(dropped.carried, type=Carried) if dropped.carried else Carried()
    except msgspec.MsgspecError as error:
        raise BadEvidence(f"what was carried over a pruning cannot be read: {error}", dropped.carried) from error


class Pruning:
    """Call `begin` once, then `turn` at every tick; `under_way` until it is done."""

    def __init__(self, centre: "Centre") -> None:
        self._centre = centre
        self._busy: set[str] = set()
        self._again = {gate.origin for gate in self._gates() if gate.held.dropped.at}

    @property
    def under_way(self) -> list[str]:
        """Logs of which something is still to be dropped."""
        return [g.origin for g in self._gates() if g.held.dropped.at < g.held.dropped.before]

    def begin(self, origin: str, before: int, bundle: bytes) -> None:
        """Raises Refusal that says what is missing; nothing is dropped then."""
        centre, gate = self._centre, self._gate(origin)
        held = gate.held.dropped
        if held.at < held.before:
            raise Refusal(f"log {origin}: entries before {held.before} are being dropped; wait until that is done")
        if not held.before < before <= centre.taken(origin):
            raise Refusal(f"log {origin}: before entry {before}: {held.before} to {centre.taken(origin)} expected")
        said: dict[str, list[Said]] = {}
        for one in centre.said:
            said.setdefault(one.party, []).append(one)
        terms = may_prune(agreed(said, centre.parties, origin), before, bundle, centre.now_tai_ns // 1_000)
        alive = [index for index in self._alive(origin) if held.before <= index < before]
        if alive:
            raise Refusal(
                f"log {origin}: entry {min(alive)} is of a track that is still shown; nothing is dropped, try again "
                f"when it has ended, or agree on what lies before it"
            )
        carried = msgspec.msgpack.encode(self._carried(origin))
        state = Dropped(before, held.at, held.kept, terms.bundle_sha256, carried)
        self._begin(gate, gate.drop_steps(state, ()))

    def dropped(self, origin: str) -> Dropped:
        """What of a log was dropped. Raises Refusal."""
        return self._gate(origin).held.dropped

    def tree(self, origin: str) -> Tree:
        """A log's tree, which nothing is ever dropped of. Raises Refusal."""
        return self._gate(origin).held.tree

    def turn(self) -> None:
        """The next thousand entries of each log that is being pruned. What fails is kept, and tried again."""
        for gate in self._gates():
            held = gate.held.dropped
            if gate.origin in self._busy:
                continue
            if gate.origin in self._again:  # the last step of an earlier run may have been cut short
                self._again.discard(gate.origin)
                self._begin(gate, self._step(gate, max(0, held.at - CHUNK), held))
            elif held.at < held.before:
                end = min(held.at + CHUNK, held.before)
                self._begin(gate, self._step(gate, held.at, replace(held, at=end)))

    def restore(self, origin: str, rows: list[tuple[int, bytes]], *, last: bool) -> None:
        """Take back entries from an export, in any number of calls; with the `last` the log is whole again."""
        gate = self._gate(origin)
        whole = Dropped(carried=gate.held.dropped.carried) if last else None
        self._centre.courses.now(gate.fill_steps(rows, whole))

    def _step(self, gate: Mirror, start: int, state: Dropped) -> Steps[None]:
        entries = list(gate.held.stream(start, state.at))
        kept = set(kept_indexes(entries, state.at))
        if state != gate.held.dropped:
            state = replace(state, kept=state.kept + len(kept))
        yield from gate.drop_steps(state, [entry.index for entry in entries if entry.index not in kept])

    def _begin(self, gate: Mirror, steps: Steps[None]) -> None:
        self._busy.add(gate.origin)
        self._centre.courses.begin(steps, partial(self._ended, gate.origin))

    def _ended(self, origin: str, _: None, error: Exception | None) -> None:
        self._busy.discard(origin)
        if isinstance(error, Outage | TileError):
            self._centre.keep(error)
        elif error is not None:
            raise error

    def _alive(self, origin: str) -> Iterator[int]:
        """Entries of tracks that were spoken of within a day, or give a name to one that was."""
        since_ns = self._centre.now_tai_ns - QUIET_NS
        return (index for of, index in self._centre.national.alive(since_ns) if of == origin)

    def _carried(self, origin: str) -> Carried:
        centre = self._centre
        if origin != centre.config.origin:
            return Carried(centre.taken(origin), centre.now_tai_ns)
        return Carried(
            centre.taken(origin), centre.now_tai_ns, centre.used_ids, dict(centre.disclosed), centre.disclosed_bytes,
            centre.ledger.meter.packed(),
        )  # fmt: skip

    def _gates(self) -> list[Mirror]:
        return [self._centre.books["shared"].gate, *self._centre.mirrors.values()]

    def _gate(self, origin: str) -> Mirror:
        found = next((gate for gate in self._gates() if gate.origin == origin), None)
        if found is None:
            raise Refusal(f"log {origin}: not a shared log of this epoch that is held here")
        return found


def kept_of(gate: Mirror) -> list[Verified]:
    """What stayed of the dropped part of a log. Raises TileError where something is missing that should be there."""
    held = gate.held.dropped
    entries = list(gate.held.stream(0, held.at))
    kept = set(kept_indexes(entries, held.at))
    if len(kept) != held.kept:
        raise TileError(f"log {gate.origin}: {len(kept)} entries are left before {held.at}, not the {held.kept} kept")
    return [entry for entry in entries if entry.index in kept]


def too_old(centre: "Centre", as_of_tai_ns: int) -> str:
    """Why a picture of that time cannot be computed again, empty if it can: its tracks may have been dropped."""
    for gate in (centre.books["shared"].gate, *centre.mirrors.values()):
        held = gate.held.dropped
        try:
            since_ns = carried_of(held).t_tai_ns if held.at else 0
        except TocsinError as error:
            return str(error)
        if as_of_tai_ns < since_ns - QUIET_NS + KEEP_NS:
            return f"tracks of {gate.origin} before entry {held.at} were dropped, as every party agreed (L11)"
    return ""
