"""Make and check a scenario in the browser; what is saved is the file that the command line reads, byte for byte."""

import re
import tomllib
from math import degrees

import msgspec

from tocsin.errors import TocsinError
from tocsin.sim.build import sensor_of
from tocsin.sim.scenario import Scenario, load, truths
from tocsin.sim.truths import Truth
from tocsin.world.observation import Radar

MAX_BYTES = 200_000
PATH_POINTS = 60
_LINE = re.compile(r"at line (\d+)")
_FIELD = re.compile(r"at `([^`]+)`")


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong, where, and what was expected."""

    line: int | None
    field: str | None
    words: str


class Path(msgspec.Struct, frozen=True, kw_only=True):
    """A flight as it would fly: [latitude_deg, longitude_deg, height_m] along the way."""

    name: str
    path: tuple[tuple[float, float, float], ...]
    apogee_km: float
    range_km: float
    flight_s: float


class SensorView(msgspec.Struct, frozen=True, kw_only=True):
    """A sensor as the map draws it."""

    id: str
    party: str
    kind: str
    lat: float
    lon: float
    range_km: float | None = None
    azimuth_centre_deg: float | None = None
    azimuth_halfwidth_deg: float | None = None


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What the checker found; a preview if the file is sound."""

    ok: bool
    name: str
    title: str
    problems: tuple[Problem, ...]
    flights: tuple[Path, ...] = ()
    sensors: tuple[SensorView, ...] = ()


def check(toml: str) -> Checked:
    """Check a scenario's text as the command line would, fly its flights, and say what is wrong in one sentence."""
    data = toml.encode()
    try:
        if len(data) > MAX_BYTES:
            return _wrong(f"the file: {len(data):,} bytes; at most {MAX_BYTES:,} expected", toml)
        scenario = load(data, "scenario")
        flights = tuple(
            Path(
                name=one.name, path=_path(one.truth), apogee_km=round(one.truth.apogee_km, 1),
                range_km=round(one.truth.range_km, 1), flight_s=round(one.truth.flight_s, 1),
            )
            for one in truths(scenario)
        )  # fmt: skip
    except TocsinError as error:
        return _wrong(str(error), toml)
    return Checked(
        ok=True, name=scenario.name, title=scenario.title, problems=(), flights=flights, sensors=_sensors(scenario)
    )


def _path(truth: Truth) -> tuple[tuple[float, float, float], ...]:
    times = [truth.flight_s * k / (PATH_POINTS - 1) for k in range(PATH_POINTS)]
    lat, lon, height = truth.geodetic(times)
    rows = zip(lat, lon, height, strict=True)
    return tuple((round(float(a), 4), round(float(o), 4), round(float(h))) for a, o, h in rows)


def _sensors(scenario: Scenario) -> tuple[SensorView, ...]:
    found = []
    for party in scenario.party:
        for file in party.sensor:
            sensor = sensor_of(file).sensor
            base = SensorView(
                id=file.id, party=party.name, kind="infrared", lat=file.latitude_deg, lon=file.longitude_deg
            )
            if isinstance(sensor, Radar):
                base = msgspec.structs.replace(
                    base, kind="radar", range_km=sensor.range_max_m / 1e3,
                    azimuth_centre_deg=round(degrees(sensor.azimuth_centre_rad), 3),
                    azimuth_halfwidth_deg=round(degrees(sensor.azimuth_halfwidth_rad), 3),
                )  # fmt: skip
            found.append(base)
    return tuple(found)


def _wrong(words: str, toml: str) -> Checked:
    """The sentence with its place: the line that TOML names, or the first line that holds the field's last part."""
    line = _LINE.search(words)
    field = _FIELD.search(words)
    number = int(line.group(1)) if line else _line_of(toml, field.group(1)) if field else None
    name = _name_of(toml)
    problem = Problem(line=number, field=field.group(1) if field else None, words=words)
    return Checked(ok=False, name=name, title="", problems=(problem,))


def _line_of(toml: str, field: str) -> int | None:
    """Line of a field such as `party[1].sensor[0].period_s`, as far as a search can tell."""
    last = re.sub(r"\[[^\]]*\]", "", field).split(".")[-1]
    pattern = re.compile(rf"^\s*(\[+\s*)?([\w.]*\.)?{re.escape(last)}\b")
    return next((number for number, line in enumerate(toml.splitlines(), 1) if pattern.match(line)), None)


def _name_of(toml: str) -> str:
    try:
        return str(tomllib.loads(toml).get("name", ""))
    except tomllib.TOMLDecodeError:
        return ""
