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


def base(view: View, *, degrees: bool = True) -> Markup:
    """Sea, land and graticule (with its degrees if `degrees`), to be drawn inside the frame's clip path."""
    sea = svg.path(globe.pixels(globe.disc(view)), "sea", close=True)
    land_d = globe.region_d(view, land(), ocean())
    shapes = [sea, svg.element("path", d=land_d, class_="land", fill_rule="evenodd") if land_d else ""]
    return Markup("").join([*shapes, graticule(view, degrees=degrees)])


def spacing(view: View, across: int = 5) -> float:
    """Degrees between the parallels, so that about `across` fit."""
    shown = math.degrees(min(view.height / view.radius_px, math.pi))
    return next((step for step in _GRATICULE_DEG if shown / step <= across), 30.0)


def _meridian_spacing(view: View, step: float) -> float:
    """Degrees between the meridians: wider towards the pole."""
    wide = step / max(math.cos(math.radians(view.latitude_deg)), 0.2)
    return next((s for s in (*_GRATICULE_DEG, 45.0) if s >= wide * 0.8), 45.0)


def graticule(view: View, *, degrees: bool) -> Markup:
    """Parallels and meridians; parallels are labelled at the left edge, meridians at the top edge."""
    step = spacing(view)
    step_lon = _meridian_spacing(view, step)
    round_world = np.linspace(-180, 180, 181)
    parallels = {
        f"{abs(lat):g}°{'S' if lat < 0 else 'N' if lat else ''}": globe.unit(np.full(181, lat), round_world)
        for lat in np.arange(-90 + step, 90, step)
    }
    meridians = {
        f"{abs(lon):g}°{'' if lon in (0, -180) else 'W' if lon < 0 else 'E'}": globe.unit(
            np.linspace(-90 + step, 90 - step, 181), np.full(181, lon)
        )
        for lon in np.arange(-180, 180, step_lon)
    }
    lines = [*parallels.values(), *meridians.values()]
    d = "".join(globe.line_d(view, vectors) for vectors in lines)
    drawn = svg.element("path", d=d, class_="graticule") if d else Markup("")
    return drawn + _degrees(view, parallels, meridians) if degrees else drawn


def _degrees(view: View, parallels: dict[str, Array], meridians: dict[str, Array]) -> Markup:
    """Labels where the lines leave the frame."""
    left = [
        svg.text(8, y - 4, words, "degrees")
        for words, vectors in parallels.items()
        for y in _crossings(view, vectors, axis=0, at=8.0)
        if 20 < y < view.height - 50
    ]
    top = [
        svg.text(x, 18, words, "degrees", text_anchor="middle")
        for words, vectors in meridians.items()
        for x in _crossings(view, vectors, axis=1, at=14.0)
        if 60 < x < view.width - 30
    ]
    return Markup("").join([*left, *top])


def _crossings(view: View, vectors: Array, *, axis: int, at: float) -> list[float]:
    """Where a visible line crosses x = at (axis 0, gives y) or y = at (axis 1, gives x), pixels."""
    turned = globe.camera(view, vectors)
    px = globe.to_px(view, turned[:, :2])
    before, after = px[:-1], px[1:]
    cut = ((before[:, axis] < at) != (after[:, axis] < at)) & (turned[:-1, 2] > 0.05)
    share = (at - before[cut, axis]) / (after[cut, axis] - before[cut, axis])
    other = 1 - axis
    return [float(v) for v in before[cut, other] + share * (after[cut, other] - before[cut, other])]


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
