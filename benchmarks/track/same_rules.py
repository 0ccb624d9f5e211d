"""Our kernels under Stone Soup's rules on the same scans: does the arithmetic agree? (`_peers.SAME`)

The rules are Stone Soup's and not ours: exact assignment by the sum of Mahalanobis distances, gate 4, a range gate of
300 m (3,000 m for what is held), a track after three detections, an end after four misses (held: two). Frames, filter,
first states, innovations and assignment are the kernels of `tocsin.track`. What Stone Soup and PyRecEst scored scan by
scan is kept in `peers_plain.json`, so that every run, and tests/track/test_same_rules.py, can compare without them.

    python -m benchmarks.track.same_rules [objects ...]         default 10 50 200
    python -m benchmarks.track.same_rules 200 --anew            asks the peers again (`make peers` first; minutes)
"""

import hashlib
import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from benchmarks.track import _ours, _peers, _worlds
from benchmarks.track._show import show
from tocsin.track import birth, life
from tocsin.track.assignment import assign
from tocsin.track.gating import predict_sight
from tocsin.track.jit import LANES
from tocsin.track.mixing import advance, combine_tiles
from tocsin.track.pool import Pool
from tocsin.track.screening import prepare
from tocsin.track.settings import Switch
from tocsin.track.updating import update_tiles
from tocsin.track.views import mount, view_of
from tocsin.world.frames import eci_to_ecef
from tocsin.world.sensor import site_axes, site_ecef

KEPT = Path(__file__).with_name("peers_plain.json")
HELD_REACH_M = 3000.0
BAR = 1e-4


