"""Groups of close tracks: their best joint pictures, against lists of every picture there is."""

import itertools
from dataclasses import replace

import numpy as np
import twins
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.track import Tracker, undecided
from tocsin.track.life import FIRST, LEADING, ORIGIN, STAGE, TENTATIVE
from tocsin.track.pool import TRAIL, Pool
from tocsin.track.settings import TrackerSettings, aircraft
from tocsin.track.undecided import Group, grown, joined, merged, parts, pictures, show
from tocsin.world.observation import Scan

ALL = TrackerSettings(pictures_max=100_000, picture_log_odds=1e6, flock_speeds_m_s=())
seeds = st.integers(0, 2**32 - 1)


def apart(sets, trail):
    """Whether the hypotheses of a picture share no detection."""
    used = [j for i in sets for j in trail[i].tolist() if j >= 0]
    return len(used) == len(set(used))


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_the_best_pictures_of_hypotheses_are_those_of_the_list_of_all(seed):
    rng = np.random.default_rng(seed)
    kind = np.sort(np.concatenate([np.arange(3), rng.integers(0, 3, 6)]))
    trail = np.full((9, TRAIL), -1)
    trail[:, :2] = rng.integers(-1, 5, (9, 2)) + np.array([0, 10]) * 1
    trail[:, :2][trail[:, :2] == 9] = -1
    score = rng.normal(8.0, 6.0, 9)
    every = []
    for pick in itertools.product(*([-1, *np.flatnonzero(kind == k).tolist()] for k in range(3))):
        chosen = [i for i in pick if i >= 0]
        if apart(chosen, trail):
            every.append((score[chosen].sum(), tuple(sorted(chosen))))
    every.sort(reverse=True)
    got = [tuple(np.flatnonzero(row).tolist()) for row in pictures(ALL, score, trail, kind)]
    assert set(got) == {chosen for _, chosen in every}
    assert np.allclose([score[list(one)].sum() for one in got], [value for value, _ in every])
    few = replace(ALL, picture_log_odds=5.0)
    got = {tuple(np.flatnonzero(row).tolist()) for row in pictures(few, score, trail, kind)}
    assert got == {chosen for value, chosen in every if value >= every[0][0] - 5.0}


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_pictures_go_on_in_every_way_that_takes_no_detection_twice(seed):
    rng = np.random.default_rng(seed)
    pool, parents = Pool(64), np.arange(4)
    source = np.repeat(parents, 3)
    chosen = np.concatenate([np.append(rng.permutation(4)[:2], -1) for _ in parents])
    slots = rng.permutation(np.arange(10, 22))
    pool.score[slots] = rng.normal(0.0, 5.0, 12)
    pool.trail[slots, 0] = np.where(chosen >= 0, 100 + chosen, -1)
    pool.trail[slots, 1] = source
    dead = rng.random(12) < 0.1
    group = Group(np.array([[0, 1], [2, 1], [2, -1], [3, 0]]), rng.normal(0.0, 2.0, 4), np.zeros(4))
    want = {}
    for row, bonus in zip(group.sets.tolist(), group.bonus.tolist(), strict=True):
        ways = [[-1] if slot < 0 else np.flatnonzero(source == slot).tolist() for slot in row]
        for pick in itertools.product(*ways):
            taken = [chosen[i] for i in pick if i >= 0 and chosen[i] >= 0]
            if len(taken) == len(set(taken)):
                value = bonus + sum(pool.score[slots[i]] for i in pick if i >= 0)
                key = tuple(sorted(int(slots[i]) for i in pick if i >= 0 and not dead[i]))
                want[key] = max(want.get(key, -np.inf), value)
    after = grown(ALL, pool, group, slots, chosen, source, dead)
    value = np.where(after.sets >= 0, pool.score[after.sets], 0.0).sum(axis=1) + after.bonus
    got = {tuple(sorted(s for s in row if s >= 0)): v for row, v in zip(after.sets.tolist(), value, strict=True)}
    assert got.keys() == want.keys()
    assert np.allclose([got[key] for key in want], list(want.values()))
    assert (np.diff(value) <= 0.0).all()


def test_a_track_that_ended_has_said_for_its_flock_what_it_said():
    pool = Pool(16)
    pool.mean[:] = 0.0
    pool.mean[:, [21, 24, 26]] = 100.0
    pool.mean[0, 3, :6] = 300.0
    pool.trail[:6, 0] = [1, 2, 3, 4, 5, 6]
    sets, dead = np.array([[0, 1, 2]]), np.array([False, False, True])
    group = Group(sets, np.zeros(1), np.zeros(1))
    some = TrackerSettings()
    stays = grown(some, pool, group, np.arange(3), np.arange(3), np.arange(3), dead & False)
    ends = grown(some, pool, group, np.arange(3), np.arange(3), np.arange(3), dead)
    assert ends.sets.tolist() == [[0, 1]]
    assert stays.flock[0] > ends.flock[0] + 5.0
    assert np.isclose(stays.bonus[0] + stays.flock[0], ends.bonus[0] + ends.flock[0])


def test_a_birth_joins_the_pictures_that_it_shares_nothing_with():
    pool = Pool(16)
    pool.trail[:4, 0] = [1, 2, 1, 5]
    pool.score[:4] = [10.0, 9.0, 8.0, 3.0]
    after = joined(ALL, pool, Group(np.array([[0], [1]]), np.zeros(2), np.zeros(2)), np.array([2, 3]))
    assert after.sets.tolist() == [[1, 2], [0, 3], [1, 3], [0, -1], [1, -1]]


