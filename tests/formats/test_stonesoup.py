"""Stone Soup both ways; skipped where it is not installed (it has an environment of its own: `make peers`)."""

import numpy as np
import pytest

from tocsin.errors import Refusal
from tocsin.formats import stonesoup as soup
from tocsin.formats.trajectories import State, Trajectory
from tocsin.world.observation import Radar, Scan
from tocsin.world.time import parse_utc

START = parse_utc("2020-01-01T00:00:00Z")
RADAR = Radar(
    id="r", latitude_deg=69.0, longitude_deg=14.0, height_m=100.0, sigma_range_m=30.0, sigma_azimuth_rad=1e-3,
    sigma_elevation_rad=1e-3, range_max_m=3e6, elevation_min_rad=0.0, elevation_max_rad=1.5, azimuth_centre_rad=0.0,
    azimuth_halfwidth_rad=np.pi, period_s=5.0, detection_probability=0.95,
)  # fmt: skip


def track(name, shift=0.0):
    covariance = tuple(np.diag([1e4, 2e4, 3e4, 1.0, 2.0, 3.0])[np.triu_indices(6)].tolist())
    states = tuple(
        State(
            t_tai_ns=START + k * 10**10, position_ecef_m=(2.2e6 + 100.0 * k + shift, 6.3e5, 6.0e6),
            velocity_ecef_m_s=(10.0, 20.0, 30.0), covariance=covariance,
        )
        for k in range(5)
    )  # fmt: skip
    return Trajectory(id=name, mode="exercise", parties=(), phase="unknown", existence=1.0, states=states)


def test_times_there_and_back_over_a_leap_second():
    for text in ("2016-12-31T23:59:59.5Z", "2017-01-01T00:00:00Z", "2020-01-01T00:00:00.000001Z"):
        assert soup.instant(soup.when(parse_utc(text))) == parse_utc(text)
    assert soup.when(parse_utc("2016-12-31T23:59:60.25Z")).isoformat() == "2017-01-01T00:00:00.250000"


def test_without_it_one_is_told():
    try:
        import stonesoup  # noqa: F401
    except ImportError:
        with pytest.raises(Refusal, match="pip install"):
            soup.tracks([track("a")])


def test_tracks_there_and_back():
    pytest.importorskip("stonesoup")
    (back,) = soup.trajectories(soup.tracks([track("a")]))
    ours = track("a")
    assert back.id == "a"
    for a, b in zip(ours.states, back.states, strict=True):
        assert a.t_tai_ns == b.t_tai_ns
        assert b.vector() == pytest.approx(a.vector())
        assert b.matrix() == pytest.approx(a.matrix())


def test_detections_there_and_back():
    pytest.importorskip("stonesoup")
    rows = np.array([[1.0e6, 0.5, 0.3], [8.0e5, 4.0, 0.6]])
    scan = Scan(sensor=RADAR, t_tai_ns=START, measurements=rows)
    (back,) = soup.scans(soup.detections([scan]), RADAR)
    assert back.t_tai_ns == START
    order = np.argsort(back.measurements[:, 1])
    assert back.measurements[order][:, 0] == pytest.approx(rows[:, 0], abs=1.0)
    assert back.measurements[order][:, 1:] == pytest.approx(rows[:, 1:], abs=2e-5)  # refraction there and back


def test_its_metric_on_our_tracks():
    pytest.importorskip("stonesoup")
    assert soup.ospa([track("a")], [track("t")]) == pytest.approx(0.0, abs=1e-6)
    assert soup.ospa([track("a", shift=300.0)], [track("t")]) == pytest.approx(300.0)
