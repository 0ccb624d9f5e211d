"""The name of an event stays with the object that goes on, and what is left behind gets another."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference_radars import EAST, SOUTH, T0_NS, WEST, Log
from same_picture import bits
from test_association import S, ends, says, state_at

from tocsin.fuse import CommonPicture, CommonTrack, Fold, common_picture
from tocsin.fuse.picture import digest_text

AWAY = (0.0, 60e3, 0.0, 0.0, 300.0, 0.0)


def lost_and_found(loser, keeper, early=(0.0,) * 6) -> tuple[Log, Log]:
    """One object. The loser hears it early, and from 60 s on under a second name; the keeper hears it throughout."""
    lost, kept = Log(loser.origin), Log(keeper.origin)
    for t_s in (5, 15, 25):
        says(lost, "1", t_s, state_at(t_s, early))
    for t_s in (10, 20, 30, 40, 50, 60, 70, 80):
        says(kept, "1", t_s, state_at(t_s))
    for t_s in (60, 70, 80):
        says(lost, "2", t_s, state_at(t_s))
    return lost, kept


def seen(t_s: float, *logs: Log) -> CommonPicture:
    return common_picture([entry for log in logs for entry in log.entries], T0_NS + round(t_s * S))


def parted(picture: CommonPicture) -> tuple[CommonTrack, CommonTrack]:
    """(the track of one member, the track of two)."""
    alone, joint = sorted(picture.tracks, key=lambda track: len(track.members))
    return alone, joint


@pytest.mark.parametrize(("loser", "keeper"), [(WEST, EAST), (EAST, WEST)], ids=["west-loses", "east-loses"])
@pytest.mark.parametrize("t_s", [61, 81, 300])
def test_a_name_goes_with_the_object_and_not_with_the_estimate_left_behind(loser, keeper, t_s):
    logs = lost_and_found(loser, keeper)
    before = seen(55, *logs)
    ghost, going = parted(seen(t_s, *logs))
    assert len(before.tracks) == 1
    assert going.members == ((keeper.origin, "1"), (loser.origin, "2"))
    assert going.id == before.tracks[0].id
    assert set(before.tracks[0].aliases) < set(going.aliases)
    assert (ghost.gone_into, going.gone_into) == (going.id, "")
    assert set(ghost.aliases).isdisjoint(going.aliases)
    assert seen(t_s, *logs).track(before.tracks[0].id).members == going.members


def test_a_name_stays_when_the_lost_track_ends_far_from_the_object():
    """Carried on to its end without news it agrees no more; it did when it was last heard."""
    lost, kept = lost_and_found(WEST, EAST, early=(0.0, 0.0, 0.0, 0.0, 10.0, 0.0))
    name = seen(55, lost, kept).tracks[0].id
    ends(lost, "1", 85, 25)
    alone, joint = parted(seen(86, lost, kept))
    assert (alone.ended, alone.gone_into, joint.id) == (True, name, name)


def test_a_track_that_speaks_again_elsewhere_is_an_object_of_its_own_and_takes_no_name_back():
    lost, kept = lost_and_found(WEST, EAST)
    before = seen(71, lost, kept)
    says(lost, "1", 75, state_at(75, AWAY))
    ghost, held = parted(before)
    alone, joint = parted(seen(81, lost, kept))
    assert (alone.id, alone.gone_into) == (ghost.id, "")
    assert joint.aliases == held.aliases


def test_a_track_that_was_elsewhere_goes_into_nothing():
    lost, kept = Log(WEST.origin), Log(EAST.origin)
    for t_s in (5, 15, 25):
        says(lost, "1", t_s, state_at(t_s, AWAY))
    for t_s in (10, 20, 30, 60, 70, 80):
        says(kept, "1", t_s, state_at(t_s))
    for t_s in (60, 70, 80):
        says(lost, "2", t_s, state_at(t_s))
    assert [track.gone_into for track in seen(81, lost, kept).tracks] == ["", ""]


def test_both_lose_it_and_both_find_it_again():
    logs = Log(WEST.origin), Log(EAST.origin)
    for log in logs:
        for name, times in (("1", (5, 15, 25)), ("2", (60, 70, 80))):
            for t_s in times:
                says(log, name, t_s, state_at(t_s))
    name = seen(30, *logs).tracks[0].id
    live = [track for track in seen(81, *logs).tracks if not track.gone_into]
    assert [(track.id, len(track.members)) for track in live] == [(name, 2)]


def test_lost_twice_the_name_goes_on_twice():
    lost, kept = lost_and_found(WEST, EAST)
    name = seen(55, lost, kept).tracks[0].id
    for t_s in (120, 130, 140):
        says(lost, "3", t_s, state_at(t_s))
        says(kept, "1", t_s, state_at(t_s))
    picture = seen(141, lost, kept)
    (going,) = (track for track in picture.tracks if not track.gone_into)
    assert (going.id, len(going.aliases)) == (name, 4)
    assert {track.gone_into for track in picture.tracks if track is not going} == {name}


def test_the_digest_knows_no_names():
    """What two centres compare is as it was before names were moved: each track by its earliest member."""
    picture = seen(81, *lost_and_found(WEST, EAST))
    assert any(track.gone_into for track in picture.tracks)
    assert digest_text(picture.as_of_tai_ns, picture.tracks) == digest_text(picture.as_of_tai_ns, picture.tracks[::-1])
    for track in picture.tracks:
        assert not track.gone_into or f'"{track.id}"' not in digest_text(picture.as_of_tai_ns, picture.tracks)


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_names_follow_from_the_set_of_entries(data):
    south = Log(SOUTH.origin)
    for t_s in (40, 50, 85):
        says(south, "1", t_s, state_at(t_s), sigma_m=200.0)
    logs = (*lost_and_found(WEST, EAST), south)
    entries = data.draw(st.permutations([entry for log in logs for entry in log.entries]))
    fold, held = Fold(), 0
    for stop in [*sorted(data.draw(st.lists(st.integers(1, len(entries)), max_size=3))), len(entries)]:
        fold.add(entries[held:stop])
        held = max(held, stop)
        t_ns = T0_NS + data.draw(st.integers(0, 90)) * S
        assert bits(fold.picture(t_ns)) == bits(common_picture(entries[:held], t_ns))


def test_the_state_is_nobodys_guess():
    """The names move; the estimates do not: what goes on is made of its own members alone."""
    lost, kept = lost_and_found(WEST, EAST)
    _, going = parted(seen(81, lost, kept))
    del lost.entries[:3]
    (alone,) = seen(81, lost, kept).tracks
    assert np.array_equal(alone.state_ecef, going.state_ecef)
    assert np.array_equal(alone.covariance_ecef, going.covariance_ecef)
