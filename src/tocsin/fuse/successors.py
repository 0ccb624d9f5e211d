"""Which group goes on with the object of one that nobody speaks of any more.

A party that loses an object and finds it again gives it a second track. Until it ends the first one, the two cannot be
one track (`groups`), and the first stands alone at its last word, or goes wrong before it ends. The group that goes on
was heard later, holds a track of another party, and

- that track and the lost one were one object for at least as long as the lost one was told of apart since, and the
  lost one's party told of no other object in that group meanwhile; or
- it agreed with the lost one when this was last heard, and was better joined than apart.

The lost group must be over; or, only silent, its party must have begun a track of the group that goes on since.
"""

from bisect import bisect_left
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from tocsin.fuse.groups import Group, Key, Member, key_of, last_seen
from tocsin.fuse.limits import COAST_MAX_NS
from tocsin.fuse.pairing import Comparer
from tocsin.fuse.spells import Spell, Spells, is_over

_Later = dict[str, list[tuple[int, int]]]
"""By party: when each of its tracks in a group of several parties began (TAI ns), and the group's place; sorted."""


@dataclass(frozen=True, slots=True, order=True)
class Successor:
    """A group that goes on, the least first: by rank, then by its place; and the track there that knew the lost one."""

    rank: tuple[int, ...]
    place: int
    companion: Key


@dataclass(frozen=True, slots=True)
class _Sight:
    """Groups with when each was last heard (TAI ns) and whether it is over, the places of tracks, and later tracks."""

    groups: Sequence[Group]
    heard: Sequence[int]
    over: Sequence[bool]
    places: dict[Key, tuple[int, Member]]
    later: _Later


def successors(
    groups: Sequence[Group], spells: Spells, left: Container[Key], t_ns: int, comparer: Comparer
) -> Iterator[tuple[int, Successor]]:
    """Places of groups with what goes on with them, those last heard first of all first; not those already left."""
    sight = _seen(groups, t_ns)
    lost = [i for i, group in enumerate(groups) if not any(key_of(member) in left for member in group.members)]
    parted = _parted(spells)
    for place in sorted(lost, key=lambda i: (sight.heard[i], i)):
        found = [*_remembered(sight, place, parted), *_agreeing(sight, place, comparer)]
        if found:
            yield place, min(found)


def heard_ns(group: Group) -> int:
    """When anybody last knew something new of a group (TAI ns)."""
    return max(last_seen(stream, head) for stream, head in group.members)


def _seen(groups: Sequence[Group], t_ns: int) -> _Sight:
    later: _Later = {}
    for place, group in enumerate(groups):
        if len({stream.party for stream, _ in group.members}) > 1:
            for stream, _ in group.members:
                later.setdefault(stream.party, []).append((stream.known[0].t_ns, place))
    for begun in later.values():
        begun.sort()
    places = {key_of(member): (place, member) for place, group in enumerate(groups) for member in group.members}
    over = [all(is_over(member, t_ns) for member in group.members) for group in groups]
    return _Sight(groups, [heard_ns(group) for group in groups], over, places, later)


def _parted(spells: Spells) -> dict[Key, list[tuple[Key, Spell]]]:
    """By track: with which others it was one object, and is no more."""
    found: dict[Key, list[tuple[Key, Spell]]] = {}
    for (a, b), spell in spells.items():
        if spell.until_ns is not None:
            found.setdefault(a, []).append((b, spell))
            found.setdefault(b, []).append((a, spell))
    return found


def _remembered(sight: _Sight, place: int, parted: dict[Key, list[tuple[Key, Spell]]]) -> Iterator[Successor]:
    """Groups of tracks with which a member was one object, the latest parted first."""
    found_again = {other for _, other in _candidates(sight, place)}
    for member in sight.groups[place].members:
        for companion, spell in parted.get(key_of(member), ()):
            other, (stream, _) = sight.places[companion]
            goes_on = sight.heard[other] > sight.heard[place] and not sight.over[other]
            lost = sight.over[place] or other in found_again
            if other != place and goes_on and lost and _same(member, sight.groups[other], spell):
                yield Successor((1, -(spell.until_ns or 0), spell.since_ns, stream.known[0].t_ns), other, companion)


def _same(member: Member, group: Group, spell: Spell) -> bool:
    """Whether a spell tells that a lost track's object is that of a group with the other track of the spell."""
    stream, head = member
    until_ns, heard = spell.until_ns or 0, last_seen(stream, head)
    beside = (
        other.known[0].t_ns < until_ns and last_seen(other, there) > stream.known[0].t_ns
        for other, there in group.members
        if other.party == stream.party
    )
    return spell.outlasts(heard) and not any(beside)


def _candidates(sight: _Sight, place: int) -> Iterator[tuple[Member, int]]:
    """Members with each group that holds their party's next track. The other was heard later, so no ring closes."""
    heard = sight.heard[place]
    for member in sight.groups[place].members:
        begun = sight.later.get(member[0].party, [])
        for t_ns, other in begun[bisect_left(begun, (heard, -1)) :]:
            if t_ns - heard > COAST_MAX_NS:
                break
            if other != place and sight.heard[other] > heard:
                yield member, other


def _agreeing(sight: _Sight, place: int, comparer: Comparer) -> Iterator[Successor]:
    """Groups with a track that agrees with a lost one as this was when it was last heard, at the least cost."""
    for (stream, head), place_there in _candidates(sight, place):
        for other, _ in sight.groups[place_there].members:
            met_ns = max(last_seen(stream, head), other.known[0].t_ns)
            here, there = stream.head(met_ns), other.head(met_ns)
            if other.party == stream.party or here is None or there is None:
                continue
            cost = comparer.cost(stream, here, other, there)
            if cost is not None:
                yield Successor((0, cost, other.known[0].t_ns), place_there, (other.party, other.track))
