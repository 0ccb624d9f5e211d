"""What is drawn on the globe: tracks, trails, areas."""

from typing import Literal

from tocsin.console.board.frame import Part

LonLat = tuple[float, float]
Point = tuple[float, float, float]
"""Longitude and latitude in degrees, height in km."""


class Tracks(Part, frozen=True, kw_only=True):
    """The national picture, one list a column, all of one length.

    `kind` by shape: ballistic, space, air, unknown. `sigma_km` is the root of the summed variances of the position.
    `age_s` since the last measurement that is in it. `ellipse95`: semi-major and semi-minor axis in km and azimuth of
    the major one in degrees, of the ground place, by track. `event`: id of its event, "" if it has none.
    """

    as_of_tai_us: int
    id: tuple[str, ...]
    label: tuple[str, ...]
    lat: tuple[float, ...]
    lon: tuple[float, ...]
    height_km: tuple[float, ...]
    speed_m_s: tuple[float, ...]
    heading_deg: tuple[float, ...]
    climb_m_s: tuple[float, ...]
    kind: tuple[str, ...]
    parties: tuple[tuple[str, ...], ...]
    source: tuple[str, ...]
    phase: tuple[str, ...]
    existence: tuple[float, ...]
    sigma_km: tuple[float, ...]
    stale: tuple[bool, ...]
    age_s: tuple[float, ...]
    event: tuple[str, ...]
    ellipse95: dict[str, tuple[float, float, float]]


class Trails(Part, frozen=True, kw_only=True):
    """Where tracks were, at most 32 points each, oldest first: sent at the start, and then kept up by the page."""

    step_s: float
    trail: dict[str, tuple[Point, ...]]


class Fan(Part, frozen=True, kw_only=True):
    """What one own sensor can see on the ground's side; `polygon` closed, clockwise, right over the poles."""

    id: str
    kind: Literal["radar", "infrared"]
    lat: float
    lon: float
    range_km: float
    azimuth_centre_deg: float
    azimuth_halfwidth_deg: float
    elevation_min_deg: float
    polygon: tuple[LonLat, ...]


class Ring(Part, frozen=True, kw_only=True):
    """A closed ring of (lon, lat) on the sphere, clockwise; its centre, and its radius if it is a circle."""

    lat: float
    lon: float
    radius_km: float | None
    polygon: tuple[LonLat, ...]


class NoticeArea(Part, frozen=True, kw_only=True):
    """Areas of a notification: launch, impact, and the corridor between them."""

    identifier: str
    party: str
    stage: str
    launch: Ring | None
    impact: Ring | None
    corridor: tuple[LonLat, ...]
    window_start_utc: str
    window_end_utc: str


class GuardedArea(Part, frozen=True, kw_only=True):
    """What the party protects."""

    name: str
    ring: Ring


class EndPlace(Part, frozen=True, kw_only=True):
    """Estimated launch or predicted impact of an event; the ellipse holds it with 95 %."""

    event: str
    lat: float
    lon: float
    semi_major_km: float
    semi_minor_km: float
    azimuth_deg: float
    t_tai_us: int
    t_utc: str
    sigma_s: float
    source: str


class Areas(Part, frozen=True, kw_only=True):
    """Everything that is drawn on the ground."""

    sensors: tuple[Fan, ...]
    notices: tuple[NoticeArea, ...]
    guarded: tuple[GuardedArea, ...]
    launch: tuple[EndPlace, ...]
    impact: tuple[EndPlace, ...]
