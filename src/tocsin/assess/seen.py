"""What was seen of a track: without what its tracker assumed at its birth, and without what it was carried on since.

A tracker begins with rest on the turning Earth, give or take 2 km/s: right for launches, four sigma wrong for an orbit.
While few detections speak, the stated velocity leans to rest by far more than its stated sigma, and a satellite looks
like something that falls. That assumption is a normal density; it is divided out again.
"""

import math

import numpy as np

from tocsin.fuse import CommonTrack
from tocsin.world.exact import Array
from tocsin.world.frames import ecef_to_eci, eci_to_ecef
from tocsin.world.motion import step
from tocsin.world.vehicles import normal_cdf

BIRTH_M_S = 2_000.0
"""Sigma of the velocity at birth, each axis, about rest on the Earth (`track.settings`; a partner's may differ). [I]"""

YOUNG_S = 60.0
"""So long after its first statement a track still leans on it; later, what widens it is something else. [I]"""

VAGUE_M_S = 100.0  # a velocity known better than this owes its birth less than a four-hundredth
_LEAST = 0.02  # share of a direction's knowledge that the measurements must have brought, to be called knowledge


def last_seen(track: CommonTrack) -> Array:
    """State (6,), Earth-fixed, at the last detection: a ballistic estimate's way since then is taken back."""
    unseen_s = (track.t_tai_ns - track.updated_t_tai_ns) / 1e9
    if unseen_s <= 0.0:
        return track.state_ecef
    return eci_to_ecef(step(ecef_to_eci(track.state_ecef, track.t_tai_ns), -unseen_s), track.updated_t_tai_ns)


def seen_s(track: CommonTrack) -> float:
    """Seconds from the first statement of a track to the last detection."""
    return (track.updated_t_tai_ns - track.first_t_tai_ns) / 1e9


def unassumed(track: CommonTrack) -> tuple[Array, Array]:
    """State (6,) and covariance (6, 6), Earth-fixed, as the measurements alone have it; of older tracks as stated."""
    state, covariance = track.state_ecef, track.covariance_ecef
    if seen_s(track) > YOUNG_S or float(np.trace(covariance[3:, 3:])) < VAGUE_M_S**2:
        return state, covariance
    return without_birth(state, covariance, BIRTH_M_S)


def without_birth(state: Array, covariance: Array, sigma_m_s: float) -> tuple[Array, Array]:
    """State (6,) and covariance (6, 6) with the density of velocity N(0, sigma^2 I) divided out.

    Only the velocity was assumed: position follows by its regression on velocity, as in any conditional update. Where
    the measurements brought next to nothing, a fiftieth of the assumption is kept instead of none.
    """
    variances, axes = np.linalg.eigh(covariance[3:, 3:])
    grown = 1.0 / np.maximum(1.0 - variances / sigma_m_s**2, _LEAST)
    velocity = axes @ (grown * (axes.T @ state[3:]))
    spread = (axes * (variances * grown)) @ axes.T
    gain = covariance[:3, 3:] @ ((axes / np.maximum(variances, 1e-12)) @ axes.T)
    place = state[:3] + gain @ (velocity - state[3:])
    wider = covariance[:3, :3] + gain @ (spread - covariance[3:, 3:]) @ gain.T
    across = gain @ spread
    joined: Array = np.block([[wider, across], [across.T, spread]])
    return np.concatenate([place, velocity]), 0.5 * (joined + joined.T)


def speed_below(velocity: Array, covariance: Array, limit_m_s: float) -> float:
    """Probability that the length of a normal velocity (3,) with covariance (3, 3) is below a limit.

    The square is taken for a gamma variable of the same mean and variance, and that for the cube of a normal one
    (Wilson and Hilferty 1931).
    """
    mean = float(velocity @ velocity + np.trace(covariance))
    variance = float(2.0 * np.sum(covariance * covariance.T) + 4.0 * velocity @ covariance @ velocity)
    if variance <= 0.0 or mean <= 0.0:
        return float(mean < limit_m_s**2)
    ninth = variance / (9.0 * mean * mean)  # 1 / (9 k), k the gamma's shape
    x = ((limit_m_s**2 / mean) ** (1.0 / 3.0) - (1.0 - ninth)) / math.sqrt(ninth)
    return normal_cdf(x)
