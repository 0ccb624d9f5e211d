"""The tracker on small truths: follows, hands over, forgets; and what it does with bad input."""

import dataclasses

import numpy as np
import pytest
from flights import BURNOUT_S, INFRARED, RADAR, STEP_S, T0_NS, burning, flight, scan

from tocsin.track import Tracker
from tocsin.world.observation import Scan


@pytest.fixture(scope="module")
def truth():
    return flight()


def play(tracker, sensors, truth, start_s, end_s, seed=0):
    """Yields (t_s, truth state, picture) once a second."""
    rng = np.random.default_rng(seed)
    for t in range(start_s, end_s):
        state = truth[round(t / STEP_S)]
        for sensor in sensors:
            picture = tracker.step(scan(sensor, float(t), state, [burning(t)], rng))
        yield float(t), state, picture


def last(pictures):
    """The last (t_s, truth, picture) of a play."""
    return list(pictures)[-1]


def nearest(picture, state):
    gaps = np.linalg.norm(picture.state_eci[:, :3] - state[:3], axis=1)
    i = int(np.argmin(gaps))
    error = picture.state_eci[i] - state
    return i, error, float(error @ np.linalg.solve(picture.covariance_eci[i], error)) / 6.0


def test_follows_boost_staging_and_coast_with_radar_and_infrared(truth):
    tracker = Tracker("west", [INFRARED, RADAR])
    ids, late = set(), []
    for t, state, picture in play(tracker, [INFRARED, RADAR], truth, 0, 240):
        if t < 60.0:
            continue
        i, error, nees = nearest(picture, state)
        ids.add(picture.id[i])
        assert np.linalg.norm(error[:3]) < 3000.0
        assert nees < 6.0
        if t > BURNOUT_S + 60.0:
            late.append((np.linalg.norm(error[:3]), np.linalg.norm(error[3:]), nees))
            assert picture.boost_probability[i] < 0.05
    assert len(ids) == 1
    assert picture.sensors[0] == ("ir1", "r1")
    assert np.mean([x[0] for x in late]) < 200.0
    assert np.mean([x[1] for x in late]) < 5.0
    assert 0.2 < np.mean([x[2] for x in late]) < 2.0
    assert len(picture) == 1


def test_infrared_alone_knows_the_launch_point_within_seconds(truth):
    tracker = Tracker("west", [INFRARED])
    found = (moment for moment in play(tracker, [INFRARED], truth, 0, 50) if len(moment[2]))
    _, state, picture = next(found)
    i, error, nees = nearest(picture, state)
    height = np.linalg.norm(state[:3]) - np.linalg.norm(truth[0, :3])
    assert height < 25e3
    assert np.linalg.norm(error[:3]) < 120e3
    assert nees < 3.0
    assert picture.boost_probability[i] > 0.9


def test_radar_alone_confirms_and_counts_contributions(truth):
    tracker = Tracker("west", [RADAR])
    _, state, picture = last(play(tracker, [RADAR], truth, 100, 130))
    i, error, _ = nearest(picture, state)
    assert np.linalg.norm(error[:3]) < 1000.0
    assert picture.hits[i] > 20
    assert picture.first_t_tai_ns[i] >= T0_NS + 100 * 10**9
    assert picture.updated_t_tai_ns[i] > picture.first_t_tai_ns[i]
    assert picture.sensors[i] == ("r1",)


def test_a_flight_that_is_gone_is_forgotten_and_its_number_stays_unused(truth):
    tracker = Tracker("west", [RADAR])
    _, _, picture = last(play(tracker, [RADAR], truth, 100, 130))
    first = set(picture.id)
    rng = np.random.default_rng(5)
    for t in range(130, 150):
        picture = tracker.step(scan(RADAR, float(t), np.empty((0, 6)), [], rng))
    assert not first & set(picture.id)
    _, _, picture = last(play(tracker, [RADAR], truth, 150, 170))
    assert picture.id
    assert not first & set(picture.id)


def test_same_scans_same_bits(truth):
    def once():
        tracker = Tracker("west", [INFRARED, RADAR])
        return last(play(tracker, [INFRARED, RADAR], truth, 40, 100, seed=9))[2]

    a, b = once(), once()
    assert a.state_eci.tobytes() == b.state_eci.tobytes()
    assert a.covariance_eci.tobytes() == b.covariance_eci.tobytes()
    assert (a.id, a.sensors, a.dropped) == (b.id, b.sensors, b.dropped)


