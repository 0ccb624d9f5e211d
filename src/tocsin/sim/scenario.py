"""Scenario files: what happened, who watched with what, what was announced, and how people behaved.

A scenario is TOML. Values taken from a source stand in `[[fact]]` with the mark of the source: S stated,
C computed, I inferred, U uncertain. Angles in files are degrees, distances kilometres, times UTC.
"""

import tomllib
from importlib import resources
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from tocsin.sim.errors import ScenarioError
from tocsin.sim.flight.table import read_table
from tocsin.wire.bodies import Azimuth, Kilometres, Latitude, Longitude, VehicleClass

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
    """A satellite over the equator that sees plumes."""

    id: Name
    source: str
    longitude_deg: Longitude
    altitude_km: Positive = 35_786.0
    sigma_angle_urad: Positive
    plume_height_min_km: Annotated[float, Meta(ge=0, le=100)] = 10.0
    period_s: Positive
    detection_probability: Share
    clutter_per_scan: Annotated[float, Meta(ge=0, le=1e5)] = 0.0
    clock_offset_ms: float = 0.0


class OfficerFile(Part, frozen=True, kw_only=True):
    """How long people of this party take, seconds; drawn within +-`spread` around these by the seed."""

    acknowledge_s: Positive = 180.0
    judge_s: Positive = 40.0
    convene_s: Positive = 30.0
    sign_s: Positive = 60.0
    spread: Share = 0.2


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


class Defects(Part, frozen=True, kw_only=True):
    """What went wrong with the people and papers; every one is a setting."""

    wrong_addressee: bool = False
    post_launch_message: bool = True
    duty_officer_acknowledges: bool = True
    addressee_used: str = ""


class FactFile(Part, frozen=True, kw_only=True):
    """Something the scenario rests on."""

    what: str
    value: str
    mark: Literal["S", "C", "I", "U"]
    source: str


class Scenario(Part, frozen=True, kw_only=True):
    """One case. `flight` is read by `tocsin.sim.flight`."""

    name: Name
    title: str
    summary: str
    launch: Utc
    begins_s: float = -600.0
    ends_s: Positive = 1_800.0
    link_delay_ms: Positive = 40.0
    flight: dict[str, Any]
    party: Annotated[tuple[PartyFile, ...], Meta(min_length=1, max_length=16)]
    notice: Annotated[tuple[NoticeFile, ...], Meta(max_length=64)] = ()
    defects: Defects = Defects()
    history: Annotated[tuple[str, ...], Meta(max_length=64)] = ()
    fact: Annotated[tuple[FactFile, ...], Meta(max_length=256)] = ()


def load(data: bytes, name: str) -> Scenario:
    """A scenario from the bytes of file `name`. Raises ScenarioError naming file and field or line."""
    try:
        raw = tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{name}: not UTF-8 at byte {error.start}", data) from error
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{name}: not TOML: {error}", data) from error
    return convert(raw, name, data)


def convert(raw: dict[str, Any], name: str, data: bytes = b"") -> Scenario:
    """A scenario from a parsed table."""
    try:
        scenario = msgspec.convert(raw, Scenario, strict=False)
    except msgspec.ValidationError as error:
        raise ScenarioError(f"{name}: {error}".replace("`$.", "`"), data) from error
    _cross_check(scenario, name, data)
    return scenario


def _cross_check(scenario: Scenario, name: str, data: bytes) -> None:
    names = [party.name for party in scenario.party]
    sensors = [sensor.id for party in scenario.party for sensor in party.sensor]
    if len(set(names)) != len(names):
        raise ScenarioError(f"{name}: party: each name once expected, got {', '.join(names)}", data)
    if len(set(sensors)) != len(sensors):
        raise ScenarioError(f"{name}: party.sensor: each id once expected, got {', '.join(sensors)}", data)
    for notice in scenario.notice:
        if notice.by not in names:
            raise ScenarioError(f"{name}: notice.by: one of {', '.join(names)} expected, got {notice.by!r}", data)
    if scenario.begins_s >= scenario.ends_s:
        raise ScenarioError(f"{name}: begins_s must be before ends_s", data)
    read_table(scenario.flight, name)


def override(raw: dict[str, Any], setting: str) -> None:
    """Apply one `table.field=value` to a parsed table (TOML value on the right). Raises ScenarioError."""
    path, _, value = setting.partition("=")
    keys = path.strip().split(".")
    try:
        parsed = tomllib.loads(f"v = {value.strip()}")["v"]
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"--set {setting}: a TOML value expected after '=', for example true or 3.5") from error
    table = raw
    for key in keys[:-1]:
        table = table.setdefault(key, {})
        if not isinstance(table, dict):
            raise ScenarioError(f"--set {setting}: {key} is not a table of the scenario")
    table[keys[-1]] = parsed


def shipped() -> tuple[str, ...]:
    """Names of the cases that come with the product."""
    folder = resources.files("tocsin.sim").joinpath("library")
    return tuple(sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml")))


def shipped_bytes(name: str) -> bytes:
    """File of a shipped case. Raises ScenarioError listing what there is."""
    if name not in shipped():
        raise ScenarioError(f"{name}: no such file, and no shipped case of that name; there are {', '.join(shipped())}")
    return resources.files("tocsin.sim").joinpath("library", f"{name}.toml").read_bytes()
