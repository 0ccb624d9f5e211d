"""Time scales: UTC texts, TAI nanoseconds inside, POSIX seconds in cosignatures, and the Earth rotation angle.

`t_tai_ns` counts nanoseconds of TAI since 1970-01-01T00:00:00 TAI. Leap seconds: IERS Bulletin C, as collected in
the IERS file leap-seconds.list. Integers throughout: no instant is ever rounded.

Before 1972 UTC ran at another rate and jumped by fractions of a second. By convention TAI-UTC is held at 10 s
there: differences between two UTC labels of those years are right to 0.2 s, their place on the TAI axis is off by
up to 10 s. `before_utc` tells such instants. After the last known leap second the last offset holds.
"""

import re
from bisect import bisect_right
from datetime import date

from tocsin.world.constants import ERA_EXCESS_TURNS_PER_DAY, ERA_TURNS_AT_J2000, TWO_PI
from tocsin.world.errors import BadTime

SECOND_NS = 1_000_000_000
DAY_S = 86_400
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
J2000_POSIX_S = 946_728_000  # 2000-01-01T12:00:00Z

# (first UTC day, TAI-UTC in seconds from the start of that day). IERS Bulletin C 1..52; BIPM time scales. [S]
LEAP_TABLE: tuple[tuple[str, int], ...] = (
    ("1972-01-01", 10), ("1972-07-01", 11), ("1973-01-01", 12), ("1974-01-01", 13), ("1975-01-01", 14),
    ("1976-01-01", 15), ("1977-01-01", 16), ("1978-01-01", 17), ("1979-01-01", 18), ("1980-01-01", 19),
    ("1981-07-01", 20), ("1982-07-01", 21), ("1983-07-01", 22), ("1985-07-01", 23), ("1988-01-01", 24),
    ("1990-01-01", 25), ("1991-01-01", 26), ("1992-07-01", 27), ("1993-07-01", 28), ("1994-07-01", 29),
    ("1996-01-01", 30), ("1997-07-01", 31), ("1999-01-01", 32), ("2006-01-01", 33), ("2009-01-01", 34),
    ("2012-07-01", 35), ("2015-07-01", 36), ("2017-01-01", 37),
)  # fmt: skip

