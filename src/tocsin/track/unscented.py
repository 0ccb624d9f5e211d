"""The unscented update of angles and range, for one lane: an option where a linearised one is not trusted.

Julier & Uhlmann, Proc. IEEE 92(3), 2004, with n + kappa = 3, their choice for Gaussians. These components depend on the
position alone, so that of the thirteen points of a six-dimensional state those that differ in velocity only fall
together with the middle, whose weights then sum to zero: six points over the position are the same transform.
"""

import math

from tocsin.track.algebra import Matrix, Symmetric, Vector, add, apply, full, outer, plus, scale, subtract
from tocsin.track.jit import lane
from tocsin.track.sensing import View, azimuth_variance, local, moved, rows, turned

ROOT3 = math.sqrt(3.0)
SIXTH = 1.0 / 6.0
State = tuple[Vector, Vector, Symmetric, Matrix, Symmetric]
Middle = tuple[Vector, float, float]


@lane
def roots(pp: Symmetric, pv: Matrix) -> tuple[Matrix, Matrix]:
    """Columns, one after the other, of the lower triangular root of the position covariance, and of what belongs to
    them in velocity; both times sqrt(3)."""
    a = math.sqrt(pp[0])
    b, c = pp[1] / a, pp[2] / a
    d = math.sqrt(pp[3] - b * b)
    e = (pp[4] - b * c) / d
    f = math.sqrt(pp[5] - c * c - e * e)
    w0 = scale(1.0 / a, (pv[0], pv[1], pv[2]))
    w1 = scale(1.0 / d, subtract((pv[3], pv[4], pv[5]), scale(b, w0)))
    w2 = scale(1.0 / f, subtract((pv[6], pv[7], pv[8]), add(scale(c, w0), scale(e, w1))))
    s = ROOT3
    places = (s * a, s * b, s * c, 0.0, s * d, s * e, 0.0, 0.0, s * f)
    speeds = (s * w0[0], s * w0[1], s * w0[2], s * w1[0], s * w1[1], s * w1[2], s * w2[0], s * w2[1], s * w2[2])
    return places, speeds


@lane
def seen(middle: Middle, e: Vector) -> Vector:
    """Azimuth, elevation (rad) and range (m) of a point in the sensor's axes, less those of the middle."""
    centre, plane0, distance0 = middle
    flat2 = e[0] * e[0] + e[1] * e[1] + 1e-6
    plane = math.sqrt(flat2)
    distance = math.sqrt(flat2 + e[2] * e[2])
    sine, cosine = e[0] * centre[1] - e[1] * centre[0], e[1] * centre[1] + e[0] * centre[0]
    rise, level = e[2] * plane0 - plane * centre[2], plane * plane0 + e[2] * centre[2]
    return turned(sine, cosine, plane * plane0), turned(rise, level, distance * distance0), distance - distance0


@lane
def less_square(m: Matrix, w: float, a: Vector, c: Vector) -> Matrix:
    """m - w a c'."""
    return plus(m, outer(scale(-w, a), c))


