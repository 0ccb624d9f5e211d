"""Tentative tracks scan by scan: who goes on with which detection, who is outclassed, who is a flight."""

from collections import Counter
from typing import NamedTuple

import numpy as np

from tocsin.track import life, undecided
from tocsin.track.association import pairs
from tocsin.track.branching import CHILDREN, branch, first_come, remember
from tocsin.track.deciding import SWEEPS, bargain, decide, outclassed, strongest, users
from tocsin.track.grids import first_few
from tocsin.track.pairing import without
from tocsin.track.pool import TRAIL, Pool
from tocsin.track.screening import Detections
from tocsin.track.settings import TrackerSettings
from tocsin.track.tiles import Array, Flags, Indices
from tocsin.track.undecided import Group
from tocsin.track.views import Mount

ALIKE = 4
CONTENDER = -3.0  # log odds: a hypothesis less likely than this contends with no group
RIVALRY = 8.0  # log odds: a way to share detections this much worse than the best one leaves tracks undecided
GROUP_MOST = 800  # hypotheses of which a group is formed
HOPELESS = 12.0  # log odds
CANDIDATES = 2 * CHILDREN  # detections kept for a hypothesis: more than it can branch into, for `first_come`


class Ways(NamedTuple):
    """Hypotheses after branching: slots, their detections or -1, and the slots they came from."""

    slots: Indices
    chosen: Indices
    source: Indices


class Book:
    """Numbers of detections: running, so that a trail of the last scans tells them apart."""

    def __init__(self) -> None:
        self.starts = [0] * (TRAIL + 1)
        self.groups: list[Group] = []

    def open(self, detections: int) -> int:
        """Number a scan's detections; returns the number of its first."""
        base = self.starts[-1]
        self.starts = [*self.starts[1:], base + detections]
        return base

    @property
    def low(self) -> int:
        """The first number that a trail can still hold."""
        return self.starts[0]

    @property
    def size(self) -> int:
        """How many numbers a trail can hold."""
        return self.starts[-1] - self.starts[0]


def go_on(
    settings: TrackerSettings, m: Mount, pool: Pool, slots: Indices, detections: Detections, used: Flags,
    dropped: Counter[str],
) -> Ways:  # fmt: skip
    """Every likely way on with the detections that no confirmed track took.

    Beyond `hypotheses_max` hypotheses each takes its cheapest free detection, first come: so a flood delays nobody.
    """
    none = np.full(len(slots), -1, np.int64)
    if not len(slots) or not len(used):
        return Ways(slots, none, slots)
    left = without(detections.strips, used) if used.any() else detections.strips
    start, index, cost = pairs(settings, m, pool, slots, detections, left, CANDIDATES, dropped)
    if len(slots) >= settings.hypotheses_max:
        first_come(start, index, cost, len(used), none)
        return Ways(slots, none, slots)
    return Ways(*branch(pool, slots, start, index, cost, settings.hypotheses_max))


def survey(pool: Pool, ways: Ways, book: Book, base: int) -> Array:
    """Number this scan's detections in the trails; the best log odds of any user of each numbered detection."""
    remember(pool.trail, ways.slots, ways.chosen, base)
    best = np.full(book.size, -np.inf)
    strongest(pool.trail, pool.score, ways.slots, book.low, best)
    return best


