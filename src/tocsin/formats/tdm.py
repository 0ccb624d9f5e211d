"""CCSDS tracking data messages (503.0-B) in key = value: ranges and angles of a station to scans.

Read are RANGE in km or s, ANGLE_1 and ANGLE_2 as AZEL, and DOPPLER_INSTANTANEOUS in km/s, where all that one time has
make a detection; times in UTC, TAI or GPS. A range whose PATH comes back to where it began is that of the whole way and
is halved; one of a single hop stands. (The standard leaves this to an agreement between the parties [U].) Other
observables are counted and left out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import pi, radians

import numpy as np

from tocsin.errors import BadEvidence
from tocsin.formats.errors import FormatError
from tocsin.formats.tally import Tally
from tocsin.world.observation import Radar, Scan
from tocsin.world.time import parse_utc, tai_utc_s

C_KM_S = 299_792.458
GPS_BEHIND_TAI_NS = 19_000_000_000
NEEDED = ("RANGE", "ANGLE_1", "ANGLE_2")
_STATION = re.compile(r"([^=]+)=([-+.\d]+),([-+.\d]+),([-+.\d]+)\Z")
_EPOCH = re.compile(r"(\d{4})-(?:(\d\d)-(\d\d)|(\d{3}))T(\d\d:\d\d:\d\d(?:\.\d{1,9})?)Z?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where a participant stands."""

    name: str
    latitude_deg: float
    longitude_deg: float
    height_m: float


@dataclass(slots=True)
class Segment:
    """One segment: its metadata, and observations by time (line, keyword, value)."""

    meta: dict[str, str] = field(default_factory=dict)
    rows: list[tuple[int, int, str, float]] = field(default_factory=list)


def station_of(text: str) -> Ground:
    """A station as given on the command line."""
    match = _STATION.match(text)
    if match is None:
        raise BadEvidence(f"--site {text}: NAME=LATITUDE,LONGITUDE,HEIGHT was expected, degrees and metres")
    return Ground(
        name=match[1].strip(), latitude_deg=float(match[2]), longitude_deg=float(match[3]), height_m=float(match[4])
    )


def parse(text: str, tally: Tally) -> list[Segment]:
    """Segments of a message. Raises FormatError for what is no tracking data message."""
    lines = text.splitlines()
    if not any(line.strip().startswith("CCSDS_TDM_VERS") for line in lines[:20]):
        raise FormatError("no CCSDS_TDM_VERS in the first lines: a tracking data message was expected")
    found: list[Segment] = []
    inside = ""
    for number, line in enumerate(lines, 1):
        key, _, value = (part.strip() for part in line.partition("="))
        if key in ("META_START", "DATA_START"):
            inside = key[:4]
            if inside == "META":
                found.append(Segment())
        elif key in ("META_STOP", "DATA_STOP"):
            inside = ""
        elif inside == "META" and value and found:
            found[-1].meta[key] = value
        elif inside == "DATA" and value and found:
            _row(found[-1], number, key, value, tally)
    return found


def _row(segment: Segment, number: int, key: str, value: str, tally: Tally) -> None:
    epoch, _, figure = value.partition(" ")
    try:
        t, amount = instant(epoch, segment.meta.get("TIME_SYSTEM", "UTC")), float(figure)
    except (ValueError, BadEvidence) as error:
        tally.skip(number, "TDM line", str(error) or "not a time and a number")
        return
    segment.rows.append((number, t, key, amount))


def instant(epoch: str, system: str) -> int:
    """TAI nanoseconds of a time of the message, by calendar date or day of the year."""
    match = _EPOCH.match(epoch)
    if match is None:
        raise FormatError("not a time of CCSDS")
    month_day = f"{match[2]}-{match[3]}" if match[2] else _month_day(int(match[1]), int(match[4]))
    t = parse_utc(f"{match[1]}-{month_day}T{match[5]}Z")
    if system == "UTC":
        return t
    if system not in ("TAI", "GPS"):
        raise FormatError(f"time system {system}: UTC, TAI or GPS was expected")
    return t - tai_utc_s(t) * 1_000_000_000 + (GPS_BEHIND_TAI_NS if system == "GPS" else 0)


