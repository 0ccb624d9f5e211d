"""The sparse augmenting-path solver against SciPy's dense one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from tocsin.track.assignment import assign


def solve(mask, cost, miss):
    start = np.concatenate([[0], np.cumsum(mask.sum(axis=1))]).astype(np.int64)
    index = np.nonzero(mask)[1].astype(np.int64)
    chosen = np.empty(len(miss), np.int64)
    total = assign(start, index, cost[mask].astype(float), miss.astype(float), mask.shape[1], chosen)
    return chosen, total


def twin(mask, cost, miss):
    """Dense problem with a private column for each row's miss (Bar-Shalom & Li 1995, 2-D assignment)."""
    n, m = mask.shape
    dense = np.full((n, m + n), 1e9)
    dense[:, :m][mask] = cost[mask]
    dense[np.arange(n), m + np.arange(n)] = miss
    rows, columns = linear_sum_assignment(dense)
    return dense[rows, columns].sum()


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 14), st.integers(1, 14), st.floats(0.05, 1.0), st.booleans())
def test_total_cost_is_the_least(seed, n, m, filled, whole_numbers):
    rng = np.random.default_rng(seed)
    mask = rng.random((n, m)) < filled
    cost, miss = rng.normal(size=(n, m)) * 3.0, rng.normal(size=n) * 2.0 + 2.0
    if whole_numbers:  # ties
        cost, miss = np.round(cost), np.round(miss)
    chosen, total = solve(mask, cost, miss)
    taken = chosen[chosen >= 0]
    assert len(set(taken.tolist())) == len(taken)
    assert all(mask[i, j] for i, j in enumerate(chosen) if j >= 0)
    paid = sum(miss[i] if j < 0 else cost[i, j] for i, j in enumerate(chosen))
    assert total == pytest.approx(paid, abs=1e-9)
    assert total == pytest.approx(twin(mask, cost, miss), abs=1e-9)


def test_one_component_of_hundreds():
    rng = np.random.default_rng(3)
    n, m = 300, 330
    mask = rng.random((n, m)) < 0.03
    cost, miss = rng.normal(size=(n, m)), np.full(n, 1.5)
    assert solve(mask, cost, miss)[1] == pytest.approx(twin(mask, cost, miss), abs=1e-9)


def test_no_detections_and_no_tracks():
    chosen, total = solve(np.zeros((3, 0), bool), np.zeros((3, 0)), np.ones(3))
    assert chosen.tolist() == [-1, -1, -1]
    assert total == 3.0
    assert solve(np.zeros((0, 2), bool), np.zeros((0, 2)), np.ones(0))[1] == 0.0
