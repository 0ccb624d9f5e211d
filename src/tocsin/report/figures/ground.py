"""What every map shares: sea, land, graticule with labels, scale bar, areas on the ground, placed labels."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from markupsafe import Markup

from tocsin.report.figures import globe, svg
from tocsin.report.figures.coast import land, ocean
from tocsin.report.figures.globe import EARTH_RADIUS_KM, Array, View

_GRATICULE_DEG = (1.0, 2.0, 5.0, 10.0, 15.0, 30.0)


def base(view: View) -> Markup:
    """Sea, graticule and land, to be drawn inside the frame's clip path."""
    sea = svg.path(globe._pixels(globe.disc(view)), "sea", close=True)
    land_d = globe.region_d(view, land(), ocean())
    shapes = [sea, svg.element("path", d=land_d, class_="land", fill_rule="evenodd") if land_d else ""]
    return Markup("").join([*shapes, graticule(view)])


def spacing(view: View, across: int = 5) -> float:
    """Degrees between the parallels, so that about `across` fit."""
    shown = math.degrees(min(view.height / view.radius_px, math.pi))
    return next((step for step in _GRATICULE_DEG if shown / step <= across), 30.0)


def _meridian_spacing(view: View, step: float) -> float:
    """Degrees between the meridians: wider towards the pole."""
    wide = step / max(math.cos(math.radians(view.latitude_deg)), 0.2)
    return next((s for s in (*_GRATICULE_DEG, 45.0) if s >= wide * 0.8), 45.0)


def graticule(view: View) -> Markup:
    """Parallels and meridians, labelled in degrees."""
    step = spacing(view)
    step_lon = _meridian_spacing(view, step)
    lats = np.arange(-90 + step, 90, step)
    lons = np.arange(-180, 180, step_lon)
    round_world = np.linspace(-180, 180, 181)
    lines = [globe.unit(np.full(181, lat), round_world) for lat in lats]
    lines += [globe.unit(np.linspace(-90 + step, 90 - step, 91), np.full(91, lon)) for lon in lons]
    d = "".join(globe.line_d(view, vectors) for vectors in lines)
    return svg.element("path", d=d, class_="graticule") + _degrees(view, lats, lons) if d else Markup("")


def _degrees(view: View, lats: Array, lons: Array) -> Markup:
    """Labels of the parallels along one meridian, and of the meridians along one parallel."""
    inset = View(
        latitude_deg=view.latitude_deg, longitude_deg=view.longitude_deg, radius_px=view.radius_px,
        width=view.width, height=view.height,
    )  # fmt: skip

    def seen(lat: float, lon: float) -> svg.Point | None:
        p = globe.point(inset, lat, lon)
        return p if p and 34 < p[0] < view.width - 34 and 16 < p[1] < view.height - 12 else None

    def most(candidates: Array, count: dict[float, int]) -> float:
        return max((float(c) for c in candidates), key=lambda c: count[c])

    grid = {(float(lat), float(lon)): seen(lat, lon) for lat in lats for lon in lons}
    along_lon = {float(lon): sum(grid[float(lat), float(lon)] is not None for lat in lats) for lon in lons}
    along_lat = {float(lat): sum(grid[float(lat), float(lon)] is not None for lon in lons) for lat in lats}
    parts = []
    meridian, parallel = most(lons, along_lon), most(lats, along_lat)
    for lat in lats:
        if p := grid[float(lat), meridian]:
            words = f"{abs(lat):g}°{'S' if lat < 0 else 'N' if lat else ''}"
            parts.append(svg.text(p[0], p[1] - 3, words, "degrees", text_anchor="middle"))
    for lon in lons:
        if float(lon) != meridian and (p := grid[parallel, float(lon)]):
            words = f"{abs(lon):g}°{'' if lon in (0, -180) else 'W' if lon < 0 else 'E'}"
            parts.append(svg.text(p[0], p[1] - 3, words, "degrees", text_anchor="middle"))
    return Markup("").join(parts)


def framed(name: str, view: View, *children: str) -> Markup:
    """The children cut at the frame, and the frame."""
    clip = svg.element("clipPath", svg.rect(0, 0, view.width, view.height, ""), id=f"{name}-clip")
    inside = svg.group(*children, clip_path=f"url(#{name}-clip)")
    return clip + inside + svg.rect(0.5, 0.5, view.width - 1, view.height - 1, "frame")


