"""The [flight] table of a scenario file: strict reading, field by field (README.md describes it)."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from tocsin.sim.flight.design import EXHAUST_M_S, FlightDesign, Stage, Steering
from tocsin.sim.flight.errors import FlightError, FlightTableError
from tocsin.sim.flight.fly import fly
from tocsin.sim.flight.solver import Inconsistent, solve
from tocsin.sim.flight.trajectory import Trajectory

Seconds = Annotated[float, Meta(ge=0, le=3_600)]
Degrees = Annotated[float, Meta(ge=0, lt=360)]
Coefficient = Annotated[float, Meta(gt=0)]


class _Part(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Unknown fields are mistakes."""


class _StageTable(_Part, frozen=True, kw_only=True):
    ignition_s: Seconds
    burn_s: Annotated[float, Meta(gt=0, le=3_600)]
    delta_v_m_s: Annotated[float, Meta(gt=0, le=12_000)]
    exhaust_m_s: Annotated[float, Meta(ge=500, le=5_000)] = EXHAUST_M_S


class _SteeringTable(_Part, frozen=True, kw_only=True):
    start_s: Seconds
    end_s: Seconds
    gravity_turn_s: Seconds | None = None
    azimuth_deg: Degrees | None = None
    tilt_deg: Annotated[float, Meta(ge=0, le=90)] | None = None


class _GoalTable(_Part, frozen=True, kw_only=True):
    bearing_deg: Degrees
    apogee_km: Annotated[float, Meta(ge=10, le=19_000)]
    range_km: Annotated[float, Meta(ge=10, le=15_000)]


class _FlightTable(_Part, frozen=True, kw_only=True):
    latitude_deg: Annotated[float, Meta(ge=-90, le=90)]
    longitude_deg: Annotated[float, Meta(ge=-180, le=180)]
    height_m: Annotated[float, Meta(ge=0, le=5_000)] = 0.0
    ascent_kg_m2: Coefficient = math.inf
    reentry_kg_m2: Coefficient = math.inf
    stage: Annotated[tuple[_StageTable, ...], Meta(min_length=1, max_length=8)]
    steering: _SteeringTable
    solve: _GoalTable | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Goal:
    """Figures that a flight is to meet."""

    bearing_deg: float
    apogee_km: float
    range_km: float


@dataclass(frozen=True, kw_only=True, slots=True)
class FlightRequest:
    """A table as read: a design to fly as it stands, or the template and goal of a search."""

    name: str
    design: FlightDesign
    goal: Goal | None = None

    def trajectory(self) -> Trajectory:
        """Fly or solve. Raises FlightTableError, naming the table, when nothing flies like that."""
        try:
            if self.goal is None:
                return fly(self.design)
            goal = self.goal
            found = solve(
                self.design, bearing_deg=goal.bearing_deg, apogee_km=goal.apogee_km, range_km=goal.range_km
            )
        except FlightError as error:
            raise FlightTableError(f"{self.name}: [flight]: {error}") from error
        if isinstance(found, Inconsistent):
            raise FlightTableError(f"{self.name}: [flight.solve]: {found.reason}")
        return found


def read_table(raw: Mapping[str, Any], name: str) -> FlightRequest:
    """The `flight` table of file `name`, as parsed TOML. Raises FlightTableError naming field and expectation."""
    try:
        table = msgspec.convert(raw, _FlightTable)
    except msgspec.ValidationError as error:
        raise FlightTableError(f"{name}: {error}".replace("`$.", "`flight.").replace("`$`", "`flight`")) from error
    _check(table, name)
    steering = Steering(
        azimuth_deg=table.steering.azimuth_deg or 0.0,
        tilt_deg=table.steering.tilt_deg or 0.0,
        start_s=table.steering.start_s,
        end_s=table.steering.end_s,
        gravity_turn_s=table.steering.gravity_turn_s,
    )
    stages = tuple(
        Stage(ignition_s=s.ignition_s, burn_s=s.burn_s, delta_v_m_s=s.delta_v_m_s, exhaust_m_s=s.exhaust_m_s)
        for s in table.stage
    )
    design = FlightDesign(
        latitude_deg=table.latitude_deg, longitude_deg=table.longitude_deg, height_m=table.height_m, stages=stages,
        steering=steering, ascent_kg_m2=table.ascent_kg_m2, reentry_kg_m2=table.reentry_kg_m2,
    )  # fmt: skip
    goal = table.solve
    if goal is None:
        return FlightRequest(name=name, design=design)
    wanted = Goal(bearing_deg=goal.bearing_deg, apogee_km=goal.apogee_km, range_km=goal.range_km)
    return FlightRequest(name=name, design=design, goal=wanted)


def _check(table: _FlightTable, name: str) -> None:
    """What field bounds cannot say."""
    steering = table.steering
    if table.stage[0].ignition_s != 0.0:
        raise FlightTableError(f"{name}: flight.stage[0].ignition_s: 0 expected, got {table.stage[0].ignition_s}")
    for number, (before, after) in enumerate(zip(table.stage, table.stage[1:], strict=False), start=1):
        burnout_s = before.ignition_s + before.burn_s
        if after.ignition_s < burnout_s:
            raise FlightTableError(
                f"{name}: flight.stage[{number}].ignition_s: at least {burnout_s} (burnout of the stage before) "
                f"expected, got {after.ignition_s}"
            )
    if steering.end_s < steering.start_s:
        raise FlightTableError(f"{name}: flight.steering.end_s: at least start_s expected, got {steering.end_s}")
    turn_s = steering.gravity_turn_s
    if turn_s is not None and turn_s < max(steering.end_s, 0.5):
        raise FlightTableError(
            f"{name}: flight.steering.gravity_turn_s: at least end_s, and 0.5 s to gain a speed to follow, expected, "
            f"got {turn_s}"
        )
    for field, value in (("azimuth_deg", steering.azimuth_deg), ("tilt_deg", steering.tilt_deg)):
        if table.solve is None and value is None:
            raise FlightTableError(f"{name}: flight.steering.{field}: a number expected, or a [flight.solve] table")
        if table.solve is not None and value is not None:
            raise FlightTableError(f"{name}: flight.steering.{field}: [flight.solve] finds it, so none expected here")


def andoya_1995() -> FlightRequest:
    """The shipped table of 25 January 1995."""
    text = resources.files("tocsin.sim.flight").joinpath("andoya_1995.toml").read_text("utf-8")
    return read_table(tomllib.loads(text)["flight"], "andoya_1995.toml")
