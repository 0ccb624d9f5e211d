"""Fusion of statements against the filter that has all the measurements (its textbook twin)."""

from dataclasses import replace

import numpy as np
import pytest
from reference_radars import EAST, RNG, SOUTH, T0_NS, WEST, errors, simulate

from tocsin.fuse import Fold, common_picture
from tocsin.world import frames


def against_centralised(campaign, runs: int, first_s: int = 50) -> tuple[float, float, float]:
    """(position RMSE ratio, NEES ratio, NEES/6) of the common picture, over runs and exchanges."""
    total = np.zeros(4)
    count = 0
    for run in range(runs):
        fold = Fold()
        fold.add([entry for logs in campaign.logs.values() for entry in logs[run].entries])
        for k, t_ns in enumerate(campaign.times_ns):
            if t_ns - T0_NS < first_s * 10**9:
                continue
            picture = fold.picture(t_ns)
            assert len(picture.tracks) == 1
            assert picture.tracks[0].method == "sum"
            ours = errors(picture.tracks[0].state_ecef, picture.tracks[0].covariance_ecef, campaign.truth[k][run], t_ns)
            central = campaign.central[k]
            mean = frames.eci_to_ecef(central.x[run], t_ns)
            theirs = errors(mean, frames.covariance_to_ecef(central.p[run], t_ns), campaign.truth[k][run], t_ns)
            total += [ours[0], theirs[0], ours[1], theirs[1]]
            count += 1
    return float(np.sqrt(total[0] / total[1])), float(total[2] / total[3]), float(total[2] / count / 6)


@pytest.mark.parametrize(("every_s", "q"), [(1, 1e-3), (5, 1e-3), (5, 1.0), (30, 1e-3)])
def test_two_parties_equal_one_centre(every_s, q):
    runs = 3 if every_s == 1 else 8
    campaign = simulate(RNG(every_s), runs, 120, every_s, [WEST, EAST], q)
    rmse, nees, level = against_centralised(campaign, runs)
    assert rmse <= 1.03
    assert 0.9 <= nees <= 1.1
    assert 0.6 <= level <= 1.5  # few runs; the campaign holds 0.9 to 1.1


def test_three_parties_in_a_ring_equal_one_centre():
    campaign = simulate(RNG(3), 4, 100, 5, [WEST, EAST, SOUTH])
    rmse, nees, _ = against_centralised(campaign, 4)
    assert rmse <= 1.03
    assert 0.9 <= nees <= 1.1


@pytest.mark.parametrize("channel_noise", [1e-1, 1e3])
def test_a_sender_whose_channel_forgets_takes_nothing_from_the_others(channel_noise):
    """Increments over a rate of the sender's own; its information counts once, the partner's stays."""
    campaign = simulate(RNG(5), 6, 100, 5, [WEST, replace(EAST, channel_noise=channel_noise)])
    rmse, nees, _ = against_centralised(campaign, 6)
    assert rmse <= 1.03
    assert 0.9 <= nees <= 1.1


def test_joint_is_better_than_either_alone():
    campaign = simulate(RNG(4), 8, 100, 5, [WEST, EAST])
    squares = np.zeros(3)
    t_ns = campaign.times_ns[-1]
    for run in range(8):
        logs = [logs[run].entries for logs in campaign.logs.values()]
        for i, entries in enumerate([logs[0] + logs[1], *logs]):
            track = common_picture(entries, t_ns).tracks[0]
            squares[i] += errors(track.state_ecef, track.covariance_ecef, campaign.truth[-1][run], t_ns)[0]
    assert squares[0] < 0.7 * min(squares[1], squares[2])
