"""Integration of a design: Dormand and Prince's 8(5,3) pair (Hairer, Norsett and Wanner, Solving Ordinary Differential
Equations I, section II.10), restarted wherever the forces jump."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp

from tocsin.sim.flight.design import REENTRY_HEIGHT_M, FlightDesign, Stage
from tocsin.sim.flight.errors import FlightError
from tocsin.sim.flight.forces import Vector, drag, gravity, height_m
from tocsin.sim.flight.trajectory import Array, Leg, Phase, Trajectory
from tocsin.world import frames
from tocsin.world.constants import OMEGA_RAD_S, WGS84_EP2

FINE: dict[str, Any] = {"method": "DOP853", "rtol": 1e-9, "atol": np.array([1e-3, 1e-3, 1e-3, 1e-6, 1e-6, 1e-6])}
ROUGH: dict[str, Any] = {"method": "RK45", "rtol": 1e-6, "atol": np.array([1.0, 1.0, 1.0, 1e-3, 1e-3, 1e-3])}
"""Method and tolerances, relative and absolute (m, m/s). Rough flights end within tens of metres of fine ones, at a
third of the cost (their order is 5(4)); only searches use them."""
LONGEST_S = 10_800.0
"""A ballistic flight comes down within this: an apogee of 19,000 km takes three hours."""

Rates = Callable[[float, Array], list[float]]


def fly(design: FlightDesign) -> Trajectory:
    """Fly `design` from the pad to the ellipsoid. Raises FlightError if it never lifts off or never comes down."""
    boost, state = _boost(design, FINE, dense=True)
    found = _fall(design, state, FINE)
    end_s = float(found.t[-1])
    legs = (*boost, Leg(begin_s=design.burnout_s, end_s=end_s, dense=found.sol))
    tops, entries = found.t_events[1], found.t_events[2]
    apogee_s = float(tops[0]) if len(tops) else _highest(boost)
    entry_s = float(entries[-1]) if len(entries) else max(apogee_s, design.burnout_s)
    phases = (
        Phase(name="boost", begin_s=0.0, end_s=design.burnout_s),
        Phase(name="coast", begin_s=design.burnout_s, end_s=entry_s),
        Phase(name="re-entry", begin_s=entry_s, end_s=end_s),
    )
    return Trajectory(design=design, legs=legs, phases=phases, apogee_s=apogee_s, flight_s=end_s)


def end_of(design: FlightDesign) -> tuple[float, tuple[float, float]]:
    """Apogee_km and impact (latitude_deg, longitude_deg) of a rough flight. Raises FlightError as `fly` does."""
    _, state = _boost(design, ROUGH, dense=False)
    found = _fall(design, state, ROUGH)
    tops = found.y_events[1]
    if len(tops):
        top = tops[0]
    else:
        boost, _ = _boost(design, ROUGH, dense=True)
        top = boost[-1].dense(np.array([_highest(boost)]))[:, 0]
    _, _, height = frames.ecef_to_geodetic(top[:3])
    end = found.y[:, -1]
    latitude, longitude, _ = frames.ecef_to_geodetic(end[:3])
    degrees = math.degrees(float(longitude) - OMEGA_RAD_S * float(found.t[-1]))
    return float(height) / 1e3, (math.degrees(float(latitude)), (degrees + 180.0) % 360.0 - 180.0)


def launch_state(design: FlightDesign) -> Array:
    """State (6,) on the pad, in the axes of the Earth at launch: at rest on the turning Earth."""
    latitude, longitude = math.radians(design.latitude_deg), math.radians(design.longitude_deg)
    x, y, z = (float(c) for c in frames.geodetic_to_ecef(latitude, longitude, design.height_m))
    return np.array([x, y, z, -OMEGA_RAD_S * y, OMEGA_RAD_S * x, 0.0])


class Thrust:
    """Thrust of a design as a function of time, and the times where it jumps."""

    def __init__(self, design: FlightDesign) -> None:
        axes = frames.enu_axes(math.radians(design.latitude_deg), math.radians(design.longitude_deg))
        azimuth = math.radians(design.steering.azimuth_deg)
        along = math.sin(azimuth) * axes[0] + math.cos(azimuth) * axes[1]
        self._up: Vector = (float(axes[2][0]), float(axes[2][1]), float(axes[2][2]))
        self._along: Vector = (float(along[0]), float(along[1]), float(along[2]))
        self._design = design
        self._tilt_rad = math.radians(design.steering.tilt_deg)
        steering = design.steering
        turns = [steering.start_s, steering.end_s, steering.gravity_turn_s or 0.0]
        burns = [t for stage in design.stages for t in (stage.ignition_s, stage.burnout_s)]
        self.marks = sorted(t for t in {0.0, *turns, *burns} if t <= design.burnout_s)

    def rates(self, begin_s: float, end_s: float) -> Rates:
        """Right-hand side between two neighbouring marks, where nothing jumps."""
        middle = 0.5 * (begin_s + end_s)
        stage = next((s for s in self._design.stages if s.ignition_s <= middle < s.burnout_s), None)
        turning = self._design.steering.gravity_turn_s
        if stage is None:
            return ballistic(self._design.ascent_kg_m2)
        if turning is not None and middle >= turning:
            return self._gravity_turn(stage)
        return self._programmed(stage)

    def direction(self, t_s: float) -> Vector:
        """Unit vector of programmed thrust."""
        steering = self._design.steering
        if t_s <= steering.start_s and steering.end_s > 0.0:
            return self._up
        share = 1.0 if t_s >= steering.end_s else (t_s - steering.start_s) / (steering.end_s - steering.start_s)
        tilt = self._tilt_rad * share
        s, c = math.sin(tilt), math.cos(tilt)
        up, along = self._up, self._along
        return c * up[0] + s * along[0], c * up[1] + s * along[1], c * up[2] + s * along[2]

    def _programmed(self, stage: Stage) -> Rates:
        inverse = 1.0 / self._design.ascent_kg_m2
        rate = stage.burnt / stage.burn_s
        push, ignition_s, direction = stage.exhaust_m_s * rate, stage.ignition_s, self.direction

        def rates(t: float, y: Array) -> list[float]:
            px, py, pz, vx, vy, vz = y.tolist()
            gx, gy, gz = gravity(px, py, pz)
            dx, dy, dz = drag(px, py, pz, vx, vy, vz, inverse)
            a = push / (1.0 - rate * (t - ignition_s))
            ux, uy, uz = direction(t)
            return [vx, vy, vz, gx + dx + a * ux, gy + dy + a * uy, gz + dz + a * uz]

        return rates

    def _gravity_turn(self, stage: Stage) -> Rates:
        inverse = 1.0 / self._design.ascent_kg_m2
        rate = stage.burnt / stage.burn_s
        push, ignition_s = stage.exhaust_m_s * rate, stage.ignition_s

        def rates(t: float, y: Array) -> list[float]:
            px, py, pz, vx, vy, vz = y.tolist()
            gx, gy, gz = gravity(px, py, pz)
            dx, dy, dz = drag(px, py, pz, vx, vy, vz, inverse)
            wx, wy = vx + OMEGA_RAD_S * py, vy - OMEGA_RAD_S * px
            k = push / (1.0 - rate * (t - ignition_s)) / math.sqrt(wx * wx + wy * wy + vz * vz)
            return [vx, vy, vz, gx + dx + k * wx, gy + dy + k * wy, gz + dz + k * vz]

        return rates


def ballistic(ballistic_kg_m2: float) -> Rates:
    """Right-hand side without thrust."""
    inverse = 1.0 / ballistic_kg_m2

    def rates(_: float, y: Array) -> list[float]:
        px, py, pz, vx, vy, vz = y.tolist()
        gx, gy, gz = gravity(px, py, pz)
        dx, dy, dz = drag(px, py, pz, vx, vy, vz, inverse)
        return [vx, vy, vz, gx + dx, gy + dy, gz + dz]

    return rates


def _ground(_: float, y: Array) -> float:
    x, y_, z = y[:3].tolist()
    return height_m(x, y_, z)


_ground.terminal = True  # type: ignore[attr-defined]
_ground.direction = -1.0  # type: ignore[attr-defined]


def _climb(_: float, y: Array) -> float:
    """Rate of height times a length: velocity along the ellipsoid's normal."""
    return float(y[0] * y[3] + y[1] * y[4] + (1.0 + WGS84_EP2) * y[2] * y[5])


