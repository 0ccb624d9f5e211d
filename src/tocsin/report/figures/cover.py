"""Figure: what the same architecture still protects against shorter-range missiles, as cells on maps."""

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from tocsin.assure.result import AssuranceResult, Cover, CoverCell
from tocsin.report import words
from tocsin.report.figures import boxes, globe, ground, svg
from tocsin.report.figures.globe import View

NAME = "cover"
WIDTH, HEIGHT, GAP = 352.0, 300.0, 16.0
STEPS = (("s0", "no direction", 0.0), ("s1", "up to 25% of directions", 0.25), ("s2", "up to 50%", 0.5),
         ("s3", "up to 75%", 0.75), ("s4", "up to 100%", 1.0))  # fmt: skip


def step_of(share: float) -> str:
    """The class of shade of a share."""
    return next((name for name, _, top in STEPS if share <= top), STEPS[-1][0])


def draw(result: AssuranceResult) -> Markup:
    """The maps as an SVG element, two in a row."""
    covers = [c for c in result.covers if c.cells]
    rows = (len(covers) + 1) // 2
    parts = []
    for k, cover in enumerate(covers):
        at = f"translate({svg.number(k % 2 * (WIDTH + GAP))} {svg.number(k // 2 * (HEIGHT + 44) + 22)})"
        title = svg.text(0, -8, _title(cover), "panel-title")
        parts.append(svg.group(title, _map(f"{NAME}-{k}", cover, result), transform=at))
    bottom = rows * (HEIGHT + 44)
    keys, height = svg.legend(_legend(result), 0, bottom + 2, svg.WIDTH)
    return svg.drawing(
        NAME, bottom + 2 + height, "Cover against shorter-range missiles, by cell", _description(covers),
        svg.group(*parts, keys, class_="covers"),
    )  # fmt: skip


def _title(cover: Cover) -> str:
    return f"{cover.range_km:,.0f} km range, {cover.speed_km_s:.2f} km/s, {cover.delay_s:g} s"


def _cell(cell: CoverCell, size_deg: float) -> globe.Array:
    south, west = cell.latitude_deg, cell.longitude_deg
    north, east = min(south + size_deg, 90.0), west + size_deg
    return globe.unit([south, south, north, north], [west, east, east, west])


def _map(name: str, cover: Cover, result: AssuranceResult) -> Markup:
    cells = [(step_of(c.share), _cell(c, cover.cell_deg)) for c in cover.cells]
    view = globe.fit(np.concatenate([r for _, r in cells]), WIDTH, HEIGHT, margin_px=16)
    shades = [
        ground.region(view, [r for s, r in cells if s == step], f"shade computed {step}") for step, *_ in STEPS[1:]
    ]
    sites = [a for a in result.areas if a.role == "site"]
    marks = [svg.marker(*p, 0, "mark", 4.5) for a in sites if (p := globe.point(view, *boxes.middle(a)))]
    outline = _outline(view, cover)
    return ground.framed(name, view, ground.base(view), *shades, outline, *marks, ground.scale_bar(view))


def _outline(view: View, cover: Cover) -> Markup:
    """The edge of what was computed."""
    south, north = (f(c.latitude_deg for c in cover.cells) for f in (min, max))
    west, east = (f(c.longitude_deg for c in cover.cells) for f in (min, max))
    edge = boxes.ring((south, min(north + cover.cell_deg, 89.9)), (west, east + cover.cell_deg))
    return ground.region(view, [edge], "computed-edge")


def _legend(result: AssuranceResult) -> list[tuple[Markup, str]]:
    items = [(svg.rect(0.5, 0.5, 23, 11, f"shade computed swatch {step}"), told) for step, told, _ in STEPS]
    return [*items, (svg.marker(12, 6, 0, "mark", 4.5), f"{words.clean(result.defender)}: site box")]


def _description(covers: Sequence[Cover]) -> str:
    told = []
    for cover in covers:
        some, all_round = (sum(c.share >= least for c in cover.cells) for least in (1e-9, 1.0))
        told.append(
            f"{_title(cover)}: of {len(cover.cells)} cells, {some} are covered from some direction and {all_round} "
            "from every direction"
        )
    return f"Maps by range, speed and commit delay. {'; '.join(told) or 'None computed'}."
