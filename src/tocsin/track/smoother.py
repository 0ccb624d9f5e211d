"""A smoother over one track's last detections that linearises again and again: Gauss-Newton on a whole window.

The iterated Kalman smoother (Bell, SIAM J. Optimization 4(3), 1994) with scalar updates, and the backward pass of
Bierman (Automatica 9(4), 1973) that needs no inverses. The flight coasts: gravity and white acceleration.

A window row holds one detection: `seen` (28): site 3, its velocity 3, axes 9, variances of range, azimuth, elevation
and rate, has_range, has_rate, isotropic, seconds since the row before, range, azimuth, elevation and rate measured,
clock variance. `line` (6) is the trajectory about which everything is linear.
"""

import math

import numpy as np

from tocsin.track.algebra import combine, diagonal, scale
from tocsin.track.dynamics import flow, transition
from tocsin.track.jit import kernel, lane
from tocsin.track.sensing import View, azimuth_variance, local, moved, range_rate, rows, turned
from tocsin.track.tiles import Array

SEEN = 28
STEP_S = 2.5
COMPONENTS = 4


@lane
def view_of_row(row: Array) -> View:
    """The sensor of a window row. Its field of view plays no part here."""
    return View(
        (row[0], row[1], row[2]),
        (row[3], row[4], row[5]),
        (row[6], row[7], row[8], row[9], row[10], row[11], row[12], row[13], row[14]),
        row[15], row[16], row[17], row[18], row[19], row[20], row[21],
        0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, row[27],
    )  # fmt: skip


@kernel
def carry(x: Array, dt: float, out: Array, phi: Array) -> None:
    """State after dt by gravity alone, and the transition matrix (6, 6), in steps of at most STEP_S."""
    steps = max(1, math.ceil(abs(dt) / STEP_S))
    h = dt / steps
    p, v = (x[0], x[1], x[2]), (x[3], x[4], x[5])
    small = np.empty((6, 6))
    work = np.empty((6, 6))
    for i in range(6):
        for j in range(6):
            phi[i, j] = 1.0 if i == j else 0.0
    for _ in range(steps):
        p_end, v_end = flow(p, v, (0.0, 0.0, 0.0), h)
        middle = scale(0.5, (p[0] + p_end[0], p[1] + p_end[1], p[2] + p_end[2]))
        blocks = transition(middle, combine(0.0, diagonal(1.0), 0.0, diagonal(1.0)), h)
        for i in range(3):
            for j in range(3):
                small[i, j], small[i, j + 3] = blocks[0][3 * i + j], blocks[1][3 * i + j]
                small[i + 3, j], small[i + 3, j + 3] = blocks[2][3 * i + j], blocks[3][3 * i + j]
        multiply(small, phi, work)
        for i in range(6):
            for j in range(6):
                phi[i, j] = work[i, j] if steps > 1 else small[i, j]
        p, v = p_end, v_end
    out[0], out[1], out[2] = p
    out[3], out[4], out[5] = v


@kernel
def multiply(a: Array, b: Array, out: Array) -> None:
    for i in range(6):
        for j in range(6):
            total = 0.0
            for k in range(6):
                total += a[i, k] * b[k, j]
            out[i, j] = total


@kernel
def spread_out(phi: Array, p: Array, dt: float, density: float, work: Array) -> None:
    """p becomes phi p phi' + Q in place; white acceleration as in world.motion."""
    multiply(phi, p, work)
    for i in range(6):
        for j in range(6):
            total = 0.0
            for k in range(6):
                total += work[i, k] * phi[j, k]
            p[i, j] = total
    span = abs(dt)
    for i in range(3):
        p[i, i] += density * span * span * span / 3.0
        p[i, i + 3] += 0.5 * density * dt * span
        p[i + 3, i] += 0.5 * density * dt * span
        p[i + 3, i + 3] += density * span


