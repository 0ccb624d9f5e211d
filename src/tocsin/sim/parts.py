"""Parts of a scenario file: sensors, people, parties, notices, faults, and what parties say by script.

Angles in files are degrees, distances kilometres, times UTC or seconds after the scenario's launch.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from tocsin.wire.bodies import Azimuth, Kilometres, Latitude, Longitude, VehicleClass
from tocsin.wire.measures import MeasureKind

Caveat = Literal[
    "benign", "fault", "unexplained", "share-more", "amend", "suspend", "resume", "exercise-response"
]
Positive = Annotated[float, Meta(gt=0)]
Share = Annotated[float, Meta(ge=0, le=1)]
Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,39}\Z")]
Utc = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z\Z")]


class Part(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of everything in a scenario file: unknown fields are mistakes."""


class CircleArea(Part, frozen=True, kw_only=True):
    """Area within `radius_km` of a point."""

    name: str
    latitude_deg: Latitude
    longitude_deg: Longitude
    radius_km: Kilometres


class RadarFile(Part, frozen=True, kw_only=True, tag_field="kind", tag="radar"):
    """A ground radar as written in a file."""

    id: Name
    source: str
    latitude_deg: Latitude
    longitude_deg: Longitude
    height_m: float = 0.0
    sigma_range_m: Positive
    sigma_azimuth_deg: Positive
    sigma_elevation_deg: Positive
    range_max_km: Positive
    elevation_min_deg: float
    elevation_max_deg: float = 89.0
    azimuth_centre_deg: Azimuth = 0.0
    azimuth_halfwidth_deg: Annotated[float, Meta(gt=0, le=180)] = 180.0
    period_s: Positive
    detection_probability: Share
    clutter_per_scan: Annotated[float, Meta(ge=0, le=1e5)] = 0.0
    clock_offset_ms: float = 0.0


class InfraredFile(Part, frozen=True, kw_only=True, tag_field="kind", tag="infrared"):
    """A satellite that sees plumes and stands still over the turning Earth.

    One near the top of a long ellipse is stood in for by a point at `latitude_deg`; it moves little in half an hour.
    """

    id: Name
    source: str
    latitude_deg: Latitude = 0.0
    longitude_deg: Longitude
    altitude_km: Positive = 35_786.0
    sigma_angle_urad: Positive
    plume_height_min_km: Annotated[float, Meta(ge=0, le=100)] = 10.0
    period_s: Positive
    detection_probability: Share
    clutter_per_scan: Annotated[float, Meta(ge=0, le=1e5)] = 0.0
    clock_offset_ms: float = 0.0


class MemberFile(Part, frozen=True, kw_only=True):
    """A member of a composite party: how long its capital takes to consent, and what it does not consent to.

    `caveats` name findings (benign, fault, unexplained), measures (share-more, amend, suspend, resume), or
    `exercise-response`. Consensus: what one member does not consent to, the party does not sign.
    """

    name: Name
    consult_s: Annotated[float, Meta(ge=0, le=86_400)] = 0.0
    caveats: tuple[Caveat, ...] = ()


class OfficerFile(Part, frozen=True, kw_only=True):
    """How long people of this party take, seconds; drawn within +-`spread` around these by the seed.

    `measure_s`: to sign a measure about the agreement, which capitals look at. `member`: a composite party asks its
    members, all at once, and signs when the slowest has consented.
    """

    acknowledge_s: Positive = 180.0
    judge_s: Positive = 40.0
    convene_s: Positive = 30.0
    sign_s: Positive = 60.0
    check_s: Positive | None = None  # to ask the sensor sites by voice what they really hold; None: they never ask
    measure_s: Positive = 120.0
    spread: Share = 0.2
    member: Annotated[tuple[MemberFile, ...], Meta(max_length=40)] = ()

    def signing_s(self, alone_s: float) -> float:
        """What a signature takes with the consent of all members, mean."""
        return alone_s + max((one.consult_s for one in self.member), default=0.0)

    def withhold(self, what: str) -> tuple[str, ...]:
        """Members that do not consent to it."""
        return tuple(one.name for one in self.member if what in one.caveats)


class PartyFile(Part, frozen=True, kw_only=True):
    """One party: its sensors, what it protects, its people."""

    name: Name
    sensor: Annotated[tuple[RadarFile | InfraredFile, ...], Meta(max_length=64)] = ()
    protects: Annotated[tuple[CircleArea, ...], Meta(max_length=64)] = ()
    officers: OfficerFile = OfficerFile()


