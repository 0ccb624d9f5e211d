"""Where a free flight ends and where it began: impact, virtual launch point and apogee of a state.

The flight is carried without drag or thrust (point mass and J2) to the WGS 84 ellipsoid: the geometry from which
`forecast` starts, which adds what nobody can know. For the launch point a sigma for the unknown boost is added here
too. Exact arithmetic: every centre computes the same bits.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar, cast

import numpy as np

from tocsin.world.constants import DEGREE_RAD, MU_M3_S2, WGS84_A_M, WGS84_B_M
from tocsin.world.exact import Array, atan2_float, matmul, matvec, symmetric
from tocsin.world.frames import ecef_to_geodetic, eci_to_ecef, enu_axes, geodetic_up, rotation6_inverse
from tocsin.world.gravity import pull
from tocsin.world.nystrom import State, advance, advance_with_jacobian, carry_rows

# Error of 30 s steps: 0.6 m over 37 minutes of an intercontinental flight, 3 m over 50 minutes (test_motion.py).
STEP_S = 30.0
FLIGHT_MAX_S = 10_800.0
_DEPTH_MAX_M = 300e3  # a state further below ground belongs to no flight
_CORE_M = 1e6  # nearer to the centre a geodetic height has no meaning
_HEIGHT_TOLERANCE_M = 1e-3
_SAFE_PERIGEE_M = 200e3
# 95 % quantile of chi-square with two degrees of freedom: -2 ln 0.05. [C]
CHI2_95_2 = 5.991464547107979

Scalars = State[float]
Found = tuple[float, Scalars, Array]  # dt_s, the state there, d position there / d state now (3, 6)
E = TypeVar("E", bound="End")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class End:
    """A point of the ellipsoid where a flight begins or ends, with what is not known about it.

    `covariance_en_m2` (2, 2) is along east and north at the point, whatever the instant; `time_sigma_s` is the
    sigma of `t_tai_ns`; `apogee_m` the height of the flight's highest point. Equal means equal to the last bit.
    """

    t_tai_ns: int
    time_sigma_s: float
    latitude_deg: float
    longitude_deg: float
    covariance_en_m2: Array
    apogee_m: float

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        point = (self.t_tai_ns, self.time_sigma_s, self.latitude_deg, self.longitude_deg, self.apogee_m)
        return (*point, *self.covariance_en_m2.ravel().tolist())


class Impact(End):
    """Where and when a flight comes down."""

    __slots__ = ()


class Launch(End):
    """Where and when a flight left the ground."""

    __slots__ = ()


def impact(state_eci: Array, covariance_eci: Array, t_tai_ns: int) -> Impact | None:
    """Impact of a state (6,) with covariance (6, 6) at an instant; None if it stays up for three hours.

    A state already below ground and falling is carried back to where it went in.
    """
    if stays_up(scalars(state_eci)):
        return None
    found = _ground(scalars(state_eci), 1.0)
    return _end(Impact, found, covariance_eci, t_tai_ns, apogee(state_eci)[0]) if found else None


def launch(
    state_eci: Array,
    covariance_eci: Array,
    t_tai_ns: int,
    boost_sigma_m: float = 15e3,
    boost_time_sigma_s: float = 30.0,
) -> Launch | None:
    """Virtual launch point of a state (6,): where the flight would have left the ground without a boost phase, which
    is later than it did, by about half the burn time. None if it was up for three hours before.

    `boost_sigma_m` (each axis) and `boost_time_sigma_s` stand for the unknown boost phase and are added in squares.
    Their defaults are [I], for boosts of one to three minutes.
    """
    found = None if stays_up(scalars(state_eci)) else _ground(scalars(state_eci), -1.0)
    end = _end(Launch, found, covariance_eci, t_tai_ns, apogee(state_eci)[0]) if found else None
    if end is None:
        return None
    time_variance = end.time_sigma_s * end.time_sigma_s + boost_time_sigma_s * boost_time_sigma_s
    return replace(
        end,
        covariance_en_m2=end.covariance_en_m2 + boost_sigma_m * boost_sigma_m * np.eye(2),
        time_sigma_s=math.sqrt(time_variance),
    )


def apogee(state_eci: Array) -> tuple[float, float]:
    """(height_m above the ellipsoid, dt_s from now, negative if passed) of the highest point of the flight.

    Highest is where the radial velocity is zero. (inf, inf) if it is not reached within three hours.
    """
    state = scalars(state_eci)
    sign = 1.0 if _radial(state)[0] >= 0.0 else -1.0

    def remaining(s: Scalars) -> tuple[float, float]:
        value, rate = _radial(s)
        return sign * value, sign * rate

    for i in range(int(FLIGHT_MAX_S / STEP_S)):
        after = advance(state, sign * STEP_S)
        if remaining(after)[0] <= 0.0:
            dt = solve(state, sign * STEP_S, remaining, 1.0)
            return height_rate(advance(state, dt))[0], sign * STEP_S * i + dt
        state = after
    return math.inf, math.inf


def ellipse95(covariance_en_m2: Array) -> tuple[float, float, float]:
    """(semi_major_m, semi_minor_m, bearing of the major axis in degrees from north eastwards, 0 to 180), 95 %."""
    east, mixed, north = (float(covariance_en_m2[i, j]) for i, j in ((0, 0), (0, 1), (1, 1)))
    mean, half = 0.5 * (north + east), 0.5 * (north - east)
    spread = math.sqrt(half * half + mixed * mixed)
    bearing = 0.5 * atan2_float(mixed, half) / DEGREE_RAD
    major, minor = math.sqrt(CHI2_95_2 * (mean + spread)), math.sqrt(CHI2_95_2 * max(mean - spread, 0.0))
    return major, minor, bearing + 180.0 if bearing < 0.0 else bearing


def stays_up(s: Scalars) -> bool:
    """Whether the orbit through a state keeps 200 km above the equator's radius all round, whatever J2 does to it.

    The perigee is of the conic through the state; within three hours J2 moves it by less than 30 km. Spares an orbit's
    360 steps.
    """
    x, y, z, vx, vy, vz = s
    r = math.sqrt(x * x + y * y + z * z)
    if r < WGS84_A_M + _SAFE_PERIGEE_M:
        return False
    energy = 0.5 * (vx * vx + vy * vy + vz * vz) - MU_M3_S2 / r
    hx, hy, hz = y * vz - z * vy, z * vx - x * vz, x * vy - y * vx
    square = hx * hx + hy * hy + hz * hz
    eccentricity = math.sqrt(max(1.0 + 2.0 * energy * square / (MU_M3_S2 * MU_M3_S2), 0.0))
    return square / (MU_M3_S2 * (1.0 + eccentricity)) > WGS84_A_M + _SAFE_PERIGEE_M


def scalars(state_eci: Array) -> Scalars:
    """A state (6,) as six floats."""
    return cast(Scalars, tuple(np.asarray(state_eci, float).reshape(6).tolist()))


def height_rate(s: Scalars) -> tuple[float, float]:
    """(height_m, its rate) of a state; turning about the axis changes neither."""
    x, y, z, vx, vy, vz = s
    across = math.sqrt(x * x + y * y)
    if across + abs(z) < _CORE_M:
        return -WGS84_B_M, 0.0
    sine, cosine, height = geodetic_up(across, z)
    outward = (x * vx + y * vy) / across if across > 0.0 else 0.0
    return height, outward * cosine + vz * sine


def _radial(s: Scalars) -> tuple[float, float]:
    """(r . v, its rate v . v + r . a)."""
    x, y, z, vx, vy, vz = s
    ax, ay, az = pull(x, y, z)
    return x * vx + y * vy + z * vz, vx * vx + vy * vy + vz * vz + x * ax + y * ay + z * az


Valued = Callable[[Scalars], tuple[float, float]]


def solve(state: Scalars, span_s: float, valued: Valued, tolerance: float) -> float:
    """dt between 0 and span where `valued` (value, rate) is zero: Newton kept inside a shrinking bracket.

    The value is positive at one end and not at the other.
    """
    low, high = (0.0, span_s) if valued(state)[0] > 0.0 else (span_s, 0.0)  # value at `low` is positive
    dt = 0.5 * span_s
    for _ in range(60):
        value, rate = valued(advance(state, dt))
        if -tolerance < value < tolerance:
            break
        low, high = (dt, high) if value > 0.0 else (low, dt)
        guess = dt - value / rate if rate != 0.0 else dt
        dt = guess if min(low, high) < guess < max(low, high) else 0.5 * (low + high)
    return dt


def _ground(state: Scalars, direction: float) -> Found | None:
    """Where the flight, followed in `direction` of time, comes down through height 0."""
    height, rate = height_rate(state)
    sinking = height <= 0.0 and rate * direction <= 0.0
    h = -STEP_S * direction if sinking else STEP_S * direction
    visited = [state]
    for _ in range(int(FLIGHT_MAX_S / STEP_S)):
        before = height
        after = advance(visited[-1], h)
        x, y, z, _vx, _vy, _vz = after
        high = x * x + y * y + z * z > WGS84_A_M * WGS84_A_M
        height = 1.0 if high else height_rate(after)[0]  # its sign is all that counts
        if (before > 0.0) != (height > 0.0) and (sinking or before > 0.0):
            return _arrive(visited, h)
        if height < -_DEPTH_MAX_M:
            return None
        visited.append(after)
    return None


def _arrive(visited: list[Scalars], h: float) -> Found:
    """The crossing within the step after the last visited state, with the position's rows of the whole Jacobian."""
    last_dt = solve(visited[-1], h, height_rate, _HEIGHT_TOLERANCE_M)
    arrived, (rr, rv, _, _) = advance_with_jacobian(visited[-1], last_dt)
    rows = (rr, rv)
    for state in reversed(visited[:-1]):
        rows = carry_rows(rows, advance_with_jacobian(state, h)[1])
    return h * (len(visited) - 1) + last_dt, arrived, np.concatenate([np.array(r).reshape(3, 3) for r in rows], axis=1)


