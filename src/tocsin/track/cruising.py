"""Aircraft: straight lines and steady turns over the turning Earth, carried in inertial axes in closed form.

A mode that is `carried` keeps its velocity relative to the Earth, turned about the local vertical by `turn_rad_s`
(coordinated turn with known rate: Bar-Shalom, Li & Kirubarajan 2001, 11.7.1, in three dimensions). The local vertical
is held over a step. Compiled only where a tracker has such a mode.
"""

import math

import numpy as np

from tocsin.track.algebra import (
    Matrix,
    Symmetric,
    Vector,
    add,
    apply,
    combine,
    congruence,
    diagonal,
    dot,
    full,
    outer,
    plus,
    scale,
    times,
)
from tocsin.track.jit import LANES, kernel, lane
from tocsin.track.tiles import MODES, STATE, Array, copy, pack, unpack
from tocsin.world.constants import OMEGA_RAD_S

Turn = tuple[float, float, float, float, float]


@lane
def cross(n: Vector) -> Matrix:
    """The matrix of n x."""
    return (0.0, -n[2], n[1], n[2], 0.0, -n[0], -n[1], n[0], 0.0)


@lane
def cruise(
    p: Vector,
    v: Vector,
    cov_pp: Symmetric,
    cov_pv: Matrix,
    cov_vv: Symmetric,
    turn: Turn,
    earth: tuple[float, float],
    noise_across: float,
    noise_along: float,
    dt: float,
) -> tuple[Vector, Vector, Matrix, Matrix, Matrix]:
    """Mean and covariance blocks `dt` seconds later.

    turn: sine and cosine of the turn in dt, sine / rate, (1 - cosine) / rate, dt. earth: sine and cosine of the
    Earth's turn in dt.
    """
    up = scale(1.0 / math.sqrt(dot(p, p)), p)
    level, vertical, around = combine(1.0, diagonal(1.0), -1.0, outer(up, up)), outer(up, up), cross(up)
    shift = plus(combine(turn[2], level, turn[4], vertical), combine(turn[3], around, 0.0, around))
    swing = plus(combine(turn[1], level, 1.0, vertical), combine(turn[0], around, 0.0, around))
    spin = (0.0, -OMEGA_RAD_S, 0.0, OMEGA_RAD_S, 0.0, 0.0, 0.0, 0.0, 0.0)
    axes = (earth[1], -earth[0], 0.0, earth[0], earth[1], 0.0, 0.0, 0.0, 1.0)
    pv = times(axes, shift)
    pp = combine(1.0, axes, -1.0, times(pv, spin))
    swung = times(axes, swing)
    vp = combine(1.0, times(spin, pp), -1.0, times(swung, spin))
    vv = plus(swung, times(spin, pv))
    end_pp, end_pv, end_vv = congruence(pp, pv, vp, vv, full(cov_pp), cov_pv, full(cov_vv))
    p_end, v_end = add(apply(pp, p), apply(pv, v)), add(apply(vp, p), apply(vv, v))
    air = (v_end[0] + OMEGA_RAD_S * p_end[1], v_end[1] - OMEGA_RAD_S * p_end[0], v_end[2])
    direction = scale(1.0 / math.sqrt(dot(air, air) + 1.0), air)
    noise = combine(noise_along - noise_across, outer(direction, direction), noise_across, diagonal(1.0))
    span = abs(dt)
    end_pp = combine(1.0, end_pp, span * span * span / 3.0, noise)
    end_pv = combine(1.0, end_pv, 0.5 * dt * span, noise)
    end_vv = combine(1.0, end_vv, span, noise)
    return p_end, v_end, end_pp, end_pv, end_vv


@kernel
def cruise_tiles(bank: Array, tiles: int, modes_table: Array, dt: float, steps: int) -> None:
    """Carry the carried modes of every track `steps` steps of `dt` seconds onwards, in place."""
    t = np.empty((STATE, LANES))
    out = np.empty((STATE, LANES))
    earth = (math.sin(OMEGA_RAD_S * dt), math.cos(OMEGA_RAD_S * dt))
    for m in range(MODES):
        row = modes_table[m]
        if row[5] == 0.0:
            continue
        rate = row[6]
        angle = rate * dt
        small = abs(angle) < 1e-6
        turn = (
            math.sin(angle),
            math.cos(angle),
            dt if small else math.sin(angle) / rate,
            0.5 * dt * angle if small else (1.0 - math.cos(angle)) / rate,
            dt,
        )
        for tile in range(tiles):
            copy(bank[tile, m], t)
            for _ in range(steps):
                for b in range(LANES):
                    p, v, pp, pv, vv = unpack(t, b)
                    p, v, fpp, fpv, fvv = cruise(p, v, pp, pv, vv, turn, earth, row[2], row[3], dt)
                    pack(out, b, p, v, fpp, fpv, fvv)
                copy(out, t)
            copy(t, bank[tile, m])
