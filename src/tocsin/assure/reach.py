"""The bound of docs/assurance.md section 4, written once as a program.

Units: lengths in Earth radii R, times in sqrt(R^3 / mu), so that mu = R = 1; angles in radians.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from tocsin.assure.program import Expression, Number, Program


@dataclass(frozen=True)
class Units:
    """Scales of one model: `length_km`, `time_s`, and the speed that goes with them."""

    length_km: float
    time_s: float

    @property
    def speed_km_s(self) -> float:
        """Circular speed at the surface."""
        return self.length_km / self.time_s

    @staticmethod
    def of(radius_km: float, mu_km3_s2: float) -> Units:
        """Units in which radius and mu are 1."""
        return Units(radius_km, sqrt(radius_km**3 / mu_km3_s2))


@dataclass(frozen=True)
class Setting:
    """Constants of one bound, already in units of the model."""

    rotation: Number
    drift: Number
    burn_radius: Number
    altitude_min: Number
    arc_start_max: Number
    flight_cap: Number | None
    clips: tuple[Number, Number, Number]


@dataclass(frozen=True)
class Bound:
    """The program with the numbers of its results.

    `times` > 0 (one for each clip): no arc within the speed is quick enough. `ellipsoid` > 0: no arc gets there.
    `height` > 0 or `floor` > 0: no arc gets so high, or even to the least height. `slow` > 0: every arc is back on
    the ground. `cap` > 0: every arc takes longer than the cap. `left` < 0: no time is left. `spare` < 0: too little
    is left for the straight line at full speed; else it bounds how long an interceptor can have waited. `near` is
    the near part's argument, kept below the clip.
    """

    steps: npt.NDArray[np.int64]
    constants: tuple[Number, ...]
    times: tuple[int, int, int]
    ellipsoid: int
    slow: int
    height: int
    floor: int
    cap: int
    left: int
    spare: int
    near: int


@dataclass(frozen=True)
class _Arc:
    radius: Expression
    time: Expression
    rest: Expression
    along: Expression
    across: Expression


def _kepler_time(tangent: Expression, eccentricity: Expression) -> Expression:
    """(E + e sin E) / 2 for the anomaly E from the apogee with tan(E / 2) = tangent."""
    return tangent.atan() + eccentricity * (tangent / (tangent.square() + 1.0))


def _arc(program: Program, setting: Setting, cos_apart: Expression) -> _Arc:
    """Radius, time since the arc's start and direction of the place on the arc."""
    factor, place = program.variable(6), program.variable(7)
    cos_half = (0.5 * cos_apart + 0.5).sqrt()
    sine = (0.5 - 0.5 * cos_half).sqrt()
    cosine = (0.5 * cos_half + 0.5).sqrt()
    height = factor * (sine * (cosine - sine))
    depth = 1.0 - (height + 1.0).inverse()
    least = setting.altitude_min / (1.0 + setting.altitude_min)
    reach = (1.0 - least * depth.inverse()).sqrt()
    sin_place = place * reach * sine
    square = sin_place.square()
    cos_place = (1.0 - square).sqrt()
    radius = ((1.0 - depth) + (depth - least) * place.square()).inverse()
    ratio = factor * (cosine / sine - 1.0) + 1.0
    stretch = ratio.sqrt()
    eccentricity = 1.0 - 2.0 * (ratio + 1.0).inverse()
    axis = 0.5 * ((height + 1.0) * (ratio.inverse() + 1.0))
    period = 2.0 * (axis * axis.sqrt())
    whole = _kepler_time(stretch * (sine / cosine), eccentricity)
    part = _kepler_time(stretch * (sin_place / cos_place), eccentricity)
    along = (radius * (1.0 - 2.0 * square)) / (2.0 * cos_half)
    across = radius * ((place * reach) * (cos_place / (2.0 * cosine)))
    return _Arc(radius, period * (whole + part), period * (whole - part), along, across)