def judge(settings: TrackerSettings, pool: Pool, ways: Ways, verdict: Indices, book: Book, best: Array) -> Indices:
    """Confirm the hypotheses of the best compatible set; ENDED are the outclassed and those that lost a detection.

    Tracks too close to tell whose detection is whose form groups (`undecided`), each shown as its best picture.
    Returns the slots that are confirmed or lead. verdict (n,) as `life.review` gave it, changed in place; so is best:
    a detection that only the lesser pictures of a group use is left to whoever may begin with it.
    """
    slots, groups = ways.slots, book.groups
    held, rival = np.zeros(len(slots), np.bool_), best
    if groups:  # what belongs to a group is weighed against its pictures, and nothing else against it
        held, rival = undecided.members(groups, len(pool.score))[ways.source], np.full(book.size, -np.inf)
        strongest(pool.trail, pool.score, slots[~held], book.low, rival)
    out = np.zeros(len(slots), np.bool_)
    outclassed(pool.trail, pool.score, slots, book.low, rival, settings.outclassed_log_odds, out)
    _repeated(pool, slots, out)
    dead = (verdict == life.ENDED) | (verdict == life.FAILED)
    verdict[(out | held) & (verdict != life.FAILED)] = life.ENDED
    if not groups and not (verdict == life.READY).any():
        return slots[:0]
    root = pool.count[life.FIRST, slots] * 1000003 + pool.count[life.ORIGIN, slots]
    where = pool.trail[slots] - book.low
    where[where < 0] = book.size
    if groups:
        groups = undecided.merged(groups, ways.source, ways.chosen, settings.pictures_max)
        groups = [undecided.grown(settings, pool, one, slots, ways.chosen, ways.source, dead) for one in groups]
        groups = [_contested(settings, pool, one, slots, verdict, root, where, book) for one in groups]
        shared = root[undecided.members(groups, len(pool.score))[slots]]  # one birth, one number: not outside as well
        verdict[np.isin(root, shared) & (verdict == life.READY)] = life.ENDED
    lead = [_settle(settings, pool, slots, verdict, root, where, book, groups)]
    if not groups:
        return lead[0]
    place = np.full(len(pool.score), -1)
    place[slots] = np.arange(len(slots))
    inside = place[np.flatnonzero(undecided.members(groups, len(pool.score)))]
    verdict[inside] = life.KEEP
    held[inside] = True
    book.groups = []
    for one in groups:
        leading, left = undecided.show(settings, pool, one)
        lead.append(leading)
        book.groups += left
    used, at = where[:, 0] < book.size, where[:, 0]
    best[at[used & held]] = -np.inf
    used &= (verdict == life.KEEP) & (~held | np.isin(slots, np.concatenate(lead)))
    np.maximum.at(best, at[used], pool.score[slots[used]])
    return np.concatenate(lead)


def _contested(
    settings: TrackerSettings, pool: Pool, group: Group, slots: Indices, verdict: Indices, root: Indices,
    where: Indices, book: Book,
) -> Group:  # fmt: skip
    """The group with the births that share detections with it, the most likely first."""
    mark = np.zeros(book.size + 1, np.bool_)
    mark[where[undecided.members([group], len(pool.score))[slots]]] = True
    mark[-1] = False
    alive = ((verdict == life.KEEP) | (verdict == life.READY)) & (pool.count[life.HITS, slots] > 1)
    alive &= pool.score[slots] > CONTENDER
    near = np.flatnonzero(alive & mark[where].any(axis=1))
    near = near[np.argsort(-pool.score[slots[near]], kind="stable")]
    for kind in dict.fromkeys(root[near].tolist()):
        same = np.flatnonzero(alive & (root == kind))
        if group.sets.shape[1] < settings.group_births_max:
            group = undecided.joined(settings, pool, group, slots[same])
        verdict[same] = life.ENDED  # unless a picture has it, and beyond `group_births_max` none does
    return group


