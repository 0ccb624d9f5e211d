"""Interacting multiple models over tiles: interaction, combination and prediction.

Blom & Bar-Shalom, IEEE Trans. Autom. Control 33(8), 1988. Each kernel copies a tile into one local array and runs one
straight loop over its lanes, because LLVM vectorises that (tests/track/test_lanes.py fails when it does not). It is one
array, read and written in place: of several LLVM would ask whether they overlap, and keep a scalar loop in case.
"""

import numpy as np

from tocsin.track.algebra import Vector, along, combine, full, outer, plus, scale, subtract
from tocsin.track.cruising import cruise_tiles
from tocsin.track.dynamics import predict
from tocsin.track.jit import LANES, kernel, lane
from tocsin.track.tiles import MODES, STATE, TINY, Array, copy, pack, unpack

BLOCK = 64  # tiles: 660 kB of filter states
EVENLY = np.ones((MODES, 1))
SLIGHT = 1e-3
"""A mode with a smaller share of a mixture gives it no moments. Otherwise the one chance in ten thousand that a motor
lights again widens a coasting flight for good: boosts are so uncertain that this outweighs all else. [I]
"""


@kernel
def blend(bank: Array, odds: Array, tiles: int, switch: Array, out: Array, out_odds: Array) -> None:
    """Moment-match the modes of every track into `out` (tiles, k, 27, 16), with odds (tiles, k, 16); may be in place.

    `switch` (modes, k) holds the probability of going from mode i to mixture j. See `SLIGHT`.
    """
    box = np.empty((4 * STATE + MODES + 1, LANES))
    first, second, third = box[:STATE], box[STATE : 2 * STATE], box[2 * STATE : 3 * STATE]
    new, mu, total = box[3 * STATE : 4 * STATE], box[4 * STATE : 4 * STATE + MODES], box[4 * STATE + MODES :]
    for tile in range(tiles):
        copy(bank[tile, 0], first)
        copy(bank[tile, 1], second)
        copy(bank[tile, 2], third)
        copy(odds[tile], mu)
        for j in range(switch.shape[1]):
            s0, s1, s2 = switch[0, j], switch[1, j], switch[2, j]
            for b in range(LANES):
                w0, w1, w2 = s0 * mu[0, b], s1 * mu[1, b], s2 * mu[2, b]
                c = w0 + w1 + w2 + TINY
                total[0, b] = c
                least = SLIGHT * c
                w0 = 0.0 if w0 < least else w0
                w1 = 0.0 if w1 < least else w1
                w2 = 0.0 if w2 < least else w2
                inverse = 1.0 / (w0 + w1 + w2 + TINY)
                merge(first, second, third, (w0 * inverse, w1 * inverse, w2 * inverse), new, b)
            copy(new, out[tile, j])
            for b in range(LANES):
                out_odds[tile, j, b] = total[0, b]


def mix(bank: Array, odds: Array, tiles: int, switch: Array) -> None:
    """Interaction step of the IMM, in place. `switch[i, j]` is the probability of going from mode i to j."""
    blend(bank, odds, tiles, switch, bank, odds)


def combine_tiles(bank: Array, odds: Array, tiles: int, mean: Array) -> None:
    """Moment-matched state of every track into `mean` (tiles, 27, 16)."""
    blend(bank, odds, tiles, EVENLY, mean[:, None], np.empty((tiles, 1, LANES)))


@lane
def merge(first: Array, second: Array, third: Array, w: Vector, out: Array, b: int) -> None:
    """Moment-match lane b of three local tiles with weights w into `out`.

    The spread of the means is the sum over pairs of w_i w_j (x_i - x_j)(x_i - x_j)'.
    """
    p0, v0, pp0, pv0, vv0 = unpack(first, b)
    p1, v1, pp1, pv1, vv1 = unpack(second, b)
    p2, v2, pp2, pv2, vv2 = unpack(third, b)
    ap, av = subtract(p1, p0), subtract(v1, v0)
    cp, cv = subtract(p2, p0), subtract(v2, v0)
    ep, ev = subtract(p2, p1), subtract(v2, v1)
    wa, wc, we = w[0] * w[1], w[0] * w[2], w[1] * w[2]
    fpp = combine(1.0, combine(w[0], full(pp0), w[1], full(pp1)), w[2], full(pp2))
    fpv = combine(1.0, combine(w[0], pv0, w[1], pv1), w[2], pv2)
    fvv = combine(1.0, combine(w[0], full(vv0), w[1], full(vv1)), w[2], full(vv2))
    fpp = plus(fpp, plus(outer(scale(wa, ap), ap), plus(outer(scale(wc, cp), cp), outer(scale(we, ep), ep))))
    fpv = plus(fpv, plus(outer(scale(wa, ap), av), plus(outer(scale(wc, cp), cv), outer(scale(we, ep), ev))))
    fvv = plus(fvv, plus(outer(scale(wa, av), av), plus(outer(scale(wc, cv), cv), outer(scale(we, ev), ev))))
    pack(out, b, along(along(p0, w[1], ap), w[2], cp), along(along(v0, w[1], av), w[2], cv), fpp, fpv, fvv)


@kernel
def predict_tiles(bank: Array, tiles: int, modes_table: Array, dt: float, steps: int) -> None:
    """Carry every free mode of every track `steps` steps of `dt` seconds onwards, in place.

    `modes_table` (modes, 7): thrust, drag area, noise across and along thrust, drag noise time (dynamics.predict); and
    whether the mode is carried over the turning Earth, and its turn, see cruising.
    """
    t = np.empty((STATE, LANES))
    for tile in range(tiles):
        for m in range(MODES):
            row = modes_table[m]
            if row[5] != 0.0:
                continue
            mode = (row[0], row[1], row[2], row[3], row[4])
            copy(bank[tile, m], t)
            for _ in range(steps):
                for b in range(LANES):
                    p, v, pp, pv, vv = unpack(t, b)
                    p, v, fpp, fpv, fvv = predict(p, v, pp, pv, vv, mode, dt)
                    pack(t, b, p, v, fpp, fpv, fvv)
            copy(t, bank[tile, m])


def advance(bank: Array, odds: Array, tiles: int, switch: Array, modes_table: Array, dt: float, steps: int) -> None:
    """Interaction and prediction over `steps` steps of `dt`, in place, a block of tiles at a time to stay in cache."""
    held = modes_table[:, 5].tolist()
    carried, free = any(held), not all(held)
    for low in range(0, tiles, BLOCK):
        n = min(BLOCK, tiles - low)
        part = bank[low : low + n]
        mix(part, odds[low : low + n], n, switch)
        if free:
            predict_tiles(part, n, modes_table, dt, steps)
        if carried:
            cruise_tiles(part, n, modes_table, dt, steps)
