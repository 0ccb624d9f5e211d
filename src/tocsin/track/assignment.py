"""Exact global nearest neighbour: the cheapest assignment of tracks to detections or to "missed".

Shortest augmenting paths on the sparse bipartite graph (Jonker & Volgenant, Computing 38, 1987; the sparse form
with a heap is Dijkstra on reduced costs). Every track has a private "missed" column, which is where most paths end;
so a path never leaves its connected component, and components need not be found first.
"""

from typing import NamedTuple

import numpy as np

from tocsin.track.jit import plain
from tocsin.track.tiles import Array, Flags, Indices


@plain
def push(heap: Array, where: Indices, size: int, value: float, column: int) -> int:
    """Binary heap of (value, column); equal values leave in order of column, so that ties are reproducible."""
    k = size
    while k > 0:
        parent = (k - 1) // 2
        if heap[parent] < value or (heap[parent] == value and where[parent] <= column):
            break
        heap[k], where[k] = heap[parent], where[parent]
        k = parent
    heap[k], where[k] = value, column
    return size + 1


@plain
def pop(heap: Array, where: Indices, size: int) -> int:
    """Remove the least entry (the caller has read it); returns the new size."""
    size -= 1
    value, column = heap[size], where[size]
    k = 0
    while True:
        child = 2 * k + 1
        if child >= size:
            break
        right = child + 1
        if right < size and (heap[right] < heap[child] or (heap[right] == heap[child] and where[right] < where[child])):
            child = right
        if value < heap[child] or (value == heap[child] and column <= where[child]):
            break
        heap[k], where[k] = heap[child], where[child]
        k = child
    heap[k], where[k] = value, column
    return size


class Work(NamedTuple):
    """Dual variables and scratch. Reduced costs cost - level[row] - price[column] are >= 0, and 0 on pairs chosen."""

    price: Array
    level: Array
    owner: Indices
    reach: Array
    back: Indices
    done: Flags
    touched: Indices
    heap: Array
    where: Indices


def workspace(rows: int, columns: int, pairs: int) -> Work:
    """Made outside the kernels: NumPy's constructors are slow to compile."""
    return Work(
        np.zeros(columns),
        np.zeros(rows),
        np.full(columns, -1, np.int64),
        np.full(columns, np.inf),
        np.empty(columns, np.int64),
        np.zeros(columns, np.bool_),
        np.empty(columns, np.int64),
        np.empty(pairs + 1),
        np.empty(pairs + 1, np.int64),
    )


def assign(start: Indices, index: Indices, cost: Array, miss: Array, columns: int, chosen: Indices) -> float:
    """Fill `chosen` (rows,) with a detection or -1 for each track; returns the total cost.

    Pairs in compressed rows (`start`, `index`, `cost`); `miss` (rows,) is the cost of leaving a track without one.
    """
    return serve(start, index, cost, miss, workspace(len(miss), columns, int(start[-1])), chosen)


@plain
def serve(start: Indices, index: Indices, cost: Array, miss: Array, work: Work, chosen: Indices) -> float:
    """Serve every row in turn; returns the total cost."""
    rows = miss.shape[0]
    for i in range(rows):
        chosen[i] = -1
    for i in range(rows):
        if not at_once(i, start, index, cost, miss, work, chosen):
            augment(i, start, index, cost, miss, work, chosen)
    total = 0.0
    for i in range(rows):
        paid = miss[i]
        for k in range(start[i], start[i + 1]):
            if index[k] == chosen[i]:
                paid = cost[k]
        total += paid
    return total


@plain
def at_once(row: int, start: Indices, index: Indices, cost: Array, miss: Array, work: Work, chosen: Indices) -> bool:
    """Serve a row whose cheapest choice is a miss or a free column, the common case: a path of one step."""
    best = miss[row]
    end = -1
    for k in range(start[row], start[row + 1]):
        r = cost[k] - work.price[index[k]]
        if r < best or (r == best and end >= 0 and index[k] < end):
            best, end = r, index[k]
    if end >= 0 and work.owner[end] >= 0:
        return False
    work.level[row] = best
    chosen[row] = end
    if end >= 0:
        work.owner[end] = row
    return True


@plain
def augment(row: int, start: Indices, index: Indices, cost: Array, miss: Array, work: Work, chosen: Indices) -> None:
    """Find the cheapest way to serve one more row, perhaps moving others, and take it."""
    size = 0
    seen = 0
    i = row
    base = 0.0
    best = np.inf
    best_row = -1
    end = -1
    while end < 0:
        give_up = base + miss[i] - work.level[i]
        if give_up < best:
            best, best_row = give_up, i
        for k in range(start[i], start[i + 1]):
            j = index[k]
            r = base + cost[k] - work.level[i] - work.price[j]
            if not work.done[j] and r < work.reach[j] and r < best:
                if work.reach[j] == np.inf:
                    work.touched[seen] = j
                    seen += 1
                work.reach[j] = r
                work.back[j] = i
                size = push(work.heap, work.where, size, r, j)
        j = -1
        while size > 0 and j < 0:
            value, j = work.heap[0], work.where[0]
            size = pop(work.heap, work.where, size)
            if work.done[j] or value != work.reach[j]:
                j = -1
        if j < 0 or work.reach[j] >= best:
            break
        base = work.reach[j]
        work.done[j] = True
        i = work.owner[j]
        if i < 0:
            best, end = base, j
    settle(row, best, seen, work)
    if end < 0:
        end = chosen[best_row]
        chosen[best_row] = -1
    if end >= 0:
        flip(row, end, work.back, work.owner, chosen)
    for k in range(seen):
        work.reach[work.touched[k]] = np.inf
        work.done[work.touched[k]] = False


@plain
def settle(row: int, best: float, seen: int, work: Work) -> None:
    """Update the duals of everything nearer than the end of the path."""
    work.level[row] += best
    for k in range(seen):
        j = work.touched[k]
        if work.done[j] and work.reach[j] < best:
            work.price[j] += work.reach[j] - best
            if work.owner[j] >= 0:
                work.level[work.owner[j]] += best - work.reach[j]


@plain
def flip(row: int, column: int, back: Indices, owner: Indices, chosen: Indices) -> None:
    """Exchange along the path that ends in `column`."""
    while True:
        i = back[column]
        owner[column] = i
        column, chosen[i] = chosen[i], column
        if i == row:
            break
