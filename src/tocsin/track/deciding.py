"""Which tentative tracks are flights: the best compatible set of hypotheses, and by how much it is the best.

Two hypotheses exclude each other if they share a detection of the last scans. The weight of a set is the sum of its
log odds, so the best set is a maximum-weight independent set: exact by branch and bound in clusters of up to 64
hypotheses while the work stays within a limit, greedy beyond (Papageorgiou & Salpukas, Optimization and Cooperative
Control Strategies, 2009).
"""

import numpy as np

from tocsin.track.jit import part, plain
from tocsin.track.pool import TRAIL
from tocsin.track.tiles import Array, Flags, Indices

NODES = 64
SWEEPS = 12
PEERS_MAX = 1000
WORK = 4000  # branch-and-bound steps a cluster


@plain
def strongest(trail: Indices, score: Array, slots: Indices, low: int, best: Array) -> None:
    """best (detections,): the highest score of any hypothesis that uses a detection; -inf where none does."""
    for i in range(slots.shape[0]):
        for k in range(TRAIL):
            at = trail[slots[i], k] - low
            if trail[slots[i], k] >= 0 and at >= 0 and score[slots[i]] > best[at]:
                best[at] = score[slots[i]]


@plain
def outclassed(trail: Indices, score: Array, slots: Indices, low: int, best: Array, gap: float, out: Flags) -> None:
    """out (n,): True where some detection of a hypothesis has another user whose log odds are higher by `gap`."""
    for i in range(slots.shape[0]):
        for k in range(TRAIL):
            at = trail[slots[i], k] - low
            if trail[slots[i], k] >= 0 and at >= 0 and best[at] > score[slots[i]] + gap:
                out[i] = True


@plain
def users(trail: Indices, slots: Indices, low: int, head: Indices, after: Indices) -> None:
    """Lists of the hypotheses (places in `slots`, rising) that use each detection: entry e = TRAIL i + k is place i."""
    for back in range(slots.shape[0]):
        i = slots.shape[0] - 1 - back
        for k in range(TRAIL):
            e = TRAIL * i + k
            at = trail[slots[i], k] - low
            if trail[slots[i], k] >= 0 and at >= 0:
                after[e] = head[at]
                head[at] = e


