"""What goes out comes back within the format's stated resolution, and readers that we did not write read it.

Independent: `oem` (MIT) for OEM, czml3 (BSD) for CZML, geojson (BSD) for GeoJSON, pyarrow for Parquet. docs/formats.md
states the resolutions that the tolerances below are.
"""

import io
import json
from dataclasses import replace

import czml3
import geojson as other_geojson
import numpy as np
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from tracks import START, apart_m, apart_m_s, trajectories, trajectory

from tocsin.formats import ccsds, czml, geojson, tables
from tocsin.formats.asterix.capture import read
from tocsin.formats.asterix.reports import reports
from tocsin.formats.asterix.tracks import cat062
from tocsin.formats.errors import FormatError
from tocsin.formats.tally import Tally
from tocsin.world.constants import DEGREE_RAD
from tocsin.world.frames import ecef_to_geodetic, enu_axes, geodetic_to_ecef
from tocsin.world.time import posix_s

FEW = settings(max_examples=15)


def paired(ours, theirs):
    assert [track.id for track in ours] == [track.id for track in theirs]
    assert [track.mode for track in ours] == [track.mode for track in theirs]
    for a, b in zip(ours, theirs, strict=True):
        yield from zip(a.states, b.states, strict=True)


@FEW
@given(trajectories)
def test_oem_there_and_back(tracks):
    for a, b in paired(tracks, ccsds.read_oem(ccsds.oem(tracks, START))):
        assert abs(a.t_tai_ns - b.t_tai_ns) <= 1_000
        assert apart_m(a, b) <= 0.6e-3
        assert apart_m_s(a, b) <= 0.6e-6
        assert (a.covariance is None) == (b.covariance is None)
        if a.covariance is not None:
            assert b.covariance == pytest.approx(a.covariance, rel=1e-10, abs=1e-12)


@FEW
@given(trajectory())
def test_opm_there_and_back(track):
    (b,) = (back := ccsds.read_opm(ccsds.opm(track, START))).states
    a = track.states[-1]
    assert (back.id, back.mode, b.t_tai_ns) == (track.id, track.mode, a.t_tai_ns)
    assert apart_m(a, b) <= 0.6e-3
    assert apart_m_s(a, b) <= 0.6e-6
    assert b.covariance == (None if a.covariance is None else pytest.approx(a.covariance, rel=1e-10, abs=1e-12))


@FEW
@given(trajectories)
def test_czml_there_and_back(tracks):
    for a, b in paired(tracks, czml.read_czml(czml.czml(tracks, "test"))):
        assert abs(a.t_tai_ns - b.t_tai_ns) <= 1_000_000
        assert apart_m(a, b) <= 0.006


@FEW
@given(trajectories)
def test_geojson_there_and_back(tracks):
    data = geojson.encode(geojson.collection(geojson.trajectory_features(tracks), "exercise"))
    for a, b in paired(tracks, geojson.read_trajectories(data)):
        assert abs(a.t_tai_ns - b.t_tai_ns) <= 1_000
        assert apart_m(a, b) <= 0.02
        assert apart_m_s(a, b) <= 0.01


@FEW
@given(trajectories)
def test_parquet_there_and_back_to_the_bit(tracks):
    assert tables.read_tracks(tables.tracks_table(tracks)) == tracks


@FEW
@given(trajectories)
def test_category_062_there_and_back(tracks):
    tracks = [earlier(track) for track in tracks]
    found = list(reports(read(cat062(tracks, (1, 2)), Tally()), Tally(), float(posix_s(START) - 3_600)))
    rows = sorted((s.t_tai_ns, n, t.mode, s) for n, t in enumerate(tracks, 1) for s in t.states)
    assert [(one.key, one.simulated) for one in found] == [(str(n), mode != "live") for _, n, mode, _ in rows]
    for (_, _, _, state), one in zip(rows, found, strict=True):
        latitude, longitude, height = (float(v) for v in ecef_to_geodetic(np.array(state.position_ecef_m)))
        flat = geodetic_to_ecef(latitude, longitude, 0.0)
        back = geodetic_to_ecef(one.latitude_deg * DEGREE_RAD, one.longitude_deg * DEGREE_RAD, 0.0)
        assert np.abs(flat - back).max() <= 0.7
        if height < 62_000.0:
            assert one.height_m == pytest.approx(height, abs=0.96)
        else:
            assert one.height_m is None
        east, north, _ = enu_axes(latitude, longitude) @ np.array(state.velocity_ecef_m_s)
        if max(abs(east), abs(north)) < 8_191.0:
            assert one.velocity_enu_m_s[:2] == pytest.approx((east, north), abs=0.13)
        assert abs(one.t_tai_ns - state.t_tai_ns) <= 4_000_000




