"""What a common track says about its flight, in the terms in which notices speak."""

import math
from dataclasses import dataclass

import numpy as np

from tocsin.assess.region import GroundPoint
from tocsin.fuse import CommonTrack, Predictions, predictions
from tocsin.world.constants import MU_M3_S2, WGS84_A_M
from tocsin.world.frames import covariance_to_eci, ecef_to_eci, ecef_to_geodetic, enu_axes
from tocsin.world.geodesy import inverse
from tocsin.world.motion import Impact, Launch, apogee
from tocsin.world.motion import ellipse95 as ellipse


@dataclass(frozen=True, slots=True, eq=False)
class Flight:
    """Launch, direction, apogee and impact of a track, with one-sigma uncertainties.

    `azimuth_deg` is the direction from the launch point to the impact (or to the object), None where the flight is
    too steep to have one. `boosting`: the engine may still burn, so impact, apogee and class are not yet known.
    """

    track: CommonTrack
    launch: Launch | None
    impact: Impact | None
    apogee_km: float | None
    apogee_sigma_km: float
    azimuth_deg: float | None
    azimuth_sigma_deg: float
    range_km: float | None
    range_sigma_km: float
    energy_m2_s2: float
    boosting: bool


def flight(track: CommonTrack) -> Flight:
    """The flight of a track, computed once and handed to everything that judges it."""
    found = predictions(track)
    boosting = track.phase == "boost"
    azimuth, azimuth_sigma = _azimuth(track, found)
    range_km, range_sigma = _range(found)
    state = ecef_to_eci(track.state_ecef, track.t_tai_ns)
    radius = math.sqrt(float(np.sum(state[:3] * state[:3])))
    energy = 0.5 * float(np.sum(state[3:] * state[3:])) - MU_M3_S2 / radius
    height = found.apogee_height_m
    return Flight(
        track=track,
        launch=found.launch,
        impact=found.impact,
        apogee_km=None if height is None else height / 1e3,
        apogee_sigma_km=_apogee_sigma_km(track, height),
        azimuth_deg=azimuth,
        azimuth_sigma_deg=azimuth_sigma,
        range_km=range_km,
        range_sigma_km=range_sigma,
        energy_m2_s2=energy,
        boosting=boosting,
    )


def ground(end: Launch | Impact, slack_km: float) -> GroundPoint:
    """An end of a flight as an uncertain point, with slack (one sigma, each axis) for what the model leaves out."""
    slack = slack_km * slack_km * 1e6 * np.eye(2)
    return GroundPoint(end.latitude_deg, end.longitude_deg, end.covariance_en_m2 + slack)


def uncertainty_km(end: Launch | Impact) -> float:
    """Semi-major axis of the 95 % ellipse, km: what is quoted in words."""
    return ellipse(end.covariance_en_m2)[0] / 1e3


def _azimuth(track: CommonTrack, found: Predictions) -> tuple[float | None, float]:
    """(azimuth_deg, sigma_deg) at the launch point, towards the farther of impact and present place."""
    if found.launch is None:
        return None, 180.0
    latitude, longitude, _ = (float(a) for a in ecef_to_geodetic(track.state_ecef[:3]))
    here = (math.degrees(latitude), math.degrees(longitude))
    start = (found.launch.latitude_deg, found.launch.longitude_deg)
    axes = enu_axes(latitude, longitude)
    en = axes[:2] @ track.covariance_ecef[:3, :3] @ axes[:2].T
    ends = [(inverse(*start, *here), np.asarray(en))]
    if found.impact is not None:
        there = (found.impact.latitude_deg, found.impact.longitude_deg)
        ends.append((inverse(*start, *there), found.impact.covariance_en_m2))
    (distance, azimuth), covariance = max(ends, key=lambda end: end[0][0])
    angle = math.radians(azimuth)
    across = np.array([math.cos(angle), -math.sin(angle)])  # east, north: to the right of the way
    spread = math.sqrt(max(float(across @ (covariance + found.launch.covariance_en_m2) @ across), 0.0))
    return azimuth, math.degrees(math.atan2(spread, max(distance, 1.0)))


def _range(found: Predictions) -> tuple[float | None, float]:
    """(range_km, sigma_km) on the ground from launch to impact."""
    if found.launch is None or found.impact is None:
        return None, 0.0
    start, end = found.launch, found.impact
    distance, _ = inverse(start.latitude_deg, start.longitude_deg, end.latitude_deg, end.longitude_deg)
    covariance = found.launch.covariance_en_m2 + found.impact.covariance_en_m2
    return distance / 1e3, math.sqrt(float(np.trace(covariance)) / 2.0) / 1e3


def _apogee_sigma_km(track: CommonTrack, height_m: float | None) -> float:
    """Apogee's one sigma from the vertical covariance, by finite differences along its principal directions."""
    if height_m is None:
        return 0.0
    state = ecef_to_eci(track.state_ecef, track.t_tai_ns)
    covariance = covariance_to_eci(track.covariance_ecef, track.t_tai_ns)
    values, vectors = np.linalg.eigh(covariance * np.outer(_UNITS, _UNITS))
    total = 0.0
    for value, vector in zip(values, vectors.T, strict=True):
        step = math.sqrt(max(float(value), 0.0)) * vector / _UNITS
        moved = apogee(state + step)[0]
        moved = moved if moved < math.inf else 2.0 * WGS84_A_M
        total += (moved - height_m) ** 2
    return math.sqrt(total) / 1e3


_UNITS = np.repeat([1e-3, 1.0], 3)
