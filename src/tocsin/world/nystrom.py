"""One step of the estimator's motion under gravity, and its exact Jacobian, on bare components.

Runge-Kutta-Nystroem of order 4 with three evaluations, for accelerations that depend on position alone (Nystroem
1925; Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, section II.14). The Jacobian is that of the
discrete step, differentiated stage by stage, so covariances follow the states to rounding.

Components are Python floats or arrays (n,): one source, equal bits. A lone state runs eight times faster as floats.
"""

from collections.abc import Sequence

from tocsin.world.exact import X
from tocsin.world.gravity import pull, pull_and_gradient

State = tuple[X, X, X, X, X, X]
Matrix = tuple[X, X, X, X, X, X, X, X, X]  # 3 by 3, row by row
Blocks = tuple[Matrix[X], Matrix[X], Matrix[X], Matrix[X]]  # dr/dr0, dr/dv0, dv/dr0, dv/dv0


def advance(state: State[X], h: float) -> State[X]:
    """The state (x, y, z, vx, vy, vz) after `h` seconds."""
    x, y, z, vx, vy, vz = state
    half, eighth, sixth, square = 0.5 * h, 0.125 * (h * h), h / 6.0, h * h
    ax, ay, az = pull(x, y, z)
    bx, by, bz = pull(x + half * vx + eighth * ax, y + half * vy + eighth * ay, z + half * vz + eighth * az)
    cx, cy, cz = pull(x + h * vx + 0.5 * square * bx, y + h * vy + 0.5 * square * by, z + h * vz + 0.5 * square * bz)
    g = h * sixth
    return (
        x + h * vx + g * (ax + 2.0 * bx),
        y + h * vy + g * (ay + 2.0 * by),
        z + h * vz + g * (az + 2.0 * bz),
        vx + sixth * (ax + 4.0 * bx + cx),
        vy + sixth * (ay + 4.0 * by + cy),
        vz + sixth * (az + 4.0 * bz + cz),
    )


def advance_with_jacobian(state: State[X], h: float) -> tuple[State[X], Blocks[X]]:
    """The state after `h` seconds (the bits of `advance`), and the blocks of the step's Jacobian."""
    x, y, z, vx, vy, vz = state
    half, eighth, sixth, square = 0.5 * h, 0.125 * (h * h), h / 6.0, h * h
    (ax, ay, az), g1 = pull_and_gradient(x, y, z)
    x2, y2, z2 = x + half * vx + eighth * ax, y + half * vy + eighth * ay, z + half * vz + eighth * az
    (bx, by, bz), g2 = pull_and_gradient(x2, y2, z2)
    x3, y3, z3 = x + h * vx + 0.5 * square * bx, y + h * vy + 0.5 * square * by, z + h * vz + 0.5 * square * bz
    (cx, cy, cz), g3 = pull_and_gradient(x3, y3, z3)
    g = h * sixth
    moved = (
        x + h * vx + g * (ax + 2.0 * bx),
        y + h * vy + g * (ay + 2.0 * by),
        z + h * vz + g * (az + 2.0 * bz),
        vx + sixth * (ax + 4.0 * bx + cx),
        vy + sixth * (ay + 4.0 * by + cy),
        vz + sixth * (az + 4.0 * bz + cz),
    )
    first, middle, last = _full(g1), _full(g2), _full(g3)
    # with respect to the position: stages k1 = G1, k2 = G2 (1 + h^2/8 k1), k3 = G3 (1 + h^2/2 k2)
    k2 = _plus(middle, eighth, _times(middle, first))
    k3 = _plus(last, 0.5 * square, _times(last, k2))
    rr = _one_plus(g, _plus(first, 2.0, k2))
    vr = _scaled(sixth, _plus(_plus(first, 4.0, k2), 1.0, k3))
    # with respect to the velocity: k1 = 0, k2 = h/2 G2, k3 = G3 (h + h^2/2 k2)
    q3 = _plus(last, 0.25 * square, _times(last, middle))
    rv = _scaled(h, _one_plus(g, middle))
    vv = _one_plus(h * sixth, _plus(q3, 2.0, middle))
    return moved, (rr, rv, vr, vv)


