"""One track along time: what statements put it at, and where the picture sends it. For charts, never for a digest."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.fuse import CommonTrack
from tocsin.node.centre import Centre
from tocsin.node.record import Said, read
from tocsin.wire.bodies import UPPER_COLUMNS, UPPER_ROWS, Tracklet
from tocsin.wire.errors import WireError
from tocsin.world.exact import Array
from tocsin.world.frames import (
    covariance_to_ecef,
    covariance_to_eci,
    ecef_to_eci,
    ecef_to_geodetic,
    eci_to_ecef,
    enu_axes,
)
from tocsin.world.motion import propagate

MOST = 500
AHEAD_S = 1_800.0
GROWTH_M_S = 100.0
PSD = 1e-2  # white acceleration of a prediction for a chart, m2/s3


Row = tuple[int, float, float, float, float, str]
"""Instant, height, sigma of it, latitude, longitude, party: the columns of `Along`."""


@dataclass(frozen=True, slots=True)
class Along:
    """Columns along time; `party` is whose statement, by log origin."""

    t_tai_us: tuple[int, ...]
    height_m: tuple[float, ...]
    sigma_height_m: tuple[float, ...]
    latitude_deg: tuple[float, ...]
    longitude_deg: tuple[float, ...]
    party: tuple[str, ...]


def told(centre: Centre, track: CommonTrack) -> Along:
    """The reference points of the latest `MOST` tracklets that a track was made from.

    An increment alone knows less than the track, often next to nothing of the height. The sigma shown is the better of
    what the statement alone knows and what the party's one before it knew, grown by `GROWTH_M_S` since.
    """
    rows: list[Row] = []
    logs = {centre.origins[group]: book.gate for group, book in centre.books.items()}
    logs |= {one.origin: one for one in centre.mirrors.values()}
    wanted = set(track.members)
    for origin, gate in sorted(logs.items()):
        shared = origin.removesuffix("/own")
        names = {name for party, name in wanted if party in (origin, shared)}
        if not names:
            continue
        for entry in gate.entries(max(0, gate.size - 20 * MOST), gate.size):
            if b'"tracklet"' not in entry.data[:120]:
                continue
            try:
                said: Said = read("", entry)
            except WireError:
                continue
            if isinstance(said.body, Tracklet) and said.body.track in names:
                rows.append(_row(said.body, shared))
    columns = list(zip(*_grown(sorted(rows)[-MOST:]), strict=True)) if rows else [()] * 6
    return Along(*(tuple(column) for column in columns))


def _grown(rows: list[Row]) -> list[Row]:
    """Sigmas (third column) that take in what the same party (last column) knew before."""
    before: dict[str, tuple[int, float]] = {}
    found = []
    for t_us, height, alone, latitude, longitude, party in rows:
        then_us, then = before.get(party, (t_us, alone))
        sigma = min(alone, then + GROWTH_M_S * (t_us - then_us) / 1e6)
        before[party] = (t_us, sigma)
        found.append((t_us, height, round(sigma, 0), latitude, longitude, party))
    return found


def ahead(track: CommonTrack, now_tai_ns: int, steps: int) -> Along:
    """The track carried on from the picture to the ground, at most half an hour."""
    state = ecef_to_eci(track.state_ecef, track.t_tai_ns)
    covariance = covariance_to_eci(track.covariance_ecef, track.t_tai_ns)
    rows: list[Row] = []
    begin_s = max(0.0, (now_tai_ns - track.t_tai_ns) / 1e9)
    for number in range(steps + 1):
        t_ns = track.t_tai_ns + round((begin_s + AHEAD_S * number / steps) * 1e9)
        moved, spread = propagate(state, covariance, (t_ns - track.t_tai_ns) / 1e9, PSD)
        place = _place(eci_to_ecef(moved, t_ns)[:3], covariance_to_ecef(spread, t_ns)[:3, :3])
        if place[0] < 0.0:
            break
        rows.append((t_ns // 1_000, *place, ""))
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    return Along(*(tuple(column) for column in columns))


def _row(body: Tracklet, party: str) -> Row:
    known = np.zeros((6, 6))
    known[list(UPPER_ROWS), list(UPPER_COLUMNS)] = body.information
    known = known + np.triu(known, 1).T
    spread = np.linalg.pinv(known, hermitian=True)[:3, :3]
    return (body.t_tai_us, *_place(np.array(body.position_ecef_m), spread), party)


def _place(position_ecef_m: Array, covariance: NDArray[Any]) -> tuple[float, float, float, float]:
    """(height_m, sigma_height_m, latitude_deg, longitude_deg)."""
    latitude, longitude, height = (float(one) for one in ecef_to_geodetic(position_ecef_m))
    up = enu_axes(latitude, longitude)[2]
    sigma = math.sqrt(max(0.0, float(up @ covariance @ up)))
    return round(height, 0), round(sigma, 0), round(math.degrees(latitude), 4), round(math.degrees(longitude), 4)
