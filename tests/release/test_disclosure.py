"""What released tracklets give away: the bound against a real attack, and its order among ways of releasing."""

import numpy as np
import pytest
from campaigns import disclosure as campaign

from tocsin.release.disclosure import Seen, disclosure, fisher, model, six

THETA = campaign.THETA
PLACES = THETA[:3] * 1.05 + np.random.default_rng(3).normal(0.0, 300e3, (8, 3))


def gains(count: int) -> list[Seen]:
    return [Seen(place, 10.0, model(THETA, place, 10.0), np.zeros((3, 3))) for place in PLACES[:count]]


def test_the_gain_points_at_the_sensor():
    """Its sharpest axis is the line of sight, its size that of the range noise (here 50 m, one look in 1 / 0.45 s)."""
    place = PLACES[0]
    values, axes = np.linalg.eigh(model(THETA, place, 10.0))
    away = (place - THETA[:3]) / np.linalg.norm(place - THETA[:3])
    assert abs(axes[:, 2] @ away) == pytest.approx(1.0, abs=1e-9)
    assert values[2] == pytest.approx(4.5 / 50.0**2, rel=1e-9)


def test_more_statements_tell_more():
    sizes = [disclosure(THETA, gains(count)).place_km for count in (1, 3, 8)]
    assert sizes[0] > sizes[1] > sizes[2]
    assert disclosure(THETA, gains(8)).statements == 8


def test_nothing_told_is_nothing_known():
    found = disclosure(THETA, [])
    assert found.place_km > 1_000.0
    assert found.rate == pytest.approx(1.0)


def test_fisher_information_is_symmetric_and_grows():
    few, many = fisher(THETA, gains(2)), fisher(THETA, gains(3))
    assert few == pytest.approx(few.T, rel=1e-9)
    scale = np.sqrt(np.diag(many))
    assert np.linalg.eigvalsh((many - few) / np.outer(scale, scale))[0] > -1e-9


def test_an_attack_on_the_model_reaches_the_bound():
    """Gains drawn from the model itself: maximum likelihood errs as the bound says (thirty fits, 35 %)."""
    errors, rng = [], np.random.default_rng(1)
    clean = gains(8)
    for _ in range(30):
        noisy = []
        for one in clean:
            spread = np.linalg.inv(campaign.whitener(THETA, one))
            flat = six(one.gain) + spread @ rng.standard_normal(6)
            matrix = np.zeros((3, 3))
            matrix[np.triu_indices(3)] = flat
            noisy.append(Seen(one.place_ecef_m, one.seconds, matrix + np.triu(matrix, 1).T, one.digits))
        errors.append(campaign.attack(noisy, rng, start_m=10e3)[:3] - THETA[:3])
    up = THETA[:3] / np.linalg.norm(THETA[:3])
    flat_errors = np.array(errors) - np.outer(np.array(errors) @ up, up)
    actual_km = np.sqrt((flat_errors**2).sum(axis=1).mean()) / 1e3
    assert actual_km == pytest.approx(disclosure(THETA, clean).place_km, rel=0.35)


@pytest.mark.slow
def test_thinning_gives_away_less_and_costs_accuracy():
    every, thin = (campaign.measure(campaign.OPTIONS[number], 2) for number in (0, 2))
    assert thin["place_km_bound"] > 2.0 * every["place_km_bound"]
    assert thin["picture_error_over_own"] > every["picture_error_over_own"]
    assert every["place_km_attack"] < 200.0  # a partner does find the radar
