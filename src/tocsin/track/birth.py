"""First states of tracks from single detections.

Radar: unscented conversion of range, azimuth and elevation (Julier & Uhlmann, Proc. IEEE 92(3), 2004), right to
second order, which a coarse angle at long range needs; velocity prior around rest on the turning Earth, narrowed by
the range rate where there is one. Infrared alone: the line of sight where it meets a shell of the prior height, with
the prior's spread along the line, so that a launch point is known within seconds.
"""

import math

import numpy as np

from tocsin.track.algebra import Vector, apply_transposed, dot, scale, subtract
from tocsin.track.jit import kernel, lane
from tocsin.track.sensing import View
from tocsin.track.settings import TrackerSettings
from tocsin.track.tiles import Array, Flags
from tocsin.world.constants import OMEGA_RAD_S, WGS84_A_M, WGS84_B_M

# One sigma of a place along a line of sight that only grazes the shell: half the chord through 50 km of height.
GRAZING_SIGMA_M = 400e3


def from_radar(view: View, values: Array, settings: TrackerSettings) -> tuple[Array, Array]:
    """States (n, 6) and covariances (n, 6, 6), inertial, of radar detections (n, 4)."""
    return _first(view, values, float(settings.birth_speed_sigma_m_s) ** 2)


def ready_state(view: View, value: Array) -> Array:
    """State (6,) at rest on the turning Earth where one radar detection (4,) points, without second-order terms."""
    first: Array = _first(view, value[None], 1.0)[0][0]
    return first


def _first(view: View, values: Array, speed_variance: float) -> tuple[Array, Array]:
    state, covariance = np.empty((len(values), 6)), np.zeros((len(values), 6, 6))
    convert(view, values, speed_variance, state, covariance)
    if view.has_rate:
        condition(view, values, speed_variance, state, covariance)
    return state, covariance


@lane
def place(view: View, distance: float, turn: Array, k: int, m: int) -> Vector:
    """Inertial position relative to the site of a range, the k-th azimuth and the m-th elevation of `turn`.

    turn (4, 3): sines and cosines of three azimuths, sines and cosines of three elevations.
    """
    flat = distance * turn[3, m]
    enu = (flat * turn[0, k], flat * turn[1, k], distance * turn[2, m])
    return apply_transposed(view.axes, enu)


@kernel
def convert(view: View, values: Array, speed_variance: float, state: Array, covariance: Array) -> None:
    """Fill first states and covariances (zero on entry) of radar detections, without their range rate."""
    root3 = math.sqrt(3.0)
    steps = (
        root3 * math.sqrt(view.variance_range),
        root3 * math.sqrt(view.variance_azimuth),
        root3 * math.sqrt(view.variance_elevation),
    )
    points, turn = np.empty((6, 3)), np.empty((4, 3))
    for i in range(values.shape[0]):
        for k in range(3):  # in the middle, a step up, a step down
            sign = 0.5 * k * (5.0 - 3.0 * k)
            a, e = values[i, 1] + sign * steps[1], values[i, 2] + sign * steps[2]
            turn[0, k], turn[1, k], turn[2, k], turn[3, k] = math.sin(a), math.cos(a), math.sin(e), math.cos(e)
        for m in range(6):
            k = 1 + m // 3
            r = values[i, 0] + ((3.0 - 2.0 * k) * steps[0] if m % 3 == 0 else 0.0)
            moved = place(view, r, turn, k if m % 3 == 1 else 0, k if m % 3 == 2 else 0)
            points[m, 0], points[m, 1], points[m, 2] = moved
        for k in range(3):
            state[i, k] = 0.0
            for m in range(6):
                state[i, k] += points[m, k] / 6.0
        for k in range(3):
            for c in range(3):
                for m in range(6):
                    covariance[i, k, c] += (points[m, k] - state[i, k]) * (points[m, c] - state[i, c]) / 6.0
        for k in range(3):
            state[i, k] += view.site[k]
            covariance[i, k + 3, k + 3] = speed_variance
        state[i, 3], state[i, 4], state[i, 5] = -OMEGA_RAD_S * state[i, 1], OMEGA_RAD_S * state[i, 0], 0.0


@kernel
def condition(view: View, values: Array, speed_variance: float, state: Array, covariance: Array) -> None:
    """Narrow velocity priors by measured range rates; the line of sight is uncertain by its cross-range spread."""
    for i in range(values.shape[0]):
        line = subtract((state[i, 0], state[i, 1], state[i, 2]), view.site)
        distance = math.sqrt(dot(line, line))
        u = scale(1.0 / distance, line)
        spread = (covariance[i, 0, 0] + covariance[i, 1, 1] + covariance[i, 2, 2]) / (distance * distance)
        s = speed_variance * (1.0 + spread) + view.variance_rate
        y = values[i, 3] - dot(u, subtract((state[i, 3], state[i, 4], state[i, 5]), view.site_velocity))
        for k in range(3):
            state[i, k + 3] += speed_variance * u[k] * y / s
            for c in range(3):
                covariance[i, k + 3, c + 3] -= speed_variance * u[k] * speed_variance * u[c] / s


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


def _at_rest(position: Array, speed_sigma_m_s: float) -> tuple[Array, Array]:
    """Velocity of the turning Earth at each position, with the broad prior."""
    state = np.zeros((len(position), 6))
    state[:, :3] = position
    state[:, 3] = -OMEGA_RAD_S * position[:, 1]
    state[:, 4] = OMEGA_RAD_S * position[:, 0]
    covariance = np.zeros((len(position), 6, 6))
    covariance[:, 3:, 3:] = np.eye(3) * speed_sigma_m_s**2
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
