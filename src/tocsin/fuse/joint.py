"""The sum of several streams' increments over one propagated state: what one centre with all the data would hold.

Increments are new information, independent of what came before and of other parties' (each party's own picture is
made from its own sensors), so they add (Frenkel 1995; Chong, Mori, Barker, Chang 2000). A full statement says again
everything its sender knows; what that sender said before is then left out of the sum.

Senders may let their channels forget at different rates (the process noise that a tracklet states). The sum is
carried at the least of them, and a statement made over another rate is turned to it, so that the sum never holds
more of a sender than its own channel does, and a sender that forgets takes nothing from the others.

The sum of members m1..mk, ordered by the time of their last full statement, is thus a chain: up to mk's full
statement the sum of m1..m(k-1), then that statement, then everybody's increments in order of time.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from tocsin.fuse.gaussian import Estimate, added, carried, gained
from tocsin.fuse.limits import PROCESS_NOISE_MAX_M2_S3
from tocsin.fuse.stream import Known, Stream

Member = tuple[Stream, Known]
"""A stream with its head at the time asked for; the head's `since_full` tells where its part of the sum begins."""
_NO_SAY = PROCESS_NOISE_MAX_M2_S3
_FORGET_AFTER = 512  # pictures without use after which a chain is dropped from memory (it can be made again)


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    place: tuple[int, tuple[str, str]]
    estimate: Estimate
    noises: tuple[float, ...]


@dataclass(slots=True, eq=False)
class _Chain:
    streams: tuple[Stream, ...]
    start_ns: int
    steps: list[_Step]
    taken: list[list[int]] = field(default_factory=list)
    used: int = 0


class Joint:
    """Sums by membership, kept so that a new increment costs one step; a pure function of what the streams hold."""

    def __init__(self) -> None:
        self._chains: dict[tuple[object, ...], _Chain] = {}
        self._round = 0

    def forget(self) -> None:
        """Called once a picture: drops sums nobody asked for lately."""
        self._round += 1
        old = [key for key, chain in self._chains.items() if chain.used < self._round - _FORGET_AFTER]
        for key in old:
            del self._chains[key]

    @staticmethod
    def noise(members: Sequence[Member]) -> float:
        """White acceleration (m^2/s^3) with which the sum is carried on from its last statement."""
        return _rate([_noise(known) for _, known in members])

    def total(self, members: Sequence[Member], as_of_ns: int) -> Estimate:
        """Sum of at least one member's increments up to a time, at the time of the last of them."""
        ordered = sorted(members, key=lambda m: (m[1].since_full[0], m[0].key))
        if len(ordered) == 1:
            return ordered[0][1].estimate
        chain = self._chain(ordered)
        self._extend(chain, as_of_ns)
        return chain.steps[bisect_right(chain.steps, as_of_ns, key=lambda s: s.place[0]) - 1].estimate

    def _chain(self, ordered: Sequence[Member]) -> _Chain:
        key = tuple((stream.key, known.since_full) for stream, known in ordered)
        chain = self._chains.get(key)
        newest, start_ns = ordered[-1][0], ordered[-1][1].since_full[0]
        if chain is None or not self._stands(chain):
            chain = _Chain(tuple(stream for stream, _ in ordered), start_ns, [])
            self._begin(chain, ordered[:-1], newest)
            self._chains[key] = chain
        chain.used = self._round
        return chain

    @staticmethod
    def _stands(chain: _Chain) -> bool:
        """Whether everything up to the chain's beginning is still as it was when the chain was begun."""
        for stream, taken in zip(chain.streams, chain.taken, strict=True):
            count = stream.count(chain.start_ns)
            at_start = bisect_right(taken, stream.known[count - 1].serial) if count else 0
            if at_start != count or (count and taken[count - 1] != stream.known[count - 1].serial):
                return False
        return True

    def _begin(self, chain: _Chain, others: Sequence[Member], newest: Stream) -> None:
        """The others' sum at the newest member's full statement, and that statement on top of it."""
        start_ns = chain.start_ns
        heads = [(stream, head) for stream, _ in others if (head := stream.head(start_ns)) is not None]
        full = newest.head(start_ns)
        if full is None or not heads:
            raise AssertionError("a chain begins with its newest member's full statement, on top of the others' sum")
        counts = [stream.count(start_ns) for stream in chain.streams]
        chain.taken = [[k.serial for k in s.known[:n]] for s, n in zip(chain.streams, counts, strict=True)]
        noises = tuple(_noise(s.known[n - 1]) for s, n in zip(chain.streams, counts, strict=True))
        base = self.total(heads, start_ns)
        rate = _rate((*noises, full.statement.process_noise_m2_s3))
        chain.steps = [_Step((start_ns, newest.key), _on_top(base, full, rate), noises)]

    @staticmethod
    def _extend(chain: _Chain, as_of_ns: int) -> None:
        """Take in what the chain has not seen yet, stepping back to the earliest of it."""
        keep = min(_unchanged(chain, slot, stream, as_of_ns) for slot, stream in enumerate(chain.streams))
        for step in chain.steps[keep:]:
            chain.taken[_slot(chain, step)].pop()
        del chain.steps[keep:]
        fresh = [
            ((known.t_ns, stream.key), known.serial, slot, known)
            for slot, stream in enumerate(chain.streams)
            for known in stream.known[len(chain.taken[slot]) : stream.count(as_of_ns)]
        ]
        for place, serial, slot, known in sorted(fresh, key=lambda item: item[:2]):
            last = chain.steps[-1]
            others = last.noises[:slot], last.noises[slot + 1 :]
            rate = _rate((*others[0], known.statement.process_noise_m2_s3, *others[1]))
            noises = (*others[0], _noise(known), *others[1])
            chain.steps.append(_Step(place, _on_top(last.estimate, known, rate), noises))
            chain.taken[slot].append(serial)