def test_bad_records_are_counted_and_harmless(truth):
    tracker = Tracker("west", [INFRARED, RADAR])
    _, _, before = last(play(tracker, [INFRARED, RADAR], truth, 60, 90))
    t = before.t_tai_ns + 1
    bad = np.array([
        [np.nan, 1.0, 1.0], [np.inf, 1.0, 1.0], [-5.0, 1.0, 1.0], [1e9, 1.0, 1.0], [1e6, 1e3, 1.0], [1e6, 1.0, 2.0],
    ])  # fmt: skip
    good = [1.5e6, 3.5, 0.5]
    with_twins = np.array([good, good, [1.5e6, 3.6, 0.5]])
    for scan_ in (
        Scan(sensor=RADAR, t_tai_ns=t, measurements=bad),
        Scan(sensor=RADAR, t_tai_ns=t, measurements=bad),
        Scan(sensor=RADAR, t_tai_ns=t + 1, measurements=with_twins),
        Scan(sensor=RADAR, t_tai_ns=t + 2, measurements=np.ones((4, 7))),
        Scan(sensor=RADAR, t_tai_ns=t - 1, measurements=np.ones((2, 3))),
        Scan(sensor=RADAR, t_tai_ns=-1, measurements=np.ones((1, 3))),
        Scan(sensor=RADAR, t_tai_ns=t + 10**18, measurements=np.ones((1, 3))),
        Scan(sensor=dataclasses.replace(RADAR, id="x"), t_tai_ns=t, measurements=np.ones((1, 3))),
        Scan(sensor=INFRARED, t_tai_ns=t + 2, measurements=np.ones((3, 3))),
        Scan(sensor=INFRARED, t_tai_ns=t + 3, measurements=np.array([[1.0, 0.0, 0.0]])),
    ):
        picture = tracker.step(scan_)
    assert picture.t_tai_ns == t + 3
    assert picture.dropped == {
        "azimuth": 1, "columns": 4, "duplicate": 1, "elevation": 1, "future": 1, "late": 2, "line_of_sight": 4,
        "non_finite": 2, "range": 2, "repeated": 6, "time": 1, "unknown_sensor": 1,
    }  # fmt: skip
    assert set(before.id) <= set(picture.id)
    assert np.isfinite(picture.state_eci).all()


def test_a_flood_of_detections_is_cut_off():
    tracker = Tracker("west", [RADAR])
    flood = np.tile([1e6, 3.0, 0.5], (1_000_000, 1)) + np.arange(1_000_000)[:, None] * 1e-6
    flood[:, 1] = 3.0
    settings = dataclasses.replace(tracker.settings, detections_max=500)
    picture = Tracker("west", [RADAR], settings).step(Scan(sensor=RADAR, t_tai_ns=T0_NS, measurements=flood))
    assert picture.dropped["excess"] == 999_500


def test_two_scans_that_agree_on_a_leap_ahead_are_believed():
    tracker = Tracker("west", [RADAR])
    empty = np.empty((0, 3))
    day = 86_400 * 10**9
    times = [T0_NS, T0_NS + 365 * day, T0_NS + 10**9, T0_NS + 30 * day, T0_NS + 30 * day + 10**9]
    seen = [tracker.step(Scan(sensor=RADAR, t_tai_ns=t, measurements=empty)).t_tai_ns for t in times]
    assert seen == [times[0], times[0], times[2], times[2], times[4]]


def test_picture_of_another_instant_changes_nothing(truth):
    tracker = Tracker("west", [RADAR])
    _, _, now = last(play(tracker, [RADAR], truth, 100, 140))
    later = tracker.picture(now.t_tai_ns + 30 * 10**9)
    again = tracker.picture(now.t_tai_ns)
    assert again.state_eci.tobytes() == now.state_eci.tobytes()
    error = later.state_eci[0] - truth[round(169 / STEP_S)]
    assert np.linalg.norm(error[:3]) < 2000.0
    assert np.trace(later.covariance_eci[0]) > np.trace(now.covariance_eci[0])
