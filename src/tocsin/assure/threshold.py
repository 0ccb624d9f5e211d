"""Brackets: a speed below which nothing is reached (a tree over the continuum) and one at which something is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tocsin.assure.arcs import lowest, place, speeds_for
from tocsin.assure.forms import Floats
from tocsin.assure.meaning import meant_high, meant_low
from tocsin.assure.model import CEILING, CEILING_KM_S, ROTATION, UNITS, Clips, Region, clips_for, regions_of, setting_of
from tocsin.assure.question import Question
from tocsin.assure.reach import bound
from tocsin.assure.search import Tree, grow

Progress = Callable[[str, float], None]
_STARTS = 12
_SAMPLES = 6000
_CAP_NONE = 1e6
LEANS = (1000.0, 10_000.0, 10.0)
_CLOSEST = 0.995
WIDTHS = (0.02, 0.03, 0.04, 0.049, 0.07, 0.1, 0.15, 0.25, 0.4)


@dataclass(frozen=True)
class Witness:
    """An engagement in the nominal model; only region, speed and coarse time are ever published."""

    region: Region
    speed_km_s: float
    point: Floats
    arc_time_s: float


@dataclass(frozen=True)
class Claim:
    """Below `speed_km_s` (at the two ends of `delays_s`) nothing is reached: trees, one for each region."""

    delays_s: tuple[Fraction, Fraction]
    speeds_km_s: tuple[Fraction, Fraction]
    clips: Clips
    regions: tuple[Region, ...]
    trees: tuple[Tree, ...]

    @property
    def leaves(self) -> int:
        """Leaves of all trees together."""
        return sum(tree.leaves for tree in self.trees)


def witness(question: Question, region: Region, delay_s: Fraction, generator: np.random.Generator) -> Witness | None:
    """The slowest engagement found in one region at one commit delay; None if none below the ceiling."""
    setting = setting_of(question)
    late = float(delay_s) / UNITS.time_s - setting.arc_start_max
    cap = _CAP_NONE if setting.flight_cap is None else setting.flight_cap
    low, high = region.box[:8, 0], region.box[:8, 1]
    share = generator.random((_SAMPLES, 8))
    snap = generator.random((_SAMPLES, 8)) < 0.5
    snap[:, 7] = False
    points = low + (high - low) * np.where(snap, np.round(share), share)
    found = speeds_for(points, np.full(_SAMPLES, late), setting.altitude_min, ROTATION, cap, CEILING)
    starts = points[np.argsort(found, kind="stable")[:_STARTS]]
    speed, point = lowest(starts, low, high, late, setting.altitude_min, ROTATION, cap, CEILING, 400)
    if speed >= CEILING:
        return None
    return Witness(region, speed * UNITS.speed_km_s, point, place(point, setting.altitude_min)[1] * UNITS.time_s)


def slowest(question: Question, delay_s: Fraction, generator: np.random.Generator) -> Witness | None:
    """The slowest engagement over all regions."""
    found = [witness(question, r, delay_s, generator) for r in regions_of(question, (delay_s, delay_s))]
    real = [w for w in found if w is not None]
    return min(real, key=lambda w: w.speed_km_s) if real else None


def prove(
    question: Question,
    delays_s: tuple[Fraction, Fraction],
    speeds_km_s: tuple[Fraction, Fraction],
    max_leaves: int,
    leans: Sequence[float] = LEANS,
) -> Claim | None:
    """Small trees for one claim, each the smallest over `leans` (the bound preferred); None where a search gave up."""
    clips = clips_for(float(max(speeds_km_s)))
    setting = setting_of(question, clips)
    units = tuple(float(v) / UNITS.speed_km_s for v in speeds_km_s)
    times = (float(delays_s[0]) / UNITS.time_s, float(delays_s[1]) / UNITS.time_s)
    program = bound(setting, times, (units[0], units[1]), times[0] < times[1])
    regions = regions_of(question, delays_s)
    guard = (0.5 * ROTATION * (1.0 - 0.5 * min(units) ** 2), 1.0 - ROTATION / min(units))
    trees: list[Tree] = []
    for region in regions:
        left, best = max_leaves - sum(tree.leaves for tree in trees), None
        for lean in leans:
            tree = grow(program, region.box, setting.clips, setting.flight_cap is not None, guard, left, lean)
            if tree.complete:
                best, left = tree, tree.leaves - 1
        if best is None:
            return None
        trees.append(best)
    return Claim(delays_s, speeds_km_s, clips, regions, tuple(trees))


def highest_claim(
    question: Question,
    delay_s: Fraction,
    found: Witness | None,
    max_leaves: int,
    target: float = 0.02,
    at_least_km_s: float = 0.0,
    leans: Sequence[float] = LEANS,
) -> Claim | None:
    """The claim that leaves the narrowest of fixed widths, in the question's own speed, within `max_leaves` leaves.

    `target` is the width aimed at: nothing tighter is tried. None where no claim above `at_least_km_s` fits: leaves
    grow steeply as the gap to the threshold closes, and the error radii alone may be wider than the target.
    """
    delays = (delay_s, delay_s)
    if found is None:
        speed = Fraction(int(CEILING_KM_S))
        return prove(question, delays, (speed, speed), max_leaves, leans)
    for width in (target, *(w for w in WIDTHS if w > target)):
        speed = speed_for_width(question, found.speed_km_s, width)
        if speed <= at_least_km_s:
            return None
        if speed >= _CLOSEST * found.speed_km_s:
            continue  # the frame alone leaves more open
        claim = prove(question, delays, (speed, speed), max_leaves, leans)
        if claim is not None:
            return claim
    return None


def speed_for_width(question: Question, high_km_s: float, width: float) -> Fraction:
    """Least speed on the arc, in m/s, that leaves a bracket no wider than `width` below a speed that was found."""
    wanted = (1.0 - width) * meant_high(question, high_km_s)
    low, high = 0, int(high_km_s * 1000)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if meant_low(question, middle / 1000) >= wanted else (middle, high)
    return Fraction(high, 1000)
