"""An independent numerical shooter: oblate gravity, turning Earth, finite burn. It shares no formula with the bound.

State in an inertial frame aligned with the Earth at the arc's start; km, s. Both vehicles are integrated with a
fixed-step Runge-Kutta scheme (step 2 s: error below 1 m over 2,000 s, checked against half the step).
"""

from math import cos, radians, sin

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tocsin.assure.question import Question
from tocsin.assure.threshold import Region

Floats = NDArray[np.float64]
MU, RE, J2, OMEGA, R = 398600.4418, 6378.137, 1.08263e-3, 7.292115e-5, 6371.0


@njit(cache=True)
def gravity(x: Floats, j2: float) -> Floats:
    r2 = x[0] ** 2 + x[1] ** 2 + x[2] ** 2
    r = np.sqrt(r2)
    k = 1.5 * j2 * RE**2 / r2
    z2 = 5.0 * x[2] ** 2 / r2
    g = -MU / (r2 * r)
    return np.array([g * x[0] * (1 + k * (1 - z2)), g * x[1] * (1 + k * (1 - z2)), g * x[2] * (1 + k * (3 - z2))])


@njit(cache=True)
def fly(x: Floats, v: Floats, time: float, j2: float, push: Floats, burn: float) -> tuple[Floats, Floats]:
    """Position and velocity after `time`, with a constant thrust acceleration `push` for the first `burn` seconds."""
    t = 0.0
    while t < time - 1e-9:
        h = min(2.0, time - t)
        if t < burn:
            h = min(h, burn - t)
        p = push if t < burn - 1e-12 else np.zeros(3)
        a1 = gravity(x, j2) + p
        a2 = gravity(x + 0.5 * h * v, j2) + p
        a3 = gravity(x + 0.5 * h * v + 0.25 * h * h * a1, j2) + p
        a4 = gravity(x + h * v + 0.5 * h * h * a2, j2) + p
        x = x + h * v + h * h / 6.0 * (a1 + a2 + a3)
        v = v + h / 6.0 * (a1 + 2.0 * a2 + 2.0 * a3 + a4)
        t += h
    return x, v


@njit(cache=True)
def lambert_like(x0: Floats, x1: Floats, time: float, j2: float, v: Floats) -> Floats:
    """Velocity at x0 that arrives at x1 after `time`: Newton's method on `fly`."""
    none = np.zeros(3)
    for _ in range(25):
        miss = fly(x0, v, time, j2, none, 0.0)[0] - x1
        if np.sqrt((miss**2).sum()) < 1e-6:
            break
        jacobian = np.empty((3, 3))
        for k in range(3):
            w = v.copy()
            w[k] += 1e-5
            jacobian[:, k] = (fly(x0, w, time, j2, none, 0.0)[0] - x1 - miss) / 1e-5
        v = v - np.linalg.solve(jacobian, miss)
    return v


@njit(cache=True)
def burn_needed(site: Floats, target: Floats, time: float, burn: float, push: Floats) -> tuple[Floats, float]:
    """Constant thrust that meets the target at `time` after a burn of `burn` seconds, and the miss that is left."""
    ground = np.array([-OMEGA * site[1], OMEGA * site[0], 0.0])
    size = 1e9
    for _ in range(30):
        miss = fly(site, ground, time, J2, push, burn)[0] - target
        size = np.sqrt((miss**2).sum())
        if size < 1e-5:
            break
        jacobian = np.empty((3, 3))
        for k in range(3):
            w = push.copy()
            w[k] += 1e-6
            jacobian[:, k] = (fly(site, ground, time, J2, w, burn)[0] - target - miss) / 1e-6
        change = np.linalg.solve(jacobian, miss)
        push = push - change
    return push, size