_POSIX_STARTS = tuple((date.fromisoformat(day).toordinal() - EPOCH_ORDINAL) * DAY_S for day, _ in LEAP_TABLE)
_OFFSETS = tuple(offset for _, offset in LEAP_TABLE)
# TAI second at which each inserted second 23:59:60 begins: one before the day on which the new offset starts.
_LEAP_STARTS_TAI_S = tuple(start + offset - 1 for start, offset in zip(_POSIX_STARTS[1:], _OFFSETS[1:], strict=True))
_LEAP_DAYS = frozenset(start // DAY_S - 1 for start in _POSIX_STARTS[1:])
UTC_BEGINS_TAI_NS = (_POSIX_STARTS[0] + _OFFSETS[0]) * SECOND_NS

_UTC = re.compile(r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?Z", re.ASCII)
_EXPECTED = "expected UTC as YYYY-MM-DDTHH:MM:SS[.fraction]Z with at most nine digits of fraction"


def tai_utc_s(t_tai_ns: int) -> int:
    """TAI-UTC in whole seconds at a TAI instant; within an inserted second still the old offset."""
    return _offset_before(t_tai_ns // SECOND_NS)


def tai_utc_at_posix_s(posix: int) -> int:
    """TAI-UTC in whole seconds at a POSIX second (10 before 1972, by convention)."""
    return _OFFSETS[max(bisect_right(_POSIX_STARTS, posix) - 1, 0)]


def before_utc(t_tai_ns: int) -> bool:
    """True for instants before 1972-01-01, whose TAI-UTC is a convention (see the module's text)."""
    return t_tai_ns < UTC_BEGINS_TAI_NS


def from_posix_s(posix: int) -> int:
    """The TAI instant of a POSIX second; of a repeated one, that after the leap second."""
    return (posix + tai_utc_at_posix_s(posix)) * SECOND_NS


def posix_s(t_tai_ns: int) -> int:
    """POSIX seconds, floor. POSIX numbers an inserted second like the one that follows it, so never falls."""
    tai_s = t_tai_ns // SECOND_NS
    return tai_s - _offset_before(tai_s)


def parse_utc(text: str) -> int:
    """A UTC text to `t_tai_ns`. 23:59:60 is accepted only where a leap second was. Raises BadTime."""
    match = _UTC.fullmatch(text)
    if match is None:
        raise BadTime(f"Bad time {text[:40]!r}: {_EXPECTED}.", text.encode(errors="replace"))
    year, month, day, hour, minute, second = (int(match[i]) for i in range(1, 7))
    try:
        days = date(year, month, day).toordinal() - EPOCH_ORDINAL
    except ValueError as error:
        raise BadTime(f"Bad date in {text!r}: {error}.", text.encode()) from None
    leap = second == 60
    if hour > 23 or minute > 59 or second > 60:
        raise BadTime(f"Bad clock time in {text!r}: expected 00:00:00 to 23:59:59.", text.encode())
    if leap and not (hour == 23 and minute == 59 and days in _LEAP_DAYS):
        raise BadTime(
            f"No leap second at {text!r}: expected second 60 only at 23:59 of a day in IERS Bulletin C.", text.encode()
        )
    posix = days * DAY_S + hour * 3600 + minute * 60 + second
    offset = tai_utc_at_posix_s(posix - 1) if leap else tai_utc_at_posix_s(posix)
    return (posix + offset) * SECOND_NS + int((match[7] or "").ljust(9, "0"))


def utc_text(t_tai_ns: int, digits: int = 0) -> str:
    """'YYYY-MM-DDTHH:MM:SS[.fraction]Z', truncated to `digits` (0..9) of fraction. Raises BadTime out of years."""
    day, clock = _day_and_clock(t_tai_ns)
    try:
        day_text = date.fromordinal(day + EPOCH_ORDINAL).isoformat()
    except (ValueError, OverflowError):
        raise BadTime(f"Instant {t_tai_ns} ns has no date: expected years 1 to 9999.") from None
    if not 0 <= digits <= 9:
        raise AssertionError(f"utc_text with {digits} digits of a second: expected 0 to 9")
    fraction = f".{t_tai_ns % SECOND_NS:09d}"[: digits + 1] if digits else ""
    return f"{day_text}T{clock}{fraction}Z"


def clock_text(t_tai_ns: int) -> str:
    """'HH:MM:SSZ' of UTC, truncated."""
    return _day_and_clock(t_tai_ns)[1] + "Z"


def era_rad(t_tai_ns: int) -> float:
    """Earth rotation angle in [0, 2 pi), IAU 2000 (IERS Conventions 2010 eq. 5.15), taking UT1 = UTC (< 0.9 s).

    Whole days are split off in integers, so that the error stays below 1e-12 rad for centuries.
    """
    ut1_ns = t_tai_ns - (tai_utc_s(t_tai_ns) + J2000_POSIX_S) * SECOND_NS
    day_ns = DAY_S * SECOND_NS
    turns = ERA_TURNS_AT_J2000 + ERA_EXCESS_TURNS_PER_DAY * (ut1_ns / day_ns) + (ut1_ns % day_ns) / day_ns
    angle = (turns - turns // 1.0) * TWO_PI
    return angle if angle < TWO_PI else 0.0


def _offset_before(tai_s: int) -> int:
    """TAI-UTC at a TAI second; an inserted second belongs to the offset before it."""
    return _OFFSETS[bisect_right(_LEAP_STARTS_TAI_S, tai_s - 1)]


def _day_and_clock(t_tai_ns: int) -> tuple[int, str]:
    """(days since 1970-01-01, 'HH:MM:SS') in UTC, with 23:59:60 where a second was inserted."""
    tai_s = t_tai_ns // SECOND_NS
    utc_s = tai_s - _offset_before(tai_s)
    inserted = int(tai_s in _LEAP_STARTS_TAI_S)
    day, second = divmod(utc_s - inserted, DAY_S)
    return day, f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60 + inserted:02d}"
