"""What recordings of air surveillance come down to, whatever their format: plots, positions, stations."""

from dataclasses import dataclass

Source = tuple[int, int]
"""System area code and system identification code (SAC, SIC) of who says it."""


def source_name(source: Source) -> str:
    """A sensor's id: `25-201`."""
    return f"{source[0]}-{source[1]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One detection of a radar: slant range, azimuth from true north, and height where a transponder told it.

    `height_m` is pressure altitude (standard atmosphere) taken as height above the ellipsoid, or a 3D radar's own.
    `simulated`: the radar marked it as no real target (SIM or TST).
    """

    offset: int
    source: Source
    t_tai_ns: int
    range_m: float
    azimuth_rad: float
    height_m: float | None
    code: str = ""
    address: int | None = None
    callsign: str = ""
    simulated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where somebody's system (category 062) or the aircraft itself (021, Mode S) says that an aircraft is.

    `key` names the aircraft for that source. Velocity east, north, up; None where it is not told. `source_kind`:
    "system" or "self-reported": the second is a claim of the aircraft, not a measurement.
    """

    offset: int
    source: Source
    source_kind: str
    key: str
    t_tai_ns: int
    latitude_deg: float
    longitude_deg: float
    height_m: float | None
    velocity_enu_m_s: tuple[float, float, float] | None
    sigma_m: float
    callsign: str = ""
    code: str = ""
    simulated: bool = False
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """Where a radar says that it stands, and how long one turn takes; None where it does not say."""

    source: Source
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    height_m: float | None = None
    period_s: float | None = None


Report = Plot | Position | Station
