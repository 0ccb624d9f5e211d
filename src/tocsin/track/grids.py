"""What a radar's field is really like: how dense the false detections are in each part of it, and how well it detects.

A coarse grid over range, azimuth and elevation. Clutter: Poisson counts of detections that no track explains, with a
gamma prior worth `clutter_prior_scans` scans of the radar's stated rate spread evenly. Detection: hits and looks of
confirmed tracks, with a beta prior worth `detection_prior_looks` looks at the stated probability. Both forget, so that
the weather may change. Infrared sensors have no such grid.
"""

import math
from dataclasses import dataclass

import numpy as np

from tocsin.track.jit import LANES, kernel, part, plain
from tocsin.track.settings import TrackerSettings
from tocsin.track.tiles import Array, Flags, Indices
from tocsin.world.observation import Radar
from tocsin.world.sensor import wrap_rad

RANGES, AZIMUTHS, ELEVATIONS = 12, 24, 6
CELLS = RANGES * AZIMUTHS * ELEVATIONS
NOWHERE = np.empty(0)


@dataclass(slots=True)
class Grid:
    """Counts of one radar by cell; `frame` is least range, azimuth and elevation and cells per unit of each."""

    frame: Array
    share: Array
    rate: float
    found: Array
    hits: Array
    looks: Array
    scans: float = 0.0

    def copy(self) -> "Grid":
        """An independent copy."""
        counts = self.found.copy(), self.hits.copy(), self.looks.copy()
        return Grid(self.frame, self.share, self.rate, *counts, self.scans)

    def fade(self, s: TrackerSettings) -> None:
        """Forget a little, once a scan."""
        keep = 1.0 - 1.0 / s.memory_scans
        self.found *= keep
        self.hits *= keep
        self.looks *= keep
        self.scans = self.scans * keep + 1.0


def grid(radar: Radar, settings: TrackerSettings) -> Grid:
    """An empty grid over a radar's field."""
    low = np.array([
        radar.range_min_m, float(wrap_rad(np.array(radar.azimuth_centre_rad))) - radar.azimuth_halfwidth_rad,
        radar.elevation_min_rad,
    ])  # fmt: skip
    high = np.array([
        radar.range_max_m, low[1] + 2.0 * radar.azimuth_halfwidth_rad,
        min(radar.elevation_max_rad, 0.5 * math.pi),
    ])  # fmt: skip
    edges = np.sin(np.linspace(low[2], high[2], ELEVATIONS + 1))
    share = np.diff(edges) / (edges[-1] - edges[0]) / (RANGES * AZIMUTHS)
    per = np.array([RANGES, AZIMUTHS, ELEVATIONS]) / np.maximum(high - low, 1e-9)
    shares = np.maximum(np.broadcast_to(share, (RANGES, AZIMUTHS, ELEVATIONS)).ravel(), 1e-9)
    rate = max(radar.clutter_per_scan, settings.clutter_floor_per_scan)
    return Grid(np.concatenate([low, per]), shares, rate, np.zeros(CELLS), np.zeros(CELLS), np.zeros(CELLS))


@part
def cell(frame: Array, distance: float, azimuth: float, elevation: float) -> int:
    """The cell of a place; outside the field the nearest one."""
    turn = azimuth - frame[1]
    turn -= 2.0 * math.pi * math.floor(turn / (2.0 * math.pi))
    i = min(max(int((distance - frame[0]) * frame[3]), 0), RANGES - 1)
    j = min(max(int(turn * frame[4]), 0), AZIMUTHS - 1)
    k = min(max(int((elevation - frame[2]) * frame[5]), 0), ELEVATIONS - 1)
    return (i * AZIMUTHS + j) * ELEVATIONS + k


@plain
def places(frame: Array, values: Array, cells: Indices) -> None:
    """The cells of detections (m, >= 3)."""
    for j in range(values.shape[0]):
        cells[j] = cell(frame, values[j, 0], values[j, 1], values[j, 2])


