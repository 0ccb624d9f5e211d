"""What an import made, as one page that opens in any browser: a map of what came in and of the common picture."""

from typing import Any

import numpy as np
from markupsafe import Markup, escape

from tocsin.report.figures import globe, ground, svg
from tocsin.report.page import style

WIDTH, HEIGHT = 1100.0, 700.0
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{style}
.report {{ fill: var(--muted); opacity: .45; }} .track {{ fill: var(--p0); }}</style></head>
<body><main class="sheet"><p class="kicker">Tocsin. Exercise: a recording, not a live picture.</p><h1>{title}</h1>
{map}<p class="muted">Grey: what came in. Coloured: tracks of the common picture.</p>
<table class="facts">{rows}</table></main></body></html>
"""


def page(name: str, everything: dict[str, Any], summary: dict[str, object]) -> str:
    """The page of an import; `everything` is the feature collection that lies beside it."""
    rows = Markup("").join(
        Markup("<tr><th>{}</th><td>{}</td></tr>").format(what, _words(value)) for what, value in summary.items()
    )
    return _PAGE.format(title=escape(f"Import of {name}"), style=style(), map=_map(everything["features"]), rows=rows)


def _words(value: object) -> str:
    return ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)


def _map(features: list[dict[str, Any]]) -> Markup:
    spots = [
        (one["properties"]["what"] == "common-track", *one["geometry"]["coordinates"][:2])
        for one in features
        if one["geometry"]["type"] == "Point"
    ]
    if not spots:
        return Markup("<p>Nothing with a place.</p>")
    places = np.array([[latitude, longitude] for _, longitude, latitude in spots])
    view = globe.fit(globe.unit(places[:, 0], places[:, 1]), WIDTH, HEIGHT)
    marks = []
    for track, longitude, latitude in sorted(spots):
        point = globe.point(view, latitude, longitude)
        if point is not None:
            size = 3.0 if track else 1.6
            marks.append(svg.element("circle", cx=point[0], cy=point[1], r=size, class_="track" if track else "report"))
    children = (ground.base(view), *marks)
    body = ground.framed("import", view, *children) + ground.scale_bar(view)
    return svg.drawing("map", HEIGHT, "What came in, and the common picture", "Points on a map.", body, width=WIDTH)
