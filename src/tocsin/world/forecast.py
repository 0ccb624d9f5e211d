"""Impact of a flight with what the estimator cannot know: the drag of the body and the burn that is still to come.

Each unknown has a prior, marked [I]; `ends` is worked out at the nodes of a quadrature over it, and the mean and the
spread of the results are stated together with the spread that the state's own covariance makes. The 95 % ellipses
hold the truth in 93 to 97 % of simulated flights whose drag and stages are drawn from elsewhere: campaigns/ellipses.py.
Exact arithmetic: every centre computes the same bits.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

import numpy as np

from tocsin.world.constants import DEGREE_RAD
from tocsin.world.descent import Vector, boosted, fall, over_ground, speed_over_ground
from tocsin.world.ends import End, Impact, Scalars, impact, scalars
from tocsin.world.exact import Array, exp_float, natural_log
from tocsin.world.frames import ecef_to_geodetic, eci_to_ecef
from tocsin.world.motion import propagate
from tocsin.world.plane import displaced, offset


class Drag(NamedTuple):
    """What comes down, as nodes (kg/m2) and weights over its ballistic coefficient."""

    nodes_kg_m2: tuple[float, ...]
    weights: tuple[float, ...]


# Ballistic coefficient: log-normal about 3,000 kg/m2, sigma of the logarithm 0.75: 95 % lie between 690, as tumbling
# stages, and 13,000, as slender bodies. [I] Gauss-Hermite nodes of three points: exact to the fifth power.
DRAG = Drag((818.4, 3_000.0, 10_997.0), (1.0 / 6.0, 2.0 / 3.0, 1.0 / 6.0))
# Speed over the ground when the last motor stops: even in its logarithm from now on up to this. [I]
BURNOUT_MAX_M_S = 7_000.0
THRUST_M_S2 = 35.0  # along the motion, on average over what is left of the burn. [I]
# Direction at burnout, besides what gravity bends: sigma where all the speed is still to come, less by the share that
# is there already. [I] In the plane of motion, across it.
STEERING_RAD = (0.18, 0.05)
# Gauss-Legendre on 0 to 1.
BURN_NODES = (0.046910077030668, 0.23076534494715845, 0.5, 0.7692346550528415, 0.953089922969332)
BURN_WEIGHTS = (0.11846344252809454, 0.23931433524968324, 0.28444444444444444, 0.23931433524968324, 0.11846344252809454)

E = TypeVar("E", bound=End)


def expected_impact(
    state_eci: Array, covariance_eci: Array, t_tai_ns: int, *, burning: bool = False, drag: Drag = DRAG
) -> Impact | None:
    """Impact of a state (6,) with covariance (6, 6), drag and what is left of the burn included.

    `burning`: a motor still burns, and nobody knows how long; the ellipse is then thousands of kilometres wide. None
    where the flight stays up for three hours.
    """
    if burning:
        return _burning(state_eci, covariance_eci, t_tai_ns)
    bare = impact(state_eci, covariance_eci, t_tai_ns)
    if bare is None or bare.t_tai_ns <= t_tai_ns:
        return bare
    state = scalars(state_eci)
    falls = [fall(state, 1.0 / kg_m2) for kg_m2 in drag.nodes_kg_m2]
    points = [_landed(bare, found, t_tai_ns) for found in falls if found is not None]
    return mixed(points, drag.weights) if len(points) == len(falls) else bare


def _landed(bare: Impact, found: tuple[float, Scalars], t_tai_ns: int) -> Impact:
    """The impact of a braked flight, with the covariance of the free one."""
    t_end = t_tai_ns + round(found[0] * 1e9)
    latitude, longitude, _ = ecef_to_geodetic(eci_to_ecef(np.array(found[1]), t_end)[:3])
    return replace(
        bare, t_tai_ns=t_end, latitude_deg=float(latitude) / DEGREE_RAD, longitude_deg=float(longitude) / DEGREE_RAD
    )


def _burning(state_eci: Array, covariance_eci: Array, t_tai_ns: int) -> Impact | None:
    """The mixture over the speed at the end of the burn."""
    state = scalars(state_eci)
    speed = max(speed_over_ground(state), 1.0)
    growth = natural_log(max(BURNOUT_MAX_M_S / speed, 1.05))
    goals = [speed * exp_float(growth * node) for node in BURN_NODES]
    turned = _turned(state, covariance_eci)
    points, weights = [], []
    for (dt_s, there), goal, weight in zip(boosted(state, THRUST_M_S2, goals), goals, BURN_WEIGHTS, strict=True):
        _, carried = propagate(state_eci, covariance_eci, dt_s, 0.0)
        missing = 1.0 - speed / goal
        sigmas = [math.sqrt(now + guided * missing * guided * missing)
                  for now, guided in zip(turned, STEERING_RAD, strict=True)]  # fmt: skip
        found = impact(np.array(there), carried + _steering(there, sigmas), t_tai_ns + round(dt_s * 1e9))
        if found is not None:
            points.append(found)
            weights.append(weight)
    return mixed(points, weights) if points else None


def _turned(s: Scalars, covariance_eci: Array) -> tuple[float, float]:
    """Variances (rad^2) of the present course, in the plane of motion and across it (of the way over the ground).

    Thrust follows the course, so that an error of it grows with the speed that is still to come.
    """
    length, level, lift, side = _course(s)
    velocity = covariance_eci[3:, 3:]
    in_plane, across = (_variance(axis, velocity) for axis in (lift, side))
    return min(in_plane / (length * length), 1.0), min(across / max(level * level, 1.0), 1.0)


def _steering(there: Scalars, sigmas: Sequence[float]) -> Array:
    """(6, 6) covariance of the velocity at burnout by angles (rad) in the plane of motion and across it."""
    length, level, lift, side = _course(there)
    covariance = np.zeros((6, 6))
    for turn, axis in ((sigmas[0] * length, lift), (sigmas[1] * level, side)):
        for i in range(3):
            for j in range(3):
                covariance[3 + i, 3 + j] += turn * turn * (axis[i] * axis[j])
    return covariance


def _course(s: Scalars) -> tuple[float, float, Vector, Vector]:
    """(speed over the ground, its level part, unit vectors upwards across it in its plane and sideways)."""
    w = over_ground(s)
    length = max(_norm(w), 1.0)
    r = max(_norm(s[:3]), 1.0)
    side = _cross(w, s[:3])
    level = _norm(side) / r
    if level < 1e-3:  # straight up: any two level axes do
        w, side = (s[0], s[1], s[2]), (-s[1], s[0], 0.0) if s[0] or s[1] else (1.0, 0.0, 0.0)
    side = _unit(side)
    return length, level, _unit(_cross(side, w)), side


def _variance(axis: Vector, velocity: Array) -> float:
    total = 0.0
    for i in range(3):
        for j in range(3):
            total += axis[i] * (float(velocity[i, j]) * axis[j])
    return max(total, 0.0)


def _cross(a: Vector, b: Vector) -> Vector:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _norm(a: Vector) -> float:
    return math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2])


def _unit(a: Vector) -> Vector:
    length = _norm(a)
    return a[0] / length, a[1] / length, a[2] / length


def mixed(points: Sequence[E], weights: Sequence[float]) -> E:
    """Mean and covariance of a mixture, on the plane about its middle member; weights need not sum to one."""
    middle = points[len(points) // 2]
    about = (middle.latitude_deg, middle.longitude_deg)
    total = 0.0
    for weight in weights:
        total += weight
    shares = [weight / total for weight in weights]
    rows = [
        (*offset(about, (p.latitude_deg, p.longitude_deg)), (p.t_tai_ns - middle.t_tai_ns) / 1e9, p.apogee_m)
        for p in points
    ]
    mean = [0.0] * 4
    for share, row in zip(shares, rows, strict=True):
        mean = [m + share * value for m, value in zip(mean, row, strict=True)]
    covariance, variance = np.zeros((2, 2)), 0.0
    for share, row, point in zip(shares, rows, points, strict=True):
        east, north, late = (value - m for value, m in zip(row[:3], mean, strict=False))
        spread = np.array([[east * east, east * north], [east * north, north * north]])
        covariance = covariance + share * (point.covariance_en_m2 + spread)
        variance += share * (point.time_sigma_s * point.time_sigma_s + late * late)
    latitude, longitude = displaced(about, mean[0], mean[1])
    return replace(
        middle, t_tai_ns=middle.t_tai_ns + round(mean[2] * 1e9), time_sigma_s=math.sqrt(variance),
        latitude_deg=latitude, longitude_deg=longitude, covariance_en_m2=covariance, apogee_m=mean[3],
    )  # fmt: skip
