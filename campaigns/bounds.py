"""The Cramer-Rao bound along one flight with the mode known: what a filter would know that was told when motors burn.

Covariances are carried along the truth by the tracker's own kernels in the mode that the truth is in (thrust nearest to
what the flight has), and detections add their information where they really happened.
"""

import numpy as np

from tocsin.sim.flight import Trajectory
from tocsin.track import TrackerSettings
from tocsin.track.backward import Carrier
from tocsin.track.bound import information
from tocsin.track.views import Mount, mount, view_of
from tocsin.world import frames
from tocsin.world.exact import Array
from tocsin.world.gravity import pull
from tocsin.world.observation import Scan

NS = 1_000_000_000
STEP_S = 2.5
PRIOR = np.diag([1e6**2] * 3 + [2e3**2] * 3)  # nothing was known before the first detection: as broad as the tracker's


class Bound:
    """Covariance of the state along a truth launched at `t0_tai_ns`, as scans come."""

    def __init__(self, flown: Trajectory, t0_tai_ns: int, settings: TrackerSettings | None = None) -> None:
        self._flown, self._t0 = flown, t0_tai_ns
        self._carry = Carrier(settings)
        self._modes = self._carry.settings.modes
        self._covariance: Array | None = None
        self._t_s = 0.0
        self._mounts: dict[str, Mount] = {}

    def state(self, t_s: float) -> Array:
        """The truth (6,), inertial."""
        return frames.ecef_to_eci(self._flown.state_ecef(t_s), self._t0 + round(t_s * NS))

    def to(self, t_s: float) -> Array:
        """Bound of the covariance (6, 6) at a time not before the last one asked for."""
        if self._covariance is None:
            raise AssertionError("asked before the first detection")
        while self._t_s < t_s - 1e-6:
            dt_s = min(STEP_S, t_s - self._t_s)
            _, phi, noise = self._carry(self._modes[self._mode()], self.state(self._t_s), dt_s)
            self._covariance = phi @ self._covariance @ phi.T + noise
            self._t_s += dt_s
        return self._covariance

    def take(self, scan: Scan) -> None:
        """A scan: information if it holds a detection."""
        t_s = (scan.t_tai_ns - self._t0) / NS
        if not len(scan.measurements) or not 0.0 < t_s < self._flown.flight_s:
            return
        if self._covariance is None:
            self._covariance, self._t_s = PRIOR, t_s
        if scan.sensor.id not in self._mounts:
            self._mounts[scan.sensor.id] = mount(scan.sensor)
        gained = information(view_of(self._mounts[scan.sensor.id], scan.t_tai_ns), self.state(t_s)[None])[0]
        self._covariance = np.linalg.inv(np.linalg.inv(self.to(t_s)) + gained)

    def _mode(self) -> int:
        """Number of the mode that the truth is in: coasting, or thrust nearer to one of the other two."""
        if not self._flown.thrusting(self._t_s):
            return 0
        before, after = (self.state(self._t_s + dt)[3:] for dt in (0.0, 0.5))
        place = self.state(self._t_s + 0.25)[:3]
        thrust = float(np.linalg.norm((after - before) / 0.5 - np.array(pull(*place.tolist()))))
        return min((1, 2), key=lambda k: abs(thrust - self._modes[k].thrust_m_s2))
