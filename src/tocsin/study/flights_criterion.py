"""Can the published figures be those of a ballistic flight? The criterion, and the classes of boost.

A vacuum arc exists between any two points with any apogee, so "is there an arc" decides nothing. Three questions do:

1. Is the top of the arc in free fall? At dynamic pressure q a body of ballistic coefficient b and lift-to-drag ratio L
   can bend its path with q L / b. Where that exceeds 1 % of gravity at the very top, where the air is thinnest, apogee
   and range are made by lift and drag as much as by the burnout speed: no ballistic coefficient and no lift can be told
   from the figures. Then the verdict is "not identifiable". With b = 7324 kg/m^2 (the lowest that public trajectory
   code uses) and L = 2.6 (a glider) the bound is 276 Pa, which a flight over a few hundred kilometres meets at 60 to
   65 km.
2. What surplus of speed would free fall need? Below the arc of least speed a lower apogee needs more speed for the same
   range. A lofted flight also needs more, but nothing except free fall carries a body hundreds of kilometres up,
   so there the surplus is no argument. A low one is reached as well by a slower vehicle with lift. Above 1.10 times the
   least speed (1.21 times the energy: a sixth of the reach given away) on the low side the verdict is "inconsistent":
   not an arc flown near least energy. A depressed ballistic flight or a manoeuvring one has such figures; apogee and
   range do not tell which, and this is no proof either way. Depressed arcs are possible: Gronlund and Wright, Science
   and Global Security 3 (1992).
3. Does a finite boost fit? If no flight of the vehicle's public class, with air, over the turning Earth, meets the
   figures, the verdict is "inconsistent".

Otherwise "consistent": the figures allow a ballistic flight. They do not prove one.
"""

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from tocsin.sim.flight import FlightDesign, Stage, Steering, andoya_1995, kepler
from tocsin.study.flights_csv import Row
from tocsin.world import atmosphere
from tocsin.world.constants import G0_M_S2

Verdict = Literal["consistent", "not identifiable", "inconsistent"]

VERDICTS: tuple[Verdict, ...] = ("consistent", "not identifiable", "inconsistent")

FREE_FALL_SHARE = 0.01
"""Share of gravity that air may have at the top of free fall: published figures are rounded to 1 % at best. [I]"""
LIFT_TO_DRAG = 2.6
"""Of a boost-glide vehicle: Tracy and Wright, Science and Global Security 28 (2020), cited from memory. [U]"""
LIGHTEST_KG_M2 = 7324.0
"""1500 lb/ft^2: public trajectory code. [S]"""
FREE_FALL_PRESSURE_PA = FREE_FALL_SHARE * G0_M_S2 * LIGHTEST_KG_M2 / LIFT_TO_DRAG
LARGEST_SPEED_RATIO = 1.10
"""[I]. Public apogees differ by 1 to 3 % between states, which moves the ratio by less than 0.01."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BoostClass:
    """Low, nominal and high burn time (s) and re-entry coefficient (kg/m^2)."""

    name: str
    below_m_s: float
    stages: int
    burn_s: tuple[float, float, float]
    ascent_kg_m2: float
    reentry_kg_m2: tuple[float, float, float]
    vehicles: tuple[str, ...]
    mark: str
    source: str

    def template(self, row: Row, burn_s: float, reentry_kg_m2: float) -> FlightDesign:
        """A design from the row's site whose speed and tilt are still to be found."""
        base = _sounding() if self.name == "sounding" else self._plain(burn_s)
        return FlightDesign(
            latitude_deg=row.site_lat_deg,
            longitude_deg=row.site_lon_deg,
            stages=base[0],
            steering=base[1],
            ascent_kg_m2=self.ascent_kg_m2,
            reentry_kg_m2=reentry_kg_m2,
        )

    def _plain(self, burn_s: float) -> tuple[tuple[Stage, ...], Steering]:
        """Equal stages one after the other; up for 5 s, then tilting evenly over the first three fifths. [I]"""
        each_s = burn_s / self.stages
        stages = tuple(
            Stage(ignition_s=n * each_s, burn_s=each_s, delta_v_m_s=4_000.0 / self.stages) for n in range(self.stages)
        )
        return stages, Steering(azimuth_deg=0.0, tilt_deg=0.0, start_s=5.0, end_s=0.6 * burn_s)


