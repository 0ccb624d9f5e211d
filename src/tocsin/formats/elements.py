"""Orbital elements of others to `orbit` statements: two-line elements and OMM (CCSDS 502.0-B) as JSON, XML, CSV or KVN.

SGP4 (the library sgp4, MIT; Vallado and others, AIAA 2006-6753) carries them; its frame (true equator, mean equinox)
is turned into the Earth-fixed one by Greenwich mean sidereal time of 1982, without polar motion. UT1 is taken as UTC:
up to 0.9 s of the Earth's turn, 420 m at a low orbit, well inside what elements are good for.

Elements do not say how good they are, nor whether an object works. `sigma_m` is the caller's; the growth along the way
is 0.3 s a day [I]. Names tell debris (DEB) and rocket bodies (R/B); the rest counts as inactive, which claims least.
"""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from io import StringIO
from math import tau
from typing import Any

import msgspec
import numpy as np
from sgp4 import omm
from sgp4.api import Satrec
from sgp4.propagation import gstime

from tocsin.formats.errors import FormatError
from tocsin.formats.tally import Tally
from tocsin.wire.messages import Orbit
from tocsin.world.constants import OMEGA_RAD_S
from tocsin.world.time import from_posix_s, posix_s

VELOCITY_SIGMA_SHARE = 1.1e-3  # 1/s: velocity error of a position error in a low orbit, one sigma each
ALONG_TRACK_S_PER_DAY = 0.3
JD_UNIX = 2_440_587.5
DAY_S, NS = 86_400.0, 1_000_000_000
OLDEST_DAYS = 60.0
FIELDS = (
    "OBJECT_NAME", "OBJECT_ID", "EPOCH", "MEAN_MOTION", "ECCENTRICITY", "INCLINATION", "RA_OF_ASC_NODE",
    "ARG_OF_PERICENTER", "MEAN_ANOMALY", "EPHEMERIS_TYPE", "CLASSIFICATION_TYPE", "NORAD_CAT_ID", "ELEMENT_SET_NO",
    "REV_AT_EPOCH", "BSTAR", "MEAN_MOTION_DOT", "MEAN_MOTION_DDOT",
)  # fmt: skip
DEFAULTS = {"EPHEMERIS_TYPE": "0", "CLASSIFICATION_TYPE": "U", "ELEMENT_SET_NO": "999", "REV_AT_EPOCH": "0",
            "MEAN_MOTION_DOT": "0", "MEAN_MOTION_DDOT": "0", "BSTAR": "0"}  # fmt: skip


def orbits(
    data: bytes, tally: Tally, *, owner: str | None = None, at: int | None = None, sigma_m: float = 1_000.0
) -> Iterator[Orbit]:
    """`orbit` bodies of everything in the data, each at its epoch or at `at` (TAI nanoseconds).

    Elements that SGP4 refuses, or that are more than 60 days from `at`, are counted and left out.
    """
    for offset, fields, satellite in _found(data, tally):
        try:
            body = orbit(fields, satellite, owner=owner, at=at, sigma_m=sigma_m)
        except FormatError as error:
            tally.skip(offset, "elements", str(error))
            continue
        tally.take("elements")
        yield body


def _found(data: bytes, tally: Tally) -> Iterator[tuple[int, dict[str, str], Satrec]]:
    text = data.decode(errors="replace").lstrip("\ufeff")
    start = text.lstrip()[:1]
    if start in ("[", "{"):
        rows = _json(text)
    elif start == "<":
        rows = _xml(text)
    elif re.match(r"\s*CCSDS_OMM_VERS", text):
        rows = _pairs(text)
    elif "OBJECT_NAME" in text.split("\n", 1)[0]:
        rows = enumerate(omm.parse_csv(StringIO(text)), 2)
    else:
        yield from _lines(text, tally)
        return
    for offset, raw in rows:
        fields = {**DEFAULTS, **{key: str(value) for key, value in raw.items() if value not in (None, "")}}
        satellite = Satrec()
        try:
            omm.initialize(satellite, fields)
        except (KeyError, ValueError, OverflowError) as error:
            tally.skip(offset, "OMM", f"{type(error).__name__} {error}: the mean elements of SGP4 were expected")
            continue
        yield offset, fields, satellite


def _json(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"not JSON: {error}", text[:1000].encode()) from error
    for number, one in enumerate(raw if isinstance(raw, list) else [raw], 1):
        yield number, one if isinstance(one, dict) else {}


