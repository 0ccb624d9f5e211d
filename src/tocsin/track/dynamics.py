"""How a flight moves, for one lane: J2 gravity, thrust along the velocity, drag, and their transition matrix.

Gravity: Vallado, Fundamentals of Astrodynamics and Applications, 4th ed., 8.7.1, the same formula as
`world.gravity`. A mode adds an acceleration along the velocity relative to the turning air: thrust forwards, drag
backwards with an exponential atmosphere (scale height 7.2 km from 1.225 kg/m3; within a factor of two of US
Standard 1976 up to 100 km, which is ample beside the unknown ballistic coefficient). It is held over one step.
"""

import math

from tocsin.track.algebra import (
    Matrix,
    Symmetric,
    Vector,
    add,
    along,
    combine,
    congruence,
    diagonal,
    dot,
    full,
    outer,
    plus,
    scale,
    times,
)
from tocsin.track.jit import lane
from tocsin.world.constants import EGM96_A_M, J2, MU_M3_S2, OMEGA_RAD_S, WGS84_A_M, WGS84_F

J2_M2 = 1.5 * J2 * EGM96_A_M * EGM96_A_M
AIR_KG_M3 = 1.225
AIR_HEIGHT_M = 7200.0
AIR_TOP_M = 200e3
LIFT_OFF_M_S = 100.0  # below this speed the thrust points up rather than along a velocity that is mostly noise
UNSURE = 1.18
"""Mean direction of a normal vector with mean a and variance s2, all axes: a / sqrt(a2 + 1.18 s2), right in both limits
(for a small beside s, sqrt(2 / pi) 2/3 a by the sigma of an axis) and so is its gradient: statistical linearisation. A
plain gradient lets a velocity that is not known at all blow up, so that a boost is never believed from its beginning.
"""
DOUBT_S = 1.0
"""What that leaves of an unknown direction, as noise across it: thrust squared, held for so long. [I] Calibrated by
ellipses of the launch half a minute after acquisition (`campaigns.ellipses`, seeds 9000 to 9059).
"""


@lane
def gravity(p: Vector) -> Vector:
    """Acceleration (m/s^2) at an inertial position (m): point mass and J2."""
    inverse = 1.0 / dot(p, p)
    k = -MU_M3_S2 * inverse * math.sqrt(inverse)
    f = J2_M2 * inverse
    s = 5.0 * p[2] * p[2] * inverse
    plane = k * (1.0 + f * (1.0 - s))
    return (plane * p[0], plane * p[1], k * (1.0 + f * (3.0 - s)) * p[2])


@lane
def gravity_gradient(p: Vector) -> Matrix:
    """Gradient (1/s^2) of the point mass; J2 changes it by less than 0.3%, of a term that is 1e-6."""
    inverse = 1.0 / dot(p, p)
    m = MU_M3_S2 * inverse * math.sqrt(inverse)
    return combine(3.0 * m * inverse, outer(p, p), 1.0, diagonal(-m))


@lane
def height(p: Vector) -> float:
    """Height (m) above the ellipsoid, to first order in the flattening (error below 60 m under 200 km)."""
    inverse = 1.0 / dot(p, p)
    return dot(p, p) * math.sqrt(inverse) - WGS84_A_M * (1.0 - WGS84_F * p[2] * p[2] * inverse)


@lane
def air_density(height_m: float) -> float:
    """Exponential atmosphere (kg/m3), without a call: exp(-y) as the sixteenth power of a Taylor sum."""
    y = min(max(height_m, 0.0), AIR_TOP_M) * (1.0 / (16.0 * AIR_HEIGHT_M))
    e = 1.0 + y * (1.0 + y * (0.5 + y * (1.0 / 6.0 + y * (1.0 / 24.0 + y * (1.0 / 120.0 + y * (1.0 / 720.0))))))
    e2 = 1.0 / (e * e)
    e4 = e2 * e2
    e8 = e4 * e4
    return AIR_KG_M3 * e8 * e8


