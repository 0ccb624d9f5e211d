"""First states of tracks from single detections.

Radar: unscented conversion of range, azimuth and elevation (Julier & Uhlmann, Proc. IEEE 92(3), 2004), right to
second order, which a coarse angle at long range needs; velocity prior around rest on the turning Earth, narrowed by
the range rate where there is one. Infrared alone: the line of sight where it meets a shell of the prior height, with
the prior's spread along the line, so that a launch point is known within seconds.
"""

import numpy as np

from tocsin.track.sensing import View
from tocsin.track.settings import TrackerSettings
from tocsin.track.tiles import Array, Flags
from tocsin.world.constants import OMEGA_RAD_S, WGS84_A_M, WGS84_B_M

# One sigma of a place along a line of sight that only grazes the shell: half the chord through 50 km of height.
GRAZING_SIGMA_M = 400e3


def from_radar(view: View, values: Array, settings: TrackerSettings) -> tuple[Array, Array]:
    """States (n, 6) and covariances (n, 6, 6), inertial, of radar detections (n, 4)."""
    sigma = np.sqrt([view.variance_range, view.variance_azimuth, view.variance_elevation])
    steps = np.concatenate([np.diag(sigma), -np.diag(sigma)]) * np.sqrt(3.0)
    points = _positions(view, values[:, None, :3] + steps)
    mean = points.mean(axis=1)
    spread = points - mean[:, None]
    state, covariance = _at_rest(mean, settings.birth_speed_sigma_m_s)
    covariance[:, :3, :3] = np.einsum("nki,nkj->nij", spread, spread) / 6.0
    if view.has_rate > 0.0:
        state, covariance = _with_rate(view, values, state, covariance)
    return state, covariance


def from_infrared(view: View, values: Array, settings: TrackerSettings) -> tuple[Array, Array, Flags]:
    """States, covariances and a flag (n,): False where the line of sight misses the Earth by more than 500 km."""
    axes, site = np.array(view.axes).reshape(3, 3), np.array(view.site)
    cos_el = np.cos(values[:, 2])
    local = np.stack([np.sin(values[:, 1]) * cos_el, np.cos(values[:, 1]) * cos_el, np.sin(values[:, 2])], axis=-1)
    line = local @ axes
    distance, slant, good = _meet(site, line, settings)
    state, covariance = _at_rest(site + distance[:, None] * line, settings.birth_plume_speed_sigma_m_s)
    across = view.variance_elevation * distance**2
    along = np.minimum(settings.birth_height_sigma_m / slant, GRAZING_SIGMA_M) ** 2
    outer = line[:, :, None] * line[:, None, :]
    covariance[:, :3, :3] = across[:, None, None] * (np.eye(3) - outer) + along[:, None, None] * outer
    return state, covariance, good


def _positions(view: View, polar: Array) -> Array:
    """Inertial positions (..., 3) of (range, azimuth, elevation)."""
    flat = polar[..., 0] * np.cos(polar[..., 2])
    local = np.stack(
        [flat * np.sin(polar[..., 1]), flat * np.cos(polar[..., 1]), polar[..., 0] * np.sin(polar[..., 2])], axis=-1
    )
    inertial: Array = np.array(view.site) + local @ np.array(view.axes).reshape(3, 3)
    return inertial


def _at_rest(position: Array, speed_sigma_m_s: float) -> tuple[Array, Array]:
    """Velocity of the turning Earth at each position, with the broad prior."""
    state = np.zeros((len(position), 6))
    state[:, :3] = position
    state[:, 3] = -OMEGA_RAD_S * position[:, 1]
    state[:, 4] = OMEGA_RAD_S * position[:, 0]
    covariance = np.zeros((len(position), 6, 6))
    covariance[:, 3:, 3:] = np.eye(3) * speed_sigma_m_s**2
    return state, covariance


def _with_rate(view: View, values: Array, state: Array, covariance: Array) -> tuple[Array, Array]:
    """Condition the velocity on the measured range rate; position is taken as known beside the velocity prior."""
    line = state[:, :3] - np.array(view.site)
    distance = np.sqrt(np.sum(line * line, axis=1))
    line /= distance[:, None]
    relative = state[:, 3:] - np.array(view.site_velocity)
    vu = np.einsum("nij,nj->ni", covariance[:, 3:, 3:], line)
    across = np.trace(covariance[:, :3, :3], axis1=1, axis2=2) / distance**2
    speed2 = np.trace(covariance[:, 3:, 3:], axis1=1, axis2=2) / 3.0
    s = np.sum(line * vu, axis=1) + view.variance_rate + across * speed2
    innovation = values[:, 3] - np.sum(line * relative, axis=1)
    state[:, 3:] += vu * (innovation / s)[:, None]
    covariance[:, 3:, 3:] -= vu[:, :, None] * vu[:, None, :] / s[:, None, None]
    return state, covariance


def _meet(site: Array, line: Array, settings: TrackerSettings) -> tuple[Array, Array, Flags]:
    """Distance along each line to the ellipsoid raised by the prior height, sine of the slant, and whether it is near.

    The raised ellipsoid is taken as an ellipsoid of both axes longer by the height: right to metres.
    """
    h = settings.birth_height_m
    squash = np.array([1.0 / (WGS84_A_M + h), 1.0 / (WGS84_A_M + h), 1.0 / (WGS84_B_M + h)])
    start, way = site * squash, line * squash
    a = np.sum(way * way, axis=1)
    b = way @ start
    c = float(start @ start) - 1.0
    root2 = b * b - a * c
    distance = (-b - np.sqrt(np.maximum(root2, 0.0))) / a
    point = site + distance[:, None] * line
    radius = np.sqrt(np.sum(point * point, axis=1))
    slant = np.maximum(np.abs(np.sum(point * line, axis=1)) / radius, 0.05)
    good = radius - WGS84_A_M < 500e3
    return distance, slant, good
