"""Detections to tracks: gates, then the exact assignment, for one class of tracks at a time."""

from collections import Counter

import numpy as np

from tocsin.track.assignment import assign
from tocsin.track.pairing import Strips, search, without
from tocsin.track.pool import Pool
from tocsin.track.screening import Detections
from tocsin.track.settings import TrackerSettings
from tocsin.track.tiles import Array, Flags, Indices
from tocsin.track.views import NEVER, Mount


def associate(
    settings: TrackerSettings, m: Mount, pool: Pool, slots: Indices, detections: Detections, used: Flags,
    dropped: Counter[str],
) -> Indices:  # fmt: skip
    """For each of some slots its detection among those not yet `used`, or -1; marks what it takes."""
    chosen = np.full(len(slots), -1, np.int64)
    if not len(slots) or not len(used):
        return chosen
    left = detections.strips
    if used.any():
        left = without(left, used)
    start, index, cost = pairs(settings, m, pool, slots, detections, left, settings.candidates_max, dropped)
    assign(start, index, cost, pool.bonus[slots, 1], len(used), chosen)
    used[chosen[chosen >= 0]] = True
    return chosen


def pairs(
    settings: TrackerSettings, m: Mount, pool: Pool, slots: Indices, detections: Detections, left: Strips, most: int,
    dropped: Counter[str], better: bool = True,
) -> tuple[Indices, Indices, Array]:  # fmt: skip
    """Gated pairs as compressed rows, at most `most` in a row: (start, index, cost). `better`: only those better than a
    miss, which are all that the best assignment may need.

    Tracks that stopped before they had looked at all of their gate are counted as `crowded_gate`.
    """
    start, work = np.empty(len(slots) + 1, np.int64), np.zeros(2, np.int64)
    bonus = pool.bonus if better else np.stack([pool.bonus[:, 0], np.full(len(pool.bonus), NEVER)], axis=1)
    n, room = -1, min(8 * len(slots) + most, most * len(slots))
    while n < 0:
        index, cost = np.empty(room, np.int64), np.empty(room)
        n = search(
            pool.sight, slots, detections.values, detections.column, left, float(settings.gate_sigmas) ** 2, bonus,
            float(m.dimensions), most, start, index, cost, work,
        )  # fmt: skip
        room = most * len(slots)
    if work[1]:
        dropped["crowded_gate"] += int(work[1])
    return start, index, cost
