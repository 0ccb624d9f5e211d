"""What is always there: satellites and aircraft, for the long watch in which nothing is launched.

Satellites are drawn from the shape of the public catalogue (shares by regime [I], after the yearly counts that ESA's
space environment reports print) and integrated with gravity to J4, all at once. Aircraft fly great circles at
constant height between random points about the radars, and turn round at the end.
"""

import math
from dataclasses import dataclass

import numpy as np

from tocsin.sim.flight.forces import J3, J4
from tocsin.world import frames
from tocsin.world.constants import EGM96_A_M, J2, MEAN_RADIUS_M, MU_M3_S2
from tocsin.world.observation import Array

NS = 1_000_000_000
STEP_S = 10.0
# (share, perigee km from and to, apogee above perigee km up to, inclinations deg): low orbits about the poles and at
# the slopes of the launch sites, navigation orbits, transfer orbits. [I]
REGIMES = (
    (0.45, 450.0, 1_000.0, 60.0, (97.0, 99.5)),
    (0.20, 400.0, 1_200.0, 80.0, (50.0, 56.0)),
    (0.20, 500.0, 1_500.0, 200.0, (63.0, 83.0)),
    (0.08, 350.0, 900.0, 1_500.0, (28.0, 75.0)),
    (0.04, 19_000.0, 23_000.0, 100.0, (52.0, 65.0)),
    (0.03, 400.0, 1_500.0, 36_000.0, (5.0, 65.0)),
)


@dataclass(frozen=True, slots=True)
class Satellites:
    """States (k, n, 6) every 10 s from `begin_tai_ns`, inertial as `world.frames` has it at that instant."""

    begin_tai_ns: int
    table: Array

    @staticmethod
    def drawn(count: int, begin_tai_ns: int, span_s: float, rng: np.random.Generator) -> "Satellites":
        """A seeded catalogue, carried over the span."""
        state = np.array([_element(rng) for _ in range(count)]).reshape(count, 6)
        rows = [state]
        for _ in range(math.ceil(span_s / STEP_S) + 1):
            state = _stepped(state, STEP_S)
            rows.append(state)
        return Satellites(begin_tai_ns, np.array(rows))

    def state_ecef(self, t_tai_ns: int) -> Array:
        """States (n, 6), Earth-fixed."""
        since_s = (t_tai_ns - self.begin_tai_ns) / NS
        line = min(max(int(since_s / STEP_S), 0), len(self.table) - 1)
        return frames.eci_to_ecef(_stepped(self.table[line], since_s - line * STEP_S), t_tai_ns)


@dataclass(frozen=True, slots=True)
class Aircraft:
    """Great circles: unit vectors of start and of the direction of flight (n, 3); the rest (n,)."""

    start: Array
    towards: Array
    speed_m_s: Array
    length_m: Array
    phase_m: Array
    height_m: Array

    @staticmethod
    def drawn(count: int, about_deg: tuple[tuple[float, float], ...], rng: np.random.Generator) -> "Aircraft":
        """Flights of 300 to 1,500 km that begin within 400 km of the given places."""
        starts, ways = [], []
        for number in range(count):
            lat, lon = about_deg[number % len(about_deg)]
            axes = frames.enu_axes(math.radians(lat), math.radians(lon))
            away, azimuth = rng.uniform(0.0, 400e3) / MEAN_RADIUS_M, rng.uniform(0.0, 2.0 * math.pi)
            along = math.sin(azimuth) * axes[0] + math.cos(azimuth) * axes[1]
            start = math.cos(away) * axes[2] + math.sin(away) * along
            way = rng.standard_normal(3)
            way -= (way @ start) * start
            starts.append(start)
            ways.append(way / np.linalg.norm(way))
        return Aircraft(
            np.array(starts).reshape(count, 3), np.array(ways).reshape(count, 3), rng.uniform(180.0, 260.0, count),
            rng.uniform(300e3, 1_500e3, count), rng.uniform(0.0, 1_500e3, count), rng.uniform(8e3, 12.5e3, count),
        )  # fmt: skip

    def state_ecef(self, t_tai_ns: int) -> Array:
        """States (n, 6), Earth-fixed, on a sphere that touches the ellipsoid below each."""
        gone = (self.phase_m + self.speed_m_s * (t_tai_ns / NS % 86_400.0)) % (2.0 * self.length_m)
        back = gone > self.length_m
        angle = np.where(back, 2.0 * self.length_m - gone, gone) / MEAN_RADIUS_M
        sine, cosine = np.sin(angle)[:, None], np.cos(angle)[:, None]
        up = cosine * self.start + sine * self.towards
        velocity = (cosine * self.towards - sine * self.start) * np.where(back, -1.0, 1.0)[:, None]
        latitude, longitude = np.arcsin(up[:, 2]), np.arctan2(up[:, 1], up[:, 0])
        position = frames.geodetic_to_ecef(latitude, longitude, self.height_m)
        return np.concatenate([position, velocity * self.speed_m_s[:, None]], axis=1)


