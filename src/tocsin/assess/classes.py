"""What class of vehicle a flight without thrust looks like, from range, apogee and energy.

Classes of ballistic missiles by range: short below 1,000 km, medium to 3,000, intermediate to 5,500, intercontinental
beyond, the bounds of common use. The spread of each class about its typical shape is assumed [I].
"""

import math

from tocsin.assess.flights import Flight
from tocsin.wire.bodies import ClassLikelihood, VehicleClass
from tocsin.world.constants import MU_M3_S2, WGS84_A_M

_EARTH_KM = 6371.0
_ORBIT_PERIGEE_M = 100e3
_RANGES_KM: dict[VehicleClass, tuple[float, float]] = {
    "sounding-rocket": (5.0, 1_500.0),
    "ballistic-short": (50.0, 1_000.0),
    "ballistic-medium": (1_000.0, 3_000.0),
    "ballistic-intermediate": (3_000.0, 5_500.0),
    "ballistic-intercontinental": (5_500.0, 20_000.0),
}
_SHAPE_SPREAD = 0.3  # of ln(apogee / apogee at least energy) for a missile on an ordinary arc
_LOFTED_SHARE, _LOFTED_SPREAD = 0.1, 1.5  # tests on steep arcs (Hwasong series, 2016 to 2023)
_SOUNDING_MIDDLE, _SOUNDING_SPREAD = 1.5, 0.7  # apogee / range of sounding rockets: from half to five
_FLOOR = 1e-4  # of the likeliest class: nothing is excluded


def classify(flight: Flight) -> tuple[ClassLikelihood, ...]:
    """Relative likelihood of each class, the likeliest at 1; `unknown` alone while too little is known.

    Combined with what the parties say of classes in their tracklets (already in the track).
    """
    own = _orbital(flight) if flight.impact is None else _ballistic(flight)
    if flight.boosting or not own:
        own = {"unknown": 1.0}
    for stated in flight.track.classes:
        if stated.vehicle in own:
            own[stated.vehicle] *= max(stated.likelihood, _FLOOR)
    largest = max(own.values())
    return tuple(
        ClassLikelihood(vehicle=vehicle, likelihood=max(own[vehicle] / largest, _FLOOR)) for vehicle in sorted(own)
    )


def least_energy_apogee_km(range_km: float) -> float:
    """Apogee of the arc of least energy over a range, spherical Earth without rotation.

    h = R/2 (sin(phi/2) + cos(phi/2) - 1), phi = range / R; a quarter of the range for short ones. [C: from the conic
    of least energy between two points of a sphere; tests/assess/test_classes.py finds it again by search.]
    """
    half = min(range_km / _EARTH_KM, math.pi) / 2.0
    return 0.5 * _EARTH_KM * (math.sin(half) + math.cos(half) - 1.0)


def _orbital(flight: Flight) -> dict[VehicleClass, float]:
    """It stays up: a satellite, or a launch vehicle that has just reached its orbit."""
    if flight.energy_m2_s2 >= 0.0 or -MU_M3_S2 / (2.0 * flight.energy_m2_s2) < WGS84_A_M + _ORBIT_PERIGEE_M:
        return {"unknown": 1.0}
    if flight.launch is not None:
        return {"space-launch": 1.0, "satellite": 0.1}
    return {"space-launch": 0.3, "satellite": 1.0, "decay": 0.05}


def _ballistic(flight: Flight) -> dict[VehicleClass, float]:
    if flight.range_km is None or flight.apogee_km is None:
        return {}
    range_km, apogee_km = max(flight.range_km, 1.0), max(flight.apogee_km, 1.0)
    spread = flight.range_sigma_km / range_km
    shape = math.log(apogee_km / max(least_energy_apogee_km(range_km), 0.25))
    steepness = math.log(apogee_km / range_km) - math.log(_SOUNDING_MIDDLE)
    blur = math.hypot(spread, flight.apogee_sigma_km / apogee_km)
    arc = (1.0 - _LOFTED_SHARE) * _bell(shape, _SHAPE_SPREAD, blur) + _LOFTED_SHARE * _bell(shape, _LOFTED_SPREAD, blur)
    found: dict[VehicleClass, float] = {}
    for vehicle, (low, high) in _RANGES_KM.items():
        share = _between(math.log(range_km), math.log(low), math.log(high), max(spread, 0.05))
        form = _bell(steepness, _SOUNDING_SPREAD, blur) if vehicle == "sounding-rocket" else arc
        found[vehicle] = share * form / math.log(high / low)
    found["space-launch"] = _FLOOR * max(found.values())
    total = sum(found.values())
    return {vehicle: value / total for vehicle, value in found.items()} if total > 0.0 else {}


def _bell(x: float, spread: float, blur: float) -> float:
    """Normal density, its spread widened by what is not known about x."""
    sigma = math.hypot(spread, blur)
    return math.exp(-0.5 * (x / sigma) ** 2) / sigma


def _between(x: float, low: float, high: float, sigma: float) -> float:
    """Chance that x, known with a sigma, lies between two bounds."""
    return normal_cdf((high - x) / sigma) - normal_cdf((low - x) / sigma)


def normal_cdf(x: float) -> float:
    """Standard normal distribution function."""
    return 0.5 * math.erfc(-x / math.sqrt(2.0))
