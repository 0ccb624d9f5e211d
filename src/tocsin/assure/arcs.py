"""Members of the family of arcs as points: the formulas of reach.py in plain floats, without error terms."""

import math

import numpy as np

from tocsin.assure.ballistic import climb, least_speed, lofted_speed, needed_speed, quickest_time
from tocsin.assure.forms import Floats
from tocsin.assure.jit import kernel

LEAST_CLIMB = 0.02  # a witness must start upwards, by more than one degree


@kernel
def place(p: Floats, altitude_min: float) -> tuple[float, float, float, float, float]:
    """Arc and place of parameters p (launch lat, lon, aim lat, lon, site lat, lon, factor, place, ...).

    Returns radius, time since the arc's start, whole flight time, and the weights of the launch and aim directions.
    """
    apart = math.sin(p[0]) * math.sin(p[2]) + math.cos(p[0]) * math.cos(p[2]) * math.cos(p[1] - p[3])
    quarter = 0.25 * math.acos(max(-1.0, min(1.0, apart)))
    sine, cosine = math.sin(quarter), math.cos(quarter)
    height = p[6] * sine * (cosine - sine)
    depth = height / (1.0 + height)
    least = altitude_min / (1.0 + altitude_min)
    sin_place = p[7] * math.sqrt(max(0.0, 1.0 - least / depth)) * sine
    radius = 1.0 / (1.0 - depth + (depth - least) * p[7] * p[7])
    ratio = p[6] * (cosine / sine - 1.0) + 1.0
    stretch = math.sqrt(ratio)
    eccentricity = 1.0 - 2.0 / (ratio + 1.0)
    axis = 0.5 * (1.0 + height) * (1.0 + 1.0 / ratio)
    cos_place = math.sqrt(1.0 - sin_place * sin_place)
    tangent = stretch * sin_place / cos_place
    end = stretch * sine / cosine
    period = 2.0 * axis * math.sqrt(axis)
    whole = period * (math.atan(end) + eccentricity * end / (1.0 + end * end))
    part = period * (math.atan(tangent) + eccentricity * tangent / (1.0 + tangent * tangent))
    along = radius * (1.0 - 2.0 * sin_place * sin_place) / (2.0 * math.cos(2.0 * quarter))
    across = radius * sin_place * cos_place / math.sin(2.0 * quarter)
    return radius, whole + part, 2.0 * whole, along - across, along + across


@kernel
def distance(p: Floats, site_longitude: float, launch_weight: float, aim_weight: float) -> float:
    """Chord between the site, at an inertial longitude, and the place on the arc."""
    x = launch_weight * math.cos(p[0]) * math.cos(p[1] - site_longitude) + aim_weight * math.cos(p[2]) * math.cos(
        p[3] - site_longitude
    )
    y = launch_weight * math.cos(p[0]) * math.sin(p[1] - site_longitude) + aim_weight * math.cos(p[2]) * math.sin(
        p[3] - site_longitude
    )
    z = launch_weight * math.sin(p[0]) + aim_weight * math.sin(p[2])
    return math.sqrt((x - math.cos(p[4])) ** 2 + y * y + (z - math.sin(p[4])) ** 2)


@kernel
def speed_after(
    p: Floats,
    wait: float,
    left: float,
    late: float,
    weights: tuple[float, float],
    radius: float,
    rotation: float,
    ceiling: float,
) -> float:
    """Speed of the arc that starts after `wait` and meets place p exactly on time, `left` after `late`."""
    time = left - wait
    if time <= 0.0 or wait < 0.0:
        return ceiling
    chord = distance(p, p[5] + rotation * (late + wait), weights[0], weights[1])
    least = least_speed(radius, chord) * (1.0 + 1e-12)
    if quickest_time(least, radius, chord) < time:
        return lofted_speed(radius, chord, time, ceiling)
    speed = needed_speed(radius, chord, time, ceiling)
    return ceiling if climb(speed, radius, chord) < LEAST_CLIMB else speed


@kernel
def speed_for(p: Floats, late: float, altitude_min: float, rotation: float, cap: float, ceiling: float) -> float:
    """A speed at which an interceptor meets place p; `late` is its earliest launch after the arc's start.

    It waits where more time is left than the slowest useful arc takes. `least_speed_for` looks a little further.
    """
    radius, time, _, launch_weight, aim_weight = place(p, altitude_min)
    left = time - late
    wait = max(0.0, left - cap)
    speed = ceiling
    for _ in range(3):
        if left - wait <= 0.0:
            return ceiling
        chord = distance(p, p[5] + rotation * (late + wait), launch_weight, aim_weight)
        speed = needed_speed(radius, chord, left - wait, ceiling)
        if speed >= ceiling:
            return ceiling
        wait = left - min(left - wait, quickest_time(speed, radius, chord))
    if climb(speed, radius, chord) < LEAST_CLIMB:
        return ceiling
    return speed


@kernel
def least_speed_for(p: Floats, late: float, altitude_min: float, rotation: float, cap: float, ceiling: float) -> float:
    """Least speed of an interceptor that meets place p: a wait a little longer or shorter counts, since its site moves.

    Quick arcs and lofted ones.
    """
    radius, time, _, launch_weight, aim_weight = place(p, altitude_min)
    weights = (launch_weight, aim_weight)
    left = time - late
    least_wait = max(0.0, left - cap)
    best = speed_for(p, late, altitude_min, rotation, cap, ceiling)
    if best >= ceiling:
        return ceiling
    chord = distance(p, p[5] + rotation * (late + least_wait), launch_weight, aim_weight)
    wait = max(least_wait, left - quickest_time(best, radius, chord))
    step = 0.05
    while step > 0.002:
        moved = False
        for sign in (-1.0, 1.0):
            other = wait + sign * step
            if other < least_wait:
                continue
            there = speed_after(p, other, left, late, weights, radius, rotation, ceiling)
            if there < best:
                best, wait, moved = there, other, True
                break
        if not moved:
            step *= 0.5
    return best


@kernel
def speeds_for(
    points: Floats, late: Floats, altitude_min: float, rotation: float, cap: float, ceiling: float
) -> Floats:
    """speed_for at points (n, 8) and launch times (n,)."""
    out = np.empty(points.shape[0])
    for n in range(points.shape[0]):
        out[n] = speed_for(points[n], late[n], altitude_min, rotation, cap, ceiling)
    return out


@kernel
def lowest(
    starts: Floats,
    low: Floats,
    high: Floats,
    late: float,
    altitude_min: float,
    rotation: float,
    cap: float,
    ceiling: float,
    rounds: int,
) -> tuple[float, Floats]:
    """Smallest least_speed_for over a box, by a pattern search from each of starts (n, 8); the value and the point."""
    best, best_point = ceiling, starts[0].copy()
    for n in range(starts.shape[0]):
        point = starts[n].copy()
        value = least_speed_for(point, late, altitude_min, rotation, cap, ceiling)
        step = 0.25
        for _ in range(rounds):
            moved = False
            for v in range(8):
                for sign in (-1.0, 1.0):
                    trial = point.copy()
                    trial[v] = min(high[v], max(low[v], point[v] + sign * step * (high[v] - low[v])))
                    there = least_speed_for(trial, late, altitude_min, rotation, cap, ceiling)
                    if there < value - 1e-12:
                        point, value, moved = trial, there, True
            if not moved:
                step *= 0.5
                if step < 1e-7:
                    break
        if value < best:
            best, best_point = value, point
    return best, best_point