def _end(kind: type[E], found: Found, covariance_eci: Array, t_tai_ns: int, apogee_m: float) -> E | None:
    """The point found; the covariance at the instant is projected along the velocity onto the ground."""
    dt_s, state, rows = found
    t_end = t_tai_ns + round(dt_s * 1e9)
    state_ecef = eci_to_ecef(np.array(state), t_end)
    turned = matmul(rotation6_inverse(t_end)[:3, :3], rows)
    covariance = matmul(matmul(turned, np.asarray(covariance_eci, float)), turned.T)
    latitude, longitude, _ = ecef_to_geodetic(state_ecef[:3])
    axes = enu_axes(latitude, longitude)
    velocity = matvec(axes, state_ecef[3:])
    if not abs(float(velocity[2])) >= 1.0:
        return None  # grazing, or not a number
    # a displacement d comes down at d - velocity * (up . d) / (up . velocity)
    slide = axes[:2] - (velocity[:2] / velocity[2])[:, None] * axes[2]
    en = symmetric(matmul(matmul(slide, covariance), slide.T))
    up_variance = float(matmul(matmul(axes[2:], covariance), axes[2:].T)[0, 0])
    return kind(
        t_tai_ns=t_end,
        time_sigma_s=math.sqrt(max(up_variance, 0.0)) / abs(float(velocity[2])),
        latitude_deg=float(latitude) / DEGREE_RAD,
        longitude_deg=float(longitude) / DEGREE_RAD,
        covariance_en_m2=en,
        apogee_m=apogee_m,
    )
