"""Measurement updates over tiles: sequential scalar updates by independent components, with second-order terms.

All components are linearised at the predicted state, which equals the batch update (Bar-Shalom, Li & Kirubarajan,
Estimation with Applications to Tracking and Navigation, 2001, sections 7.3 and 10.3.2).
"""

import numpy as np

from tocsin.track.algebra import Matrix, Symmetric, Vector, apply, apply_transposed, dot, full, scale
from tocsin.track.jit import LANES, kernel, lane
from tocsin.track.sensing import (
    View,
    azimuth_variance,
    local,
    moved,
    range_curvature,
    range_rate,
    rate_curvature,
    rows,
    turned,
)
from tocsin.track.tiles import MEASURED, MODES, STATE, Array, copy, pack, unpack
from tocsin.track.unscented import update_by_points

State = tuple[Vector, Vector, Symmetric, Matrix, Symmetric]
Mean = tuple[Vector, Vector]
Blocks = tuple[Matrix, Matrix, Matrix]


@lane
def correct(
    mean: tuple[Vector, Vector],
    blocks: tuple[Matrix, Matrix, Matrix],
    h: Vector,
    y: float,
    variance: float,
    flag: float,
) -> tuple[Mean, Blocks, float, float]:
    """One scalar update with gradient `h` by position: (mean, blocks, squared normalised innovation, its variance).

    With flag 0 nothing changes and the innovation counts as zero.
    """
    p, v = mean
    pp, pv, vv = blocks
    gp = apply(pp, h)
    gv = apply_transposed(pv, h)
    s = dot(h, gp) + variance
    w = flag / s
    kp, kv = scale(w, gp), scale(w, gv)
    p = (p[0] + kp[0] * y, p[1] + kp[1] * y, p[2] + kp[2] * y)
    v = (v[0] + kv[0] * y, v[1] + kv[1] * y, v[2] + kv[2] * y)
    return (p, v), (less(pp, kp, gp), less(pv, kp, gv), less(vv, kv, gv)), y * y * w, s


@lane
def less(m: Matrix, a: Vector, c: Vector) -> Matrix:
    """m - a c'."""
    return (
        m[0] - a[0] * c[0], m[1] - a[0] * c[1], m[2] - a[0] * c[2],
        m[3] - a[1] * c[0], m[4] - a[1] * c[1], m[5] - a[1] * c[2],
        m[6] - a[2] * c[0], m[7] - a[2] * c[1], m[8] - a[2] * c[2],
    )  # fmt: skip


@lane
def shift(h: Vector, p: Vector, origin: Vector) -> float:
    """h . (p - origin): what the linear prediction has moved since the point of linearisation."""
    return h[0] * (p[0] - origin[0]) + h[1] * (p[1] - origin[1]) + h[2] * (p[2] - origin[2])


@lane
def update_angles_and_range(
    view: View,
    state: State,
    z: tuple[float, float, float, float, float],
    flag: float,
) -> tuple[Mean, Blocks, float, float, float]:
    """Update by (range, cos az, sin az, cos el, sin el).

    (mean, blocks, NIS, product of innovation variances, 1.0 if it should be linearised again: `strays`).
    """
    p, v, pp, pv, vv = state
    prior = (p, v), (full(pp), pv, full(vv))
    return update_at(view, prior[0], prior[1], prior, z, flag)


@lane
def strays(view: View, distance: float, bias: float) -> float:
    """1.0 if a prior is so wide that range bends by more than its sigma (`bias`), and a measured place so sharp that it
    would not: then the prediction is the wrong point to linearise at, and the first posterior is a good one.
    """
    sharp = 0.5 * distance * view.variance_elevation
    far = 1.0 if bias * bias > view.variance_range else 0.0
    straight = 1.0 if sharp * sharp < view.variance_range else 0.0
    return far * straight * view.has_range


@lane
def bent(view: View, state: State) -> float:
    """`strays` of a state that is not linearised."""
    p, _, pp, _, _ = state
    e, plane, distance = local(view, p)
    hr, _, _ = rows(view, e, plane, distance)
    bias, _ = range_curvature(hr, distance, full(pp))
    return strays(view, distance, bias)


@lane
def update_at(
    view: View,
    at: Mean,
    spread_at: Blocks,
    prior: tuple[Mean, Blocks],
    z: tuple[float, float, float, float, float],
    flag: float,
) -> tuple[Mean, Blocks, float, float, float]:
    """The update of a prior, linearised at a state with a spread: the prior itself, or a first posterior.

    The latter is one step of the iterated filter: Bell & Cathey, IEEE Trans. Autom. Control 38(2), 1993.
    """
    p0, v0 = at
    e, plane, distance = local(view, p0)
    hr, ha, he = rows(view, e, plane, distance)
    bias, spread = range_curvature(hr, distance, spread_at[0])
    yr = z[0] - distance - bias
    ya = turned(z[2] * e[1] - z[1] * e[0], z[1] * e[1] + z[2] * e[0], plane)
    ye = turned(z[4] * plane - z[3] * e[2], z[3] * plane + z[4] * e[2], distance)
    mean, blocks = prior
    in_azimuth = azimuth_variance(view, e, plane) + moved(view, ha, v0)
    in_elevation = view.variance_elevation + moved(view, he, v0)
    in_range = view.variance_range + spread + moved(view, hr, v0)
    mean, blocks, q1, s1 = correct(mean, blocks, ha, ya - shift(ha, mean[0], p0), in_azimuth, flag)
    mean, blocks, q2, s2 = correct(mean, blocks, he, ye - shift(he, mean[0], p0), in_elevation, flag)
    mean, blocks, q3, s3 = correct(mean, blocks, hr, yr - shift(hr, mean[0], p0), in_range, flag * view.has_range)
    far = strays(view, distance, bias) * flag
    return mean, blocks, q1 + q2 + q3, s1 * s2 * (view.has_range * s3 + 1.0 - view.has_range), far


