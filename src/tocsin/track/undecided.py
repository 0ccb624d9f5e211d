"""Groups of tracks so close that their detections can be shared out in several likely ways: the best joint pictures.

Multiple hypotheses after Reid (IEEE Trans. Automatic Control 24(6), 1979) within a group: a picture holds one
hypothesis of each birth, no detection twice, and weighs the sum of their log odds. Pictures share their hypotheses,
which are slots of the pool, so a group of hundreds of pictures costs the filters few slots. After every scan the best
pictures that follow from the old ones are kept; what no picture holds ends.
"""

from typing import NamedTuple

import numpy as np

from tocsin.track import life
from tocsin.track.deciding import bargain, users
from tocsin.track.pool import TRAIL, Pool
from tocsin.track.settings import TrackerSettings
from tocsin.track.tiles import Array, Flags, Indices
from tocsin.track.together import together

ALIKE = 6  # scans
SWEEPS = 100
WORST = -1e6  # stands for log odds that are not finite


class Group(NamedTuple):
    """Pictures, the best first: sets (k, births) of slots, -1 where a picture has none.

    bonus (k,): log odds of what ended; flock (k,): log odds by velocities that are alike, as they were last weighed.
    """

    sets: Indices
    bonus: Array
    flock: Array


def members(groups: list[Group], slots: int) -> Flags:
    """(slots,) True for those that some picture holds."""
    out = np.zeros(slots + 1, np.bool_)
    for group in groups:
        out[group.sets] = True
    return out[:-1]


def merged(groups: list[Group], source: Indices, chosen: Indices, most: int) -> list[Group]:
    """Groups whose ways on (slots `source`, detections `chosen` or -1) share a detection become one."""
    out: list[tuple[Group, set[int]]] = []
    for group in groups:
        one, wanted = group, set(chosen[np.isin(source, group.sets)].tolist()) - {-1}
        for other, theirs in out:
            if theirs & wanted:
                one, wanted = _product(other, one, most), wanted | theirs
        out = [(other, theirs) for other, theirs in out if not theirs & wanted]
        out.append((one, wanted))
    return [one for one, _ in out]


def _product(a: Group, b: Group, most: int) -> Group:
    """Both together: of all pairs of pictures those whose places add up to the least."""
    i, k = np.divmod(np.arange(len(a.sets) * len(b.sets)), len(b.sets))
    some = np.lexsort((k, i, i + k))[:most]
    i, k = i[some], k[some]
    return Group(np.concatenate([a.sets[i], b.sets[k]], axis=1), a.bonus[i] + b.bonus[k], a.flock[i] + b.flock[k])


def grown(
    s: TrackerSettings, pool: Pool, group: Group, slots: Indices, chosen: Indices, source: Indices, dead: Flags
) -> Group:
    """The best pictures after a scan: each track goes on in one of the ways from its slot, no detection twice.

    slots, chosen, source, dead (n,): ways on, their detections or -1, where they came from, and whether they end.
    """
    order = np.argsort(source, kind="stable")
    parents, first = np.unique(source[order], return_index=True)
    ends = np.append(first[1:], len(order))
    score, taken = pool.score[slots[order]], chosen[order]
    score = np.where(np.isfinite(score), score, WORST)
    there = group.sets >= 0
    at = np.where(there, np.searchsorted(parents, group.sets), 0)
    hope = np.where(there, np.maximum.reduceat(score, first)[at], 0.0)
    value, old = group.bonus + group.flock + hope.sum(axis=1), np.arange(len(group.sets))
    picks: Indices = np.full(group.sets.shape, -1)
    for c in range(picks.shape[1]):  # the value of a part: what was picked, and the best of what is still open
        p, some = at[old, c], there[old, c]
        wide = int((ends - first)[p].max())
        option = first[p][:, None] + np.arange(wide)
        fits = (option < ends[p][:, None]) & some[:, None]
        option = np.minimum(option, len(order) - 1)
        before = np.where(picks[:, :c] >= 0, taken[picks[:, :c]], -1)
        twice = (taken[option][:, :, None] == before[:, None, :]) & (before >= 0)[:, None, :]
        new = np.where(fits & ~twice.any(axis=2), (value - hope[old, c])[:, None] + score[option], -np.inf)
        new = np.concatenate([np.where(some, -np.inf, value)[:, None], new], axis=1).ravel()
        kept = _leading(new, s.picture_log_odds, 3 * s.pictures_max)
        parent, which = kept // (wide + 1), kept % (wide + 1) - 1
        value, picks, old = new[kept], picks[parent], old[parent]
        picks[:, c] = np.where(which >= 0, option[parent, np.maximum(which, 0)], -1)
    ended = (picks >= 0) & dead[order][picks]
    bonus = group.bonus[old] + np.where(ended, score[picks], 0.0).sum(axis=1)
    whole = np.where(picks >= 0, slots[order[picks]], -1)
    stay = np.where(ended, -1, whole)
    return distinct(s, pool, stay, bonus, _flock(s, pool, whole) if ended.any() else None)


