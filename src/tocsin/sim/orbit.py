"""Something that falls out of orbit: gravity to J4 and drag from a state, until the ground or the end of the play."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import solve_ivp

from tocsin.sim.flight.forces import drag, gravity, height_m
from tocsin.sim.flight.trajectory import Dense
from tocsin.world import frames
from tocsin.world.constants import OMEGA_RAD_S
from tocsin.world.geodesy import inverse
from tocsin.world.observation import Array


@dataclass(frozen=True, slots=True)
class Orbit:
    """A fall; `dense(t)` is (6, n) in the axes of the Earth at its start."""

    dense: Dense
    flight_s: float

    @staticmethod
    def falling(
        latitude_deg: float, longitude_deg: float, height_over_m: float, azimuth_deg: float, speed_m_s: float,
        ballistic_kg_m2: float, play_s: float,
    ) -> "Orbit":  # fmt: skip
        """From a place and height, level, with a speed relative to the turning Earth."""
        latitude, longitude, azimuth = (math.radians(a) for a in (latitude_deg, longitude_deg, azimuth_deg))
        position = np.array([float(c) for c in frames.geodetic_to_ecef(latitude, longitude, height_over_m)])
        axes = frames.enu_axes(latitude, longitude)
        velocity = speed_m_s * (math.sin(azimuth) * axes[0] + math.cos(azimuth) * axes[1])
        velocity = velocity + np.array([-OMEGA_RAD_S * position[1], OMEGA_RAD_S * position[0], 0.0])

        def rates(_t: float, y: Array) -> list[float]:
            x, y_, z, vx, vy, vz = (float(c) for c in y)
            g, d = gravity(x, y_, z), drag(x, y_, z, vx, vy, vz, 1.0 / ballistic_kg_m2)
            return [vx, vy, vz, g[0] + d[0], g[1] + d[1], g[2] + d[2]]

        def ground(_t: float, y: Array) -> float:
            return height_m(float(y[0]), float(y[1]), float(y[2]))

        ground.terminal = True  # type: ignore[attr-defined]
        start = np.concatenate([position, velocity])
        found = solve_ivp(
            rates, (0.0, play_s), start, method="DOP853", rtol=1e-8, atol=1e-2, dense_output=True, events=ground
        )
        if found.sol is None:
            raise AssertionError("dense output was asked for")
        return Orbit(found.sol, float(found.t[-1]))

    @property
    def launch(self) -> tuple[float, float]:
        """Where the play finds it."""
        return self._under(0.0)

    @property
    def impact(self) -> tuple[float, float]:
        """Where it comes down, or is when the play ends."""
        return self._under(self.flight_s)

    @property
    def apogee_km(self) -> float:
        """Greatest height in the play."""
        return float(np.max(self.geodetic(np.linspace(0.0, self.flight_s, 50))[2])) / 1e3

    @property
    def range_km(self) -> float:
        """Geodesic from the first place to the last."""
        return inverse(*self.launch, *self.impact)[0] / 1e3

    def thrusting(self, _t_s: float) -> bool:
        """It has no motor."""
        return False

    def state_ecef(self, t_s: ArrayLike) -> Array:
        """States (6,) or (n, 6), Earth-fixed."""
        times = np.atleast_1d(np.asarray(t_s, float))
        states = _turning(self.dense(times).T, times)
        return states[0] if np.ndim(t_s) == 0 else states

    def geodetic(self, t_s: ArrayLike) -> tuple[Array, Array, Array]:
        """Latitude_deg, longitude_deg, height_m at times (n,)."""
        states = self.state_ecef(np.atleast_1d(np.asarray(t_s, float)))
        latitude, longitude, height = frames.ecef_to_geodetic(states[:, :3])
        return np.degrees(latitude), np.degrees(longitude), height

    def _under(self, t_s: float) -> tuple[float, float]:
        latitude, longitude, _ = self.geodetic(t_s)
        return float(latitude[0]), float(longitude[0])


def _turning(states: Array, times: Array) -> Array:
    """From the axes of the Earth at the start to those of the turning Earth."""
    angle = OMEGA_RAD_S * times
    turn = np.zeros((len(times), 3, 3))
    turn[:, 0, 0] = turn[:, 1, 1] = np.cos(angle)
    turn[:, 0, 1], turn[:, 1, 0], turn[:, 2, 2] = np.sin(angle), -np.sin(angle), 1.0
    position, velocity = np.einsum("nij,nkj->kni", turn, states.reshape(-1, 2, 3))
    velocity = velocity + OMEGA_RAD_S * np.stack([position[:, 1], -position[:, 0], 0.0 * position[:, 2]], axis=1)
    return np.concatenate([position, velocity], axis=1)
