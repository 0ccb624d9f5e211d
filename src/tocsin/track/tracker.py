"""The tracker: one scan in, one picture out. No clock, no chance, no input or output of its own."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import cast

import numpy as np

from tocsin.track import birth, life, views
from tocsin.track.assignment import assign
from tocsin.track.gating import SIGHT, predict_sight, sweep
from tocsin.track.jit import LANES
from tocsin.track.mixing import combine_tiles, mix, predict_tiles
from tocsin.track.picture import Picture
from tocsin.track.pool import Pool
from tocsin.track.sensing import View
from tocsin.track.settings import Switch, TrackerSettings
from tocsin.track.tiles import STATE, Array, Flags, Indices
from tocsin.track.updating import update_tiles
from tocsin.track.views import Detections, Mount
from tocsin.world.observation import Infrared, Scan, Sensor

SECOND_NS = 1_000_000_000


class Tracker:
    """Tracks of one party from its own sensors. `step` must be given scans in order of time."""

    def __init__(self, party: str, sensors: Sequence[Sensor], settings: TrackerSettings | None = None) -> None:
        self.party = party
        self.settings = settings or TrackerSettings()
        self._mounts = {sensor.id: views.mount(sensor) for sensor in sensors}
        self._names = tuple(self._mounts)
        self._switch = Switch.of(self.settings)
        self._table = self.settings.table()
        self._plumes = self.settings.plumes()
        self._pool = Pool(self.settings.capacity, len(self._names))
        self._dropped: Counter[str] = Counter()
        self._t_tai_ns = 0
        self._ahead_tai_ns = 0
        self._last_tai_ns = dict.fromkeys(self._names, 0)
        self._numbered = 0
        self._born = 0
        self._room = 4 * self.settings.capacity

    def step(self, scan: Scan) -> Picture:
        """Take one scan in; the picture afterwards. A scan that cannot be used is counted and changes nothing."""
        m = self._mounts.get(scan.sensor.id)
        refused = self._refusal(scan, m)
        if m is None or refused:
            self._dropped[refused] += max(1, _rows(scan.measurements))
            return self.picture(self._t_tai_ns)
        dt_s = (scan.t_tai_ns - self._t_tai_ns) / SECOND_NS if self._pool.tiles else 0.0
        self._t_tai_ns = self._ahead_tai_ns = self._last_tai_ns[m.sensor.id] = scan.t_tai_ns
        detections = views.prepare(m, scan.measurements, self.settings, self._dropped)
        self._advance(dt_s)
        if len(detections.values) or not _rows(scan.measurements):  # nothing but bad records says nothing of misses
            view = views.view(m, scan.t_tai_ns)
            used = self._update(m, view, detections)
            self._begin(m, view, detections.values[~used])
        return self.picture(self._t_tai_ns)

    def picture(self, t_tai_ns: int) -> Picture:
        """Confirmed tracks carried to an instant, without changing the tracker."""
        pool, tiles = self._pool, self._pool.tiles
        stage = pool.count[: tiles * LANES]
        slots = np.flatnonzero(stage[:, life.STAGE] == life.CONFIRMED)
        slots = slots[np.argsort(stage[slots, life.NUMBER], kind="stable")]
        bank, odds = pool.bank, pool.odds
        dt_s = (t_tai_ns - self._t_tai_ns) / SECOND_NS
        if dt_s != 0.0 and tiles:
            bank, odds = bank[:tiles].copy(), odds[:tiles].copy()
            self._carry(bank, odds, tiles, dt_s)
        mean = np.empty((max(tiles, 1), STATE, LANES))
        combine_tiles(bank, odds, tiles, mean)
        state, covariance, boost = np.empty((len(slots), 6)), np.empty((len(slots), 6, 6)), np.empty(len(slots))
        life.extract(mean, odds, self._plumes, slots, state, covariance, boost)
        good = _sound(state, covariance)
        slots = slots[good]
        count = pool.count[slots]
        return Picture(
            t_tai_ns=t_tai_ns,
            id=tuple(count[:, life.NUMBER].tolist()),
            state_eci=state[good],
            covariance_eci=covariance[good],
            existence=pool.existence[slots],
            boost_probability=np.clip(boost[good], 0.0, 1.0),
            first_t_tai_ns=count[:, life.FIRST],
            updated_t_tai_ns=count[:, life.UPDATED],
            hits=count[:, life.HITS],
            sensors=self._contributors(slots),
            dropped={reason: n for reason, n in sorted(self._dropped.items()) if n},
        )

    def _refusal(self, scan: Scan, m: Mount | None) -> str:
        """Why a whole scan cannot be used, or "". One leap ahead is refused; a second scan that agrees is believed."""
        if m is None or m.sensor != scan.sensor:
            return "unknown_sensor"
        if not isinstance(scan.t_tai_ns, int) or not 0 < scan.t_tai_ns < 2**62:
            return "time"
        if not self._t_tai_ns:
            return ""
        if scan.t_tai_ns < self._t_tai_ns:
            return "late"
        if scan.t_tai_ns == self._last_tai_ns[m.sensor.id]:
            return "repeated"
        limit = int(self.settings.future_max_s * SECOND_NS)
        if scan.t_tai_ns - self._t_tai_ns > limit:
            believed = abs(scan.t_tai_ns - self._ahead_tai_ns) <= limit
            self._ahead_tai_ns = scan.t_tai_ns
            return "" if believed else "future"
        return ""

    def _carry(self, bank: Array, odds: Array, tiles: int, dt_s: float) -> None:
        """Mix and predict arrays over dt_s, which may be negative for a picture of the past."""
        mix(bank, odds, tiles, self._switch.over(abs(dt_s)))
        steps = max(1, math.ceil(abs(dt_s) / self.settings.step_max_s))
        predict_tiles(bank, tiles, self._table, dt_s / steps, steps)

    def _advance(self, dt_s: float) -> None:
        pool = self._pool
        if dt_s > 0.0 and pool.tiles:
            self._carry(pool.bank, pool.odds, pool.tiles, dt_s)
            pool.existence *= math.exp(-dt_s / self.settings.survival_s)

    def _update(self, m: Mount, view: View, detections: Detections) -> Flags:
        """Associate, update and review; returns which detections were used."""
        pool, tiles, live = self._pool, self._pool.tiles, self._pool.live
        used = np.zeros(len(detections.values), np.bool_)
        if not tiles:
            return used
        seen, density = self._expect(m)
        mean = np.empty((tiles, STATE, LANES))
        combine_tiles(pool.bank, pool.odds, tiles, mean)
        sight = np.empty((tiles, SIGHT, LANES))
        predict_sight(mean, tiles, view, self.settings.gate_sigmas, sight)
        bonus = np.empty((len(live), 2))
        life.weigh(pool.odds, pool.existence, sight, live, seen, density, bonus)
        chosen = self._associate(m, sight, live, detections, bonus)
        z = np.empty((tiles, 7, LANES))
        life.gather(live, chosen, detections.values, z)
        fit = np.empty((tiles, 3, 2, LANES))
        update_tiles(pool.bank, tiles, view, z, fit)
        life.judge(
            pool.odds, pool.existence, pool.count, sight, fit, live, chosen, seen, density,
            float(m.dimensions), self.settings.existence_max, self._t_tai_ns,
        )  # fmt: skip
        hit = chosen >= 0
        used[chosen[hit]] = True
        pool.sources[live[hit], self._names.index(m.sensor.id)] = True
        self._review(mean, sight, live)
        return used

    def _expect(self, m: Mount) -> tuple[Array, float]:
        """(detection probability in each mode, density of detections that belong to no track)."""
        s, pd = self.settings, m.sensor.detection_probability
        seen = np.full(len(self._plumes), pd)
        if isinstance(m.sensor, Infrared):
            seen = np.where(self._plumes > 0.0, pd, min(pd, s.detection_floor))
        others = max(m.sensor.clutter_per_scan, s.clutter_floor_per_scan) + s.births_per_scan
        return np.clip(seen, 1e-6, 1.0 - 1e-6), others / m.volume

    def _associate(self, m: Mount, sight: Array, live: Indices, detections: Detections, bonus: Array) -> Indices:
        """Gate and assign: for each live track its detection or -1."""
        start = np.empty(len(live) + 1, np.int64)
        gate2 = self.settings.gate_sigmas**2
        while True:
            index, cost = np.empty(self._room, np.int64), np.empty(self._room)
            pairs = sweep(
                sight, live, detections.values, detections.order, detections.key, detections.column, gate2, bonus,
                float(m.dimensions), start, index, cost,
            )  # fmt: skip
            if pairs >= 0:
                break
            self._room *= 2
        chosen = np.empty(len(live), np.int64)
        assign(start, index, cost, bonus[:, 1].copy(), len(detections.values), chosen)
        return chosen

    def _review(self, mean: Array, sight: Array, live: Indices) -> None:
        """Confirm and end tracks; new confirmations are numbered in the order in which they were born."""
        pool, s = self._pool, self.settings
        combine_tiles(pool.bank, pool.odds, pool.tiles, mean)
        limits = np.array([s.confirm_existence, s.delete_existence, s.tentative_s, s.lost_sigma_m])
        verdict = np.empty(len(live), np.int64)
        life.review(
            mean, pool.existence, pool.count, sight, live, s.confirm_hits, s.confirm_window, limits,
            self._t_tai_ns, verdict,
        )  # fmt: skip
        self._dropped["failed_track"] += int(np.count_nonzero(verdict == life.FAILED))
        pool.release(live[verdict != life.KEEP])
        count = pool.count
        new = live[(count[live, life.STAGE] == life.CONFIRMED) & (count[live, life.NUMBER] == 0)]
        new = new[np.argsort(count[new, life.BORN], kind="stable")]
        count[new, life.NUMBER] = np.arange(self._numbered + 1, self._numbered + 1 + len(new))
        self._numbered += len(new)

    def _begin(self, m: Mount, view: View, values: Array) -> None:
        """Start a tentative track from every detection that no track took."""
        s = self.settings
        if not len(values):
            return
        if isinstance(m.sensor, Infrared):
            state, covariance, good = birth.from_infrared(view, values, s)
            self._dropped["line_of_sight"] += int(np.count_nonzero(~good))
            state, covariance, odds = state[good], covariance[good], s.birth_odds_infrared
        else:
            state, covariance = birth.from_radar(view, values, s)
            odds = s.birth_odds_radar
        pool = self._pool
        slots = pool.take(len(state))
        life.plant(pool.bank, pool.odds, slots, state, covariance, np.array(odds))
        clutter = max(m.sensor.clutter_per_scan, s.clutter_floor_per_scan)
        pool.existence[slots] = min(max(s.births_per_scan / (s.births_per_scan + clutter), 0.02), 0.9)
        columns = [life.STAGE, life.HITS, life.WINDOW, life.LOOKS, life.FIRST, life.UPDATED]
        pool.count[slots[:, None], columns] = [life.TENTATIVE, 1, 1, 1, self._t_tai_ns, self._t_tai_ns]
        pool.count[slots, life.BORN] = self._born + np.arange(len(slots))
        self._born += len(slots)
        pool.sources[slots, self._names.index(m.sensor.id)] = True

    def _contributors(self, slots: Indices) -> tuple[tuple[str, ...], ...]:
        """Sensor ids by track; equal sets share one tuple."""
        patterns, which = np.unique(self._pool.sources[slots], axis=0, return_inverse=True)
        names = [tuple(name for name, on in zip(self._names, row, strict=True) if on) for row in patterns]
        return tuple(names[k] for k in which.ravel().tolist())


def _rows(measurements: object) -> int:
    try:
        return len(measurements)  # type: ignore[arg-type]
    except TypeError:
        return 1


def _sound(state: Array, covariance: Array) -> Flags:
    """(n,) True where a picture may show the track: finite, and a covariance that is positive on its diagonal."""
    finite = np.isfinite(state).all(axis=1) & np.isfinite(covariance).all(axis=(1, 2))
    positive = np.diagonal(covariance, axis1=1, axis2=2) > 0.0
    return cast(Flags, finite & positive.all(axis=1))
