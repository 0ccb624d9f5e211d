"""Figure: the boxes of the question on the globe: sites, launch regions and aim regions."""

import numpy as np
from markupsafe import Markup

from tocsin.assure.result import Area, AssuranceResult
from tocsin.report import words
from tocsin.report.figures import globe, ground, svg
from tocsin.report.figures.globe import Array, View

NAME = "boxes"
HEIGHT = 470.0
STYLES = {"site": "p0", "launch": "p1", "aim": "neutral"}
_EDGE_POINTS = 24


def ring(latitude_deg: tuple[float, float], longitude_deg: tuple[float, float]) -> Array:
    """Unit vectors (n, 3) round a box between two parallels and two meridians."""
    south, north = sorted(latitude_deg)
    west, east = sorted(longitude_deg)
    along = np.linspace(0.0, 1.0, _EDGE_POINTS, endpoint=False)
    lat = np.concatenate([south + 0 * along, south + along * (north - south), north + 0 * along,
                          north - along * (north - south)])  # fmt: skip
    lon = np.concatenate([west + along * (east - west), east + 0 * along, east - along * (east - west),
                          west + 0 * along])  # fmt: skip
    return globe.unit(lat, lon)


def draw(result: AssuranceResult) -> Markup:
    """The map as an SVG element."""
    areas = [a for a in result.areas if a.role in STYLES]
    rings = [ring(a.latitude_deg, a.longitude_deg) for a in areas]
    view = globe.fit(np.concatenate(rings) if rings else globe.unit([60.0], [0.0]), svg.WIDTH, HEIGHT, margin_px=56)
    labels = ground.Labels(view.width, view.height)
    children = [
        ground.base(view),
        *(ground.region(view, [r], f"fan {STYLES[a.role]}") for a, r in zip(areas, rings, strict=True)),
        *(_name(view, a, labels) for a in areas),
        ground.scale_bar(view),
    ]
    keys, height = svg.legend(_legend(result, areas), 0, HEIGHT + 12, svg.WIDTH)
    return svg.drawing(
        NAME, HEIGHT + 12 + height, "Map of the boxes of the question", _description(areas),
        ground.framed(NAME, view, *children), keys,
    )  # fmt: skip


def middle(area: Area) -> tuple[float, float]:
    """Latitude and longitude in degrees of a box's middle."""
    return sum(area.latitude_deg) / 2, sum(area.longitude_deg) / 2


def _name(view: View, area: Area, labels: ground.Labels) -> Markup:
    p = globe.point(view, *middle(area))
    if p is None:
        return Markup("")
    name = words.clean(area.name)
    style = STYLES[area.role]
    mark = svg.marker(*p, 0, "mark", 4.5) if area.role == "site" else Markup("")
    labels.keep_clear(*p, 5)
    return mark + labels.place(*p, name, f"label halo strong {style}")


def _legend(result: AssuranceResult, areas: list[Area]) -> list[tuple[Markup, str]]:
    whose = {
        "site": f"{words.clean(result.defender)}: site boxes of the defence",
        "launch": f"{words.clean(result.deterrent)}: launch regions",
        "aim": "aim regions",
    }
    present = {a.role for a in areas}
    return [(svg.rect(1, 1, 22, 10, f"fan {STYLES[role]}"), told) for role, told in whose.items() if role in present]


def _description(areas: list[Area]) -> str:
    told = []
    for a in areas:
        lat, lon = (f"{v[0]:g} to {v[1]:g}" for v in (a.latitude_deg, a.longitude_deg))
        told.append(f"{a.role} {words.clean(a.name)}, latitude {lat}, longitude {lon} degrees")
    return f"Boxes: {'; '.join(told) or 'none'}."
