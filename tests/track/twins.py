"""Slow textbook twins of the kernels: plain NumPy, one track at a time, written from the papers' formulas."""

from dataclasses import replace

import numpy as np

from tocsin.track.jit import LANES
from tocsin.track.tiles import MODES, STATE
from tocsin.track.views import mount, view_of
from tocsin.world.constants import EGM96_A_M, J2, MU_M3_S2, OMEGA_RAD_S
from tocsin.world.observation import Infrared, Radar

T_NS = 1_500_000_000 * 10**9
ROWS = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]
INDEX = ROWS + [(i, j + 3) for i in range(3) for j in range(3)] + [(i + 3, j + 3) for i, j in ROWS]


def radar(rate=None, **changes):
    base = Radar(
        id="r", latitude_deg=45.0, longitude_deg=10.0, height_m=300.0, sigma_range_m=25.0, sigma_azimuth_rad=8e-4,
        sigma_elevation_rad=9e-4, sigma_range_rate_m_s=rate, range_max_m=4e6, elevation_min_rad=0.02,
        elevation_max_rad=1.5, azimuth_centre_rad=0.3, azimuth_halfwidth_rad=1.5, period_s=1.0,
        detection_probability=0.9,
    )  # fmt: skip
    return replace(base, **changes)


def infrared():
    return Infrared(
        id="i", position_ecef_m=(4.1e7, 9.8e6, 1e5), sigma_angle_rad=1e-4, plume_height_min_m=8e3, period_s=1.0,
        detection_probability=0.9,
    )  # fmt: skip


def sensor_view(sensor):
    return view_of(mount(sensor), T_NS)


def states_near(view, rng, n):
    """(n, 6) inertial states 300 to 1500 km from a radar (or above the Earth in front of a satellite)."""
    axes = np.array(view.axes).reshape(3, 3)
    if view.has_range:
        enu = rng.normal(size=(n, 3)) * [4e5, 4e5, 5e4] + [2e5, 6e5, 3e5]
        place = np.array(view.site) + enu @ axes
    else:
        local = np.stack([rng.uniform(-4e6, 4e6, n), np.zeros(n), rng.uniform(-4e6, 4e6, n)], axis=1)
        local[:, 1] = np.linalg.norm(view.site) - np.sqrt(6.6e6**2 - local[:, 0] ** 2 - local[:, 2] ** 2)
        place = np.array(view.site) + local @ axes
    return np.concatenate([place, rng.normal(size=(n, 3)) * 2000.0], axis=1)


def covariances(rng, n, position=300.0, velocity=30.0):
    """(n, 6, 6) well-conditioned positive matrices of that size."""
    a = rng.normal(size=(n, 6, 8)) * np.array([position] * 3 + [velocity] * 3)[:, None]
    return a @ np.swapaxes(a, 1, 2) / 8.0


