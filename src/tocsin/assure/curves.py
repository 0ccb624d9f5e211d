"""Maps by region and the share of a family that can be engaged: computed from samples, not proved."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt
from typing import Final

import numpy as np

from tocsin.assure.arcs import speed_for
from tocsin.assure.forms import Floats
from tocsin.assure.jit import kernel
from tocsin.assure.model import CEILING, CEILING_KM_S, ROTATION, UNITS, regions_of, setting_of
from tocsin.assure.question import Question
from tocsin.assure.result import FractionCurve, RegionSpeed
from tocsin.assure.threshold import witness

SAMPLES: Final = 400
PLACES: Final = 60
SPEEDS_KM_S: Final = tuple(round(1.0 + 0.25 * n, 2) for n in range(37))


@kernel
def slowest_on_arc(
    arc: Floats, late: float, altitude_min: float, rotation: float, cap: float, ceiling: float, places: int
) -> float:
    """Least speed over the places of one arc (8,), on a grid refined once around its best place."""
    trial = arc.copy()
    best, best_place = ceiling, 0.0
    for n in range(places):
        trial[7] = -1.0 + 2.0 * n / (places - 1)
        speed = speed_for(trial, late, altitude_min, rotation, cap, ceiling)
        if speed < best:
            best, best_place = speed, trial[7]
    step = 2.0 / (places - 1)
    for _ in range(14):
        for sign in (-1.0, 1.0):
            trial[7] = min(1.0, max(-1.0, best_place + sign * step))
            speed = speed_for(trial, late, altitude_min, rotation, cap, ceiling)
            if speed < best:
                best, best_place = speed, trial[7]
        step *= 0.6
    return best


@kernel
def slowest_on_arcs(
    arcs: Floats, late: float, altitude_min: float, rotation: float, cap: float, ceiling: float, places: int
) -> Floats:
    """slowest_on_arc for arcs (n, 8)."""
    out = np.empty(arcs.shape[0])
    for n in range(arcs.shape[0]):
        out[n] = slowest_on_arc(arcs[n], late, altitude_min, rotation, cap, ceiling, places)
    return out


def _some_delays(question: Question) -> tuple[Fraction, ...]:
    delays = question.delays_s
    return tuple(dict.fromkeys(delays[n] for n in (0, len(delays) // 4, len(delays) // 2, len(delays) - 1)))


def region_speeds(question: Question, generator: np.random.Generator) -> tuple[RegionSpeed, ...]:
    """The slowest engagement found in every combination of regions, at a few delays."""
    out = []
    for delay in _some_delays(question):
        for region in regions_of(question, (delay, delay)):
            found = witness(question, region, delay, generator)
            out.append(
                RegionSpeed(
                    site=region.site.name,
                    launch=region.launch.name,
                    aim=region.aim.name,
                    delay_s=float(delay),
                    speed_km_s=None if found is None else round(found.speed_km_s, 2),
                )
            )
    return tuple(out)


def fractions(question: Question, generator: np.random.Generator, samples: int = SAMPLES) -> tuple[FractionCurve, ...]:
    """Share of arcs engageable from any site, over speed, at a few delays.

    Arcs are drawn evenly from every pair of launch and aim regions (even in latitude, longitude and apogee factor).
    `error` is two standard errors of a share at one half.
    """
    setting = setting_of(question)
    cap = 1e6 if setting.flight_cap is None else setting.flight_cap
    delays = _some_delays(question)
    regions = regions_of(question, (delays[0], delays[0]))
    by_pair: dict[tuple[str, str], Floats] = {}
    needed = {delay: dict[tuple[str, str], Floats]() for delay in delays}
    for region in regions:
        pair = (region.launch.name, region.aim.name)
        low, high = region.box[:8, 0], region.box[:8, 1]
        if pair not in by_pair:
            by_pair[pair] = low + (high - low) * generator.random((samples, 8))
        arcs = by_pair[pair].copy()
        arcs[:, 4:6] = 0.5 * (low[4:6] + high[4:6])
        for delay in delays:
            late = float(delay) / UNITS.time_s - setting.arc_start_max
            speeds = slowest_on_arcs(arcs, late, setting.altitude_min, ROTATION, cap, CEILING, PLACES)
            before = needed[delay].get(pair)
            needed[delay][pair] = speeds if before is None else np.minimum(before, speeds)
    out = []
    for delay in delays:
        every = np.concatenate(list(needed[delay].values())) * UNITS.speed_km_s
        shares = tuple(float(np.mean((every <= v) & (every < CEILING_KM_S))) for v in SPEEDS_KM_S)
        out.append(
            FractionCurve(
                delay_s=float(delay),
                samples=len(every),
                speeds_km_s=SPEEDS_KM_S,
                shares=shares,
                error=1.0 / sqrt(len(every)),
            )
        )
    return tuple(out)