_climb.direction = -1.0  # type: ignore[attr-defined]


def _entry(_: float, y: Array) -> float:
    return _ground(_, y) - REENTRY_HEIGHT_M


_entry.direction = -1.0  # type: ignore[attr-defined]


def _boost(design: FlightDesign, how: dict[str, Any], *, dense: bool) -> tuple[tuple[Leg, ...], Array]:
    """Legs from the pad to the last burnout (none unless `dense`), and the state there."""
    if not design.lifts_off:
        raise FlightError("the first stage does not lift off: its thrust at ignition is below its weight")
    legs: list[Leg] = []
    state = launch_state(design)
    thrust = Thrust(design)
    for begin_s, end_s in itertools.pairwise(thrust.marks):
        found: Any = solve_ivp(
            thrust.rates(begin_s, end_s), (begin_s, end_s), state, dense_output=dense, events=[_ground], **how
        )
        state = found.y[:, -1]
        if dense:
            legs.append(Leg(begin_s=begin_s, end_s=end_s, dense=found.sol))
        if found.status == 1:
            raise FlightError(f"falls back to the ground {found.t[-1]:.0f} s after launch, while boosting")
    return tuple(legs), state


def _fall(design: FlightDesign, state: Array, how: dict[str, Any]) -> Any:
    """Free flight from burnout to the ground, as SciPy returns it; events: ground, apogee, re-entry."""
    found: Any = solve_ivp(
        ballistic(design.reentry_kg_m2), (design.burnout_s, LONGEST_S), state, dense_output=how is FINE,
        events=[_ground, _climb, _entry], **how,
    )  # fmt: skip
    if found.status != 1:
        raise FlightError(f"does not come down within {LONGEST_S:.0f} s: faster than a ballistic flight")
    return found


def _highest(boost: tuple[Leg, ...]) -> float:
    """Time of greatest height in the last leg of a boost that ends on the way down, to a thousandth of the leg."""
    times = np.linspace(boost[-1].begin_s, boost[-1].end_s, 1001)
    states = boost[-1].dense(times)
    return float(times[int(np.argmax([height_m(*state) for state in states[:3].T.tolist()]))])
