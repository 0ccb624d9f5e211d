"""Which launch has these figures? Finds speed, tilt and azimuth so that apogee, range and bearing come out.

Newton's method with Broyden's update (Broyden 1965, Mathematics of Computation 19) and step halving, on rough flights;
the answer is flown finely and checked against the tolerances.
"""

import math
from dataclasses import dataclass

import numpy as np

from tocsin.sim.flight import kepler
from tocsin.sim.flight.design import FlightDesign
from tocsin.sim.flight.errors import FlightError
from tocsin.sim.flight.fly import end_of, fly
from tocsin.sim.flight.trajectory import Array, Trajectory
from tocsin.world import geodesy
from tocsin.world.constants import G0_M_S2

APOGEE_TOLERANCE = 1e-3
RANGE_TOLERANCE = 5e-3
BEARING_TOLERANCE_DEG = 0.2
LARGEST_TILT_DEG = 90.0
"""A boost that ends pointing below level is not a flight that anyone means."""

DOWNWARDS = "the boost would have to push downwards: it is too long for so low an apogee"

_CLOSE = np.array([2e-4, 5e-4, 5e-4])
_STEP = np.array([1e-3, 1e-3, 1e-3])
_LONGEST_STEP = np.array([0.15, 0.25, 0.25])
_ROUNDS = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Inconsistent:
    """No flight of the template meets the figures. `apogee_km` and `range_km` are those of the nearest flight found."""

    reason: str
    apogee_km: float | None = None
    range_km: float | None = None


def solve(
    template: FlightDesign, *, bearing_deg: float, apogee_km: float, range_km: float, start: FlightDesign | None = None
) -> Trajectory | Inconsistent:
    """Scale the stages' speeds and set tilt and azimuth so that the flight from the template's site has these figures:
    apogee within 0.1%, geodesic range within 0.5%, initial bearing of the geodesic within 0.2 degrees.

    `start` is a design already near the answer. Stage times, exhaust speeds and ballistic coefficients stay."""
    search = _Search(template, bearing_deg, apogee_km, range_km)
    found = search.run(search.guess() if start is None else search.unknowns(start))
    if found is None:
        found = _step_down(template, bearing_deg, apogee_km, range_km)
    if found is None:
        return search.failed()
    design = search.design(found)
    if design.steering.tilt_deg > LARGEST_TILT_DEG:
        return Inconsistent(reason=DOWNWARDS, apogee_km=apogee_km, range_km=range_km)
    flown = fly(design)
    misses = _misses(flown, bearing_deg, apogee_km, range_km)
    return Inconsistent(reason=misses, apogee_km=flown.apogee_km, range_km=flown.range_km) if misses else flown


def _step_down(template: FlightDesign, bearing_deg: float, apogee_km: float, range_km: float) -> Array | None:
    """For low flights, where the vacuum arc is a poor guess: begin near 45 degrees and come down in apogee."""
    top_km = range_km / 4.0
    if apogee_km >= top_km:
        return None
    steps = math.ceil(math.log(top_km / apogee_km) / math.log(1.25))
    x: Array | None = None
    for number in range(steps + 1):
        goal_km = top_km * (apogee_km / top_km) ** (number / steps)
        search = _Search(template, bearing_deg, goal_km, range_km)
        x = search.run(search.guess() if x is None else x)
        if x is None:
            return None
    return x


def _misses(flown: Trajectory, bearing_deg: float, apogee_km: float, range_km: float) -> str:
    turned = abs((flown.bearing_deg - bearing_deg + 180.0) % 360.0 - 180.0)
    parts = [
        ("apogee", abs(flown.apogee_km / apogee_km - 1.0) / APOGEE_TOLERANCE),
        ("range", abs(flown.range_km / range_km - 1.0) / RANGE_TOLERANCE),
        ("bearing", turned / BEARING_TOLERANCE_DEG),
    ]
    return "; ".join(f"{name} misses by {share:.1f} tolerances" for name, share in parts if share > 1.0)


