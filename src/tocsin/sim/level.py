"""Something that keeps its height and speed along geodesics: an aircraft, a cruise missile, a rocket on its arc's foot.

No aerodynamics: a line on the map flown at one speed. Good enough for who could see what, and when.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from tocsin.world.frames import geodetic_to_ecef
from tocsin.world.geodesy import direct, inverse
from tocsin.world.observation import Array

_STEP_S = 0.5


@dataclass(frozen=True, slots=True)
class Level:
    """`points` (latitude, longitude), degrees; `starts_s` when each is passed; the last is the end."""

    points: tuple[tuple[float, float], ...]
    starts_s: tuple[float, ...]
    height_m: float
    speed_m_s: float
    motor: bool

    @staticmethod
    def along(points: Sequence[tuple[float, float]], height_m: float, speed_m_s: float, *, motor: bool) -> "Level":
        """A flight over `points` in order."""
        times = [0.0]
        for here, there in pairwise(points):
            times.append(times[-1] + inverse(*here, *there)[0] / speed_m_s)
        return Level(tuple(points), tuple(times), height_m, speed_m_s, motor)

    @property
    def flight_s(self) -> float:
        """Seconds from the first point to the last."""
        return self.starts_s[-1]

    @property
    def launch(self) -> tuple[float, float]:
        """First point."""
        return self.points[0]

    @property
    def impact(self) -> tuple[float, float]:
        """Last point."""
        return self.points[-1]

    @property
    def apogee_km(self) -> float:
        """Its height."""
        return self.height_m / 1e3

    @property
    def range_km(self) -> float:
        """Geodesic from the first point to the last."""
        return inverse(*self.launch, *self.impact)[0] / 1e3

    def thrusting(self, t_s: float) -> bool:
        """Whether infrared satellites can see it: only if its motor is said to be bright."""
        return self.motor and 0.0 <= t_s <= self.flight_s

    def geodetic(self, t_s: ArrayLike) -> tuple[Array, Array, Array]:
        """Latitude_deg, longitude_deg, height_m at times (n,)."""
        places = [self._place(float(t)) for t in np.atleast_1d(np.asarray(t_s, float))]
        latitude, longitude = (np.array(column) for column in zip(*places, strict=True))
        return latitude, longitude, np.full(len(places), self.height_m)

    def state_ecef(self, t_s: ArrayLike) -> Array:
        """States (6,) or (n, 6); velocity by the difference over half a second either side."""
        times = np.atleast_1d(np.asarray(t_s, float))
        position = self._position(times)
        before, after = np.maximum(times - _STEP_S, 0.0), np.minimum(times + _STEP_S, self.flight_s)
        velocity = (self._position(after) - self._position(before)) / (after - before)[:, None]
        states = np.concatenate([position, velocity], axis=1)
        return states[0] if np.ndim(t_s) == 0 else states

    def _position(self, times: Array) -> Array:
        latitude, longitude, height = self.geodetic(times)
        return np.asarray(geodetic_to_ecef(np.radians(latitude), np.radians(longitude), height))

    def _place(self, t_s: float) -> tuple[float, float]:
        leg = min(max(int(np.searchsorted(self.starts_s, t_s, side="right")) - 1, 0), len(self.points) - 2)
        here, there = self.points[leg], self.points[leg + 1]
        azimuth = inverse(*here, *there)[1]
        return direct(*here, azimuth, (t_s - self.starts_s[leg]) * self.speed_m_s)
