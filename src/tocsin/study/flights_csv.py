"""CSV files of public flights: strict reading, a bad row skipped, counted and named."""

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tocsin.errors import BadEvidence

REQUIRED = (
    "date", "time_utc", "vehicle", "site", "site_lat_deg", "site_lon_deg", "bearing_deg", "apogee_km", "range_km",
)  # fmt: skip
OPTIONAL = ("row", "flight_min", "mark", "note", "outcome")
LARGEST_BYTES = 16_000_000

# Bounds of what the solver is tested for, and of what a flight can be.
_BOUNDS = {
    "site_lat_deg": (-90.0, 90.0),
    "site_lon_deg": (-180.0, 180.0),
    "bearing_deg": (0.0, 360.0),
    "apogee_km": (10.0, 19_000.0),
    "range_km": (10.0, 15_000.0),
    "flight_min": (0.5, 180.0),
}
_TEXTS = ("date", "time_utc", "vehicle", "site", "row", "mark", "note", "outcome")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?\Z")
_TEXT = re.compile(r"[^\x00-\x1f\x7f]{1,200}\Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One flight as published. `line` is where it stands in the file; angles in degrees."""

    line: int
    date: str
    time_utc: str
    vehicle: str
    site: str
    site_lat_deg: float
    site_lon_deg: float
    bearing_deg: float
    apogee_km: float
    range_km: float
    flight_min: float | None = None
    row: str = ""
    mark: str = ""
    note: str = ""
    outcome: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped:
    """A row that cannot be used, and everything that is wrong with it."""

    line: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Flights:
    """A file as read."""

    rows: tuple[Row, ...]
    skipped: tuple[Skipped, ...]


def read_csv(source: bytes | str | Path) -> Flights:
    """Rows of a file or of its bytes. A bad row is skipped and named; a file that is no such table is BadEvidence:
    UTF-8, a header with the columns of `REQUIRED` (each once, any order, others allowed), commas."""
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    if len(data) > LARGEST_BYTES:
        raise BadEvidence(f"flight table: at most {LARGEST_BYTES} bytes expected, got {len(data)}", data[:1000])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadEvidence(f"flight table: UTF-8 expected, byte {error.start} is not", data) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    skipped: list[Skipped] = []
    try:
        header = _header(next(reader, []), data)
        for cells in reader:
            found = _row(header, cells, reader.line_num)
            if isinstance(found, Row):
                rows.append(found)
            elif found is not None:
                skipped.append(found)
    except csv.Error as error:
        raise BadEvidence(f"flight table: line {reader.line_num}: CSV expected: {error}", data) from error
    return Flights(rows=tuple(rows), skipped=tuple(skipped))


def _header(cells: Sequence[str], data: bytes) -> list[str]:
    names = [cell.strip() for cell in cells]
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise BadEvidence(f"flight table: line 1: columns {', '.join(missing)} expected in the header", data)
    twice = sorted({name for name in (*REQUIRED, *OPTIONAL) if names.count(name) > 1})
    if twice:
        raise BadEvidence(f"flight table: line 1: column {', '.join(twice)} expected once", data)
    return names


def _row(header: list[str], cells: list[str], line: int) -> Row | Skipped | None:
    """None for an empty line."""
    if not any(cell.strip() for cell in cells):
        return None
    if len(cells) != len(header):
        return Skipped(line=line, reason=f"{len(header)} cells expected, got {len(cells)}")
    raw = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    faults = _text_faults(raw)
    numbers: dict[str, float] = {}
    for name, (low, high) in _BOUNDS.items():
        value = raw.get(name, "")
        if name == "flight_min" and not value:
            continue
        number = _number(value)
        if number is None or not low <= number <= high or (name == "bearing_deg" and number == high):
            faults.append(f"{name}: number in {low:g} .. {high:g} expected, got {_shown(value)}")
        else:
            numbers[name] = number
    if faults:
        return Skipped(line=line, reason="; ".join(faults))
    texts = {name: raw.get(name, "") for name in _TEXTS}
    return Row(line=line, **texts, **numbers)  # type: ignore[arg-type]


def _text_faults(raw: dict[str, str]) -> list[str]:
    faults = []
    try:
        date.fromisoformat(raw["date"])
    except ValueError:
        faults.append(f"date: YYYY-MM-DD expected, got {_shown(raw['date'])}")
    if raw["time_utc"] and not _TIME.match(raw["time_utc"]):
        faults.append(f"time_utc: HH:MM, HH:MM:SS or nothing expected, got {_shown(raw['time_utc'])}")
    faults += [
        f"{name}: 1 to 200 printable characters expected, got {_shown(raw[name])}"
        for name in ("vehicle", "site")
        if not _TEXT.match(raw[name])
    ]
    return faults


def _shown(text: str) -> str:
    return ascii(text[:40]) if text else "nothing"


def _number(text: str) -> float | None:
    """A plain decimal number: no names, no underscores, no spaces."""
    if not re.match(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\Z", text, re.ASCII):
        return None
    value = float(text)
    return value if math.isfinite(value) else None
