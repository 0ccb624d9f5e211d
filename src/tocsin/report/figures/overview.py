"""Figure: the flight, the sensors and the announced area on one map."""

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from tocsin.report import words
from tocsin.report.figures import globe, ground, svg
from tocsin.report.figures.globe import View
from tocsin.report.moments import parties
from tocsin.study.results import Comparison, SensorSite

NAME = "map"
HEIGHT = 440.0
_NEAR_DEG = 60.0


def is_ground(sensor: SensorSite) -> bool:
    """Whether the sensor has a coverage on the ground that can be drawn."""
    return sensor.range_max_km is not None


def _view(comparison: Comparison) -> View:
    places = [comparison.launch, comparison.impact, *comparison.notice_area]
    places += [(p.latitude_deg, p.longitude_deg) for p in comparison.truth]
    vectors = globe.unit([p[0] for p in places], [p[1] for p in places])
    middle = vectors.mean(axis=0)
    sites = [s for s in comparison.sensors if is_ground(s)]
    near = [
        site
        for s in sites
        if float((site := globe.unit(s.latitude_deg, s.longitude_deg)) @ middle) > np.cos(np.radians(_NEAR_DEG))
    ]
    return globe.fit(np.concatenate([vectors, np.array(near).reshape(-1, 3)]), svg.WIDTH, HEIGHT, margin_px=48)


def draw(comparison: Comparison) -> Markup:
    """The map as an SVG element."""
    view = _view(comparison)
    order = parties(comparison)
    labels = ground.Labels(view.width, view.height)
    _keep_points_clear(view, comparison, labels)
    children = [
        ground.base(view),
        *(_fan(view, s, order) for s in comparison.sensors),
        _notice(view, comparison),
        _truth(view, comparison),
        _ends(view, comparison, labels),
        *(_site(view, s, order, labels) for s in comparison.sensors),
        _heights(view, comparison, labels),
        ground.scale_bar(view),
    ]
    keys, height = svg.legend(_legend(comparison, order), 0, HEIGHT + 12, svg.WIDTH)
    return svg.drawing(
        NAME, HEIGHT + 12 + height, "Map of the flight and the sensors", _description(comparison),
        ground.framed(NAME, view, *children), keys,
    )  # fmt: skip


def _description(comparison: Comparison) -> str:
    sites = [f"{words.clean(s.id)} ({words.clean(s.party)})" for s in comparison.sensors if is_ground(s)]
    return (
        f"True ground track from {words.position(*comparison.launch)} to {words.position(*comparison.impact)}, "
        f"{words.km(comparison.range_km)} long. Sensors on the ground: {words.listed(sites) or 'none'}."
    )


def _keep_points_clear(view: View, comparison: Comparison, labels: ground.Labels) -> None:
    places = [comparison.launch, comparison.impact]
    places += [(s.latitude_deg, s.longitude_deg) for s in comparison.sensors]
    for place in places:
        if p := globe.point(view, *place):
            labels.keep_clear(*p, 6)


def _fan(view: View, s: SensorSite, order: Sequence[str]) -> Markup:
    if s.range_max_km is None:
        return Markup("")
    half = 180.0 if s.azimuth_halfwidth_deg is None else s.azimuth_halfwidth_deg
    ring = ground.fan(s.latitude_deg, s.longitude_deg, s.range_max_km, s.azimuth_centre_deg or 0.0, half)
    return ground.region(view, [ring], f"fan {svg.party_class(order.index(s.party))}")


def _site(view: View, s: SensorSite, order: Sequence[str], labels: ground.Labels) -> Markup:
    p = globe.point(view, s.latitude_deg, s.longitude_deg)
    if p is None:
        return Markup("")
    index = order.index(s.party)
    name = labels.place(*p, words.clean(s.id), f"label halo strong {svg.party_class(index)}")
    return svg.marker(*p, index, "mark site", 5) + name


def _notice(view: View, comparison: Comparison) -> Markup:
    if len(comparison.notice_area) < 3:
        return Markup("")
    lat, lon = zip(*comparison.notice_area, strict=True)
    return ground.region(view, [globe.unit(lat, lon)], "notice")


def _truth(view: View, comparison: Comparison) -> Markup:
    truth = comparison.truth
    return ground.track(view, [p.latitude_deg for p in truth], [p.longitude_deg for p in truth], "truth-track")


def _heights(view: View, comparison: Comparison, labels: ground.Labels) -> Markup:
    """Points of the true track every five minutes, with its height."""
    truth, parts = comparison.truth, []
    for t in range(300, int(comparison.flight_s) - 60, 300):
        at = min(truth, key=lambda p: abs(p.t_s - t), default=None)
        p = globe.point(view, at.latitude_deg, at.longitude_deg) if at else None
        if at and p:
            parts.append(svg.element("circle", cx=p[0], cy=p[1], r=2.5, class_="truth-tick"))
            parts.append(labels.place(*p, f"{words.moment(t)} · {words.km(at.height_km)} up", "label halo"))
    return Markup("").join(parts)


def _ends(view: View, comparison: Comparison, labels: ground.Labels) -> Markup:
    parts = []
    for place, name in ((comparison.launch, "launch"), (comparison.impact, "impact")):
        if p := globe.point(view, *place):
            parts.append(svg.cross(*p, "truth halo-line", 7) + svg.cross(*p, "truth", 7))
            parts.append(labels.place(*p, f"true {name} point", "label halo strong"))
    return Markup("").join(parts)


def _legend(comparison: Comparison, order: Sequence[str]) -> list[tuple[Markup, str]]:
    items = [
        (svg.line(0, 6, 24, 6, "truth-track"), "true ground track"),
        (svg.cross(12, 6), "true launch and impact"),
    ]
    if len(comparison.notice_area) >= 3:
        items.append((svg.rect(1, 1, 22, 10, "notice"), "area announced beforehand"))
    for party in order:
        index = order.index(party)
        if any(s.party == party and is_ground(s) for s in comparison.sensors):
            swatch = svg.rect(1, 1, 22, 10, f"fan {svg.party_class(index)}")
            items.append((swatch, f"{words.clean(party)}: sensor and its reach"))
    return items
