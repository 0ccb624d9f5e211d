"""The engine of a tracker: scans in order of time, one after the other, and a state that can be saved and restored."""

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np

from tocsin.track import birth, life, roll, tentative
from tocsin.track.association import associate
from tocsin.track.gating import predict_sight
from tocsin.track.grids import Grid, dim, directions, explain, first_few, grid, learn, places, weigh
from tocsin.track.jit import LANES
from tocsin.track.mixing import BLOCK, advance, combine_tiles
from tocsin.track.picture import Picture
from tocsin.track.pool import Pool, SavedPool
from tocsin.track.screening import Detections, prepare
from tocsin.track.sensing import View
from tocsin.track.settings import Switch, TrackerSettings
from tocsin.track.sources import Register, Sources
from tocsin.track.tiles import Array, Flags, Indices
from tocsin.track.undecided import Group
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
    grids: dict[str, Grid]
    starts: list[int]
    groups: list[Group]
    dropped: Counter[str]
    t_tai_ns: int


class Engine:
    """Tracks of some sensors. Judges no scan: the caller hands over only scans that belong and are not late."""

    def __init__(self, names: tuple[str, ...], settings: TrackerSettings) -> None:
        self._settings = settings
        self._sources = Sources(names)
        self._register = Register()
        self._switch = Switch.of(settings)
        self._span = 0.0, self._switch.over(0.0)  # the last time step, and the mode changes in it
        self._table = settings.table()
        self._plumes = settings.plumes()
        self._pool = Pool(settings.capacity)
        self._windows = Windows(settings)
        self._grids: dict[str, Grid] = {}
        self._seen: dict[str, Array] = {}
        self._limits = settings.limits()
        self._book = tentative.Book()
        self.dropped: Counter[str] = Counter()
        self.t_tai_ns = 0

    def save(self) -> Saved:
        """A copy to come back to."""
        grids = {name: one.copy() for name, one in self._grids.items()}
        where = self._pool.save(), self._windows.save(), grids, self._book.starts, self._book.groups
        return Saved(*where, self.dropped.copy(), self.t_tai_ns)

    def restore(self, saved: Saved) -> None:
        """Go back. Numbers given since stay given, to the same births (`sources.Register`)."""
        self._pool.restore(saved.pool)
        self._windows.restore(saved.windows)
        self._grids = {name: one.copy() for name, one in saved.grids.items()}
        self._book.starts, self._book.groups = saved.starts, saved.groups
        self.dropped = saved.dropped.copy()
        self.t_tai_ns = saved.t_tai_ns

    def run(self, m: Mount, scan: Scan, rows: int) -> None:
        """Take in a scan of `rows` records."""
        pool = self._pool
        dt_s = (scan.t_tai_ns - self.t_tai_ns) / SECOND_NS if pool.tiles else 0.0
        self.t_tai_ns = scan.t_tai_ns
        detections = prepare(m, scan.measurements, self._settings, self.dropped)
        if dt_s > 0.0:
            pool.existence *= math.exp(-dt_s / self._settings.survival_s)
        if len(detections.values) or not rows:
            view = view_of(m, scan.t_tai_ns)
            field = self._weigh_detections(m, detections)
            self._look_ahead(dt_s, view)
            used = self._update(m, view, detections, field)
            self._begin(m, view, detections, used)
        else:  # nothing but bad records says nothing of misses
            self._look_ahead(dt_s, None)

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
        slots = np.empty(pool.tiles * LANES, np.int64)
        n, rising = roll.shown(pool.count, pool.existence, float(self._settings.picture_existence), slots)
        slots = slots[:n]
        if not rising:
            slots = slots[np.argsort(pool.count[life.NUMBER, slots])]
        state, covariance, boost = np.empty((n, 6)), np.empty((n, 6, 6)), np.empty(n)
        good = np.empty(n, np.bool_)
        life.extract(mean, odds, self._plumes, slots, state, covariance, boost, good)
        if not good.all():
            state, covariance, boost, slots = state[good], covariance[good], boost[good], slots[good]
        count = pool.count.take(slots, axis=1)
        return Picture(
            t_tai_ns=t_tai_ns,
            id=tuple(count[life.NUMBER].tolist()),
            state_eci=state,
            covariance_eci=covariance,
            existence=pool.existence[slots],
            boost_probability=boost,
            first_t_tai_ns=count[life.FIRST],
            updated_t_tai_ns=count[life.UPDATED],
            hits=count[life.HITS],
            sensors=self._sources.texts(count[life.SOURCES]),
            dropped={reason: n for reason, n in sorted(self.dropped.items()) if n},
        )

    def _look_ahead(self, dt_s: float, view: View | None) -> None:
        """Carry all tracks dt_s onwards, and predict what a sensor should see: a block at a time, to stay in cache."""
        pool, gate = self._pool, float(self._settings.gate_sigmas)
        for low in range(0, pool.tiles, BLOCK):
            high = min(low + BLOCK, pool.tiles)
            bank, odds, mean = pool.bank[low:high], pool.odds[low:high], pool.mean[low:high]
            if dt_s > 0.0:
                self._carry(bank, odds, high - low, dt_s)
            combine_tiles(bank, odds, high - low, mean)
            if view is not None:
                predict_sight(mean, high - low, view, gate, pool.sight[low:high], view.rated)

    def _carry(self, bank: Array, odds: Array, tiles: int, dt_s: float) -> None:
        """Mix and predict arrays over dt_s, which may be negative for a picture of the past."""
        steps = max(1, math.ceil(abs(dt_s) / self._settings.step_max_s))
        if dt_s != self._span[0]:
            self._span = dt_s, self._switch.over(abs(dt_s))
        advance(bank, odds, tiles, self._span[1], self._table, dt_s / steps, steps)

    def _combine(self) -> None:
        combine_tiles(self._pool.bank, self._pool.odds, self._pool.tiles, self._pool.mean)

    def _weigh_detections(self, m: Mount, detections: Detections) -> Grid | None:
        """Write the log density of false and new detections into each; the sensor's grid, if it keeps one."""
        s = self._settings
        if isinstance(m.sensor, Infrared):
            clutter = max(m.sensor.clutter_per_scan, s.clutter_floor_per_scan)
            detections.values[:, 4] = math.log((clutter + s.births_per_scan) / m.volume)
            return None
        field = self._grids.get(m.sensor.id)
        if field is None:
            field = self._grids[m.sensor.id] = grid(m.sensor, s)
        weigh(field, s, m.volume, detections.values)
        return field

    def _update(self, m: Mount, view: View, detections: Detections, field: Grid | None) -> Flags:
        """Associate, update and review; returns which detections need no new track."""
        pool, s = self._pool, self._settings
        live, sure, young = pool.call()
        values, used = detections.values, np.zeros(len(detections.values), np.bool_)
        seen = self._expect(m)
        if field is not None:
            stated = float(m.sensor.detection_probability)
            dim(field.frame, field.hits, field.looks, float(s.detection_prior_looks), stated, pool.sight, live)
        life.weigh(pool.odds, pool.existence, pool.count, pool.sight, live, seen, pool.bonus)
        if s.joint:
            from tocsin.track import joint

            taken = joint.associate(s, m, view, pool, sure, detections, used, seen, self.t_tai_ns, self.dropped)
        else:
            taken = associate(s, m, pool, sure, detections, used, self.dropped)
        ways = tentative.go_on(s, m, pool, young, detections, used, self.dropped)
        self._windows.clone(ways.source, ways.slots)
        done = 0 if not s.joint else len(sure)  # updated already
        live, chosen = np.concatenate([sure, ways.slots]), np.concatenate([taken, ways.chosen])
        life.gather(pool.tiles, live[done:], chosen[done:], values, pool.measured)
        update_tiles(pool.bank, pool.tiles, view, pool.measured, pool.fit, view.rated, s.points)
        life.judge(
            pool.odds, pool.existence, pool.score, pool.count, pool.sight, pool.fit, live[done:], chosen[done:], values,
            seen, float(m.dimensions), float(s.existence_max), self.t_tai_ns,
        )  # fmt: skip
        self._windows.follow(pool, view, values, live, chosen, self.t_tai_ns)
        self._sources.join(pool.count, live, chosen, m.sensor.id)
        self._combine()
        base = self._book.open(len(values))
        best = tentative.survey(pool, ways, self._book, base)
        self._review(sure, ways, best)
        if field is not None:
            learn(field.frame, pool.sight, sure, taken, field.hits, field.looks)
            field.fade(s)
        enough = math.log(s.births_per_scan / m.volume) + float(s.rival_log_odds)
        explain(field, values, used, best[base - self._book.low :], enough)
        return used

    def _expect(self, m: Mount) -> Array:
        """Detection probability in each mode."""
        known = self._seen.get(m.sensor.id)
        if known is not None:
            return known
        s, pd = self._settings, m.sensor.detection_probability
        seen = np.full(len(self._plumes), pd)
        if isinstance(m.sensor, Infrared):
            seen = np.where(self._plumes > 0.0, pd, min(pd, s.detection_floor))
        clipped: Array = np.clip(seen, 1e-6, 1.0 - 1e-6)
        self._seen[m.sensor.id] = clipped
        return clipped

    def _review(self, sure: Indices, ways: tentative.Ways, best: Array) -> None:
        """Confirm and end tracks; new confirmations are numbered in the order in which they were born."""
        pool, s = self._pool, self._settings
        live = np.concatenate([sure, ways.slots])
        verdict = np.empty(len(live), np.int64)
        life.review(
            pool.mean, pool.existence, pool.count, pool.sight, live, s.confirm_hits, s.confirm_window,
            s.tentative_misses, self._limits, self.t_tai_ns, verdict,
        )  # fmt: skip
        confirmed = tentative.judge(s, pool, ways, verdict[len(sure) :], self._book, best)
        ended, failed = pool.release(live, verdict)
        self.dropped["failed_track"] += failed
        self._windows.drop(ended)
        if len(confirmed):
            count = pool.count
            new = confirmed[np.lexsort((count[life.ORIGIN, confirmed], count[life.FIRST, confirmed]))]
            count[life.NUMBER, new] = self._register.numbers(count[life.FIRST, new], count[life.ORIGIN, new])

    def _begin(self, m: Mount, view: View, detections: Detections, used: Flags) -> None:
        """Start a tentative track from every detection that no track took."""
        s, pool = self._settings, self._pool
        rows = np.flatnonzero(~used)
        if not len(rows):
            return
        rows = self._few(m, detections.values, rows)
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
        density, column = float(s.births_per_scan) / m.volume, self._sources.column(m.sensor.id)
        source = int(self._sources.joined(np.zeros(1, np.int64), m.sensor.id)[0])
        life.begin(
            pool.existence, pool.score, pool.count, pool.trail, slots, rows, detections.values, density,
            self._book.starts[-2], column, source, self.t_tai_ns,
        )  # fmt: skip

    def _few(self, m: Mount, values: Array, rows: Indices) -> Indices:
        """The detections that may begin tracks: not too many in one place, and not too many in all."""
        s, before = self._settings, len(rows)
        if before > s.new_tracks_cell_max:
            field = self._grids.get(m.sensor.id)
            where = directions(values[rows]) if field is None else _cells(field, values[rows])
            if field is None or np.bincount(where).max() > s.new_tracks_cell_max:
                rows = rows[first_few(where, s.new_tracks_cell_max)]
        most = s.new_tracks_max + int(3.0 * m.sensor.clutter_per_scan)
        if len(rows) > most:  # those in clear weather first
            rows = np.sort(rows[np.argsort(values[rows, 4], kind="stable")[:most]])
        if len(rows) < before:
            self.dropped["not_begun"] += before - len(rows)
        return rows


def _cells(field: Grid, values: Array) -> Indices:
    cells = np.empty(len(values), np.int64)
    places(field.frame, values, cells)
    return cells
