"""What class of vehicle a free flight looks like, from range, apogee and how fast and high it is.

Classes of ballistic missiles by range: short below 1,000 km, medium to 3,000, intermediate to 5,500, intercontinental
beyond, the bounds of common use. The spread of each class about its typical shape is assumed [I]. The platform's exp
and erfc: for proposals and for what a party says of its own tracks, never for a digest.
"""

import math
from dataclasses import dataclass

import numpy as np

from tocsin.world.constants import MU_M3_S2, WGS84_A_M
from tocsin.world.exact import Array

_EARTH_KM = 6371.0
_SPACE_KM = 100.0  # a perigee above this stays up for a while
RANGES_KM: dict[str, tuple[float, float]] = {
    "sounding-rocket": (5.0, 1_500.0),
    "ballistic-short": (50.0, 1_000.0),
    "ballistic-medium": (1_000.0, 3_000.0),
    "ballistic-intermediate": (3_000.0, 5_500.0),
    "ballistic-intercontinental": (5_500.0, 20_000.0),
}
_SHAPE_SPREAD = 0.3  # of ln(apogee / apogee at least energy) for a missile on an ordinary arc
_LOFTED_SHARE, _LOFTED_SPREAD = 0.1, 1.5  # tests on steep arcs (Hwasong series, 2016 to 2023)
_SOUNDING_MIDDLE, _SOUNDING_SPREAD = 1.5, 0.7  # apogee / range of sounding rockets: from half to five
FLOOR = 1e-4  # of the likeliest class: nothing is excluded
# What falls out of orbit comes in almost level, at almost the speed of a low orbit. [I]
_DECAY_PERIGEE_KM, _DECAY_APOGEE_KM = -60.0, 250.0
_TURNING = 0.05  # of the range: the Earth turns under the flight, and `arc` does not


@dataclass(frozen=True, slots=True)
class Arc:
    """The conic through a state over a sphere at rest: range over the ground, apogee and perigee heights, km."""

    range_km: float
    apogee_km: float
    perigee_km: float


def arc(state_eci: Array) -> Arc | None:
    """The arc of a state (6,); None if it escapes or is no flight. Range 0 where it never reaches the ground."""
    p, v = np.asarray(state_eci[:3], float), np.asarray(state_eci[3:], float)
    r = float(np.sqrt(p @ p))
    energy = 0.5 * float(v @ v) - MU_M3_S2 / max(r, 1.0)
    h = np.cross(p, v)
    parameter = float(h @ h) / MU_M3_S2
    if energy >= 0.0 or r < 0.9 * WGS84_A_M or parameter <= 0.0:
        return None
    eccentricity = math.sqrt(max(1.0 + 2.0 * energy * float(h @ h) / MU_M3_S2**2, 0.0))
    apogee, perigee = parameter / max(1.0 - eccentricity, 1e-9), parameter / (1.0 + eccentricity)
    ground = _EARTH_KM * 1e3
    range_km = 0.0
    if perigee < ground < apogee and eccentricity > 1e-9:
        anomaly = math.acos(min(max((parameter / ground - 1.0) / eccentricity, -1.0), 1.0))
        range_km = 2.0 * (math.pi - anomaly) * _EARTH_KM
    return Arc(range_km, apogee / 1e3 - _EARTH_KM, perigee / 1e3 - _EARTH_KM)


def likelihoods(state_eci: Array, covariance_eci: Array) -> dict[str, float]:
    """Relative likelihood of each class of a free flight, the likeliest at 1; empty where nothing can be said.

    The spread of range and apogee follows from the covariance by differences along its principal axes.
    """
    here = arc(state_eci)
    if here is None:
        return {}
    units = np.repeat([1e-3, 1.0], 3)
    values, vectors = np.linalg.eigh(covariance_eci * np.outer(units, units))
    away = (np.sqrt(np.maximum(values, 0.0)) * vectors).T / units
    near = [arc(state_eci + step) for step in away]
    if any(one is None for one in near):
        return {}
    sigma = [
        math.sqrt(sum((getattr(one, name) - getattr(here, name)) ** 2 for one in near))
        for name in ("range_km", "apogee_km")
    ]
    if here.perigee_km > _SPACE_KM:
        return {"satellite": 1.0, "space-launch": 0.3, "decay": 0.05}
    if here.range_km <= 0.0 or here.apogee_km <= 1.0:
        return {}
    found = ballistic(here.range_km, math.hypot(sigma[0], _TURNING * here.range_km), here.apogee_km, sigma[1])
    if here.perigee_km > _DECAY_PERIGEE_KM and here.apogee_km < _DECAY_APOGEE_KM:
        found = {name: 0.1 * value for name, value in found.items()} | {"decay": 1.0}
    largest = max(found.values(), default=0.0)
    return {name: value / largest for name, value in found.items()} if largest > 0.0 else {}


