"""Figure: share of the family that can be engaged, over the interceptor's arc speed, one line a commit delay."""

import math
from collections.abc import Sequence
from itertools import pairwise

from markupsafe import Markup

from tocsin.assure.result import AssuranceResult, FractionCurve
from tocsin.report.figures import plot, svg
from tocsin.report.figures.scale import Linear

NAME = "shares"
TOP, HEIGHT = 14.0, 300.0
_MARK_EVERY = 3
_LEVELS = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)


def curves(result: AssuranceResult) -> list[FractionCurve]:
    """The curves with points, by commit delay."""
    return sorted((c for c in result.fractions if c.speeds_km_s), key=lambda c: c.delay_s)


def draw(result: AssuranceResult) -> Markup:
    """The chart as an SVG element."""
    shown = curves(result)
    box = plot.Box(x=56, y=TOP, width=svg.WIDTH - 56 - 16, height=HEIGHT)
    speeds = [v for c in shown for v in c.speeds_km_s] or [0.0, 10.0]
    low, high = min(speeds), max(speeds)
    x = Linear(low, high if high > low else low + 1, box.x, box.right)
    y = Linear(0.0, 1.0, box.bottom, box.y)
    inside = [_axes(x, y, box)]
    inside += [_band(c, x, y) for c in shown]
    inside += [_line(k, c, x, y) for k, c in enumerate(shown)]
    inside += [plot.frame(box)]
    inside += [_name(c, shown, x, y) for c in shown]
    keys, height = svg.legend(_legend(shown), 0, box.bottom + 50, svg.WIDTH)
    return svg.drawing(
        NAME, box.bottom + 50 + height, "Share of the family that can be engaged, over speed", _description(shown),
        svg.group(*inside, keys, class_="computed"),
    )  # fmt: skip


def _axes(x: Linear, y: Linear, box: plot.Box) -> Markup:
    parts = [plot.value_axis(box, y, [0, 0.25, 0.5, 0.75, 1], lambda v: f"{100 * v:.0f}%")]
    for value in range(-(-int(x.low * 100) // 100), int(x.high) + 1):
        parts.append(svg.line(x(value), box.y, x(value), box.bottom, "grid"))
        parts.append(svg.text(x(value), box.bottom + 18, f"{value}", "tick", text_anchor="middle"))
    middle = (box.x + box.right) / 2
    parts.append(svg.text(middle, box.bottom + 37, "arc speed at the surface, km/s", "tick", text_anchor="middle"))
    return Markup("").join(parts)


def _points(curve: FractionCurve, x: Linear, y: Linear) -> list[svg.Point]:
    return [(x(v), y(share)) for v, share in zip(curve.speeds_km_s, curve.shares, strict=True)]


def _band(curve: FractionCurve, x: Linear, y: Linear) -> Markup:
    """Two standard errors of each share; `error` is that of a share of one half."""
    upper, lower = (
        [
            (px, y(min(max(s + sign * 2 * curve.error * math.sqrt(max(s * (1 - s), 0.0)), 0.0), 1.0)))
            for (px, _), s in zip(_points(curve, x, y), curve.shares, strict=True)
        ]
        for sign in (1, -1)
    )
    return plot.band(upper, lower, "claim")


def _line(k: int, curve: FractionCurve, x: Linear, y: Linear) -> Markup:
    points = _points(curve, x, y)
    parts = [svg.path(points, f"line {svg.party_class(k)}")]
    moving = [p for p, share in zip(points, curve.shares, strict=True) if 0.0 < share < 1.0]
    parts += [svg.marker(*p, k, "mark", 3.6) for p in moving[k % _MARK_EVERY :: _MARK_EVERY]]
    return Markup("").join(parts)


def crossing(curve: FractionCurve, level: float) -> float | None:
    """Speed in km/s at which a curve first passes `level`, on the straight line between its points."""
    points = list(zip(curve.speeds_km_s, curve.shares, strict=True))
    for (v0, s0), (v1, s1) in pairwise(points):
        if s0 < level <= s1:
            return v0 + (level - s0) / (s1 - s0) * (v1 - v0)
    return None


def _name(curve: FractionCurve, shown: Sequence[FractionCurve], x: Linear, y: Linear) -> Markup:
    """The delay to the right of its line, at a level where no other line runs through the words."""
    words = f"{curve.delay_s:g} s"
    width = svg.text_width(words) + 14
    for level in _LEVELS:
        own = crossing(curve, level)
        if own is None:
            continue
        near = [crossing(other, level + d) for other in shown if other is not curve for d in (-0.04, 0.0, 0.04)]
        if x(own) + width < x.end and not any(v is not None and -4 < x(v) - x(own) < width for v in near):
            return svg.text(x(own) + 9, y(level) + 9, words, "label halo strong")
    return Markup("")


def _legend(shown: Sequence[FractionCurve]) -> list[tuple[Markup, str]]:
    return [
        (
            svg.line(0, 6, 24, 6, f"line {svg.party_class(k)}") + svg.marker(12, 6, k, "mark", 3.6),
            f"committed {c.delay_s:g} s after launch",
        )
        for k, c in enumerate(shown)
    ]


def _description(shown: Sequence[FractionCurve]) -> str:
    told = []
    for c in shown:
        half = next((v for v, share in zip(c.speeds_km_s, c.shares, strict=True) if share >= 0.5), None)
        reached = "never half" if half is None else f"half from about {half:g} km/s"
        told.append(f"at {c.delay_s:g} s {reached}, at most {100 * max(c.shares):.0f}%")
    return f"By commit delay: {'; '.join(told) or 'nothing computed'}."
