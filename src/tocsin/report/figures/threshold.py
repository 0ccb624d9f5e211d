"""Figure: thresholds over commit delay. Proved and found are drawn as stairs, so nothing is claimed between delays.

A proof at one delay holds for every later commitment; an engagement found at one delay is open to every earlier
commitment too. So the proved area steps to the right of its delays, the found one to the left, and what lies
between the stairs is not decided.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from tocsin.assure.result import AssuranceResult, Bracket
from tocsin.report import assurance_words as said
from tocsin.report import words
from tocsin.report.figures import plot, svg
from tocsin.report.figures.scale import Linear
from tocsin.report.figures.svg import Point

NAME = "threshold"
TOP, HEIGHT, RIGHT = 14.0, 400.0, 104.0
CEILING_KM_S = 10.0
MOST_READINGS = 8
_HATCHED = "url(#hatch-proved)"
_SPEED = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)(?:\s*(?:to|-|–)\s*(\d+(?:\.\d+)?))?\s*km/s", re.ASCII)


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of commit delays with one speed."""

    from_s: float
    to_s: float
    speed_km_s: float


def proved_steps(brackets: Sequence[Bracket], end_s: float) -> list[Step]:
    """Speeds below which nothing is reached, each from its delay to the next; None adds nothing."""
    steps, best = [], None
    ends = [*(b.delay_s for b in brackets[1:]), end_s]
    for bracket, end in zip(brackets, ends, strict=False):
        low = bracket.low_meant_km_s
        best = low if best is None else best if low is None else max(best, low)
        if best is not None:
            steps.append(Step(bracket.delay_s, end, best))
    return steps


def found_steps(brackets: Sequence[Bracket]) -> list[Step]:
    """Speeds at which an engagement was found, each from the delay before it to its own."""
    steps: list[Step] = []
    best = None
    for before, bracket in reversed(list(pairwise(brackets))):
        high = bracket.high_meant_km_s
        best = high if best is None else best if high is None else min(best, high)
        if best is not None:
            steps.append(Step(before.delay_s, bracket.delay_s, best))
    return steps[::-1]


def readings(result: AssuranceResult) -> list[tuple[float, float]]:
    """Disputed values that are speeds, as (low, high) km/s in order; only for drawing."""
    found = set()
    for dispute in result.disputes:
        for value, _mark, _source in dispute.readings:
            if match := _SPEED.search(words.clean(value)):
                low = float(match.group(1))
                high = float(match.group(2) or low)
                if low <= high <= 2 * CEILING_KM_S:
                    found.add((low, high))
    return sorted(found)[:MOST_READINGS]


def draw(result: AssuranceResult) -> Markup:
    """The chart as an SVG element."""
    brackets = said.ordered(result.brackets)
    box = plot.Box(x=52, y=TOP, width=svg.WIDTH - 52 - RIGHT, height=HEIGHT)
    x, y = _scales(brackets, readings(result), box)
    proved, found = proved_steps(brackets, x.high), found_steps(brackets)
    inside = [
        _proved_area(proved, x, y, box),
        _found_area(found, x, y, box),
        _axes(brackets, x, y, box),
        _readings(readings(result), y, box),
        svg.path(_stairs(proved, x, y), "edge proved"),
        svg.path(_stairs(found, x, y), "edge computed"),
        *_marks(brackets, x, y),
        plot.frame(box),
        _captions(proved, found, x, y, box),
    ]
    if not brackets:
        inside.append(svg.text(box.x + 14, box.y + 26, "no commit delay was computed", "label"))
    keys, height = svg.legend(_legend(bool(readings(result))), 0, box.bottom + 50, svg.WIDTH)
    return svg.drawing(
        NAME, box.bottom + 50 + height, "Thresholds over commit delay", _description(brackets),
        _patterns(), *inside, keys,
    )  # fmt: skip


def _scales(
    brackets: Sequence[Bracket], disputed: Sequence[tuple[float, float]], box: plot.Box
) -> tuple[Linear, Linear]:
    delays = [b.delay_s for b in brackets] or [0.0]
    step = (delays[-1] - delays[0]) / (len(delays) - 1) if len(delays) > 1 else 60.0
    speeds = [v for b in brackets for v in (b.low_meant_km_s, b.high_meant_km_s) if v is not None]
    speeds += [v for pair in disputed for v in pair]
    low = max(0.0, math.floor(min(speeds, default=0.0)) - 2.0)
    high = max(CEILING_KM_S, *speeds, 0.0)
    return Linear(delays[0], delays[-1] + step / 2, box.x, box.right), Linear(low, high, box.bottom, box.y)


def _axes(brackets: Sequence[Bracket], x: Linear, y: Linear, box: plot.Box) -> Markup:
    parts = [plot.value_axis(box, y, range(math.ceil(y.low), math.floor(y.high) + 1), lambda v: f"{v:g}")]
    every = max(1, math.ceil(len(brackets) / 11))
    for bracket in brackets[::every]:
        px = x(bracket.delay_s)
        parts.append(svg.line(px, box.bottom, px, box.bottom + 4, "axis"))
        parts.append(svg.text(px, box.bottom + 18, f"{bracket.delay_s:g}", "tick", text_anchor="middle"))
    middle = (box.x + box.right) / 2
    title = "commit delay: seconds from the missile's launch to the earliest launch of an interceptor"
    parts.append(svg.text(middle, box.bottom + 37, title, "tick", text_anchor="middle"))
    parts.append(svg.text(
        14, (box.y + box.bottom) / 2, "speed, km/s", "tick", text_anchor="middle",
        transform=f"rotate(-90 14 {svg.number((box.y + box.bottom) / 2)})",
    ))  # fmt: skip
    return Markup("").join(parts)


