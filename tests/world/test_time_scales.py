"""UTC, TAI, POSIX and the Earth rotation angle."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import BadEvidence
from tocsin.world import time
from tocsin.world.constants import OMEGA_RAD_S, TWO_PI

# Origin: IERS leap-seconds.list (NTP seconds since 1900, TAI-UTC), an encoding independent of the shipped dates.
NTP_LEAPS = [
    (2272060800, 10), (2287785600, 11), (2303683200, 12), (2335219200, 13), (2366755200, 14), (2398291200, 15),
    (2429913600, 16), (2461449600, 17), (2492985600, 18), (2524521600, 19), (2571782400, 20), (2603318400, 21),
    (2634854400, 22), (2698012800, 23), (2776982400, 24), (2840140800, 25), (2871676800, 26), (2918937600, 27),
    (2950473600, 28), (2982009600, 29), (3029443200, 30), (3076704000, 31), (3124137600, 32), (3345062400, 33),
    (3439756800, 34), (3550089600, 35), (3644697600, 36), (3692217600, 37),
]  # fmt: skip
NTP_TO_POSIX = 2_208_988_800
NS = 10**9

instants = st.integers(-(10**9) * NS, 5 * 10**9 * NS)  # 1938 to 2128


def test_all_leap_seconds_stand_where_the_iers_put_them():
    assert len(time.LEAP_TABLE) == 28
    for ntp, offset in NTP_LEAPS:
        posix = ntp - NTP_TO_POSIX
        assert time.tai_utc_at_posix_s(posix) == offset
        assert time.tai_utc_at_posix_s(posix - 1) == max(offset - 1, 10)
        assert time.from_posix_s(posix) == (posix + offset) * NS


def test_a_leap_second_is_one_more_second():
    before, leap, after = (
        time.parse_utc(f"{text}Z") for text in ("2016-12-31T23:59:59", "2016-12-31T23:59:60", "2017-01-01T00:00:00")
    )
    assert (leap - before, after - leap) == (NS, NS)
    assert [time.tai_utc_s(t) for t in (before, leap, after)] == [36, 36, 37]
    assert time.utc_text(leap + NS // 2, 3) == "2016-12-31T23:59:60.500Z"
    assert time.clock_text(leap) == "23:59:60Z"
    # POSIX numbers the inserted second like the next one, and so never falls
    assert [time.posix_s(t) - time.posix_s(after) for t in (before, leap, after)] == [-1, 0, 0]


@pytest.mark.parametrize("ntp", [ntp for ntp, _ in NTP_LEAPS[1:]])
def test_every_inserted_second_can_be_written_and_read(ntp):
    t = time.from_posix_s(ntp - NTP_TO_POSIX) - NS // 4
    text = time.utc_text(t, 2)
    assert "T23:59:60.75Z" in text
    assert time.parse_utc(text) == t


@pytest.mark.parametrize(
    "text",
    [
        "", "1995-01-25", "1995-01-25T06:24:00", "1995-01-25 06:24:00Z", "1995-01-25T06:24:00+00:00",
        "1995-01-25T06:24Z", "1995-02-30T06:24:00Z", "1995-13-01T00:00:00Z", "1995-01-25T24:00:00Z",
        "1995-01-25T06:60:00Z", "1995-01-25T06:24:61Z", "1995-01-25T06:24:00.Z", "1995-01-25T06:24:00.1234567890Z",
        "1995-01-25t06:24:00Z", "1995-01-25T06:24:00Z\n", "1995-01-25T06:24:60Z", "2016-12-31T23:58:60Z",
        "2015-12-31T23:59:60Z", "2018-12-31T23:59:60Z", "1971-12-31T23:59:60Z", "0000-01-01T00:00:00Z",
        "１９９５-01-25T06:24:00Z", "1995-01-25T06:24:00,5Z", "+995-01-25T06:24:00Z",
    ],
)  # fmt: skip
def test_what_is_not_utc_is_refused_with_words(text):
    with pytest.raises(BadEvidence) as refusal:
        time.parse_utc(text)
    assert "expected" in str(refusal.value) or "Bad date" in str(refusal.value)


@given(instants, st.integers(0, 9))
def test_text_truncates_and_reads_back(t, digits):
    back = time.parse_utc(time.utc_text(t, digits))
    assert 0 <= t - back < 10 ** (9 - digits)
    assert time.utc_text(t)[11:] == time.clock_text(t)


@given(instants)
def test_posix_is_the_floor_outside_leap_seconds(t):
    whole = time.from_posix_s(time.posix_s(t))
    if ":60Z" in time.utc_text(t):
        assert -NS <= t - whole < 0
    else:
        assert 0 <= t - whole < NS


@given(instants, st.integers(0, 10 * NS))
def test_posix_never_falls(t, later):
    assert time.posix_s(t) <= time.posix_s(t + later)


def test_before_1972_the_offset_is_a_convention_and_is_flagged():
    old = time.parse_utc("1960-10-05T14:00:00Z")
    assert time.before_utc(old)
    assert time.tai_utc_s(old) == 10
    assert time.parse_utc("1962-10-28T16:02:00Z") - old == (753 * 86_400 + 2 * 3600 + 2 * 60) * NS
    assert time.before_utc(time.UTC_BEGINS_TAI_NS - 1)
    assert not time.before_utc(time.parse_utc("1972-01-01T00:00:00Z"))


def test_an_instant_without_a_date_is_refused():
    with pytest.raises(BadEvidence, match="expected years"):
        time.utc_text(10**21)
    with pytest.raises(AssertionError):
        time.utc_text(0, 10)


def test_earth_rotation_angle_against_published_values():
    # by definition (IAU 2000 resolution B1.8)
    assert time.era_rad(time.parse_utc("2000-01-01T12:00:00Z")) == TWO_PI * 0.7790572732640
    # Origin: IAU SOFA t_sofa_c, iauEra00 at MJD 54388.0 (2007-10-15T00:00:00 UT1); tolerance as there.
    assert abs(time.era_rad(time.parse_utc("2007-10-15T00:00:00Z")) - 0.4022837240028158102) < 1e-12


@given(instants)
def test_earth_rotation_angle_against_rational_arithmetic(t):
    ut1 = Fraction(t - time.tai_utc_s(t) * NS - 946_728_000 * NS, 86_400 * NS)
    turns = Fraction("0.7790572732640") + Fraction("1.00273781191135448") * ut1
    expected = float(turns % 1) * TWO_PI
    difference = abs(time.era_rad(t) - expected)
    assert min(difference, TWO_PI - difference) < 1e-12
    assert 0.0 <= time.era_rad(t) < TWO_PI


def test_rate_of_the_angle_is_the_constant():
    t = time.parse_utc("2024-04-01T21:52:00Z")
    rate = (time.era_rad(t + 1000 * NS) - time.era_rad(t)) / 1000.0
    assert abs(rate / OMEGA_RAD_S - 1.0) < 1e-13 * 1e3
    # WGS 84 (NGA.STND.0036) rounds it to 7.292115e-5
    assert abs(OMEGA_RAD_S / 7.292115e-5 - 1.0) < 3e-8
