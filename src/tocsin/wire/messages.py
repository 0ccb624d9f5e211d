"""Bodies of what watches tell each other about launches, hazards, aircraft, ships, exercises and orbits.

Where each field comes from, and how sure that is, stands in docs/statements.md. Free text is in the language that the
envelope's marking names, and that text governs; no field holds a second version of it.
"""

from typing import Annotated, Literal

from msgspec import Meta

from tocsin.wire.envelope import Count, Line, Name, Record, TaiUs, Text
from tocsin.wire.values import (
    Area,
    Azimuth,
    Circle,
    Designator,
    Grouping,
    Kilometres,
    Latitude,
    Longitude,
    TrackName,
    Vector3,
    VehicleClass,
    Velocity3,
    Window,
)

Seconds = Annotated[float, Meta(ge=0, le=86_400)]
Speed = Annotated[float, Meta(ge=0, le=3_000)]
Sigma = Annotated[float, Meta(gt=0, le=1e7)]
Squawk = Annotated[str, Meta(pattern=r"^[0-7]{4}\Z")]
Year = Annotated[int, Meta(ge=1957, le=2200)]
People = Annotated[int, Meta(ge=0, le=10_000_000)]
Domain = Literal["sea", "air", "land", "space"]


class LaunchDetection(Record, frozen=True, kw_only=True):
    """A launch as one party's warning system saw it: the five data that the joint centre of 2000 was to exchange.

    Time of launch, place of launch, rough direction, place and time of impact; what is not known is None. Circles hold
    the place with 95 %, `_uncertainty_s` is one sigma. `sources`: what kind of sensors saw it.
    """

    event: TrackName
    launch_tai_us: TaiUs
    launch_uncertainty_s: Seconds
    launch_place: Circle
    direction_deg: Azimuth | None = None
    direction_tolerance_deg: Annotated[float, Meta(ge=0, le=180)] | None = None
    impact_place: Circle | None = None
    impact_tai_us: TaiUs | None = None
    impact_uncertainty_s: Seconds | None = None
    vehicle: VehicleClass | None = None
    objects: Annotated[int, Meta(ge=1, le=1_000)] | None = None
    grouping: Grouping | None = None
    sources: Annotated[tuple[Literal["infrared", "radar", "other"], ...], Meta(max_length=8)] = ()

    def __post_init__(self) -> None:
        if self.impact_tai_us is not None and self.impact_tai_us < self.launch_tai_us:
            raise ValueError("`impact_tai_us` before `launch_tai_us`: a later time was expected")


class HazardNotice(Record, frozen=True, kw_only=True):
    """An area and a time to keep clear of. The nature of the hazard may be withheld."""

    number: Line
    area: Area
    window: Window
    nature: Literal["withheld", "rocket", "ordnance", "debris", "light", "other"] = "withheld"
    ceiling_km: Kilometres | None = None
    text: Text = ""


class ExerciseNotice(Record, frozen=True, kw_only=True):
    """A military exercise announced ahead. `simulated_data`: recorded or made-up data will run on warning systems."""

    name: Line
    nature: Literal["command-post", "field", "air", "maritime", "rocket-forces", "warning-system"]
    area: Area
    window: Window
    personnel: People | None = None
    launches: Annotated[int, Meta(ge=0, le=1_000)] | None = None
    simulated_data: bool = False
    text: Text = ""


class AirAlert(Record, frozen=True, kw_only=True):
    """An aircraft that gives rise to concern, early enough to ask the other side about it."""

    event: TrackName
    category: Literal["suspicious", "renegade", "lost-contact", "off-route", "resolved"]
    t_tai_us: TaiUs
    latitude_deg: Latitude
    longitude_deg: Longitude
    altitude_km: Annotated[float, Meta(ge=-1, le=100)]
    course_deg: Azimuth | None = None
    ground_speed_m_s: Speed | None = None
    callsign: Line = ""
    transponder: Squawk | None = None
    flight_information_region: Line = ""
    text: Text = ""


class Incident(Record, frozen=True, kw_only=True):
    """Something that happened between forces, or an accident that could be taken for more than it is."""

    domain: Domain
    nature: Literal[
        "collision", "near-miss", "dangerous-manoeuvre", "accident", "unauthorised-act", "unexplained", "lost-control"
    ]
    place: Circle
    window: Window
    units: Annotated[tuple[Line, ...], Meta(max_length=16)] = ()
    casualties: People | None = None
    nuclear_detonation_possible: bool = False
    officer: Line
    text: Text = ""


class Deconfliction(Record, frozen=True, kw_only=True):
    """Where own units will be, or where others are asked not to be, so that nobody meets by surprise."""

    domain: Domain
    request: Literal["information", "keep-clear", "own-passage"]
    area: Area
    window: Window
    floor_km: Annotated[float, Meta(ge=-12, le=1_000)] | None = None
    ceiling_km: Annotated[float, Meta(ge=-12, le=1_000)] | None = None
    activity: Line
    contact: Line = ""

    def __post_init__(self) -> None:
        if self.floor_km is not None and self.ceiling_km is not None and self.ceiling_km < self.floor_km:
            raise ValueError("`ceiling_km` below `floor_km`: a layer that is not empty was expected")


class DeclaredLaunches(Record, frozen=True, kw_only=True):
    """How many of a generic class were launched in a year."""

    vehicle: VehicleClass
    launched: Count


class AnnualDeclaration(Record, frozen=True, kw_only=True):
    """Policies, and number and generic class of what was launched in the year before."""

    year: Year
    launches: Annotated[tuple[DeclaredLaunches, ...], Meta(max_length=16)]
    policies: Text = ""

    def __post_init__(self) -> None:
        if len({one.vehicle for one in self.launches}) != len(self.launches):
            raise ValueError("`launches`: each class once was expected")


class Orbit(Record, frozen=True, kw_only=True):
    """Where an object in orbit is at one time, so that its track is not taken for a launch.

    Earth-fixed position and velocity relative to the rotating Earth, with one sigma each, and how much earlier or later
    along its way it may be (`along_track_sigma_s` then, growing by `along_track_growth_s_per_day`: drag).
    """

    name: Line
    designator: Designator | None = None
    owner: Name | None = None
    status: Literal["operational", "inactive", "rocket-body", "debris", "decaying"]
    t_tai_us: TaiUs
    position_ecef_m: Vector3
    velocity_ecef_m_s: Velocity3
    position_sigma_m: Sigma
    velocity_sigma_m_s: Sigma
    along_track_sigma_s: Seconds = 0.0
    along_track_growth_s_per_day: Seconds = 0.0
    decay_window: Window | None = None


MESSAGE_KINDS: dict[tuple[str, int], type[Record]] = {
    ("launch-detection", 1): LaunchDetection,
    ("hazard-notice", 1): HazardNotice,
    ("exercise-notice", 1): ExerciseNotice,
    ("air-alert", 1): AirAlert,
    ("incident", 1): Incident,
    ("deconfliction", 1): Deconfliction,
    ("annual-declaration", 1): AnnualDeclaration,
    ("orbit", 1): Orbit,
}
