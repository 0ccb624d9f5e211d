"""Gravity of the estimator: point mass and J2, in inertial axes (or any axes turned about z).

Vallado, Fundamentals of Astrodynamics and Applications, 4th ed., section 8.7.1. What is left out (J3 and beyond,
sun, moon) is 2e-4 m/s^2 on the ground at a pole, and moves an impact by 15 to 40 m in 20 to 43 minutes of flight [C].
Exact arithmetic only.
"""

import math

import numpy as np

from tocsin.world.constants import EGM96_A_M, J2, MU_M3_S2
from tocsin.world.exact import Array, X, root

# Added to every squared distance: 2 parts in 10^14 at the ground, and no state that a partner may state, not even the
# Earth's centre, divides by zero.
_CORE_M2 = 1.0
_K = 1.5 * J2 * (EGM96_A_M * EGM96_A_M)


def pull(x: X, y: X, z: X) -> tuple[X, X, X]:
    """Acceleration components (m/s^2) at a position (m)."""
    square = x * x + y * y + z * z + _CORE_M2
    m = MU_M3_S2 / (square * (math.sqrt(square) if isinstance(square, float) else root(square)))
    f = _K / square
    s = 5.0 * (z * z) / square
    plane = -m * (1.0 + f * (1.0 - s))
    return x * plane, y * plane, z * (-m * (1.0 + f * (3.0 - s)))


def pull_and_gradient(x: X, y: X, z: X) -> tuple[tuple[X, X, X], tuple[X, X, X, X, X, X]]:
    """The same bits as `pull`, and the gradient of it (1/s^2), symmetric: xx, xy, xz, yy, yz, zz."""
    square = x * x + y * y + z * z + _CORE_M2
    m = MU_M3_S2 / (square * (math.sqrt(square) if isinstance(square, float) else root(square)))
    f = _K / square
    s = 5.0 * (z * z) / square
    diagonal = m * (1.0 + f * (1.0 - s))
    acceleration = x * -diagonal, y * -diagonal, z * (-m * (1.0 + f * (3.0 - s)))
    outer = (m / square) * (3.0 + f * (5.0 - 7.0 * s))
    mixed = outer + (m / square) * (10.0 * f)
    xx = x * x * outer - diagonal
    yy = y * y * outer - diagonal
    # Laplace: the trace is zero
    return acceleration, (xx, x * y * outer, x * z * mixed, yy, y * z * mixed, -(xx + yy))


def acceleration_eci(position_eci_m: Array) -> Array:
    """Acceleration (..., 3) in m/s^2 at positions (..., 3)."""
    p = np.asarray(position_eci_m, float)
    return np.stack(pull(p[..., 0], p[..., 1], p[..., 2]), axis=-1)


def gradient_eci(position_eci_m: Array) -> Array:
    """Symmetric gradient (..., 3, 3) of the acceleration in 1/s^2 at positions (..., 3)."""
    p = np.asarray(position_eci_m, float)
    _, (xx, xy, xz, yy, yz, zz) = pull_and_gradient(p[..., 0], p[..., 1], p[..., 2])
    return np.stack([xx, xy, xz, xy, yy, yz, xz, yz, zz], axis=-1).reshape(*p.shape[:-1], 3, 3)
