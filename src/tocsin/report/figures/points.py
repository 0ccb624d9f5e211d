"""Figure: where each side put the launch point and the impact point, small maps at one scale per row."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tocsin.report import words
from tocsin.report.figures import globe, ground, svg
from tocsin.report.figures.globe import EARTH_RADIUS_KM, View
from tocsin.report.moments import ACQUISITION, APOGEE, LAST, MOMENTS, apogee_s, estimate_at, parties
from tocsin.study.results import Comparison, Estimate, RegimeRun

GAP = 10.0
TITLE = 22.0
LEAST_KM, MOST_KM = 25.0, 1800.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Ellipse:
    """A stated 95% area (launch points state a circle) and its error against truth."""

    latitude_deg: float
    longitude_deg: float
    error_km: float | None
    major_km: float | None
    minor_km: float | None
    orientation_deg: float


def of(estimate: Estimate | None, which: str) -> Ellipse | None:
    """The launch or impact area of a picture, or None if it has none."""
    e = estimate
    if e is None:
        return None
    if which == "launch":
        if e.launch_latitude_deg is None or e.launch_longitude_deg is None:
            return None
        lat, lon = e.launch_latitude_deg, e.launch_longitude_deg
        error, major = e.launch_error_km, e.launch_semi_major_km
        minor, turn = major, 0.0
    else:
        if e.impact_latitude_deg is None or e.impact_longitude_deg is None:
            return None
        lat, lon = e.impact_latitude_deg, e.impact_longitude_deg
        error, major = e.impact_error_km, e.impact_semi_major_km
        minor = e.impact_semi_minor_km if e.impact_semi_minor_km is not None else major
        turn = e.impact_orientation_deg or 0.0
    return Ellipse(
        latitude_deg=lat, longitude_deg=lon, error_km=error, major_km=major, minor_km=minor, orientation_deg=turn
    )


def reach_km(comparison: Comparison, which: str) -> float:
    """Half the width of the maps of a row: holds every area from acquisition on, within limits."""
    t = apogee_s(comparison)
    sizes = [
        (area.error_km or 0.0) + (area.major_km or 0.0)
        for run in comparison.runs
        for side in run.sides
        for moment in MOMENTS
        if (area := of(estimate_at(side, moment, t), which))
    ]
    return min(max([LEAST_KM, *(1.1 * s for s in sizes)]), MOST_KM)


def draw(comparison: Comparison, which: str) -> Markup:
    """The row of small maps of `which` ('launch' or 'impact') as an SVG element; at most four in a line."""
    columns = min(max(len(comparison.runs), 2), 4)
    side = (svg.WIDTH - GAP * (columns - 1)) / columns
    height = min(side, 230.0)
    place = comparison.launch if which == "launch" else comparison.impact
    reach = reach_km(comparison, which)
    view = View(
        latitude_deg=place[0], longitude_deg=place[1], width=side, height=height,
        radius_px=min(side, height) / 2 / (reach / EARTH_RADIUS_KM),
    )  # fmt: skip
    backdrop = ground.base(view)
    order = parties(comparison)
    cells = []
    for index, run in enumerate(comparison.runs):
        x, y = (index % columns) * (side + GAP), (index // columns) * (height + TITLE + GAP)
        name = f"{which}-{index}"
        parts = _areas(view, comparison, run, which, order)
        cells.append(
            svg.group(
                svg.text(0, 14, words.clean(run.regime), "panel-title"),
                svg.group(ground.framed(name, view, backdrop, *parts), transform=f"translate(0 {svg.number(TITLE)})"),
                transform=f"translate({svg.number(x)} {svg.number(y)})",
            )
        )
    total = -(-len(comparison.runs) // columns) * (height + TITLE + GAP)
    return svg.drawing(
        f"{which}-maps", total, f"Where each side put the {which} point, by regime",
        _description(comparison, which, reach), *cells,
    )  # fmt: skip


def _areas(
    view: View, comparison: Comparison, run: RegimeRun, which: str, order: Sequence[str]
) -> list[Markup]:
    t = apogee_s(comparison)
    parts = []
    for side in run.sides:
        index = order.index(side.party)
        for moment in MOMENTS:
            area = of(estimate_at(side, moment, t), which)
            if area is None:
                continue
            if area.major_km is not None and area.minor_km is not None:
                ring = ground.ellipse(
                    area.latitude_deg, area.longitude_deg, area.major_km, area.minor_km, area.orientation_deg
                )
                parts.append(ground.region(view, [ring], f"area {moment.key} {svg.party_class(index)}"))
            if moment is LAST and (p := globe.point(view, area.latitude_deg, area.longitude_deg)):
                parts.append(svg.marker(*p, index, "mark", 3.5))
    centre = (view.width / 2, view.height / 2)
    parts += [svg.cross(*centre, "truth halo-line", 7), svg.cross(*centre, "truth", 7), ground.scale_bar(view)]
    if not any(of(estimate_at(s, m, t), which) for s in run.sides for m in MOMENTS):
        parts.append(svg.text(view.width / 2, 24, f"no {which} point stated", "label halo", text_anchor="middle"))
    return parts


def _description(comparison: Comparison, which: str, reach: float) -> str:
    t = apogee_s(comparison)
    parts = []
    for run in comparison.runs:
        for side in run.sides:
            area = of(estimate_at(side, LAST, t), which)
            said = "none" if area is None else f"{words.km(area.error_km)} off, 95% within {words.km(area.major_km)}"
            parts.append(f"{words.clean(run.regime)}, {words.clean(side.party)}: {said}")
    return f"Each map reaches {words.km(reach)} from the true point. Last pictures: {'; '.join(parts)}."


def legend(comparison: Comparison) -> Markup:
    """The key of both rows."""
    order = parties(comparison)
    items = [(svg.cross(12, 6), "truth")]
    present = [side.party for run in comparison.runs for side in run.sides]
    for index, party in enumerate(order):
        if party in present:
            swatch = svg.rect(1, 1, 22, 10, f"area last {svg.party_class(index)}")
            items.append((swatch + svg.marker(12, 6, index, "mark", 3.5), f"{words.clean(party)}, last picture"))
    items += [(svg.rect(1, 1, 22, 10, f"area {m.key} neutral"), m.title) for m in (ACQUISITION, APOGEE)]
    keys, height = svg.legend(items, 0, 2, svg.WIDTH)
    return svg.drawing("points-key", height + 2, "Key of the small maps", "Marks and lines of the maps.", keys)
