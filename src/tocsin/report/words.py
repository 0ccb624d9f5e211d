"""Numbers and foreign text as words: units always shown, times as T+ and Zulu, `None` as "never in this run".

Figures keep two or three digits that mean something, never the full float.
"""

import re
import unicodedata
from datetime import datetime, timedelta

NEVER = "never in this run"
NO_PICTURE = "no picture then"
NOT_STATED = "not stated"

_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:s|min|h|d|km|B|kB|MB)\b)|(?<=min) (?=\d)|(?<=h) (?=\d)", re.ASCII)
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean(text: str) -> str:
    """Foreign text for one line of a page or terminal.

    Control and direction-changing characters become the replacement character, so that a statement cannot
    move the cursor of a terminal or turn the reading order of the words around it.
    """
    return "".join("\ufffd" if unicodedata.category(c) in _HIDDEN else c for c in " ".join(text.split()))


def duration(seconds: float) -> str:
    """A span of time: '45 s', '8 min 20 s', '2 h 05 min', '29 d'."""
    whole = round(abs(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min" + (f" {whole % 60:02d} s" if whole % 60 else "")
    if whole < 2 * 86400:
        return f"{whole // 3600} h" + (f" {whole % 3600 // 60:02d} min" if whole % 3600 >= 60 else "")
    return f"{whole // 86400} d"


def moment(t_s: float | None) -> str:
    """A time after the true launch: 'T+1 min 35 s', 'T−29 d'; 'never in this run' for None."""
    if t_s is None:
        return NEVER
    return f"T{'−' if round(t_s) < 0 else '+'}{duration(t_s)}"


def zulu(launch_utc: str, t_s: float) -> str:
    """Clock time 'HH:MM:SSZ' at `t_s` after launch, or '' if the launch time cannot be read."""
    try:
        start = datetime.fromisoformat(launch_utc)
        return (start + timedelta(seconds=t_s)).strftime("%H:%M:%SZ")
    except (ValueError, OverflowError):
        return ""


def clock(utc: str, launch_utc: str) -> str:
    """The time of `utc`, with its date only if it is not the day of the launch."""
    day, separator, time = clean(utc).partition("T")
    return time if separator and day == launch_utc[: len(day)] else f"{day} {time}".strip()


def km(distance_km: float | None) -> str:
    """A distance: '1,240 km', '34 km', '4.2 km', '0.35 km'; 'not stated' for None."""
    if distance_km is None:
        return NOT_STATED
    size = abs(distance_km)
    digits = 0 if size >= 9.95 else 1 if size >= 0.95 else 2
    return f"{distance_km:,.{digits}f} km"


def position(latitude_deg: float, longitude_deg: float) -> str:
    """'69.29° N, 16.02° E'."""
    return (
        f"{abs(latitude_deg):.2f}° {'S' if latitude_deg < 0 else 'N'}, "
        f"{abs(longitude_deg):.2f}° {'W' if longitude_deg < 0 else 'E'}"
    )


def size(count: int) -> str:
    """Bytes in decimal units: '912 B', '48 kB', '1.2 MB'."""
    if count < 1000:
        return f"{count} B"
    if count < 999_500:
        return f"{count / 1e3:.0f} kB" if count >= 9950 else f"{count / 1e3:.1f} kB"
    return f"{count / 1e6:.1f} MB"


def tight(text: str) -> str:
    """The text with its numbers held to their units by no-break spaces, for a page."""
    return _BEFORE_UNIT.sub("\u00a0", text)


def several(count: int, one: str, many: str = "") -> str:
    """'1 entry', '1,204 entries'."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(items: list[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1] if items else ""


def plain_kind(kind: str) -> str:
    """A record kind as words: 'launch_notice' becomes 'launch notice'."""
    return clean(kind.replace("_", " "))
