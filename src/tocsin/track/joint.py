"""Joint probabilistic data association: a confirmed track follows all its detections, each as far as it may be its own.

Existence as in joint integrated association (Musicki & Evans, IEEE Trans. AES 40(3), 2004): the weight of a miss holds
the case that there is no flight. Each pair becomes a filtered state of its own, and the pairs of a track are brought
together mode by mode with the right first two moments. Objects that stay close draw each other's tracks together
(coalescence), which is why exact nearest neighbour is the default: docs/tracking.md.
"""

import math
from collections import Counter

import numpy as np

from tocsin.track import life
from tocsin.track.association import pairs
from tocsin.track.jit import LANES, kernel, lane
from tocsin.track.pool import Pool
from tocsin.track.screening import Detections
from tocsin.track.sensing import View
from tocsin.track.settings import TrackerSettings
from tocsin.track.sharing import marginals
from tocsin.track.tiles import MEASURED, MODES, STATE, TINY, Array, Flags, Indices
from tocsin.track.updating import update_tiles
from tocsin.track.views import Mount

TAKEN = 0.5  # a detection that belongs to tracks with more than this probability begins none
LEAST = 1e-4  # pairs less likely than this are left out


def associate(
    settings: TrackerSettings, m: Mount, view: View, pool: Pool, slots: Indices, detections: Detections, used: Flags,
    seen: Array, t_tai_ns: int, dropped: Counter[str],
) -> Indices:  # fmt: skip
    """Update confirmed tracks by all their detections; for each the likeliest, or -1. Marks in `used` what is taken."""
    chosen = np.full(len(slots), -1, np.int64)
    if not len(slots):
        return chosen
    start, index, cost = pairs(
        settings, m, pool, slots, detections, detections.strips, settings.candidates_max, dropped, False
    )
    index, cost = index[: start[-1]], cost[: start[-1]]
    limits = settings.joint_exact_max, settings.joint_star
    pair, none = marginals(start, index, cost, pool.bonus[slots, 1], len(used), *limits)
    used |= np.bincount(index, pair, len(used)) > TAKEN
    kept = pair > LEAST
    parent = np.repeat(np.arange(len(slots)), np.diff(start))[kept]
    index, pair = index[kept], pair[kept]
    bank, fit = _filtered(pool, view, slots[parent], index, detections.values, settings.points)
    ends = np.searchsorted(parent, np.arange(len(slots) + 1))
    bring_together(
        pool.bank, pool.odds, pool.existence, pool.score, pool.count, pool.sight, slots, ends, bank, fit, pair, none,
        seen, float(settings.existence_max), chosen, index, t_tai_ns,
    )  # fmt: skip
    return chosen


