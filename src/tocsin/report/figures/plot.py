"""Axes of small multiples: one frame, one grid, one type size."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tocsin.report.figures import svg
from tocsin.report.figures.scale import Linear, Scale, minutes, time_ticks
from tocsin.report.figures.svg import Point

MOST_POINTS = 220


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """The inside of a chart, pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


def columns(count: int, y: float, height: float, *, left: float = 56.0, gap: float = 14.0) -> list[Box]:
    """Boxes side by side over the whole width, with room for one axis on the left."""
    width = (svg.WIDTH - left - 8 - gap * (count - 1)) / max(count, 1)
    return [Box(x=left + k * (width + gap), y=y, width=width, height=height) for k in range(count)]


def time_scale(box: Box, low_s: float, high_s: float) -> Linear:
    return Linear(low_s, high_s, box.x, box.right)


def time_axis(box: Box, scale: Linear, *, title: str = "") -> Markup:
    """Grid lines and minutes after launch under the box."""
    most = max(3, int(box.width / 42))
    parts = []
    for t in time_ticks(scale.low, scale.high, most):
        x = scale(t)
        parts.append(svg.line(x, box.y, x, box.bottom, "grid"))
        anchor = "end" if x > box.right - 6 else "middle"
        parts.append(svg.text(x, box.bottom + 16, minutes(t), "tick", text_anchor=anchor))
    if title:
        parts.append(svg.text((box.x + box.right) / 2, box.bottom + 33, title, "tick", text_anchor="middle"))
    return Markup("").join(parts)


def value_axis(
    box: Box, scale: Scale, ticks: Sequence[float], words: Callable[[float], str], *, labels: bool = True
) -> Markup:
    """Grid lines, with values on the left if `labels`."""
    parts = []
    for value in ticks:
        y = scale(value)
        parts.append(svg.line(box.x, y, box.right, y, "grid"))
        if labels:
            parts.append(svg.text(box.x - 7, y + 4.5, words(value), "tick", text_anchor="end"))
    return Markup("").join(parts)


def frame(box: Box) -> Markup:
    return svg.rect(box.x, box.y, box.width, box.height, "frame")


def thin(points: Sequence[Point], most: int = MOST_POINTS) -> list[Point]:
    """At most about `most` of the points, evenly taken, always the first and the last."""
    step = max(1, -(-len(points) // most))
    kept = list(points[::step])
    return kept if not points or kept[-1] == points[-1] else [*kept, points[-1]]


def band(upper: Sequence[Point], lower: Sequence[Point], class_: str) -> Markup:
    """The area between two lines with the same abscissas."""
    return svg.path([*upper, *reversed(lower)], class_, close=True) if len(upper) > 1 else Markup("")
