"""Two-body closed forms in units where mu = 1 and the site stands at radius 1.

Sources: Bate, Mueller, White, Fundamentals of Astrodynamics (1971), ch. 6 (minimum-energy trajectories);
Lambert's theorem as in Prussing and Conway, Orbital Mechanics (2013), ch. 4.
"""

import math
from dataclasses import dataclass

from tocsin.assure.jit import kernel, part


@dataclass(frozen=True)
class MinimumEnergy:
    """The minimum-energy free flight over one range: speed, flight-path angle, apogee height and flight time."""

    speed_km_s: float
    angle_deg: float
    apogee_km: float
    time_s: float


def minimum_energy(range_km: float, radius_km: float = 6371.0, mu_km3_s2: float = 398600.44) -> MinimumEnergy:
    """Minimum-energy free flight between two points of a sphere that does not turn; burnout at the surface."""
    apart = range_km / radius_km
    sine = math.sin(apart / 2.0)
    speed = math.sqrt(2.0 * sine / (1.0 + sine) * mu_km3_s2 / radius_km)
    angle = (math.pi - apart) / 4.0
    eccentricity = math.tan(angle)
    axis = radius_km / (1.0 - eccentricity**2) * (1.0 - eccentricity * math.cos(apart / 2.0))
    apogee = axis * (1.0 + eccentricity) - radius_km
    cosine = (radius_km / axis - 1.0) / eccentricity
    anomaly = math.acos(max(-1.0, min(1.0, cosine)))
    time = 2.0 * math.sqrt(axis**3 / mu_km3_s2) * (anomaly + eccentricity * math.sin(anomaly))
    return MinimumEnergy(speed, math.degrees(angle), apogee, time)


@part
def _kepler(y: float) -> float:
    return 2.0 * math.atan2(math.sqrt(y), math.sqrt(1.0 - y)) - 2.0 * math.sqrt(y * (1.0 - y))


@kernel
def least_speed(radius: float, distance: float) -> float:
    """Least speed at radius 1 from which a point at `radius` and chord `distance` can be met at any time."""
    return math.sqrt(max(0.0, 2.0 - 4.0 / (1.0 + radius + distance)))


@kernel
def quickest_time(speed: float, radius: float, distance: float) -> float:
    """Shortest flight time of any two-body arc that leaves radius 1 no faster than `speed`; inf if none arrives."""
    energy = 1.0 - 0.5 * speed * speed
    far = 0.5 * (1.0 + radius + distance) * energy
    if far >= 1.0:
        return math.inf
    near = 0.5 * (1.0 + radius - distance) * energy
    size = 2.0 * energy
    return (_kepler(far) - _kepler(max(near, 0.0))) / (size * math.sqrt(size))


@kernel
def reaches(speed: float, radius: float, distance: float, time: float) -> bool:
    """Whether an arc no faster than `speed` gets from radius 1 to the point within `time`."""
    return quickest_time(speed, radius, distance) <= time


@kernel
def needed_speed(radius: float, distance: float, time: float, ceiling: float) -> float:
    """Least speed with quickest_time <= time, to 1e-10; `ceiling` if that is not enough.

    The quickest time falls as the speed rises, so bisection on it is safe; it is begun at the least speed.
    """
    if time <= 0.0 or not quickest_time(ceiling, radius, distance) <= time:
        return ceiling
    low = least_speed(radius, distance) * (1.0 + 1e-12)
    if quickest_time(low, radius, distance) <= time:
        return low
    high = ceiling
    for _ in range(60):
        middle = 0.5 * (low + high)
        if quickest_time(middle, radius, distance) <= time:
            high = middle
        else:
            low = middle
        if high - low < 1e-10:
            break
    return high


@kernel
def lofted_speed(radius: float, distance: float, time: float, ceiling: float) -> float:
    """Speed of the slower, higher arc that takes exactly `time`; `ceiling` if none no faster than that does.

    Its flight time a^(3/2) (2 pi - g(y_s) - g(y_q)) rises with the speed from that of the least speed on.
    """
    low, high = least_speed(radius, distance) * (1.0 + 1e-12), ceiling
    for _ in range(60):
        middle = 0.5 * (low + high)
        energy = 1.0 - 0.5 * middle * middle
        far, near = 0.5 * (1.0 + radius + distance) * energy, 0.5 * (1.0 + radius - distance) * energy
        size = 2.0 * energy
        taken = (2.0 * math.pi - _kepler(min(far, 1.0)) - _kepler(max(near, 0.0))) / (size * math.sqrt(size))
        if taken >= time:
            high = middle
        else:
            low = middle
        if high - low < 1e-10:
            break
    return high


@kernel
def climb(speed: float, radius: float, distance: float) -> float:
    """Sine of the flight-path angle at the start of the quickest arc; negative where it would start downwards."""
    axis = 0.5 / (1.0 - 0.5 * speed * speed)
    far = min(0.25 * (1.0 + radius + distance) / axis, 1.0)
    near = max(0.25 * (1.0 + radius - distance) / axis, 0.0)
    alpha = 2.0 * math.asin(math.sqrt(far))
    beta = 2.0 * math.asin(math.sqrt(near))
    anomaly = alpha - beta
    f = 1.0 - axis * (1.0 - math.cos(anomaly))
    g = axis * math.sqrt(axis) * ((alpha - math.sin(alpha)) - (beta - math.sin(beta))) - axis * math.sqrt(axis) * (
        anomaly - math.sin(anomaly)
    )
    cosine = (1.0 + radius * radius - distance * distance) / (2.0 * radius)
    return (radius * cosine - f) / (g * speed)
