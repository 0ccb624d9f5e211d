"""What moves the answer: the slowest engagement's speed when one input is changed, commit delay first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Final

import numpy as np

from tocsin.assure.question import Question, Value
from tocsin.assure.result import Sensitivity
from tocsin.assure.threshold import slowest

_SEED: Final = 1972
Change = Callable[[Question], Question]


def _shift(value: Value, low: Fraction, high: Fraction) -> Value:
    return replace(value, low=value.low + low, high=value.high + high)


def _speed(question: Question, delay_s: Fraction) -> float | None:
    found = slowest(question, delay_s, np.random.default_rng(_SEED))
    return None if found is None else round(found.speed_km_s, 3)


def _changes() -> tuple[tuple[str, str, Change], ...]:
    zero, minute, tenth = Fraction(0), Fraction(60), Fraction(1, 10)
    return (
        (
            "boost time",
            "longest boost 60 s shorter",
            lambda q: replace(q, boost_time_s=_shift(q.boost_time_s, -minute, -minute)),
        ),
        (
            "boost time",
            "longest boost 60 s longer",
            lambda q: replace(q, boost_time_s=_shift(q.boost_time_s, zero, minute)),
        ),
        (
            "apogee factor",
            "minimum energy only",
            lambda q: replace(q, apogee_factor=replace(q.apogee_factor, low=Fraction(1), high=Fraction(1))),
        ),
        (
            "apogee factor",
            "0.1 wider on both sides",
            lambda q: replace(q, apogee_factor=_shift(q.apogee_factor, -tenth, tenth)),
        ),
        (
            "least height of an engagement",
            "50 km higher",
            lambda q: replace(q, altitude_min_km=_shift(q.altitude_min_km, Fraction(50), Fraction(50))),
        ),
        (
            "flight-time cap",
            "300 s",
            lambda q: replace(
                q, flight_cap_s=Value(Fraction(300), Fraction(300), "s", "I", "Varied for the sensitivity table.")
            ),
        ),
    )


def sensitivities(question: Question) -> tuple[Sensitivity, ...]:
    """Changes of the threshold (the engagement found) at the middle of the delay interval."""
    delays = question.delays_s
    middle = delays[len(delays) // 2]
    base = _speed(question, middle)
    rows = []
    for step in (-120, -60, -30, 30, 60, 120):
        delay = middle + step
        if delay >= 0:
            rows.append(("commit delay", f"{step:+d} s", _speed(question, delay)))
    rows.extend((what, change, _speed(alter(question), middle)) for what, change, alter in _changes())
    return tuple(
        Sensitivity(what=what, change=change, delay_s=float(middle), from_km_s=base, to_km_s=to)
        for what, change, to in rows
    )