@dataclass(frozen=True, kw_only=True, slots=True)
class Yardstick:
    """What the figures ask of a stone thrown without air."""

    arc: kepler.Arc
    least: kepler.Arc
    apogee_pressure_pa: float

    @property
    def speed_ratio(self) -> float:
        """Speed of the arc over the least that reaches as far."""
        return self.arc.speed_m_s / self.least.speed_m_s

    @property
    def free_fall(self) -> bool:
        """Whether air is too thin at the top to bend the path."""
        return self.apogee_pressure_pa < FREE_FALL_PRESSURE_PA

    @property
    def low(self) -> bool:
        """Whether the arc passes below that of least speed."""
        return self.arc.apogee_km < self.least.apogee_km


def yardstick(row: Row) -> Yardstick:
    """Vacuum arc of the row's figures, the least-speed arc over the same range, dynamic pressure at the top."""
    site = (row.site_lat_deg, row.site_lon_deg)
    arc = kepler.arc(site, row.bearing_deg, row.apogee_km, row.range_km)
    level = arc.speed_m_s * math.cos(math.radians(arc.elevation_deg))
    density = float(atmosphere.density_kg_m3(row.apogee_km * 1e3))
    return Yardstick(
        arc=arc,
        least=kepler.least_speed_arc(site, row.bearing_deg, row.range_km),
        apogee_pressure_pa=0.5 * density * level * level,
    )


def judge(stick: Yardstick, no_flight: str) -> tuple[Verdict, str]:
    """Verdict and reason. `no_flight` says why no flight of the class meets the figures; empty if one does."""
    if not stick.free_fall:
        return "not identifiable", (
            f"dynamic pressure at apogee {stick.apogee_pressure_pa:.0f} Pa (at most {FREE_FALL_PRESSURE_PA:.0f} for "
            f"free fall): lift and drag shape the whole flight; speed ratio {stick.speed_ratio:.2f}"
        )
    if stick.low and stick.speed_ratio > LARGEST_SPEED_RATIO:
        return "inconsistent", (
            f"free fall needs {stick.speed_ratio:.2f} times the least speed for this range (at most "
            f"{LARGEST_SPEED_RATIO:.2f} on the low side; apogee of least speed {stick.least.apogee_km:.0f} km): a "
            "manoeuvring or a depressed flight has such figures, no proof either way"
        )
    if no_flight:
        return "inconsistent", f"no ballistic flight with a boost of this class: {no_flight}"
    return "consistent", f"speed ratio {stick.speed_ratio:.2f}"


@cache
def boost_classes() -> tuple[BoostClass, ...]:
    """The shipped classes."""
    text = resources.files("tocsin.study").joinpath("data", "boost_classes.toml").read_text("utf-8")
    return tuple(_boost_class(one) for one in tomllib.loads(text)["class"])


def class_of(row: Row, speed_m_s: float) -> BoostClass:
    """By vehicle, or by speed when no list names it or it failed."""
    classes = boost_classes()
    named = [one for one in classes if row.vehicle.lower() in one.vehicles]
    if named and row.outcome != "failure":
        return named[0]
    return next(one for one in classes if speed_m_s < one.below_m_s)


def _boost_class(raw: dict[str, Any]) -> BoostClass:
    lists = {name: tuple(raw[name]) for name in ("burn_s", "reentry_kg_m2", "vehicles")}
    return BoostClass(**{**raw, **lists})


@cache
def _sounding() -> tuple[tuple[Stage, ...], Steering]:
    """Stages and rail of the Andoya rocket."""
    design = andoya_1995().design
    return design.stages, design.steering
