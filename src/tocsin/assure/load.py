"""Bytes of a question file -> Question, or a refusal that says why."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import cos, radians
from typing import Any, Final

from tocsin.assure.errors import QuestionRefused
from tocsin.assure.question import (
    FRAMES,
    MARKS,
    SPEED_MEANINGS,
    Box,
    Dispute,
    Force,
    Question,
    Reading,
    Value,
)

FORMAT: Final = "tocsin-assure/1"
LEAST_REGION_KM: Final = 150.0
LEAST_SITE_KM: Final = 40.0
_KM_PER_DEGREE: Final = 111.2
_MAX_BYTES: Final = 200_000
_MAX_BOXES: Final = 12

_TOP = {
    "format",
    "name",
    "title",
    "summary",
    "defender",
    "deterrent",
    "speed",
    "site",
    "launch",
    "aim",
    "family",
    "engagement",
    "disputed",
    "force",
    "shorter_range",
}


def _table(raw: object, where: str) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise QuestionRefused(f"{where}: a table was expected.")
    return raw


def _text(table: Mapping[str, Any], name: str, where: str) -> str:
    raw = table.get(name)
    if not isinstance(raw, str) or not raw.strip():
        raise QuestionRefused(f"{where}: the text `{name}` is missing.")
    return raw.strip()


def _number(raw: object, where: str) -> Fraction:
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal):
        raise QuestionRefused(f"{where}: a plain number was expected, not {raw!r}.")
    if isinstance(raw, Decimal) and not raw.is_finite():
        raise QuestionRefused(f"{where}: the number is not finite.")
    return Fraction(raw)


def _value(raw: object, unit: str, where: str) -> Value:
    """{ value = x or [low, high], unit, mark, source }"""
    table = _table(raw, where)
    unknown = set(table) - {"value", "unit", "mark", "source"}
    if unknown:
        raise QuestionRefused(f"{where}: unknown names {sorted(unknown)}.")
    if table.get("unit") != unit:
        raise QuestionRefused(f"{where}: the unit is {table.get('unit')!r}, expected {unit!r}.")
    mark = _mark(table, where)
    source = _text(table, "source", where)
    given = table.get("value")
    ends = given if isinstance(given, list) else [given, given]
    if len(ends) != 2:
        raise QuestionRefused(f"{where}: an interval has two ends.")
    low, high = (_number(end, where) for end in ends)
    if low > high:
        raise QuestionRefused(f"{where}: the interval is empty, {float(low)} is above {float(high)}.")
    return Value(low, high, unit, mark, source)


def _span(value: Value, low: float, high: float, where: str) -> Value:
    if value.low < low or value.high > high:
        raise QuestionRefused(f"{where}: values must lie between {low:g} and {high:g} {value.unit}.")
    return value


def _box(raw: object, least_km: float, where: str) -> Box:
    table = _table(raw, where)
    name = _text(table, "name", where)
    where = f"{where} {name!r}"
    latitude = _value(table.get("latitude"), "deg", f"{where} latitude")
    longitude = _value(table.get("longitude"), "deg", f"{where} longitude")
    if latitude.low <= -89 or latitude.high >= 89:
        raise QuestionRefused(f"{where}: the box touches or crosses a pole; keep latitudes within 89 degrees.")
    _span(longitude, -180.0, 360.0, f"{where} longitude")
    if longitude.high - longitude.low > 120:
        raise QuestionRefused(f"{where}: the box is wider than 120 degrees; split it.")
    if latitude.low == latitude.high or longitude.low == longitude.high:
        raise QuestionRefused(f"{where}: the box is empty; regions are meant, never points.")
    north = float(latitude.high - latitude.low) * _KM_PER_DEGREE
    widest = min(abs(float(latitude.low)), abs(float(latitude.high)))
    east = float(longitude.high - longitude.low) * _KM_PER_DEGREE * cos(radians(widest))
    if min(north, east) < least_km:
        raise QuestionRefused(
            f"{where}: the box is {min(north, east):.0f} km across; at least {least_km:.0f} km is required, "
            "because regions are meant, never places."
        )
    return Box(name, latitude, longitude)


def _boxes(raw: object, least_km: float, where: str) -> tuple[Box, ...]:
    if not isinstance(raw, list) or not raw:
        raise QuestionRefused(f"{where}: at least one box is required.")
    if len(raw) > _MAX_BOXES:
        raise QuestionRefused(f"{where}: more than {_MAX_BOXES} boxes.")
    boxes = tuple(_box(item, least_km, where) for item in raw)
    if len({box.name for box in boxes}) != len(boxes):
        raise QuestionRefused(f"{where}: two boxes have the same name.")
    return boxes


def _mark(table: Mapping[str, Any], where: str) -> str:
    mark = _text(table, "mark", where)
    if mark not in MARKS:
        raise QuestionRefused(f"{where}: the mark is {mark!r}, expected one of {sorted(MARKS)}.")
    return mark


def _dispute(raw: object) -> Dispute:
    table = _table(raw, "disputed")
    name = _text(table, "name", "disputed")
    where = f"disputed {name!r}"
    readings = []
    for item in table.get("readings", ()):
        entry = _table(item, where)
        readings.append(Reading(_text(entry, "value", where), _mark(entry, where), _text(entry, "source", where)))
    if len(readings) < 2:
        raise QuestionRefused(f"{where}: a dispute has at least two readings.")
    return Dispute(name, tuple(readings))


def _force(raw: object) -> Force:
    table = _table(raw, "force")
    return Force(
        _text(table, "name", "force"),
        _span(_value(table.get("warheads"), "1", "force warheads"), 1, 20_000, "force warheads"),
        _span(_value(table.get("interceptors"), "1", "force interceptors"), 0, 20_000, "force interceptors"),
        _span(_value(table.get("shots_per_target"), "1", "force shots"), 1, 20, "force shots per target"),
        _span(_value(table.get("hit_probability"), "1", "force hits"), 0, 1, "force hit probability"),
    )


def _choice(table: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> str:
    text = _text(table, name, "speed")
    if text not in allowed:
        raise QuestionRefused(f"speed: `{name}` is {text!r}, expected one of {', '.join(allowed)}.")
    return text


def load(data: bytes) -> Question:
    """Read a question; raises QuestionRefused with the reason."""
    if len(data) > _MAX_BYTES:
        raise QuestionRefused(f"the question is longer than {_MAX_BYTES} bytes.")
    try:
        top = tomllib.loads(data.decode("utf-8"), parse_float=Decimal)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as why:
        raise QuestionRefused(f"the question is not TOML in UTF-8: {why}") from None
    if top.get("format") != FORMAT:
        raise QuestionRefused(f"the question has format {top.get('format')!r}, expected {FORMAT!r}.")
    unknown = set(top) - _TOP
    if unknown:
        raise QuestionRefused(f"the question has unknown names {sorted(unknown)}.")
    speed, family = _table(top.get("speed"), "speed"), _table(top.get("family"), "family")
    engagement = _table(top.get("engagement"), "engagement")
    cap, burn = engagement.get("flight_cap"), engagement.get("burn_time_max")
    shorter = top.get("shorter_range")
    question = Question(
        name=_text(top, "name", "question"),
        title=_text(top, "title", "question"),
        summary=_text(top, "summary", "question"),
        defender=_text(top, "defender", "question"),
        deterrent=_text(top, "deterrent", "question"),
        speed_meaning=_choice(speed, "meaning", SPEED_MEANINGS),
        speed_frame=_choice(speed, "frame", FRAMES),
        burnout_height_max_km=_span(
            _value(speed.get("burnout_height_max"), "km", "speed burnout height"), 0, 400, "speed burnout height"
        ),
        sites=_boxes(top.get("site"), LEAST_SITE_KM, "site"),
        launches=_boxes(top.get("launch"), LEAST_REGION_KM, "launch"),
        aims=_boxes(top.get("aim"), LEAST_REGION_KM, "aim"),
        apogee_factor=_span(
            _value(family.get("apogee_factor"), "1", "family apogee factor"), 0.5, 2.0, "family apogee factor"
        ),
        boost_time_s=_span(_value(family.get("boost_time"), "s", "family boost time"), 0, 600, "family boost time"),
        arc_start_fraction=_span(
            _value(family.get("arc_start_fraction"), "1", "family arc start"), 0, 1, "family arc start"
        ),
        arc_time_s=_span(_value(family.get("arc_time"), "s", "family arc time"), 0, 6000, "family arc time"),
        commit_delay_s=_span(
            _value(engagement.get("commit_delay"), "s", "commit delay"), 0, 1800, "engagement commit delay"
        ),
        delay_step_s=_span(_value(engagement.get("delay_step"), "s", "delay step"), 1, 600, "engagement delay step"),
        altitude_min_km=_span(_value(engagement.get("altitude_min"), "km", "altitude"), 20, 400, "engagement altitude"),
        flight_cap_s=None if cap is None else _span(_value(cap, "s", "flight cap"), 30, 6000, "engagement flight cap"),
        burn_radius_km=_span(_value(engagement.get("burn_radius"), "km", "burn radius"), 0, 100, "burn radius"),
        burn_time_max_s=None if burn is None else _span(_value(burn, "s", "burn time"), 1, 600, "engagement burn time"),
        drift_km_s2=_span(_value(engagement.get("drift"), "km/s^2", "drift"), 0, 0.001, "engagement drift"),
        disputes=tuple(_dispute(item) for item in top.get("disputed", ())),
        forces=tuple(_force(item) for item in top.get("force", ())),
        shorter_range_km=None
        if shorter is None
        else _span(_value(shorter, "km", "shorter range"), 200, 5500, "shorter range"),
        data=data,
    )
    _overlap(question)
    return question


def _overlap(question: Question) -> None:
    """Refuse launch and aim regions that touch: no arc stands over both."""
    for launch in question.launches:
        for aim in question.aims:
            north = max(launch.latitude_deg.low, aim.latitude_deg.low) - min(
                launch.latitude_deg.high, aim.latitude_deg.high
            )
            east = max(launch.longitude_deg.low, aim.longitude_deg.low) - min(
                launch.longitude_deg.high, aim.longitude_deg.high
            )
            if max(float(north), float(east) / 2) < 2.0:
                raise QuestionRefused(
                    f"launch {launch.name!r} and aim {aim.name!r} touch or nearly touch; no family of arcs joins them."
                )
