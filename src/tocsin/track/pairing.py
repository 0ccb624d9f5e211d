"""Which tracks and detections can belong together: gates searched in strips of azimuth, each sorted by one column.

Detections are sorted by strip and, within it, by range (radars) or elevation (satellites, whose range is unknown). A
track looks only into the strips that its gate touches, and by bisection only at the part of them inside its gate,
so the work grows with the number of pairs and not with tracks times detections.
"""

import math
from typing import NamedTuple

import numpy as np

from tocsin.track.algebra import Vector
from tocsin.track.jit import LANES, kernel, lane, plain
from tocsin.track.tiles import Array, Flags, Indices

TWO_PI = 2.0 * math.pi
PER_STRIP, MOST_STRIPS = 64, 4096
FEW = 64  # so many of a strip are looked at as they come
LOOKS_MAX = 1000  # strips and detections that a track looks at, nearest first: a flood must delay nobody


class Strips(NamedTuple):
    """Detections in order: `order` indexes them, `key` is the sorted column, first[s]:first[s + 1] is strip s."""

    order: Indices
    key: Array
    first: Indices
    origin: float
    width: float


def strips(values: Array, column: int) -> Strips:
    """Sort detections (range, azimuth, elevation, rate) into strips; ties by index."""
    return in_order(values, column)[0]


