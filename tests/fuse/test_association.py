"""Which tracks are one object: joined on evidence, parted on evidence, one party at most once at a time."""

import numpy as np
import pytest
from reference_radars import EAST, SOUTH, T0_NS, WEST, Log, full, start_state, tracklet
from same_picture import bits

from tocsin.fuse import Fold, common_picture
from tocsin.wire.bodies import Lineage
from tocsin.world import frames, motion

S = 10**9


def state_at(t_s: float, offset=(0.0,) * 6) -> np.ndarray:
    """True state (6,) ECEF at some second, of a flight that began with an offset in ECI."""
    return frames.eci_to_ecef(motion.step(start_state() + np.array(offset), t_s), T0_NS + round(t_s * S))


def says(log: Log, name: str, t_s: float, state, sigma_m=50.0, sigma_m_s=1.0, **more) -> None:
    """A full statement at each time keeps these tests about pairing alone."""
    covariance = np.diag([sigma_m**2] * 3 + [sigma_m_s**2] * 3)
    t_ns = T0_NS + round(t_s * S)
    uncertainty = {"uncertainty_us": more.pop("uncertainty_us")} if "uncertainty_us" in more else {}
    log.say(full(name, t_ns, state, covariance, **more), t_ns, **uncertainty)


def ends(log: Log, name: str, t_s: float, since_s: float) -> None:
    t_ns, since_ns = T0_NS + round(t_s * S), T0_NS + round(since_s * S)
    zero = tracklet(name, t_ns, since_ns, state_at(t_s), np.zeros((6, 6)), np.zeros(6), ended=True)
    log.say(zero, t_ns)


def groups(t_s: float, *logs: Log) -> set[frozenset[tuple[str, str]]]:
    picture = common_picture([entry for log in logs for entry in log.entries], T0_NS + round(t_s * S))
    return {frozenset((party.split(".")[0], track) for party, track in t.members) for t in picture.tracks}


@pytest.fixture
def logs() -> list[Log]:
    return [Log(party.origin) for party in (WEST, EAST, SOUTH)]


def test_two_objects_of_two_parties(logs):
    west, east, _ = logs
    for t_s in (10, 20, 30):
        for name, offset in (("1", (0.0,) * 6), ("2", (3e3, 0, 0, 0, 0, 0))):
            says(west, "w-" + name, t_s, state_at(t_s, offset))
            says(east, "e-" + name, t_s + 2, state_at(t_s + 2, offset))
    assert groups(33, west, east) == {
        frozenset({("west", "w-1"), ("east", "e-1")}), frozenset({("west", "w-2"), ("east", "e-2")}),
    }  # fmt: skip


def test_a_wrong_pairing_is_undone_and_ids_stay(logs):
    """Early and rough, the partner's track lies nearer to the wrong object; later it does not."""
    west, east, _ = logs
    away = (4e3, 0, 0, 0, 0, 0)
    for t_s in (10, 20, 30, 40, 50):
        says(west, "w-1", t_s, state_at(t_s))
        says(west, "w-2", t_s, state_at(t_s, away))
        rough = t_s < 25
        seen = np.array(state_at(t_s + 1, away)) - (np.array([3.5e3, 0, 0, 0, 0, 0]) if rough else 0.0)
        says(east, "e-1", t_s + 1, seen, 3e3 if rough else 50.0, 60.0 if rough else 1.0)
    assert frozenset({("west", "w-1"), ("east", "e-1")}) in groups(22, west, east)
    assert groups(52, west, east) == {
        frozenset({("west", "w-1")}), frozenset({("west", "w-2"), ("east", "e-1")}),
    }  # fmt: skip
    entries = west.entries + east.entries
    early, late = (common_picture(entries, T0_NS + t * S) for t in (22, 52))
    ids = {track.members[0]: track.id for track in early.tracks}
    assert {track.members[0]: track.id for track in late.tracks} == ids


def test_a_party_is_in_a_group_once_at_a_time(logs):
    west, east, _ = logs
    for t_s in (10, 20, 30):
        says(west, "w-1", t_s, state_at(t_s))
        says(west, "w-2", t_s, state_at(t_s, (60.0, 0, 0, 0, 0, 0)))
        says(east, "e-1", t_s, state_at(t_s))
    assert sorted(len(group) for group in groups(31, west, east)) == [1, 2]