class _Search:
    """Unknowns (3,): logarithm of the speed scale, tilt east and tilt north in radians."""

    def __init__(self, template: FlightDesign, bearing_deg: float, apogee_km: float, range_km: float) -> None:
        self._template = template
        self._launch = (template.latitude_deg, template.longitude_deg)
        self._apogee_km, self._range_km, self._bearing_deg = apogee_km, range_km, bearing_deg
        bearing = math.radians(bearing_deg)
        self._goal = np.array([0.0, math.sin(bearing), math.cos(bearing)])
        self._nearest: tuple[float, float, float, float] | None = None
        self._last_error = ""

    def unknowns(self, design: FlightDesign) -> Array:
        """Where `design` lies."""
        tilt, azimuth = math.radians(design.steering.tilt_deg), math.radians(design.steering.azimuth_deg)
        scale = math.log(design.delta_v_m_s / self._template.delta_v_m_s)
        return np.array([scale, tilt * math.sin(azimuth), tilt * math.cos(azimuth)])

    def design(self, x: Array) -> FlightDesign:
        """The design at `x`."""
        return self._template.scaled(math.exp(float(x[0]))).tilted(float(x[1]), float(x[2]))

    def guess(self) -> Array:
        """From the vacuum arc: add what gravity takes while boosting."""
        stone = kepler.arc(self._launch, self._bearing_deg, self._apogee_km, self._range_km)
        boost_s = self._template.burnout_s
        climb = math.radians(stone.elevation_deg)
        level = stone.speed_m_s * math.cos(climb)
        rise = stone.speed_m_s * math.sin(climb)
        rise = math.sqrt(max(rise * rise - 0.8 * G0_M_S2 * boost_s * rise, 0.04 * rise * rise))
        gained = rise + 0.95 * G0_M_S2 * boost_s
        tilt = min(1.2 * math.atan2(level, gained), 1.4)
        azimuth = math.radians(stone.azimuth_deg)
        scale = math.log(math.hypot(level, gained) / self._template.delta_v_m_s)
        return np.array([scale, tilt * math.sin(azimuth), tilt * math.cos(azimuth)])

    def residual(self, x: Array) -> Array | None:
        """(3,): logarithm of apogee over goal, impact east and north of the goal in ranges; None if nothing flies."""
        try:
            apogee_km, impact = end_of(self.design(x))
        except FlightError as error:
            self._last_error = str(error)
            return None
        distance_m, azimuth_deg = geodesy.inverse(*self._launch, *impact)
        reach = distance_m / 1e3 / self._range_km
        azimuth = math.radians(azimuth_deg)
        higher = math.log(max(apogee_km, 0.1) / self._apogee_km)
        r: Array = np.array([higher, reach * math.sin(azimuth), reach * math.cos(azimuth)]) - self._goal
        size = float(np.linalg.norm(r))
        if self._nearest is None or size < self._nearest[0]:
            self._nearest = (size, apogee_km, distance_m / 1e3, math.degrees(math.hypot(x[1], x[2])))
        return r

    def run(self, x: Array) -> Array | None:
        """Newton from `x`; None when it does not arrive."""
        x, r = self._flying(x)
        if r is None:
            return None
        jacobian = self._jacobian(x, r)
        fresh = True
        for _ in range(_ROUNDS):
            if np.all(np.abs(r) < _CLOSE):
                return x
            if jacobian is None:
                return None
            step = self._step(jacobian, r)
            moved = self._halved(x, step, r)
            if moved is None:
                if fresh:
                    return None
                jacobian, fresh = self._jacobian(x, r), True
                continue
            new_x, new_r = moved
            slow = float(np.linalg.norm(new_r)) > 0.3 * float(np.linalg.norm(r))
            change = new_x - x
            jacobian = jacobian + np.outer(new_r - r - jacobian @ change, change) / float(change @ change)
            x, r, fresh = new_x, new_r, False
            if slow:
                jacobian, fresh = self._jacobian(x, r), True
        return None

    def failed(self) -> Inconsistent:
        """What to say when the search does not arrive."""
        if self._nearest is None:
            return Inconsistent(reason=f"no flight at all: {self._last_error}")
        _, apogee_km, range_km, tilt_deg = self._nearest
        if tilt_deg > LARGEST_TILT_DEG:
            return Inconsistent(reason=DOWNWARDS, apogee_km=apogee_km, range_km=range_km)
        reason = f"no flight of this boost does that; nearest: apogee {apogee_km:.1f} km, range {range_km:.1f} km"
        return Inconsistent(reason=reason, apogee_km=apogee_km, range_km=range_km)

    def _flying(self, x: Array) -> tuple[Array, Array | None]:
        """The first of `x`, and faster and steeper than `x`, that flies at all."""
        for _ in range(12):
            r = self.residual(x)
            if r is not None:
                return x, r
            x = np.array([x[0] + 0.1, 0.85 * x[1], 0.85 * x[2]])
        return x, None

    def _jacobian(self, x: Array, r: Array) -> Array | None:
        columns = []
        for number in range(3):
            near = x.copy()
            near[number] += _STEP[number]
            there = self.residual(near)
            if there is None:
                return None
            columns.append((there - r) / _STEP[number])
        return np.stack(columns, axis=1)

    def _step(self, jacobian: Array, r: Array) -> Array:
        step: Array = np.asarray(np.linalg.lstsq(jacobian, -r, rcond=1e-8)[0], float)
        return step / max(1.0, float(np.max(np.abs(step) / _LONGEST_STEP)))

    def _halved(self, x: Array, step: Array, r: Array) -> tuple[Array, Array] | None:
        size = float(np.linalg.norm(r))
        for _ in range(6):
            new_r = self.residual(x + step)
            if new_r is not None and float(np.linalg.norm(new_r)) < size:
                return x + step, new_r
            step = 0.5 * step
        return None
