"""From a question to numbers: units, settings, boxes of variables."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import radians
from typing import Final

import numpy as np

from tocsin.assure.forms import Floats
from tocsin.assure.question import Box, Question
from tocsin.assure.reach import Setting, Units

# The sphere and the turning of the model. Radius: mean radius R1 of the ellipsoid, rounded (Moritz, GRS 80);
# mu and rotation: WGS 84 (NGA.STND.0036).
RADIUS_KM: Final = Fraction(6371)
MU_KM3_S2: Final = Fraction("398600.4418")
ROTATION_RAD_S: Final = Fraction("0.00007292115")
CEILING_KM_S: Final = 10.0  # "none below 10 km/s"

UNITS: Final = Units.of(float(RADIUS_KM), float(MU_KM3_S2))
ROTATION: Final = float(ROTATION_RAD_S) * UNITS.time_s
CEILING: Final = CEILING_KM_S / UNITS.speed_km_s
WAITING_UNITS: Final = 9.0
Clips = tuple[Fraction, Fraction, Fraction]
NO_CLIPS: Final[Clips] = (Fraction(1, 2),) * 3  # where no flight time is bounded


@dataclass(frozen=True)
class Region:
    """One combination of site, launch region and aim region, and its box of ten variables (10, 2)."""

    site: Box
    launch: Box
    aim: Box
    box: Floats

    @property
    def name(self) -> str:
        """Site / launch region / aim region."""
        return f"{self.site.name} / {self.launch.name} / {self.aim.name}"


def clips_for(speed_km_s: float) -> Clips:
    """Where the flight time may be cut to its tangent, rising; the last as near to 1 as the lemma on waiting allows.

    Nearer to 1 the bound is sharper but bends more: small boxes are ruled out by the last, wide ones by the first.
    """
    energy = 1.0 - 0.5 * (speed_km_s / UNITS.speed_km_s) ** 2
    bits = 5
    while bits < 14 and (2.0 * (2.0 ** (bits + 1) - 1.0) ** 0.5 * ROTATION) ** 2 < 7.9 * energy:
        bits += 1
    first, second, third = (1 - Fraction(1, 2 ** max(b, 4)) for b in (bits - 3, bits - 2, bits))
    return first, second, third


def setting_of(question: Question, clips: Clips = NO_CLIPS) -> Setting:
    """Constants of the bound in units of the model."""
    time, length = UNITS.time_s, UNITS.length_km
    cap = question.flight_cap_s
    return Setting(
        rotation=ROTATION,
        drift=float(question.drift_km_s2.high) * time * time / length,
        burn_radius=float(question.burn_radius_km.high) / length,
        altitude_min=float(question.altitude_min_km.low) / length,
        arc_start_max=float(question.arc_start_max_s) / time,
        flight_cap=None if cap is None else float(cap.high) / time,
        clips=(float(clips[0]), float(clips[1]), float(clips[2])),
    )


def _interval(box: Box) -> list[tuple[float, float]]:
    return [(radians(float(value.low)), radians(float(value.high))) for value in (box.latitude_deg, box.longitude_deg)]


def region_of(question: Question, site: Box, launch: Box, aim: Box, delays_s: tuple[Fraction, Fraction]) -> Region:
    """The box of one combination; the aim's longitudes are swept by the turning Earth."""
    aims = _interval(aim)
    turn = float(ROTATION_RAD_S)
    aims[1] = (
        aims[1][0] + turn * float(question.arc_time_s.low),
        aims[1][1] + turn * float(question.arc_time_s.high),
    )
    start = abs(float(question.arc_start_max_s)) / UNITS.time_s
    rows = [
        *_interval(launch),
        *aims,
        *_interval(site),
        (float(question.apogee_factor.low), float(question.apogee_factor.high)),
        (-1.0, 1.0),
        (float(delays_s[0]) / UNITS.time_s, float(delays_s[1]) / UNITS.time_s),
        (0.0, WAITING_UNITS + start),
    ]
    return Region(site, launch, aim, np.array(rows, dtype=float))


def regions_of(question: Question, delays_s: tuple[Fraction, Fraction]) -> tuple[Region, ...]:
    """Boxes of all combinations."""
    return tuple(region_of(question, s, a, b, delays_s) for s, a, b in question.pairs)
