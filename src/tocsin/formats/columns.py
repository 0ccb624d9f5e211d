"""Tables (CSV) with a declared map of their columns: nothing is guessed.

The map is TOML: `kind = "positions"` or `"plots"`, `delimiter`, a `[columns]` table that says for every quantity which
column holds it, and `[units]` where they are not SI and degrees. Plots need `[sites]`: "SAC/SIC" to latitude, longitude
and height. docs/formats.md shows one of each.
"""

import csv
import tomllib
from collections.abc import Iterator, Mapping
from io import StringIO
from math import cos, isfinite, radians, sin

import msgspec

from tocsin.errors import BadEvidence
from tocsin.formats.errors import FormatError
from tocsin.formats.reports import Plot, Position, Source
from tocsin.formats.scans import Site
from tocsin.formats.tally import Tally
from tocsin.world.time import from_posix_s, parse_utc

UNITS = {
    "m": 1.0, "km": 1e3, "ft": 0.3048, "NM": 1852.0, "FL": 30.48, "m/s": 1.0, "kt": 1852.0 / 3600.0,
    "km/h": 1.0 / 3.6, "ft/min": 0.3048 / 60.0, "deg": 1.0,
}  # fmt: skip
NEEDED = {"positions": ("time", "latitude", "longitude", "key"), "plots": ("time", "source", "range", "azimuth")}
KNOWN = (
    "time", "latitude", "longitude", "height", "key", "callsign", "code", "speed", "course", "climb", "sigma", "source",
    "range", "azimuth",
)  # fmt: skip


class Columns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"site_rows": "sites"}):
    """A map of columns as it stands in its file."""

    kind: str
    columns: dict[str, str]
    units: dict[str, str] = {}
    delimiter: str = ","
    sigma_m: float = 100.0
    site_rows: dict[str, tuple[float, float, float]] = {}

    def sites(self) -> dict[Source, Site]:
        """Sites of radars, by source."""
        return {
            _source(name): Site(source=_source(name), latitude_deg=a, longitude_deg=b, height_m=c)
            for name, (a, b, c) in self.site_rows.items()
        }


def load(data: bytes, label: str) -> Columns:
    """A map from its file. Raises FormatError with what is missing."""
    try:
        made = msgspec.convert(tomllib.loads(data.decode()), Columns)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise FormatError(f"{label}: {error}", data) from error
    if made.kind not in NEEDED:
        raise FormatError(f"{label}: kind {made.kind!r}: positions or plots was expected")
    lacking = [name for name in NEEDED[made.kind] if name not in made.columns]
    strange = [name for name in (*made.columns, *made.units) if name not in KNOWN]
    units = [unit for unit in made.units.values() if unit not in UNITS]
    if lacking or strange or units:
        raise FormatError(f"{label}: lacks {lacking}, does not know {strange}, nor the units {units}")
    return made


def rows(text: str, mapping: Columns, tally: Tally) -> Iterator[Plot | Position]:
    """Plots or positions of a table. A row that does not hold what the map promises is counted and left out."""
    table = csv.DictReader(StringIO(text), delimiter=mapping.delimiter)
    absent = [column for column in mapping.columns.values() if column not in (table.fieldnames or ())]
    if absent:
        raise FormatError(f"the table has no columns {absent}; it has {table.fieldnames}", text[:1000].encode())
    for row in table:
        try:
            made = _plot(row, mapping, table.line_num) if mapping.kind == "plots" else _position(
                row, mapping, table.line_num
            )
        except (ValueError, TypeError, OverflowError, BadEvidence) as error:
            tally.skip(table.line_num, "row", str(error).split("\n")[0][:80] or "not what the map promises")
            continue
        tally.take("row")
        yield made


def _text(row: Mapping[str, str | None], mapping: Columns, name: str) -> str:
    return (row.get(mapping.columns.get(name, "")) or "").strip()


def _figure(row: Mapping[str, str | None], mapping: Columns, name: str) -> float | None:
    text = _text(row, mapping, name)
    if not text:
        return None
    value = float(text) * UNITS[mapping.units.get(name, "m")]
    if not isfinite(value):
        raise ValueError(f"{name} is not a number")
    return value


def _needed(row: Mapping[str, str | None], mapping: Columns, name: str, low: float, high: float) -> float:
    value = _figure(row, mapping, name)
    if value is None or not low <= value <= high:
        raise ValueError(f"{name} is missing, or not from {low:g} to {high:g}")
    return value


def _time(row: Mapping[str, str | None], mapping: Columns) -> int:
    text = _text(row, mapping, "time")
    if "T" in text or "-" in text[1:]:
        return parse_utc(text.replace(" ", "T") if text.endswith("Z") else text.replace(" ", "T") + "Z")
    seconds = float(text)
    whole = int(seconds // 1)
    return from_posix_s(whole) + round((seconds - whole) * 1e9)


def _source(text: str) -> Source:
    sac, _, sic = text.partition("/")
    return int(sac), int(sic)


def _position(row: Mapping[str, str | None], mapping: Columns, line: int) -> Position:
    speed, course = _figure(row, mapping, "speed"), _figure(row, mapping, "course")
    velocity = None
    if speed is not None and course is not None:
        climb = _figure(row, mapping, "climb") or 0.0
        velocity = (speed * sin(radians(course)), speed * cos(radians(course)), climb)
    key = _text(row, mapping, "key")
    if not key:
        raise ValueError("key is missing")
    return Position(
        offset=line,
        source=(0, 0),
        source_kind="system",
        key=key,
        t_tai_ns=_time(row, mapping),
        latitude_deg=_needed(row, mapping, "latitude", -90.0, 90.0),
        longitude_deg=_needed(row, mapping, "longitude", -180.0, 180.0),
        height_m=_figure(row, mapping, "height"),
        velocity_enu_m_s=velocity,
        sigma_m=_figure(row, mapping, "sigma") or mapping.sigma_m,
        callsign=_text(row, mapping, "callsign"),
        code=_text(row, mapping, "code"),
    )


def _plot(row: Mapping[str, str | None], mapping: Columns, line: int) -> Plot:
    return Plot(
        offset=line,
        source=_source(_text(row, mapping, "source")),
        t_tai_ns=_time(row, mapping),
        range_m=_needed(row, mapping, "range", 1.0, 1e8),
        azimuth_rad=radians(_needed(row, mapping, "azimuth", -360.0, 360.0) % 360.0),
        height_m=_figure(row, mapping, "height"),
        code=_text(row, mapping, "code"),
        callsign=_text(row, mapping, "callsign"),
    )
