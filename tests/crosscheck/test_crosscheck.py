"""What does not fit between two parties' tracks: offsets with their cause, and two flights out of one launch."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.crosscheck import crosscheck, relative_offset
from tocsin.fuse import CommonPicture, CommonTrack, track_id
from tocsin.world import frames, motion

LAUNCH_NS = 1_499_128_800_000_000_000
AFTER_S = 240.0
AS_OF = LAUNCH_NS + round(AFTER_S * 1e9)
PANGHYON = (39.872, 125.269)  # src/tocsin/study/data/flights_public.csv, flights 3 and 3r
CHI2_999 = 22.46


def thrown(speed_m_s: float, elevation_deg: float, azimuth_deg: float = 70.0, after_s: float = AFTER_S) -> np.ndarray:
    """Earth-fixed state (6,) some seconds after leaving the ground."""
    lat, lon, azimuth, elevation = (math.radians(a) for a in (*PANGHYON, azimuth_deg, elevation_deg))
    along = math.cos(elevation)
    enu = speed_m_s * np.array([along * math.sin(azimuth), along * math.cos(azimuth), math.sin(elevation)])
    start = np.concatenate([frames.geodetic_to_ecef(lat, lon, 0.0), frames.enu_axes(lat, lon).T @ enu])
    state = motion.step(frames.ecef_to_eci(start, LAUNCH_NS), after_s)
    return frames.eci_to_ecef(state, LAUNCH_NS + round(after_s * 1e9))


def track(party: str, state, sigma_m: float = 200.0, sigma_m_s: float = 3.0, name: str = "t-1") -> CommonTrack:
    """One party's own track of that state."""
    return CommonTrack(
        id=track_id(party, name), aliases=(track_id(party, name),), members=((party, name),), parties=(party,),
        contributions=(), t_tai_ns=AS_OF, state_ecef=state,
        covariance_ecef=np.diag([sigma_m**2] * 3 + [sigma_m_s**2] * 3), existence=0.99, phase="coast", classes=(),
        first_t_tai_ns=LAUNCH_NS, updated_t_tai_ns=AS_OF, method="sum", ended=False, stale=False,
    )  # fmt: skip


def picture(*tracks: CommonTrack) -> CommonPicture:
    return CommonPicture(AS_OF, tracks, (), "0" * 64)


def only(ours: CommonTrack, theirs: CommonTrack):
    (found,) = crosscheck(picture(ours), picture(theirs))
    return found


LOFTED = thrown(6_250.0, 85.5)  # about 2,900 km up and 35 min; stated 2,802 and 37 to 39
SHORT = thrown(3_200.0, 76.5)  # about 545 km up and 12 min; stated 535 and 14


def test_two_publications_of_4_july_2017():
    """Both sets of figures are consistent in themselves; together they are not."""
    found = only(track("west", LOFTED), track("east", SHORT))
    assert found.kind == "incompatible"
    assert "one launch, two flights" in found.words
    assert "only observations decide" in found.words


def test_the_same_flight_seen_twice_agrees():
    found = only(track("west", LOFTED), track("east", LOFTED + np.array([150.0, -90.0, 60.0, 1.0, 0.0, -1.0])))
    assert found.kind == "agrees"
    assert found.squared_distance < CHI2_999


def test_a_clock_offset_is_named_as_such():
    late = thrown(6_250.0, 85.5, after_s=AFTER_S + 0.8)
    found = only(track("west", LOFTED), track("east", late))
    assert found.kind == "offset"
    assert "clocks +0.8" in found.words


def test_a_displacement_is_named_as_such():
    aside = [np.array([2e3, -3e3, 1e3, 0.0, 0.0, 0.0])] * 2
    ours = [track("west", thrown(6_250.0, 85.5, a), name=f"t-{a}") for a in (70.0, 250.0)]
    theirs = [track("east", t.state_ecef + d, name=t.id) for t, d in zip(ours, aside, strict=True)]
    found = crosscheck(picture(*ours), picture(*theirs))
    assert [f.kind for f in found] == ["offset", "offset"]
    assert "displacement of all their positions by 3.7 km" in found[0].words


def test_different_launches_are_nobodys_business():
    other = track("east", thrown(2_950.0, 76.0, after_s=AFTER_S - 150.0))
    later = replace(other, t_tai_ns=AS_OF)
    assert crosscheck(picture(track("west", LOFTED)), picture(later)) == ()


def test_what_has_ended_is_not_compared():
    ended = replace(track("east", SHORT), ended=True)
    assert crosscheck(picture(track("west", LOFTED)), picture(ended)) == ()
    assert crosscheck(picture(), picture()) == ()


@pytest.mark.parametrize("ours", [LOFTED, SHORT])
def test_exchanging_the_pictures_exchanges_the_findings(ours):
    a, b = track("west", ours), track("east", SHORT + np.array([3e3, 0, 0, 0, 0, 0]))
    one, other = only(a, b), only(b, a)
    assert (one.kind, one.ours, one.theirs) == (other.kind, other.theirs, other.ours)
    assert one.squared_distance == pytest.approx(other.squared_distance, rel=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_offsets_are_found_within_their_sigma(seed):
    """Against a textbook least squares, and zero noise gives the offset itself."""
    rng = np.random.default_rng(seed)
    shift = rng.normal(size=3) * 1e3
    ours = [track("west", thrown(6_250.0, 85.5, float(rng.uniform(0, 360)))) for _ in range(4)]
    theirs = [track("east", t.state_ecef + np.concatenate([shift, np.zeros(3)])) for t in ours]
    found = relative_offset(list(zip(ours, theirs, strict=True)))
    assert found is not None
    assert found.shift_ecef_m == pytest.approx(shift, abs=1e-3)
    assert found.explained_by_shift == pytest.approx(1.0)
    assert np.sqrt(found.shift_covariance_m2.diagonal()) == pytest.approx([200.0 / math.sqrt(2)] * 3, rel=1e-6)


def test_no_pairs_no_offset():
    assert relative_offset([]) is None
