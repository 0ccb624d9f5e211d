"""Powered and braked flight of the estimator: gravity, air at rest on the turning Earth, thrust along the motion.

What `ends` leaves out, for one state at a time in Python floats and exact arithmetic, so that every centre computes
the same bits. Runge-Kutta of order four; below 120 km a step is one of some 3 km of height.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence

from tocsin.world.constants import OMEGA_RAD_S
from tocsin.world.ends import FLIGHT_MAX_S, STEP_S, Scalars, height_rate, solve
from tocsin.world.exact import exp_float
from tocsin.world.gravity import pull
from tocsin.world.nystrom import advance

AIR_TOP_M = 120e3
# U.S. Standard Atmosphere 1976 (`world.atmosphere`): density at these heights. [S] Exponential in between, which is
# within 5 % of the standard below 86 km and within 15 % above, where nothing is braked.
_HEIGHTS_M = (0.0, 5e3, 11e3, 20e3, 32e3, 47e3, 60e3, 71e3, 86e3, 100e3, AIR_TOP_M)
_DENSITIES_KG_M3 = (
    1.2250, 7.3643e-1, 3.6480e-1, 8.8910e-2, 1.3555e-2, 1.4965e-3, 3.0968e-4, 7.1965e-5, 6.9578e-6, 5.6040e-7,
    2.2220e-8,
)  # fmt: skip
# Natural logarithms of each density over the one below, per metre. [C] tests/world/test_forecast.py works them out.
_SLOPES_PER_M = (
    -0.00010177638714415049, -0.00011707748817631643, -0.00015685829289634765, -0.00015673909493186823,
    -0.0001469084289760008, -0.00012118037084795085, -0.00013266905605043258, -0.00015575443715266137,
    -0.00017992627121028563, -0.0001613829015125684,
)  # fmt: skip
_STEP_HEIGHT_M = 3e3
_STEP_MIN_S, _STEP_MAX_S = 0.1, 5.0
_ON_GROUND_M = 0.5
_STEPS_MAX = 4_000

Vector = tuple[float, float, float]


def density_kg_m3(height_m: float) -> float:
    """Density of air; that of sea level below it, nothing above 120 km."""
    if height_m >= AIR_TOP_M:
        return 0.0
    if height_m <= 0.0:
        return _DENSITIES_KG_M3[0]
    i = bisect_right(_HEIGHTS_M, height_m) - 1
    return _DENSITIES_KG_M3[i] * exp_float(_SLOPES_PER_M[i] * (height_m - _HEIGHTS_M[i]))


def over_ground(s: Scalars) -> Vector:
    """Velocity relative to the turning Earth, in inertial axes."""
    return s[3] + OMEGA_RAD_S * s[1], s[4] - OMEGA_RAD_S * s[0], s[5]


def speed_over_ground(s: Scalars) -> float:
    """Length of `over_ground`, m/s."""
    x, y, z = over_ground(s)
    return math.sqrt(x * x + y * y + z * z)


def pushed(s: Scalars, h: float, inverse_kg_m2: float, thrust_m_s2: float) -> Scalars:
    """The state after `h` seconds of drag (C_d A / m) and of thrust along the motion over the ground."""
    half, sixth = 0.5 * h, h / 6.0
    a = _rates(s, inverse_kg_m2, thrust_m_s2)
    b = _rates(_plus(s, half, a), inverse_kg_m2, thrust_m_s2)
    c = _rates(_plus(s, half, b), inverse_kg_m2, thrust_m_s2)
    d = _rates(_plus(s, h, c), inverse_kg_m2, thrust_m_s2)
    x, y, z, vx, vy, vz = (s[k] + sixth * (a[k] + 2.0 * (b[k] + c[k]) + d[k]) for k in range(6))
    return x, y, z, vx, vy, vz


def fall(state: Scalars, inverse_kg_m2: float) -> tuple[float, Scalars] | None:
    """(seconds, state there) where a flight comes down through braking air; None if not within three hours."""
    elapsed, s = 0.0, state
    for _ in range(_STEPS_MAX):
        height, rate = height_rate(s)
        if height <= _ON_GROUND_M and rate < 0.0:
            return elapsed, s
        if elapsed > FLIGHT_MAX_S:
            return None
        if height >= AIR_TOP_M:
            gone = _to_air(s)
            if gone is None:
                return None
            elapsed, s = elapsed + gone[0], gone[1]
            continue
        h = _STEP_HEIGHT_M / max(abs(rate), 1.0)
        h = min(max(h, _STEP_MIN_S), _STEP_MAX_S)
        if rate < 0.0 and height + rate * h < 0.0:
            h = max(-height / rate, 1e-3)  # the rest, at the present rate: repeated until it is on the ground
        s = pushed(s, h, inverse_kg_m2, 0.0)
        elapsed += h
    return None


def boosted(state: Scalars, thrust_m_s2: float, speeds_m_s: Sequence[float]) -> list[tuple[float, Scalars]]:
    """(seconds, state) where thrust along the motion has given each of the rising speeds over the ground."""
    found: list[tuple[float, Scalars]] = []
    elapsed, s, speed = 0.0, state, speed_over_ground(state)
    for goal in speeds_m_s:
        for _ in range(200):
            if speed >= goal - 1e-3:
                break
            h = min((goal - speed) / thrust_m_s2, _STEP_MAX_S)
            s = pushed(s, h, 0.0, thrust_m_s2)
            elapsed, speed = elapsed + h, speed_over_ground(s)
        found.append((elapsed, s))
    return found


def _to_air(s: Scalars) -> tuple[float, Scalars] | None:
    """From above the air to where the flight comes down into it."""
    elapsed = 0.0
    for _ in range(int(FLIGHT_MAX_S / STEP_S)):
        after = advance(s, STEP_S)
        height, rate = height_rate(after)
        if height < AIR_TOP_M and rate < 0.0:
            dt = solve(s, STEP_S, _above_air, 1.0)
            return elapsed + dt, _just_below(advance(s, dt))
        elapsed, s = elapsed + STEP_S, after
    return None


def _above_air(s: Scalars) -> tuple[float, float]:
    height, rate = height_rate(s)
    return height - AIR_TOP_M, rate


def _just_below(s: Scalars) -> Scalars:
    """The state, moved on until it is below the top of the air: the solver stops within a metre on either side."""
    while height_rate(s)[0] >= AIR_TOP_M:
        s = advance(s, 0.01)
    return s


def _rates(s: Scalars, inverse_kg_m2: float, thrust_m_s2: float) -> Scalars:
    gx, gy, gz = pull(s[0], s[1], s[2])
    wx, wy, wz = over_ground(s)
    speed = math.sqrt(wx * wx + wy * wy + wz * wz)
    k = -0.5 * density_kg_m3(height_rate(s)[0]) * inverse_kg_m2 * speed if inverse_kg_m2 else 0.0
    if thrust_m_s2 and speed > 0.0:
        k += thrust_m_s2 / speed
    return s[3], s[4], s[5], gx + k * wx, gy + k * wy, gz + k * wz


def _plus(s: Scalars, h: float, rates: Scalars) -> Scalars:
    return (
        s[0] + h * rates[0], s[1] + h * rates[1], s[2] + h * rates[2],
        s[3] + h * rates[3], s[4] + h * rates[4], s[5] + h * rates[5],
    )  # fmt: skip