def _filtered(
    pool: Pool, view: View, source: Indices, chosen: Indices, values: Array, points: bool | None
) -> tuple[Array, Array]:
    """States (tiles, modes, 27, 16) of pairs as tracks of their own, and how well each mode fits."""
    tiles = max(1, -(-len(source) // LANES))
    bank = np.empty((tiles, MODES, STATE, LANES))
    measured, fit = np.empty((tiles, MEASURED, LANES)), np.empty((tiles, MODES, 2, LANES))
    spread_out(pool.bank, source, bank)
    life.gather(tiles, np.arange(len(source)), chosen, values, measured)
    update_tiles(bank, tiles, view, measured, fit, view.rated, points)
    return bank, fit


@kernel
def spread_out(bank: Array, source: Indices, out: Array) -> None:
    """Copy the states of slots, which may repeat, to places 0, 1, ...; the last one fills what is left."""
    for i in range(out.shape[0] * LANES):
        s = source[min(i, source.shape[0] - 1)] if source.shape[0] > 0 else 0
        for m in range(MODES):
            for k in range(STATE):
                out[i // LANES, m, k, i % LANES] = bank[s // LANES, m, k, s % LANES]


@kernel
def bring_together(
    bank: Array, odds: Array, existence: Array, score: Array, count: Indices, sight: Array, slots: Indices,
    ends: Indices, other: Array, fit: Array, pair: Array, none: Array, seen: Array, existence_max: float,
    chosen: Indices, index: Indices, t_tai_ns: int,
) -> None:  # fmt: skip
    """Moment-match each track's pairs and its miss, mode by mode; existence, counts and the likeliest detection.

    Pairs of track i are ends[i] to ends[i + 1] of `pair` (probabilities) and `index` (detections) and, as places, of
    `other` and `fit`. none (n,): the probability of no detection, in which a flight that is not there is counted.
    """
    for i in range(slots.shape[0]):
        s = slots[i]
        tile, b = s // LANES, s % LANES
        due = sight[tile, 18, b]
        low, end = ends[i], ends[i + 1]
        missed = 0.0
        for m in range(MODES):
            missed += odds[tile, m, b] * (1.0 - seen[m] * due)
        r = existence[s]
        there = none[i] * r * missed / max(1.0 - r + r * missed, TINY)
        total = there
        best = none[i]
        for k in range(low, end):
            total += pair[k]
            if pair[k] > best:
                best, chosen[i] = pair[k], index[k]
        weight = np.empty((MODES, end - low + 1))
        for m in range(MODES):
            weight[m, end - low] = there * odds[tile, m, b] * (1.0 - seen[m] * due) / max(missed, TINY)
        for k in range(low, end):
            place, c = k // LANES, k % LANES
            scale = 0.0
            for m in range(MODES):
                fitted = math.exp(-0.5 * min(fit[place, m, 0, c], 600.0)) / math.sqrt(fit[place, m, 1, c])
                weight[m, k - low] = odds[tile, m, b] * seen[m] * fitted
                scale += weight[m, k - low]
            for m in range(MODES):
                weight[m, k - low] *= pair[k] / max(scale, TINY)
        for m in range(MODES):
            share = 0.0
            for k in range(end - low + 1):
                share += weight[m, k]
            odds[tile, m, b] = max(share / max(total, TINY), life.ODDS_MIN)
            if end > low and share > TINY:
                match(bank, tile, m, b, other, low, end, weight, share)
        existence[s] = min(total, existence_max)
        score[s] = math.log(max(total, TINY) / max(1.0 - total, 1e-6))
        hit = chosen[i] >= 0
        if hit:
            count[life.HITS, s] += 1
            count[life.UPDATED, s] = t_tai_ns
        if hit or due > 0.3:
            count[life.LOOKS, s] += 1
            count[life.WINDOW, s] = (count[life.WINDOW, s] << 1) | int(hit)


@lane
def match(
    bank: Array, tile: int, m: int, b: int, other: Array, low: int, end: int, weight: Array, share: float
) -> None:
    """First two moments of one mode's states: those of the pairs, and in `bank` that of the miss, changed in place."""
    mean, gap, new = np.zeros(6), np.empty(6), np.zeros(STATE)
    for k in range(end - low + 1):
        w = weight[m, k] / share
        place, c = (low + k) // LANES, (low + k) % LANES
        for a in range(6):
            mean[a] += w * (bank[tile, m, a, b] if k == end - low else other[place, m, a, c])
    for k in range(end - low + 1):
        w = weight[m, k] / share
        place, c = (low + k) // LANES, (low + k) % LANES
        for a in range(6):
            gap[a] = (bank[tile, m, a, b] if k == end - low else other[place, m, a, c]) - mean[a]
        for a in range(6):
            for d in range(a, 6):
                row = life.row_of(a, d)
                one = bank[tile, m, row, b] if k == end - low else other[place, m, row, c]
                new[row] += w * (one + gap[a] * gap[d])
    for a in range(6):
        bank[tile, m, a, b] = mean[a]
    for row in range(6, STATE):
        bank[tile, m, row, b] = new[row]
