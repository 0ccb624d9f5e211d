"""Small SVG writer. All text and attribute values are escaped; colours come from style.css by class.

A figure is drawn 720 units wide. Its smallest text is 13 units, so that it stays above 12 px when an A4 page
scales it to 680 px.
"""

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

WIDTH = 720.0
FONT_PX = 13.0
CHARACTER_PX = 7.0  # mean advance of IBM Plex Sans at 13 px, measured on the labels of this package

Point = tuple[float, float]
Attribute = str | float | int | None


def number(value: float) -> str:
    """A coordinate with one decimal, '12', '12.5'."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def element(name: str, *children: str, **attributes: Attribute) -> Markup:
    """An element; `stroke_width` becomes stroke-width, `class_` class. None leaves an attribute out."""
    parts = [
        f' {key.rstrip("_").replace("_", "-")}="{escape(number(v) if isinstance(v, float) else v)}"'
        for key, v in attributes.items()
        if v is not None
    ]
    inside = "".join(str(escape(child)) for child in children)
    opened = f"<{name}{''.join(parts)}"
    # Names are ours, and attributes and children are escaped above.
    return Markup(f"{opened}>{inside}</{name}>" if inside else f"{opened}/>")  # noqa: S704


def group(*children: str, **attributes: Attribute) -> Markup:
    return element("g", *children, **attributes)


def text(x: float, y: float, content: str, class_: str = "label", **attributes: Attribute) -> Markup:
    return element("text", content, x=float(x), y=float(y), class_=class_, **attributes)


def rect(x: float, y: float, width: float, height: float, class_: str, **more: Attribute) -> Markup:
    return element(
        "rect", x=float(x), y=float(y), width=float(max(width, 0)), height=float(max(height, 0)),
        class_=class_, **more,
    )  # fmt: skip


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    return element("path", d=f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}", class_=class_)


def points_d(points: Iterable[Point], *, close: bool = False) -> str:
    """Path data through the points, without points that repeat after rounding."""
    steps: list[str] = []
    for x, y in points:
        step = f"{number(x)} {number(y)}"
        if not steps or steps[-1] != step:
            steps.append(step)
    if not steps:
        return ""
    return "M" + "L".join(steps) + ("Z" if close else "")


def path(points: Sequence[Point], class_: str, *, close: bool = False) -> Markup:
    d = points_d(points, close=close)
    return element("path", d=d, class_=class_) if d else Markup("")


def drawing(
    name: str, height: float, title: str, description: str, *children: str, width: float = WIDTH
) -> Markup:
    """The root element, with an accessible name and description. `name` must be unique on the page."""
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", description, id=f"{name}-desc"),
        *children,
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        class_="figure",
    )


def text_width(content: str) -> float:
    """Estimated width of a 13 px label."""
    return len(content) * CHARACTER_PX


def party_class(index: int) -> str:
    """Style of the party at this place: colour, hatch and dash. After four, styles repeat."""
    return f"p{index % 4}"


def marker(x: float, y: float, index: int, class_: str = "mark", r: float = 4.0) -> Markup:
    """A party's point: circle, square, triangle, diamond; shape beside colour."""
    shapes = {
        0: [],
        1: [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
        2: [(0, -1.2), (1.1, 0.8), (-1.1, 0.8)],
        3: [(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)],
    }[index % 4]
    name = f"{class_} {party_class(index)}"
    if not shapes:
        return element("circle", cx=float(x), cy=float(y), r=float(r), class_=name)
    return path([(x + r * dx, y + r * dy) for dx, dy in shapes], name, close=True)


def cross(x: float, y: float, class_: str = "truth", r: float = 5.0) -> Markup:
    """The mark of truth: an upright cross."""
    return line(x - r, y, x + r, y, class_) + line(x, y - r, x, y + r, class_)


def legend(items: Sequence[tuple[Markup, str]], x: float, y: float, width: float) -> tuple[Markup, float]:
    """Swatches (drawn in a 24 by 12 box at the origin) with words, flowing in lines; returns its height."""
    parts, left, top = [], x, y
    for swatch, words in items:
        advance = 24 + 7 + text_width(words) + 20
        if left > x and left + advance > x + width:
            left, top = x, top + 22
        parts.append(group(swatch, transform=f"translate({number(left)} {number(top)})"))
        parts.append(text(left + 31, top + 10.5, words, "label legend"))
        left += advance
    return Markup("").join(parts), top - y + 22