@kernel
def look(row: Array, x: Array, h: Array, y: Array, variance: Array) -> None:
    """Gradients (4, 6), innovations and variances of azimuth, elevation, range and rate at x; absent: variance 1e30."""
    view = view_of_row(row)
    p, v = (x[0], x[1], x[2]), (x[3], x[4], x[5])
    e, plane, distance = local(view, p)
    by_range, by_azimuth, by_elevation = rows(view, e, plane, distance)
    rate, by_place = range_rate(view, by_range, distance, v)
    ca, sa, ce, se = math.cos(row[24]), math.sin(row[24]), math.cos(row[25]), math.sin(row[25])
    y[0] = turned(sa * e[1] - ca * e[0], ca * e[1] + sa * e[0], plane)
    y[1] = turned(se * plane - ce * e[2], ce * plane + se * e[2], distance)
    y[2] = (row[23] - distance) * view.has_range
    y[3] = (row[26] - rate) * view.has_rate
    for k in range(3):
        h[0, k], h[1, k], h[2, k], h[3, k] = by_azimuth[k], by_elevation[k], by_range[k], by_place[k]
        h[0, k + 3], h[1, k + 3], h[2, k + 3], h[3, k + 3] = 0.0, 0.0, 0.0, by_range[k]
    variance[0] = azimuth_variance(view, e, plane) + moved(view, by_azimuth, v)
    variance[1] = view.variance_elevation + moved(view, by_elevation, v)
    variance[2] = view.variance_range + moved(view, by_range, v)
    variance[3] = view.variance_rate


@kernel
def take_in(m: Array, p: Array, x: Array, h: Array, y: Array, variance: Array, trail: Array) -> None:
    """Scalar updates of (m, p) by what `look` found at x; trail (4, 14) keeps gradient, gain, innovation, variance."""
    for c in range(COMPONENTS):
        s = variance[c]
        r = y[c]
        for i in range(6):
            trail[c, i] = h[c, i]
            g = 0.0
            for k in range(6):
                g += p[i, k] * h[c, k]
            trail[c, 6 + i] = g
            s += g * h[c, i]
            r -= h[c, i] * (m[i] - x[i])
        for i in range(6):
            m[i] += trail[c, 6 + i] * r / s
            for k in range(6):
                p[i, k] -= trail[c, 6 + i] * trail[c, 6 + k] / s
        for i in range(6):
            trail[c, 6 + i] /= s
        trail[c, 12] = r
        trail[c, 13] = s


@kernel
def sweep_once(
    seen: Array, line: Array, n: int, prior: Array, density: float, m: Array, p: Array, next_prior: Array
) -> None:
    """One Gauss-Newton step: forward filter about `line`, then `line` becomes the smoothed trajectory.

    seen (w, 28), line (w, 6), n rows used. prior (7, 6): mean, then covariance, before the first row. m (6,), p (6, 6)
    receive the last filtered state; next_prior the same as prior for a window that begins one row later.
    """
    phi, work = np.empty((n, 6, 6)), np.empty((6, 6))
    h, y, variance = np.empty((4, 6)), np.empty(4), np.empty(4)
    trail = np.empty((n, 4, 14))
    means, spreads = np.empty((n, 6)), np.empty((n, 6, 6))
    end = np.empty(6)
    for i in range(6):
        m[i] = prior[0, i]
        for k in range(6):
            p[i, k] = prior[1 + i, k]
    for j in range(n):
        if j > 0:
            dt = seen[j, 22]
            carry(line[j - 1], dt, end, phi[j])
            for i in range(6):
                work[0, i] = end[i]
                for k in range(6):
                    work[0, i] += phi[j, i, k] * (m[k] - line[j - 1, k])
            for i in range(6):
                m[i] = work[0, i]
            spread_out(phi[j], p, dt, density, work)
            if j == 1:
                for i in range(6):
                    next_prior[0, i] = m[i]
                    for k in range(6):
                        next_prior[1 + i, k] = p[i, k]
        look(seen[j], line[j], h, y, variance)
        take_in(m, p, line[j], h, y, variance, trail[j])
        for i in range(6):
            means[j, i] = m[i]
            for k in range(6):
                spreads[j, i, k] = p[i, k]
    look_back(line, n, means, spreads, phi, trail)


@kernel
def look_back(line: Array, n: int, means: Array, spreads: Array, phi: Array, trail: Array) -> None:
    """Smoothed means into `line` (Bierman, Automatica 9(4), 1973: adjoint recursion through each scalar update)."""
    pull, work = np.zeros(6), np.empty(6)
    for step in range(n):
        j = n - 1 - step
        for i in range(6):
            line[j, i] = means[j, i]
            for k in range(6):
                line[j, i] -= spreads[j, i, k] * pull[k]
        for back in range(COMPONENTS):
            c = COMPONENTS - 1 - back
            weight = -trail[j, c, 12] / trail[j, c, 13]
            for k in range(6):
                weight -= trail[j, c, 6 + k] * pull[k]
            for i in range(6):
                pull[i] += trail[j, c, i] * weight
        if j > 0:
            for i in range(6):
                work[i] = 0.0
                for k in range(6):
                    work[i] += phi[j, k, i] * pull[k]
            for i in range(6):
                pull[i] = work[i]