def _unchanged(chain: _Chain, slot: int, stream: Stream, as_of_ns: int) -> int:
    """How many of the chain's steps stay valid as far as one stream is concerned."""
    steps, taken = chain.steps, chain.taken[slot]
    same = _common(taken, stream.known)
    keep = len(steps)
    if same < len(stream.known) and stream.known[same].t_ns <= as_of_ns:
        keep = bisect_left(steps, (stream.known[same].t_ns, stream.key), key=lambda step: step.place)
    if same < len(taken):
        last = (stream.known[same - 1].t_ns, stream.key)
        keep = min(keep, bisect_right(steps, last, key=lambda step: step.place))
    return max(keep, 1)


def _slot(chain: _Chain, step: _Step) -> int:
    return next(i for i, stream in enumerate(chain.streams) if stream.key == step.place[1])


def _common(taken: list[int], known: list[Known]) -> int:
    """Length of the common beginning. A step back replaces a tail by higher serials, so bisection is enough."""
    low, high = 0, min(len(taken), len(known))
    while low < high:
        middle = (low + high + 1) // 2
        if taken[middle - 1] == known[middle - 1].serial:
            low = middle
        else:
            high = middle - 1
    return low


def _on_top(estimate: Estimate, known: Known, process_noise_m2_s3: float) -> Estimate:
    """The sum with one more statement; a statement that does not fit numerically leaves it only carried on."""
    statement = known.statement
    prior = carried(estimate, statement.t_ns, process_noise_m2_s3)
    if known.before is None or statement.process_noise_m2_s3 == process_noise_m2_s3:
        return added(prior, statement.reference, statement.information, statement.vector) or prior
    # The sender let its own channel forget at another rate: its increment over the sum's rate is what its channel
    # holds now against what it held, carried at that rate. Whatever it forgot so is taken out of the sum again.
    part = gained(carried(known.before.estimate, statement.t_ns, process_noise_m2_s3), known.estimate)
    return (added(prior, *part, negative_part=1.0) or prior) if part is not None else prior


def _noise(known: Known) -> float:
    """A member's stated noise; one that has ended has no say in it any more."""
    return _NO_SAY if known.statement.ended else known.statement.process_noise_m2_s3


def _rate(noises: Sequence[float]) -> float:
    """White acceleration of the sum: the least that a member states, so that nobody's noise can wipe out the others'
    information; the others' statements are turned to it."""
    return min(noises)
