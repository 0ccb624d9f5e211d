"""Recordings through the command line: into a picture, logs that verify, and out again."""

import json
from pathlib import Path

import numpy as np
import pytest
from benchmarks.formats._traffic import SITE, recording, traffic

from tocsin.app.check import verify_folder
from tocsin.app.exporting import export
from tocsin.app.importing import asterix, parse_site
from tocsin.errors import BadEvidence, Refusal
from tocsin.formats import ccsds
from tocsin.formats.asterix.capture import read
from tocsin.formats.asterix.reports import reports
from tocsin.formats.scans import elevation, measurements, scans, sites
from tocsin.formats.tally import Tally
from tocsin.world.constants import DEGREE_RAD
from tocsin.world.frames import geodetic_to_ecef
from tocsin.world.sensor import measure, radar_position

DATA = Path(__file__).parent / "data"
WHERE = f"25/12={SITE.latitude_deg},{SITE.longitude_deg},{SITE.height_m}"


@pytest.mark.parametrize(("name", "exit_code"), [("cat_062_065.pcap", 0), ("cat_034_048.pcap", 0), ("cat048.raw", 1)])
def test_a_recording_becomes_a_picture_and_logs_that_verify(name, exit_code, tmp_path, capsys):
    assert asterix(DATA / name, out=tmp_path) == exit_code
    said = capsys.readouterr().out
    assert "ASTERIX 0" in said
    folders = list(tmp_path.iterdir())
    if exit_code:
        assert "no site of radar 25-201 is known, first at offset 3" in said
        return
    assert "the same digest at both centres" in said
    assert all(verdict.ok for verdict in verify_folder(folders[0]).values())
    assert "Exercise" in (folders[0] / "picture.html").read_text()
    assert json.loads((folders[0] / "picture.geojson").read_text())["tocsin"] == {"mode": "exercise"}


def test_traffic_is_followed_and_goes_out_again(tmp_path, capsys):
    flights = traffic(12, 7)
    file = tmp_path / "made.ast"
    file.write_bytes(recording(flights, 40.0, 7) + b"\x30\x00\x05\x81\x00")  # and a truncated record at its end
    assert asterix(file, date="2026-01-02", site=(WHERE,), out=tmp_path) == 0
    said = capsys.readouterr().out
    assert "truncated record" in said
    assert "Own picture of west: 12 tracks" in said
    folder = tmp_path / "import-made"
    target = tmp_path / "tracks.oem"
    assert export("oem", folder, out=target, step=10.0) == 0
    tracks = ccsds.read_oem(target.read_text())
    assert len(tracks) == 12
    t_s = (tracks[0].states[-1].t_tai_ns // 1_000_000 / 1e3 - 37) % 86_400 - 36_000
    latitude, longitude = flights.at(t_s)
    truth = geodetic_to_ecef(latitude * DEGREE_RAD, longitude * DEGREE_RAD, flights.height_m)
    away = [np.linalg.norm(truth - np.array(one.states[-1].position_ecef_m), axis=1).min() for one in tracks]
    assert np.median(away) < 600.0
    with pytest.raises(Refusal, match="opm holds one track"):
        export("opm", folder, out=target)


def test_a_height_becomes_an_elevation_and_comes_back():
    found = list(reports(read(recording(traffic(40, 3), 5.0, 3), Tally()), Tally(), 1.4e9))
    radar = scans(found, {SITE.source: SITE}, Tally()).__next__().sensor
    rows = measurements(found, SITE)
    spots = radar_position(radar, rows)
    back = measure(radar, np.concatenate([spots, np.zeros_like(spots)], axis=1))
    assert back[:, :2] == pytest.approx(rows[:, :2], abs=1e-6)
    heights = np.array([one.height_m for one in found])
    from tocsin.world.frames import ecef_to_geodetic

    assert ecef_to_geodetic(spots)[2] == pytest.approx(heights, abs=20.0)  # refraction there and back, 2 % of bending
    assert elevation(np.array([10.0]), np.array([0.0]), np.array([1e6]), SITE)[0] == pytest.approx(np.pi / 2)


def test_sites_come_from_the_radars_and_from_the_caller():
    from tocsin.formats.reports import Station

    told = Station(source=(25, 12), latitude_deg=43.5, longitude_deg=16.4, height_m=780.0, period_s=None)
    turning = Station(source=(25, 12), period_s=4.9)
    given = parse_site("25/13=1,2,3")
    known = sites([told, turning], {given.source: given})
    assert known[25, 12].period_s == 4.9
    assert known[25, 13].height_m == 3.0
    with pytest.raises(BadEvidence, match="SAC/SIC"):
        parse_site("25-13=1,2,3")


def test_datagrams_are_heard_and_become_a_picture(tmp_path, capsys):
    import socket
    import threading

    from tocsin.app.hearing import parsed
    from tocsin.app.importing import multicast

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    payload = (DATA / "cat062cat065.raw").read_bytes()
    done = threading.Event()

    def say():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
            while not done.wait(0.05):
                mouth.sendto(payload, ("127.0.0.1", port))

    speaker = threading.Thread(target=say)
    speaker.start()
    try:
        code = multicast(f"127.0.0.1:{port}", seconds=1.0, keep=tmp_path / "kept.pcap", out=tmp_path)
    finally:
        done.set()
        speaker.join()
    assert code == 0
    assert "said twice" in capsys.readouterr().out
    found = list(read((tmp_path / "kept.pcap").read_bytes(), Tally()))
    assert {record.category for _, record in found} == {62, 65}
    with pytest.raises(BadEvidence, match="ADDRESS:PORT"):
        parsed("somewhere:8600")
