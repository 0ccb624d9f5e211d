"""What really flies in a scenario: ballistic flights, things that keep a height, things that fall out of orbit.

A `[[flight]]` table says by `kind` what it is; everything else but `name`, `by`, `after_s`, `attack`, `aimed_at`,
`tape_on` and `motor` belongs to that kind. `by` is a party or any other name: third parties have no centre here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Protocol

import msgspec
from msgspec import Meta
from numpy.typing import ArrayLike

from tocsin.sim.errors import ScenarioError
from tocsin.sim.flight.table import FlightRequest, read_table
from tocsin.sim.level import Level
from tocsin.sim.orbit import Orbit
from tocsin.sim.parts import Name, Part, Positive
from tocsin.wire.bodies import Azimuth, Latitude, Longitude
from tocsin.world.observation import Array


class Truth(Protocol):
    """A flight with dense output. Angles degrees, times seconds after its own start."""

    @property
    def flight_s(self) -> float:
        """Seconds from start to the ground (or to the end of what is played)."""
        ...

    @property
    def launch(self) -> tuple[float, float]:
        """Latitude and longitude of the start."""
        ...

    @property
    def impact(self) -> tuple[float, float]:
        """Latitude and longitude of the end."""
        ...

    @property
    def apogee_km(self) -> float:
        """Greatest height."""
        ...

    @property
    def range_km(self) -> float:
        """Geodesic from start to end."""
        ...

    def state_ecef(self, t_s: ArrayLike) -> Array:
        """States (6,) or (n, 6), Earth-fixed."""
        ...

    def geodetic(self, t_s: ArrayLike) -> tuple[Array, Array, Array]:
        """Latitude_deg, longitude_deg, height_m at times (n,)."""
        ...

    def thrusting(self, t_s: float) -> bool:
        """Whether a motor burns brightly at `t_s`."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Flying:
    """A flight with its name, its author and what it is. `tape_on`: recorded data that only these sensors show."""

    name: str
    kind: str
    by: str
    after_s: float
    attack: bool
    aimed_at: str
    tape_on: tuple[str, ...]
    truth: Truth

    @property
    def real(self) -> bool:
        """Whether anything is in the sky at all."""
        return not self.tape_on

    @property
    def ends_s(self) -> float:
        """Seconds after the scenario's launch at which it comes down."""
        return self.after_s + self.truth.flight_s

    def moments(self) -> list[tuple[float, str, str]]:
        """(seconds after the scenario's launch, kind, words) of what really happened to it."""
        truth, label = self.truth, f"{self.name}: " if self.name != "object-1" else ""
        if not self.real:
            return [(self.after_s, "tape", f"{label}recorded exercise data begin to run; nothing is in the sky")]
        if self.kind == "ballistic":
            burnout_s = float(getattr(truth, "burnout_s", 0.0))
            speed = float(getattr(truth, "burnout_speed_m_s", 0.0)) / 1e3
            apogee_s = float(getattr(truth, "apogee_s", 0.0))
            found = [
                (0.0, "launch", "launch"),
                (burnout_s, "burnout", f"last motor burns out at {speed:.1f} km/s"),
                (apogee_s, "apogee", f"highest point, {truth.apogee_km:,.0f} km"),
                (truth.flight_s, "impact", f"falls {truth.range_km:,.0f} km from the launch point"),
            ]
        else:
            start = "takes off" if self.kind == "level" else "is already falling out of orbit"
            found = [(0.0, "start", start), (truth.flight_s, "impact", f"comes down {truth.range_km:,.0f} km on")]
        return [(self.after_s + t_s, kind, label + words) for t_s, kind, words in found]


class _Common(Part, frozen=True, kw_only=True):
    name: Name | None = None
    kind: Literal["ballistic", "level", "orbit"] = "ballistic"
    by: Name = "unnamed"
    after_s: Annotated[float, Meta(ge=-3_600, le=7_200)] = 0.0
    attack: bool = False
    aimed_at: Annotated[str, Meta(max_length=80)] = ""
    tape_on: Annotated[tuple[Name, ...], Meta(max_length=16)] = ()


class _LevelTable(Part, frozen=True, kw_only=True):
    points: Annotated[tuple[tuple[Latitude, Longitude], ...], Meta(min_length=2, max_length=32)]
    height_km: Annotated[float, Meta(gt=0, le=60)]
    speed_m_s: Annotated[float, Meta(gt=50, le=4_000)]
    motor: bool = False


class _OrbitTable(Part, frozen=True, kw_only=True):
    latitude_deg: Latitude
    longitude_deg: Longitude
    height_km: Annotated[float, Meta(ge=80, le=2_000)]
    azimuth_deg: Azimuth
    speed_m_s: Annotated[float, Meta(ge=5_000, le=11_000)]
    ballistic_kg_m2: Positive = 150.0
    play_s: Annotated[float, Meta(gt=0, le=7_200)] = 1_800.0


_OWN = frozenset(_Common.__struct_fields__)


def check_flight(table: Mapping[str, Any], file: str, label: str) -> None:
    """Read without flying. Raises as `read_flight` does."""
    _parts(table, file, label)


def read_flight(table: Mapping[str, Any], file: str, label: str, name: str) -> Flying:
    """One flight of file `file`, flown. Raises ScenarioError or FlightTableError: field, and what was expected."""
    common, request = _parts(table, file, label)
    return Flying(
        name=common.name or name, kind=common.kind, by=common.by, after_s=common.after_s, attack=common.attack,
        aimed_at=common.aimed_at, tape_on=common.tape_on, truth=_truth(request),
    )  # fmt: skip


def _parts(table: Mapping[str, Any], file: str, label: str) -> "tuple[_Common, _Request]":
    common: _Common = _read({k: v for k, v in table.items() if k in _OWN}, _Common, file, label)
    rest = {k: v for k, v in table.items() if k not in _OWN}
    if common.kind == "level":
        return common, _read(rest, _LevelTable, file, label)
    if common.kind == "orbit":
        return common, _read(rest, _OrbitTable, file, label)
    return common, read_table(rest, file if label == "flight" else f"{file}: {label}")


_Request = _LevelTable | _OrbitTable | FlightRequest


def _truth(request: _Request) -> Truth:
    if isinstance(request, _LevelTable):
        return Level.along(request.points, request.height_km * 1e3, request.speed_m_s, motor=request.motor)
    if isinstance(request, _OrbitTable):
        o = request
        return Orbit.falling(
            o.latitude_deg, o.longitude_deg, o.height_km * 1e3, o.azimuth_deg, o.speed_m_s, o.ballistic_kg_m2, o.play_s
        )
    return request.trajectory()


def _read(raw: dict[str, Any], record: type[Any], file: str, label: str) -> Any:
    try:
        return msgspec.convert(raw, record, strict=False)
    except msgspec.ValidationError as error:
        raise ScenarioError(f"{file}: {error}".replace("`$.", f"`{label}.").replace("`$`", f"`{label}`")) from error
