"""Mode S, tracking data messages, orbital elements and tables: golden values from elsewhere, and bad lines left out."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.formats import columns, elements, modes, tdm
from tocsin.formats.errors import FormatError
from tocsin.formats.reports import Plot
from tocsin.formats.tally import Tally
from tocsin.wire import encode_body
from tocsin.world.frames import ecef_to_geodetic
from tocsin.world.time import parse_utc, utc_text

# Messages and values of J. Sun, The 1090 Megahertz Riddle (2nd ed., 2021), chapters on identification, airborne
# position and velocity; pyModeS 3.6.1 gives the same in an environment of its own.
EVEN, ODD = "8D40621D58C382D690C8AC2863A7", "8D40621D58C386435CC412692AD6"
NAMED, MOVING = "8D4840D6202CC371C32CE0576098", "8D485020994409940838175B284F"

# Vanguard 1 with the state that Vallado and others (AIAA 2006-6753, SGP4-VER) give at its epoch, TEME, km and km/s.
VANGUARD = """0 VANGUARD 1
1 00005U 58002B   00179.78495062  .00000023  00000-0  28098-4 0  4753
2 00005  34.2682 348.7242 1859667 331.7664  19.3264 10.82419157413667
"""
VANGUARD_TEME_KM = (7022.46529266, -1400.08296755, 0.03995155)


def test_an_even_and_an_odd_message_give_the_place_in_the_book():
    tally = Tally()
    found = list(modes.positions(f"1 {ODD}\n2 {EVEN}\n", 0, tally))
    assert len(found) == 1
    assert (found[0].latitude_deg, found[0].longitude_deg) == pytest.approx((52.2572, 3.91937), abs=5e-6)
    assert found[0].height_m == pytest.approx(38_000 * 0.3048)


def test_name_and_velocity_of_the_book():
    known = {}
    modes.take(known, 0, int(NAMED, 16))
    modes.take(known, 0, int(MOVING, 16))
    assert known[0x4840D6].callsign == "KLM1023"
    speed, track = modes.speed_and_track(*known[0x485020].velocity[:2])
    assert speed / modes.KNOT_M_S == pytest.approx(159.20, abs=0.005)
    assert track == pytest.approx(182.88, abs=0.005)
    assert known[0x485020].velocity[2] == pytest.approx(-832 * 0.3048 / 60)


@given(st.integers(0, 111), st.sampled_from([EVEN, ODD, NAMED, MOVING]))
def test_one_wrong_bit_is_seen(place, message):
    assert modes.parity(int(message, 16)) == 0
    assert modes.parity(int(message, 16) ^ 1 << place)


@given(st.floats(-86.9, 86.9), st.floats(-180, 179.99))
def test_positions_come_back_within_the_grid(latitude, longitude):
    """The compact position reporting of Doc 9871, A.1.7.3, written straight from its formulas."""

    def half(odd):
        span = 360.0 / (60 - odd)
        row = math.floor(2**17 * (latitude % span) / span + 0.5)
        seen = span * (row / 2**17 + math.floor(latitude / span))
        width = 360.0 / max(modes.zones(seen) - odd, 1)
        return seen, (row % 2**17, math.floor(2**17 * (longitude % width) / width + 0.5) % 2**17)

    (lat_even, even), (lat_odd, odd) = half(0), half(1)
    place = modes.globally(even, odd, latest_odd=True)
    if modes.zones(lat_even) != modes.zones(lat_odd):
        assert place is None
        return
    assert place[0] == pytest.approx(latitude, abs=6.1 / 2**17)
    assert (place[1] - longitude + 180.0) % 360.0 - 180.0 == pytest.approx(0.0, abs=361.0 / 2**17)


def test_bad_lines_are_counted_with_their_number():
    tally = Tally()
    assert not list(modes.positions(f"1 {EVEN}\nrubbish\n3 5D40621D58C382\n4 {EVEN[:-1]}0\n", 0, tally))
    assert [one.offset for one in tally.skipped] == [2, 3, 4]


def test_two_line_elements_have_the_state_of_the_reference():
    tally = Tally()
    (body,) = elements.orbits(VANGUARD.encode(), tally)
    assert (body.name, body.designator, body.status) == ("VANGUARD 1", "1958-002B", "inactive")
    assert utc_text(body.t_tai_us * 1_000, 3) == "2000-06-27T18:50:19.733Z"
    assert np.linalg.norm(body.position_ecef_m) == pytest.approx(np.linalg.norm(VANGUARD_TEME_KM) * 1e3, abs=1.0)
    latitude, _, _ = ecef_to_geodetic(np.array(body.position_ecef_m))
    assert abs(latitude) < 1e-4  # it stands on the equator, z of 40 m
    assert encode_body(body)  # and is a statement that a centre can make


def test_omm_in_json_and_pairs_says_the_same_as_two_lines():
    fields = {
        "OBJECT_NAME": "VANGUARD 1", "OBJECT_ID": "1958-002B", "EPOCH": "2000-06-27T18:50:19.733568",
        "MEAN_MOTION": 10.82419157, "ECCENTRICITY": 0.1859667, "INCLINATION": 34.2682, "RA_OF_ASC_NODE": 348.7242,
        "ARG_OF_PERICENTER": 331.7664, "MEAN_ANOMALY": 19.3264, "NORAD_CAT_ID": 5, "BSTAR": 2.8098e-05,
        "MEAN_MOTION_DOT": 2.3e-07, "MEAN_MOTION_DDOT": 0,
    }  # fmt: skip
    (lines,) = elements.orbits(VANGUARD.encode(), Tally())
    pairs = "CCSDS_OMM_VERS = 2.0\n" + "".join(f"{key} = {value}\n" for key, value in fields.items())
    import json

    for text in (json.dumps([fields]), pairs):
        (body,) = elements.orbits(text.encode(), Tally())
        assert body.designator == lines.designator
        assert body.position_ecef_m == pytest.approx(lines.position_ecef_m, abs=2.0)


def test_elements_that_are_wrong_or_too_old_are_left_out_and_the_rest_goes_through():
    bad = VANGUARD.replace("4753", "4754")
    tally = Tally()
    assert len(list(elements.orbits((bad + VANGUARD).encode(), tally))) == 1
    assert [one.why for one in tally.skipped] == ["a wrong check sum"]
    late = Tally()
    assert not list(elements.orbits(VANGUARD.encode(), late, at=parse_utc("2001-01-01T00:00:00Z")))
    assert late.left
    with pytest.raises(FormatError, match="document type"):
        list(elements.orbits(b"<!DOCTYPE x []><ndm/>", Tally()))


TDM = """CCSDS_TDM_VERS = 2.0
CREATION_DATE = 2020-01-01T00:00:00
ORIGINATOR = TEST
META_START
TIME_SYSTEM = UTC
PARTICIPANT_1 = HILL
PARTICIPANT_2 = OBJECT
MODE = SEQUENTIAL
PATH = 1,2,1
ANGLE_TYPE = AZEL
RANGE_UNITS = km
META_STOP
DATA_START
RANGE = 2020-001T12:00:00.5 2000.0
ANGLE_1 = 2020-01-01T12:00:00.5 90.0
ANGLE_2 = 2020-01-01T12:00:00.5 30.0
RANGE = 2020-01-01T12:00:01 2001.0
PRESSURE = 2020-01-01T12:00:01 1013
ANGLE_1 = never 3
DATA_STOP
"""


def test_a_tracking_data_message_becomes_scans():
    tally = Tally()
    ground = {"HILL": tdm.station_of("HILL=50.0,10.0,400")}
    (scan,) = tdm.scans(tdm.parse(TDM, tally), ground, tally)
    assert utc_text(scan.t_tai_ns, 1) == "2020-01-01T12:00:00.5Z"
    assert scan.measurements[0] == pytest.approx([1000e3, math.pi / 2, math.pi / 6])
    assert {one.offset for one in tally.skipped} == {17, 18, 19}
    gps = tdm.instant("2020-01-01T12:00:18", "GPS")
    assert gps == parse_utc("2020-01-01T12:00:00Z")
    assert tdm.instant("2020-01-01T12:00:37", "TAI") == gps


MAP = b"""kind = "plots"
delimiter = ";"
[columns]
time = "when"
source = "radar"
range = "rho"
azimuth = "theta"
height = "fl"
[units]
range = "NM"
height = "FL"
[sites]
"25/12" = [45.0, 15.0, 500.0]
"""


def test_a_table_is_read_by_its_declared_map():
    good = "2020-01-01 12:00:00;25/12;10;90;100"
    text = f"when;radar;rho;theta;fl\n{good}\nx;25/12;10;90;100\n1577880000.5;25/12;nan;1;\n"
    tally = Tally()
    made = columns.load(MAP, "map")
    (plot,) = columns.rows(text, made, tally)
    assert plot == Plot(
        offset=2, source=(25, 12), t_tai_ns=parse_utc("2020-01-01T12:00:00Z"), range_m=18_520.0,
        azimuth_rad=math.pi / 2, height_m=3048.0,
    )  # fmt: skip
    assert [one.offset for one in tally.skipped] == [3, 4]
    assert list(made.sites()) == [(25, 12)]
    with pytest.raises(FormatError, match="lacks"):
        columns.load(b'kind = "plots"\n[columns]\ntime = "t"\n', "map")
    with pytest.raises(FormatError, match="no columns"):
        list(columns.rows("a;b\n", made, Tally()))
