"""For how long tracks of two parties have been one object: what names remember of groups that are no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from tocsin.fuse.groups import Group, Key, Member, key_of
from tocsin.fuse.limits import COAST_MAX_NS, NAMES_STEP_NS


@dataclass(frozen=True, slots=True)
class Spell:
    """Two parties' tracks in one group: the first instant and the last (TAI ns); no last one while it lasts."""

    since_ns: int
    until_ns: int | None = None

    def outlasts(self, t_ns: int) -> bool:
        """Whether they were one object for at least as long as from then on to `t_ns`."""
        return self.until_ns is None or t_ns - self.until_ns <= self.until_ns - self.since_ns


Spells = Mapping[tuple[Key, Key], Spell]
"""By pair of tracks, the lesser first: their last spell."""


def spelled(spells: Spells, groups: Sequence[Group], t_ns: int) -> dict[tuple[Key, Key], Spell]:
    """Spells after one more instant. One that is taken up again before it was outlasted goes on."""
    shown = {key_of(member) for group in groups for member in group.members}
    joined = {pair for group in groups for pair in _pairs(group)}
    before_ns = (t_ns - 1) // NAMES_STEP_NS * NAMES_STEP_NS
    now = {}
    for pair, spell in spells.items():
        if pair in joined:
            now[pair] = Spell(spell.since_ns) if spell.outlasts(t_ns) else Spell(t_ns)
        elif shown.issuperset(pair):
            now[pair] = spell if spell.until_ns is not None else Spell(spell.since_ns, max(spell.since_ns, before_ns))
    now.update({pair: Spell(t_ns) for pair in sorted(joined) if pair not in spells})
    return now


def _pairs(group: Group) -> list[tuple[Key, Key]]:
    return [(a, b) for a, b in combinations(sorted(map(key_of, group.members)), 2) if a[0] != b[0]]


def is_over(member: Member, t_ns: int) -> bool:
    """Its party has ended the track, or has said nothing of it for ten minutes."""
    _, head = member
    return head.statement.ended or t_ns - head.t_ns > COAST_MAX_NS
