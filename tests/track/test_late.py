"""Scans out of order: put in their place where they are not too late, refused where they are."""

import dataclasses

import numpy as np
import pytest
from flights import INFRARED, RADAR, burning, flight, scan
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.track import Tracker, TrackerSettings
from tocsin.world.observation import Scan

LATE = dataclasses.replace(TrackerSettings(), late_s=5.0)


@pytest.fixture(scope="module")
def scans():
    truth, rng = flight(total_s=130.0), np.random.default_rng(3)
    out = []
    for t in range(85, 120):
        for k, sensor in enumerate((INFRARED, RADAR)):
            at = t + 0.3 * k
            out.append(scan(sensor, at, truth[round(at * 10)], [burning(at)], rng))
    return out


def feed(scans, late=LATE):
    tracker = Tracker("west", [INFRARED, RADAR], late)
    numbers = set()
    for one in scans:
        picture = tracker.step(one)
        numbers.update(picture.id)
    return picture, numbers


@settings(max_examples=8, deadline=None)
@given(st.data())
def test_late_scans_give_the_bits_of_the_right_order(scans, data):
    want, _ = feed(scans)
    moved = list(scans)
    for _ in range(4):
        k = data.draw(st.integers(20, len(scans) - 12))
        moved.insert(k + data.draw(st.integers(1, 4)), moved.pop(k))
    got, _ = feed([*moved[:-1], scans[-1]] if moved[-1] is scans[-1] else moved)
    assert got.t_tai_ns == want.t_tai_ns
    assert got.state_eci.tobytes() == want.state_eci.tobytes()
    assert got.covariance_eci.tobytes() == want.covariance_eci.tobytes()
    assert got.sensors == want.sensors
    assert got.dropped == want.dropped


def test_a_number_once_shown_stays_with_its_track(scans):
    late = [*scans[:50], scans[52], scans[53], scans[50], scans[51], *scans[54:]]
    picture, numbers = feed(late)
    assert picture.id == (1,)
    assert 1 in numbers


def test_too_late_or_repeated_is_refused(scans):
    tracker = Tracker("west", [INFRARED, RADAR], LATE)
    for one in scans[:40]:
        before = tracker.step(one)
    for one in (scans[39], scans[36], scans[2]):
        after = tracker.step(one)
    assert after.state_eci.tobytes() == before.state_eci.tobytes()
    rows = [len(scans[k].measurements) for k in (39, 36, 2)]
    assert after.dropped["repeated"] == max(1, rows[0]) + max(1, rows[1])
    assert after.dropped["late"] == max(1, rows[2])


def test_without_a_buffer_every_late_scan_is_refused(scans):
    picture, _ = feed([scans[1], scans[0]], TrackerSettings())
    assert picture.dropped["late"] == max(1, len(scans[0].measurements))


def test_a_late_scan_before_everything_is_refused(scans):
    tracker = Tracker("west", [INFRARED, RADAR], LATE)
    tracker.step(scans[10])
    old = Scan(sensor=RADAR, t_tai_ns=scans[10].t_tai_ns - 10**9, measurements=np.empty((0, 3)))
    assert tracker.step(old).dropped["late"] == 1
