"""Exact global nearest neighbour: the cheapest assignment of tracks to detections or to "missed".

Shortest augmenting paths on the sparse bipartite graph (Jonker & Volgenant, Computing 38, 1987; the sparse form
with a heap is Dijkstra on reduced costs). Every track has a private "missed" column, which is where most paths end;
so a path never leaves its connected component, and components need not be found first.
"""

import numpy as np

from tocsin.track.jit import part, plain
from tocsin.track.tiles import Array, Indices


@part
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


@part
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


PRICE, REACH = 0, 1  # rows of `price`: dual of a detection; how dear the cheapest path to it is
OWNER, BACK, TOUCHED, DONE = 0, 1, 2, 3  # rows of `link`


def assign(start: Indices, index: Indices, cost: Array, miss: Array, columns: int, chosen: Indices) -> float:
    """Fill `chosen` (rows,) with a detection or -1 for each track; returns the total cost.

    Pairs in compressed rows (`start`, `index`, `cost`); `miss` (rows,) is the cost of leaving a track without one.
    """
    pairs = int(start[-1]) + 1
    # made outside the kernel: NumPy's constructors are slow to compile
    dual, link = np.empty((2, columns)), np.empty((4, columns), np.int64)
    return serve(
        start, index, cost, miss, np.empty(len(miss)), dual, link, np.empty(pairs), np.empty(pairs, np.int64), chosen
    )


@plain
def serve(
    start: Indices, index: Indices, cost: Array, miss: Array, level: Array, dual: Array, link: Indices, heap: Array,
    where: Indices, chosen: Indices,
) -> float:  # fmt: skip
    """Serve every row in turn; returns the total cost.

    Reduced costs cost - level[row] - price[column] are >= 0, and 0 on pairs chosen. The rest is scratch.
    """
    for j in range(dual.shape[1]):
        dual[PRICE, j] = 0.0
        dual[REACH, j] = np.inf
        link[OWNER, j] = -1
        link[DONE, j] = 0
    for i in range(miss.shape[0]):
        # a row whose cheapest choice is a miss or a free column, the common case, is a path of one step
        best, end = miss[i], -1
        for k in range(start[i], start[i + 1]):
            r = cost[k] - dual[PRICE, index[k]]
            if r < best or (r == best and end >= 0 and index[k] < end):
                best, end = r, index[k]
        level[i] = 0.0
        chosen[i] = -1
        if end >= 0 and link[OWNER, end] >= 0:
            augment(i, start, index, cost, miss, level, dual, link, heap, where, chosen)
        else:
            level[i] = best
            chosen[i] = end
            if end >= 0:
                link[OWNER, end] = i
    total = 0.0
    for i in range(miss.shape[0]):
        paid = miss[i]
        for k in range(start[i], start[i + 1]):
            if index[k] == chosen[i]:
                paid = cost[k]
        total += paid
    return total


@part
def augment(
    row: int, start: Indices, index: Indices, cost: Array, miss: Array, level: Array, dual: Array, link: Indices,
    heap: Array, where: Indices, chosen: Indices,
) -> None:  # fmt: skip
    """Find the cheapest way to serve one more row, perhaps moving others, and take it."""
    size = 0 * row  # a literal 0 would have push and pop compiled once more
    seen = 0
    i = row
    base = 0.0
    best = np.inf
    best_row = -1
    end = -1
    while end < 0:
        give_up = base + miss[i] - level[i]
        if give_up < best:
            best, best_row = give_up, i
        for k in range(start[i], start[i + 1]):
            j = index[k]
            r = base + cost[k] - level[i] - dual[PRICE, j]
            if link[DONE, j] == 0 and r < dual[REACH, j] and r < best:
                if dual[REACH, j] == np.inf:
                    link[TOUCHED, seen] = j
                    seen += 1
                dual[REACH, j] = r
                link[BACK, j] = i
                size = push(heap, where, size, r, j)
        j = -1
        while size > 0 and j < 0:
            value, j = heap[0], where[0]
            size = pop(heap, where, size)
            if link[DONE, j] != 0 or value != dual[REACH, j]:
                j = -1
        if j < 0 or dual[REACH, j] >= best:
            break
        base = dual[REACH, j]
        link[DONE, j] = 1
        i = link[OWNER, j]
        if i < 0:
            best, end = base, j
    level[row] += best
    for k in range(seen):  # the duals of everything nearer than the end of the path
        j = link[TOUCHED, k]
        if link[DONE, j] != 0 and dual[REACH, j] < best:
            dual[PRICE, j] += dual[REACH, j] - best
            if link[OWNER, j] >= 0:
                level[link[OWNER, j]] += best - dual[REACH, j]
        dual[REACH, j] = np.inf
        link[DONE, j] = 0
    if end < 0:
        end = chosen[best_row]
        chosen[best_row] = -1
    while end >= 0:  # exchange along the path
        i = link[BACK, end]
        link[OWNER, end] = i
        end, chosen[i] = chosen[i], end
        if i == row:
            break
