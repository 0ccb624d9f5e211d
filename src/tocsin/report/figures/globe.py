"""Orthographic view of the Earth, right over the poles and at the horizon.

The Earth is a sphere here: an ellipsoid would move no point by more than about 0.2 degrees, and no number is
ever read off the map. Positions are unit vectors; the camera's axes are x right, y up, z towards the reader.

Regions. A region's ring is projected; where it runs behind the horizon, its points are moved radially out onto
the limb. That keeps the fill right unless the region covers the point opposite the reader, in which case the
whole disc is added as one more ring: by the even-odd rule this turns inside and outside about.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tocsin.report.figures.svg import Point, points_d

Array = NDArray[np.float64]
EARTH_RADIUS_KM = 6371.0
_STEP_RAD = math.radians(2.0)
_FRAME_MARGIN_PX = 6.0


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """A camera above a point of the Earth, and the frame it draws into."""

    latitude_deg: float
    longitude_deg: float
    radius_px: float
    width: float
    height: float

    @property
    def km_per_px(self) -> float:
        """At the centre of the view."""
        return EARTH_RADIUS_KM / self.radius_px


def unit(latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> Array:
    """Unit vectors (..., 3), Earth axes, of points in degrees."""
    lat, lon = np.radians(np.asarray(latitude_deg, float)), np.radians(np.asarray(longitude_deg, float))
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


def latlon(vectors: Array) -> tuple[Array, Array]:
    """Latitude and longitude in degrees of vectors (..., 3)."""
    x, y, z = np.moveaxis(vectors, -1, 0)
    return np.degrees(np.arctan2(z, np.hypot(x, y))), np.degrees(np.arctan2(y, x))


def camera(view: View, vectors: Array) -> Array:
    """Vectors (..., 3) in Earth axes turned into camera axes."""
    lat, lon = math.radians(view.latitude_deg), math.radians(view.longitude_deg)
    right = [-math.sin(lon), math.cos(lon), 0.0]
    up = [-math.sin(lat) * math.cos(lon), -math.sin(lat) * math.sin(lon), math.cos(lat)]
    towards = [math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)]
    turned: Array = vectors @ np.array([right, up, towards]).T
    return turned


def to_px(view: View, xy: Array) -> Array:
    """Camera x, y (..., 2) to pixels of the frame, y downwards."""
    return np.stack(
        [view.width / 2 + view.radius_px * xy[..., 0], view.height / 2 - view.radius_px * xy[..., 1]], axis=-1
    )


def point(view: View, latitude_deg: float, longitude_deg: float) -> Point | None:
    """Pixel of a point, or None if it is behind the horizon or outside the frame."""
    p = camera(view, unit(latitude_deg, longitude_deg))
    x, y = to_px(view, p[:2])
    inside = 0 <= x <= view.width and 0 <= y <= view.height
    return (float(x), float(y)) if p[2] > 0 and inside else None


def destination(latitude_deg: float, longitude_deg: float, azimuth_rad: ArrayLike, angle_rad: ArrayLike) -> Array:
    """Unit vectors reached from a point along great circles: azimuth from north eastwards, angle of arc."""
    azimuth, angle = np.broadcast_arrays(np.asarray(azimuth_rad, float), np.asarray(angle_rad, float))
    lat, lon = math.radians(latitude_deg), math.radians(longitude_deg)
    up = unit(latitude_deg, longitude_deg)
    east = np.array([-math.sin(lon), math.cos(lon), 0.0])
    north = np.array([-math.sin(lat) * math.cos(lon), -math.sin(lat) * math.sin(lon), math.cos(lat)])
    along = np.cos(azimuth)[..., None] * north + np.sin(azimuth)[..., None] * east
    return np.asarray(np.cos(angle)[..., None] * up + np.sin(angle)[..., None] * along, float)


def densify(ring: Array, *, closed: bool) -> Array:
    """Points (n, 3) with great-circle steps of at most two degrees between them."""
    ends = np.concatenate([ring[1:], ring[:1]]) if closed else ring[1:]
    starts = ring if closed else ring[:-1]
    chords = ends - starts
    if not len(chords) or np.einsum("ij,ij->i", chords, chords).max() <= (2 * math.sin(_STEP_RAD / 2)) ** 2:
        return ring
    arcs = np.arctan2(np.linalg.norm(np.cross(starts, ends), axis=1), np.sum(starts * ends, axis=1))
    pieces = []
    for a, b, arc in zip(starts, ends, arcs, strict=True):
        count = max(1, math.ceil(arc / _STEP_RAD))
        share = np.arange(count)[:, None] / count
        chord = (np.sin((1 - share) * arc) * a + np.sin(share * arc) * b) if count > 1 else a[None]
        pieces.append(chord / np.linalg.norm(chord, axis=1, keepdims=True))
    return np.concatenate(pieces if closed else [*pieces, ring[-1:]])


def _crosses(ring: Array, p: Array, q: Array) -> int:
    """How many edges of a closed ring the great-circle arc p-q crosses."""
    a, b = ring, np.roll(ring, -1, axis=0)
    normal = np.cross(p, q)
    edge = np.cross(a, b)
    side_a, side_b = a @ normal, b @ normal
    side_p, side_q = edge @ p, edge @ q
    meets = (side_a * side_b < 0) & (side_p * side_q < 0) & (side_a * side_q > 0)
    return int(np.count_nonzero(meets))


def contains(ring: Array, p: Array, outside: Array) -> bool:
    """Whether the ring (n, 3), densified, holds point p; `outside` is a point known to lie outside it."""
    if float(p @ outside) < -0.9:  # an arc near a half circle is ill defined: go by a third point
        third = np.cross(p, [0.267, 0.535, 0.802]) + 0.1 * outside
        third /= np.linalg.norm(third)
        return (_crosses(ring, p, third) + _crosses(ring, third, outside)) % 2 == 1
    return _crosses(ring, p, outside) % 2 == 1


def _limb_ring(camera_ring: Array) -> list[Point]:
    """Camera x, y of a densified closed ring (n, 3) that shows somewhere; hidden points lie on the limb."""
    ring = np.roll(camera_ring, -int(np.argmax(camera_ring[:, 2] > 0)), axis=0).tolist()
    out: list[Point] = []
    x0, y0, z0 = ring[-1]
    for x, y, z in ring:
        if (z0 > 0) != (z > 0):
            share = z0 / (z0 - z)
            _walk(out, _radial(x0 + share * (x - x0), y0 + share * (y - y0)), limb=True)
        _walk(out, (x, y) if z > 0 else _radial(x, y), limb=z <= 0)
        x0, y0, z0 = x, y, z
    return out


def _radial(x: float, y: float) -> Point:
    """The point of the limb outwards from (x, y)."""
    length = max(math.hypot(x, y), 1e-12)
    return x / length, y / length


def _walk(out: list[Point], end: Point, *, limb: bool) -> None:
    """Append `end`; from limb to limb the way follows the limb."""
    if limb and out and abs(math.hypot(*out[-1]) - 1) < 1e-9:
        start = math.atan2(out[-1][1], out[-1][0])
        turn = (math.atan2(end[1], end[0]) - start + math.pi) % (2 * math.pi) - math.pi
        count = math.ceil(abs(turn) / _STEP_RAD)
        out += [(math.cos(start + turn * k / count), math.sin(start + turn * k / count)) for k in range(1, count)]
    out.append(end)


def _clip_frame(polygon: list[Point], width: float, height: float) -> list[Point]:
    """Sutherland and Hodgman 1974: the polygon cut by the frame, which is widened so that cuts do not show."""
    m = _FRAME_MARGIN_PX
    for axis, limit, sign in ((0, -m, 1), (0, width + m, -1), (1, -m, 1), (1, height + m, -1)):
        kept: list[Point] = []
        for (p, q) in zip(polygon[-1:] + polygon[:-1], polygon, strict=True):
            p_in, q_in = (p[axis] - limit) * sign >= 0, (q[axis] - limit) * sign >= 0
            if p_in != q_in:
                share = (limit - p[axis]) / (q[axis] - p[axis])
                kept.append((p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1])))
            if q_in:
                kept.append(q)
        polygon = kept
        if not polygon:
            break
    return polygon


def pixels(points: Array) -> list[Point]:
    """Rows (n, 2) as pairs."""
    return [(float(x), float(y)) for x, y in points]


def _in_frame(view: View, px: Array) -> list[Point]:
    low, high = px.min(axis=0), px.max(axis=0)
    m = _FRAME_MARGIN_PX
    if high[0] < -m or high[1] < -m or low[0] > view.width + m or low[1] > view.height + m:
        return []
    return _clip_frame(pixels(px), view.width, view.height)


def region_d(view: View, rings: Sequence[Array], outside: Array | None = None) -> str:
    """Path data (even-odd) of regions given as rings of unit vectors, each smaller than a hemisphere.

    `outside` is a point outside all of them; by default the point opposite each ring's middle.
    """
    nadir = -unit(view.latitude_deg, view.longitude_deg)
    parts = []
    for coarse in rings:
        if _far_from_frame(view, camera(view, coarse)):
            continue
        ring = densify(coarse, closed=True)
        turned = camera(view, ring)
        shown = turned[:, 2] > 0
        if not shown.any():
            continue
        outline = turned[:, :2] if shown.all() else np.array(_limb_ring(turned))
        parts.append(points_d(_in_frame(view, to_px(view, outline)), close=True))
        if not shown.all():
            middle = ring.mean(axis=0)
            away = outside if outside is not None else -middle / np.linalg.norm(middle)
            if contains(ring, nadir, away):
                parts.append(points_d(_in_frame(view, disc(view)), close=True))
    return "".join(parts)


def _far_from_frame(view: View, turned: Array) -> bool:
    """Whether a ring in camera axes, all in front, lies so far beside the frame that even its arcs miss it."""
    if (turned[:, 2] < 0.1).any():
        return False
    px = to_px(view, turned[:, :2])
    low, high = px.min(axis=0), px.max(axis=0)
    margin = _FRAME_MARGIN_PX + 0.01 * view.radius_px
    return bool((high < -margin).any() or (low > [view.width + margin, view.height + margin]).any())


def disc(view: View) -> Array:
    """Pixels (n, 2) of the limb."""
    angles = np.linspace(0, 2 * math.pi, 180, endpoint=False)
    return to_px(view, np.stack([np.cos(angles), np.sin(angles)], axis=-1))


def line_d(view: View, vectors: Array) -> str:
    """Path data of a line of unit vectors (n, 3), without its parts behind the horizon or outside the frame."""
    turned = camera(view, densify(vectors, closed=False) if len(vectors) > 1 else vectors)
    px = to_px(view, turned[:, :2])
    m = _FRAME_MARGIN_PX
    shown = (turned[:, 2] > 0) & (px > -m).all(axis=1) & (px < [view.width + m, view.height + m]).all(axis=1)
    near = shown | np.roll(shown, 1) | np.roll(shown, -1)  # one point beyond the frame, so lines reach it
    near &= turned[:, 2] > -0.01
    near[0] &= shown[0] | (len(shown) > 1 and shown[1])
    near[-1] &= shown[-1] | (len(shown) > 1 and shown[-2])
    edges = np.flatnonzero(np.diff(np.concatenate([[False], near, [False]]).astype(int)))
    return "".join(
        points_d(pixels(px[i:j])) for i, j in zip(edges[::2], edges[1::2], strict=True) if j - i > 1
    )


def fit(vectors: Array, width: float, height: float, *, margin_px: float = 40.0, least_km: float = 400.0) -> View:
    """The view that holds all points (n, 3); the whole globe if they reach past its horizon."""
    middle = vectors.mean(axis=0)
    lat, lon = latlon(middle if np.linalg.norm(middle) > 1e-6 else vectors[0])
    whole = View(
        latitude_deg=float(lat), longitude_deg=float(lon), radius_px=min(width, height) / 2 - 8,
        width=width, height=height,
    )  # fmt: skip
    turned = camera(whole, vectors)
    if (turned[:, 2] < 0.15).any():
        return whole
    low, high = turned[:, :2].min(axis=0), turned[:, :2].max(axis=0)
    centre = (low + high) / 2
    towards = np.array([centre[0], centre[1], math.sqrt(max(1 - float(centre @ centre), 0.0))])
    axes = camera(whole, np.eye(3))  # rows: Earth axes seen by the camera
    lat, lon = latlon(axes @ towards)
    span = np.maximum(high - low, least_km / EARTH_RADIUS_KM)
    radius = min((width - 2 * margin_px) / span[0], (height - 2 * margin_px) / span[1])
    return View(
        latitude_deg=float(lat), longitude_deg=float(lon), radius_px=max(radius, whole.radius_px),
        width=width, height=height,
    )  # fmt: skip