class NoticeFile(Part, frozen=True, kw_only=True):
    """A launch notification as the launching party wrote it."""

    by: Name
    identifier: str
    announced: Utc
    window_start: Utc
    window_end: Utc
    vehicle: VehicleClass
    objects: Annotated[int, Meta(ge=1, le=1_000)] = 1
    launch_area: CircleArea
    azimuth_deg: Azimuth | None = None
    azimuth_tolerance_deg: Annotated[float, Meta(ge=0, le=180)] | None = None
    apogee_km: Kilometres | None = None
    impact_area: CircleArea | None = None
    text: str = ""
    format: Literal["pre-launch", "deorbit", "geophysical-experiment"] = "pre-launch"
    to: tuple[Name, ...] = ()  # parties told; empty: all. Only outside the system can a notice leave parties out
    actual: Utc | None = None  # stated in the post-launch message; None: the scenario's launch


class Defects(Part, frozen=True, kw_only=True):
    """What went wrong with the people and papers; every one is a setting."""

    wrong_addressee: bool = False
    tape_marked: bool = False  # recorded exercise data carry their mark, and the centre refuses them
    post_launch_message: bool = True
    duty_officer_acknowledges: bool = True
    addressee_used: str = ""


class FactFile(Part, frozen=True, kw_only=True):
    """Something the scenario rests on."""

    what: str
    value: str
    mark: Literal["S", "C", "I", "U"]
    source: str




class GhostFile(Part, frozen=True, kw_only=True):
    """A sensor fault with real geometry: detections of something that is no launch.

    `moon`: a radar whose pulses come back from the Moon, at its distance modulo `ambiguity_km`. `glint`: sunlight
    off high clouds near a place, seen by an infrared satellite while light is scattered forward by less than
    `scatter_max_deg`; the bright spot moves with `speed_m_s` along `azimuth_deg` and climbs `climb_m_s`.
    """

    name: Name
    kind: Literal["moon", "glint"]
    sensor: Name
    from_s: float
    to_s: float
    ambiguity_km: Positive = 5_000.0
    latitude_deg: Latitude = 0.0
    longitude_deg: Longitude = 0.0
    height_km: Annotated[float, Meta(ge=0, le=200)] = 12.0
    azimuth_deg: Azimuth = 0.0
    speed_m_s: Annotated[float, Meta(ge=0, le=10_000)] = 0.0
    climb_m_s: Annotated[float, Meta(ge=0, le=5_000)] = 0.0
    scatter_max_deg: Annotated[float, Meta(gt=0, le=180)] = 60.0


class MeasureFile(Part, frozen=True, kw_only=True):
    """A joint measure that a party puts to the vote. Times are seconds after the scenario's launch.

    `amend` names the shipped regime that takes the place of the one in force.
    """

    kind: MeasureKind
    effective_s: float
    until_s: float | None = None
    share: tuple[Name, ...] = ()
    every_s: Annotated[float, Meta(ge=0, le=86_400)] | None = None
    amend: str = ""


class CodeFile(Part, frozen=True, kw_only=True):
    """A short message sent as code word and number. Both sides hold the book's texts in their own language."""

    word: Annotated[str, Meta(pattern=r"^[A-Z]{3,12}\Z")]
    number: Annotated[int, Meta(ge=1, le=999)]
    blanks: tuple[str, ...] = ()


class BookFile(Part, frozen=True, kw_only=True):
    """An agreed code book, as every party logs it at the start: `texts` by number from 1, one a language."""

    word: Annotated[str, Meta(pattern=r"^[A-Z]{3,12}\Z")]
    text: Annotated[tuple[dict[str, str], ...], Meta(min_length=1, max_length=200)]


class Happening(Part, frozen=True, kw_only=True):
    """Something that a party says by script, at a time: through the system where the regime lets it through."""

    at_s: float
    by: Name
    does: Literal["alert", "all-clear", "deny", "suspend", "resume", "propose", "code"]
    text: str
    measure: MeasureFile | None = None
    code: CodeFile | None = None
    area: CircleArea | None = None
    from_s: float = -3_600.0
    to_s: float = 3_600.0


class EngagementFile(Part, frozen=True, kw_only=True):
    """The abstract engagement model of a comparison: numbers about people and authority, none about weapons. [I]"""

    authority_before_s: Positive = 180.0  # authority must stand this long before the object comes down
    double_probability: Share = 0.5  # that two parties who both have authority both act on one object
