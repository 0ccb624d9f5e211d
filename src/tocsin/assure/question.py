"""A question as a file: who stands where, which family of arcs, what is assumed. Every value has a source.

Numbers are read as exact decimals and kept as fractions; a binary float never enters a proof.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from fractions import Fraction

MARKS = {"S": "stated", "C": "computed", "I": "inferred", "U": "uncertain"}
SPEED_MEANINGS = ("arc", "maximum")
FRAMES = ("inertial", "earth-fixed")


@dataclass(frozen=True)
class Value:
    """An interval [low, high] (equal for a single number) with its unit, mark and source."""

    low: Fraction
    high: Fraction
    unit: str
    mark: str
    source: str


@dataclass(frozen=True)
class Box:
    """A region between two parallels and two meridians; never a point."""

    name: str
    latitude_deg: Value
    longitude_deg: Value


@dataclass(frozen=True)
class Reading:
    """One source's figure in a disputed matter."""

    value: str
    mark: str
    source: str


@dataclass(frozen=True)
class Dispute:
    """A value on which sources disagree; none of its readings enters a proof."""

    name: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class Force:
    """Numbers for the question of capacity, apart from reach."""

    name: str
    warheads: Value
    interceptors: Value
    shots_per_target: Value
    hit_probability: Value


@dataclass(frozen=True)
class Question:
    """A whole question. Times in seconds after the launch of the missile."""

    name: str
    title: str
    summary: str
    defender: str
    deterrent: str
    speed_meaning: str
    speed_frame: str
    burnout_height_max_km: Value
    sites: tuple[Box, ...]
    launches: tuple[Box, ...]
    aims: tuple[Box, ...]
    apogee_factor: Value
    boost_time_s: Value
    arc_start_fraction: Value
    arc_time_s: Value
    commit_delay_s: Value
    delay_step_s: Value
    altitude_min_km: Value
    flight_cap_s: Value | None
    burn_radius_km: Value
    burn_time_max_s: Value | None
    drift_km_s2: Value
    disputes: tuple[Dispute, ...]
    forces: tuple[Force, ...]
    shorter_range_km: Value | None
    data: bytes

    @property
    def sha256(self) -> str:
        """SHA-256 of the file's bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def arc_start_max_s(self) -> Fraction:
        """Latest time after launch at which the free-flight arc, traced back, leaves the surface."""
        return self.boost_time_s.high * self.arc_start_fraction.high

    @property
    def pairs(self) -> tuple[tuple[Box, Box, Box], ...]:
        """Every combination (site, launch region, aim region)."""
        return tuple((s, a, b) for s in self.sites for a in self.launches for b in self.aims)

    @property
    def delays_s(self) -> tuple[Fraction, ...]:
        """The commit delays for which thresholds are found, from least to largest."""
        low, high, step = self.commit_delay_s.low, self.commit_delay_s.high, self.delay_step_s.low
        out = [low]
        while out[-1] < high:
            out.append(min(out[-1] + step, high))
        return tuple(out)
