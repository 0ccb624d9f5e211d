"""The memory of all tracks. Slots are reused, lowest first; numbers of tracks never are."""

from dataclasses import dataclass

import numpy as np

from tocsin.track.gating import SIGHT
from tocsin.track.jit import LANES
from tocsin.track.life import COUNTS, FREE, STAGE
from tocsin.track.tiles import MEASURED, MODES, STATE, Array, Indices
from tocsin.world.constants import WGS84_A_M

TRAIL = 8  # scans over which a tentative track's detections are remembered


@dataclass(frozen=True, slots=True)
class SavedPool:
    """Copies of what a scan may change."""

    bank: Array
    odds: Array
    existence: Array
    score: Array
    count: Indices
    trail: Indices


class Pool:
    """Arrays by slot, grown by doubling. `tiles` is how many tiles hold a live track or come before one that does."""

    def __init__(self, capacity: int) -> None:
        tiles = max(1, -(-capacity // LANES))
        self.bank = _idle(tiles)
        self.odds = np.full((tiles, MODES, LANES), 1.0 / MODES)
        self.existence = np.zeros(tiles * LANES)
        self.score = np.zeros(tiles * LANES)
        self.count = np.zeros((COUNTS, tiles * LANES), np.int64)
        self.trail = np.full((tiles * LANES, TRAIL), -1, np.int64)
        self.tiles = 0
        self._scratch()

    @property
    def live(self) -> Indices:
        """Slots in use, ascending."""
        return np.flatnonzero(self.count[STAGE, : self.tiles * LANES] != FREE)

    def take(self, n: int) -> Indices:
        """The n lowest free slots; the caller fills them."""
        free = np.flatnonzero(self.count[STAGE] == FREE)
        while len(free) < n:
            self._grow()
            free = np.flatnonzero(self.count[STAGE] == FREE)
        slots = free[:n]
        if n:
            self.tiles = max(self.tiles, int(slots[-1]) // LANES + 1)
        self.count[:, slots] = 0
        self.trail[slots] = -1
        return slots

    def clone(self, source: Indices, target: Indices) -> None:
        """Copy everything but the states from slots to slots."""
        self.existence[target], self.score[target] = self.existence[source], self.score[source]
        self.count[:, target], self.trail[target] = self.count[:, source], self.trail[source]

    def release(self, slots: Indices) -> None:
        """Free slots; trailing empty tiles are no longer computed."""
        self.count[STAGE, slots] = FREE
        live = self.live
        self.tiles = int(live[-1]) // LANES + 1 if len(live) else 0

    def save(self) -> SavedPool:
        """Copies of the tiles in use."""
        n = self.tiles * LANES
        used = self.bank[: self.tiles].copy(), self.odds[: self.tiles].copy()
        odds = self.existence[:n].copy(), self.score[:n].copy()
        return SavedPool(*used, *odds, self.count[:, :n].copy(), self.trail[:n].copy())

    def restore(self, saved: SavedPool) -> None:
        """Back to what was saved; memory that has grown since stays."""
        self.tiles = len(saved.bank)
        n = self.tiles * LANES
        self.bank[: self.tiles], self.odds[: self.tiles] = saved.bank, saved.odds
        self.existence[:n], self.score[:n] = saved.existence, saved.score
        self.count[:, :n], self.trail[:n] = saved.count, saved.trail
        self.count[STAGE, n:] = FREE

    def _grow(self) -> None:
        tiles = len(self.bank)
        self.bank = np.concatenate([self.bank, _idle(tiles)])
        self.odds = np.concatenate([self.odds, np.full((tiles, MODES, LANES), 1.0 / MODES)])
        self.existence = np.concatenate([self.existence, np.zeros(tiles * LANES)])
        self.score = np.concatenate([self.score, np.zeros(tiles * LANES)])
        self.count = np.concatenate([self.count, np.zeros((COUNTS, tiles * LANES), np.int64)], axis=1)
        self.trail = np.concatenate([self.trail, np.full((tiles * LANES, TRAIL), -1, np.int64)])
        sight = self.sight
        self._scratch()
        self.sight[:tiles] = sight

    def _scratch(self) -> None:
        """Working memory of a scan, kept between scans because fresh pages cost more than the arithmetic."""
        tiles = len(self.bank)
        self.mean = np.empty((tiles, STATE, LANES))
        self.sight = np.empty((tiles, SIGHT, LANES))
        self.measured = np.empty((tiles, MEASURED, LANES))
        self.fit = np.empty((tiles, MODES, 2, LANES))
        self.bonus = np.empty((tiles * LANES, 2))


def _idle(tiles: int) -> Array:
    """Lanes without a track hold a harmless state, so that no kernel needs a branch."""
    bank = np.zeros((tiles, MODES, STATE, LANES))
    bank[:, :, 0] = 2.0 * WGS84_A_M
    bank[:, :, 4] = 5000.0
    for row in (6, 9, 11, 21, 24, 26):
        bank[:, :, row] = 1.0
    return bank
