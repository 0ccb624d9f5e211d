"""The strip search against all pairs, and the visibility flags against the world's."""

import math

import numpy as np
import pytest
import twins
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.track.gating import SIGHT, predict_sight
from tocsin.track.pairing import LOOKS_MAX, search, strips, without
from tocsin.world.frames import eci_to_ecef
from tocsin.world.sensor import visible


def sight_of(rng, n, wide):
    """Predicted measurements with diagonal S: azimuth anywhere, some gates wider than the circle."""
    sight = np.zeros((-(-n // 16), SIGHT, 16))
    sigma = np.stack([rng.uniform(0.5, 2.0, n) * wide, rng.uniform(0.5, 2.0, n) * 0.1, rng.uniform(1e3, 2e4, n)], 1)
    for k in range(n):
        row = sight[k // 16, :, k % 16]
        row[0], row[1], row[2] = rng.uniform(1e5, 3e5), rng.uniform(-math.pi, math.pi), rng.uniform(0.0, 1.0)
        row[10:13] = 1.0 / sigma[k] ** 2
        row[14] = np.prod(sigma[k] ** 2)
        row[15], row[16], row[17] = 3.0 * sigma[k, 2], 3.0 * sigma[k, 0], 3.0 * sigma[k, 1]
    return sight, sigma


@settings(max_examples=80, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 30),
    st.integers(1, 200),
    st.sampled_from([0, 2]),
    st.sampled_from([0.01, 0.3, 3.0]),
)
def test_pairs_are_those_of_all_against_all(seed, n, m, column, wide):
    rng = np.random.default_rng(seed)
    sight, _ = sight_of(rng, n, wide)
    values = np.stack(
        [
            rng.uniform(1e5, 3e5, m), rng.uniform(-math.pi, math.pi, m), rng.uniform(0, 1, m), np.zeros(m),
            rng.normal(size=m),
        ],
        axis=1,
    )  # fmt: skip
    bonus = np.stack([rng.normal(size=n * 2), rng.uniform(-5.0, 30.0, n * 2)], 1)
    if column == 2:
        sight[:, 12] = 0.0
    used = rng.random(m) < 0.3
    left = without(strips(values, column), used)
    slots = np.arange(n)
    start, index, cost = np.empty(n + 1, np.int64), np.empty(n * m + m, np.int64), np.empty(n * m + m)
    got = search(sight, slots, values, column, left, 9.0, bonus, 3.0, m, start, index, cost, np.zeros(2, np.int64))
    want = {}
    for i in range(n):
        for j in np.flatnonzero(~used):
            row = sight[i // 16, :, i % 16]
            y = values[j, [1, 2, 0]] - row[[1, 2, 0]]
            y[0] = (y[0] + math.pi) % (2 * math.pi) - math.pi
            d2 = np.sum(y**2 * row[10:13])
            # half the Mahalanobis distance, log det, and the weights: Blackman & Popoli 1999, section 6.6
            price = 0.5 * d2 + 1.5 * math.log(2 * math.pi) + 0.5 * math.log(row[14]) - bonus[i, 0]
            price += values[j, 4]
            inside = d2 < 9.0 and abs(y[1]) <= row[17] and (column == 2 or abs(y[2]) <= row[15])
            if inside and price < bonus[i, 1]:
                want[i, j] = price
    found = {(i, int(index[k])): cost[k] for i in range(n) for k in range(start[i], start[i + 1])}
    assert got == len(found) == start[n]
    assert found.keys() == want.keys()
    assert [found[k] for k in want] == pytest.approx(list(want.values()), rel=1e-9, abs=1e-9)


def test_only_the_cheapest_candidates_are_kept():
    rng = np.random.default_rng(1)
    sight, _ = sight_of(rng, 1, 3.0)
    values = np.tile(np.append(sight[0, [0, 1, 2, 3], 0], 0.0), (50, 1))
    values[:, 0] += rng.permutation(50) * 10.0
    work = np.zeros(2, np.int64)
    start, index, cost = np.empty(2, np.int64), np.empty(100, np.int64), np.empty(100)
    bonus = np.array([[0.0, 1e3]] * 16)
    n = search(sight, np.arange(1), values, 0, strips(values, 0), 9.0, bonus, 3.0, 8, start, index, cost, work)
    assert n == 8
    assert set(index[:8].tolist()) == set(np.argsort(values[:, 0])[:8].tolist())


def test_too_little_room_is_said():
    rng = np.random.default_rng(1)
    sight, _ = sight_of(rng, 3, 3.0)
    values = np.tile(np.append(sight[0, [0, 1, 2, 3], 0], 0.0), (5, 1)) + np.arange(5)[:, None] * 1e-9
    work = np.zeros(2, np.int64)
    start, index, cost = np.empty(4, np.int64), np.empty(4, np.int64), np.empty(4)
    bonus = np.array([[0.0, 1e3]] * 16)
    assert search(sight, np.arange(3), values, 0, strips(values, 0), 9.0, bonus, 3.0, 8, start, index, cost, work) == -1


def test_a_flood_in_one_gate_costs_every_track_the_same_few_looks():
    """What is looked at is what lies nearest, strip by strip: the detection on the spot is found among 20,000."""
    rng = np.random.default_rng(3)
    n, m = 40, 20_000
    sight, _ = sight_of(rng, n, 0.01)
    sight[:, :4] = sight[:1, :4, :1]
    values = np.tile(np.append(sight[0, :4, 0], 0.0), (m, 1))
    values[:, :3] += rng.normal(size=(m, 3)) * [300.0, 1e-3, 1e-2]
    values[7, :4] = sight[0, :4, 0]
    bonus = np.array([[0.0, 1e3]] * 48)
    start, index, cost = np.empty(n + 1, np.int64), np.empty(8 * n, np.int64), np.empty(8 * n)
    work = np.zeros(2, np.int64)
    got = search(sight, np.arange(n), values, 0, strips(values, 0), 9.0, bonus, 3.0, 8, start, index, cost, work)
    assert got == 8 * n
    assert work.tolist() == [LOOKS_MAX * n, n]
    assert all(7 in index[start[i] : start[i + 1]] for i in range(n))
    search(sight, np.arange(n), values[:20], 0, strips(values[:20], 0), 9.0, bonus, 3.0, 8, start, index, cost, work)
    assert work[1] == 0
    assert 0 < work[0] < n * 40


@pytest.mark.parametrize("sensor", [twins.radar(), twins.infrared()], ids=["radar", "infrared"])
def test_a_detection_is_due_only_where_the_world_says_visible(sensor):
    rng = np.random.default_rng(4)
    view = twins.sensor_view(sensor)
    states = twins.states_near(view, rng, 800)
    states[:, :3] *= (1.0 + rng.uniform(-0.08, 0.05, 800))[:, None]
    mean = twins.to_bank(np.repeat(states[:, None], 3, 1), np.broadcast_to(np.eye(6), (800, 3, 6, 6)))[:, 0].copy()
    sight = np.empty((len(mean), SIGHT, 16))
    predict_sight(mean, len(mean), view, 4.0, sight, view.rated)
    due = twins.from_lanes(sight[:, 18:19], 800)[:, 0] > 0.5
    seen = visible(sensor, eci_to_ecef(states, twins.T_NS))
    assert not (due & ~seen).any()
    assert (due == seen).mean() > 0.95
    assert 0.05 < seen.mean() < 0.95
