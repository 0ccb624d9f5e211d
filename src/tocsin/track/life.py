"""The life of tracks: detection weights before assignment; mode odds, existence, confirmation and end after it.

Existence is the probability that a track is a flight at all: Musicki, Evans & Stankovic, IEEE Trans. Autom. Control
39(6), 1994, under one hard assignment. A miss counts only as far as a detection was due and likely in
the track's modes: an infrared sensor does not expect a flight that burns nothing. For a confirmed track "due" leaves
two sigma to the edges of the sensor's view (`sight` row 18), for a tentative one it does not (row 20).
"""

import math

import numpy as np
from numpy.typing import NDArray

from tocsin.track.jit import LANES, kernel, lane
from tocsin.track.tiles import MODES, TINY, Array, Flags, Indices, finite

Bits = NDArray[np.int64]

FREE, TENTATIVE, CONFIRMED, LEADING, RIVAL = 0, 1, 2, 3, 4
ODDS_MIN = 1e-9
KEEP, FAILED, ENDED, READY = 0, 1, 2, 3

# rows of `count` (9, slots)
STAGE, HITS, WINDOW, LOOKS, FIRST, UPDATED, NUMBER, ORIGIN, SOURCES = range(9)
COUNTS = 9


@kernel
def weigh(odds: Array, existence: Array, count: Bits, sight: Array, live: Indices, seen: Array, bonus: Array) -> None:
    """bonus (slots, 2): log(existence x detection probability), and cost of a miss.

    `seen` (modes,): detection probability in each mode. A tentative track is a hypothesis: what follows if it is true.
    """
    for i in range(live.shape[0]):
        tile, b = live[i] // LANES, live[i] % LANES
        detect = 0.0
        for m in range(MODES):
            detect += odds[tile, m, b] * seen[m]
        weight = detect if count[STAGE, live[i]] == TENTATIVE else existence[live[i]] * detect
        bonus[live[i], 0] = math.log(max(weight, TINY))
        bonus[live[i], 1] = -math.log(max(1.0 - weight * sight[tile, 18, b], 1e-6))


@kernel
def gather(tiles: int, live: Indices, chosen: Indices, detection: Array, z: Array) -> None:
    """Lay the chosen detections out in tiles (tiles, 7, 16) for `update_tiles`; the rest get flag 0."""
    for tile in range(tiles):
        for k in range(7):
            for b in range(LANES):
                z[tile, k, b] = 1.0 if k == 0 or k == 1 or k == 3 else 0.0
    for i in range(live.shape[0]):
        j = chosen[i]
        if j < 0:
            continue
        tile, b = live[i] // LANES, live[i] % LANES
        z[tile, 0, b] = detection[j, 0]
        z[tile, 1, b] = math.cos(detection[j, 1])
        z[tile, 2, b] = math.sin(detection[j, 1])
        z[tile, 3, b] = math.cos(detection[j, 2])
        z[tile, 4, b] = math.sin(detection[j, 2])
        z[tile, 5, b] = detection[j, 3]
        z[tile, 6, b] = 1.0


@kernel
def judge(
    odds: Array,
    existence: Array,
    score: Array,
    count: Bits,
    sight: Array,
    fit: Array,
    live: Indices,
    chosen: Indices,
    detection: Array,
    seen: Array,
    dimensions: float,
    existence_max: float,
    t_tai_ns: int,
) -> None:
    """Mode odds, existence and its log odds (`score`) after a scan; counts of hits and looks. All in place."""
    constant = math.exp(-0.5 * dimensions * math.log(2.0 * math.pi))
    w = np.empty(MODES)
    expected = 0.0
    for m in range(MODES):
        expected = max(expected, seen[m])
    for i in range(live.shape[0]):
        slot = live[i]
        tile, b = slot // LANES, slot % LANES
        hit = chosen[i] >= 0
        due = sight[tile, 20 if count[STAGE, slot] == TENTATIVE else 18, b]
        total = 0.0
        scale = constant * math.exp(-detection[chosen[i], 4]) if hit else 1.0
        for m in range(MODES):
            like = 1.0 - seen[m] * due
            if hit:
                like = seen[m] * scale * math.exp(-0.5 * min(fit[tile, m, 0, b], 600.0)) / math.sqrt(fit[tile, m, 1, b])
            w[m] = odds[tile, m, b] * like
            total += w[m]
        if hit or due > 0.0:
            for m in range(MODES):
                odds[tile, m, b] = max(w[m] / max(total, TINY), ODDS_MIN)
        score[slot] += math.log(max(total, TINY))
        r = existence[slot]
        existence[slot] = min(r * total / max(r * total + 1.0 - r, TINY), existence_max)
        if hit:
            count[HITS, slot] += 1
            count[UPDATED, slot] = t_tai_ns
        if hit or due * expected > 0.3:
            count[LOOKS, slot] += 1
            count[WINDOW, slot] = (count[WINDOW, slot] << 1) | int(hit)


@lane
def sound(mean: Array, tile: int, b: int) -> bool:
    """Whether a track's numbers are finite and its variances positive."""
    total = 0.0
    for k in range(27):
        total += mean[tile, k, b]
    least = min(mean[tile, 6, b], mean[tile, 9, b], mean[tile, 11, b])
    least = min(least, mean[tile, 21, b], mean[tile, 24, b], mean[tile, 26, b])
    return finite(total) and least > 0.0


