"""Predicted measurements over tiles: what the sensor should see of each track, and how sharply.

`sight` (tiles, 21, 16) holds for each track what the sensor should see: rows 0-3 range, azimuth, elevation, range
rate; 4-9 and 10-13 the factors of the innovation covariance S = L D L' over (azimuth, elevation, range, rate), as the
rows of unit L below the diagonal and 1/D; 14 the product of D over the measured components; 15-17 half widths of
the gate in range, azimuth and elevation; 18 one if a detection is due (in the sensor's view by two sigma), else
zero; 19 height above the ellipsoid (m); 20 one if the mean alone is in view.
"""

import math

import numpy as np

from tocsin.track.algebra import apply, apply_transposed, dot, full, trace
from tocsin.track.dynamics import height
from tocsin.track.jit import LANES, kernel, lane
from tocsin.track.sensing import (
    View,
    arctan2,
    azimuth_variance,
    exposed,
    in_field,
    local,
    moved,
    range_curvature,
    range_rate,
    rate_curvature,
    rows,
)
from tocsin.track.tiles import STATE, Array, copy, unpack

SIGHT = 21


@kernel
def predict_sight(mean: Array, tiles: int, view: View, gate: float, sight: Array, rated: bool | None) -> None:
    """Fill `sight` from the moment-matched states `mean` (tiles, 27, 16). `gate` is in standard deviations.

    rated: None leaves the range rate out, and uncompiled.
    """
    box = np.empty((STATE + SIGHT, LANES))
    t, out = box[:STATE], box[STATE:]
    for tile in range(tiles):
        copy(mean[tile], t)
        for b in range(LANES):
            angles_and_range(view, t, out, gate, b)
        if rated is not None:
            rate_sight(view, t, out)
        copy(out, sight[tile])


@lane
def angles_and_range(view: View, t: Array, out: Array, gate: float, b: int) -> None:
    """Rows of `sight` that do not need the range rate, for lane b."""
    p, v, spp, _, _ = unpack(t, b)
    pp = full(spp)
    e, plane, distance = local(view, p)
    hr, ha, he = rows(view, e, plane, distance)
    bias, spread = range_curvature(hr, distance, pp)
    ga, ge, gr = apply(pp, ha), apply(pp, he), apply(pp, hr)
    saa, see, srr = dot(ha, ga), dot(he, ge), dot(hr, gr)
    sea, sra, sre = dot(he, ga), dot(hr, ga), dot(hr, ge)
    in_azimuth = azimuth_variance(view, e, plane) + moved(view, ha, v)
    in_elevation = view.variance_elevation + moved(view, he, v)
    in_range = view.variance_range + spread + moved(view, hr, v)
    d0 = saa + in_azimuth
    l10, l20 = sea / d0, sra / d0
    d1 = see + in_elevation - l10 * sea
    l21 = (sre - l20 * sea) / d1
    d2 = srr + in_range - l20 * sra - l21 * l21 * d1
    azimuth, elevation = arctan2(e[0], e[1], plane), arctan2(e[2], plane, distance)
    out[0, b], out[1, b], out[2, b], out[3, b] = distance + bias, azimuth, elevation, 0.0
    out[4, b], out[5, b], out[6, b] = l10, l20, l21
    out[7, b], out[8, b], out[9, b] = 0.0, 0.0, 0.0
    out[10, b], out[11, b], out[12, b], out[13, b] = 1.0 / d0, 1.0 / d1, view.has_range / d2, 0.0
    out[14, b] = d0 * d1 * (view.has_range * d2 + 1.0 - view.has_range)
    out[15, b] = gate * math.sqrt(srr + in_range)
    out[16, b], out[17, b] = gate * math.sqrt(d0), gate * math.sqrt(see + in_elevation)
    margins = (2.0 * math.sqrt(srr), 2.0 * math.sqrt(saa), 2.0 * math.sqrt(see))
    above = height(p)
    radar = in_field(view, distance, azimuth, elevation, margins)
    infrared = exposed(view, p, distance, above, 2.0 * math.sqrt(trace(pp)))
    out[18, b] = view.has_range * radar + (1.0 - view.has_range) * infrared
    out[19, b] = above
    centre = in_field(view, distance, azimuth, elevation, (0.0, 0.0, 0.0))
    seen = exposed(view, p, distance, above, 0.0)
    out[20, b] = view.has_range * centre + (1.0 - view.has_range) * seen


@kernel
def rate_sight(view: View, t: Array, out: Array) -> None:
    """The rows of `sight` that belong to range rate, for one tile."""
    for b in range(LANES):
        p, v, spp, pv, svv = unpack(t, b)
        pp, vv = full(spp), full(svv)
        e, plane, distance = local(view, p)
        hr, ha, he = rows(view, e, plane, distance)
        rate, hp = range_rate(view, hr, distance, v)
        bias, spread = rate_curvature(hr, distance, pp, pv, vv)
        g = apply(pp, hp)
        c = apply(pv, hr)
        g = (g[0] + c[0], g[1] + c[1], g[2] + c[2])
        variance = dot(hp, g) + dot(hr, apply_transposed(pv, hp)) + dot(hr, apply(vv, hr))
        own = variance + view.variance_rate + spread
        sa, se, sr = dot(ha, g), dot(he, g), dot(hr, g)
        d0, d1, d2 = 1.0 / out[10, b], 1.0 / out[11, b], 1.0 / out[12, b]
        l30 = sa / d0
        l31 = (se - l30 * d0 * out[4, b]) / d1
        l32 = (sr - l30 * d0 * out[5, b] - l31 * d1 * out[6, b]) / d2
        d3 = own - l30 * l30 * d0 - l31 * l31 * d1 - l32 * l32 * d2
        d3 = max(d3, view.variance_rate)
        out[3, b] = rate + bias
        out[7, b], out[8, b], out[9, b] = l30, l31, l32
        out[13, b] = 1.0 / d3
        out[14, b] *= d3