@lane
def push(
    p: Vector, v: Vector, spread2: float, thrust: float, drag_area: float, dt: float
) -> tuple[Vector, Matrix, Vector, Vector, float]:
    """What a mode adds to gravity: acceleration, its gradient by velocity, direction of thrust, the part by drag, and
    how little of the direction is known (0 to 1).

    `spread2` is the variance of the velocity, all axes (m2/s2): where it is large the direction turns less with the
    velocity (`UNSURE`). `drag_area` is half the inverse ballistic coefficient (m2/kg). The gradient is bounded to half
    a step, where the linearisation would turn over.
    """
    air = (v[0] + OMEGA_RAD_S * p[1], v[1] - OMEGA_RAD_S * p[0], v[2])
    speed2 = dot(air, air) + 1.0
    up = 1.0 / math.sqrt(dot(p, p))
    aim = along(air, LIFT_OFF_M_S * up, p)
    inverse = 1.0 / math.sqrt(dot(aim, aim) + 1.0)
    direction = scale(inverse, aim)
    speed = math.sqrt(speed2)
    bound = 0.5 / max(abs(dt), 1e-3)
    drag = min(air_density(height(p)) * drag_area * speed2, 2000.0)
    lag = min(drag / speed, bound)
    wide = 1.0 / (dot(aim, aim) + UNSURE * spread2 + 1.0)
    turn = min(thrust * math.sqrt(wide), bound)
    braking = scale(-drag / speed, air)
    acceleration = add(scale(thrust, direction), braking)
    gradient = combine(-(turn + lag), outer(direction, direction), turn - lag, diagonal(1.0))
    return acceleration, gradient, direction, braking, UNSURE * spread2 * wide


@lane
def flow(p: Vector, v: Vector, extra: Vector, dt: float) -> tuple[Vector, Vector]:
    """One Runge-Kutta step of order four under gravity and a constant extra acceleration."""
    half = 0.5 * dt
    a1 = add(gravity(p), extra)
    v2 = along(v, half, a1)
    a2 = add(gravity(along(p, half, v)), extra)
    v3 = along(v, half, a2)
    a3 = add(gravity(along(p, half, v2)), extra)
    v4 = along(v, dt, a3)
    a4 = add(gravity(along(p, dt, v3)), extra)
    sixth = dt / 6.0
    p_end = along(p, sixth, add(add(v, v4), scale(2.0, add(v2, v3))))
    v_end = along(v, sixth, add(add(a1, a4), scale(2.0, add(a2, a3))))
    return p_end, v_end


@lane
def transition(p_middle: Vector, by_velocity: Matrix, dt: float) -> tuple[Matrix, Matrix, Matrix, Matrix]:
    """Blocks of Phi by Taylor: gravity gradient at mid-step to third order, velocity coupling to second."""
    g = gravity_gradient(p_middle)
    one = diagonal(1.0)
    square = times(by_velocity, by_velocity)
    pp = combine(0.5 * dt * dt, g, 1.0, one)
    pv = combine(dt * dt * dt / 6.0, g, 1.0, combine(dt, one, 0.5 * dt * dt, by_velocity))
    vp = combine(dt, g, 0.5 * dt * dt, times(by_velocity, g))
    vv = plus(pp, combine(dt, by_velocity, 0.5 * dt * dt, square))
    return pp, pv, vp, vv


@lane
def predict(
    p: Vector,
    v: Vector,
    cov_pp: Symmetric,
    cov_pv: Matrix,
    cov_vv: Symmetric,
    mode: tuple[float, float, float, float, float],
    dt: float,
) -> tuple[Vector, Vector, Matrix, Matrix, Matrix]:
    """Mean and covariance blocks `dt` seconds later, in a mode.

    The mode is (thrust m/s2, drag area m2/kg, noise across the direction m2/s3, along it m2/s3, and seconds tau of
    drag noise: its density is tau drag^2, along the drag). Noise is white acceleration, Bar-Shalom et al. (2001) 6.2.2.
    """
    thrust, drag_area, across, forwards, tau = mode
    spread2 = cov_vv[0] + cov_vv[3] + cov_vv[5]
    extra, by_velocity, direction, braking, doubt = push(p, v, spread2, thrust, drag_area, dt)
    across += DOUBT_S * thrust * thrust * doubt
    p_end, v_end = flow(p, v, extra, dt)
    middle = scale(0.5, add(p, p_end))
    pp, pv, vp, vv = transition(middle, by_velocity, dt)
    end_pp, end_pv, end_vv = congruence(pp, pv, vp, vv, full(cov_pp), cov_pv, full(cov_vv))
    noise = combine(forwards - across, outer(direction, direction), across, diagonal(1.0))
    noise = combine(tau, outer(braking, braking), 1.0, noise)
    span = abs(dt)
    end_pp = combine(1.0, end_pp, span * span * span / 3.0, noise)
    end_pv = combine(1.0, end_pv, 0.5 * dt * span, noise)
    end_vv = combine(1.0, end_vv, span, noise)
    return p_end, v_end, end_pp, end_pv, end_vv