def in_order(values: Array, column: int) -> tuple[Strips, bool]:
    """Detections sorted into strips, and whether some have the same key."""
    n = len(values)
    count = min(max(n // PER_STRIP, 1), MOST_STRIPS)
    first, fill = np.zeros(count + 1, np.int64), np.empty(count, np.int64)
    strip, new, key = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n)
    order = np.argsort(values[:, column])
    low, width = into_strips(values, order, column, first, fill, strip, new, key, False)
    ties = not width
    if ties:
        order = np.argsort(values[:, column], kind="stable")
        low, width = into_strips(values, order, column, first, fill, strip, new, key, True)
    return Strips(new, key, first, low, width), ties


@plain
def into_strips(
    values: Array,
    order: Indices,
    column: int,
    first: Indices,
    fill: Indices,
    strip: Indices,
    new: Indices,
    key: Array,
    ties: bool,
) -> tuple[float, float]:
    """Stable counting sort by strip of detections already in `order`, into `first`, `new` and `key`: (origin, width).

    The width is 0, and nothing is done, where two have the same key, unless `ties` may be.
    """
    count = fill.shape[0]
    origin, high = (math.inf, -math.inf) if order.shape[0] > 0 else (0.0, 1.0)
    for k in range(order.shape[0]):
        if not ties and k > 0 and values[order[k], column] == values[order[k - 1], column]:
            return 0.0, 0.0
        origin, high = min(origin, values[k, 1]), max(high, values[k, 1])
    width = (high - origin) / count * (1.0 + 1e-12) + 1e-9
    for k in range(order.shape[0]):
        strip[k] = min(max(int((values[order[k], 1] - origin) / width), 0), count - 1)
        first[strip[k] + 1] += 1
    for s in range(count):
        fill[s] = first[s]
        first[s + 1] += first[s]
    for k in range(order.shape[0]):
        at = fill[strip[k]]
        fill[strip[k]] += 1
        new[at] = order[k]
        key[at] = values[order[k], column]
    return origin, width


def without(old: Strips, used: Flags) -> Strips:
    """The same strips without the detections already used."""
    order, key, first = np.empty_like(old.order), np.empty_like(old.key), np.zeros_like(old.first)
    n = thin(old, used, order, key, first)
    return Strips(order[:n], key[:n], first, old.origin, old.width)


@plain
def thin(old: Strips, used: Flags, order: Indices, key: Array, first: Indices) -> int:
    """Copy what is not used; returns how many."""
    n = 0
    for s in range(old.first.shape[0] - 1):
        for k in range(old.first[s], old.first[s + 1]):
            if not used[old.order[k]]:
                order[n] = old.order[k]
                key[n] = old.key[k]
                n += 1
        first[s + 1] = n
    return n


@lane
def difference(sight: Array, tile: int, b: int, detection: Array, j: int, turn: float) -> tuple[Vector, float]:
    """(azimuth, elevation, range) and range-rate innovation of detection j, the track's azimuth shifted by `turn`."""
    return (
        (
            detection[j, 1] - sight[tile, 1, b] - turn,
            detection[j, 2] - sight[tile, 2, b],
            detection[j, 0] - sight[tile, 0, b],
        ),
        detection[j, 3] - sight[tile, 3, b],
    )


@lane
def distance2(sight: Array, tile: int, b: int, y: Vector, rate: float) -> float:
    """Squared Mahalanobis distance by forward substitution through the factors of S."""
    w1 = y[1] - sight[tile, 4, b] * y[0]
    w2 = y[2] - sight[tile, 5, b] * y[0] - sight[tile, 6, b] * w1
    w3 = rate - sight[tile, 7, b] * y[0] - sight[tile, 8, b] * w1 - sight[tile, 9, b] * w2
    near: float = y[0] * y[0] * sight[tile, 10, b] + w1 * w1 * sight[tile, 11, b]
    far: float = w2 * w2 * sight[tile, 12, b] + w3 * w3 * sight[tile, 13, b]
    return near + far


@lane
def half_distance2(
    sight: Array, tile: int, b: int, detection: Array, j: int, turn: float, gate2: float, wide: Vector
) -> float:
    """Half the squared distance of detection j if it lies in the gate and its box `wide`, else infinity."""
    y, rate = difference(sight, tile, b, detection, j, turn)
    if abs(y[1]) > wide[1] or abs(y[0]) > wide[0] or abs(y[2]) > wide[2]:
        return math.inf
    d2 = distance2(sight, tile, b, y, rate)
    return 0.5 * d2 if d2 < gate2 else math.inf


@kernel
def search(
    sight: Array, live: Indices, detection: Array, column: int, sorted_: Strips, gate2: float, bonus: Array,
    dimensions: float, most: int, start: Indices, index: Indices, cost: Array, work: Indices,
) -> int:  # fmt: skip
    """Pairs inside the gate as compressed rows; returns their number, or -1 if `index` is too short.

    live (n,): slots. bonus (slots, 2): log of the weight of a detection, and cost of a miss; the log density of other
    detections is in column 4 of `detection`. A pair's cost is the negative log of its weight; pairs dearer than a miss
    are left out, which cannot change the best assignment. Of a track with more than `most` pairs only the cheapest
    are kept. work (2,), set here: looks taken, at most LOOKS_MAX a track, and tracks that had to stop there.
    """
    work[0] = work[1] = 0
    pairs: int = 0 * work.shape[0]  # a literal 0 would have `keep` compiled once more
    constant = 0.5 * dimensions * math.log(TWO_PI)
    for i in range(live.shape[0]):
        start[i] = pairs
        tile, b = live[i] // LANES, live[i] % LANES
        if pairs + most > index.shape[0]:
            return -1
        wide = (min(sight[tile, 16, b], math.pi), sight[tile, 17, b], sight[tile, 15, b] if column == 0 else math.inf)
        base = constant + 0.5 * math.log(sight[tile, 14, b]) - bonus[live[i], 0]
        dearest = bonus[live[i], 1] - base
        looks, centre, half = 0, sight[tile, column, b], wide[2 if column == 0 else 1]
        for image in range(3):  # the track's own azimuth, then a turn more and a turn less
            turn = (0.0 if image == 0 else 3.0 - 2.0 * image) * TWO_PI
            middle, first, last = reach(sorted_, sight[tile, 1, b] + turn, wide[0])
            if first > last:
                continue
            calm = looks + sorted_.first[last + 1] - sorted_.first[first] + last - first < LOOKS_MAX
            for n in range(last - first + 1 if calm else 2 * max(middle - first, last - middle) + 1):
                s = first + n if calm else middle + ((n + 1) // 2 if n % 2 else -(n // 2))
                if s < first or s > last:
                    continue
                looks += 1
                low = bisect(sorted_.key, sorted_.first[s], sorted_.first[s + 1], centre - half)
                end = sorted_.first[s + 1]
                down, up = low - 1, low
                if low + FEW < end and sorted_.key[low + FEW] <= centre + half:  # many: those in the middle first
                    up = bisect(sorted_.key, low, end, centre)
                    down = up - 1
                while looks < LOOKS_MAX:
                    k = up
                    if down >= low and (up >= end or centre - sorted_.key[down] < sorted_.key[up] - centre):
                        k = down
                        down -= 1
                    elif up < end and sorted_.key[up] <= centre + half:
                        up += 1
                    else:
                        break
                    looks += 1
                    j = sorted_.order[k]
                    paid = half_distance2(sight, tile, b, detection, j, turn, gate2, wide) + detection[j, 4]
                    if paid < dearest:
                        pairs = keep(start[i], pairs, most, j, base + paid, index, cost)
                        if pairs - start[i] == most:
                            dearest = min(dearest, cost[dearest_of(start[i], pairs, cost)] - base)
                if looks >= LOOKS_MAX:
                    break
        work[0] += looks
        work[1] += looks >= LOOKS_MAX
    start[live.shape[0]] = pairs
    return pairs


@lane
def reach(sorted_: Strips, azimuth: float, half: float) -> tuple[int, int, int]:
    """The strips that azimuth +- half touches: the middle one, the first and the last; (0, 1, -1) for none."""
    count = sorted_.first.shape[0] - 1
    low, high = azimuth - half - sorted_.origin, azimuth + half - sorted_.origin
    if high < 0.0 or low > count * sorted_.width:
        return 0, 1, -1
    first = min(int(max(low, 0.0) / sorted_.width), count - 1)
    last = min(int(high / sorted_.width), count - 1)
    middle = min(max(int(max(azimuth - sorted_.origin, 0.0) / sorted_.width), first), last)
    return middle, first, last


@lane
def bisect(key: Array, low: int, high: int, value: float) -> int:
    """First position in key[low:high] that is not below `value`."""
    while low < high:
        middle = (low + high) // 2
        if key[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@lane
def keep(start: int, pairs: int, most: int, j: int, paid: float, index: Indices, cost: Array) -> int:
    """Append a pair to the row that begins at `start`, or put it in place of the row's dearest; returns the end."""
    if pairs - start < most:
        index[pairs] = j
        cost[pairs] = paid
        return pairs + 1
    worst = dearest_of(start, pairs, cost)
    if paid < cost[worst]:
        index[worst] = j
        cost[worst] = paid
    return pairs


@lane
def dearest_of(start: int, end: int, cost: Array) -> int:
    """Where the dearest pair of a row is."""
    worst = start
    for k in range(start, end):
        if cost[k] > cost[worst]:
            worst = k
    return worst
