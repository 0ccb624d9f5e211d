"""The other half of the bargain: what the same architecture still protects against shorter-range missiles.

For each cell of a coarse map: the share of approach directions from which a minimum-energy missile of the stated
range, aimed at the cell, can be met by an interceptor of the stated speed. Computed, not proved; cells, no places.
"""

from __future__ import annotations

from math import asin, atan2, cos, radians, sin
from typing import Final

import numpy as np

from tocsin.assure.curves import slowest_on_arcs
from tocsin.assure.forms import Floats
from tocsin.assure.model import CEILING, ROTATION, UNITS, setting_of
from tocsin.assure.question import Box, Question
from tocsin.assure.result import Cover, CoverCell

CELL_DEG: Final = 2.5
HALF_SPAN_DEG: Final = (15.0, 25.0)
DIRECTIONS: Final = 24
SHORTER_BOOST_SHARE: Final = 0.4  # shorter-range boosters burn for a shorter time: share of the long one's
DELAYS_S: Final = (120.0, 240.0)
PLACES: Final = 40


def _approaches(latitude: float, longitude: float, apart: float, site: Box) -> Floats:
    """Arcs (DIRECTIONS, 8) that end at a point, from all directions at one range."""
    out = np.empty((DIRECTIONS, 8))
    for n in range(DIRECTIONS):
        bearing = 2.0 * np.pi * n / DIRECTIONS
        start = asin(sin(latitude) * cos(apart) + cos(latitude) * sin(apart) * cos(bearing))
        east = atan2(sin(bearing) * sin(apart) * cos(latitude), cos(apart) - sin(latitude) * sin(start))
        out[n, :4] = (start, longitude + east, latitude, longitude)
        out[n, 4] = radians(float(site.latitude_deg.low + site.latitude_deg.high) / 2.0)
        out[n, 5] = radians(float(site.longitude_deg.low + site.longitude_deg.high) / 2.0)
        out[n, 6:] = (1.0, 0.0)
    return out


def _grid(question: Question) -> tuple[tuple[float, float], ...]:
    latitudes = [float(s.latitude_deg.low + s.latitude_deg.high) / 2.0 for s in question.sites]
    longitudes = [float(s.longitude_deg.low + s.longitude_deg.high) / 2.0 for s in question.sites]
    south, north = min(latitudes) - HALF_SPAN_DEG[0], min(80.0, max(latitudes) + HALF_SPAN_DEG[0])
    west, east = min(longitudes) - HALF_SPAN_DEG[1], max(longitudes) + HALF_SPAN_DEG[1]
    rows = np.arange(CELL_DEG * np.floor(south / CELL_DEG), north, CELL_DEG)
    columns = np.arange(CELL_DEG * np.floor(west / CELL_DEG), east, CELL_DEG)
    return tuple((float(a), float(b)) for a in rows for b in columns)


def _cover(question: Question, range_km: float, speed_km_s: float, delay_s: float) -> Cover:
    setting = setting_of(question)
    apart = range_km / UNITS.length_km
    boost = float(question.boost_time_s.high) * SHORTER_BOOST_SHARE * float(question.arc_start_fraction.high)
    late = (delay_s - boost) / UNITS.time_s
    cap = 1e6 if setting.flight_cap is None else setting.flight_cap
    cells = []
    for latitude, longitude in _grid(question):
        needed = np.full(DIRECTIONS, CEILING)
        for site in question.sites:
            arcs = _approaches(radians(latitude + CELL_DEG / 2), radians(longitude + CELL_DEG / 2), apart, site)
            found = slowest_on_arcs(arcs, late, setting.altitude_min, ROTATION, cap, CEILING, PLACES)
            needed = np.minimum(needed, found)
        share = float(np.mean(needed * UNITS.speed_km_s <= speed_km_s))
        cells.append(CoverCell(latitude_deg=latitude, longitude_deg=longitude, share=share))
    return Cover(range_km=range_km, speed_km_s=speed_km_s, delay_s=delay_s, cell_deg=CELL_DEG, cells=tuple(cells))


def covers(question: Question, speed_km_s: float) -> tuple[Cover, ...]:
    """Maps for the question's shorter range at two commit delays; none if the question states no range."""
    if question.shorter_range_km is None:
        return ()
    return tuple(_cover(question, float(question.shorter_range_km.high), speed_km_s, t) for t in DELAYS_S)