def _stairs(steps: Sequence[Step], x: Linear, y: Linear) -> list[Point]:
    return [p for s in steps for p in ((x(s.from_s), y(s.speed_km_s)), (x(s.to_s), y(s.speed_km_s)))]


def _proved_area(steps: Sequence[Step], x: Linear, y: Linear, box: plot.Box) -> Markup:
    if not steps:
        return Markup("")
    line = [(x(steps[0].from_s), box.bottom), *_stairs(steps, x, y), (x(steps[-1].to_s), box.bottom)]
    hatched = svg.element("path", d=svg.points_d(line, close=True), fill=_HATCHED)
    return svg.path(line, "fill proved", close=True) + hatched


def _found_area(steps: Sequence[Step], x: Linear, y: Linear, box: plot.Box) -> Markup:
    if not steps:
        return Markup("")
    line = [(x(steps[0].from_s), box.y), *_stairs(steps, x, y), (x(steps[-1].to_s), box.y)]
    return svg.path(line, "fill computed", close=True)


def _marks(brackets: Sequence[Bracket], x: Linear, y: Linear) -> list[Markup]:
    parts = []
    for b in brackets:
        if b.low_meant_km_s is not None:
            parts.append(_low_mark(x(b.delay_s), y(b.low_meant_km_s)))
        if b.high_meant_km_s is not None:
            parts.append(_high_mark(x(b.delay_s), y(b.high_meant_km_s)))
    return parts


def _low_mark(px: float, py: float) -> Markup:
    return svg.element("circle", cx=px, cy=py, r=3.6, class_="mark proved")


def _high_mark(px: float, py: float) -> Markup:
    return svg.path([(px, py - 5), (px + 4.6, py), (px, py + 5), (px - 4.6, py)], "mark computed", close=True)


def _captions(
    proved: Sequence[Step], found: Sequence[Step], x: Linear, y: Linear, box: plot.Box
) -> Markup:
    """Words inside the two areas, where the areas are high enough."""
    parts = []
    if proved and y(max(s.speed_km_s for s in proved)) < box.bottom - 60:
        at = (x(proved[-1].to_s) - 14, box.bottom - 34)
        parts.append(svg.text(*at, "Proved: nothing of the family is reached", "label halo strong", text_anchor="end"))
        parts.append(svg.text(at[0], at[1] + 18, "every point of the boxes, every later commitment", "label halo",
                              text_anchor="end"))  # fmt: skip
    if found and y(max(s.speed_km_s for s in found)) > box.y + 60:
        at = (box.x + 14, box.y + 18)
        parts.append(svg.text(*at, "Found: an engagement exists", "label strong"))
        parts.append(svg.text(at[0], at[1] + 16, "by search; given as region and coarse time only", "label"))
    return Markup("").join(parts)


def _readings(disputed: Sequence[tuple[float, float]], y: Linear, box: plot.Box) -> Markup:
    """Disputed speeds at the right edge: a bar and its value, and dotted lines across."""
    if not disputed:
        return Markup("")
    parts, last = [], math.inf
    for low, high in disputed:
        ends = (low,) if low == high else (low, high)
        parts += [svg.line(box.x, y(value), box.right + 8, y(value), "disputed") for value in ends]
        parts.append(svg.line(box.right + 8, y(low) + 1.5, box.right + 8, y(high) - 1.5, "disputed bar"))
        last = min((y(low) + y(high)) / 2, last - 15)
        shown = f"{low:g}" if low == high else f"{low:g} to {high:g}"
        parts.append(svg.text(box.right + 16, last + 4.5, shown, "label"))
    for k, line in enumerate(("disputed", "values, km/s")):
        parts.append(svg.text(box.right + 16, min(box.bottom - 16, y(disputed[0][0]) + 26) + 16 * k, line, "tick"))
    return Markup("").join(parts)


def _patterns() -> Markup:
    hatch = svg.element("path", d="M0 8L8 0M-2 2L2 -2M6 10L10 6", class_="hatch proved")
    pattern = svg.element("pattern", hatch, id="hatch-proved", width=8, height=8, patternUnits="userSpaceOnUse")
    return svg.element("defs", pattern)


def _legend(disputed: bool) -> list[tuple[Markup, str]]:
    proved = svg.rect(0, 0, 24, 12, "fill proved") + svg.rect(0, 0, 24, 12, "", fill=_HATCHED)
    found = svg.rect(0, 0, 24, 12, "fill computed") + svg.line(0, 12, 24, 12, "edge computed")
    items = [
        (proved + svg.line(0, 0, 24, 0, "edge proved"), "proved: nothing reached"),
        (_low_mark(12, 6), "a bound proof"),
        (found, "found: something reached"),
        (_high_mark(12, 6), "an engagement found"),
        (svg.rect(0.5, 0.5, 23, 11, "frame"), "between: not decided"),
    ]
    if disputed:
        items.append((svg.line(0, 6, 24, 6, "disputed"), "disputed values of sources"))
    return items


def _description(brackets: Sequence[Bracket]) -> str:
    told = [
        f"at {b.delay_s:g} s nothing below {said.low(b.low_meant_km_s)}, something at {said.high(b.high_meant_km_s)}"
        for b in brackets
    ]
    return f"Speeds by commit delay: {'; '.join(told) or 'none computed'}."
