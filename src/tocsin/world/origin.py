"""Where a flight left the ground, from what it does later: the free arc carried back to where the burn may have ended,
and from there the shape that boosts have.

A boost starts at rest, straight up, and bends over: with h, speed and climb over the ground at its end it has covered
a share of h / tan(climb) over the ground, and taken some 2 h / (vertical speed). Where on the arc the burn ended is
not known; the mean acceleration that boosts have says how long it took. All three numbers are inferred [I] from
open descriptions of one- to three-stage vehicles and checked by campaigns/ellipses.py.
"""

import math

import numpy as np

from tocsin.world.constants import DEGREE_RAD
from tocsin.world.descent import speed_over_ground
from tocsin.world.ends import FLIGHT_MAX_S, STEP_S, Launch, Scalars, apogee, height_rate, scalars, stays_up
from tocsin.world.exact import Array, matmul, matvec, symmetric
from tocsin.world.forecast import mixed
from tocsin.world.frames import ecef_to_geodetic, eci_to_ecef, enu_axes, rotation6_inverse
from tocsin.world.motion import propagate
from tocsin.world.nystrom import advance
from tocsin.world.plane import displaced

# Share of h / tan(climb) covered over the ground: at the end of the burn, and while it goes on and bends over further.
COVERED, COVERED_BURNING = 0.65, 0.58
COVERED_SIGMA, ASIDE_SIGMA = 0.085, 0.004  # of that, along and across the motion: the Earth turns under a fixed course
TAKEN, TAKEN_SIGMA = 2.2, 0.4  # of h / vertical speed, seconds a second
# Speed at burnout over the time it took: log-normal about 26 m/s2, sigma of the logarithm 0.62; three-point nodes.
ACCELERATION_NODES_M_S2 = (8.884, 26.0, 76.09)
ACCELERATION_WEIGHTS = (1.0 / 6.0, 2.0 / 3.0, 1.0 / 6.0)
_NEAR_S = 0.05
_CLIMB_MIN_M_S = 50.0


def expected_launch(state_eci: Array, covariance_eci: Array, t_tai_ns: int, *, burning: bool = False) -> Launch | None:
    """Launch point and time of a state (6,) with covariance (6, 6), the unknown boost included.

    `burning`: a motor still burns, so the boost is what has happened so far. None where nothing like a launch lies
    behind the state: it was up for three hours before, or comes out of level flight.
    """
    if stays_up(scalars(state_eci)):
        return None
    top = apogee(state_eci)[0]
    if burning:
        return _from_burnout(scalars(state_eci), covariance_eci, t_tai_ns, top, COVERED_BURNING)
    ends = _burnouts(scalars(state_eci))
    if ends is None:
        return None
    found = []
    for dt_s, state in ends:
        covariance = propagate(state_eci, covariance_eci, dt_s, 0.0)[1] if dt_s else covariance_eci
        found.append(_from_burnout(state, covariance, t_tai_ns + round(dt_s * 1e9), top, COVERED))
    launches = [one for one in found if one is not None]
    return mixed(launches, ACCELERATION_WEIGHTS) if len(launches) == len(ACCELERATION_WEIGHTS) else None


def _burnouts(state: Scalars) -> list[tuple[float, Scalars]] | None:
    """(seconds, not positive, and state there) where the burn ended on the way back, for each mean acceleration.

    A boost's height is h = speed x vertical speed / (TAKEN x acceleration); back along the arc the height falls to
    that. The slower the boost, the higher it ended: found first. The step is halved until the place is found.
    """
    found: list[tuple[float, Scalars]] = []
    dt_s = 0.0
    for acceleration in ACCELERATION_NODES_M_S2:
        span = STEP_S
        while span > _NEAR_S and _excess(state, acceleration) > 0.0:
            before = advance(state, -span)
            if _excess(before, acceleration) <= 0.0 or height_rate(before)[0] < 0.0:
                span = 0.5 * span
                continue
            state, dt_s = before, dt_s - span
            if dt_s < -FLIGHT_MAX_S:
                return None
        found.append((dt_s, state))
    return found


def _excess(s: Scalars, acceleration_m_s2: float) -> float:
    """Height over that of the end of such a boost, metres."""
    height, climb = height_rate(s)
    return height - speed_over_ground(s) * climb / (TAKEN * acceleration_m_s2)


def _from_burnout(s: Scalars, covariance_eci: Array, t_tai_ns: int, apogee_m: float, covered: float) -> Launch | None:
    """The launch of a boost that has come to this state."""
    state_ecef = eci_to_ecef(np.array(s), t_tai_ns)
    latitude, longitude, height = ecef_to_geodetic(state_ecef[:3])
    axes = enu_axes(latitude, longitude)
    east, north, up = matvec(axes, state_ecef[3:]).tolist()
    if up < _CLIMB_MIN_M_S:
        return None
    turned = matmul(axes, rotation6_inverse(t_tai_ns)[:3, :3])
    position = matmul(matmul(turned, covariance_eci[:3, :3]), turned.T)
    velocity = matmul(matmul(turned, covariance_eci[3:, 3:]), turned.T)
    reach = float(height) / up
    slope = np.array([[east / up], [north / up]])
    # a displacement d of the end moves the launch by d - covered * (up . d) * slope; one w of the velocity by
    # covered * reach * (w - (up . w) * slope)
    moved = np.concatenate([np.eye(2), -covered * slope], axis=1)
    bent = covered * reach * np.concatenate([np.eye(2), -slope], axis=1)
    shape = float(height) * np.concatenate([COVERED_SIGMA * slope, ASIDE_SIGMA * slope[::-1] * [[-1.0], [1.0]]], axis=1)
    covariance = (
        matmul(matmul(moved, position), moved.T) + matmul(matmul(bent, velocity), bent.T) + matmul(shape, shape.T)
    )
    taken = TAKEN * reach
    share = float(velocity[2, 2]) / (up * up) + (TAKEN_SIGMA / TAKEN) * (TAKEN_SIGMA / TAKEN)
    place = displaced(
        (float(latitude) / DEGREE_RAD, float(longitude) / DEGREE_RAD), -covered * reach * east, -covered * reach * north
    )
    return Launch(
        t_tai_ns=t_tai_ns - round(taken * 1e9),
        time_sigma_s=math.sqrt(taken * taken * share),
        latitude_deg=place[0],
        longitude_deg=place[1],
        covariance_en_m2=symmetric(covariance),
        apogee_m=apogee_m,
    )
