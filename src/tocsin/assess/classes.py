"""What class of vehicle a common track looks like: the shapes of `world.vehicles`, and what the parties say."""

import math

from tocsin.assess.flights import Flight
from tocsin.wire.bodies import ClassLikelihood, VehicleClass
from tocsin.world.constants import MU_M3_S2, WGS84_A_M
from tocsin.world.vehicles import FLOOR, ballistic, least_energy_apogee_km, normal_cdf

__all__ = ["classify", "least_energy_apogee_km", "normal_cdf"]

_ORBIT_PERIGEE_M = 100e3


def classify(flight: Flight) -> tuple[ClassLikelihood, ...]:
    """Relative likelihood of each class, the likeliest at 1; `unknown` alone while too little is known.

    What the parties say in their tracklets rests on the same flight as our own view of it: the two are averaged in the
    logarithm, so that nothing counts twice.
    """
    if flight.carried:
        return (ClassLikelihood(vehicle="aircraft", likelihood=1.0),)
    own: dict[str, float] = _orbital(flight) if flight.impact is None else _ballistic(flight)
    if flight.boosting or not own:
        own = {"unknown": 1.0}
    stated: dict[str, float] = {one.vehicle: one.likelihood for one in flight.track.classes}
    for vehicle in stated.keys() & own.keys():
        own[vehicle] = math.sqrt(own[vehicle] * max(stated[vehicle], FLOOR))
    largest = max(own.values())
    return tuple(
        ClassLikelihood(vehicle=_named(vehicle), likelihood=max(own[vehicle] / largest, FLOOR))
        for vehicle in sorted(own)
    )


def _named(vehicle: str) -> VehicleClass:
    return vehicle  # type: ignore[return-value]  # world has no wire: its names are those of VehicleClass (a test)


def _orbital(flight: Flight) -> dict[str, float]:
    """It stays up: a satellite, or a launch vehicle that has just reached its orbit."""
    if flight.energy_m2_s2 >= 0.0 or -MU_M3_S2 / (2.0 * flight.energy_m2_s2) < WGS84_A_M + _ORBIT_PERIGEE_M:
        return {"unknown": 1.0}
    if flight.launch is not None:
        return {"space-launch": 1.0, "satellite": 0.1}
    return {"space-launch": 0.3, "satellite": 1.0, "decay": 0.05}


def _ballistic(flight: Flight) -> dict[str, float]:
    if flight.range_km is None or flight.apogee_km is None:
        return {}
    return ballistic(flight.range_km, flight.range_sigma_km, flight.apogee_km, flight.apogee_sigma_km)