def _settle(
    settings: TrackerSettings, pool: Pool, slots: Indices, verdict: Indices, root: Indices, where: Indices, book: Book,
    groups: list[Group],
) -> Indices:  # fmt: skip
    """Confirm what is ready and in no group; tracks that cannot be told apart are appended to `groups` instead."""
    if not (verdict == life.READY).any():
        return slots[:0]
    alive = (verdict == life.KEEP) | (verdict == life.READY)
    some = np.flatnonzero(alive & (pool.count[life.HITS, slots] > 1))
    mine = slots[some]
    head, after = _lists(pool, mine, book)
    spare = np.empty(len(mine))
    bargain(pool.score, mine, head, after, SWEEPS, spare)
    verdict[some[spare < -HOPELESS]] = life.ENDED
    alive[some[spare < -HOPELESS]] = False
    order = np.lexsort((-pool.score[mine], -spare))
    order = order[spare[order] >= -HOPELESS]
    some, spare = some[order], spare[order]
    mine = slots[some]
    head, after = _lists(pool, mine, book)
    closed, win = np.zeros(book.size + 1, np.bool_), np.zeros(len(mine), np.bool_)
    decide(pool.trail, pool.score, mine, verdict[some] == life.READY, book.low, head, after, closed[:-1], win)
    if not win.any():
        return slots[:0]
    chosen = some[win]
    chosen = chosen[first_few(root[chosen], 1)]
    if settings.groups_max:
        _part(settings, pool, slots, verdict, root, where, book, groups, chosen, some[spare >= -RIVALRY])
        if (verdict[chosen] == life.ENDED).any():
            chosen = chosen[verdict[chosen] == life.READY]
            closed[:] = False
            closed[where[chosen]] = True
            closed[-1] = False
    taken = closed[where].any(axis=1) | np.isin(root, root[chosen])
    verdict[taken & alive] = life.ENDED
    verdict[chosen] = life.KEEP
    pool.count[life.STAGE, slots[chosen]] = life.CONFIRMED
    confirmed: Indices = slots[chosen]
    return confirmed


def _part(
    settings: TrackerSettings, pool: Pool, slots: Indices, verdict: Indices, root: Indices, where: Indices, book: Book,
    groups: list[Group], chosen: Indices, likely: Indices,
) -> None:  # fmt: skip
    """Form groups of those of the `chosen` between which some `likely` hypothesis lies; their verdict becomes ENDED."""
    owner = np.full(book.size + 1, -1)
    for k, one in enumerate(chosen.tolist()):
        owner[where[one]] = k
    owner[-1] = -1
    own = owner[where[likely]]
    most, least = own.max(axis=1), np.where(own < 0, len(chosen), own).min(axis=1)
    between = np.unique(own[(most > least) & (least < len(chosen))])
    opened = chosen[between[between >= 0]]
    if not len(opened):
        return
    mark = np.zeros(book.size + 1, np.bool_)
    mark[where[opened]] = True
    mark[-1] = False
    near = (verdict == life.KEEP) | (verdict == life.READY)
    near &= (pool.count[life.HITS, slots] > 1) & (pool.score[slots] > CONTENDER)
    near &= (mark[where].any(axis=1) | np.isin(root, root[opened])) & ~np.isin(
        np.arange(len(slots)), np.setdiff1d(chosen, opened)
    )
    near_ = np.flatnonzero(near)
    label = undecided.parts(where[near_], book.size, root[near_])
    for one in np.unique(label).tolist():
        part = near_[label == one]
        few = len(np.unique(root[part])) <= settings.group_births_max and len(part) <= GROUP_MOST
        if few and len(groups) < settings.groups_max:
            groups.append(undecided.formed(settings, pool, slots[part], root[part]))
            verdict[part] = life.ENDED


def _lists(pool: Pool, mine: Indices, book: Book) -> tuple[Indices, Indices]:
    head, after = np.full(book.size, -1, np.int64), np.full(TRAIL * len(mine), -1, np.int64)
    users(pool.trail, mine, book.low, head, after)
    return head, after


def _repeated(pool: Pool, slots: Indices, out: Flags) -> None:
    """out (n,) becomes True for hypotheses that are the same over the last ALIKE scans as a better one."""
    many = np.flatnonzero(pool.count[life.HITS, slots] > 2)
    if len(many) < 2:
        return
    trail, score = pool.trail[slots[many]], pool.score[slots[many]]
    order = np.lexsort((-score, *trail[:, :ALIKE].T))
    same = np.all(trail[order[1:], :ALIKE] == trail[order[:-1], :ALIKE], axis=1) & (trail[order[1:], 0] >= 0)
    out[many[order[1:][same]]] = True
