"""A flown flight: dense output, phases, launch, impact and apogee."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tocsin.sim.flight.design import FlightDesign
from tocsin.world import frames, geodesy
from tocsin.world.constants import OMEGA_RAD_S

Array = NDArray[np.float64]
Dense = Callable[[Array], Array]


@dataclass(frozen=True, kw_only=True, slots=True)
class Phase:
    """Boost (with the coasts between stages), coast, or re-entry; seconds after launch."""

    name: Literal["boost", "coast", "re-entry"]
    begin_s: float
    end_s: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Leg:
    """One unbroken piece of the integration: `dense(t)` is (6, n) in the axes of the Earth at launch."""

    begin_s: float
    end_s: float
    dense: Dense


@dataclass(frozen=True, kw_only=True, slots=True)
class Trajectory:
    """What `fly` returns. Angles in degrees, heights above the WGS 84 ellipsoid, times in seconds after launch."""

    design: FlightDesign
    legs: tuple[Leg, ...]
    phases: tuple[Phase, ...]
    apogee_s: float
    flight_s: float

    def state_ecef(self, t_s: ArrayLike) -> Array:
        """Earth-fixed position (m) and velocity relative to the turning Earth (m/s): (6,) for a number, (n, 6) for n.

        Times outside 0 .. flight_s are a mistake of the caller."""
        times = np.atleast_1d(np.asarray(t_s, float))
        if times.size and not (times.min() >= 0.0 and times.max() <= self.flight_s):
            raise AssertionError(f"t_s: within 0 .. {self.flight_s} expected, got {times.min()} .. {times.max()}")
        states = np.empty((len(times), 6))
        last = np.searchsorted([leg.end_s for leg in self.legs[:-1]], times, side="left")
        for number, leg in enumerate(self.legs):
            mine = last == number
            if mine.any():
                states[mine] = leg.dense(times[mine]).T
        states = _to_ecef(states, times)
        return states[0] if np.ndim(t_s) == 0 else states

    def geodetic(self, t_s: ArrayLike) -> tuple[Array, Array, Array]:
        """Latitude_deg, longitude_deg and height_m at times (n,)."""
        states = self.state_ecef(np.atleast_1d(np.asarray(t_s, float)))
        latitude, longitude, height = frames.ecef_to_geodetic(states[:, :3])
        return np.degrees(latitude), np.degrees(longitude), height

    def thrusting(self, t_s: float) -> bool:
        """Whether a motor burns at `t_s`."""
        return any(stage.ignition_s <= t_s < stage.burnout_s for stage in self.design.stages)

    @property
    def burnout_s(self) -> float:
        """End of the last burn."""
        return self.design.burnout_s

    @property
    def burnout_speed_m_s(self) -> float:
        """Speed relative to the turning Earth at the end of the last burn."""
        return float(np.linalg.norm(self.state_ecef(self.burnout_s)[3:]))

    @property
    def launch(self) -> tuple[float, float]:
        """Latitude and longitude, degrees."""
        return self.design.latitude_deg, self.design.longitude_deg

    @property
    def impact(self) -> tuple[float, float]:
        """Latitude and longitude where the flight comes down to the ellipsoid, degrees."""
        latitude, longitude, _ = self.geodetic(self.flight_s)
        return float(latitude[0]), float(longitude[0])

    @property
    def apogee_km(self) -> float:
        """Greatest height."""
        return float(self.geodetic(self.apogee_s)[2][0]) / 1e3

    @property
    def range_km(self) -> float:
        """Geodesic from launch to impact."""
        return geodesy.inverse(*self.launch, *self.impact)[0] / 1e3

    @property
    def bearing_deg(self) -> float:
        """Azimuth at launch of the geodesic to the impact, 0 .. 360."""
        return geodesy.inverse(*self.launch, *self.impact)[1] % 360.0


def _to_ecef(states: Array, times: Array) -> Array:
    """From the axes of the Earth at launch to those of the turning Earth."""
    s, c = np.sin(OMEGA_RAD_S * times), np.cos(OMEGA_RAD_S * times)
    x, y = c * states[:, 0] + s * states[:, 1], c * states[:, 1] - s * states[:, 0]
    vx, vy = c * states[:, 3] + s * states[:, 4], c * states[:, 4] - s * states[:, 3]
    return np.stack([x, y, states[:, 2], vx + OMEGA_RAD_S * y, vy - OMEGA_RAD_S * x, states[:, 5]], axis=1)