def earlier(track):
    """An hour earlier, because a time of day cannot tell the leap second from the second before it."""
    return replace(track, states=tuple(replace(s, t_tai_ns=s.t_tai_ns - 3_600_000_000_000) for s in track.states))


@pytest.fixture(scope="module")
def sample():
    from tocsin.formats.trajectories import State, Trajectory

    covariance = tuple(float(v) for v in np.eye(6)[np.triu_indices(6)] * 100.0)
    made = tuple(
        State(
            t_tai_ns=START + k * 10_000_000_000, position_ecef_m=(2.2e6 + 7e3 * k, 6.3e5, 6.0e6 + 100.0 * k),
            velocity_ecef_m_s=(700.0, 0.0, 10.0), covariance=covariance,
        )
        for k in range(8)
    )  # fmt: skip
    track = Trajectory(id="J-01", mode="exercise", parties=("west",), phase="coast", existence=0.9, states=made)
    return (track,)


def test_another_program_reads_our_oem(sample, tmp_path):
    oem = pytest.importorskip("oem")
    path = tmp_path / "track.oem"
    path.write_text(ccsds.oem(sample, START))
    theirs = oem.OrbitEphemerisMessage.open(str(path))
    (segment,) = theirs.segments
    assert segment.metadata["OBJECT_ID"] == "J-01"
    assert len(list(segment.states)) == 8
    first = next(iter(segment.states))
    assert np.array(first.position) * 1e3 == pytest.approx(sample[0].states[0].position_ecef_m, abs=1e-3)
    assert len(list(segment.covariances)) == 8


def test_our_czml_says_what_another_program_would_write(sample):
    packet = json.loads(czml.czml(sample, "test"))[1]
    theirs = czml3.Packet(
        id=packet["id"],
        position=czml3.properties.Position(
            epoch=packet["position"]["epoch"], cartesian=packet["position"]["cartesian"], referenceFrame="FIXED",
            interpolationAlgorithm="LAGRANGE", interpolationDegree=3,
        ),
    )  # fmt: skip
    said = json.loads(theirs.dumps())
    assert said["position"]["cartesian"] == packet["position"]["cartesian"]
    assert set(said["position"]) <= set(packet["position"])
    assert set(packet) <= set(czml3.Packet.model_fields)


def test_another_program_finds_our_geojson_sound(sample):
    data = geojson.encode(geojson.collection(geojson.trajectory_features(sample), "exercise"))
    found = other_geojson.loads(data)
    assert found.is_valid
    assert found["features"][0]["geometry"]["type"] == "LineString"


def test_a_line_over_the_180th_meridian_is_cut_there():
    parts = geojson.cut([[179.0, 10.0, 0.0], [-179.0, 12.0, 100.0], [-178.0, 12.0, 100.0]])
    assert parts == [
        [[179.0, 10.0, 0.0], [180.0, 11.0, 50.0]],
        [[-180.0, 11.0, 50.0], [-179.0, 12.0, 100.0], [-178.0, 12.0, 100.0]],
    ]


def test_the_table_is_read_as_a_table(sample):
    table = pyarrow.parquet.read_table(io.BytesIO(tables.tracks_table(sample)))
    assert table.num_rows == 8
    assert table.column("utc")[0].as_py().startswith("2016-12-31T23:58:00")


@pytest.mark.parametrize("reader", [ccsds.read_oem, ccsds.read_opm])
def test_what_is_no_message_is_refused(reader):
    with pytest.raises(FormatError):
        reader("rubbish")
    for other in (czml.read_czml, geojson.read_trajectories):
        with pytest.raises(FormatError):
            other(b'{"features": [{}]}')


def test_no_format_here_cues_anything():
    """Canary of a rule: the names of what is written hold no word of a weapon's interface."""
    import tocsin.formats as room

    words = " ".join(path.read_text().lower() for path in __import__("pathlib").Path(room.__path__[0]).rglob("*.py"))
    for word in ("link 16", "link16", "j12", "vmf", "intercept", "fire control", "target handover"):
        assert word not in words