class Rules:
    """A tracker of our kernels whose associations and lives follow Stone Soup's rules; tracks are slots of a pool."""

    def __init__(self, sensor, settings, capacity):
        self.settings, self.mount = settings, mount(sensor)
        self.pool = Pool(capacity)
        self.free, self.number, self.given = list(range(capacity)), {}, 0
        self.sure, self.held, self.hits, self.missed = [], [], Counter(), Counter()
        self.switch = Switch.of(self.settings).over(1.0)

    def step(self, scan, dt_s):
        """Take in a scan; (numbers, inertial positions) of the tracks that are no longer held back."""
        s, pool, view = _peers.SAME, self.pool, view_of(self.mount, scan.t_tai_ns)
        values = prepare(self.mount, scan.measurements, self.settings, Counter()).values
        pool.tiles = 1 + max([*self.sure, *self.held], default=-1) // LANES
        if dt_s and pool.tiles:
            advance(pool.bank, pool.odds, pool.tiles, self.switch, self.settings.table(), dt_s, 1)
        combine_tiles(pool.bank, pool.odds, pool.tiles, pool.mean)
        predict_sight(pool.mean, pool.tiles, view, s["gate"], pool.sight, view.rated)
        left = np.ones(len(values), bool)
        self.take(self.sure, values, left, view, s["reach"])
        self.sure = self.living(self.sure, s["misses"])
        self.take(self.held, values, left, view, HELD_REACH_M)
        ready = [slot for slot in self.held if self.hits[slot] >= s["points"]]
        self.held = self.living([slot for slot in self.held if self.hits[slot] < s["points"]], s["tentative_misses"])
        self.promote(ready)
        self.begin(values[left], view)
        combine_tiles(pool.bank, pool.odds, pool.tiles, pool.mean)
        flat = pool.mean[:, :3].transpose(0, 2, 1).reshape(-1, 3)
        return np.array([self.number[slot] for slot in self.sure], int), flat[self.sure]

    def take(self, slots, values, left, view, reach_m):
        """Give some tracks what is left of the detections, and update them."""
        chosen = np.full(len(slots), -1, np.int64)
        if len(slots) and left.any():
            far, near = distances(self.pool.sight, np.array(slots), values)
            allowed = left & (near < reach_m) & (far < _peers.SAME["gate"])
            row, column = np.nonzero(allowed)
            start = np.concatenate([[0], np.cumsum(allowed.sum(axis=1))])
            missing = np.full(len(slots), _peers.SAME["gate"])
            assign(start, column, far[row, column], missing, len(values), chosen)
        pool, live = self.pool, np.array(slots, np.int64)
        life.gather(pool.tiles, live, chosen, values, pool.measured)
        update_tiles(pool.bank, pool.tiles, view, pool.measured, pool.fit, view.rated, None)
        left[chosen[chosen >= 0]] = False
        for slot, j in zip(slots, chosen, strict=True):
            self.hits[slot] += int(j >= 0)
            self.missed[slot] = 0 if j >= 0 else self.missed[slot] + 1

    def living(self, slots, misses):
        """Those of some slots that have not missed too often; the others are free."""
        self.free = sorted([*self.free, *(slot for slot in slots if self.missed[slot] >= misses)])
        return [slot for slot in slots if self.missed[slot] < misses]

    def promote(self, slots):
        for slot in slots:
            self.given += 1
            self.number[slot] = self.given
        self.sure = sorted([*self.sure, *slots])

    def begin(self, values, view):
        """Hold a track of every detection that nobody took."""
        if not len(values):
            return
        slots, self.free = self.free[: len(values)], self.free[len(values) :]
        state, covariance = birth.from_radar(view, values, self.settings)
        where = np.array(slots, np.int64)
        life.plant(self.pool.bank, self.pool.odds, where, state, covariance, np.array(self.settings.birth_odds_radar))
        self.pool.tiles = max(self.pool.tiles, 1 + max(slots) // LANES)
        for slot in slots:
            self.hits[slot], self.missed[slot] = 1, 0
        self.held = sorted([*self.held, *slots])


def distances(sight, slots, values):
    """(tracks, detections): Mahalanobis distance, and distance in range (m)."""
    seen = sight[slots // LANES, :, slots % LANES][:, :, None]
    off = values[None, :, :3] - seen[:, :3, 0][:, None]
    first = off[:, :, 1]
    second = off[:, :, 2] - seen[:, 4] * first
    third = off[:, :, 0] - seen[:, 5] * first - seen[:, 6] * second
    squared = seen[:, 10] * first**2 + seen[:, 11] * second**2 + seen[:, 12] * third**2
    return np.sqrt(squared), np.abs(off[:, :, 0])


def follow(world, settings=_ours.PLAIN):
    """Our kernels under Stone Soup's rules on a world."""
    sensor, tracks = _ours.radar(world.clutter), []
    rules = Rules(sensor, settings, 40 * LANES * (1 + len(world.truth[0]) // 50))
    for k, scan in enumerate(_ours.scans(world, sensor)):
        numbers, places = rules.step(scan, float(k > 0))
        ecef = eci_to_ecef(np.concatenate([places, np.zeros_like(places)], axis=1), scan.t_tai_ns)
        east, north, up = ((ecef[:, :3] - site_ecef(sensor)) @ site_axes(sensor).T).T
        tracks.append((numbers, np.stack([north, east, up], axis=1)))
    return _peers.Followed(tracks, np.zeros(len(tracks)))


def kept(peer, n, anew=False):
    """Scores (scans, 5) of `_peers.scan_scores` that a peer had on the plain world of n objects, seed 1."""
    said = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    world, settings = _worlds.plain(n, 1), _peers.SAME | {"closed_form": True}
    given = json.dumps(settings, sort_keys=True).encode() + np.concatenate(world.scans).tobytes()
    digest, key = hashlib.sha256(given).hexdigest()[:16], f"{peer} {_peers.VERSIONS[peer]}, {n} objects"
    if anew:
        scores = _peers.scan_scores(world, _peers.follow(peer, world, settings))
        said[key] = {"given": digest, "scores": [[round(float(x), 7) for x in row] for row in scores]}
        KEPT.write_text(json.dumps(said, sort_keys=True).replace("], [", "],\n[") + "\n")
    if said.get(key, {"given": None})["given"] != digest:
        raise SystemExit(f"{KEPT.name} was made from other scans: run this with --anew")
    return np.array(said[key]["scores"])


def compare(n, anew):
    """Print how far we are from Stone Soup by the same rules, and what our own rules change."""
    world = _worlds.plain(n, 1)
    theirs = kept("stonesoup", n, anew)[20:]
    ours = _peers.scan_scores(world, follow(world))[20:]
    off = abs(ours[:, 0].mean() / theirs[:, 0].mean() - 1.0)
    worst = float(np.abs(ours[:, 0] / theirs[:, 0] - 1.0).max())
    show(f"same rules as Stone Soup, {n} plain objects: GOSPA apart", off, "", BAR, gospa=round(ours[:, 0].mean(), 4),
         worst_scan=worst, scans_with_other_counts=int((ours[:, 3:] != theirs[:, 3:]).any(axis=1).sum()))  # fmt: skip
    if worst > 0.01:
        raise SystemExit(f"a scan of {n} objects differs by more than 1% by the same rules, and nobody knows why")
    own = _peers.scan_scores(world, _ours.follow(world, _ours.PLAIN))[20:]
    for peer in ("stonesoup", "pyrecest"):
        them = kept(peer, n, anew and peer == "pyrecest")[20:]
        show(f"our own rules, {n} plain objects: GOSPA over {peer}'s", own[:, 0].mean() / them[:, 0].mean(), "", 1.0,
             ours=round(own[:, 0].mean(), 2), missed=[round(own[:, 3].mean(), 2), round(them[:, 3].mean(), 2)],
             false=[round(own[:, 4].mean(), 2), round(them[:, 4].mean(), 2)],
             localisation_m=[round(own[:, 2].mean(), 2), round(them[:, 2].mean(), 2)])  # fmt: skip


def main():
    sizes = [int(word) for word in sys.argv[1:] if word.isdigit()] or [10, 50, 200]
    for n in sizes:
        compare(n, "--anew" in sys.argv)


if __name__ == "__main__":
    main()
