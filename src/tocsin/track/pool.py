"""The memory of all tracks. Slots are reused, lowest first; numbers of tracks never are."""

from dataclasses import dataclass

import numpy as np

from tocsin.track import roll
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

    def call(self) -> tuple[Indices, Indices, Indices]:
        """Slots in use, ascending: all, confirmed, tentative."""
        n = self.tiles * LANES
        live, sure, young = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
        confirmed, tentative = roll.call(self.count, live, sure, young)
        return live[: confirmed + tentative], sure[:confirmed], young[:tentative]

    def take(self, n: int) -> Indices:
        """The n lowest free slots; the caller fills them."""
        slots = np.empty(n, np.int64)
        while roll.vacate(self.count, self.trail, slots) < n:
            self._grow()
        if n:
            self.tiles = max(self.tiles, int(slots[-1]) // LANES + 1)
        return slots

    def clone(self, source: Indices, target: Indices) -> None:
        """Copy everything but the states from slots to slots."""
        self.existence[target], self.score[target] = self.existence[source], self.score[source]
        self.count[:, target], self.trail[target] = self.count[:, source], self.trail[source]

    def release(self, live: Indices, verdict: Indices) -> tuple[Indices, int]:
        """Free the slots whose tracks failed or ended: (those slots, how many of them failed).

        Trailing empty tiles are no longer computed.
        """
        ended = np.empty(len(live), np.int64)
        n, failed, slots = roll.release(self.count, live, verdict, ended, self.tiles * LANES)
        self.tiles = -(-slots // LANES)
        return ended[:n], failed

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