def to_bank(states, covariance):
    """Tiles (tiles, modes, 27, 16) from states (n, modes, 6) and covariances (n, modes, 6, 6)."""
    n = len(states)
    tiles = -(-n // LANES)
    bank = np.zeros((tiles, MODES, STATE, LANES))
    bank[:, :, 0] = 7e6
    for row in (6, 9, 11, 21, 24, 26):
        bank[:, :, row] = 1.0
    for k in range(n):
        for m in range(MODES):
            bank[k // LANES, m, :6, k % LANES] = states[k, m]
            bank[k // LANES, m, 6:, k % LANES] = [covariance[k, m][i] for i in INDEX]
    return bank


def from_bank(bank, n):
    """(states (n, modes, 6), covariances (n, modes, 6, 6))."""
    states, covariance = np.empty((n, bank.shape[1], 6)), np.empty((n, bank.shape[1], 6, 6))
    for k in range(n):
        for m in range(bank.shape[1]):
            column = bank[k // LANES, m, :, k % LANES]
            states[k, m] = column[:6]
            for value, (i, j) in zip(column[6:], INDEX, strict=True):
                covariance[k, m, i, j] = covariance[k, m, j, i] = value
    return states, covariance


def to_lanes(values):
    """(tiles, k, 16) from (n, k)."""
    n, k = values.shape
    tiles = -(-n // LANES)
    out = np.zeros((tiles, k, LANES))
    for i in range(n):
        out[i // LANES, :, i % LANES] = values[i]
    return out


def from_lanes(lanes, n):
    return np.array([lanes[i // LANES, ..., i % LANES] for i in range(n)])


def gravity(p):
    """Point mass and J2: Vallado 2013, eq. 8-25 ff."""
    r = np.linalg.norm(p)
    k = 1.5 * J2 * (EGM96_A_M / r) ** 2
    z2 = 5.0 * (p[2] / r) ** 2
    return -MU_M3_S2 / r**3 * p * np.array([1 + k * (1 - z2), 1 + k * (1 - z2), 1 + k * (3 - z2)])


def acceleration(x, mode):
    """Gravity, thrust along the air velocity, drag in an exponential atmosphere, for a settings.Mode."""
    p, v = x[:3], x[3:]
    air = v - np.cross([0.0, 0.0, OMEGA_RAD_S], p)
    aim = air + 100.0 * p / np.linalg.norm(p)
    height = np.linalg.norm(p) - 6378137.0 * (1 - p[2] ** 2 / (p @ p) / 298.257223563)
    density = 1.225 * np.exp(-min(max(height, 0.0), 200e3) / 7200.0)
    drag = density * mode.drag_area_m2_kg * np.linalg.norm(air) * air
    return gravity(p) + mode.thrust_m_s2 * aim / np.sqrt(aim @ aim + 1.0) - drag


def flow(x, mode, dt, parts=200):
    """Euler's midpoint rule with many small steps: slow and sure."""
    h = dt / parts
    for _ in range(parts):
        half = x + 0.5 * h * np.concatenate([x[3:], acceleration(x, mode)])
        x = x + h * np.concatenate([half[3:], acceleration(half, mode)])
    return x


def jacobian(f, x, steps):
    """Central differences (k, 6)."""
    columns = [(f(x + d) - f(x - d)) / (2 * s) for s, d in zip(steps, np.diag(steps), strict=True)]
    return np.stack(columns, axis=-1)


def measure(view, x):
    """(azimuth, elevation[, range[, rate]]) of one state, straight from the definition."""
    axes = np.array(view.axes).reshape(3, 3)
    line = x[:3] - np.array(view.site)
    e = axes @ line
    r = np.linalg.norm(line)
    out = [np.arctan2(e[0], e[1]), np.arcsin(e[2] / r)]
    if view.has_range:
        out.append(r)
    if view.has_rate:
        out.append(line @ (x[3:] - np.array(view.site_velocity)) / r)
    return np.array(out)


def second_order(view, x, p):
    """(predicted measurement, innovation covariance, gradient) of a second-order filter.

    Bar-Shalom, Li & Kirubarajan 2001, 10.3.2: z = h(x) + tr(D_k P)/2, S = H P H' + tr(D_k P D_l P)/2 + R, with the
    Hessians D of range and (position-velocity part) of range rate only, as the kernels have it.
    """
    h = jacobian(lambda y: measure(view, y), x, np.array([1.0] * 3 + [0.1] * 3))
    e = np.array(view.axes).reshape(3, 3) @ (x[:3] - np.array(view.site))
    z = measure(view, x)
    noise = [
        view.variance_azimuth * (1 + view.isotropic * e[2] ** 2 / (e[0] ** 2 + e[1] ** 2)),
        view.variance_elevation,
    ]
    still = h[:, :3] @ (x[3:] - np.array(view.site_velocity)) if view.clock_variance else np.zeros(len(z))
    hessians = []
    u = (x[:3] - np.array(view.site)) / np.linalg.norm(e)
    bend = (np.eye(3) - np.outer(u, u)) / np.linalg.norm(e)
    if view.has_range:
        noise.append(view.variance_range)
        hessians.append((2, np.block([[bend, np.zeros((3, 3))], [np.zeros((3, 3)), np.zeros((3, 3))]])))
    if view.has_rate:
        noise.append(view.variance_rate)
        hessians.append((3, np.block([[np.zeros((3, 3)), bend], [bend, np.zeros((3, 3))]])))
    late = view.clock_variance * still**2  # a wrong time stamp moves the object along its way
    late[3:] = 0.0
    s = h @ p @ h.T + np.diag(noise + late)
    for k, d in hessians:
        z[k] += 0.5 * np.trace(d @ p)
        s[k, k] += 0.5 * np.trace(d @ p @ d @ p)
    return z, s, h
