"""Sentences and rounded numbers of the assurance report.

A speed that is proved is rounded down and a speed that was found is rounded up, so that no rounding claims more
than the proof or the engagement behind it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.assure.result import AssuranceResult, Bracket
from tocsin.report import words

NOT_PROVED = "not proved"
NONE_BELOW = "none below 10 km/s"
MEANINGS = {
    "maximum": "greatest speed over any part of the flight",
    "arc": "speed of the free-flight arc, traced back to the surface",
}
FRAMES = {"inertial": "inertial", "earth-fixed": "relative to the turning Earth"}
_STEADY = 1e-9  # a value already on the grid of its last digit stays there


def ordered(brackets: Sequence[Bracket]) -> list[Bracket]:
    """The brackets by commit delay."""
    return sorted(brackets, key=lambda b: b.delay_s)


def low(speed_km_s: float | None, digits: int = 2) -> str:
    """A proved speed, rounded down: '6.26 km/s'; 'not proved' for None."""
    if speed_km_s is None:
        return NOT_PROVED
    return f"{_down(speed_km_s, digits):.{digits}f} km/s"


def high(speed_km_s: float | None, digits: int = 2) -> str:
    """A found speed, rounded up: '6.35 km/s'; 'none below 10 km/s' for None."""
    if speed_km_s is None:
        return NONE_BELOW
    return f"{_up(speed_km_s, digits):.{digits}f} km/s"


def percent(share: float) -> str:
    """A share in percent, rounded down to a tenth, so that nothing short of all reads as all."""
    return f"{math.floor(share * 1000 + 1e-6) / 10:.1f}%"


def _width(share: float) -> str:
    return f"{math.ceil(share * 1000 - 1e-6) / 10:.1f}%"


def width(bracket: Bracket) -> str:
    """Width of a bracket in percent, rounded up to a tenth; '' where it has no two ends."""
    return "" if bracket.width is None else _width(bracket.width)


def meant_width(bracket: Bracket) -> str:
    """The same in the speed that the question means, which is wider: both ends lose as much to the climb."""
    low, high = bracket.low_meant_km_s, bracket.high_meant_km_s
    return "" if low is None or high is None or high <= 0.0 else _width(1.0 - low / high)


def gap(bracket: Bracket) -> str:
    """What is not decided between the two printed speeds of the question: '0.30 km/s'; '' without two ends."""
    if bracket.low_meant_km_s is None or bracket.high_meant_km_s is None:
        return ""
    return high(_up(bracket.high_meant_km_s, 2) - _down(bracket.low_meant_km_s, 2))


def _down(value: float, digits: int) -> float:
    scale = 10.0**digits
    return math.floor(value * scale + _STEADY) / scale


def _up(value: float, digits: int) -> float:
    scale = 10.0**digits
    return math.ceil(value * scale - _STEADY) / scale


def seconds(delay_s: float) -> str:
    return f"{delay_s:g} s"


def meaning(result: AssuranceResult) -> str:
    """Which speed is meant, and in which frame."""
    speed = MEANINGS.get(result.speed_meaning, words.clean(result.speed_meaning))
    return f"{speed}, {FRAMES.get(result.speed_frame, words.clean(result.speed_frame))}"


def two_speeds(result: AssuranceResult) -> bool:
    """Whether the speed that the question means differs from the arc's speed that the proofs speak of."""
    pairs = [(b.low_km_s, b.low_meant_km_s) for b in result.brackets]
    pairs += [(b.high_km_s, b.high_meant_km_s) for b in result.brackets]
    return any(a is not None and b is not None and abs(a - b) > 0.005 for a, b in pairs)


def from_delay(delay_s: float) -> str:
    if delay_s <= 0:
        return "even if it is committed at the missile's launch"
    return f"if it is committed {seconds(delay_s)} or more after launch"


def lead(result: AssuranceResult) -> list[str]:
    """The answer in a few sentences: proved, found, and what decides."""
    brackets = ordered(result.brackets)
    if not brackets:
        return ["No commit delay was computed, so this report says nothing about reach."]
    return [*_proved(brackets), *_found(brackets)]


def _proved(brackets: Sequence[Bracket]) -> list[str]:
    held = [b for b in brackets if b.low_meant_km_s is not None]
    if not held:
        return ["No bound proof was found at any commit delay: this report does not say that anything is out of reach."]
    first, last = held[0], held[-1]
    told = [
        f"An interceptor at these sites that is slower than {low(first.low_meant_km_s)} reaches no missile of the "
        f"stated family, {from_delay(first.delay_s)}: proved for every point of the boxes, over the whole continuum."
    ]
    if last is not first:
        told.append(
            f"Committed {seconds(last.delay_s)} or more after launch, the same holds below {low(last.low_meant_km_s)}."
        )
    return told


def _found(brackets: Sequence[Bracket]) -> list[str]:
    reached = [b for b in brackets if b.high_meant_km_s is not None]
    if not reached:
        return ["At no commit delay was an engagement found below 10 km/s."]
    first, last = reached[0], reached[-1]
    told = f"The slowest engagement found needs {high(first.high_meant_km_s)} at {seconds(first.delay_s)}"
    if last is not first:
        told += f" and {high(last.high_meant_km_s)} at {seconds(last.delay_s)}"
    missing = [seconds(b.delay_s) for b in brackets if b.high_meant_km_s is None]
    more = f" Nothing was found below 10 km/s at {words.listed(missing)}." if missing else ""
    return [f"{told}; how fast the interceptors are is not asked here.{more}"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tile:
    """One commit delay at a glance."""

    title: str
    proved: str
    found: str
    gap: str


def glance(result: AssuranceResult) -> list[Tile]:
    """At most four commit delays, from the first to the last."""
    brackets = ordered(result.brackets)
    last = len(brackets) - 1
    places = sorted({round(k * last / 3) for k in range(4)}) if brackets else []
    return [
        Tile(
            title=seconds(b.delay_s), proved=low(b.low_meant_km_s), found=high(b.high_meant_km_s),
            gap=gap(b) or "no bracket",
        )
        for b in (brackets[k] for k in places)
    ]  # fmt: skip


def decide(result: AssuranceResult) -> str:
    """How many inputs carry which mark, weakest first: '4 uncertain, 20 inferred and 7 stated'."""
    letters = {"U": "uncertain", "I": "inferred", "C": "computed", "S": "stated"}
    counts = [(name, sum(letter in _letters(i.mark) for i in result.inputs)) for letter, name in letters.items()]
    return words.listed([f"{count} {name}" for name, count in counts if count])


def _letters(mark: str) -> list[str]:
    return words.clean(mark).replace("[", "").replace("]", "").split("+")