def directions(values: Array) -> Indices:
    """(m,) numbers of squares half a degree wide in azimuth and elevation, for sensors without a grid."""
    squares = np.floor(values[:, 1:3] * (360.0 / math.pi)).astype(np.int64)
    numbers: Indices = squares[:, 0] * 1024 + squares[:, 1]
    return numbers


def first_few(where: Indices, most: int) -> Indices:
    """Places (k,) of the first `most` entries of each value of `where` (m,), rising."""
    order = np.argsort(where, kind="stable")
    ordered = where[order]
    rank = np.arange(len(where)) - np.searchsorted(ordered, ordered)
    chosen: Indices = np.sort(order[rank < most])
    return chosen


def weigh(field: Grid, s: TrackerSettings, volume: float, values: Array) -> None:
    """Write the log density of false and new detections where each detection (m, 5) lies into its column 4."""
    rates = np.array([field.rate, s.clutter_prior_scans, field.scans, s.births_per_scan, volume])
    densities(field.frame, field.share, field.found, rates, values)


@kernel
def densities(frame: Array, share: Array, found: Array, rates: Array, values: Array) -> None:
    """The work of `weigh`. rates: clutter a scan as stated, scans the prior is worth, scans seen, births, volume."""
    rate, prior, scans, births, volume = rates[0], rates[1], rates[2], rates[3], rates[4]
    for j in range(values.shape[0]):
        c = cell(frame, values[j, 0], values[j, 1], values[j, 2])
        over = (prior * rate * share[c] + found[c]) / (rate * share[c] * (prior + scans))
        values[j, 4] = math.log((rate * over + births) / volume)


@kernel
def dim(
    frame: Array, hits: Array, looks: Array, prior: float, stated: float, sight: Array, live: Indices
) -> None:  # fmt: skip
    """Scale how likely a detection is due (`sight` rows 18 and 20) by the detection factor of the track's cell."""
    for i in range(live.shape[0]):
        tile, b = live[i] // LANES, live[i] % LANES
        c = cell(frame, sight[tile, 0, b], sight[tile, 1, b], sight[tile, 2, b])
        f = (prior * stated + hits[c]) / (stated * (prior + looks[c]))
        f = min(max(f, 0.3), 1.0 / stated)
        sight[tile, 18, b] *= f
        sight[tile, 20, b] *= f


def explain(field: Grid | None, values: Array, used: Flags, best: Array, enough: float) -> None:
    """Count detections (m, 5) that no confirmed track took as false, as far as no hypothesis explains them.

    best (m,): log odds of each detection's best hypothesis. A detection whose hypothesis is better by `enough`, less
    the detection's own log density, becomes `used`.
    """
    if field is None:
        unexplained(NOWHERE, NOWHERE, values, used, best, enough, NOWHERE)
        return
    share = 1.0 / (1.0 + np.exp(np.minimum(np.maximum(best, -50.0), 50.0)))
    found = np.zeros(CELLS)
    unexplained(field.frame, share, values, used, best, enough, found)
    field.found += found


@plain
def unexplained(
    frame: Array, share: Array, values: Array, used: Flags, best: Array, enough: float, found: Array
) -> None:  # fmt: skip
    """The work of `explain`: adds the share (m,) of each detection left over to its cell; of none without a frame."""
    for j in range(values.shape[0]):
        if used[j]:
            continue
        if frame.shape[0] > 0:
            found[cell(frame, values[j, 0], values[j, 1], values[j, 2])] += share[j]
        used[j] = best[j] > enough - values[j, 4]


@kernel
def learn(frame: Array, sight: Array, slots: Indices, chosen: Indices, hits: Array, looks: Array) -> None:
    """Count the hits and looks of confirmed tracks that were due."""
    for i in range(slots.shape[0]):
        tile, b = slots[i] // LANES, slots[i] % LANES
        if sight[tile, 18, b] > 0.0:
            c = cell(frame, sight[tile, 0, b], sight[tile, 1, b], sight[tile, 2, b])
            looks[c] += 1.0
            if chosen[i] >= 0:
                hits[c] += 1.0
