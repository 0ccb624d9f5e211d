"""The engine of a tracker: scans in order of time, one after the other, and a state that can be saved and restored."""

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np

from tocsin.track import birth, life
from tocsin.track.association import associate
from tocsin.track.gating import predict_sight
from tocsin.track.jit import LANES
from tocsin.track.mixing import advance, combine_tiles
from tocsin.track.picture import Picture
from tocsin.track.pool import Pool, SavedPool
from tocsin.track.screening import Detections, prepare
from tocsin.track.sensing import View
from tocsin.track.settings import Switch, TrackerSettings
from tocsin.track.sources import Register, Sources
from tocsin.track.tiles import Array, Flags, Indices
from tocsin.track.updating import update_tiles
from tocsin.track.views import Mount, view_of
from tocsin.track.windows import Window, Windows
from tocsin.world.observation import Infrared, Scan

SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Saved:
    """Everything that a scan may change, except which numbers were given away."""

    pool: SavedPool
    windows: dict[int, Window]
    dropped: Counter[str]
    t_tai_ns: int


class Engine:
    """Tracks of some sensors. Judges no scan: the caller hands over only scans that belong and are not late."""

    def __init__(self, names: tuple[str, ...], settings: TrackerSettings) -> None:
        self._settings = settings
        self._sources = Sources(names)
        self._register = Register()
        self._switch = Switch.of(settings)
        self._table = settings.table()
        self._plumes = settings.plumes()
        self._pool = Pool(settings.capacity)
        self._windows = Windows(settings)
        self.dropped: Counter[str] = Counter()
        self.t_tai_ns = 0

    def save(self) -> Saved:
        """A copy to come back to."""
        return Saved(self._pool.save(), self._windows.save(), self.dropped.copy(), self.t_tai_ns)

    def restore(self, saved: Saved) -> None:
        """Go back. Numbers given since stay given, to the same births (`sources.Register`)."""
        self._pool.restore(saved.pool)
        self._windows.restore(saved.windows)
        self.dropped = saved.dropped.copy()
        self.t_tai_ns = saved.t_tai_ns

    def run(self, m: Mount, scan: Scan, rows: int) -> None:
        """Take in a scan of `rows` records."""
        pool = self._pool
        dt_s = (scan.t_tai_ns - self.t_tai_ns) / SECOND_NS if pool.tiles else 0.0
        self.t_tai_ns = scan.t_tai_ns
        detections = prepare(m, scan.measurements, self._settings, self.dropped)
        if dt_s > 0.0:
            self._carry(pool.bank, pool.odds, pool.tiles, dt_s)
            pool.existence *= math.exp(-dt_s / self._settings.survival_s)
        if len(detections.values) or not rows:
            view = view_of(m, scan.t_tai_ns)
            used = self._update(m, view, detections)
            self._begin(m, view, detections, used)
        else:  # nothing but bad records says nothing of misses
            self._combine()

    def current(self) -> Picture:
        """The picture after the last scan."""
        return self._show(self.t_tai_ns, self._pool.mean, self._pool.odds)

    def picture(self, t_tai_ns: int) -> Picture:
        """Confirmed tracks carried to an instant, without changing anything."""
        pool, tiles = self._pool, self._pool.tiles
        bank, odds = pool.bank, pool.odds
        dt_s = (t_tai_ns - self.t_tai_ns) / SECOND_NS
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
            dropped={reason: n for reason, n in sorted(self.dropped.items()) if n},
        )

    def _carry(self, bank: Array, odds: Array, tiles: int, dt_s: float) -> None:
        """Mix and predict arrays over dt_s, which may be negative for a picture of the past."""
        steps = max(1, math.ceil(abs(dt_s) / self._settings.step_max_s))
        advance(bank, odds, tiles, self._switch.over(abs(dt_s)), self._table, dt_s / steps, steps)

    def _combine(self) -> None:
        combine_tiles(self._pool.bank, self._pool.odds, self._pool.tiles, self._pool.mean)

    def _update(self, m: Mount, view: View, detections: Detections) -> Flags:
        """Associate, update and review; returns which detections were used."""
        pool, tiles, live = self._pool, self._pool.tiles, self._pool.live
        used = np.zeros(len(detections.values), np.bool_)
        seen, density = self._expect(m)
        self._combine()
        predict_sight(pool.mean, tiles, view, float(self._settings.gate_sigmas), pool.sight)
        life.weigh(pool.odds, pool.existence, pool.sight, live, seen, density, pool.bonus)
        confirmed = pool.count[life.STAGE, live] == life.CONFIRMED
        chosen = np.full(len(live), -1, np.int64)
        for some in (confirmed, ~confirmed):  # tentative tracks take what confirmed ones leave
            chosen[some] = associate(self._settings, m, pool, live[some], detections, used)
        life.gather(tiles, live, chosen, detections.values, pool.measured)
        update_tiles(pool.bank, tiles, view, pool.measured, pool.fit)
        life.judge(
            pool.odds, pool.existence, pool.count, pool.sight, pool.fit, live, chosen, seen, density,
            float(m.dimensions), float(self._settings.existence_max), self.t_tai_ns,
        )  # fmt: skip
        self._windows.follow(pool, view, detections.values, live, chosen, self.t_tai_ns)
        hit = live[chosen >= 0]
        pool.count[life.SOURCES, hit] = self._sources.joined(pool.count[life.SOURCES, hit], m.sensor.id)
        self._combine()
        self._review(live)
        return used

    def _expect(self, m: Mount) -> tuple[Array, float]:
        """(detection probability in each mode, density of detections that belong to no track)."""
        s, pd = self._settings, m.sensor.detection_probability
        seen = np.full(len(self._plumes), pd)
        if isinstance(m.sensor, Infrared):
            seen = np.where(self._plumes > 0.0, pd, min(pd, s.detection_floor))
        others = max(m.sensor.clutter_per_scan, s.clutter_floor_per_scan) + s.births_per_scan
        return np.clip(seen, 1e-6, 1.0 - 1e-6), others / m.volume

    def _review(self, live: Indices) -> None:
        """Confirm and end tracks; new confirmations are numbered in the order in which they were born."""
        pool, s = self._pool, self._settings
        limits = np.array([s.confirm_existence, s.delete_existence, s.tentative_s, s.lost_sigma_m])
        verdict = np.empty(len(live), np.int64)
        life.review(
            pool.mean, pool.existence, pool.count, pool.sight, live, s.confirm_hits, s.confirm_window,
            s.tentative_misses,
            limits,
            self.t_tai_ns, verdict,
        )  # fmt: skip
        self.dropped["failed_track"] += int(np.count_nonzero(verdict == life.FAILED))
        ended = live[verdict != life.KEEP]
        self._windows.drop(ended)
        pool.release(ended)
        count = pool.count
        new = live[(count[life.STAGE, live] == life.CONFIRMED) & (count[life.NUMBER, live] == 0)]
        if len(new):
            new = new[np.lexsort((count[life.ORIGIN, new], count[life.FIRST, new]))]
            count[life.NUMBER, new] = self._register.numbers(count[life.FIRST, new], count[life.ORIGIN, new])

    def _begin(self, m: Mount, view: View, detections: Detections, used: Flags) -> None:
        """Start a tentative track from every detection that no track took."""
        s, pool = self._settings, self._pool
        rows = np.flatnonzero(~used)
        if not len(rows):
            return
        values = detections.values[rows]
        if isinstance(m.sensor, Infrared):
            state, covariance, good = birth.from_infrared(view, values, s)
            self.dropped["line_of_sight"] += int(np.count_nonzero(~good))
            state, covariance, rows, odds = state[good], covariance[good], rows[good], s.birth_odds_infrared
        else:
            state, covariance = birth.from_radar(view, values, s)
            odds = s.birth_odds_radar
        slots = pool.take(len(state))
        self._windows.begin(view, values, slots, self.t_tai_ns)
        life.plant(pool.bank, pool.odds, slots, state, covariance, np.array(odds))
        clutter = max(m.sensor.clutter_per_scan, s.clutter_floor_per_scan)
        pool.existence[slots] = min(max(s.births_per_scan / (s.births_per_scan + clutter), 0.02), 0.9)
        columns = (life.STAGE, life.HITS, life.WINDOW, life.LOOKS, life.FIRST, life.UPDATED)
        for column, value in zip(columns, (life.TENTATIVE, 1, 1, 1, self.t_tai_ns, self.t_tai_ns), strict=True):
            pool.count[column, slots] = value
        pool.count[life.ORIGIN, slots] = (self._sources.column(m.sensor.id) << 32) + rows
        pool.count[life.SOURCES, slots] = self._sources.joined(pool.count[life.SOURCES, slots], m.sensor.id)
