"""The question in words and rows: inputs with sources, areas for the map, what to compare in private."""

from __future__ import annotations

import math
from fractions import Fraction

from tocsin.assure.question import Question, Value
from tocsin.assure.result import Area, Bracket, Dispute, Input


def _number(x: Fraction) -> str:
    return f"{float(x):.10g}"


def _row(what: str, value: Value) -> Input:
    text = _number(value.low) if value.low == value.high else f"{_number(value.low)} to {_number(value.high)}"
    return Input(what=what, value=text, unit=value.unit, mark=value.mark, source=value.source)


def inputs(question: Question) -> tuple[Input, ...]:
    """Every value of the question with its mark and source."""
    rows = []
    for role, boxes in (("site", question.sites), ("launch", question.launches), ("aim", question.aims)):
        for box in boxes:
            rows.append(_row(f"{role} {box.name}: latitude", box.latitude_deg))
            rows.append(_row(f"{role} {box.name}: longitude", box.longitude_deg))
    named = [
        ("apogee, as a factor of the minimum-energy apogee", question.apogee_factor),
        ("boost time", question.boost_time_s),
        ("start of the traced-back arc, as a share of the boost time", question.arc_start_fraction),
        ("flight time of the arcs", question.arc_time_s),
        ("commit delay", question.commit_delay_s),
        ("least height of an engagement", question.altitude_min_km),
        ("greatest height of the interceptor's burnout", question.burnout_height_max_km),
        ("radius for the interceptor's burn", question.burn_radius_km),
        ("acceleration bounding the effect of oblateness", question.drift_km_s2),
    ]
    if question.burn_time_max_s is not None:
        named.append(("longest burn of the interceptor", question.burn_time_max_s))
    if question.flight_cap_s is not None:
        named.append(("longest flight of an interceptor", question.flight_cap_s))
    rows.extend(_row(what, value) for what, value in named)
    for force in question.forces:
        rows.append(_row(f"{force.name}: warheads", force.warheads))
        rows.append(_row(f"{force.name}: interceptors", force.interceptors))
        rows.append(_row(f"{force.name}: interceptors for each warhead", force.shots_per_target))
        rows.append(_row(f"{force.name}: chance of a hit", force.hit_probability))
    return tuple(rows)


def areas(question: Question) -> tuple[Area, ...]:
    """All boxes of the question."""
    return tuple(
        Area(
            role=role,
            name=box.name,
            latitude_deg=(float(box.latitude_deg.low), float(box.latitude_deg.high)),
            longitude_deg=(float(box.longitude_deg.low), float(box.longitude_deg.high)),
        )
        for role, boxes in (("site", question.sites), ("launch", question.launches), ("aim", question.aims))
        for box in boxes
    )


def disputes(question: Question) -> tuple[Dispute, ...]:
    """Disputed values with all their sources."""
    return tuple(
        Dispute(what=d.name, readings=tuple((r.value, r.mark, r.source) for r in d.readings)) for d in question.disputes
    )


def floored(km_s: float) -> str:
    """A proved speed in words: rounded down, so that nothing is claimed that was not proved."""
    return f"{math.floor(km_s * 100.0) / 100.0:.2f}"


def raised(km_s: float) -> str:
    """A speed at which something was found: rounded up."""
    return f"{math.ceil(km_s * 100.0) / 100.0:.2f}"


def compare_lines(question: Question, brackets: tuple[Bracket, ...]) -> tuple[str, ...]:
    """What each side compares with what it privately knows, and what a declared ceiling would commit it to."""
    meaning = (
        "the greatest speed over any part of the flight"
        if question.speed_meaning == "maximum"
        else "the speed, at the surface, of the free-flight arc traced back"
    )
    frame = "inertial" if question.speed_frame == "inertial" else "relative to the Earth"
    lines = [
        f"Compare in private: {meaning} ({frame}) of every interceptor at these sites, and the earliest commitment "
        "after launch. Neither has to be published.",
    ]
    for b in brackets:
        if b.low_meant_km_s is None:
            lines.append(f"Committed {b.delay_s:.0f} s or more after launch: no proof was found.")
        elif b.high_meant_km_s is None:
            lines.append(f"Committed {b.delay_s:.0f} s or more after launch: nothing reached below 10 km/s.")
        else:
            lines.append(
                f"Committed {b.delay_s:.0f} s or more after launch: below {floored(b.low_meant_km_s)} km/s nothing "
                f"of the family is reached (proved); at {raised(b.high_meant_km_s)} km/s something is."
            )
    usable = [b for b in brackets if b.low_meant_km_s is not None]
    if usable:
        least = min(b.low_meant_km_s for b in usable if b.low_meant_km_s is not None)
        lines.append(
            f'A declared ceiling, "no interceptor above {floored(least)} km/s over any part of its flight" at these '
            f"sites, would by itself, at any commit delay from {usable[0].delay_s:.0f} s, commit {question.defender} "
            f"to a defence that reaches no arc of this family of {question.deterrent}."
        )
        lines.append(
            "Testing a faster interceptor, moving it outside the site boxes, or committing earlier (as with sensors "
            "in space) would leave the declaration; nothing here says how it would be inspected."
        )
    return tuple(lines)
