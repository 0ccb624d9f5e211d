"""Tentative tracks scan by scan: who goes on with which detection, who is outclassed, who is a flight."""

from collections import Counter
from typing import NamedTuple

import numpy as np

from tocsin.track import life
from tocsin.track.association import pairs
from tocsin.track.branching import CHILDREN, branch, first_come, remember
from tocsin.track.deciding import SWEEPS, bargain, decide, outclassed, strongest, users
from tocsin.track.grids import first_few
from tocsin.track.pairing import without
from tocsin.track.pool import TRAIL, Pool
from tocsin.track.screening import Detections
from tocsin.track.settings import TrackerSettings
from tocsin.track.tiles import Array, Flags, Indices
from tocsin.track.views import Mount

BIRTH = [life.FIRST, life.ORIGIN]
ALIKE = 4
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


def judge(settings: TrackerSettings, pool: Pool, slots: Indices, verdict: Indices, book: Book, best: Array) -> Indices:
    """Confirm the hypotheses of the best compatible set; ENDED are the outclassed and those that lost a detection.

    Returns the slots that are confirmed.

    verdict (n,) as `life.review` gave it, changed in place.
    """
    out = np.zeros(len(slots), np.bool_)
    outclassed(pool.trail, pool.score, slots, book.low, best, settings.outclassed_log_odds, out)
    _repeated(pool, slots, out)
    verdict[out & (verdict != life.FAILED)] = life.ENDED
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
    some = some[order[spare[order] >= -HOPELESS]]
    mine = slots[some]
    head, after = _lists(pool, mine, book)
    closed, win = np.zeros(book.size, np.bool_), np.zeros(len(mine), np.bool_)
    decide(pool.trail, pool.score, mine, verdict[some] == life.READY, book.low, head, after, closed, win)
    if not win.any():
        return slots[:0]
    _, birth = np.unique(pool.count[BIRTH][:, slots], axis=1, return_inverse=True)
    chosen = some[win]
    chosen = chosen[first_few(birth[chosen], 1)]
    numbers = pool.trail[slots] - book.low
    taken = np.any((numbers >= 0) & closed[np.maximum(numbers, 0)], axis=1) | np.isin(birth, birth[chosen])
    verdict[taken & alive] = life.ENDED
    verdict[chosen] = life.KEEP
    pool.count[life.STAGE, slots[chosen]] = life.CONFIRMED
    confirmed: Indices = slots[chosen]
    return confirmed


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
