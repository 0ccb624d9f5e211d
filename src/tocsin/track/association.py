"""Detections to tracks: gates, then the exact assignment, for one class of tracks at a time."""

import numpy as np

from tocsin.track.assignment import assign
from tocsin.track.pairing import Strips, search, without
from tocsin.track.pool import Pool
from tocsin.track.screening import Detections
from tocsin.track.settings import TrackerSettings
from tocsin.track.tiles import Array, Flags, Indices
from tocsin.track.views import Mount


def associate(
    settings: TrackerSettings, m: Mount, pool: Pool, slots: Indices, detections: Detections, used: Flags
) -> Indices:
    """For each of some slots its detection among those not yet `used`, or -1; marks what it takes."""
    chosen = np.full(len(slots), -1, np.int64)
    if not len(slots) or not len(used):
        return chosen
    left = detections.strips
    if used.any():
        left = without(left, used)
    start, index, cost = pairs(settings, m, pool, slots, detections, left)
    assign(start, index, cost, pool.bonus[slots, 1], len(used), chosen)
    used[chosen[chosen >= 0]] = True
    return chosen


def pairs(
    settings: TrackerSettings, m: Mount, pool: Pool, slots: Indices, detections: Detections, left: Strips
) -> tuple[Indices, Indices, Array]:
    """Gated pairs as compressed rows: (start, index, cost)."""
    start = np.empty(len(slots) + 1, np.int64)
    room = 8 * len(slots) + settings.candidates_max
    while True:
        index, cost = np.empty(room, np.int64), np.empty(room)
        n = search(
            pool.sight, slots, detections.values, detections.column, left, float(settings.gate_sigmas) ** 2, pool.bonus,
            float(m.dimensions), settings.candidates_max, start, index, cost,
        )  # fmt: skip
        if n >= 0:
            return start, index, cost
        room *= 2