@lane
def update_rate(
    view: View,
    before: State,
    after: State,
    measured: float,
    flag: float,
) -> tuple[Mean, Blocks, float, float]:
    """Scalar update of `after` by range rate, linearised at the predicted state `before` like the other components."""
    p0, v0, pp0, pv0, vv0 = before
    p, v, pp, pv, vv = after
    _, _, distance = local(view, p0)
    e, plane, _ = local(view, p0)
    hv, _, _ = rows(view, e, plane, distance)
    rate, hp = range_rate(view, hv, distance, v0)
    bias, spread = rate_curvature(hv, distance, full(pp0), pv0, full(vv0))
    fpp, fvv = full(pp), full(vv)
    gp = apply(fpp, hp)
    gp = (
        gp[0] + dot((pv[0], pv[1], pv[2]), hv),
        gp[1] + dot((pv[3], pv[4], pv[5]), hv),
        gp[2] + dot((pv[6], pv[7], pv[8]), hv),
    )
    gv = apply_transposed(pv, hp)
    vu = apply(fvv, hv)
    gv = (gv[0] + vu[0], gv[1] + vu[1], gv[2] + vu[2])
    s = dot(hp, gp) + dot(hv, gv) + view.variance_rate + spread
    y = measured - rate - bias - shift(hp, p, p0) - shift(hv, v, v0)
    w = flag / s
    kp, kv = scale(w, gp), scale(w, gv)
    p = (p[0] + kp[0] * y, p[1] + kp[1] * y, p[2] + kp[2] * y)
    v = (v[0] + kv[0] * y, v[1] + kv[1] * y, v[2] + kv[2] * y)
    return (p, v), (less(fpp, kp, gp), less(pv, kp, gv), less(fvv, kv, gv)), y * y * w, s


@kernel
def update_tiles(
    bank: Array, tiles: int, view: View, z: Array, fit: Array, rated: bool | None, points: bool | None
) -> None:
    """Update every mode by its track's measurement, in place.

    z (tiles, 7, 16): range, cos and sin of azimuth, cos and sin of elevation, range rate, flag (1 measured, 0 not).
    fit (tiles, modes, 2, 16) receives the squared normalised innovation and the product of innovation variances; it
    stays as it was where no track of a tile was measured. rated: None leaves the range rate out, and uncompiled.
    points: anything but None updates by unscented points (`unscented`) in place of second-order terms.
    """
    box = np.empty((STATE + MEASURED + 3, LANES))
    t, m, far = box[:STATE], box[STATE : STATE + MEASURED], box[STATE + MEASURED + 2]
    scores = box[STATE + MEASURED : STATE + MEASURED + 2]
    before = np.empty((STATE, LANES))
    for tile in range(tiles):
        copy(z[tile], m)
        measured_here = 0.0
        for b in range(LANES):
            measured_here += m[6, b]
        if measured_here == 0.0:
            continue
        for mode in range(MODES):
            copy(bank[tile, mode], t)
            if rated is not None:
                copy(t, before)
            for b in range(LANES):
                measured = (m[0, b], m[1, b], m[2, b], m[3, b], m[4, b])
                if points is None:
                    mean, blocks, q, s, far[b] = update_angles_and_range(view, unpack(t, b), measured, m[6, b])
                else:
                    far[b] = bent(view, unpack(t, b)) * m[6, b]
                    mean, blocks, q, s = update_by_points(view, unpack(t, b), measured, m[6, b])
                pack(t, b, mean[0], mean[1], blocks[0], blocks[1], blocks[2])
                scores[0, b] = q
                scores[1, b] = s
            wide = 0.0
            for b in range(LANES):
                wide += far[b]
            if wide > 0.0:
                again_tile(view, bank[tile, mode], before, t, m, far)
            if rated is not None:
                rate_tile(view, before, t, m, scores)
            copy(t, bank[tile, mode])
            copy(scores, fit[tile, mode])


@kernel
def again_tile(view: View, prior: Array, before: Array, t: Array, m: Array, far: Array) -> None:
    """Linearise once more, at the posterior in `t`, where the prior was wide (`far`, by `strays`); `t` in place.

    In `before` it stands for the prior: that is where the range rate is linearised then.
    """
    for b in range(LANES):
        if far[b] > 0.0:
            p, v, pp, pv, vv = unpack(t, b)
            measured = (m[0, b], m[1, b], m[2, b], m[3, b], m[4, b])
            first = (p, v), (full(pp), pv, full(vv))
            p, v, pp, pv, vv = unpack(prior, b)
            wide = (p, v), (full(pp), pv, full(vv))
            mean, blocks, _, _, _ = update_at(view, first[0], first[1], wide, measured, 1.0)
            pack(t, b, mean[0], mean[1], blocks[0], blocks[1], blocks[2])
            pack(before, b, mean[0], mean[1], blocks[0], blocks[1], blocks[2])


@kernel
def rate_tile(view: View, before: Array, after: Array, m: Array, scores: Array) -> None:
    """The range-rate component for one tile: `after` and `scores` in place."""
    out = np.empty((STATE, LANES))
    more = np.empty((2, LANES))
    for b in range(LANES):
        mean, blocks, q, s = update_rate(view, unpack(before, b), unpack(after, b), m[5, b], m[6, b])
        pack(out, b, mean[0], mean[1], blocks[0], blocks[1], blocks[2])
        more[0, b] = q
        more[1, b] = s
    copy(out, after)
    for b in range(LANES):
        scores[0, b] += more[0, b]
        scores[1, b] *= more[1, b]
