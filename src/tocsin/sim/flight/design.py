"""What is flown, as plain records: burn times and speeds gained, never an engine, a mass or a payload.

Only what open sources print about a class of vehicle enters: how long it burns, how fast it is at the end.
"""

import math
from dataclasses import dataclass, replace

from tocsin.world.constants import G0_M_S2

REENTRY_HEIGHT_M = 100e3
"""Below this on the way down a flight counts as re-entry (Karman's line, FAI Sporting Code section 8). [S]"""

EXHAUST_M_S = 2_600.0
"""Effective exhaust speed when a design names none: specific impulse of 265 s, between the 226 s and 287 s that
public trajectory codes use for short-range and intercontinental vehicles. [I] Only shapes how thrust acceleration
grows during a burn."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """One burn of constant thrust. `delta_v_m_s` is the speed it would give without gravity and air."""

    ignition_s: float
    burn_s: float
    delta_v_m_s: float
    exhaust_m_s: float = EXHAUST_M_S

    @property
    def burnout_s(self) -> float:
        """Seconds after launch."""
        return self.ignition_s + self.burn_s

    @property
    def burnt(self) -> float:
        """Share of the mass at ignition that is gone at burnout (Tsiolkovsky)."""
        return -math.expm1(-self.delta_v_m_s / self.exhaust_m_s)

    def acceleration_m_s2(self, t_s: float) -> float:
        """Thrust acceleration at `t_s` after launch, during the burn."""
        rate = self.burnt / self.burn_s
        return self.exhaust_m_s * rate / (1.0 - rate * (t_s - self.ignition_s))


@dataclass(frozen=True, kw_only=True, slots=True)
class Steering:
    """Where the thrust points: straight up until `start_s`, then tilting evenly to `tilt_deg` from the launch
    vertical towards `azimuth_deg` until `end_s`; held there in inertial space, or from `gravity_turn_s` on along the
    velocity through the air. A rail is a start and an end at 0."""

    azimuth_deg: float
    tilt_deg: float
    start_s: float
    end_s: float
    gravity_turn_s: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FlightDesign:
    """A flight before it is flown. Ballistic coefficients m / (C_d A) in kg/m^2; infinity is a flight without air."""

    latitude_deg: float
    longitude_deg: float
    height_m: float = 0.0
    stages: tuple[Stage, ...]
    steering: Steering
    ascent_kg_m2: float = math.inf
    reentry_kg_m2: float = math.inf

    @property
    def burnout_s(self) -> float:
        """End of the last burn, seconds after launch."""
        return self.stages[-1].burnout_s

    @property
    def delta_v_m_s(self) -> float:
        """Sum over the stages."""
        return sum(stage.delta_v_m_s for stage in self.stages)

    @property
    def lifts_off(self) -> bool:
        """Whether the first thrust carries the weight."""
        return self.stages[0].acceleration_m_s2(self.stages[0].ignition_s) > G0_M_S2

    def scaled(self, factor: float) -> "FlightDesign":
        """All stages give `factor` times the speed in the same time."""
        stages = tuple(replace(stage, delta_v_m_s=factor * stage.delta_v_m_s) for stage in self.stages)
        return replace(self, stages=stages)

    def tilted(self, east_rad: float, north_rad: float) -> "FlightDesign":
        """The same with the final tilt given as a vector: smooth through straight up."""
        tilt = math.degrees(math.hypot(east_rad, north_rad))
        azimuth = math.degrees(math.atan2(east_rad, north_rad)) % 360.0
        return replace(self, steering=replace(self.steering, tilt_deg=tilt, azimuth_deg=azimuth))
