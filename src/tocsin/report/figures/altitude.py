"""Figure: height against time, truth and every side's picture, one chart a regime."""

from collections.abc import Callable, Sequence

import numpy as np
from markupsafe import Markup

from tocsin.report import words
from tocsin.report.figures import plot, svg
from tocsin.report.figures.scale import Linear, linear_ticks
from tocsin.report.moments import parties
from tocsin.study.results import Comparison, RegimeRun, Side

NAME = "altitude"
HEIGHT = 190.0
SIGMAS = 2.0


def draw(comparison: Comparison) -> Markup:
    """The charts as an SVG element."""
    order = parties(comparison)
    top = 28.0
    boxes = plot.columns(len(comparison.runs), top, HEIGHT, left=72)
    highest = max([comparison.apogee_km, *(p.height_km for p in comparison.truth), 1.0]) * 1.12
    end = max(comparison.flight_s, 60.0) * 1.02
    ticks = linear_ticks(highest)
    parts: list[Markup] = []
    for k, (run, box) in enumerate(zip(comparison.runs, boxes, strict=True)):
        x, y = plot.time_scale(box, 0.0, end), Linear(0.0, highest, box.bottom, box.y)
        parts.append(plot.time_axis(box, x))
        parts.append(plot.value_axis(box, y, ticks, _height_words(ticks[-1]), labels=k == 0))
        parts.append(_curves(comparison, run, order, x, y, f"{NAME}-{k}", box))
        parts.append(plot.frame(box))
        parts.append(svg.text(box.x, top - 8, words.clean(run.regime), "panel-title"))
    middle = (boxes[0].x + boxes[-1].right) / 2 if boxes else 0.0
    parts.append(svg.text(middle, top + HEIGHT + 34, "minutes after launch", "tick", text_anchor="middle"))
    keys, height = svg.legend(_legend(comparison, order), 0, top + HEIGHT + 48, svg.WIDTH)
    return svg.drawing(
        NAME, top + HEIGHT + 48 + height, "Height against time, by regime", _description(comparison),
        *parts, keys,
    )  # fmt: skip


def _height_words(top: float) -> Callable[[float], str]:
    """Tick labels; the highest carries the unit."""
    return lambda v: f"{v:,.0f} km" if v == top else f"{v:,.0f}"


def _description(comparison: Comparison) -> str:
    said = [
        f"{words.clean(run.regime)}, {words.clean(side.party)}: "
        + (f"picture from {words.moment(side.picture[0].t_s)} to {words.moment(side.picture[-1].t_s)}"
           if side.picture else "no picture")
        for run in comparison.runs
        for side in run.sides
    ]  # fmt: skip
    return f"Truth rises to {words.km(comparison.apogee_km)}. {'; '.join(said)}."


def _curves(
    comparison: Comparison, run: RegimeRun, order: Sequence[str], x: Linear, y: Linear, name: str, box: plot.Box
) -> Markup:
    clip = svg.element("clipPath", svg.rect(box.x, box.y, box.width, box.height, ""), id=f"{name}-clip")
    truth = plot.thin([(x(p.t_s), y(p.height_km)) for p in comparison.truth])
    parts = [svg.path(truth, "truth-wide")]
    parts += [_side(side, svg.party_class(order.index(side.party)), x, y) for side in run.sides]
    return clip + svg.group(*parts, clip_path=f"url(#{name}-clip)")


def _side(side: Side, style: str, x: Linear, y: Linear) -> Markup:
    points = plot.thin([(p.t_s, p.height_km) for p in side.picture])
    parts = []
    if side.estimates and len(points) > 1:
        times = [e.t_s for e in side.estimates]
        sigmas = np.interp([t for t, _ in points], times, [e.position_sigma_km for e in side.estimates])
        upper = [(x(t), y(h + SIGMAS * s)) for (t, h), s in zip(points, sigmas, strict=True)]
        lower = [(x(t), y(h - SIGMAS * s)) for (t, h), s in zip(points, sigmas, strict=True)]
        parts.append(plot.band(upper, lower, f"band {style}"))
    parts.append(svg.path([(x(t), y(h)) for t, h in points], f"line {style}"))
    return Markup("").join(parts)


def _legend(comparison: Comparison, order: Sequence[str]) -> list[tuple[Markup, str]]:
    items = [(svg.line(0, 6, 24, 6, "truth-wide"), "truth")]
    present = {side.party for run in comparison.runs for side in run.sides}
    for index, party in enumerate(order):
        if party in present:
            style = svg.party_class(index)
            swatch = svg.rect(0, 0, 24, 12, f"band {style}") + svg.line(0, 6, 24, 6, f"line {style}")
            items.append((swatch, f"{words.clean(party)}: picture, ±2σ of its stated position"))
    return items
