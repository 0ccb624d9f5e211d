"""The tracker: one scan in, one picture out. No clock, no chance, no input or output of its own."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from tocsin.track import birth, life
from tocsin.track.association import associate
from tocsin.track.gating import predict_sight
from tocsin.track.jit import LANES
from tocsin.track.mixing import advance, combine_tiles
from tocsin.track.picture import Picture
from tocsin.track.pool import Pool
from tocsin.track.screening import Detections, prepare
from tocsin.track.sensing import View
from tocsin.track.settings import Switch, TrackerSettings
from tocsin.track.sources import Sources
from tocsin.track.tiles import Array, Flags, Indices
from tocsin.track.updating import update_tiles
from tocsin.track.views import Mount, mount, view_of
from tocsin.track.windows import Windows
from tocsin.world.observation import Infrared, Scan, Sensor

SECOND_NS = 1_000_000_000


class Tracker:
    """Tracks of one party from its own sensors. `step` must be given scans in order of time."""

    def __init__(self, party: str, sensors: Sequence[Sensor], settings: TrackerSettings | None = None) -> None:
        self.party = party
        self.settings = settings or TrackerSettings()
        self._mounts = {sensor.id: mount(sensor) for sensor in sensors}
        self._sources = Sources(tuple(self._mounts))
        self._switch = Switch.of(self.settings)
        self._table = self.settings.table()
        self._plumes = self.settings.plumes()
        self._pool = Pool(self.settings.capacity)
        self._windows = Windows(self.settings)
        self._dropped: Counter[str] = Counter()
        self._t_tai_ns = 0
        self._ahead_tai_ns = 0
        self._last_tai_ns = dict.fromkeys(self._mounts, 0)
        self._numbered = 0
        self._born = 0

    def step(self, scan: Scan) -> Picture:
        """Take one scan in; the picture afterwards. A scan that cannot be used is counted and changes nothing."""
        m = self._mounts.get(scan.sensor.id)
        refused = self._refusal(scan, m)
        if m is None or refused:
            self._dropped[refused] += max(1, _rows(scan.measurements))
            return self.picture(self._t_tai_ns)
        dt_s = (scan.t_tai_ns - self._t_tai_ns) / SECOND_NS if self._pool.tiles else 0.0
        self._t_tai_ns = self._ahead_tai_ns = self._last_tai_ns[m.sensor.id] = scan.t_tai_ns
        detections = prepare(m, scan.measurements, self.settings, self._dropped)
        if dt_s > 0.0:
            self._carry(self._pool.bank, self._pool.odds, self._pool.tiles, dt_s)
            self._pool.existence *= math.exp(-dt_s / self.settings.survival_s)
        if len(detections.values) or not _rows(scan.measurements):  # nothing but bad records says nothing of misses
            view = view_of(m, scan.t_tai_ns)
            used = self._update(m, view, detections)
            self._begin(m, view, detections.values[~used])
        else:
            self._combine()
        return self._show(self._t_tai_ns, self._pool.mean, self._pool.odds)

    def picture(self, t_tai_ns: int) -> Picture:
        """Confirmed tracks carried to an instant, without changing the tracker."""
        pool, tiles = self._pool, self._pool.tiles
        bank, odds = pool.bank, pool.odds
        dt_s = (t_tai_ns - self._t_tai_ns) / SECOND_NS
        if dt_s != 0.0 and tiles:
            bank, odds = bank[:tiles].copy(), odds[:tiles].copy()
            self._carry(bank, odds, tiles, dt_s)
        mean = np.empty_like(pool.mean[:tiles])
        combine_tiles(bank, odds, tiles, mean)
        return self._show(t_tai_ns, mean, odds)

    def _show(self, t_tai_ns: int, mean: Array, odds: Array) -> Picture:
        pool = self._pool
        count = pool.count
        slots = np.flatnonzero(count[life.STAGE, : pool.tiles * LANES] == life.CONFIRMED)
        slots = slots[np.argsort(count[life.NUMBER, slots])]
        n = len(slots)
        state, covariance, boost = np.empty((n, 6)), np.empty((n, 6, 6)), np.empty(n)
        good = np.empty(n, np.bool_)
        life.extract(mean, odds, self._plumes, slots, state, covariance, boost, good)
        if not good.all():
            state, covariance, boost, slots = state[good], covariance[good], boost[good], slots[good]
        return Picture(
            t_tai_ns=t_tai_ns,
            id=tuple(count[life.NUMBER, slots].tolist()),
            state_eci=state,
            covariance_eci=covariance,
            existence=pool.existence[slots],
            boost_probability=boost,
            first_t_tai_ns=count[life.FIRST, slots],
            updated_t_tai_ns=count[life.UPDATED, slots],
            hits=count[life.HITS, slots],
            sensors=self._sources.texts(count[life.SOURCES, slots]),
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
        steps = max(1, math.ceil(abs(dt_s) / self.settings.step_max_s))
        advance(bank, odds, tiles, self._switch.over(abs(dt_s)), self._table, dt_s / steps, steps)

    def _combine(self) -> None:
        combine_tiles(self._pool.bank, self._pool.odds, self._pool.tiles, self._pool.mean)

    def _update(self, m: Mount, view: View, detections: Detections) -> Flags:
        """Associate, update and review; returns which detections were used."""
        pool, tiles, live = self._pool, self._pool.tiles, self._pool.live
        used = np.zeros(len(detections.values), np.bool_)
        seen, density = self._expect(m)
        self._combine()
        predict_sight(pool.mean, tiles, view, float(self.settings.gate_sigmas), pool.sight)
        life.weigh(pool.odds, pool.existence, pool.sight, live, seen, density, pool.bonus)
        confirmed = pool.count[life.STAGE, live] == life.CONFIRMED
        chosen = np.full(len(live), -1, np.int64)
        for some in (confirmed, ~confirmed):  # tentative tracks take what confirmed ones leave
            chosen[some] = associate(self.settings, m, pool, live[some], detections, used)
        life.gather(tiles, live, chosen, detections.values, pool.measured)
        update_tiles(pool.bank, tiles, view, pool.measured, pool.fit)
        life.judge(
            pool.odds, pool.existence, pool.count, pool.sight, pool.fit, live, chosen, seen, density,
            float(m.dimensions), float(self.settings.existence_max), self._t_tai_ns,
        )  # fmt: skip
        self._windows.follow(pool, view, detections.values, live, chosen, self._t_tai_ns)
        hit = live[chosen >= 0]
        pool.count[life.SOURCES, hit] = self._sources.joined(pool.count[life.SOURCES, hit], m.sensor.id)
        self._combine()
        self._review(live)
        return used

    def _expect(self, m: Mount) -> tuple[Array, float]:
        """(detection probability in each mode, density of detections that belong to no track)."""
        s, pd = self.settings, m.sensor.detection_probability
        seen = np.full(len(self._plumes), pd)
        if isinstance(m.sensor, Infrared):
            seen = np.where(self._plumes > 0.0, pd, min(pd, s.detection_floor))
        others = max(m.sensor.clutter_per_scan, s.clutter_floor_per_scan) + s.births_per_scan
        return np.clip(seen, 1e-6, 1.0 - 1e-6), others / m.volume

    def _review(self, live: Indices) -> None:
        """Confirm and end tracks; new confirmations are numbered in the order in which they were born."""
        pool, s = self._pool, self.settings
        limits = np.array([s.confirm_existence, s.delete_existence, s.tentative_s, s.lost_sigma_m])
        verdict = np.empty(len(live), np.int64)
        life.review(
            pool.mean, pool.existence, pool.count, pool.sight, live, s.confirm_hits, s.confirm_window,
            s.tentative_misses,
            limits,
            self._t_tai_ns, verdict,
        )  # fmt: skip
        self._dropped["failed_track"] += int(np.count_nonzero(verdict == life.FAILED))
        ended = live[verdict != life.KEEP]
        self._windows.drop(ended)
        pool.release(ended)
        count = pool.count
        new = live[(count[life.STAGE, live] == life.CONFIRMED) & (count[life.NUMBER, live] == 0)]
        new = new[np.argsort(count[life.BORN, new])]
        count[life.NUMBER, new] = np.arange(self._numbered + 1, self._numbered + 1 + len(new))
        self._numbered += len(new)

    def _begin(self, m: Mount, view: View, values: Array) -> None:
        """Start a tentative track from every detection that no track took."""
        s, pool = self.settings, self._pool
        if isinstance(m.sensor, Infrared):
            state, covariance, good = birth.from_infrared(view, values, s)
            self._dropped["line_of_sight"] += int(np.count_nonzero(~good))
            state, covariance, odds = state[good], covariance[good], s.birth_odds_infrared
        else:
            state, covariance = birth.from_radar(view, values, s)
            odds = s.birth_odds_radar
        slots = pool.take(len(state))
        self._windows.begin(view, values, slots, self._t_tai_ns)
        life.plant(pool.bank, pool.odds, slots, state, covariance, np.array(odds))
        clutter = max(m.sensor.clutter_per_scan, s.clutter_floor_per_scan)
        pool.existence[slots] = min(max(s.births_per_scan / (s.births_per_scan + clutter), 0.02), 0.9)
        columns = [life.STAGE, life.HITS, life.WINDOW, life.LOOKS, life.FIRST, life.UPDATED]
        for column, value in zip(columns, (life.TENTATIVE, 1, 1, 1, self._t_tai_ns, self._t_tai_ns), strict=True):
            pool.count[column, slots] = value
        pool.count[life.BORN, slots] = self._born + np.arange(len(slots))
        pool.count[life.SOURCES, slots] = self._sources.joined(pool.count[life.SOURCES, slots], m.sensor.id)
        self._born += len(slots)


def _rows(measurements: object) -> int:
    try:
        return len(measurements)  # type: ignore[arg-type]
    except TypeError:
        return 1