def test_groups_that_want_the_same_detection_become_one():
    groups = [Group(np.array([[k]]), np.zeros(1), np.zeros(1)) for k in range(3)]
    source, chosen = np.arange(3), np.array([7, -1, 7])
    assert [one.sets.tolist() for one in merged(groups, source, chosen, 9)] == [[[1]], [[0, 2]]]
    assert parts(np.array([[1, 9], [2, 9], [9, 2], [9, 9]]), 9, np.array([4, 5, 6, 4])).tolist() == [0, 1, 1, 0]


def test_what_all_pictures_agree_on_is_decided():
    pool = Pool(16)
    pool.count[STAGE, :3] = LEADING
    pool.trail[:3, 0] = [1, 2, 3]
    shown, left = show(ALL, pool, Group(np.array([[0, 1], [0, 2]]), np.zeros(2), np.zeros(2)))
    assert shown.tolist() == [0, 1]
    assert pool.count[STAGE, :3].tolist() == [2, LEADING, LEADING + 1]
    assert left[0].sets.tolist() == [[1], [2]]
    assert undecided.members(left, 4).tolist() == [False, True, True, False]


def test_an_object_that_the_best_picture_begins_anew_keeps_its_name():
    pool = Pool(16)
    pool.trail[:3, :4] = [[9, 7, 5, 1], [9, 7, 5, 2], [8, 6, 4, 3]]
    pool.count[FIRST, :4], pool.count[ORIGIN, :4] = [100, 200, 300, 200], [1, 2, 3, 2]
    pool.count[STAGE, :4] = [LEADING, TENTATIVE, LEADING, TENTATIVE]
    other = Group(np.array([[-1, 1, 2], [0, -1, 2], [0, 3, -1]]), np.zeros(3), np.zeros(3))
    shown, _ = show(ALL, pool, other)
    assert shown.tolist() == [1, 2]
    assert pool.count[FIRST, :4].tolist() == [200, 100, 300, 100]
    assert pool.count[ORIGIN, :4].tolist() == [2, 1, 3, 1]
    assert pool.count[STAGE, :2].tolist() == [LEADING + 1, LEADING]
    back = Group(other.sets[[1, 0, 2]], np.zeros(3), np.zeros(3))
    assert show(ALL, pool, back)[0].tolist() == [0, 2]
    assert pool.count[FIRST, :4].tolist() == [100, 200, 300, 200]
    pool.trail[1, :3] = [1, 2, 3]  # another object: it gets a name of its own
    show(ALL, pool, other)
    assert pool.count[FIRST, :4].tolist() == [100, 200, 300, 200]


def test_a_number_goes_with_what_is_shown_when_an_exchange_is_believed_long_after():
    pool = Pool(16)
    pool.trail[:4] = [
        [9, 7, 5, 3, 1, -1, -1, -1],
        [8, 6, 4, 2, 0, -1, -1, -1],
    ] * 2  # two tracks, and the same exchanged
    pool.count[STAGE, :4] = [LEADING, LEADING, TENTATIVE, TENTATIVE]
    pool.count[FIRST, :4] = [100, 200, 200, 100]
    show(ALL, pool, Group(np.array([[3, 2], [0, 1]]), np.zeros(2), np.zeros(2)))
    assert pool.count[FIRST, :4].tolist() == [200, 100, 100, 200]  # births exchanged names, places kept them
    pool.trail[2:4] = [[9, 7, 4, 2, 0, -1, -1, -1], [8, 6, 5, 3, 1, -1, -1, -1]]  # only the last two detections
    pool.count[STAGE, :4] = [LEADING, LEADING, TENTATIVE, TENTATIVE]
    show(ALL, pool, Group(np.array([[3, 2], [0, 1]]), np.zeros(2), np.zeros(2)))
    assert pool.count[FIRST, :4].tolist() == [200, 100, 100, 200]


def test_close_aircraft_are_told_apart_and_late_scans_change_nothing():
    """Three side by side, three sigma of azimuth apart; a scan that comes late gives the bits of the right order."""
    rng = np.random.default_rng(5)
    radar = twins.radar(range_max_m=3e5, elevation_min_rad=0.0)
    scans = []
    for k in range(12):
        z = np.array([[8e4 - 200.0 * k, 0.3 + 3e-3 * i, 0.3] for i in range(3)])
        z += rng.standard_normal((3, 3)) * [radar.sigma_range_m, 1e-3, 1e-3]
        scans.append(Scan(sensor=radar, t_tai_ns=twins.T_NS + k * 10**9, measurements=z))
    late = [*scans[:6], scans[7], scans[6], *scans[8:]]
    pictures_ = []
    for order in (scans, late):
        tracker = Tracker("west", [radar], aircraft(late_s=5.0, groups_max=6))
        for scan in order:
            picture = tracker.step(scan)
        assert tracker._engine._book.groups
        pictures_.append(picture)
    assert len(pictures_[0].id) == 3
    assert pictures_[0].id == pictures_[1].id
    assert np.array_equal(pictures_[0].state_eci, pictures_[1].state_eci)
