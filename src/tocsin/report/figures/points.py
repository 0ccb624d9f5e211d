"""Figure: where each side put the launch point and the impact point, small maps with one scale a row."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tocsin.report import words
from tocsin.report.figures import globe, ground, svg
from tocsin.report.figures.globe import EARTH_RADIUS_KM, View
from tocsin.report.moments import LAST, MOMENTS, Moment, apogee_s, estimate_at, parties
from tocsin.study.results import Comparison, Estimate, RegimeRun

GAP = 10.0
HEIGHT = 106.0
TITLE, ROW_TITLE = 16.0, 24.0
LEAST_KM, MOST_KM = 2.0, 1800.0


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


def reach_km(comparison: Comparison, which: str, moment: Moment) -> float:
    """Half the height of the maps of a row: holds every area and its error, within limits."""
    t = apogee_s(comparison)
    sizes = [
        (area.error_km or 0.0) + (area.major_km or 0.0)
        for run in comparison.runs
        for side in run.sides
        if (area := of(estimate_at(side, moment, t), which))
    ]
    return min(max([LEAST_KM, *(1.08 * s for s in sizes)]), MOST_KM)


def draw(comparison: Comparison, which: str) -> Markup:
    """The maps of `which` ('launch' or 'impact') as an SVG element: moments down, regimes across."""
    columns = max(len(comparison.runs), 2)
    width = (svg.WIDTH - GAP * (columns - 1)) / columns
    pitch = HEIGHT + ROW_TITLE
    place = comparison.launch if which == "launch" else comparison.impact
    parts = [
        svg.text(k * (width + GAP), 14, words.clean(run.regime), "panel-title")
        for k, run in enumerate(comparison.runs)
    ]
    reaches = []
    for row, moment in enumerate(MOMENTS):
        reach = reach_km(comparison, which, moment)
        reaches.append(f"{moment.title} {words.km(reach)}")
        view = View(
            latitude_deg=place[0], longitude_deg=place[1], width=width, height=HEIGHT,
            radius_px=HEIGHT / 2 / (reach / EARTH_RADIUS_KM),
        )  # fmt: skip
        top = TITLE + row * pitch
        parts.append(svg.text(0, top + 15, f"{which} point, {moment.title}", "label"))
        backdrop = ground.base(view, degrees=False)
        for k, run in enumerate(comparison.runs):
            shown = _areas(view, comparison, run, which, moment)
            name = f"{which}-{moment.key}-{k}"
            at = f"translate({svg.number(k * (width + GAP))} {svg.number(top + ROW_TITLE)})"
            parts.append(svg.group(ground.framed(name, view, backdrop, *shown), transform=at))
    return svg.drawing(
        f"{which}-maps", TITLE + len(MOMENTS) * pitch + 4, f"Where each side put the {which} point, by regime",
        _description(comparison, which, reaches), *parts,
    )  # fmt: skip


def _areas(view: View, comparison: Comparison, run: RegimeRun, which: str, moment: Moment) -> list[Markup]:
    """The areas of all sides at a moment, their middles, and truth."""
    order, t = parties(comparison), apogee_s(comparison)
    parts, marks = [], []
    for side in run.sides:
        index = order.index(side.party)
        area = of(estimate_at(side, moment, t), which)
        if area is None:
            continue
        if area.major_km is not None and area.minor_km is not None:
            ring = ground.ellipse(
                area.latitude_deg, area.longitude_deg, area.major_km, area.minor_km, area.orientation_deg
            )
            parts.append(ground.region(view, [ring], f"area {svg.party_class(index)}"))
        if p := globe.point(view, area.latitude_deg, area.longitude_deg):
            marks.append(svg.marker(*p, index, "mark", 4.5))
    centre = (view.width / 2, view.height / 2)
    truth = svg.cross(*centre, "truth halo-line", 6) + svg.cross(*centre, "truth", 6)
    if not parts and not marks:
        truth += svg.text(view.width / 2, 22, "no estimate", "label halo", text_anchor="middle")
    return [*parts, *marks, truth, ground.scale_bar(view)]


def _description(comparison: Comparison, which: str, reaches: Sequence[str]) -> str:
    t = apogee_s(comparison)
    parts = []
    for run in comparison.runs:
        for side in run.sides:
            area = of(estimate_at(side, LAST, t), which)
            said = "none" if area is None else f"{words.km(area.error_km)} off, 95% within {words.km(area.major_km)}"
            parts.append(f"{words.clean(run.regime)}, {words.clean(side.party)}: {said}")
    return f"Reach of the maps from the true point: {', '.join(reaches)}. Last pictures: {'; '.join(parts)}."


def legend(comparison: Comparison) -> Markup:
    """The key of all maps of the figure."""
    items = [(svg.cross(12, 6), "truth")]
    present = {side.party for run in comparison.runs for side in run.sides}
    for index, party in enumerate(parties(comparison)):
        if party in present:
            swatch = svg.rect(1, 0, 22, 12, f"area {svg.party_class(index)}") + svg.marker(12, 6, index, "mark", 4)
            items.append((swatch, f"{words.clean(party)}: estimate and its 95%"))
    keys, height = svg.legend(items, 0, 2, svg.WIDTH)
    return svg.drawing("points-key", height + 2, "Key of the small maps", "Marks and lines of the maps.", keys)
