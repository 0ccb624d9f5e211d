"""Finding a subdivision tree: fast floats, look-ahead over which variable to split.

A tree is a text in preorder: a digit splits that variable in the middle (lower half first), a letter is a leaf:
`T`, `U`, `V` time (one for each clip), `L` no time left, `B` too far for a straight line, `H` too high, `S` back on
the ground, `E` ellipsoid, `C` cap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tocsin.assure.forms import Floats, Ints, Work, evaluate, lowest, room
from tocsin.assure.jit import kernel, part
from tocsin.assure.program import N_VARIABLES, WAITING
from tocsin.assure.reach import Bound

LEAVES = "TUVLBHSEC"
TIMED = "TUVC"  # leaves that need a flight time
AT_ONCE = "TUVLBH"  # leaves for which only the least waiting time of the box counts
ANY, TIMES, PLACES = 0.0, 1.0, 2.0  # as floats: for each integer written out Numba compiles the functions once more
_MARGIN = 2e-9
_MAX_DEPTH = 120
_STEEPNESS = 10.0  # flight time per unit of the ellipsoid's excess: makes scores comparable
_LEAST_WAIT = 0.02  # splitting the waiting time further than 15 s never paid


@dataclass(frozen=True)
class Tree:
    """What the search found; `complete` is False where it gave up. `hardest` is the box it gave up on."""

    text: str
    leaves: int
    complete: bool
    hardest_middle: tuple[float, ...]


@part
def _at_once(
    outs: Ints,
    guard: Floats,
    work: Work,
    held: float,
    mode: float,
) -> tuple[float, int]:
    """The best lower bound over the kinds that need the least waiting time only (and `S`, which is linear in it)."""
    best, kind = -50.0, -1
    left = -lowest(work, outs[3], -1.0)
    if mode != PLACES:
        near = work[0][outs[8]] + work[4][outs[8], 3] + max(left, 0.0) * guard[4]
        for k in range(3):
            low = lowest(work, outs[k], 1.0)
            if near < guard[k] and low > best:
                best, kind = low, k
        if -left > best:
            best, kind = -left, 3
        low = lowest(work, outs[4], -1.0)
        if low > best:
            best, kind = low, 4
    if mode != TIMES:
        low = max(
            lowest(work, outs[5], 1.0),
            lowest(work, outs[10], 1.0),
        )
        if low < 0.0:
            low *= _STEEPNESS
        if low > best:
            best, kind = low, 5
        low = lowest(work, outs[6], 1.0) - 2.0 * held
        if low > best and mode != PLACES:
            best, kind = low, 6
    return best, kind


@part
def _score(
    steps: Ints,
    constants: Floats,
    outs: Ints,
    guard: Floats,
    middle: Floats,
    half: Floats,
    work: Work,
    mode: float,
) -> tuple[float, int]:
    """The best lower bound over the kinds of leaf (positive: excluded), and the kind.

    mode TIMES: only flight times; PLACES: only E and H.

    outs: three times, left, spare, height, slow, ellipsoid, near part, cap, floor. guard: three clips, whether there
    is a cap, half the rotation times energy, 1 - rotation / speed.
    """
    held, start = half[WAITING], middle[WAITING]
    middle[WAITING], half[WAITING] = start - held, 0.0
    best, kind = -50.0, -1
    longest = 2.0 * held
    if evaluate(steps, constants, middle, half, work):
        best, kind = _at_once(outs, guard, work, held, mode)
        if guard[5] > 0.0:
            longest = min(
                longest,
                max(0.0, -lowest(work, outs[4], -1.0)) / guard[5] + 1e-9,
            )
    if best <= _MARGIN and mode != TIMES:
        half[WAITING] = 0.5 * longest
        middle[WAITING] = start - held + half[WAITING]
        if evaluate(steps, constants, middle, half, work):
            low = lowest(work, outs[7], 1.0)
            if low < 0.0:
                low *= _STEEPNESS
            if low > best:
                best, kind = low, 7
            if guard[3] > 0.0 and mode != PLACES and work[0][outs[8]] + work[4][outs[8], 3] < guard[0]:
                low = lowest(work, outs[9], 1.0)
                if low > best:
                    best, kind = low, 8
    middle[WAITING], half[WAITING] = start, held
    return best, kind


@part
def _mode(
    steps: Ints,
    constants: Floats,
    outs: Ints,
    guard: Floats,
    middle: Floats,
    half: Floats,
    work: Work,
) -> float:
    """Which kinds to pursue: those that exclude the middle of the box, for all waiting times, by most."""
    thin = np.zeros(N_VARIABLES)
    thin[WAITING] = half[WAITING]
    time, _ = _score(steps, constants, outs, guard, middle, thin, work, TIMES)
    place, _ = _score(steps, constants, outs, guard, middle, thin, work, PLACES)
    if place > 0.0 and place * guard[6] > time:
        return PLACES
    return TIMES if time > 0.0 else ANY


@kernel
def _grow(
    steps: Ints,
    constants: Floats,
    outs: Ints,
    guard: Floats,
    middle0: Floats,
    half0: Floats,
    work: Work,
    max_leaves: int,
) -> tuple[list[int], int, bool, Floats]:
    stack = [(middle0.copy(), half0.copy(), 0)]
    marks = [0]
    marks.pop()
    leaves = 0
    while len(stack) > 0:
        middle, half, depth = stack.pop()
        best, kind = _score(steps, constants, outs, guard, middle, half, work, ANY)
        if best > _MARGIN:
            marks.append(10 + kind)
            leaves += 1
            continue
        if depth >= _MAX_DEPTH or leaves + len(stack) >= max_leaves:
            return marks, leaves, False, middle
        mode = _mode(steps, constants, outs, guard, middle, half, work)
        known = best
        split, most = -1, -1e9
        for v in range(N_VARIABLES):
            if half[v] <= 1e-9 * half0[v] or (v == WAITING and (mode == TIMES or half[v] < _LEAST_WAIT)):
                continue
            part_m, part_h = middle.copy(), half.copy()
            pursued = ANY if v == WAITING else mode
            part_h[v] *= 0.5
            part_m[v] = middle[v] - part_h[v]
            one, _ = _score(steps, constants, outs, guard, part_m, part_h, work, pursued)
            part_m[v] = middle[v] + part_h[v]
            two, _ = _score(steps, constants, outs, guard, part_m, part_h, work, pursued)
            gain = min(max(one, known), 0.0) + min(max(two, known), 0.0) + 1e-4 * half[v] / half0[v]
            if one <= -50.0 and two <= -50.0:
                gain = -200.0 + half[v] / half0[v] * (3.0 if v == 7 else 1.0)
            if gain > most:
                split, most = v, gain
        if split < 0:
            return marks, leaves, False, middle
        marks.append(split)
        half[split] *= 0.5
        upper = middle.copy()
        upper[split] += half[split]
        middle[split] -= half[split]
        stack.append((upper, half.copy(), depth + 1))
        stack.append((middle, half, depth + 1))
    return marks, leaves, True, middle0


def grow(
    bound: Bound,
    box: Floats,
    clips: tuple[float, float, float],
    capped: bool,
    wait_guard: tuple[float, float],
    max_leaves: int,
    lean: float = 10_000.0,
) -> Tree:
    """Search a tree over a box (N_VARIABLES, 2); gives up beyond `max_leaves` or where a point is not excluded.

    `wait_guard`: half the rotation times energy, and 1 - rotation / speed. `lean`: how readily the ellipsoid and the
    height are tried before the flight time.
    """
    b = bound
    outs = np.array([*b.times, b.left, b.spare, b.height, b.slow, b.ellipsoid, b.near, b.cap, b.floor], dtype=np.int64)
    guard = np.array([*(clip - 1e-9 for clip in clips), 1.0 if capped else 0.0, *wait_guard, lean])
    middle, half = 0.5 * (box[:, 0] + box[:, 1]), 0.5 * (box[:, 1] - box[:, 0])
    marks, leaves, complete, hardest = _grow(
        bound.steps,
        np.array(bound.constants, dtype=float),
        outs,
        guard,
        middle,
        half,
        room(len(bound.constants)),
        max_leaves,
    )
    text = "".join(str(m) if m < 10 else LEAVES[m - 10] for m in marks)
    return Tree(text, leaves, complete, tuple(float(x) for x in hardest))
