"""The bend of a lens: a Gaussian in a sensor's polar coordinates as Cartesian moments.

Where r sigma_angle^2 / sigma_range exceeds one, the region that a detection leaves possible is a curved shell, thinner
than it sags. In polar coordinates it is close to Gaussian; the moments of its Cartesian image contain the sag.
Unscented transform: Julier & Uhlmann, Proc. IEEE 92(3), 2004.
"""

import math

import numpy as np

from tocsin.track.algebra import apply
from tocsin.track.jit import kernel
from tocsin.track.sensing import View
from tocsin.track.smoother import multiply, view_of_row
from tocsin.track.tiles import Array


@kernel
def polar_basis(view: View, azimuth: float, elevation: float, out: Array) -> None:
    """Rows: inertial unit vectors along range, azimuth and elevation."""
    sa, ca, se, ce = math.sin(azimuth), math.cos(azimuth), math.sin(elevation), math.cos(elevation)
    enu = ((ce * sa, ce * ca, se), (ca, -sa, 0.0), (-se * sa, -se * ca, ce))
    for k in range(3):
        for i in range(3):
            out[k, i] = enu[k][0] * view.axes[i] + enu[k][1] * view.axes[3 + i] + enu[k][2] * view.axes[6 + i]


@kernel
def to_polar(view: View, m: Array, p: Array, here: Array, q: Array) -> float:
    """Polar state `here` (range, azimuth, elevation, velocity along them), its covariance q; returns range in plan."""
    e = apply(view.axes, (m[0] - view.site[0], m[1] - view.site[1], m[2] - view.site[2]))
    plane = math.sqrt(e[0] * e[0] + e[1] * e[1] + 1e-6)
    distance = math.sqrt(plane * plane + e[2] * e[2])
    here[0], here[1], here[2] = distance, math.atan2(e[0], e[1]), math.atan2(e[2], plane)
    basis, jacobian, work = np.empty((3, 3)), np.zeros((6, 6)), np.empty((6, 6))
    polar_basis(view, here[1], here[2], basis)
    for k in range(3):
        here[3 + k] = 0.0
        for i in range(3):
            here[3 + k] += basis[k, i] * (m[3 + i] - view.site_velocity[i])
    slope = e[2] / plane
    for i in range(3):
        jacobian[0, i], jacobian[1, i], jacobian[2, i] = basis[0, i], basis[1, i] / plane, basis[2, i] / distance
        for k in range(3):
            jacobian[3 + k, 3 + i] = basis[k, i]
        # the directions turn with the line of sight, and the velocity's components with them
        jacobian[3, i] = (basis[1, i] * here[4] + basis[2, i] * here[5]) / distance
        jacobian[4, i] = basis[1, i] * (here[5] * slope - here[3]) / distance
        jacobian[5, i] = (-basis[2, i] * here[3] - basis[1, i] * here[4] * slope) / distance
    multiply(jacobian, p, work)
    for i in range(6):
        for j in range(6):
            q[i, j] = 0.0
            for k in range(6):
                q[i, j] += work[i, k] * jacobian[j, k]
    return plane


@kernel
def bend(row: Array, m: Array, p: Array, mean: Array, covariance: Array) -> float:
    """Cartesian moments of a Gaussian in the sensor's polar coordinates whose linear image at m has covariance p.

    Unscented, six pairs of points. Returns the sag of the lens, one sigma (m), or -1 where the covariance is not
    positive and nothing was written.
    """
    view = view_of_row(row)
    here, q, root, there = np.empty(6), np.empty((6, 6)), np.empty((6, 6)), np.empty((3, 3))
    plane = to_polar(view, m, p, here, q)
    if not lower_root(q, root):
        return -1.0
    points = np.empty((12, 6))
    for c in range(12):
        sign = math.sqrt(6.0) * (1.0 - 2.0 * (c % 2))
        polar_basis(view, here[1] + sign * root[1, c // 2], here[2] + sign * root[2, c // 2], there)
        for i in range(3):
            points[c, i] = view.site[i] + (here[0] + sign * root[0, c // 2]) * there[0, i]
            points[c, 3 + i] = view.site_velocity[i]
            for k in range(3):
                points[c, 3 + i] += (here[3 + k] + sign * root[3 + k, c // 2]) * there[k, i]
    for i in range(6):
        mean[i] = 0.0
        for c in range(12):
            mean[i] += points[c, i] / 12.0
    for i in range(6):
        for k in range(6):
            covariance[i, k] = 0.0
            for c in range(12):
                covariance[i, k] += (points[c, i] - mean[i]) * (points[c, k] - mean[k]) / 12.0
    sag: float = math.sqrt(0.5) * (q[1, 1] * plane * plane + q[2, 2] * here[0] * here[0]) / here[0]
    return sag


@kernel
def lower_root(a: Array, root: Array) -> bool:
    """Cholesky factor of a symmetric matrix; False if it is not positive."""
    for i in range(6):
        for j in range(6):
            root[i, j] = 0.0
    for j in range(6):
        d = a[j, j]
        for k in range(j):
            d -= root[j, k] * root[j, k]
        if not d > 0.0:
            return False
        root[j, j] = math.sqrt(d)
        for i in range(j + 1, 6):
            s = a[i, j]
            for k in range(j):
                s -= root[i, k] * root[j, k]
            root[i, j] = s / root[j, j]
    return True
