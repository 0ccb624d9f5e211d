"""What a common track says about its flight, in the terms in which notices speak."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from tocsin.assess.region import GroundPoint
from tocsin.assess.seen import last_seen, speed_below, unassumed
from tocsin.fuse import CommonTrack, Predictions, predictions
from tocsin.fuse.predict import is_burning
from tocsin.world.constants import MU_M3_S2, WGS84_A_M
from tocsin.world.exact import Array
from tocsin.world.frames import covariance_to_eci, ecef_to_eci, ecef_to_geodetic, enu_axes
from tocsin.world.geodesy import inverse
from tocsin.world.motion import Impact, Launch
from tocsin.world.motion import ellipse95 as ellipse
from tocsin.world.vehicles import normal_cdf, orbit_probability

ORBIT_ODDS = 1_000.0
"""Objects in orbit that a radar sees for each that comes down unannounced: scores of passes a day against some flights
a year would be 10,000 or more. Low on purpose: a state that excludes an orbit by four sigma outweighs it, which a
radar's track reaches within seconds of its first statement. [I]"""

AIR_HEIGHT_M, AIR_SPEED_M_S, AIR_CLIMB_M_S = 20e3, 400.0, 75.0
"""Below all three things fly on wings or fall slowly through the air. What falls from space on a ballistic way is
faster by a multiple there, and what a motor lifts climbs faster within seconds. [I]"""

AIR_ODDS, AIR_ODDS_BURNT = 1_000.0, 30.0
"""Things so low, slow and level for each that flies without wings there; the same of those that, by a statement of the
last 20 s, burn something: trackers take a turn for thrust. [I]"""

AIRBORNE = 0.95
"""From this probability on an object is spoken of as one that the air carries. [I]"""


