"""By which names a common track goes: the name of an event stays with the object, whatever becomes of its tracks.

Every party's track gives one name. The name is at home with that track, and a common track goes by all names that are
at home with its members, the earliest first. A name moves, and stays where it moved, when its home is over:

- within its group, to the earliest member that is not over (ended, or silent for ten minutes);
- if nobody speaks of its group any more, to the group that goes on with the object (`successors`).

A track left behind gets another name, so that no name is ever in two places.

What moved is remembered (`Past`) at the instants of `history`. All of it follows from the looks at hand: no number of
a picture hangs on it, and the digest does not hold it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tocsin.fuse.groups import Group, Key, Member, key_of
from tocsin.fuse.pairing import Comparer
from tocsin.fuse.picture import track_id
from tocsin.fuse.spells import Spells, is_over, spelled
from tocsin.fuse.successors import Successor, heard_ns, successors

_LEFT = " left"
"""Put behind a track's name each time it is left behind. No party's track is called so: names hold no space."""


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """A name of a common track: of which track, when that began (TAI ns), and how often that was left behind."""

    begun_ns: int
    party: str
    track: str
    turn: int

    @property
    def id(self) -> str:
        """As it is shown."""
        return track_id(self.party, self.track + _LEFT * self.turn)


@dataclass(frozen=True, slots=True)
class Left:
    """A track left behind: when its group was last heard (TAI ns), and the name that went on without it."""

    heard_ns: int
    name: Name


@dataclass(frozen=True, slots=True)
class Past:
    """What is remembered at an instant about the tracks in the picture: where each name is at home, the last name that
    each track has given, which tracks of two parties were one object and when, and which were left behind."""

    homes: Mapping[Name, Key]
    given: Mapping[Key, Name]
    spells: Spells
    left: Mapping[Key, Left]


NOTHING = Past({}, {}, {}, {})


@dataclass(frozen=True, slots=True)
class Names:
    """All ids of a common track, the one that it is shown under first, and the id of the track it has gone into."""

    ids: tuple[str, ...]
    gone_into: str = ""


def remembered(past: Past, groups: Sequence[Group], t_ns: int, comparer: Comparer) -> Past:
    """What is remembered after the groups of one more instant (TAI ns); the same object if nothing changed."""
    members = {key_of(member): member for group in groups for member in group.members}
    given = {key: past.given.get(key) or _first(member) for key, member in members.items()}
    homes = {name: key for name, key in past.homes.items() if key in members}
    homes.update({name: key for key, name in given.items() if key not in past.given})
    spells = spelled(past.spells, groups, t_ns)
    heard = {key: heard_ns(group) for group in groups for key in map(key_of, group.members)}
    left = {key: one for key, one in past.left.items() if key in members and heard[key] <= one.heard_ns}
    _move(homes, _handed_on(groups, t_ns))
    _name_again(groups, homes, given)
    for place, successor in successors(groups, spells, left, t_ns, comparer):
        _leave(groups[place], successor, homes, left)
    _name_again(groups, homes, given)
    now = Past(homes, given, spells, left)
    return past if now == past else now


def named(past: Past, groups: Sequence[Group]) -> list[Names]:
    """The names of each group's track, in the order of the groups, from what is remembered of just these."""
    place = {key_of(member): number for number, group in enumerate(groups) for member in group.members}
    ids: list[list[str]] = [[] for _ in groups]
    for name in sorted(past.homes):
        ids[place[past.homes[name]]].append(name.id)
    return [Names(tuple(dict.fromkeys(ids[i])), _gone_into(past, group, place, ids)) for i, group in enumerate(groups)]


def _first(member: Member) -> Name:
    stream, _ = member
    return Name(stream.known[0].t_ns, stream.party, stream.track, 0)


def _handed_on(groups: Iterable[Group], t_ns: int) -> dict[Key, Key]:
    """Members that are over, each with the earliest of its group that is not."""
    moves = {}
    for group in groups:
        over = [key_of(member) for member in group.members if is_over(member, t_ns)]
        going = [member for member in group.members if not is_over(member, t_ns)]
        if over and going:
            heir = key_of(min(going, key=lambda member: (member[0].known[0].t_ns, member[0].key)))
            moves.update(dict.fromkeys(over, heir))
    return moves


def _name_again(groups: Iterable[Group], homes: dict[Name, Key], given: dict[Key, Name]) -> None:
    """Groups whose names have all moved away are called after their eldest member once more."""
    homely = set(homes.values())
    for group in groups:
        keys = [key_of(member) for member in group.members]
        if homely.isdisjoint(keys):
            eldest = given[min(keys, key=given.__getitem__)]
            again = Name(eldest.begun_ns, eldest.party, eldest.track, eldest.turn + 1)
            given[eldest.party, eldest.track] = again
            homes[again] = eldest.party, eldest.track


def _leave(group: Group, successor: Successor, homes: dict[Name, Key], left: dict[Key, Left]) -> None:
    keys = [key_of(member) for member in group.members]
    names = sorted(name for name, home in homes.items() if home in keys)
    _move(homes, dict.fromkeys(keys, successor.companion))
    left.update(dict.fromkeys(keys, Left(heard_ns(group), names[0])))


def _move(homes: dict[Name, Key], moves: Mapping[Key, Key]) -> None:
    for name, home in homes.items():
        homes[name] = moves.get(home, home)


def _gone_into(past: Past, group: Group, place: Mapping[Key, int], ids: Sequence[Sequence[str]]) -> str:
    """The id of the track that a group left behind has gone into; none if it goes on by itself."""
    for member in group.members:
        left = past.left.get(key_of(member))
        home = past.homes.get(left.name) if left is not None else None
        if home is not None and ids[place[home]] is not ids[place[key_of(member)]]:
            return ids[place[home]][0]
    return ""