@kernel
def review(
    mean: Array,
    existence: Array,
    count: Bits,
    sight: Array,
    live: Indices,
    hits: int,
    window: int,
    misses: int,
    limits: Array,
    t_tai_ns: int,
    verdict: Indices,
) -> None:
    """Keep or end: verdict (n,) READY (may be confirmed), KEEP, FAILED (numbers no longer sound) or ENDED.

    limits: existence to confirm, existence to delete, tentative age (s), lost sigma (m), existence below which a
    track of one detection ends with its first miss.
    """
    mask = (1 << window) - 1
    for i in range(live.shape[0]):
        slot = live[i]
        tile, b = slot // LANES, slot % LANES
        sigma2 = mean[tile, 6, b] + mean[tile, 9, b] + mean[tile, 11, b]
        verdict[i] = KEEP
        if not sound(mean, tile, b) or not finite(existence[slot]):
            verdict[i] = FAILED
            continue
        recent = count[WINDOW, slot] & mask
        found = 0
        while recent > 0:
            found += recent & 1
            recent >>= 1
        if count[STAGE, slot] == TENTATIVE:
            idle = (t_tai_ns - count[UPDATED, slot]) * 1e-9
            if found >= hits and existence[slot] >= limits[0]:
                verdict[i] = READY
            else:
                short = count[LOOKS, slot] >= window and found < hits
                silent = count[LOOKS, slot] > misses and count[WINDOW, slot] & ((1 << misses) - 1) == 0
                forlorn = count[LOOKS, slot] > 1 and count[HITS, slot] == 1 and existence[slot] < limits[4]
                if short or silent or forlorn or idle > limits[2]:
                    verdict[i] = ENDED
        elif count[STAGE, slot] != CONFIRMED:
            verdict[i] = READY
        sunk = sight[tile, 19, b] < -2000.0 - min(2.0 * math.sqrt(sigma2 / 3.0), 50e3)
        gone = count[STAGE, slot] != TENTATIVE and existence[slot] < limits[1]
        if gone or sigma2 > limits[3] * limits[3] or sunk:
            verdict[i] = ENDED


@kernel
def extract(
    mean: Array, odds: Array, plumes: Array, slots: Indices, state: Array, covariance: Array, boost: Array, good: Flags
) -> None:
    """Moment-matched states (n, 6), full covariances (n, 6, 6) and odds of burning (n,) of some slots.

    good (n,) tells which are finite, with a covariance that is positive on its diagonal.
    """
    for i in range(slots.shape[0]):
        tile, b = slots[i] // LANES, slots[i] % LANES
        for k in range(6):
            state[i, k] = mean[tile, k, b]
        row = 6
        for block in range(3):
            for k in range(3):
                for m in range(k if block != 1 else 0, 3):
                    a = k + 3 if block == 2 else k
                    c = m if block == 0 else m + 3
                    covariance[i, a, c] = mean[tile, row, b]
                    covariance[i, c, a] = mean[tile, row, b]
                    row += 1
        boost[i] = 0.0
        for m in range(MODES):
            boost[i] += odds[tile, m, b] * plumes[m]
        boost[i] = min(max(boost[i], 0.0), 1.0)
        good[i] = sound(mean, tile, b) and finite(boost[i])


@kernel
def plant_mode(bank: Array, slot: int, mode: int, state: Array, covariance: Array) -> None:
    """Write a state (6,) and covariance (6, 6) into one mode of a slot."""
    tile, b = slot // LANES, slot % LANES
    for k in range(6):
        bank[tile, mode, k, b] = state[k]
    row = 6
    for block in range(3):
        for k in range(3):
            for m in range(k if block != 1 else 0, 3):
                a = k + 3 if block == 2 else k
                c = m if block == 0 else m + 3
                bank[tile, mode, row, b] = covariance[a, c]
                row += 1


@kernel
def plant(bank: Array, odds: Array, slots: Indices, state: Array, covariance: Array, start_odds: Array) -> None:
    """Write first states (n, 6) and covariances (n, 6, 6) into every mode of some slots."""
    for i in range(slots.shape[0]):
        tile, b = slots[i] // LANES, slots[i] % LANES
        for mode in range(MODES):
            odds[tile, mode, b] = start_odds[mode]
            for k in range(6):
                bank[tile, mode, k, b] = state[i, k]
            for a in range(6):
                for c in range(a, 6):
                    bank[tile, mode, row_of(a, c), b] = covariance[i, a, c]


@lane
def row_of(a: int, c: int) -> int:
    """The row of a tile that holds element (a, c), a <= c, of a covariance."""
    if c < 3:
        return 6 + 3 * a - a * (a - 1) // 2 + c - a
    if a < 3:
        return 12 + 3 * a + c - 3
    return 21 + 3 * (a - 3) - (a - 3) * (a - 4) // 2 + c - a


@kernel
def begin(
    existence: Array, score: Array, count: Bits, trail: Bits, slots: Indices, rows: Indices, detection: Array,
    density: float, base: int, column: int, source: int, t_tai_ns: int,
) -> None:  # fmt: skip
    """Tentative tracks from detections `rows`. density: of flights that begin, as that of detections in column 4."""
    for i in range(slots.shape[0]):
        s, j = slots[i], rows[i]
        start = min(max(density * math.exp(-detection[j, 4]), 1e-6), 0.9)
        existence[s] = start
        score[s] = math.log(start / (1.0 - start))
        trail[s, 0] = base + j
        count[STAGE, s], count[HITS, s], count[WINDOW, s], count[LOOKS, s] = TENTATIVE, 1, 1, 1
        count[FIRST, s], count[UPDATED, s] = t_tai_ns, t_tai_ns
        count[ORIGIN, s], count[SOURCES, s] = (column << 32) + j, source