def test_a_track_taken_up_again_joins_through_the_partner(logs):
    west, east, _ = logs
    for t_s in (10, 20, 30, 40, 60, 70):
        says(east, "e-1", t_s, state_at(t_s))
    for t_s in (5, 15, 25):
        says(west, "w-1", t_s, state_at(t_s))
    ends(west, "w-1", 35, 25)
    for t_s in (50, 65):
        says(west, "w-2", t_s, state_at(t_s))
    assert groups(71, west, east) == {frozenset({("west", "w-1"), ("west", "w-2"), ("east", "e-1")})}
    picture = common_picture(west.entries + east.entries, T0_NS + 71 * S)
    assert picture.tracks[0].members[0] == (WEST.origin, "w-1")
    assert not picture.tracks[0].ended


def test_without_a_partner_two_tracks_of_one_party_stay_two(logs):
    west = logs[0]
    says(west, "w-1", 5, state_at(5))
    ends(west, "w-1", 15, 5)
    says(west, "w-2", 20, state_at(20))
    assert sorted(len(group) for group in groups(21, west)) == [1, 1]


def test_a_partys_word_that_it_is_the_same_object_is_taken(logs):
    west = logs[0]
    says(west, "w-1", 5, state_at(5))
    ends(west, "w-1", 15, 5)
    says(west, "w-2", 20, state_at(20), lineage=Lineage(kind="reidentified", tracks=("w-1",)))
    picture = common_picture(west.entries, T0_NS + 21 * S)
    assert len(picture.tracks) == 1
    # the later track carries everything its sender knows: its precision is not doubled by the earlier one
    assert np.sqrt(np.trace(picture.tracks[0].covariance_ecef[:3, :3]) / 3) == pytest.approx(50, rel=0.05)


def test_handed_over_between_fans_that_do_not_overlap(logs):
    west, east, _ = logs
    says(west, "w-1", 5, state_at(5))
    says(west, "w-1", 15, state_at(15))
    ends(west, "w-1", 25, 15)
    says(east, "e-1", 120, state_at(120))
    assert groups(121, west, east) == {frozenset({("west", "w-1"), ("east", "e-1")})}


def test_three_parties_make_one_group(logs):
    for t_s in (10, 20, 30):
        for i, log in enumerate(logs):
            says(log, "t-1", t_s + i, state_at(t_s + i))
    assert [len(group) for group in groups(33, *logs)] == [3]


def test_nothing_is_joined_in_haste(logs):
    """A first estimate of hundreds of kilometres fits everything, and is joined to nothing."""
    west, east, _ = logs
    says(west, "w-1", 10, state_at(10), 400e3, 3e3)
    says(east, "e-1", 10, state_at(10), 400e3, 3e3)
    assert len(groups(11, west, east)) == 2


@pytest.mark.parametrize(("bias_m", "size", "method"), [(0, 2, "sum"), (400, 2, "intersection"), (5_000, 1, "sum")])
def test_bias_between_parties(logs, bias_m, size, method):
    west, east, _ = logs
    for t_s in (10, 20, 30, 40):
        says(west, "w-1", t_s, state_at(t_s))
        says(east, "e-1", t_s, state_at(t_s) + np.array([bias_m, 0, 0, 0, 0, 0]))
    picture = common_picture(west.entries + east.entries, T0_NS + 41 * S)
    assert {len(track.members) for track in picture.tracks} == {size}
    assert {track.method for track in picture.tracks} == {method}


@pytest.mark.parametrize(("uncertainty_us", "size"), [(1_000, 1), (200_000, 2)])
def test_a_stated_clock_uncertainty_lets_late_clocks_join(logs, uncertainty_us, size):
    """A quarter of a second is a kilometre here."""
    west, east, _ = logs
    for t_s in (10, 20, 30):
        says(west, "w-1", t_s, state_at(t_s), 20.0, 0.5)
        says(east, "e-1", t_s, state_at(t_s + 0.25), 20.0, 0.5, uncertainty_us=uncertainty_us)
    picture = common_picture(west.entries + east.entries, T0_NS + 31 * S)
    assert {len(track.members) for track in picture.tracks} == {size}


