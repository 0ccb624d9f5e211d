"""A smaller calibration: stated probabilities against frequencies, and no real attack explained away."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from campaigns.calibration import Nature, measure, scored


def test_stated_probabilities_hold_in_a_world_with_other_numbers():
    result = measure(7, 110, 24)
    assert result.worst <= 0.05
    assert result.skill >= 0.5
    assert result.explained_away == 0
    assert result.most_explained < 0.95


def test_canary_a_world_of_imitators_is_noticed():
    """Where launches from the announced place are mostly something else, the same statements have little skill."""
    result = measure(7, 70, 0, Nature(announced=0.3, imitation=0.6, near_miss=0.0, terse=1.0))
    assert result.skill < 0.5


def test_scores_of_known_pairs():
    perfect = scored(1, [(1.0, True), (0.0, False)] * 60)
    assert (perfect.brier, perfect.skill, perfect.worst) == (0.0, 1.0, 0.0)
    useless = scored(1, [(0.5, True), (0.5, False)] * 60)
    assert useless.skill == 0.0