def _distance(
    program: Program, setting: Setting, late: Expression, trig: tuple[Expression, ...], arc: _Arc
) -> Expression:
    """A lower bound of the chord from the site, turned with the Earth for the time `late`, to the place on the arc.

    The length of a vector is at least its component along any unit vector; the one taken points from the middle
    of the site to the middle of the place.
    """
    sin_l, cos_l, sin_m, cos_m = trig
    site_lat = program.variable(4)
    site_lon = program.variable(5) + setting.rotation * late
    from_launch, from_aim = program.variable(1) - site_lon, program.variable(3) - site_lon
    launch = (cos_l * from_launch.cos(), cos_l * from_launch.sin(), sin_l)
    aim = (cos_m * from_aim.cos(), cos_m * from_aim.sin(), sin_m)
    site = (site_lat.cos(), program.constant(0.0), site_lat.sin())
    along, across = arc.along.centre(), arc.across.centre()
    toward = []
    for first, second, base in zip(launch, aim, site, strict=True):
        a, b = first.centre(), second.centre()
        toward.append(along * (a + b) + across * (b - a) - base.centre())
    size = (toward[0].square() + toward[1].square() + toward[2].square()).sqrt().inverse()
    unit = [part * size for part in toward]
    dot_l, dot_m, dot_s = (unit[0] * v[0] + unit[1] * v[1] + unit[2] * v[2] for v in (launch, aim, site))
    chord: Expression = arc.along * (dot_l + dot_m) + arc.across * (dot_m - dot_l) - dot_s
    return chord


def _speed(program: Program, delays: tuple[Number, Number], speeds: tuple[Number, Number], varies: bool) -> Expression:
    """The claimed speed, linear in the commit delay."""
    if not varies:
        return program.constant(speeds[0])
    share = (program.variable(8) - delays[0]) * (1.0 / (delays[1] - delays[0]))
    speed: Expression = speeds[0] + (speeds[1] - speeds[0]) * share
    return speed


def time_aloft(*speeds: Number) -> Number | None:
    """A bound on the time that an arc no faster than these stays above the surface; None from half circular speed.

    The radial acceleration is at most -(1 - V^2)(1 - V^2/2)^2 all the way (docs/assurance.md, lemma 4).
    """
    fastest = max(speeds, key=float)
    square = fastest * fastest
    if not square <= 0.249:
        return None
    return 2.0 * fastest / ((1.0 - square) * (1.0 - 0.5 * square) ** 2)


def bound(
    setting: Setting, delays: tuple[Number, Number], speeds: tuple[Number, Number], varies: bool = False
) -> Bound:
    """The program for one claim: commit delays and the speeds at its two ends, in units of the model.

    `varies`: the claim covers an interval of commit delays, with the speed linear between its ends.
    """
    program = Program()
    launch_lat, launch_lon = program.variable(0), program.variable(1)
    aim_lat, aim_lon = program.variable(2), program.variable(3)
    trig = (launch_lat.sin(), launch_lat.cos(), aim_lat.sin(), aim_lat.cos())
    apart = trig[0] * trig[2] + trig[1] * trig[3] * (launch_lon - aim_lon).cos()
    arc = _arc(program, setting, apart)
    late = program.variable(8) - setting.arc_start_max + program.variable(9)
    left = arc.time - late
    distance = _distance(program, setting, late, trig, arc)
    speed = _speed(program, delays, speeds, varies)
    aloft = time_aloft(speeds[0], speeds[1])
    energy = 1.0 - 0.5 * speed.square()
    half_drift = 0.5 * setting.drift
    tube = half_drift * (arc.time * arc.rest)
    away = 0.5 * (arc.radius + 1.0 + distance) - 0.5 * setting.burn_radius - tube
    far = (away - half_drift * left.square()) * energy
    longest = left.square() if aloft is None else program.constant(aloft * aloft)
    near = (0.5 * (arc.radius + 1.0 - distance) + 0.5 * setting.burn_radius) * energy
    double = 2.0 * energy
    size = (double * double.sqrt()).inverse()
    flights = [size * (far.kepler_cut(clip) - near.kepler()) for clip in setting.clips]
    ellipsoid = (away - half_drift * longest) * energy - 1.0
    height = (arc.radius - tube - half_drift * longest) * energy - 1.0
    floor = ((1.0 + setting.altitude_min) - tube - half_drift * longest) * energy - 1.0
    slow = left - (aloft if aloft is not None else 1e6)
    cap = flights[0] - (setting.flight_cap if setting.flight_cap is not None else 1e6)
    straight = distance - setting.burn_radius - tube - half_drift * longest
    spare = left - straight * speed.inverse()
    times = [(flight - left).number for flight in flights]
    return Bound(
        np.array(program.steps, dtype=np.int64),
        tuple(program.constants),
        (times[0], times[1], times[2]),
        ellipsoid.number,
        slow.number,
        height.number,
        floor.number,
        cap.number,
        left.number,
        spare.number,
        near.number,
    )
