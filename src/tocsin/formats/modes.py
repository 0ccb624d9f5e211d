"""Mode S extended squitters of downlink format 17: what an aircraft says of itself (ADS-B).

ICAO Annex 10, volume IV, 3.1.2.8, and Doc 9871, appendix A: identification (type codes 1 to 4), airborne position with
barometric height (9 to 18) or geometric (20 to 22), velocity over ground (19). Positions are in compact position
reporting and need an even and an odd message within ten seconds. The well-known decoder pyModeS is under GPL-3.0 and so
is no part of this: tests hold this one against values that it gives.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import acos, atan2, cos, floor, hypot, pi, sqrt

from tocsin.errors import BadEvidence
from tocsin.formats.asterix.fields import group
from tocsin.formats.reports import Position
from tocsin.formats.tally import Tally
from tocsin.world.time import parse_utc

GENERATOR = 0xFFF409
PAIR_NS = 10_000_000_000
KNOT_M_S, FOOT_M = 1852.0 / 3600.0, 0.3048
SIGMA_M = 100.0  # [I] accuracy travels in other messages than the position
ZONES = 15
_LETTERS = group("ID:c48")


@dataclass(slots=True)
class Aircraft:
    """What one address has said so far: latest halves of a position, velocity, name."""

    even: tuple[int, int, int] | None = None
    odd: tuple[int, int, int] | None = None
    velocity: tuple[float, float, float] | None = None
    callsign: str = ""


def positions(text: str, midnight_tai_ns: int, tally: Tally) -> Iterator[Position]:
    """Positions out of lines `TIME HEX`: a UTC instant or seconds since midnight, and 28 hex digits.

    A message with a wrong parity, of another format, or without its other half is counted and left out.
    """
    known: dict[int, Aircraft] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        found = _line(line, midnight_tai_ns)
        if isinstance(found, str):
            tally.skip(number, "Mode S line", found)
            continue
        t_tai_ns, message = found
        tally.take("Mode S message")
        made = take(known, t_tai_ns, message, number)
        if made is not None:
            yield made


def _line(line: str, midnight_tai_ns: int) -> tuple[int, int] | str:
    time, _, digits = line.strip().rpartition(" ")
    digits = digits.strip("*;")
    try:
        message = int(digits, 16)
        t = parse_utc(time.strip()) if "T" in time else midnight_tai_ns + round(float(time) * 1e9)
    except (ValueError, OverflowError, BadEvidence):
        return "not a time and hex digits"
    if len(digits) != 28:
        return "not 112 bits"
    if message >> 107 != 17:
        return "another downlink format than 17"
    return (t, message) if parity(message) == 0 else "wrong parity"


def take(known: dict[int, Aircraft], t_tai_ns: int, message: int, offset: int = 0) -> Position | None:
    """One sound message of 112 bits; a position where it completes one."""
    address, body = message >> 80 & 0xFFFFFF, message >> 24 & (1 << 56) - 1
    aircraft, kind = known.setdefault(address, Aircraft()), body >> 51
    if 1 <= kind <= 4:
        aircraft.callsign = str(_LETTERS.decode((body & (1 << 48) - 1).to_bytes(6, "big"))["ID"])
    elif kind == 19:
        aircraft.velocity = velocity(body) or aircraft.velocity
    elif 9 <= kind <= 18 or 20 <= kind <= 22:
        return _position(aircraft, address, t_tai_ns, body, kind, offset)
    return None


def _position(
    aircraft: Aircraft, address: int, t_tai_ns: int, body: int, kind: int, offset: int
) -> Position | None:
    half = (t_tai_ns, body >> 17 & 0x1FFFF, body & 0x1FFFF)
    odd = bool(body >> 34 & 1)
    if odd:
        aircraft.odd = half
    else:
        aircraft.even = half
    if aircraft.even is None or aircraft.odd is None or abs(aircraft.even[0] - aircraft.odd[0]) > PAIR_NS:
        return None
    place = globally(aircraft.even[1:], aircraft.odd[1:], latest_odd=odd)
    if place is None:
        return None
    return Position(
        offset=offset,
        source=(0, 0),
        source_kind="self-reported",
        key=f"{address:06X}",
        t_tai_ns=t_tai_ns,
        latitude_deg=place[0],
        longitude_deg=place[1],
        height_m=height(body >> 36 & 0xFFF, geometric=kind >= 20),
        velocity_enu_m_s=aircraft.velocity,
        sigma_m=SIGMA_M,
        callsign=aircraft.callsign,
    )


def parity(message: int) -> int:
    """Remainder of 112 bits by the generator polynomial of 25 bits; 0 for a sound squitter."""
    divisor = 1 << 24 | GENERATOR
    for place in range(111, 23, -1):
        if message >> place & 1:
            message ^= divisor << (place - 24)
    return message & 0xFFFFFF


def globally(even: tuple[int, int], odd: tuple[int, int], *, latest_odd: bool) -> tuple[float, float] | None:
    """(latitude, longitude) in degrees of an even and an odd half; None where they lie in different zones."""
    span_even, span_odd = 360.0 / (4 * ZONES), 360.0 / (4 * ZONES - 1)
    a, b = even[0] / 131072.0, odd[0] / 131072.0
    index = floor((4 * ZONES - 1) * a - 4 * ZONES * b + 0.5)
    latitude_even = _south(span_even * (index % (4 * ZONES) + a))
    latitude_odd = _south(span_odd * (index % (4 * ZONES - 1) + b))
    if zones(latitude_even) != zones(latitude_odd) or max(abs(latitude_even), abs(latitude_odd)) > 90.0:
        return None
    latitude = latitude_odd if latest_odd else latitude_even
    count = zones(latitude)
    east, west = even[1] / 131072.0, odd[1] / 131072.0
    turn = floor(east * (count - 1) - west * count + 0.5)
    parts = max(count - (1 if latest_odd else 0), 1)
    longitude = 360.0 / parts * (turn % parts + (west if latest_odd else east))
    return latitude, longitude - 360.0 if longitude >= 180.0 else longitude


def _south(latitude: float) -> float:
    return latitude - 360.0 if latitude >= 270.0 else latitude


def zones(latitude_deg: float) -> int:
    """Number of longitude zones at a latitude (Doc 9871, A.1.7.2, function NL)."""
    if abs(latitude_deg) >= 87.0:
        return 2 if abs(latitude_deg) == 87.0 else 1
    return _zones(abs(latitude_deg))


@cache
def _edges() -> tuple[float, ...]:
    """Latitudes at which there are 59, 58, ... 2 zones and beyond which there is one fewer."""
    squeeze = 1.0 - cos(pi / (2 * ZONES))
    return tuple(acos(sqrt(squeeze / (1.0 - cos(2.0 * pi / n)))) * 180.0 / pi for n in range(59, 1, -1))


def _zones(latitude_deg: float) -> int:
    return 59 - sum(1 for edge in _edges() if latitude_deg >= edge)


def height(code: int, *, geometric: bool) -> float | None:
    """Metres. Barometric codes in steps of 25 ft; those in steps of 100 ft (Gillham code) and none give None."""
    if geometric:
        return float(code) if code else None
    if not code & 0x10:
        return None
    return ((code >> 5 << 4 | code & 0xF) * 25.0 - 1000.0) * FOOT_M


def velocity(body: int) -> tuple[float, float, float] | None:
    """East, north, up in m/s of a message of type 19 over ground (subtypes 1 and 2); None for airspeed or nothing."""
    subtype = body >> 48 & 7
    east, north = body >> 32 & 0x3FF, body >> 21 & 0x3FF
    if subtype not in (1, 2) or not east or not north:
        return None
    step = KNOT_M_S * (4.0 if subtype == 2 else 1.0)
    across = (-(east - 1) if body >> 42 & 1 else east - 1) * step
    along = (-(north - 1) if body >> 31 & 1 else north - 1) * step
    rate = body >> 10 & 0x1FF
    climb = (rate - 1) * 64.0 * FOOT_M / 60.0 * (-1.0 if body >> 19 & 1 else 1.0) if rate else 0.0
    return across, along, climb


def speed_and_track(east_m_s: float, north_m_s: float) -> tuple[float, float]:
    """Ground speed (m/s) and track (degrees from north)."""
    return hypot(east_m_s, north_m_s), atan2(east_m_s, north_m_s) * 180.0 / pi % 360.0
