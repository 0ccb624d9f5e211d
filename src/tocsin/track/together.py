"""Objects side by side often fly together: what the velocities of a picture's tracks say for it.

Evidence for one common velocity against a velocity of each one's own (group tracking after Blackman & Popoli, Design
and Analysis of Modern Tracking Systems, 1999, ch. 6; the ratio is that of two Gaussian marginals). A picture that gives
detections to the wrong tracks makes their velocities cross, so this tells pictures apart some scans before each
track's own fit does. Flying together is but one chance: a picture of tracks that fly apart loses at most its log.
"""

import math

import numpy as np

from tocsin.track.jit import LANES, part, plain
from tocsin.track.tiles import Array, Flags, Indices, finite
from tocsin.world.constants import OMEGA_RAD_S

LIKE = 16.0  # squared sigmas by which two velocities of one flock may differ


@part
def weighed(c: Array, v: Array) -> tuple[float, float]:
    """v' C^-1 v and log det C of a covariance (6,), upper triangle by rows."""
    b, d = c[1] / c[0], c[2] / c[0]
    second = c[3] - c[1] * b
    e = (c[4] - c[2] * b) / second
    third = c[5] - c[2] * d - e * e * second
    y = v[1] - b * v[0]
    z = v[2] - d * v[0] - e * y
    return v[0] * v[0] / c[0] + y * y / second + z * z / third, math.log(c[0]) + math.log(second) + math.log(third)


@part
def inverted(c: Array, out: Array) -> None:
    """out (6,): the inverse of a symmetric matrix (6,)."""
    out[0], out[1] = c[3] * c[5] - c[4] * c[4], c[2] * c[4] - c[1] * c[5]
    out[2], out[3] = c[1] * c[4] - c[2] * c[3], c[0] * c[5] - c[2] * c[2]
    out[4], out[5] = c[1] * c[2] - c[0] * c[4], c[0] * c[3] - c[1] * c[1]
    scale = 1.0 / (c[0] * out[0] + c[1] * out[1] + c[2] * out[2])
    for k in range(6):
        out[k] *= scale


@plain
def velocities(mean: Array, slots: Indices, v: Array, cov: Array) -> None:
    """v (n, 3), cov (n, 6): velocities of some slots over the turning Earth."""
    for i in range(slots.shape[0]):
        tile, b = slots[i] // LANES, slots[i] % LANES
        v[i, 0] = mean[tile, 3, b] + OMEGA_RAD_S * mean[tile, 1, b]
        v[i, 1] = mean[tile, 4, b] - OMEGA_RAD_S * mean[tile, 0, b]
        v[i, 2] = mean[tile, 5, b]
        for k in range(6):
            cov[i, k] = mean[tile, 21 + k, b]


@part
def alike(v: Array, cov: Array, a: int, b: int, spread: float) -> bool:
    """Whether two tracks may fly together: their velocities differ by no more than LIKE allows."""
    gap, both = np.empty(3), np.empty(6)
    for k in range(3):
        gap[k] = v[a, k] - v[b, k]
    for k in range(6):
        both[k] = cov[a, k] + cov[b, k] + (2.0 * spread if k == 0 or k == 3 or k == 5 else 0.0)
    return weighed(both, gap)[0] < LIKE


@plain
def evidence(v: Array, cov: Array, sets: Indices, free: float, spread: float, out: Array) -> None:
    """out (k,): log odds of each picture by the common velocity of its largest flock against none.

    v, cov: of tracks; sets (k, births): places in them, -1 for none; free, spread (m2/s2): variances of a velocity of
    its own and around a common one. The flock: the tracks that are alike to that one
    which is alike to most.
    """
    known: Indices = np.zeros((v.shape[0], v.shape[0]), np.int8)
    wide, alone, info, total, pull = np.empty(6), np.empty(6), np.empty(6), np.empty(6), np.empty(3)
    for p in range(sets.shape[0]):
        centre, most = -1, 1
        for c in range(sets.shape[1]):
            n = 0
            for e in range(sets.shape[1]):
                a, b = sets[p, c], sets[p, e]
                if a >= 0 and b >= 0:
                    if known[a, b] == 0:
                        known[a, b] = known[b, a] = 1 if a == b or alike(v, cov, a, b, spread) else 2
                    n += known[a, b] == 1
            if n > most:
                centre, most = sets[p, c], n
        out[p] = 0.0
        if centre < 0:
            continue
        value = -1.5 * math.log(free)
        for k in range(6):
            total[k] = 1.0 / free if k == 0 or k == 3 or k == 5 else 0.0
        for k in range(3):
            pull[k] = 0.0
        for c in range(sets.shape[1]):
            a = sets[p, c]
            if a < 0 or known[centre, a] != 1:
                continue
            for k in range(6):
                wide[k] = cov[a, k] + (spread if k == 0 or k == 3 or k == 5 else 0.0)
                alone[k] = cov[a, k] + (free if k == 0 or k == 3 or k == 5 else 0.0)
            one, own = weighed(wide, v[a]), weighed(alone, v[a])
            value += 0.5 * (own[0] + own[1] - one[0] - one[1])
            inverted(wide, info)
            for k in range(6):
                total[k] += info[k]
            pull[0] += info[0] * v[a, 0] + info[1] * v[a, 1] + info[2] * v[a, 2]
            pull[1] += info[1] * v[a, 0] + info[3] * v[a, 1] + info[4] * v[a, 2]
            pull[2] += info[2] * v[a, 0] + info[4] * v[a, 1] + info[5] * v[a, 2]
        gain, size = weighed(total, pull)
        value += 0.5 * (gain - size)
        if finite(value):
            out[p] = value


def together(mean: Array, sets: Indices, free_m_s: float, spreads_m_s: tuple[float, ...], chance: float) -> Array:
    """(k,) log odds of pictures `sets` (k, births) of slots, -1 for none, by `evidence`; zero without `spreads_m_s`.

    mean: as the pool's. free_m_s: one sigma of a velocity; spreads_m_s: of those of objects that fly together, which
    they do by `chance`, with one spread as likely as another.
    """
    out = np.zeros(len(sets))
    if not spreads_m_s or not sets.size:
        return out
    there: Flags = sets >= 0
    slots, place = np.unique(sets[there], return_inverse=True)
    at = np.full(sets.shape, -1)
    at[there] = place
    v, cov = np.empty((len(slots), 3)), np.empty((len(slots), 6))
    velocities(mean, slots, v, cov)
    ratio = np.zeros((len(spreads_m_s), len(sets)))
    for spread_m_s, one in zip(spreads_m_s, ratio, strict=True):
        evidence(v, cov, at, free_m_s**2, spread_m_s**2, one)
    most = np.maximum(ratio.max(axis=0), 0.0)
    said: Array = most + np.log((1.0 - chance) * np.exp(-most) + chance * np.exp(ratio - most).mean(axis=0))
    return said
