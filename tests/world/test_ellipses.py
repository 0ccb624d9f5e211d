"""The campaign of launch and impact ellipses in small: a whole chain from flight to ellipse, and a canary."""

import numpy as np
import pytest
from campaigns import ellipses

from tocsin.world.ends import CHI2_95_2


@pytest.mark.slow
def test_ellipses_hold_the_truth_in_most_of_a_few_runs():
    """Twelve flights, six ellipses each: at 95 %, fewer than 60 inside has a chance below 1e-3."""
    found = [ellipses.run(seed) for seed in range(12)]
    held = [one for flight in found if flight is not None for one in flight.values() if one is not None]
    assert len(held) >= 60
    assert np.mean([one.distance2 <= CHI2_95_2 for one in held]) >= 0.85


def test_summary_tells_ellipses_that_are_too_small():
    """Canary: errors of three sigma must show."""
    good = ellipses.Judged(distance2=1.0, error_km=1.0, area_km2=1.0, bound_km2=1.0, late=0.0)
    bad = ellipses.Judged(distance2=9.0, error_km=3.0, area_km2=2.0, bound_km2=1.0, late=0.0)
    name = "impact, apogee"
    (row,) = ellipses.summary([{name: good}, {name: bad}, {name: bad}, {name: None}]).values()
    assert row["inside"] == pytest.approx(1 / 3, abs=1e-3)
    assert row["area_over_bound_median"] == pytest.approx(2.0)
    assert (row["runs"], row["without"]) == (3, 1)