@plain
def bargain(score: Array, slots: Indices, head: Indices, after: Indices, sweeps: int, spare: Array) -> None:
    """spare (n,): log odds of each hypothesis less the prices of its detections; zero or more for good candidates.

    Coordinate descent on the dual of the set-packing problem: each price goes half-way between its best and its
    second-best user's offer (Globerson & Jaakkola, NIPS 2007, on this problem). In a picture that must hold
    hypothesis i the total falls by at least -spare[i], up to the duality gap.
    """
    price = np.zeros(head.shape[0])
    for i in range(slots.shape[0]):
        spare[i] = score[slots[i]]
    for _ in range(sweeps):
        for at in range(head.shape[0]):
            first, second = 0.0, 0.0
            e = head[at]
            while e >= 0:
                offer = spare[e // TRAIL] + price[at]
                if offer > first:
                    first, second = offer, first
                elif offer > second:
                    second = offer
                e = after[e]
            new = 0.5 * (first + second)
            change = new - price[at]
            if change != 0.0:
                price[at] = new
                e = head[at]
                while e >= 0:
                    spare[e // TRAIL] -= change
                    e = after[e]


@part
def cluster(
    i: int, trail: Indices, score: Array, slots: Indices, low: int, head: Indices, after: Indices, mark: Indices,
    nodes: Indices,
) -> int:  # fmt: skip
    """Hypotheses joined to place i by shared detections, nearest first, at most NODES of them; returns their number.

    `mark` (n,) becomes i + 1 for those taken; those of other clusters stay out. Of the users of one detection the first
    PEERS_MAX are asked.
    """
    n = 1
    nodes[0] = i
    mark[i] = i + 1
    done = 0
    while done < n and n < NODES:
        s = slots[nodes[done]]
        for k in range(TRAIL):
            at = trail[s, k] - low
            if trail[s, k] < 0 or at < 0:
                continue
            e, asked = head[at], 0
            while e >= 0 and n < NODES and asked < PEERS_MAX:
                asked += 1
                j = e // TRAIL
                if mark[j] == 0 and score[slots[j]] > 0.0:
                    mark[j] = i + 1
                    nodes[n] = j
                    n += 1
                e = after[e]
        done += 1
    return n


@part
def exclusions(trail: Indices, slots: Indices, nodes: Indices, n: int, against: Flags) -> None:
    """against (n, n): which of the nodes share a detection."""
    for a in range(n):
        for c in range(n):
            against[a, c] = False
            for k in range(TRAIL):
                one = trail[slots[nodes[a]], k]
                for m in range(TRAIL):
                    if one >= 0 and one == trail[slots[nodes[c]], m]:
                        against[a, c] = True


@plain
def best_set(weight: Array, against: Flags, n: int, order: Indices, taken: Flags) -> float:
    """Weight of the best compatible set of nodes; `taken` (n,) receives the set.

    `order`: the most promising nodes first. Branch and bound, depth first; the bound adds the best weight
    of each clique of a greedy cover. After WORK steps the best set so far stands.
    """
    group = np.empty(n, np.int64)
    groups = 0
    for a in range(n):
        found = -1
        for g in range(groups):
            fits = True
            for c in range(a):
                if group[c] == g and not against[order[a], order[c]]:
                    fits = False
            if fits and found < 0:
                found = g
        if found < 0:
            found = groups
            groups += 1
        group[a] = found
    now = np.zeros(n, np.bool_)
    top = np.empty(groups)
    value, best = 0.0, -1.0
    at, steps = 0, 0
    while True:
        steps += 1
        if at < n:
            for g in range(groups):
                top[g] = 0.0
            for a in range(at, n):
                top[group[a]] = max(top[group[a]], weight[order[a]])
            room = value
            for g in range(groups):
                room += top[g]
        if at == n or room <= best or steps > WORK:
            if at == n and value > best:
                best = value
                for a in range(n):
                    taken[order[a]] = now[a]
            if steps > WORK and best >= 0.0:
                return best
            at -= 1
            while at >= 0 and not now[at]:
                at -= 1
            if at < 0:
                return best
            now[at] = False
            value -= weight[order[at]]
            at += 1
            continue
        free = True
        for c in range(at):
            if now[c] and against[order[c], order[at]]:
                free = False
        now[at] = free
        if free:
            value += weight[order[at]]
        at += 1


@part
def spent(trail: Indices, slot: int, low: int, closed: Flags) -> bool:
    """Whether a winner has taken a detection of this hypothesis."""
    for k in range(TRAIL):
        at = trail[slot, k] - low
        if trail[slot, k] >= 0 and at >= 0 and closed[at]:
            return True
    return False


@part
def close(trail: Indices, slot: int, low: int, closed: Flags) -> None:
    """Mark what a winner has taken."""
    for k in range(TRAIL):
        at = trail[slot, k] - low
        if trail[slot, k] >= 0 and at >= 0:
            closed[at] = True


@plain
def decide(
    trail: Indices, score: Array, slots: Indices, ready: Flags, low: int, head: Indices, after: Indices, closed: Flags,
    win: Flags,
) -> None:  # fmt: skip
    """win (n,): which of the hypotheses that are `ready` belong to the best compatible set of their cluster.

    slots: the most promising first. closed (detections,) becomes True where a winner has taken one.
    """
    n_all = slots.shape[0]
    mark = np.zeros(n_all, np.int64)
    nodes, order = np.empty(NODES, np.int64), np.empty(NODES, np.int64)
    weight, against = np.empty(NODES), np.empty((NODES, NODES), np.bool_)
    taken = np.empty(NODES, np.bool_)
    for i in range(n_all):
        if not ready[i] or mark[i] > 0 or spent(trail, slots[i], low, closed):
            continue
        n = cluster(i, trail, score, slots, low, head, after, mark, nodes)
        exclusions(trail, slots, nodes, n, against)
        for a in range(n):
            weight[a] = score[slots[nodes[a]]]
            taken[a] = False
            order[a] = a
        for a in range(1, n):
            x = order[a]
            c = a - 1
            while c >= 0 and nodes[order[c]] > nodes[x]:
                order[c + 1] = order[c]
                c -= 1
            order[c + 1] = x
        best_set(weight, against, n, order, taken)
        for a in range(n):
            j = nodes[a]
            if taken[a] and ready[j] and not spent(trail, slots[j], low, closed):
                win[j] = True
                close(trail, slots[j], low, closed)
