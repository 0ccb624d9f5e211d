"""Who shares which detection with what probability: the marginals of all joint association events.

Fortmann, Bar-Shalom & Scheffe, IEEE J. Oceanic Eng. 8(3), 1983. Exact in every cluster of tracks with common detections
while it has at most EXACT detections: instead of listing the events, a sum over sets of used detections, forwards and
backwards over the tracks. Beyond that belief propagation (Williams & Lau, IEEE Trans. AES 50(4), 2014), which converges
always and whose error is small, with a bound on its sweeps.
"""

import numpy as np

from tocsin.track.jit import part, plain
from tocsin.track.tiles import Array, Indices

EXACT = 10  # detections of a cluster: 1,024 sets
FAINT = -50.0  # log weights this far below the best of their track are raised to it: no product vanishes
STARRED = 14  # tracks and detections of a cluster
SWEEPS, SETTLED = 200, 1e-9


@part
def root(parent: Indices, i: int) -> int:
    """The representative of a track's cluster."""
    while parent[i] != i:
        i = parent[i]
    return i


@plain
def clusters(start: Indices, index: Indices, first: Indices, parent: Indices) -> None:
    """parent (n,): the least track of each track's cluster. first (detections,) is scratch, -1 on entry."""
    n = start.shape[0] - 1
    for i in range(n):
        parent[i] = i
        for k in range(start[i], start[i + 1]):
            j = index[k]
            if first[j] < 0:
                first[j] = i
            a, b = root(parent, first[j]), root(parent, i)
            parent[max(a, b)] = min(a, b)
    for i in range(n):
        parent[i] = root(parent, i)


@plain
def exact(
    rows: Indices, start: Indices, index: Indices, weight: Array, lone: Array, bit: Indices, sets: int, out: Array
) -> None:
    """Marginals `out` (pairs,) of the tracks `rows` of one cluster, and of no detection in the last len(start) - 1.

    weight (pairs,) of each pair and lone (n,) of no detection. bit (detections,): the place of each in the cluster.
    """
    n, none = rows.shape[0], weight.shape[0]
    before, after = np.zeros((n + 1, sets)), np.zeros((n + 1, sets))
    before[0, 0] = 1.0
    for m in range(sets):
        after[n, m] = 1.0
    for i in range(n):
        for m in range(sets):
            f = before[i, m]
            if f > 0.0:
                before[i + 1, m] += f * lone[rows[i]]
                for k in range(start[rows[i]], start[rows[i] + 1]):
                    b = 1 << bit[index[k]]
                    if m & b == 0:
                        before[i + 1, m | b] += f * weight[k]
        largest = 0.0
        for m in range(sets):
            largest = max(largest, before[i + 1, m])
        for m in range(sets):
            before[i + 1, m] /= largest
    for back in range(n):
        i = n - 1 - back
        largest = 0.0
        for m in range(sets):
            f = lone[rows[i]] * after[i + 1, m]
            for k in range(start[rows[i]], start[rows[i] + 1]):
                b = 1 << bit[index[k]]
                if m & b == 0:
                    f += weight[k] * after[i + 1, m | b]
            after[i, m] = f
            largest = max(largest, f)
        for m in range(sets):
            after[i, m] /= largest
    for i in range(n):
        low, end = start[rows[i]], start[rows[i] + 1]
        total, missed = 0.0, 0.0
        for k in range(low, end):
            out[k] = 0.0
        for m in range(sets):
            f = before[i, m]
            if f > 0.0:
                missed += f * lone[rows[i]] * after[i + 1, m]
                for k in range(low, end):
                    b = 1 << bit[index[k]]
                    if m & b == 0:
                        out[k] += f * weight[k] * after[i + 1, m | b]
        total = missed
        for k in range(low, end):
            total += out[k]
        for k in range(low, end):
            out[k] /= total
        out[none + rows[i]] = missed / total


@plain
def believed(
    rows: Indices, start: Indices, index: Indices, weight: Array, taken: Array, belief: Array, out: Array
) -> None:
    """The same by belief propagation, with weights over that of no detection; taken and belief are scratch."""
    none = weight.shape[0]
    for r in range(rows.shape[0]):
        for k in range(start[rows[r]], start[rows[r] + 1]):
            belief[k] = 1.0
    for _ in range(SWEEPS):
        for r in range(rows.shape[0]):
            for k in range(start[rows[r]], start[rows[r] + 1]):
                taken[index[k]] = 0.0
        for r in range(rows.shape[0]):
            total = 1.0
            for k in range(start[rows[r]], start[rows[r] + 1]):
                total += weight[k] * belief[k]
            for k in range(start[rows[r]], start[rows[r] + 1]):
                out[k] = weight[k] / (total - weight[k] * belief[k])  # from the track to the detection
                taken[index[k]] += out[k]
        change = 0.0
        for r in range(rows.shape[0]):
            for k in range(start[rows[r]], start[rows[r] + 1]):
                new = 1.0 / (1.0 + max(taken[index[k]] - out[k], 0.0))
                change = max(change, abs(new - belief[k]))
                belief[k] = new
        if change < SETTLED:
            break
    for r in range(rows.shape[0]):
        total = 1.0
        for k in range(start[rows[r]], start[rows[r] + 1]):
            total += weight[k] * belief[k]
        for k in range(start[rows[r]], start[rows[r] + 1]):
            out[k] = weight[k] * belief[k] / total
        out[none + rows[r]] = 1.0 / total