def flat(blocks: Blocks[X]) -> tuple[X, ...]:
    """The 36 components of the 6 by 6 Jacobian, row by row."""
    rr, rv, vr, vv = blocks
    upper = rr[0:3] + rv[0:3] + rr[3:6] + rv[3:6] + rr[6:9] + rv[6:9]
    return upper + vr[0:3] + vv[0:3] + vr[3:6] + vv[3:6] + vr[6:9] + vv[6:9]


def product(a: Sequence[float], b: Sequence[float]) -> list[float]:
    """a b for 6 by 6 matrices as 36 floats row by row, terms added in order: the bits of `exact.matmul`."""
    columns = [b[j::6] for j in range(6)]
    rows = [a[i : i + 6] for i in range(0, 36, 6)]
    return [
        p * u + q * v + r * w + s * x + t * y + k * z for p, q, r, s, t, k in rows for u, v, w, x, y, z in columns
    ]


def carry_rows(rows: tuple[Matrix[X], Matrix[X]], blocks: Blocks[X]) -> tuple[Matrix[X], Matrix[X]]:
    """Three rows (over positions, over velocities) of a Jacobian, times the Jacobian of the step before it."""
    over_r, over_v = rows
    rr, rv, vr, vv = blocks
    return (
        _plus(_times(over_r, rr), 1.0, _times(over_v, vr)),
        _plus(_times(over_r, rv), 1.0, _times(over_v, vv)),
    )


def _full(g: tuple[X, X, X, X, X, X]) -> Matrix[X]:
    xx, xy, xz, yy, yz, zz = g
    return xx, xy, xz, xy, yy, yz, xz, yz, zz


def _times(a: Matrix[X], b: Matrix[X]) -> Matrix[X]:
    a0, a1, a2, a3, a4, a5, a6, a7, a8 = a
    b0, b1, b2, b3, b4, b5, b6, b7, b8 = b
    return (
        a0 * b0 + a1 * b3 + a2 * b6, a0 * b1 + a1 * b4 + a2 * b7, a0 * b2 + a1 * b5 + a2 * b8,
        a3 * b0 + a4 * b3 + a5 * b6, a3 * b1 + a4 * b4 + a5 * b7, a3 * b2 + a4 * b5 + a5 * b8,
        a6 * b0 + a7 * b3 + a8 * b6, a6 * b1 + a7 * b4 + a8 * b7, a6 * b2 + a7 * b5 + a8 * b8,
    )  # fmt: skip


def _plus(a: Matrix[X], k: float, b: Matrix[X]) -> Matrix[X]:
    """a + k b"""
    a0, a1, a2, a3, a4, a5, a6, a7, a8 = a
    b0, b1, b2, b3, b4, b5, b6, b7, b8 = b
    return (
        a0 + k * b0, a1 + k * b1, a2 + k * b2, a3 + k * b3, a4 + k * b4,
        a5 + k * b5, a6 + k * b6, a7 + k * b7, a8 + k * b8,
    )  # fmt: skip


def _one_plus(k: float, a: Matrix[X]) -> Matrix[X]:
    """1 + k a"""
    a0, a1, a2, a3, a4, a5, a6, a7, a8 = a
    return 1.0 + k * a0, k * a1, k * a2, k * a3, 1.0 + k * a4, k * a5, k * a6, k * a7, 1.0 + k * a8


def _scaled(k: float, a: Matrix[X]) -> Matrix[X]:
    a0, a1, a2, a3, a4, a5, a6, a7, a8 = a
    return k * a0, k * a1, k * a2, k * a3, k * a4, k * a5, k * a6, k * a7, k * a8
