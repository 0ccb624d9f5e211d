"""Our kernels beside an independent implementation: Stone Soup 1.9.1 on the same scans, under its rules.

Golden: GOSPA, OSPA, localisation, missed and false of every scan as Stone Soup scored, kept by
`python -m benchmarks.track.same_rules --anew` (closed-form gradient, KD tree as range gate). Tolerance 1e-4 of the mean
GOSPA: the filters differ by the second-order bias and variance of range, and by the unscented first state.
"""

import dataclasses

import numpy as np
import pytest
from benchmarks.track import _ours, _peers, _worlds
from benchmarks.track.same_rules import BAR, follow, kept


@pytest.mark.parametrize("n", [10, 50])
def test_by_the_same_rules_our_kernels_give_stone_soups_answer(n: int) -> None:
    world = _worlds.plain(n, 1)
    ours, theirs = _peers.scan_scores(world, follow(world))[20:], kept("stonesoup", n)[20:]
    assert ours[:, 0].mean() == pytest.approx(theirs[:, 0].mean(), rel=BAR)
    assert np.array_equal(ours[:, 3:], theirs[:, 3:])
    assert np.abs(ours[:, 0] / theirs[:, 0] - 1.0).max() < 0.01  # no scan that would need an explanation


def test_the_comparison_would_notice_a_filter_that_trusts_its_noise_a_tenth_less() -> None:
    world = _worlds.plain(10, 1)
    wrong = dataclasses.replace(_ours.PLAIN, modes=(_ours.line(1.1),) * 3)
    ours = _peers.scan_scores(world, follow(world, wrong))[20:, 0].mean()
    assert abs(ours / kept("stonesoup", 10)[20:, 0].mean() - 1.0) > BAR