@plain
def starred(
    rows: Indices, start: Indices, index: Indices, weight: Array, lone: Array, bit: Indices, sets: int, out: Array
) -> None:
    """As `exact`, but of all events in which the same tracks take the same detections only the likeliest counts.

    JPDA* (Blom & Bloem, IEEE Trans. Automatic Control 45(2), 2000): which of two objects is which no longer draws their
    tracks together.
    """
    n, none = rows.shape[0], weight.shape[0]
    for r in range(n):
        out[none + rows[r]] = 0.0
        for k in range(start[rows[r]], start[rows[r] + 1]):
            out[k] = 0.0
    best, pair = np.empty((n + 1, sets)), np.empty((n + 1, sets), np.int64)
    total = 0.0
    for some in range(1 << n):  # the tracks that take a detection
        for m in range(sets):
            best[0, m] = 0.0
        best[0, 0] = 1.0
        for i in range(n):
            for m in range(sets):
                best[i + 1, m], pair[i + 1, m] = 0.0, -1
            for m in range(sets):
                f = best[i, m]
                if f > 0.0:
                    if some >> i & 1 == 0:
                        best[i + 1, m] = f * lone[rows[i]]
                        continue
                    for k in range(start[rows[i]], start[rows[i] + 1]):
                        b = m | 1 << bit[index[k]]
                        if b != m and f * weight[k] > best[i + 1, b]:
                            best[i + 1, b], pair[i + 1, b] = f * weight[k], k
        for m in range(sets):
            f = best[n, m]
            if f > 0.0:
                total += f
                at = m
                for back in range(n):
                    i = n - 1 - back
                    if some >> i & 1 == 0:
                        out[none + rows[i]] += f
                    else:
                        k = pair[i + 1, at]
                        out[k] += f
                        at ^= 1 << bit[index[k]]
    for r in range(n):
        out[none + rows[r]] /= total
        for k in range(start[rows[r]], start[rows[r] + 1]):
            out[k] /= total


def marginals(
    start: Indices, index: Indices, cost: Array, miss: Array, columns: int, most: int = EXACT, star: bool = False
) -> tuple[Array, Array]:
    """(pairs,) probability of each pair and (n,) of no detection, from costs: negative logarithms of weights.

    Pairs in compressed rows; `miss` (n,) is the cost of no detection. Clusters of up to `most` detections are exact;
    with `star` those of up to STARRED tracks and detections in all keep only the likeliest permutations (`starred`).
    """
    n, count = len(miss), len(cost)
    owner = np.repeat(np.arange(n), np.diff(start))
    gain, most_gain = miss[owner] - cost, np.zeros(n)
    np.maximum.at(most_gain, owner, gain)
    weight = np.exp(np.maximum(gain - most_gain[owner], FAINT))
    lone = np.exp(np.maximum(-most_gain, FAINT))
    out = np.ones(count + n)
    parent = np.empty(n, np.int64)
    clusters(start, index, np.full(columns, -1, np.int64), parent)
    order = np.argsort(parent, kind="stable")
    ends = np.flatnonzero(np.diff(parent[order], append=n + 1)) + 1
    bit, taken, belief = np.zeros(columns, np.int64), np.empty(columns), np.empty(count)
    low = 0
    for end in ends.tolist():
        rows = order[low:end]
        low = end
        if len(rows) == 1:  # alone: no more than its own choice
            i = int(rows[0])
            mine = slice(int(start[i]), int(start[i + 1]))
            total = float(lone[i] + weight[mine].sum())
            out[mine], out[count + i] = weight[mine] / total, lone[i] / total
            continue
        seen = np.unique(np.concatenate([index[start[i] : start[i + 1]] for i in rows.tolist()]))
        if star and len(seen) + len(rows) <= STARRED:
            bit[seen] = np.arange(len(seen))
            starred(rows, start, index, weight, lone, bit, 1 << len(seen), out)
        elif len(seen) <= most:
            bit[seen] = np.arange(len(seen))
            exact(rows, start, index, weight, lone, bit, 1 << len(seen), out)
        else:
            believed(rows, start, index, weight / lone[owner], taken, belief, out)
    return out[:count], out[count:]
