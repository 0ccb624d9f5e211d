"""Figure: capacity, apart from reach: warheads, interceptors and what remains, as bars with intervals."""

import math

from markupsafe import Markup

from tocsin.assure.result import AssuranceResult, Capacity
from tocsin.report import assurance_words as said
from tocsin.report import words
from tocsin.report.figures import plot, svg
from tocsin.report.figures.scale import Linear, linear_ticks

NAME = "force"
TOP, BAR, LEFT, RIGHT = 4.0, 26.0, 104.0, 224.0
PITCH = 3 * BAR + 40


def draw(result: AssuranceResult) -> Markup:
    """The bars as an SVG element: three a force, all on one scale."""
    rows = result.capacities
    box = plot.Box(x=LEFT, y=TOP, width=svg.WIDTH - LEFT - RIGHT, height=len(rows) * PITCH)
    most = max([v for c in rows for v in (*c.warheads, *c.interceptors, c.most)] or [1.0])
    x = Linear(0.0, max(most, 1.0), box.x, box.right)
    parts = []
    for value in linear_ticks(x.high):
        parts.append(svg.line(x(value), box.y, x(value), box.bottom, "grid"))
        parts.append(svg.text(x(value), box.bottom + 17, f"{value:,.0f}", "tick", text_anchor="middle"))
    parts += [_one(c, x, TOP + k * PITCH) for k, c in enumerate(rows)]
    swatch = svg.rect(0, 0, 24, 12, "bar"), svg.rect(0.5, 0.5, 23, 11, "between")
    keys, height = svg.legend(
        [(swatch[0], "at least this many"), (swatch[1], "between the least and the most stated")], 0, box.bottom + 34,
        svg.WIDTH,
    )  # fmt: skip
    return svg.drawing(
        NAME, box.bottom + 34 + height, "Warheads, interceptors and what remains", _description(result),
        svg.group(*parts, keys, class_="computed"),
    )  # fmt: skip


def _one(c: Capacity, x: Linear, top: float) -> Markup:
    rows = [
        ("warheads", c.warheads, "neutral", _span(*c.warheads)),
        ("interceptors", c.interceptors, "neutral", _span(*c.interceptors)),
        ("remain", (c.least, c.most), "", f"{_span(c.least, c.most)} ({_shares(c)})"),
    ]
    parts = [svg.text(0, top + 20, words.clean(c.name), "row-title")]
    for k, (name, (low, high), style, told) in enumerate(rows):
        y = top + 32 + k * BAR
        parts.append(svg.text(x.start - 10, y + 14, name, "label", text_anchor="end"))
        parts.append(svg.rect(x.start, y + 2, max(x(low) - x.start, 1.5), BAR - 9, f"bar {style}"))
        if high > low:
            parts.append(svg.rect(x(low), y + 2.5, x(high) - x(low), BAR - 10, f"between {style}"))
        parts.append(svg.text(x(high) + 8, y + 14.5, told, "label halo strong" if not style else "label halo"))
    return Markup("").join(parts)


def _number(value: float) -> str:
    """Whole numbers, rounded down: a part of a warhead or of an interceptor is none."""
    return f"{math.floor(value + 1e-6):,}"


def _span(low: float, high: float) -> str:
    return _number(low) if low == high else f"{_number(low)} to {_number(high)}"


def _shares(c: Capacity) -> str:
    low, high = said.percent(c.share_least), said.percent(c.share_most)
    return low if low == high else f"{low} to {high}"


def _description(result: AssuranceResult) -> str:
    told = [
        f"{words.clean(c.name)}: {_span(*c.warheads)} warheads, {_span(*c.interceptors)} interceptors, "
        f"{_span(c.least, c.most)} remain, {_shares(c)}"
        for c in result.capacities
    ]
    return f"Each bar from least to most stated. {'; '.join(told) or 'None stated'}."