def _leading(value: Array, loss: float, most: int) -> Indices:
    """Places of the highest values, in falling order: at most `most`, none worse than the best by `loss`."""
    some = np.flatnonzero(value >= value.max() - loss)
    places: Indices = some[np.argsort(-value[some], kind="stable")[:most]]
    return places


def _flock(s: TrackerSettings, pool: Pool, sets: Indices) -> Array:
    return together(pool.mean, sets, s.birth_speed_sigma_m_s, s.flock_speeds_m_s, s.flock_chance)


def distinct(s: TrackerSettings, pool: Pool, sets: Indices, bonus: Array, before: Array | None = None) -> Group:
    """The best pictures; of those that are the same over the last scans, whoever is who, only the best.

    before (k,): log odds by velocities that are alike, of pictures some of whose tracks leave now: what such a track
    said for its flock stays said, or else a picture would hold on to tracks that have ended.
    """
    flock = _flock(s, pool, sets)
    if before is not None:
        bonus = bonus + before - flock
    value = np.where(sets >= 0, pool.score[sets], 0.0).sum(axis=1) + bonus + flock
    order = _leading(value, s.picture_log_odds, len(value))
    held = sets[order]
    mixed = np.zeros(held.shape, np.int64)
    for k in range(ALIKE):
        mixed = mixed * 1000003 + pool.trail[held, k] + 2
    mixed = np.sort(np.where(held >= 0, mixed, 0), axis=1)
    _, first = np.unique(mixed, axis=0, return_index=True)
    rows = order[np.sort(first)][: s.pictures_max]
    best = sets[rows]
    return Group(best[:, (best >= 0).any(axis=0)], bonus[rows], flock[rows])


def joined(s: TrackerSettings, pool: Pool, group: Group, slots: Indices) -> Group:
    """One more birth, whose hypotheses are `slots`: a picture goes without or takes one that fits."""
    clash, mine = np.zeros((len(group.sets), len(slots)), np.bool_), pool.trail[slots]
    for c in range(group.sets.shape[1]):
        theirs = np.where(group.sets[:, c, None] >= 0, pool.trail[group.sets[:, c]], -1)
        for k in range(TRAIL):
            same = (theirs[:, None, :] == mine[None, :, k, None]) & (mine[:, k] >= 0)[None, :, None]
            clash |= same.any(axis=2)
    row, at = np.nonzero(~clash)
    rows = np.concatenate([np.arange(len(group.sets)), row])
    last = np.concatenate([np.full(len(group.sets), -1), slots[at]])
    return distinct(s, pool, np.concatenate([group.sets[rows], last[:, None]], axis=1), group.bonus[rows])


def formed(s: TrackerSettings, pool: Pool, slots: Indices, root: Indices) -> Group:
    """A group of tentative tracks; root (n,) numbers their births."""
    births, kind = np.unique(root, return_inverse=True)
    member = pictures(s, pool.score[slots], pool.trail[slots], kind)
    sets = np.full((len(member), len(births)), -1, np.int64)
    row, at = np.nonzero(member)
    sets[row, kind[at]] = slots[at]
    return distinct(s, pool, sets, np.zeros(len(sets)))


def pictures(s: TrackerSettings, score: Array, trail: Indices, kind: Indices) -> Flags:
    """(k, n): the best sets of hypotheses that share no detection and no birth (`kind`, from 0), found birth by birth.

    Parts are ranked by their loss against the dual bound of `deciding.bargain`: what a hypothesis is worth less than
    the prices of its detections and its birth, and the prices of what nobody can use any more.
    """
    uses, spare, price = _reduced(score, trail, kind)
    order = np.lexsort((-spare, kind))
    births = int(kind.max()) + 1
    first = np.searchsorted(kind[order], np.arange(births + 1))
    spare, uses, kind = spare[order], uses[order], kind[order]
    against = uses @ uses.T > 0.5
    last = np.where(uses > 0.5, kind[:, None], 0).max(axis=0)
    value, blocked, member = np.zeros(1), np.zeros((1, len(score)), np.bool_), np.zeros((1, len(score)), np.bool_)
    for r in range(births):
        low, end = first[r], first[r + 1]
        rest = np.zeros(len(value))
        if r + 1 < births:
            later = np.where(blocked[:, end:], -np.inf, spare[end:])
            rest = np.maximum(np.maximum.reduceat(later, first[r + 1 : -1] - end, axis=1), 0.0).sum(axis=1)
        over = np.flatnonzero(last == r)
        lost = np.maximum(1.0 - member @ uses[:, over], 0.0) * price[over]
        way = np.empty((len(value), end - low + 1))
        way[:, 0] = value - lost.sum(axis=1)
        way[:, 1:] = way[:, :1] + spare[low:end] + lost @ uses[low:end, over].T
        way[:, 1:][blocked[:, low:end]] = -np.inf
        kept = _leading((way + rest[:, None]).ravel(), 2.0 * s.picture_log_odds, s.pictures_max)
        parent, pick = kept // way.shape[1], kept % way.shape[1] - 1
        value, blocked, member = way.ravel()[kept], blocked[parent], member[parent]
        more = np.flatnonzero(pick >= 0)
        blocked[more] |= against[low + pick[more]]
        member[more, low + pick[more]] = True
    out = np.zeros_like(member)
    out[:, order] = member
    return out[_leading(out @ score, s.picture_log_odds, len(out))]


