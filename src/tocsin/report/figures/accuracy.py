"""Figure: error against truth and the 95% the picture itself stated, against time, on decades."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tocsin.report import words
from tocsin.report.figures import plot, svg
from tocsin.report.figures.scale import Linear, Log, decade_ticks, decades
from tocsin.report.figures.svg import Point
from tocsin.report.moments import parties
from tocsin.study.results import Comparison, Estimate, RegimeRun

NAME = "accuracy"
HEIGHT = 112.0
PITCH = HEIGHT + 52.0

Value = Callable[[Estimate], float | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One quantity: its error, and the bound the picture stated for it."""

    title: str
    error: Value
    stated: Value


ROWS = (
    Row(
        title="position now",
        error=lambda e: e.position_error_km,
        stated=lambda e: 2 * e.position_sigma_km,
    ),
    Row(
        title="launch point",
        error=lambda e: e.launch_error_km,
        stated=lambda e: e.launch_semi_major_km,
    ),
    Row(
        title="impact point",
        error=lambda e: e.impact_error_km,
        stated=lambda e: e.impact_semi_major_km,
    ),
)


def draw(comparison: Comparison) -> Markup:
    """The charts as an SVG element: quantities down, regimes across."""
    order = parties(comparison)
    end = max(comparison.flight_s, 60.0) * 1.02
    parts: list[Markup] = []
    for r, row in enumerate(ROWS):
        boxes = plot.columns(len(comparison.runs), 44 + r * PITCH, HEIGHT)
        low, high = decades(_values(comparison, row))
        parts.append(svg.text(0, 32 + r * PITCH, f"{row.title}, km", "row-title"))
        for k, (run, box) in enumerate(zip(comparison.runs, boxes, strict=True)):
            x, y = plot.time_scale(box, 0.0, end), Log(low, high, box.bottom, box.y)
            parts.append(plot.time_axis(box, x))
            parts.append(plot.value_axis(box, y, decade_ticks(low, high), lambda v: f"{v:,g}", labels=k == 0))
            parts.append(_curves(run, row, order, x, y, box))
            parts.append(plot.frame(box))
            if r == 0:
                parts.append(svg.text(box.x, 12, words.clean(run.regime), "panel-title"))
    bottom = 44 + (len(ROWS) - 1) * PITCH + HEIGHT
    parts.append(svg.text(svg.WIDTH / 2 + 28, bottom + 34, "minutes after launch", "tick", text_anchor="middle"))
    keys, height = svg.legend(_legend(comparison, order), 0, bottom + 48, svg.WIDTH)
    return svg.drawing(
        NAME, bottom + 48 + height, "Error and stated uncertainty against time, by regime",
        _description(comparison), *parts, keys,
    )  # fmt: skip


def _values(comparison: Comparison, row: Row) -> list[float]:
    found = [
        value(e)
        for run in comparison.runs
        for side in run.sides
        for e in side.estimates
        for value in (row.error, row.stated)
    ]
    return [v for v in found if v is not None and v > 0]


def _description(comparison: Comparison) -> str:
    said = []
    for run in comparison.runs:
        for side in run.sides:
            last = side.estimates[-1] if side.estimates else None
            end = (
                "no picture" if last is None else
                f"launch point {words.km(last.launch_error_km)}, impact point {words.km(last.impact_error_km)} off"
            )  # fmt: skip
            said.append(f"{words.clean(run.regime)}, {words.clean(side.party)}, last picture: {end}")
    return f"Logarithmic axes. {'; '.join(said)}."


def _runs(points: Sequence[tuple[float, float | None]]) -> list[list[tuple[float, float]]]:
    """Stretches without gaps."""
    out: list[list[tuple[float, float]]] = [[]]
    for t, value in points:
        if value is None:
            out.append([])
        else:
            out[-1].append((t, value))
    return [stretch for stretch in out if stretch]


def _curves(run: RegimeRun, row: Row, order: Sequence[str], x: Linear, y: Log, box: plot.Box) -> Markup:
    bands, lines = [], []
    for side in run.sides:
        style = svg.party_class(order.index(side.party))
        for stretch in _runs([(e.t_s, row.stated(e)) for e in side.estimates]):
            top: list[Point] = plot.thin([(x(t), y(v)) for t, v in stretch])
            bands.append(plot.band(top, [(px, box.bottom) for px, _ in top], f"claim {style}"))
            bands.append(svg.path(top, f"claim-edge {style}"))
        stretches = _runs([(e.t_s, row.error(e)) for e in side.estimates])
        lines += [svg.path(plot.thin([(x(t), y(v)) for t, v in s]), f"line {style}") for s in stretches]
    if not bands and not lines:
        return svg.text((box.x + box.right) / 2, box.y + 20, "none", "label", text_anchor="middle")
    return Markup("").join([*bands, *lines])


def _legend(comparison: Comparison, order: Sequence[str]) -> list[tuple[Markup, str]]:
    items = []
    present = {side.party for run in comparison.runs for side in run.sides}
    for index, party in enumerate(order):
        if party in present:
            style, name = svg.party_class(index), words.clean(party)
            items.append((svg.line(0, 6, 24, 6, f"line {style}"), f"{name}: error against truth"))
            swatch = svg.rect(0, 0, 24, 12, f"claim {style}") + svg.line(0, 0, 24, 0, f"claim-edge {style}")
            items.append((swatch, f"{name}: stated 95% (position: 2σ)"))
    return items
