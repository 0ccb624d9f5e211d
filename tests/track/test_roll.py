"""The small loops that list slots and explain detections, against the array algebra that they stand for."""

import numpy as np
import pytest

from tocsin.track import life, roll
from tocsin.track.grids import CELLS, cell, explain, grid
from tocsin.track.settings import TrackerSettings
from tocsin.track.sources import Sources
from tocsin.world.observation import Radar

SLOTS = 160
RADAR = Radar(
    id="r", latitude_deg=0.0, longitude_deg=0.0, height_m=0.0, sigma_range_m=50.0, sigma_azimuth_rad=1e-3,
    sigma_elevation_rad=1e-3, range_max_m=2e6, elevation_min_rad=0.0, elevation_max_rad=1.5, azimuth_centre_rad=0.0,
    azimuth_halfwidth_rad=3.1, period_s=1.0, detection_probability=0.9,
)  # fmt: skip


@pytest.fixture(params=range(4))
def count(request):
    rng = np.random.default_rng(request.param)
    out = rng.integers(1, 99, (life.COUNTS, SLOTS))
    out[life.STAGE] = rng.choice([life.FREE, life.TENTATIVE, life.CONFIRMED], SLOTS, p=[0.5, 0.3, 0.2])
    return out


def test_the_roll_is_called(count):
    live, sure, young = (np.empty(SLOTS, np.int64) for _ in range(3))
    confirmed, tentative = roll.call(count, live, sure, young)
    stage = count[life.STAGE]
    assert live[: confirmed + tentative].tolist() == np.flatnonzero(stage != life.FREE).tolist()
    assert sure[:confirmed].tolist() == np.flatnonzero(stage == life.CONFIRMED).tolist()
    assert young[:tentative].tolist() == np.flatnonzero(stage == life.TENTATIVE).tolist()


def test_the_lowest_free_slots_are_given_and_wiped(count):
    free = np.flatnonzero(count[life.STAGE] == life.FREE)
    before, trail, slots = count.copy(), np.full((SLOTS, 8), 5), np.empty(20, np.int64)
    assert roll.vacate(count, trail, slots) == 20
    assert slots.tolist() == free[:20].tolist()
    assert not count[:, slots].any()
    assert (trail[slots] == -1).all()
    others = np.setdiff1d(np.arange(SLOTS), slots)
    assert (count[:, others] == before[:, others]).all()
    assert (trail[others] == 5).all()
    assert roll.vacate(count, trail, np.empty(SLOTS + 1, np.int64)) == len(free)


def test_those_that_failed_or_ended_are_freed(count):
    rng = np.random.default_rng(9)
    live = np.flatnonzero(count[life.STAGE] != life.FREE)
    verdict = rng.choice([life.KEEP, life.FAILED, life.ENDED, life.READY], len(live))
    verdict[-3:] = life.ENDED
    ended = np.empty(len(live), np.int64)
    n, failed, slots = roll.release(count, live, verdict, ended, SLOTS)
    gone = (verdict == life.FAILED) | (verdict == life.ENDED)
    assert ended[:n].tolist() == live[gone].tolist()
    assert failed == np.count_nonzero(verdict == life.FAILED)
    assert np.flatnonzero(count[life.STAGE] != life.FREE).tolist() == live[~gone].tolist()
    assert slots == live[~gone][-1] + 1


def test_what_is_shown(count):
    existence = np.random.default_rng(3).random(SLOTS)
    count[life.NUMBER] = np.arange(SLOTS) + 1
    want = np.flatnonzero((count[life.STAGE] == life.CONFIRMED) & (existence >= 0.4))
    slots = np.empty(SLOTS, np.int64)
    n, rising = roll.shown(count, existence, 0.4, slots)
    assert slots[:n].tolist() == want.tolist()
    assert rising
    count[life.NUMBER, want[1]] = 1000
    assert not roll.shown(count, existence, 0.4, slots)[1]


def test_sets_of_sensors_grow_by_one():
    sources, other = Sources(("a", "b")), Sources(("a", "b"))
    count = np.zeros((life.COUNTS, SLOTS), np.int64)
    live = np.arange(0, SLOTS, 2)
    rng = np.random.default_rng(1)
    for name in ("b", "a", "a", "b"):
        chosen = rng.integers(-1, 2, len(live))
        hit = live[chosen >= 0]
        want = count[life.SOURCES].copy()
        want[hit] = other.joined(want[hit], name)
        sources.join(count, live, chosen, name)
        assert (count[life.SOURCES] == want).all()


def test_detections_that_no_track_took():
    rng = np.random.default_rng(4)
    n, enough = 300, -3.0
    values = rng.uniform([1e5, -3.0, 0.1, 0.0, -9.0], [1.9e6, 3.0, 1.4, 0.0, -6.0], (n, 5))
    used, best = rng.random(n) < 0.5, rng.normal(0.0, 9.0, n)
    best[:50] = -np.inf
    field = grid(RADAR, TrackerSettings())
    want = np.zeros(CELLS)
    for j in np.flatnonzero(~used):
        share = 1.0 / (1.0 + np.exp(np.clip(best[j], -50.0, 50.0)))
        want[cell.py_func(field.frame, *values[j, :3])] += share
    taken = used | (best > enough - values[:, 4])
    other = used.copy()
    explain(field, values, used, best, enough)
    assert field.found == pytest.approx(want, rel=1e-12)
    explain(None, values, other, best, enough)
    assert used.tolist() == other.tolist() == taken.tolist()
