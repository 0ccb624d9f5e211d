"""Metrics against every permutation, and against values of Stone Soup 1.9.1 (`OSPAMetric`, `GOSPAMetric`).

The golden points are numpy.random.default_rng(seed).uniform(-800, 800), rounded to 0.1 m, so that any program can make
them again. Tolerance 1e-9 relative: both sides are sums of a few squares in double precision.
"""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.track.metrics import gospa, ospa, siap

# seed, objects, tracks, cut-off, order, OSPA, GOSPA
GOLDEN = [
    (1, 3, 4, 300.0, 2.0, 300.0, 561.2486080160912),
    (2, 5, 2, 500.0, 1.0, 480.9563363795571, 1654.7816818977853),
    (3, 6, 6, 250.0, 2.0, 231.63911227021512, 567.397629533293),
    (4, 1, 1, 2000.0, 2.0, 1687.5283730948051, 1687.5283730948051),
    (5, 4, 7, 400.0, 3.0, 399.9999999999999, 706.0696670652123),
]


@pytest.mark.parametrize(("seed", "n", "m", "cutoff", "order", "want_ospa", "want_gospa"), GOLDEN)
def test_values_of_another_program(seed, n, m, cutoff, order, want_ospa, want_gospa):
    rng = np.random.default_rng(seed)
    truth = np.round(rng.uniform(-800, 800, (n, 3)), 1)
    tracks = np.round(rng.uniform(-800, 800, (m, 3)), 1)
    assert ospa(truth, tracks, cutoff, order) == pytest.approx(want_ospa, rel=1e-9)
    assert gospa(truth, tracks, cutoff, order).distance == pytest.approx(want_gospa, rel=1e-9)


def partial_pairings(n, m):
    """Every way to pair some of n with some of m."""
    for k in range(min(n, m) + 1):
        for some in itertools.combinations(range(n), k):
            for others in itertools.permutations(range(m), k):
                yield list(zip(some, others, strict=True))


@given(st.integers(0, 2**32 - 1), st.integers(0, 4), st.integers(0, 4), st.sampled_from([1.0, 2.0]))
def test_definitions_over_every_pairing(seed, n, m, order):
    rng = np.random.default_rng(seed)
    x, y, c = rng.normal(size=(n, 3)), rng.normal(size=(m, 3)), 1.5
    d = np.array([[math.dist(a, b) for b in y] for a in x]).reshape(n, m)
    least = min(
        sum(d[i, j] ** order for i, j in pairs) + c**order / 2 * (n + m - 2 * len(pairs))
        for pairs in partial_pairings(n, m)
    )
    found = gospa(x, y, c, order)
    assert found.distance == pytest.approx(least ** (1 / order), abs=1e-12)
    parts = found.localisation + c**order / 2 * (found.missed + found.false)
    assert parts == pytest.approx(least, abs=1e-12)
    short, long_ = (d, m) if n <= m else (d.T, n)
    if long_:
        best = min(
            sum(min(short[i, j], c) ** order for i, j in enumerate(p))
            for p in itertools.permutations(range(long_), len(short))
        )
        want = ((best + c**order * (long_ - len(short))) / long_) ** (1 / order)
        assert ospa(x, y, c, order) == pytest.approx(want, abs=1e-12)
    else:
        assert ospa(x, y, c, order) == 0.0


def test_one_track_lost_costs_as_the_paper_says():
    """Rahmathullah et al. 2017, section II: with alpha 2 a missed and a false object cost c^p / 2 each."""
    one, none = np.zeros((1, 3)), np.empty((0, 3))
    assert gospa(one, none, 10.0, 2.0).distance == pytest.approx(math.sqrt(50.0))
    assert gospa(one, one + 100.0, 10.0, 2.0) == gospa(one + 100.0, one, 10.0, 2.0)
    assert gospa(one, one + 100.0, 10.0, 2.0).distance == pytest.approx(10.0)
    assert ospa(one, none, 10.0) == 10.0


def test_siap_of_a_run_by_hand():
    """Two objects, three scans: a switch on the first, a double on the second, one spurious track, one scan missed."""
    a, b, off = np.array([0.0, 0, 0]), np.array([100.0, 0, 0]), np.array([9e3, 0, 0])
    objects = [(np.array([0, 1]), np.stack([a, b]))] * 3
    seen = [
        (np.array([7, 8]), np.stack([a + np.array([1, 0, 0]), b])),
        (np.array([9, 8, 5]), np.stack([a, b + np.array([0, 3, 0]), b])),
        (np.array([9, 6]), np.stack([a, off])),
    ]
    found = siap(objects, seen, cutoff_m=40.0)
    assert found.completeness == pytest.approx(5 / 6)
    assert found.ambiguity == pytest.approx(6 / 5)
    assert found.spurious == pytest.approx(1 / 7)
    assert found.accuracy_m == pytest.approx(4 / 6)
    assert found.changes_per_s == pytest.approx(1 / 5)
