"""Values that bodies are made of: numbers with bounds, names, areas, windows of time.

Angles are degrees, positions Earth-fixed WGS-84 metres, times TAI microseconds.
"""

from typing import Annotated, Literal

from msgspec import Meta

from tocsin.wire.envelope import Record, TaiUs

Metres = Annotated[float, Meta(ge=-1e9, le=1e9)]
MetresPerSecond = Annotated[float, Meta(ge=-3e4, le=3e4)]
Finite = Annotated[float, Meta(ge=-1e18, le=1e18)]
Probability = Annotated[float, Meta(ge=0, le=1)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Azimuth = Annotated[float, Meta(ge=0, le=360)]
Kilometres = Annotated[float, Meta(ge=0, le=50_000)]
# A party's name (40 characters), a hyphen, a number: room for both.
TrackName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{1,64}\Z")]
Identifier = Annotated[str, Meta(pattern=r"^[A-Z]{3}/[A-Z]{2}/[0-9]{4}/[0-9]{3}/[0-9]{3}/0[1-6]\Z")]
# International designator of an object in orbit: year, number of the launch, piece.
Designator = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{3}[A-Z]{1,3}\Z")]
Vector3 = tuple[Metres, Metres, Metres]
Velocity3 = tuple[MetresPerSecond, MetresPerSecond, MetresPerSecond]

Phase = Literal["boost", "coast", "reentry", "air", "unknown"]
VehicleClass = Literal[
    "sounding-rocket", "space-launch", "ballistic-short", "ballistic-medium", "ballistic-intermediate",
    "ballistic-intercontinental", "aircraft", "satellite", "decay", "unknown",
]  # fmt: skip
NotificationFormat = Literal[
    "pre-launch", "window-extension", "post-launch", "cancellation", "geophysical-experiment", "deorbit"
]
# Two or more launches less than 5 minutes apart are simultaneous, less than 60 near-simultaneous (Russia-China 2009).
Grouping = Literal["single", "simultaneous", "near-simultaneous"]
Finding = Literal["benign", "fault", "unexplained"]
SiteReport = Literal["valid", "under investigation", "anomalous"]
Confidence = Literal["none", "low", "medium", "high"]
ConferenceLevel = Literal["none", "display", "threat", "attack"]

# A symmetric 6x6 matrix travels as its upper triangle, row by row: 00 01 02 03 04 05 11 12 ... 55.
UPPER_ROWS = tuple(row for row in range(6) for _ in range(row, 6))
UPPER_COLUMNS = tuple(column for row in range(6) for column in range(row, 6))


class Circle(Record, frozen=True, kw_only=True, tag="circle"):
    """Area within `radius_km` of a point on the ellipsoid."""

    latitude_deg: Latitude
    longitude_deg: Longitude
    radius_km: Kilometres


class Polygon(Record, frozen=True, kw_only=True, tag="polygon"):
    """Area inside a closed ring of (latitude, longitude) degrees, joined by geodesics."""

    vertices_deg: Annotated[tuple[tuple[Latitude, Longitude], ...], Meta(min_length=3, max_length=200)]


Area = Circle | Polygon


class Window(Record, frozen=True, kw_only=True):
    """Closed interval of time."""

    start_tai_us: TaiUs
    end_tai_us: TaiUs

    def __post_init__(self) -> None:
        if self.end_tai_us < self.start_tai_us:
            raise ValueError("`end_tai_us` before `start_tai_us`: a window that is not empty was expected")