def _reduced(score: Array, trail: Indices, kind: Indices) -> tuple[Array, Array, Array]:
    """uses (n, m) of detections and births; log odds less the prices of what is used (n,); the prices (m,)."""
    n = len(score)
    numbers, code = np.unique(trail[trail >= 0], return_inverse=True)
    m = len(numbers) + int(kind.max()) + 1
    full = np.full((n + m, TRAIL), -1, np.int64)
    full[:n][trail >= 0] = code
    full[:n, -1] = len(numbers) + kind  # before the oldest detection is, a group is formed
    full[n:, -1] = np.arange(m)  # worth nothing, so what is left of it is the price
    uses = np.zeros((n, m + 1))
    uses[np.arange(n)[:, None], full[:n]] = 1.0
    places, head, after = np.arange(n + m), np.full(m, -1, np.int64), np.full(TRAIL * (n + m), -1, np.int64)
    users(full, places, 0, head, after)
    spare = np.empty(n + m)
    bargain(np.concatenate([score, np.zeros(m)]), places, head, after, SWEEPS, spare)
    return uses[:, :m], spare[:n], -spare[n:]


def hand_over(pool: Pool, group: Group) -> None:
    """Names go with what is shown: each track of the best picture takes that of the shown one that it continues.

    It continues one with which it shares at least half of the last detections, and most of them. So a picture that
    begins an object with another detection, or believes that two were exchanged longer ago than some scans, changes
    no number. Births exchange names (first detection, and with it the number), so that each remains the name of one.
    """
    count, trail, sets = pool.count, pool.trail, group.sets
    led = (sets >= 0) & (count[life.STAGE, sets] == life.LEADING)
    gone = np.flatnonzero(led.any(axis=0) & ~led[0]).tolist()
    old = {g: trail[sets[int(led[:, g].argmax()), g]] for g in gone}
    holds = {g: g for g in gone}  # which birth has a shown track's name by now
    for c in np.flatnonzero((sets[0] >= 0) & ~led[0]).tolist():
        mine = trail[sets[0, c]]
        same = {g: int(((mine == old[g]) & (mine >= 0)).sum()) for g in gone}
        best = max(gone, key=lambda g: (same[g], g == c), default=-1)
        if best < 0 or same[best] == 0 or 2 * same[best] < int((old[best] >= 0).sum()):
            continue
        gone.remove(best)
        giver = holds[best]
        if giver != c:
            holds = {g: giver if k == c else k for g, k in holds.items()}
            _exchanged(count, *(np.unique(sets[:, k][sets[:, k] >= 0]) for k in (c, giver)))


def _exchanged(count: Indices, one: Indices, other: Indices) -> None:
    """Two births, given by their slots, exchange names; both count as known."""
    for row in (life.FIRST, life.ORIGIN):
        count[row, one], count[row, other] = count[row, other[0]], count[row, one[0]]
    count[life.STAGE, one] = np.maximum(count[life.STAGE, one], life.LEADING)


def show(s: TrackerSettings, pool: Pool, group: Group) -> tuple[Indices, list[Group]]:
    """Mark the tracks of a group: (slots of its best picture that are shown, the group without what is decided)."""
    hand_over(pool, group)
    count, sets, leading, open_ = pool.count, group.sets, [], []
    for c in range(sets.shape[1]):
        mine, lead = np.unique(sets[:, c][sets[:, c] >= 0]), int(sets[0, c])
        known = bool((count[life.STAGE, mine] >= life.LEADING).any())
        if not known and lead >= 0:
            known = count[life.HITS, lead] >= s.confirm_hits and pool.existence[lead] >= s.confirm_existence
        decided = len(sets) == 1 or (len(mine) == 1 and bool((sets[:, c] >= 0).all()))
        if known:
            count[life.STAGE, mine] = life.RIVAL
            if lead >= 0:
                count[life.STAGE, lead] = life.CONFIRMED if decided else life.LEADING
                leading.append(lead)
        if not decided:
            open_.append(c)
    left = [distinct(s, pool, sets[:, open_], group.bonus, group.flock)] if open_ else []
    return np.array(leading, np.int64), left


def parts(where: Indices, nothing: int, root: Indices) -> Indices:
    """(n,) the part of each hypothesis: joined by a birth or a detection (`where`, `nothing` for none) in common."""
    _, kind = np.unique(root, return_inverse=True)
    label = np.arange(len(where))
    while True:
        old, least, low = label, np.full(nothing + 1, len(where)), np.full(len(where), len(where))
        np.minimum.at(least, where, label[:, None])
        least[nothing] = len(where)
        label = np.minimum(label, least[where].min(axis=1, initial=len(where)))
        np.minimum.at(low, kind, label)
        label = low[kind]
        if (label == old).all():
            return label