class Shooter:
    """Random point cases of a question, at a speed that is claimed not to reach anything."""

    def __init__(self, question: Question, speed_km_s: float) -> None:
        self.question, self.speed = question, speed_km_s
        self.drift = float(question.drift_km_s2.high)
        self.burn_radius = float(question.burn_radius_km.high)

    def threat(self, region: Region, generator: np.random.Generator) -> tuple[Floats, Floats, float]:
        """Start, end and flight time of a member of the family: two-body, from the apogee factor."""
        share = generator.random(7)
        low, high = region.box[:7, 0], region.box[:7, 1]
        p = low + (high - low) * share
        start, end = (R * np.array([cos(a) * cos(b), cos(a) * sin(b), sin(a)]) for a, b in ((p[0], p[1]), (p[2], p[3])))
        apart = np.arccos(start @ end / R**2)
        e0 = np.tan((np.pi - apart) / 4)
        apogee = p[6] * R * (1 - e0 * np.cos(apart / 2)) / (1 - e0) - p[6] * R
        e = apogee / (apogee + R * (1 - np.cos(apart / 2)))
        axis = (R + apogee) / (1 + e)
        anomaly = np.arccos((R / axis - 1) / e)
        time = 2 * np.sqrt(axis**3 / MU) * (anomaly + e * np.sin(anomaly))
        plane = (end - np.cos(apart) * start) / np.sin(apart)
        momentum = np.sqrt(MU * axis * (1 - e * e))
        angle = np.arccos(momentum / (R * np.sqrt(MU * (2 / R - 1 / axis))))
        speed = np.sqrt(MU * (2 / R - 1 / axis))
        return start, speed * (np.sin(angle) * start / R + np.cos(angle) * plane / R), time

    def case(self, region: Region, delay_s: float, generator: np.random.Generator) -> tuple[float, float, float]:
        """One case: speed of the traced-back arc that is needed, and how full the tube and the burn radius are."""
        start, velocity, time = self.threat(region, generator)
        none = np.zeros(3)
        end = fly(start, velocity, time, 0.0, none, 0.0)[0]
        real = lambert_like(start, end, time, J2, velocity)
        t = time * generator.uniform(0.05, 0.95)
        target = fly(start, real, t, J2, none, 0.0)[0]
        tube = float(np.linalg.norm(target - fly(start, velocity, t, 0.0, none, 0.0)[0]))
        tube /= 0.5 * self.drift * t * (time - t)
        if np.linalg.norm(target) < R + float(self.question.altitude_min_km.low):
            return np.inf, tube, 0.0
        late = delay_s - float(self.question.arc_start_max_s) + generator.exponential(60.0)
        left = t - late
        burn = min(40.0, 0.4 * left)
        if left < 30.0:
            return np.inf, tube, 0.0
        lat, lon = (region.box[n, 0] + (region.box[n, 1] - region.box[n, 0]) * generator.random() for n in (4, 5))
        site = R * np.array([cos(lat) * cos(lon + OMEGA * late), cos(lat) * sin(lon + OMEGA * late), sin(lat)])
        guess = ((target - site) / left + 0.0049 * left * site / R) / burn
        push, miss = burn_needed(site, target, left, burn, guess)
        if not miss < 0.01:
            return np.inf, tube, 0.0
        x, v = fly(site, np.array([-OMEGA * site[1], OMEGA * site[0], 0.0]), burn, J2, push, burn)
        r = float(np.linalg.norm(x))
        speed = float(np.sqrt(v @ v + 2 * MU * (1 / R - 1 / r)))
        if push @ site / np.linalg.norm(push) / R < sin(radians(20.0)):
            return speed, tube, 0.0
        back, step = 0.0, 0.25
        while np.linalg.norm(x) > R and back < burn:
            x, v = fly(x, v * 1.0, 0.0, 0.0, none, 0.0)
            y, w = fly(x, -v, step, 0.0, none, 0.0)
            x, v, back = y, -w, back + step
        ground = OMEGA * (burn - back)
        turned = np.array(
            [
                cos(ground) * site[0] - sin(ground) * site[1],
                sin(ground) * site[0] + cos(ground) * site[1],
                site[2],
            ]
        )
        return speed, tube, float(np.linalg.norm(x - turned)) / self.burn_radius

    def campaign(
        self, cases: int, regions: tuple[Region, ...], delay_s: float, generator: np.random.Generator
    ) -> tuple[int, float, float]:
        """How many cases were met below the claimed speed, and how full the two error radii were at most."""
        met, tube, burn = 0, 0.0, 0.0
        for n in range(cases):
            speed, a, b = self.case(regions[n % len(regions)], delay_s, generator)
            met += speed < self.speed
            tube = max(tube, a)
            if np.isfinite(speed) and speed < 1.3 * self.speed:
                burn = max(burn, b)
        return met, tube, burn
