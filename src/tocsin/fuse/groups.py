"""Which streams are one object: pairs of parties by optimal assignment, then groups of pairs that do not contradict.

Decided anew for every picture from the looks at hand, so a pairing that turned out wrong is undone, and equal sets
of entries give equal groups.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from tocsin.fuse.assign import assign
from tocsin.fuse.limits import COAST_MAX_NS
from tocsin.fuse.pairing import Comparer, Verdict, near_pairs
from tocsin.fuse.stream import Known, Stream

Member = tuple[Stream, Known]
Key = tuple[str, str]
"""Party and name of one of its tracks."""
Index = tuple[int, int]
"""Two places in the sorted list of members, the smaller first."""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Streams taken to be one object, ordered by key. `independent`: their differences are those of a sum."""

    members: tuple[Member, ...]
    independent: bool


def grouped(members: Sequence[Member], as_of_ns: int, comparer: Comparer) -> list[Group]:
    """Groups of the given streams (one head each, sorted by key); every stream is in exactly one."""
    verdicts = _verdicts(members, comparer)
    bundles = _Bundles(members, verdicts, as_of_ns)
    for a, b in _reidentified(members):
        bundles.join(a, b)
    for a, b in _by_cost(_assigned(members, verdicts), verdicts):
        bundles.join(a, b)
    left = (pair for pair, verdict in verdicts.items() if verdict.agree and verdict.cost < 0)
    for a, b in _by_cost(left, verdicts):
        bundles.join(a, b)
    return bundles.groups()


def _verdicts(members: Sequence[Member], comparer: Comparer) -> dict[Index, Verdict]:
    """What the looks say of every pair of different parties that could be one object."""
    pairs = near_pairs([(stream.party, head) for stream, head in members])
    found = comparer.verdicts([(*members[i], *members[j]) for i, j in pairs])
    return {pair: verdict for pair, verdict in zip(pairs, found, strict=True) if verdict is not None}


def _assigned(members: Sequence[Member], verdicts: dict[Index, Verdict]) -> Iterable[Index]:
    """Optimal one-to-one pairs, each pair of parties for itself."""
    tables: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
    for (i, j), verdict in verdicts.items():
        if verdict.agree:
            a, b = members[i][0].party, members[j][0].party
            row, column = (i, j) if a < b else (j, i)
            tables.setdefault((min(a, b), max(a, b)), []).append((row, column, verdict.cost))
    for parties in sorted(tables):
        for row, column in assign(tables[parties]):
            yield min(row, column), max(row, column)


def _by_cost(pairs: Iterable[Index], verdicts: dict[Index, Verdict]) -> list[Index]:
    return sorted(pairs, key=lambda pair: (verdicts[pair].cost, pair))


def _reidentified(members: Sequence[Member]) -> list[Index]:
    """Pairs of one party's tracks that it says itself are the same object."""
    place = {(stream.party, stream.track): i for i, (stream, _) in enumerate(members)}
    pairs = []
    for i, (stream, head) in enumerate(members):
        for name in head.earlier:
            other = place.get((stream.party, name), i)
            if other != i:
                pairs.append((min(i, other), max(i, other)))
    return sorted(set(pairs))


class _Bundles:
    """Groups in the making."""

    def __init__(self, members: Sequence[Member], verdicts: dict[Index, Verdict], as_of_ns: int) -> None:
        self._members = members
        self._verdicts = verdicts
        self._as_of_ns = as_of_ns
        self._bundle = [[i] for i in range(len(members))]

    def join(self, a: int, b: int) -> None:
        """Make the bundles of two members one, unless something in them contradicts."""
        left, right = self._bundle[a], self._bundle[b]
        if left is right or not all(self._fit(i, j) for i in left for j in right):
            return
        left.extend(right)
        for i in right:
            self._bundle[i] = left

    def _fit(self, i: int, j: int) -> bool:
        (a, head_a), (b, head_b) = self._members[i], self._members[j]
        if a.party != b.party:
            verdict = self._verdicts.get((min(i, j), max(i, j)))
            return verdict is None or verdict.agree
        if a.known[0].t_ns > b.known[0].t_ns:
            (a, head_a), (b, head_b) = (b, head_b), (a, head_a)
        over = head_a.statement.ended or self._as_of_ns - head_a.t_ns > COAST_MAX_NS
        return over and last_seen(a, head_a) <= b.known[0].t_ns

    def groups(self) -> list[Group]:
        seen: set[int] = set()
        result = []
        for i, bundle in enumerate(self._bundle):
            if i in seen:
                continue
            seen.update(bundle)
            pairs = (self._verdicts.get((a, b)) for a, b in combinations(sorted(bundle), 2))
            independent = all(verdict is None or verdict.independent for verdict in pairs)
            result.append(Group(tuple(self._members[k] for k in sorted(bundle)), independent))
        return result


def key_of(member: Member) -> Key:
    """Whose track it is, in whichever log it stands."""
    return member[0].party, member[0].track


def last_seen(stream: Stream, head: Known) -> int:
    """Time of the last statement that still carried information."""
    if not head.statement.ended:
        return head.t_ns
    place = stream.count(head.t_ns)
    return stream.known[place - 2].t_ns if place > 1 else head.t_ns
