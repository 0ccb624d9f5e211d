"""Figure: how sure each side's picture was that the object is explained, against time, one panel a regime."""

from collections.abc import Sequence

from markupsafe import Markup

from tocsin.report import words
from tocsin.report.figures import plot, svg
from tocsin.report.figures.knowledge import axis_end_s
from tocsin.report.figures.scale import Linear
from tocsin.report.moments import parties
from tocsin.study.results import Comparison, RegimeRun, Side

NAME = "belief"
HEIGHT, TOP = 128.0, 24.0


def draw(comparison: Comparison) -> Markup:
    """The charts as an SVG element."""
    order, end = parties(comparison), axis_end_s(comparison)
    boxes, parts = plot.columns(len(comparison.runs), TOP, HEIGHT), []
    for k, (run, box) in enumerate(zip(comparison.runs, boxes, strict=True)):
        x, y = plot.time_scale(box, 0.0, end), Linear(0.0, 1.0, box.bottom - 4, box.y + 4)
        parts.append(svg.text(box.x, 12, words.clean(run.regime), "panel-title"))
        parts.append(plot.time_axis(box, x))
        parts.append(plot.value_axis(box, y, (0.0, 0.5, 1.0), lambda v: f"{100 * v:.0f}%", labels=k == 0))
        parts.append(_curves(run, order, x, y, box))
        parts.append(plot.frame(box))
    bottom = TOP + HEIGHT
    parts.append(svg.text(svg.WIDTH / 2 + 28, bottom + 34, "minutes after launch", "tick", text_anchor="middle"))
    keys, height = svg.legend(_legend(comparison, order), 0, bottom + 48, svg.WIDTH)
    return svg.drawing(
        NAME, bottom + 48 + height, "Probability that the object is explained, by regime", _description(comparison),
        *parts, keys,
    )  # fmt: skip


def _curves(run: RegimeRun, order: Sequence[str], x: Linear, y: Linear, box: plot.Box) -> Markup:
    parts = []
    for side in run.sides:
        seen = [e for e in side.estimates if 0.0 <= e.t_s <= x.high]
        points = [(x(e.t_s), y(e.explained_probability)) for e in seen]
        index = order.index(side.party)
        if points:
            parts.append(svg.path(plot.thin(points), f"line {svg.party_class(index)}"))
        if side.explained_s is not None and 0.0 <= side.explained_s <= x.high:
            parts.append(svg.marker(x(side.explained_s), y(1.0), index, "mark", 4.5))
    if not parts:
        return svg.text((box.x + box.right) / 2, box.y + 22, "none", "label", text_anchor="middle")
    return Markup("").join(parts)


def _legend(comparison: Comparison, order: Sequence[str]) -> list[tuple[Markup, str]]:
    present, items = {side.party for run in comparison.runs for side in run.sides}, []
    for index, party in enumerate(order):
        if party in present:
            name = words.clean(party)
            items.append((svg.line(0, 6, 24, 6, f"line {svg.party_class(index)}"), f"{name}: its centre"))
            items.append((svg.marker(12, 6, index, "mark", 4.5), f"{name}: its officer puts down “explained”"))
    return items


def _description(comparison: Comparison) -> str:
    told = [
        f"{words.clean(run.regime)}, {words.clean(side.party)}: {_last(side)}"
        for run in comparison.runs
        for side in run.sides
    ]
    return f"{'; '.join(told) or 'Nothing was run'}."


def _last(side: Side) -> str:
    if not side.estimates:
        return "no picture"
    last = side.estimates[-1]
    return f"{100 * last.explained_probability:.0f} % at its last picture, {words.moment(last.t_s)}"
