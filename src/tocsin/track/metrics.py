"""How far a picture is from the truth: OSPA, GOSPA and the SIAP attributes, from positions alone.

OSPA: Schuhmacher, Vo & Vo, IEEE Trans. Signal Processing 56(8), 2008. GOSPA with alpha 2, whose parts are errors of
localisation, missed and false objects: Rahmathullah, Garcia-Fernandez & Svensson, FUSION 2017. SIAP (single integrated
air picture): Votruba, Nisley, Rothrock & Zombro, Single Integrated Air Picture Attributes Version 2.0, 2003.
Not imported by the tracker; needs SciPy's assignment.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gospa:
    """One scan. distance (m); its parts before the root: localisation (m^p), missed and false (counts)."""

    distance: float
    localisation: float
    missed: int
    false: int


@dataclass(frozen=True, slots=True)
class Siap:
    """A run. completeness: share of objects followed; ambiguity: tracks an object followed (1 is ideal); spurious:
    share of tracks that follow nothing; accuracy_m: mean distance of a track from its object; changes_per_s: changes
    of track number, an object and second followed."""

    completeness: float
    ambiguity: float
    spurious: float
    accuracy_m: float
    changes_per_s: float


def gospa(truth: Array, tracks: Array, cutoff_m: float = 1000.0, order: float = 2.0) -> Gospa:
    """GOSPA with alpha 2 between positions (n, 3) and (m, 3)."""
    distance = _distances(truth, tracks)
    rows, columns = linear_sum_assignment(np.minimum(distance, cutoff_m) ** order)
    paired = distance[rows, columns]
    near = paired[paired < cutoff_m]
    missed, false = len(truth) - len(near), len(tracks) - len(near)
    localisation = float(np.sum(near**order))
    total = localisation + 0.5 * cutoff_m**order * (missed + false)
    return Gospa(float(total ** (1.0 / order)), localisation, missed, false)


def ospa(truth: Array, tracks: Array, cutoff_m: float = 1000.0, order: float = 2.0) -> float:
    """OSPA (m) between positions (n, 3) and (m, 3); 0 if both are empty, the cut-off if one is."""
    n, m = len(truth), len(tracks)
    if n == 0 or m == 0:
        return cutoff_m if n or m else 0.0
    cost = np.minimum(_distances(truth, tracks), cutoff_m) ** order
    total = cost[linear_sum_assignment(cost)].sum() + cutoff_m**order * abs(n - m)
    return float((total / max(n, m)) ** (1.0 / order))


def siap(
    truth: list[tuple[NDArray[np.int64], Array]],
    tracks: list[tuple[NDArray[np.int64], Array]],
    cutoff_m: float = 1000.0,
    period_s: float = 1.0,
) -> Siap:
    """SIAP of a run: for each scan (numbers (n,), positions (n, 3)) of objects and of tracks.

    A track follows the nearest object if that is within the cut-off; several may follow one.
    """
    objects = followed = number = following = changes = 0
    error = 0.0
    last: dict[int, int] = {}
    for (names, places), (ids, states) in zip(truth, tracks, strict=True):
        objects += len(names)
        number += len(ids)
        if not len(names) or not len(ids):
            continue
        distance = _distances(places, states)
        nearest = np.argmin(distance, axis=0)
        gap = distance[nearest, np.arange(len(ids))]
        valid = gap < cutoff_m
        following += int(valid.sum())
        error += float(gap[valid].sum())
        for i in np.unique(nearest[valid]).tolist():
            mine = np.flatnonzero(valid & (nearest == i))
            held = set(ids[mine].tolist())
            name = int(names[i])
            followed += 1
            if last.get(name) not in held:
                changes += name in last
                last[name] = int(ids[mine[np.argmin(gap[mine])]])
    return Siap(
        completeness=_ratio(followed, objects),
        ambiguity=_ratio(following, followed),
        spurious=_ratio(number - following, number),
        accuracy_m=_ratio(error, following),
        changes_per_s=_ratio(changes, followed * period_s),
    )


def _ratio(a: float, b: float) -> float:
    return a / b if b else 0.0


def _distances(truth: Array, tracks: Array) -> Array:
    """(n, m) metres."""
    difference = np.reshape(truth, (-1, 1, 3)) - np.reshape(tracks, (1, -1, 3))
    distances: Array = np.sqrt(np.sum(difference * difference, axis=-1))
    return distances