@dataclass(frozen=True, slots=True, eq=False)
class Flight:
    """Launch, direction, apogee and impact of a track, with one-sigma uncertainties.

    `azimuth_deg` is the direction from the launch point to the impact (or to the object), None where the flight is
    too steep to have one. `boosting`: the engine may still burn, so impact, apogee and class are not yet known.
    `comes_down`: chance that it is on a way to the ground that can be foretold, neither in orbit nor carried by the
    air, as far as its state is known. A satellite's first seconds on a radar look like anything; they must not ring a
    bell. `airborne`: chance that it flies as aircraft do; from `AIRBORNE` on, unless it burns, no impact is foretold.
    `staging`: nothing burns, but short of 20 s ago something did, so that another stage may follow: `impact` is as wide
    as that makes it.
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
    comes_down: float = 1.0
    airborne: float = 0.0
    staging: bool = False

    @property
    def carried(self) -> bool:
        """The air carries it, as far as anybody can say: an aircraft, or what flies as one."""
        return self.airborne >= AIRBORNE and not self.boosting

    @property
    def may_burn(self) -> bool:
        """Nobody knows yet where it ends: a motor burns, or may burn again."""
        return self.boosting or self.staging


def flight(track: CommonTrack) -> Flight:
    """The flight of a track, computed once and handed to everything that judges it."""
    found = _flight(_Estimate(track))
    return found if found.track is track else replace(found, track=track)


def still_airborne(known: Flight) -> Flight:
    """The flight of a track that was held for an aircraft when it was known better: a word of thrust alone is no reason
    to think otherwise. Only what aircraft cannot do is."""
    airborne = air_probability(known.track, AIR_ODDS)
    if known.airborne >= airborne or airborne < AIRBORNE:
        return known
    comes_down = known.comes_down * (1.0 - airborne) / (1.0 - known.airborne)
    return replace(known, airborne=airborne, comes_down=comes_down, impact=None, boosting=False, staging=False)


class _Estimate:
    """A track as far as its flight hangs on it; equal to the last bit is equal."""

    __slots__ = ("_key", "track")

    def __init__(self, track: CommonTrack) -> None:
        self.track = track
        self._key = (track.t_tai_ns, track.phase, track.state_ecef.tobytes(), track.covariance_ecef.tobytes(),
                     is_burning(track), track.first_t_tai_ns, track.updated_t_tai_ns)  # fmt: skip

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Estimate) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


@lru_cache(maxsize=2048)
def _flight(estimate: _Estimate) -> Flight:
    """Remembered: the pictures of several parties, and of several regimes of one case, hold equal tracks."""
    track = estimate.track
    found = predictions(track)
    boosting = track.phase == "boost"
    azimuth, azimuth_sigma = _azimuth(track, found)
    range_km, range_sigma = _range(found)
    state = ecef_to_eci(track.state_ecef, track.t_tai_ns)
    radius = math.sqrt(float(np.sum(state[:3] * state[:3])))
    energy = 0.5 * float(np.sum(state[3:] * state[3:])) - MU_M3_S2 / radius
    height = found.apogee_height_m
    airborne = air_probability(track, AIR_ODDS_BURNT if found.burning else AIR_ODDS)
    return Flight(
        track=track,
        launch=found.launch,
        impact=found.impact if airborne < AIRBORNE or boosting else None,
        apogee_km=None if height is None else height / 1e3,
        apogee_sigma_km=_apogee_sigma_km(track, height),
        azimuth_deg=azimuth,
        azimuth_sigma_deg=azimuth_sigma,
        range_km=range_km,
        range_sigma_km=range_sigma,
        energy_m2_s2=energy,
        boosting=boosting,
        comes_down=(1.0 - airborne) * (1.0 if found.burning else 1.0 - _in_orbit(track)),
        airborne=airborne,
        staging=found.burning and not boosting,
    )


def _in_orbit(track: CommonTrack) -> float:
    state, covariance = unassumed(track)
    covariance = covariance_to_eci(covariance, track.t_tai_ns)
    return orbit_probability(ecef_to_eci(state, track.t_tai_ns), covariance, ORBIT_ODDS)


def air_probability(track: CommonTrack, odds: float) -> float:
    """Probability that a track is carried by the air: below 20 km and 400 m/s, and hardly climbing, when last seen.

    `odds`: how many such objects there are for each of that kind without wings. A ballistic estimate of an aircraft
    sinks, because nothing in it lifts: falling speaks for nothing here.
    """
    state = last_seen(track)
    latitude, longitude, height_m = (float(a) for a in ecef_to_geodetic(state[:3]))
    up = enu_axes(latitude, longitude)[2]
    places, speeds = track.covariance_ecef[:3, :3], track.covariance_ecef[3:, 3:]
    p = normal_cdf((AIR_HEIGHT_M - height_m) / math.sqrt(max(float(up @ places @ up), 1.0)))
    if p > 0.0:
        spare_m_s = AIR_CLIMB_M_S - float(up @ state[3:])
        p *= normal_cdf(spare_m_s / math.sqrt(max(float(up @ speeds @ up), 1.0)))
        p *= speed_below(state[3:], speeds, AIR_SPEED_M_S)
    return odds * p / (odds * p + 1.0 - p) if p < 1.0 else 1.0


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
    """Apogee's one sigma from the covariance, by differences along its principal directions.

    Differences of two-body apogees: oblateness moves the apogee by kilometres, but its change by parts in a thousand.
    """
    if height_m is None:
        return 0.0
    state = ecef_to_eci(track.state_ecef, track.t_tai_ns)
    covariance = covariance_to_eci(track.covariance_ecef, track.t_tai_ns)
    values, vectors = np.linalg.eigh(covariance * np.outer(_UNITS, _UNITS))
    steps = np.sqrt(np.maximum(values, 0.0)) * vectors / _UNITS[:, None]
    radii = apogee_radius_m(np.vstack([state, state + steps.T]))
    if not np.isfinite(radii[0]):
        return 2.0 * WGS84_A_M / 1e3
    moved = np.minimum(height_m + radii[1:] - radii[0], 2.0 * WGS84_A_M)
    return float(np.sqrt(np.sum((moved - height_m) ** 2))) / 1e3


def apogee_radius_m(states_eci: Array) -> Array:
    """Greatest distance (n,) from the Earth's centre of two-body orbits (n, 6); infinite where the flight escapes."""
    position, velocity = states_eci[:, :3], states_eci[:, 3:]
    radius = np.sqrt(np.sum(position * position, axis=1))
    inverse_a = 2.0 / radius - np.sum(velocity * velocity, axis=1) / MU_M3_S2
    momentum = np.cross(position, velocity)
    squared = np.maximum(1.0 - np.sum(momentum * momentum, axis=1) / MU_M3_S2 * inverse_a, 0.0)
    bound = inverse_a > 0.0
    return np.where(bound, (1.0 + np.sqrt(squared)) / np.where(bound, inverse_a, 1.0), np.inf)


_UNITS = np.repeat([1e-3, 1.0], 3)
