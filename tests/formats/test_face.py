"""`import tocsin` as a library: files in, results out; light to import."""

import subprocess
import sys

import numpy as np
import pytest

import tocsin
from tocsin.errors import Refusal
from tocsin.formats import observations
from tocsin.formats.errors import FormatError
from tocsin.formats.tally import Tally
from tocsin.world.frames import ecef_to_eci, eci_to_ecef
from tocsin.world.motion import step
from tocsin.world.observation import Radar, Scan
from tocsin.world.sensor import measure, noise
from tocsin.world.time import parse_utc

START = parse_utc("2020-01-01T00:00:00Z")


def radar(name, latitude, longitude):
    return Radar(
        id=name, latitude_deg=latitude, longitude_deg=longitude, height_m=100.0, sigma_range_m=30.0,
        sigma_azimuth_rad=1e-3, sigma_elevation_rad=1e-3, range_max_m=3e6, elevation_min_rad=0.0, elevation_max_rad=1.5,
        azimuth_centre_rad=0.0, azimuth_halfwidth_rad=np.pi, period_s=5.0, detection_probability=0.95,
    )  # fmt: skip


def flown(sensor, seed):
    """Scans of a ballistic arc as one radar sees it, every 5 s."""
    rng = np.random.default_rng(seed)
    state = ecef_to_eci(np.array([2.6e6, 8.0e5, 6.05e6, -300.0, 1500.0, 1800.0]), START)[None]
    scans = []
    for k in range(24):
        t = START + k * 5_000_000_000
        if k:
            state = step(state, 5.0)
        clean = measure(sensor, eci_to_ecef(state, t))
        scans.append(Scan(sensor=sensor, t_tai_ns=t, measurements=clean + noise(sensor) * rng.standard_normal(3)))
    return scans, eci_to_ecef(state, scans[-1].t_tai_ns)[0]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    for number, (party, place) in enumerate({"west": (69.0, 14.0), "east": (69.5, 24.0)}.items()):
        sensor = radar(f"{party}-radar", *place)
        scans, truth = flown(sensor, number)
        (folder / f"{party}.jsonl").write_bytes(observations.write([sensor], scans))
    return folder, truth


def test_observations_come_back_to_the_bit(files):
    folder, _ = files
    data = (folder / "west.jsonl").read_bytes()
    sensors, scans = observations.read(data, Tally())
    assert observations.write(sensors, scans) == data
    tally = Tally()
    observations.read(data + b'{"scan": {"sensor": "nobody"}}\nrubbish\n', tally)
    assert [one.offset for one in tally.skipped] == [26, 27]
    with pytest.raises(FormatError, match="no line declares"):
        observations.read(b"{}", Tally())


def test_a_file_is_tracked(files):
    folder, truth = files
    *_, last = tocsin.track_file(folder / "west.jsonl")
    assert len(last) == 1
    away = np.linalg.norm(eci_to_ecef(last.state_eci, last.t_tai_ns)[0, :3] - truth[:3])
    assert away < 3_000.0


def test_a_file_of_one_arc_tells_where_it_began(files):
    folder, _ = files
    (launch,) = tocsin.launches_file(folder / "west.jsonl").values()
    (*_, last) = tocsin.track_file(folder / "west.jsonl")
    assert launch.t_tai_ns < last.first_t_tai_ns[0]


def test_two_files_of_tracklets_fuse_to_one_better_track(files):
    folder, truth = files
    sigmas = {}
    for party in ("west", "east"):
        assert tocsin.tracklets_file(folder / f"{party}.jsonl", party, folder / f"{party}.log") > 2
        (only,) = tocsin.fuse_files(folder / f"{party}.log").tracks
        sigmas[party] = np.sqrt(np.trace(only.covariance_ecef[:3, :3]))
    (both,) = tocsin.fuse_files(folder / "west.log", folder / "east.log").tracks
    assert [one.rpartition("/")[2] for one in both.parties] == ["east", "west"]
    sigma = np.sqrt(np.trace(both.covariance_ecef[:3, :3]))
    assert sigma < min(sigmas.values())
    assert np.linalg.norm(both.state_ecef[:3] - truth[:3]) < 5.0 * sigma
    twice = tocsin.fuse_files(folder / "west.log", folder / "east.log", folder / "east.log")
    assert twice.digest == tocsin.fuse_files(folder / "east.log", folder / "west.log").digest
    with pytest.raises(Refusal, match="no tracklet"):
        (folder / "empty.log").write_bytes(b"")
        tocsin.fuse_files(folder / "empty.log")


def test_the_face_is_what_it_says():
    assert set(tocsin.__all__) <= set(dir(tocsin))
    assert all(hasattr(tocsin, name) for name in tocsin.__all__)
    with pytest.raises(AttributeError):
        tocsin.nothing  # noqa: B018


def test_importing_it_loads_nothing_heavy():
    heavy = {"numpy", "numba", "scipy", "msgspec", "httpx", "cyclopts"}
    code = f"import sys, tocsin; print(sorted(set(sys.modules) & {heavy}))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