def _element(rng: np.random.Generator) -> Array:
    """One object's state (6,), inertial."""
    shares = np.array([regime[0] for regime in REGIMES])
    _, low, high, above, slope = REGIMES[int(rng.choice(len(REGIMES), p=shares / shares.sum()))]
    perigee = EGM96_A_M + 1e3 * rng.uniform(low, high)
    apogee = perigee + 1e3 * rng.uniform(0.0, above)
    a, e = 0.5 * (perigee + apogee), (apogee - perigee) / (apogee + perigee)
    i = math.radians(rng.uniform(*slope))
    node, argument, anomaly = rng.uniform(0.0, 2.0 * math.pi, 3)
    eccentric = anomaly
    for _ in range(50):
        eccentric -= (eccentric - e * math.sin(eccentric) - anomaly) / (1.0 - e * math.cos(eccentric))
    side = math.sqrt(1.0 - e * e)
    plane = np.array([a * (math.cos(eccentric) - e), a * side * math.sin(eccentric)])
    rate = math.sqrt(MU_M3_S2 / a) / (1.0 - e * math.cos(eccentric))
    speed = rate * np.array([-math.sin(eccentric), side * math.cos(eccentric)])
    p = np.array(
        [
            math.cos(node) * math.cos(argument) - math.sin(node) * math.sin(argument) * math.cos(i),
            math.sin(node) * math.cos(argument) + math.cos(node) * math.sin(argument) * math.cos(i),
            math.sin(argument) * math.sin(i),
        ]
    )
    q = np.array(
        [
            -math.cos(node) * math.sin(argument) - math.sin(node) * math.cos(argument) * math.cos(i),
            -math.sin(node) * math.sin(argument) + math.cos(node) * math.cos(argument) * math.cos(i),
            math.cos(argument) * math.sin(i),
        ]
    )
    return np.concatenate([plane[0] * p + plane[1] * q, speed[0] * p + speed[1] * q])


def _gravity(p: Array) -> Array:
    """Acceleration (n, 3) to J4: the formula of `flight.forces.gravity`, for many at once."""
    x, y, z = p.T
    square = x * x + y * y + z * z
    m = MU_M3_S2 / (square * np.sqrt(square))
    s = z * z / square
    f2 = 1.5 * J2 * EGM96_A_M**2 / square
    f3 = 2.5 * J3 * EGM96_A_M**3 / (square * square)
    f4 = 1.875 * J4 * EGM96_A_M**4 / (square * square)
    across = -m * (1.0 + f2 * (1.0 - 5.0 * s) + f3 * z * (3.0 - 7.0 * s) - f4 * (1.0 - 14.0 * s + 21.0 * s * s))
    polar = -m * z * (1.0 + f2 * (3.0 - 5.0 * s) - f4 * (5.0 - 70.0 / 3.0 * s + 21.0 * s * s))
    return np.stack([x * across, y * across, polar - m * f3 * (6.0 * z * z - 7.0 * z * z * s - 0.6 * square)], axis=1)


def _stepped(state: Array, h: float) -> Array:
    """States (n, 6) after `h` seconds (Runge-Kutta of order four)."""
    if h == 0.0 or not len(state):
        return state

    def rates(s: Array) -> Array:
        return np.concatenate([s[:, 3:], _gravity(s[:, :3])], axis=1)

    a = rates(state)
    b = rates(state + 0.5 * h * a)
    c = rates(state + 0.5 * h * b)
    d = rates(state + h * c)
    stepped: Array = state + h / 6.0 * (a + 2.0 * (b + c) + d)
    return stepped
