"""Distances, azimuths and areas on the WGS 84 ellipsoid, by geographiclib (Karney 2013, J. Geodesy 87).

geographiclib uses the platform's trigonometry: results may differ between machines in the last bits. Whatever enters
a digest is quantised first.
"""

from collections.abc import Sequence

from geographiclib.geodesic import Geodesic

from tocsin.world.constants import DEGREE_RAD
from tocsin.world.errors import BadArea
from tocsin.world.frames import enu_axes

Point = tuple[float, float]  # latitude_deg, longitude_deg
CircleArea = tuple[float, float, float]  # latitude_deg, longitude_deg, radius_m
Ring = Sequence[Point]

_ON_EDGE_M = 1e-6


def inverse(lat1_deg: float, lon1_deg: float, lat2_deg: float, lon2_deg: float) -> tuple[float, float]:
    """(distance_m, azimuth_deg in [0, 360) at the first point) of the geodesic between two points."""
    line = Geodesic.WGS84.Inverse(lat1_deg, lon1_deg, lat2_deg, lon2_deg, Geodesic.DISTANCE | Geodesic.AZIMUTH)
    azimuth = float(line["azi1"])
    return float(line["s12"]), azimuth + 360.0 if azimuth < 0.0 else azimuth


def direct(lat_deg: float, lon_deg: float, azimuth_deg: float, distance_m: float) -> Point:
    """(latitude_deg, longitude_deg in [-180, 180]) reached from a point along a geodesic."""
    line = Geodesic.WGS84.Direct(lat_deg, lon_deg, azimuth_deg, distance_m, Geodesic.LATITUDE | Geodesic.LONGITUDE)
    return float(line["lat2"]), float(line["lon2"])


def inside_circle(lat0_deg: float, lon0_deg: float, radius_m: float, lat_deg: float, lon_deg: float) -> bool:
    """True if a point lies within `radius_m` of the centre, edge included."""
    return inverse(lat0_deg, lon0_deg, lat_deg, lon_deg)[0] <= radius_m


def inside_polygon(ring: Ring, lat_deg: float, lon_deg: float) -> bool:
    """True if a point lies in the area that a ring of geodesics bounds, edge included. Poles are not special.

    The ring may be given either way round, and closed or open; it must fit into the half of the Earth about its
    vertices' mean direction, and that is the side that counts. Raises BadArea.
    """
    points = list(ring)
    if len(points) > 1 and _same(points[0], points[-1]):
        points.pop()
    if len(points) < 3:
        raise BadArea(f"Area of {len(points)} vertices: expected a ring of at least three.")
    ups = [_up(lat, lon) for lat, lon in points]
    middle = tuple(sum(up[i] for up in ups) for i in range(3))
    if min(_dot(up, middle) for up in ups) <= 0.0:
        raise BadArea("Area wider than half the Earth: expected a ring within one hemisphere.")
    if _dot(_up(lat_deg, lon_deg), middle) <= 0.0:
        return False
    return _winds_around(points, lat_deg, lon_deg)


def inside(area: CircleArea | Ring, lat_deg: float, lon_deg: float) -> bool:
    """True if a point lies in a circle (latitude_deg, longitude_deg, radius_m) or a ring of (latitude, longitude)."""
    first = area[0]
    if isinstance(first, (int, float)):
        lat0, lon0, radius = area
        return inside_circle(lat0, lon0, radius, lat_deg, lon_deg)  # type: ignore[arg-type]
    return inside_polygon(area, lat_deg, lon_deg)  # type: ignore[arg-type]


def _winds_around(points: list[Point], lat_deg: float, lon_deg: float) -> bool:
    """The azimuths from the point to the vertices turn once round it if it is inside, and back if not."""
    seen = [inverse(lat_deg, lon_deg, lat, lon) for lat, lon in points]
    if min(distance for distance, _ in seen) <= _ON_EDGE_M:
        return True
    turned = 0.0
    for (_, before), (_, after) in zip(seen, seen[1:] + seen[:1], strict=True):
        angle = (after - before + 180.0) % 360.0 - 180.0
        if abs(angle) >= 180.0 - 1e-9:
            return True  # between two vertices: on the edge
        turned += angle
    return abs(turned) > 180.0


def _same(a: Point, b: Point) -> bool:
    return a[0] == b[0] and (a[1] - b[1]) % 360.0 == 0.0


def _up(lat_deg: float, lon_deg: float) -> tuple[float, float, float]:
    x, y, z = enu_axes(lat_deg * DEGREE_RAD, lon_deg * DEGREE_RAD)[2].tolist()
    return x, y, z


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
