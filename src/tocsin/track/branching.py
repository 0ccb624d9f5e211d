"""Tentative tracks as hypotheses: each may take any detection in its gate or none, and all are kept for a while.

Track-oriented multiple hypotheses (Blackman, IEEE AES Magazine 19(1), 2004): a hypothesis is a slot of the pool with a
state of its own, the log odds that it is a flight (`Pool.score`), and the numbers of its last detections
(`Pool.trail`), by which hypotheses exclude each other. Who wins is decided in `deciding`.
"""

import math

import numpy as np

from tocsin.track.jit import LANES, kernel, plain
from tocsin.track.pool import TRAIL, Pool
from tocsin.track.tiles import MODES, STATE, Array, Indices

CHILDREN = 5  # detections that one hypothesis may go on with
HOPELESS = 9.0  # log odds: a detection this much worse than the best one of its hypothesis is not followed


@plain
def choices(start: Indices, index: Indices, cost: Array, room: int, parent: Indices, detection: Indices) -> int:
    """The ways on for every row, the best first: (row, detection or -1 for none); returns their number.

    A miss is always one of them: a better detection may belong to a neighbour. Rows beyond `room` ways in
    all go on with their best one only.
    """
    n = 0
    rows = start.shape[0] - 1
    for i in range(rows):
        first = n
        least = math.inf
        before, before_j = -math.inf, -1
        for _ in range(CHILDREN):
            best, best_j = math.inf, -1
            for k in range(start[i], start[i + 1]):
                later = cost[k] > before or (cost[k] == before and index[k] > before_j)
                if later and (cost[k] < best or (cost[k] == best and index[k] < best_j)):
                    best, best_j = cost[k], index[k]
            least = min(least, best)
            if best_j < 0 or best > least + HOPELESS or (n > first and n + rows - i > room):
                break
            parent[n], detection[n] = i, best_j
            n += 1
            before, before_j = best, best_j
        if n == first or n + rows - i <= room:
            parent[n], detection[n] = i, -1
            n += 1
    return n


@kernel
def copy_slots(bank: Array, odds: Array, sight: Array, source: Indices, target: Indices) -> None:
    """Copy states, mode odds and predicted measurements from slots to slots."""
    for i in range(source.shape[0]):
        tile, b = source[i] // LANES, source[i] % LANES
        to, c = target[i] // LANES, target[i] % LANES
        for m in range(MODES):
            odds[to, m, c] = odds[tile, m, b]
            for k in range(STATE):
                bank[to, m, k, c] = bank[tile, m, k, b]
        for k in range(sight.shape[1]):
            sight[to, k, c] = sight[tile, k, b]


def branch(
    pool: Pool, slots: Indices, start: Indices, index: Indices, cost: Array, room: int
) -> tuple[Indices, Indices, Indices]:
    """Let hypotheses go on in every likely way: (slots, their detections or -1, the slots they came from)."""
    rows = len(slots)
    parent = np.empty(rows * (CHILDREN + 1), np.int64)
    detection = np.empty_like(parent)
    n = choices(start, index, cost, room, parent, detection)
    parent, detection = parent[:n], detection[:n]
    more = np.flatnonzero(parent[1:] == parent[:-1]) + 1
    target = slots[parent]
    if len(more):
        source = slots[parent[more]]
        target[more] = pool.take(len(more))
        pool.clone(source, target[more])
        copy_slots(pool.bank, pool.odds, pool.sight, source, target[more])
    return target, detection, slots[parent]


@plain
def remember(trail: Indices, slots: Indices, chosen: Indices, base: int) -> None:
    """Shift the trails (slots, TRAIL) by one scan; detections are numbered on from `base`."""
    for i in range(slots.shape[0]):
        s = slots[i]
        for k in range(TRAIL - 1, 0, -1):
            trail[s, k] = trail[s, k - 1]
        trail[s, 0] = base + chosen[i] if chosen[i] >= 0 else -1


@plain
def first_come(start: Indices, index: Indices, cost: Array, detections: int, chosen: Indices) -> None:
    """Each row in turn takes its cheapest detection that is free; chosen (n,) is -1 on entry."""
    free = np.ones(detections, np.bool_)
    for i in range(chosen.shape[0]):
        best = math.inf
        for k in range(start[i], start[i + 1]):
            if free[index[k]] and cost[k] < best:
                best, chosen[i] = cost[k], index[k]
        if chosen[i] >= 0:
            free[chosen[i]] = False
