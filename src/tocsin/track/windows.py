"""Young tracks seen by a radar with sharp range and coarse angles, followed by the smoother until the lens is flat.

A filter that linearised its past detections at early, poor estimates is wrong for good in that regime (EKF, UKF and
second-order filters alike; docs/tracking.md, case E). So the last detections of such a track are kept; each new one
runs Gauss-Newton steps over all of them, and the result replaces the state of the filter's coasting mode.
"""

import numpy as np

from tocsin.track.birth import ready_state
from tocsin.track.lens import bend
from tocsin.track.life import plant_mode
from tocsin.track.pool import Pool
from tocsin.track.sensing import View
from tocsin.track.settings import TrackerSettings
from tocsin.track.smoother import SEEN, carry, sweep_once
from tocsin.track.tiles import Array, Indices

LENGTH = 160  # detections kept: at one a second, as long as the sharpest lens takes to flatten
MOST = 1000  # tracks followed so at once; the rest rely on the second-order filter
SHARP = 0.5  # open a window where r sigma_angle^2 / sigma_range exceeds this: from there on NEES of a filter shows it
FLAT = 0.2  # close it when the sag falls below this part of sigma_range
ODDS_MIN = 0.05  # close it when the flight does not coast
PRIOR_VARIANCE_M2 = 1e11
SECOND_NS = 1e-9


class Window:
    """One track's last detections, the trajectory through them, and the prior before the first of them."""

    def __init__(self, row: Array, state: Array, speed_variance: float, t_tai_ns: int) -> None:
        self.seen = np.empty((LENGTH + 1, SEEN))
        self.line = np.empty((LENGTH + 1, 6))
        self.prior = np.zeros((7, 6))
        self.seen[0], self.line[0], self.prior[0] = row, state, state
        self.prior[1:, :] = np.diag([PRIOR_VARIANCE_M2] * 3 + [speed_variance] * 3)
        self.count = 1
        self.t_tai_ns = t_tai_ns

    def add(self, row: Array, t_tai_ns: int) -> None:
        """Append a detection; the oldest falls out of a full window when `solve` has moved the prior past it."""
        row[22] = (t_tai_ns - self.t_tai_ns) * SECOND_NS
        self.t_tai_ns = t_tai_ns
        self.seen[self.count] = row
        carry(self.line[self.count - 1], float(row[22]), self.line[self.count], np.empty((6, 6)))
        self.count += 1

    def copy(self) -> "Window":
        """An independent copy."""
        other = Window.__new__(Window)
        other.seen, other.line, other.prior = self.seen.copy(), self.line.copy(), self.prior.copy()
        other.count, other.t_tai_ns = self.count, self.t_tai_ns
        return other

    def solve(self, density: float) -> tuple[Array, Array, float]:
        """Gauss-Newton steps: (state, covariance, sag in metres; negative if the numbers failed)."""
        m, p, next_prior = np.empty(6), np.empty((6, 6)), np.empty((7, 6))
        for _ in range(2 if self.count < 20 else 1):
            sweep_once(self.seen, self.line, self.count, self.prior, density, m, p, next_prior)
        mean, covariance = np.empty(6), np.empty((6, 6))
        sag = bend(self.seen[self.count - 1], m, p, mean, covariance)
        if self.count > LENGTH:
            self.seen[:-1], self.line[:-1], self.prior = self.seen[1:], self.line[1:], next_prior
            self.count = LENGTH
        return mean, covariance, sag if np.isfinite(covariance).all() else -1.0


class Windows:
    """Windows by slot."""

    def __init__(self, settings: TrackerSettings) -> None:
        self._density = float(settings.modes[0].noise_across_m2_s3)
        self._speed_variance = float(settings.birth_speed_sigma_m_s) ** 2
        self._open: dict[int, Window] = {}

    def __len__(self) -> int:
        return len(self._open)

    def save(self) -> dict[int, Window]:
        """Copies of all windows."""
        return {slot: window.copy() for slot, window in self._open.items()}

    def restore(self, saved: dict[int, Window]) -> None:
        """Back to what was saved."""
        self._open = {slot: window.copy() for slot, window in saved.items()}

    def begin(self, view: View, values: Array, slots: Indices, t_tai_ns: int) -> None:
        """Open windows for new tracks (n,) from detections (n, 4), where the lens is sharp."""
        if not view.has_range:
            return
        angle = max(view.variance_azimuth, view.variance_elevation)
        sharp = values[:, 0] * angle > SHARP * np.sqrt(view.variance_range)
        for i in np.flatnonzero(sharp).tolist():
            if len(self._open) >= MOST:
                return
            state = ready_state(view, values[i])
            self._open[int(slots[i])] = Window(_row(view, values[i]), state, self._speed_variance, t_tai_ns)

    def clone(self, source: Indices, target: Indices) -> None:
        """Give hypotheses that part from another their own windows."""
        if self._open:
            for one, other in zip(source.tolist(), target.tolist(), strict=True):
                if one != other and one in self._open and len(self._open) < MOST:
                    self._open[other] = self._open[one].copy()

    def drop(self, slots: Indices) -> None:
        """Forget tracks that ended."""
        if self._open:
            for slot in slots.tolist():
                self._open.pop(slot, None)

    def follow(self, pool: Pool, view: View, values: Array, live: Indices, chosen: Indices, t_tai_ns: int) -> None:
        """Take this scan's detections in, and put the results into the coasting mode."""
        if not self._open:
            return
        for slot, j in zip(live.tolist(), chosen.tolist(), strict=True):
            window = self._open.get(slot)
            if window is None or j < 0:
                continue
            window.add(_row(view, values[j]), t_tai_ns)
            mean, covariance, sag = window.solve(self._density)
            if sag > 0.0:
                plant_mode(pool.bank, slot, 0, mean, covariance)
            limit = FLAT * np.sqrt(view.variance_range) if view.has_range else 0.0
            lane = pool.odds[slot // pool.odds.shape[2], 0, slot % pool.odds.shape[2]]
            if sag < limit or lane < ODDS_MIN:
                del self._open[slot]


def _row(view: View, value: Array) -> Array:
    """A window row of one detection (4,); its time since the row before is filled in later."""
    noise = (view.variance_range, view.variance_azimuth, view.variance_elevation, view.variance_rate)
    flags = (view.has_range, view.has_rate, view.isotropic)
    return np.array([*view.site, *view.site_velocity, *view.axes, *noise, *flags, 0.0, *value[:4], view.clock_variance])
