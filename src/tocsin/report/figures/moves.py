"""Figure: how far the slowest engagement's speed moves when one input is changed."""

from collections.abc import Sequence

from markupsafe import Markup

from tocsin.assure.result import AssuranceResult, Sensitivity
from tocsin.report import words
from tocsin.report.figures import plot, svg
from tocsin.report.figures.scale import Linear

NAME = "moves"
TOP, ROW, LEFT, RIGHT = 38.0, 25.0, 262.0, 96.0
_LONGEST = 30


def draw(result: AssuranceResult) -> Markup:
    """Bars from the unchanged speed to the changed one, as an SVG element."""
    rows = result.sensitivities
    starts = [k for k, row in enumerate(rows) if k == 0 or row.what != rows[k - 1].what]
    box = plot.Box(x=LEFT, y=TOP, width=svg.WIDTH - LEFT - RIGHT, height=len(rows) * ROW + len(starts) * ROW + 6)
    x = _scale(rows, box)
    parts = [_axis(x, box)]
    y = box.y + 4
    for k, row in enumerate(rows):
        if k in starts:
            parts.append(svg.text(0, y + 17, _short(row.what, 62), "row-title"))
            y += ROW
        parts.append(_bar(row, x, y))
        y += ROW
    parts += [_base(rows, x, box), plot.frame(box)]
    return svg.drawing(
        NAME, box.bottom + 42, "What moves the slowest engagement", _description(rows),
        svg.group(*parts, class_="computed"),
    )  # fmt: skip


def _scale(rows: Sequence[Sensitivity], box: plot.Box) -> Linear:
    speeds = [v for row in rows for v in (row.from_km_s, row.to_km_s) if v is not None] or [0.0, 10.0]
    middle, half = (min(speeds) + max(speeds)) / 2, max((max(speeds) - min(speeds)) / 2, 0.25) * 1.08
    return Linear(middle - half, middle + half, box.x, box.right)


def _axis(x: Linear, box: plot.Box) -> Markup:
    step = next(s for s in (0.1, 0.25, 0.5, 1.0, 2.0, 5.0) if (x.high - x.low) / s <= 7)
    parts = []
    for k in range(int(x.low / step) + 1, int(x.high / step) + 1):
        px = x(k * step)
        parts.append(svg.line(px, box.y, px, box.bottom, "grid"))
        parts.append(svg.text(px, box.bottom + 17, f"{k * step:g}", "tick", text_anchor="middle"))
    title = "arc speed of the slowest engagement found, km/s"
    parts.append(svg.text((box.x + box.right) / 2, box.bottom + 36, title, "tick", text_anchor="middle"))
    return Markup("").join(parts)


def _short(text: str, most: int) -> str:
    shown = words.clean(text)
    shown = f"−{shown[1:]}" if shown.startswith("-") else shown  # as in the column of differences
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def _bar(row: Sensitivity, x: Linear, y: float) -> Markup:
    name = svg.text(LEFT - 12, y + 16, _short(row.change, _LONGEST + 4), "label", text_anchor="end")
    if row.from_km_s is None or row.to_km_s is None:
        shown = "none below 10 km/s" if row.to_km_s is None else f"{row.to_km_s:.2f} km/s; before: none below 10"
        return name + svg.text(x.start + 10, y + 16, shown, "label halo")
    ends = sorted((x(row.from_km_s), x(row.to_km_s)))
    bar = svg.rect(ends[0], y + 5, max(ends[1] - ends[0], 1.5), ROW - 10, "bar")
    difference = row.to_km_s - row.from_km_s
    told = f"{row.to_km_s:.2f} ({'+' if difference >= 0 else '−'}{abs(difference):.2f})"
    return name + bar + svg.text(svg.WIDTH - RIGHT + 8, y + 16, told, "label")


def _base(rows: Sequence[Sensitivity], x: Linear, box: plot.Box) -> Markup:
    base = next((row.from_km_s for row in rows if row.from_km_s is not None), None)
    if base is None:
        return Markup("")
    line = svg.line(x(base), box.y - 6, x(base), box.bottom, "base")
    return line + svg.text(x(base), box.y - 12, f"unchanged: {base:.2f} km/s", "label strong", text_anchor="middle")


def _description(rows: Sequence[Sensitivity]) -> str:
    told = []
    for row in rows:
        to = "none below 10 km/s" if row.to_km_s is None else f"{row.to_km_s:.2f} km/s"
        told.append(f"{words.clean(row.what)}, {words.clean(row.change)}: {to}")
    return f"Speed of the slowest engagement after each change. {'; '.join(told) or 'None computed'}."