def scale_bar(view: View) -> Markup:
    """A bar of a round length, true at the centre of the map."""
    room_km = view.km_per_px * min(120.0, view.width * 0.4)
    length = max(s for k in range(-1, 5) for s in (10.0**k, 2 * 10.0**k, 5 * 10.0**k) if s <= max(room_km, 0.1))
    x, y, w = 14.0, view.height - 14, length / view.km_per_px
    bar = svg.element(
        "path", d=svg.points_d([(x, y - 5), (x, y), (x + w, y), (x + w, y - 5)]), class_="scale-bar"
    )
    return bar + svg.text(x + w / 2, y - 8, f"{length:,.0f} km", "label halo", text_anchor="middle")


def fan(latitude_deg: float, longitude_deg: float, reach_km: float, centre_deg: float, half_deg: float) -> Array:
    """Ring (n, 3) of a sensor's ground coverage: a sector, or a circle from 180 degrees on."""
    reach = min(reach_km / EARTH_RADIUS_KM, math.radians(89.0))
    if half_deg >= 179.5:
        return globe.destination(latitude_deg, longitude_deg, np.linspace(0, 2 * math.pi, 120)[:-1], reach)
    azimuth = np.radians(np.linspace(centre_deg - half_deg, centre_deg + half_deg, max(3, round(half_deg))))
    arc = globe.destination(latitude_deg, longitude_deg, azimuth, reach)
    return np.concatenate([globe.unit(latitude_deg, longitude_deg)[None], arc])


def ellipse(
    latitude_deg: float, longitude_deg: float, major_km: float, minor_km: float, orientation_deg: float
) -> Array:
    """Ring (72, 3) of an ellipse; `orientation_deg` is the azimuth of its long half axis."""
    turn = np.linspace(0, 2 * math.pi, 72, endpoint=False)
    along, across = major_km * np.cos(turn), minor_km * np.sin(turn)
    azimuth = math.radians(orientation_deg) + np.arctan2(across, along)
    reach = np.minimum(np.hypot(along, across) / EARTH_RADIUS_KM, math.radians(89.0))
    return globe.destination(latitude_deg, longitude_deg, azimuth, reach)


def region(view: View, rings: Sequence[Array], class_: str) -> Markup:
    d = globe.region_d(view, rings)
    return svg.element("path", d=d, class_=class_, fill_rule="evenodd") if d else Markup("")


def track(view: View, latitude_deg: Sequence[float], longitude_deg: Sequence[float], class_: str) -> Markup:
    d = globe.line_d(view, globe.unit(latitude_deg, longitude_deg)) if latitude_deg else ""
    return svg.element("path", d=d, class_=class_) if d else Markup("")


@dataclass
class Labels:
    """Places labels beside points so that they do not cover each other; remembers what it has placed."""

    width: float
    height: float
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def keep_clear(self, x: float, y: float, r: float) -> None:
        self.taken.append((x - r, y - r, x + r, y + r))

    def place(self, x: float, y: float, words: str, class_: str = "label halo") -> Markup:
        """A label near (x, y), on the first free side: right, left, below, above, and further out."""
        w, h = svg.text_width(words), svg.FONT_PX
        places = [
            spot
            for gap in (9.0, 18.0, 30.0, 44.0)
            for spot in (
                (x + gap, y - h / 2), (x - gap - w, y - h / 2), (x - w / 2, y + gap - 2), (x - w / 2, y - gap - h),
                (x + gap * 0.7, y + gap * 0.7), (x - gap * 0.7 - w, y - gap * 0.7 - h),
            )
        ]  # fmt: skip
        left, top = next((p for p in places if self._free(*p, w, h)), places[0])
        self.taken.append((left, top, left + w, top + h))
        return svg.text(left, top + h * 0.82, words, class_)

    def _free(self, x: float, y: float, w: float, h: float) -> bool:
        inside = x >= 4 and y >= 4 and x + w <= self.width - 4 and y + h <= self.height - 4
        return inside and not any(
            x < right and x + w > left and y < bottom and y + h > top for left, top, right, bottom in self.taken
        )