def test_what_is_coarse_is_intersected_and_never_makes_it_worse(logs):
    west, east, _ = logs
    for t_s in (10, 20, 30):
        says(west, "w-1", t_s, state_at(t_s))
        says(east, "e-1", t_s, state_at(t_s), 700.0, 9.0, coarsened=True)
    alone = common_picture(west.entries, T0_NS + 31 * S).tracks[0]
    both = common_picture(west.entries + east.entries, T0_NS + 31 * S).tracks[0]
    assert both.method == "intersection"
    assert {c.party: c.coarse for c in both.contributions} == {WEST.origin: False, EAST.origin: True}
    assert np.linalg.det(both.covariance_ecef) <= np.linalg.det(alone.covariance_ecef) * (1 + 1e-9)
    assert both.covariance_ecef == pytest.approx(alone.covariance_ecef, rel=0.2)


def test_own_log_and_shared_log_are_one_voice(logs):
    """A party's own full tracks stand beside what it shares coarsely about them, and count once."""
    west, east, _ = logs
    own = Log(WEST.origin + "/own")
    for t_s in (10, 20, 30):
        says(own, "w-1", t_s, state_at(t_s))
        says(west, "w-1", t_s, state_at(t_s), 500.0, 5.0, coarsened=True)
        says(east, "e-1", t_s, state_at(t_s))
    picture = common_picture(own.entries + west.entries + east.entries, T0_NS + 31 * S)
    assert [track.method for track in picture.tracks] == ["sum"]
    assert set(picture.tracks[0].members) == {(WEST.origin, "w-1"), (EAST.origin, "e-1")}


def test_names_lead_to_the_track_into_which_they_went(logs):
    west, east, _ = logs
    says(west, "w-1", 10, state_at(10))
    says(east, "e-1", 12, state_at(12))
    alone = common_picture(east.entries, T0_NS + 13 * S).tracks[0]
    joint = common_picture(west.entries + east.entries, T0_NS + 13 * S)
    assert joint.track(alone.id) is joint.tracks[0]
    assert joint.tracks[0].id != alone.id
    assert joint.track("J-00000000") is None


def test_ended_tracks_stay_where_they_were_and_leave_after_an_hour(logs):
    west = logs[0]
    says(west, "w-1", 10, state_at(10))
    ends(west, "w-1", 20, 10)
    fold = Fold()
    fold.add(west.entries)
    shown = fold.picture(T0_NS + 500 * S).tracks[0]
    assert (shown.ended, shown.t_tai_ns) == (True, T0_NS + 20 * S)
    assert fold.picture(T0_NS + 3_619 * S).tracks
    assert not fold.picture(T0_NS + 3_621 * S).tracks


def test_silence_makes_stale_not_lost(logs):
    west = logs[0]
    says(west, "w-1", 10, state_at(10))
    at = {t: common_picture(west.entries, T0_NS + t * S).tracks[0] for t in (600, 620)}
    assert (at[600].stale, at[600].t_tai_ns) == (False, T0_NS + 600 * S)
    assert (at[620].stale, at[620].t_tai_ns) == (True, T0_NS + 10 * S)


def test_parties_exchanged_pictures_exchanged(logs):
    """Nobody's place in the alphabet decides anything but names."""
    (west, east, _), turned = logs, [Log(EAST.origin), Log(WEST.origin)]
    aside = np.array([30.0, 30.0, 30.0, 0.0, 0.0, 0.0])
    for t_s in (10, 20, 30):
        for a, b in ((west, east), turned):
            says(a, "t-1", t_s, state_at(t_s), 40.0)
            says(b, "t-1", t_s + 3, state_at(t_s + 3) + aside, 90.0)
    pairs = ((west, east), turned)
    one, other = (common_picture([e for log in two for e in log.entries], T0_NS + 34 * S) for two in pairs)
    assert len(one.tracks) == len(other.tracks) == 1
    assert other.tracks[0].state_ecef == pytest.approx(one.tracks[0].state_ecef, abs=1e-6)
    assert other.tracks[0].covariance_ecef == pytest.approx(one.tracks[0].covariance_ecef, rel=1e-9)
    assert bits(one) != bits(other)