def _xml(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise FormatError("XML with a document type: none was expected", text[:1000].encode())
    try:
        yield from enumerate(omm.parse_xml(StringIO(text)), 1)
    except (ET.ParseError, AttributeError) as error:
        raise FormatError(f"not an OMM in XML: {error}", text[:1000].encode()) from error


def _pairs(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Key = value; a message ends where the next begins."""
    for number, part in enumerate(re.split(r"(?m)^\s*(?=CCSDS_OMM_VERS)", text)):
        found = dict(re.findall(r"(?m)^\s*([A-Z_]+)\s*=\s*(.*?)\s*(?:\[[^\]]*\])?\s*$", part))
        if found:
            yield number, found


def _lines(text: str, tally: Tally) -> Iterator[tuple[int, dict[str, str], Satrec]]:
    """Two lines each, with a line for the name or without; check sums must be right."""
    name, first = "", ("", 0)
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("1 ") and len(line.rstrip()) >= 69:
            first = (line.rstrip(), number)
        elif line.startswith("2 ") and first[0]:
            pair, first = first, ("", 0)
            why = _wrong(pair[0], line.rstrip())
            if why:
                tally.skip(pair[1], "TLE", why)
            else:
                fields = {"OBJECT_NAME": name or pair[0][2:7].strip(), "OBJECT_ID": pair[0][9:17].strip()}
                yield pair[1], fields, Satrec.twoline2rv(pair[0], line.rstrip())
            name = ""
        elif line.strip():
            name = line.removeprefix("0 ").strip()[:60]


def _wrong(one: str, two: str) -> str:
    if len(one) < 69 or len(two) < 69:
        return "a line of less than 69 characters"
    if one[2:7] != two[2:7]:
        return "two lines of different objects"
    sums = [sum(int(c) if c.isdigit() else c == "-" for c in line[:68]) % 10 for line in (one, two)]
    return "" if [str(n) for n in sums] == [one[68], two[68]] else "a wrong check sum"


def orbit(
    fields: Mapping[str, str], satellite: Satrec, *, owner: str | None, at: int | None, sigma_m: float
) -> Orbit:
    """One object's statement. Raises FormatError where SGP4 gives no state."""
    epoch_s = (satellite.jdsatepoch - JD_UNIX + satellite.jdsatepochF) * DAY_S
    whole = int(epoch_s // 1)
    t_tai_ns = at if at is not None else from_posix_s(whole) + round((epoch_s - whole) * NS)
    seconds = posix_s(t_tai_ns) + (t_tai_ns % NS) / NS
    if abs(seconds - epoch_s) > OLDEST_DAYS * DAY_S:
        raise FormatError("elements more than 60 days from the time asked for")
    day, fraction = JD_UNIX + seconds // DAY_S, seconds % DAY_S / DAY_S
    code, position, velocity = satellite.sgp4(day, fraction)
    if code or not np.isfinite([*position, *velocity]).all():
        raise FormatError(f"SGP4 gives no state (its error {code})")
    spot, way = earth_fixed(np.array(position) * 1e3, np.array(velocity) * 1e3, day, fraction)
    try:
        return _body(fields, owner, t_tai_ns, spot, way, sigma_m)
    except msgspec.ValidationError as error:
        raise FormatError(str(error)) from error


def _body(
    fields: Mapping[str, str], owner: str | None, t_tai_ns: int, spot: np.ndarray, way: np.ndarray, sigma_m: float
) -> Orbit:
    return msgspec.convert(
        {
            "name": fields.get("OBJECT_NAME", "")[:60],
            "designator": designator(fields.get("OBJECT_ID", "")),
            "owner": owner,
            "status": status(fields.get("OBJECT_NAME", "")),
            "t_tai_us": t_tai_ns // 1_000,
            "position_ecef_m": tuple(round(float(v), 3) for v in spot),
            "velocity_ecef_m_s": tuple(round(float(v), 6) for v in way),
            "position_sigma_m": sigma_m,
            "velocity_sigma_m_s": sigma_m * VELOCITY_SIGMA_SHARE,
            "along_track_growth_s_per_day": ALONG_TRACK_S_PER_DAY,
        },
        Orbit,
    )


def earth_fixed(
    position_m: np.ndarray, velocity_m_s: np.ndarray, day: float, fraction: float
) -> tuple[np.ndarray, np.ndarray]:
    """TEME to ECEF: turn by sidereal time, and take the Earth's rotation from the velocity."""
    angle = gstime(day + fraction) % tau
    c, s = np.cos(angle), np.sin(angle)
    turn = np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])
    spot, way = turn @ position_m, turn @ velocity_m_s
    return spot, way - np.array([-OMEGA_RAD_S * spot[1], OMEGA_RAD_S * spot[0], 0.0])


def designator(text: str) -> str | None:
    """`98067A` or `1998-067A` as `1998-067A`; None for what is neither."""
    short = re.fullmatch(r"(\d\d)(\d{3})([A-Z]{1,3})", text.strip())
    if short:
        year = int(short[1])
        return f"{year + (1900 if year >= 57 else 2000)}-{short[2]}{short[3]}"
    return text.strip() if re.fullmatch(r"\d{4}-\d{3}[A-Z]{1,3}", text.strip()) else None


def status(name: str) -> str:
    """What a name tells of an object."""
    words = name.upper().split()
    if "DEB" in words or "DEBRIS" in words:
        return "debris"
    return "rocket-body" if "R/B" in words or "AKM" in words else "inactive"