@lane
def update_by_points(
    view: View, state: State, z: tuple[float, float, float, float, float], flag: float
) -> tuple[tuple[Vector, Vector], tuple[Matrix, Matrix, Matrix], float, float]:
    """Update by (range, cos az, sin az, cos el, sin el): (mean, blocks, NIS, product of innovation variances).

    The same in and out as `updating.update_angles_and_range`; with flag 0 nothing changes.
    """
    p, v, spp, pv, svv = state
    places, speeds = roots(spp, pv)
    p0, p1, p2 = (places[0], places[1], places[2]), (places[3], places[4], places[5]), (0.0, 0.0, places[8])
    v0, v1, v2 = (speeds[0], speeds[1], speeds[2]), (speeds[3], speeds[4], speeds[5]), (speeds[6], speeds[7], speeds[8])
    e, plane, distance = local(view, p)
    middle = (e, plane, distance)
    a0, a1, a2 = apply(view.axes, p0), apply(view.axes, p1), apply(view.axes, p2)
    u0, d0 = seen(middle, add(e, a0)), seen(middle, subtract(e, a0))
    u1, d1 = seen(middle, add(e, a1)), seen(middle, subtract(e, a1))
    u2, d2 = seen(middle, add(e, a2)), seen(middle, subtract(e, a2))
    mean = scale(SIXTH, add(add(add(u0, d0), add(u1, d1)), add(u2, d2)))
    b0, b1, b2 = scale(SIXTH, subtract(u0, d0)), scale(SIXTH, subtract(u1, d1)), scale(SIXTH, subtract(u2, d2))
    o0, o1, o2 = subtract(u0, mean), subtract(u1, mean), subtract(u2, mean)
    q0, q1, q2 = subtract(d0, mean), subtract(d1, mean), subtract(d2, mean)
    spread = plus(plus(plus(outer(o0, o0), outer(q0, q0)), plus(outer(o1, o1), outer(q1, q1))),
                  plus(outer(o2, o2), outer(q2, q2)))  # fmt: skip
    hr, ha, he = rows(view, e, plane, distance)
    s00 = SIXTH * spread[0] + azimuth_variance(view, e, plane) + moved(view, ha, v)
    s11 = SIXTH * spread[4] + view.variance_elevation + moved(view, he, v)
    s22 = SIXTH * spread[8] + view.variance_range + moved(view, hr, v)
    s10, s20, s21 = SIXTH * spread[3], SIXTH * spread[6], SIXTH * spread[7]
    l10, l20 = s10 / s00, s20 / s00
    t1 = s11 - l10 * s10
    l21 = (s21 - l20 * s10) / t1
    t2 = s22 - l20 * s20 - l21 * l21 * t1
    y0 = turned(z[2] * e[1] - z[1] * e[0], z[1] * e[1] + z[2] * e[0], plane) - mean[0]
    y1 = turned(z[4] * plane - z[3] * e[2], z[3] * plane + z[4] * e[2], distance) - mean[1] - l10 * y0
    y2 = z[0] - distance - mean[2] - l20 * y0 - l21 * y1
    # covariances of position and velocity with the three innovations made independent
    gp0 = add(add(scale(b0[0], p0), scale(b1[0], p1)), scale(b2[0], p2))
    gv0 = add(add(scale(b0[0], v0), scale(b1[0], v1)), scale(b2[0], v2))
    h0, h1, h2 = b0[1] - l10 * b0[0], b1[1] - l10 * b1[0], b2[1] - l10 * b2[0]
    gp1 = add(add(scale(h0, p0), scale(h1, p1)), scale(h2, p2))
    gv1 = add(add(scale(h0, v0), scale(h1, v1)), scale(h2, v2))
    k0 = b0[2] - l20 * b0[0] - l21 * h0
    k1 = b1[2] - l20 * b1[0] - l21 * h1
    k2 = b2[2] - l20 * b2[0] - l21 * h2
    gp2 = add(add(scale(k0, p0), scale(k1, p1)), scale(k2, p2))
    gv2 = add(add(scale(k0, v0), scale(k1, v1)), scale(k2, v2))
    w0, w1, w2 = flag / s00, flag / t1, flag * view.has_range / t2
    pp, vv = full(spp), full(svv)
    pp = less_square(less_square(less_square(pp, w0, gp0, gp0), w1, gp1, gp1), w2, gp2, gp2)
    pv = less_square(less_square(less_square(pv, w0, gp0, gv0), w1, gp1, gv1), w2, gp2, gv2)
    vv = less_square(less_square(less_square(vv, w0, gv0, gv0), w1, gv1, gv1), w2, gv2, gv2)
    p = add(p, add(add(scale(w0 * y0, gp0), scale(w1 * y1, gp1)), scale(w2 * y2, gp2)))
    v = add(v, add(add(scale(w0 * y0, gv0), scale(w1 * y1, gv1)), scale(w2 * y2, gv2)))
    fit = w0 * y0 * y0 + w1 * y1 * y1 + w2 * y2 * y2
    return (p, v), (pp, pv, vv), fit, s00 * t1 * (view.has_range * t2 + 1.0 - view.has_range)
