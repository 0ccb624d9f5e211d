"""What the air carries: where it is, how it flies, and whether it comes near what is protected."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from tocsin.assess.region import distance_km
from tocsin.assess.seen import last_seen
from tocsin.fuse import CommonTrack
from tocsin.wire.values import Area
from tocsin.world.frames import ecef_to_geodetic, enu_axes
from tocsin.world.geodesy import direct

AHEAD_S, STEP_S = 600, 60
"""So far ahead an unknown aircraft is followed in a straight line, and in such steps. [I]"""

BESIDE_KM = 30.0
"""So near its straight way passes an area that it counts as coming there: courses of young tracks are vague. [I]"""


@dataclass(frozen=True, slots=True)
class Airway:
    """Place and level flight of an object when it was last seen."""

    latitude_deg: float
    longitude_deg: float
    height_km: float
    speed_m_s: float
    course_deg: float


def airway(track: CommonTrack) -> Airway:
    """Where a track was last seen, and its speed and course over the ground then."""
    state = last_seen(track)
    latitude, longitude, height_m = (float(a) for a in ecef_to_geodetic(state[:3]))
    east, north, _ = (float(a) for a in enu_axes(latitude, longitude) @ state[3:])
    course_deg = math.degrees(math.atan2(east, north)) % 360.0
    speed_m_s = math.hypot(east, north)
    return Airway(math.degrees(latitude), math.degrees(longitude), height_m / 1e3, speed_m_s, course_deg)


def nearing(way: Airway, protected: Mapping[str, Area]) -> tuple[str, float] | None:
    """The area that its straight way reaches first within ten minutes, and the seconds until then; None if none."""
    reach_km = way.speed_m_s * AHEAD_S / 1e3 + BESIDE_KM
    here = (way.latitude_deg, way.longitude_deg)
    protected = {name: area for name, area in protected.items() if distance_km(area, *here) <= reach_km}
    for ahead_s in range(0, AHEAD_S + STEP_S, STEP_S) if protected else ():
        here = direct(way.latitude_deg, way.longitude_deg, way.course_deg, way.speed_m_s * ahead_s)
        found = [name for name in sorted(protected) if distance_km(protected[name], *here) <= BESIDE_KM]
        if found:
            return found[0], float(ahead_s)
    return None


def airway_words(way: Airway, near: tuple[str, float] | None) -> str:
    """In words for an officer: how it flies, and how near it comes."""
    flies = f"flies as aircraft do ({way.speed_m_s:.0f} m/s at {way.height_km:.0f} km), so no impact can be foretold"
    if near is None:
        return f"{flies}; its straight way passes no protected area within {AHEAD_S // 60} minutes"
    area, ahead_s = near
    comes = f"at {area}" if ahead_s == 0.0 else f"its straight way reaches {area} in {ahead_s / 60:.0f} min"
    return f"{flies}; {comes}"