def orbit_probability(state_eci: Array, covariance_eci: Array, orbit_odds: float) -> float:
    """Probability that a state (6,), known with a covariance (6, 6), is that of an orbit: perigee above 100 km.

    `orbit_odds`: how many objects in orbit are seen for each that comes down. The perigee's mean and spread
    are those of twelve points (Julier and Uhlmann 2004), because it is anything but linear in a vague velocity.
    """
    units = np.repeat([1e-3, 1.0], 3)
    values, vectors = np.linalg.eigh(covariance_eci * np.outer(units, units))
    away = (np.sqrt(6.0 * np.maximum(values, 0.0)) * vectors).T / units
    arcs = [arc(state_eci + sign * step) for step in away for sign in (1.0, -1.0)]
    perigees = np.array([1e5 if one is None else one.perigee_km for one in arcs])
    middle, spread = float(perigees.mean()), max(float(perigees.std()), 1.0)
    up = normal_cdf((middle - _SPACE_KM) / spread)
    return orbit_odds * up / (orbit_odds * up + 1.0 - up) if up < 1.0 else 1.0


def ballistic(range_km: float, range_sigma_km: float, apogee_km: float, apogee_sigma_km: float) -> dict[str, float]:
    """Probabilities of the classes of a flight that comes down, all equally frequent before; empty if none fits."""
    range_km, apogee_km = max(range_km, 1.0), max(apogee_km, 1.0)
    spread = range_sigma_km / range_km
    shape = math.log(apogee_km / max(least_energy_apogee_km(range_km), 0.25))
    steepness = math.log(apogee_km / range_km) - math.log(_SOUNDING_MIDDLE)
    blur = math.hypot(spread, apogee_sigma_km / apogee_km)
    arc_form = (1.0 - _LOFTED_SHARE) * _bell(shape, _SHAPE_SPREAD, blur) + _LOFTED_SHARE * _bell(
        shape, _LOFTED_SPREAD, blur
    )
    found: dict[str, float] = {}
    for vehicle, (low, high) in RANGES_KM.items():
        share = _between(math.log(range_km), math.log(low), math.log(high), max(spread, 0.05))
        form = _bell(steepness, _SOUNDING_SPREAD, blur) if vehicle == "sounding-rocket" else arc_form
        found[vehicle] = share * form / math.log(high / low)
    found["space-launch"] = FLOOR * max(found.values())
    total = sum(found.values())
    return {vehicle: value / total for vehicle, value in found.items()} if total > 0.0 else {}


def least_energy_apogee_km(range_km: float) -> float:
    """Apogee of the arc of least energy over a range, spherical Earth without rotation.

    h = R/2 (sin(phi/2) + cos(phi/2) - 1), phi = range / R; a quarter of the range for short ones. [C: from the conic
    of least energy between two points of a sphere; tests/assess/test_classes.py finds it again by search.]
    """
    half = min(range_km / _EARTH_KM, math.pi) / 2.0
    return 0.5 * _EARTH_KM * (math.sin(half) + math.cos(half) - 1.0)


def normal_cdf(x: float) -> float:
    """Standard normal distribution function."""
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def _bell(x: float, spread: float, blur: float) -> float:
    """Normal density, its spread widened by what is not known about x."""
    sigma = math.hypot(spread, blur)
    return math.exp(-0.5 * (x / sigma) ** 2) / sigma


def _between(x: float, low: float, high: float, sigma: float) -> float:
    """Chance that x, known with a sigma, lies between two bounds."""
    return normal_cdf((high - x) / sigma) - normal_cdf((low - x) / sigma)