def _month_day(year: int, day: int) -> str:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    lengths = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    for month, length in enumerate(lengths, 1):
        if 1 <= day <= length:
            return f"{month:02}-{day:02}"
        day -= length
    raise FormatError("a day of the year beyond its end")


def scans(segments: Sequence[Segment], stations: dict[str, Ground], tally: Tally) -> Iterator[Scan]:
    """Scans in order of time: one detection at each time that has range and both angles."""
    made: list[Scan] = []
    for segment in segments:
        ground = next((stations[n] for n in participants(segment.meta) if n in stations), None)
        why = _unfit(segment, ground)
        if why or ground is None:
            tally.skip(segment.rows[0][0] if segment.rows else 0, "TDM segment", why)
            continue
        made += _scans(segment, ground, tally)
    yield from sorted(made, key=lambda scan: (scan.t_tai_ns, scan.sensor.id))


def participants(meta: dict[str, str]) -> list[str]:
    """Names of PARTICIPANT_1 and so on."""
    return [meta[key] for key in sorted(meta) if key.startswith("PARTICIPANT_")]


def _unfit(segment: Segment, ground: Ground | None) -> str:
    if ground is None:
        return "no station of it is known; give one of " + ", ".join(participants(segment.meta))
    if segment.meta.get("ANGLE_TYPE", "AZEL").upper() != "AZEL":
        return f"angles of type {segment.meta['ANGLE_TYPE']}: AZEL was expected"
    unit = segment.meta.get("RANGE_UNITS", "km").lower()
    return "" if unit in ("km", "s") else f"ranges in {unit}: km or s was expected"


def _scans(segment: Segment, ground: Ground, tally: Tally) -> list[Scan]:
    path = segment.meta.get("PATH", "1,2").split(",")
    factor = (0.5 if path[0].strip() == path[-1].strip() else 1.0) * 1e3
    if segment.meta.get("RANGE_UNITS", "km").lower() == "s":
        factor *= C_KM_S
    times: dict[int, dict[str, float]] = {}
    first: dict[int, int] = {}
    for number, t, key, amount in segment.rows:
        if key not in (*NEEDED, "DOPPLER_INSTANTANEOUS"):
            tally.skip(number, "TDM observable", key[:40])
            continue
        times.setdefault(t, {})[key] = amount
        first.setdefault(t, number)
    rated = all("DOPPLER_INSTANTANEOUS" in row for row in times.values()) and bool(times)
    sensor = radar(ground, rated=rated)
    found = []
    for t, row in sorted(times.items()):
        if not all(key in row for key in NEEDED):
            tally.skip(first[t], "TDM time", "without range and both angles")
            continue
        tally.take("TDM detection")
        values = [row["RANGE"] * factor, radians(row["ANGLE_1"]), radians(row["ANGLE_2"])]
        if rated:
            values.append(row["DOPPLER_INSTANTANEOUS"] * factor)
        found.append(Scan(sensor=sensor, t_tai_ns=t, measurements=np.array([values])))
    return found


def radar(ground: Ground, *, rated: bool) -> Radar:
    """A tracking radar with accuracies of its kind. [I]"""
    return Radar(
        id=ground.name, latitude_deg=ground.latitude_deg, longitude_deg=ground.longitude_deg, height_m=ground.height_m,
        sigma_range_m=30.0, sigma_azimuth_rad=3e-4, sigma_elevation_rad=3e-4,
        sigma_range_rate_m_s=1.0 if rated else None, range_min_m=1e3, range_max_m=6e6, elevation_min_rad=-0.02,
        elevation_max_rad=pi / 2, azimuth_centre_rad=0.0, azimuth_halfwidth_rad=pi, period_s=1.0,
        detection_probability=0.9,
    )  # fmt: skip

