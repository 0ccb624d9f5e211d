"""What names remember: they stay with the object whatever its tracks do, and follow from the set of entries alone."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from reference_radars import EAST, SOUTH, T0_NS, WEST, Log
from same_picture import bits
from test_association import S, ends, says, state_at
from test_names import AWAY, parted, seen

from tocsin.fuse import CommonPicture, Fold, common_picture, track_id
from tocsin.fuse.limits import NAMES_STEP_NS
from tocsin.fuse.names import NOTHING, named, remembered
from tocsin.fuse.pairing import Comparer

PLACES = ((0.0,) * 6, (0.0, 20e3, 0.0, 0.0, 50.0, 0.0), (30e3, 0.0, 0.0, 40.0, 0.0, 0.0))
PARTIES = (WEST, EAST, SOUTH)


def gone_wrong(loser, keeper, found_again=True, wrong_until=52) -> tuple[Log, Log]:
    """One object. The loser's track goes wrong from 42 s on and is ended; a second one begins at 61 s, or none."""
    lost, kept = Log(loser.origin), Log(keeper.origin)
    for t_s in (0, 8, 16, 24, 32):
        says(lost, "1", t_s, state_at(t_s))
    for t_s in range(42, wrong_until + 1, 5):
        says(lost, "1", t_s, state_at(t_s, AWAY))
    ends(lost, "1", wrong_until + 20, wrong_until)
    for t_s in range(3, wrong_until + 60, 7):
        says(kept, "1", t_s, state_at(t_s))
    for t_s in (61, 69, 77, 85) if found_again else ():
        says(lost, "2", t_s, state_at(t_s))
    return lost, kept


@pytest.mark.parametrize(("loser", "keeper"), [(WEST, EAST), (EAST, WEST)], ids=["west-loses", "east-loses"])
def test_a_track_that_goes_wrong_gives_the_name_back_when_its_party_has_found_the_object_again(loser, keeper):
    logs = gone_wrong(loser, keeper)
    (before,) = seen(41, *logs).tracks
    assert before.id == track_id(loser.origin, "1")
    apart = seen(58, *logs).tracks
    assert {track.id for track in apart} == set(before.aliases)
    for t_s in (62, 71, 73, 90, 400):
        ghost, going = parted(seen(t_s, *logs))
        assert (going.id, ghost.gone_into) == (before.id, before.id)
        assert going.aliases == (*before.aliases, track_id(loser.origin, "2"))


def test_a_track_that_goes_wrong_and_ends_gives_the_name_back_to_who_still_sees_the_object():
    logs = gone_wrong(WEST, EAST, found_again=False)
    (before,) = seen(41, *logs).tracks
    assert {track.id for track in seen(71, *logs).tracks} == set(before.aliases)
    picture = seen(73, *logs)
    (going,) = [track for track in picture.tracks if not track.gone_into]
    assert (going.id, going.aliases, going.parties) == (before.id, before.aliases, (EAST.origin,))
    assert picture.track(before.aliases[1]) is going


def test_what_was_one_object_for_less_time_than_it_was_two_stays_two():
    """Told of apart for long, the first object's end is its own: what was judged of it is not said of the other."""
    logs = gone_wrong(WEST, EAST, found_again=False, wrong_until=112)
    (before,) = seen(41, *logs).tracks
    ended, going = sorted(seen(140, *logs).tracks, key=lambda track: not track.ended)
    assert (ended.ended, ended.id, ended.gone_into) == (True, before.id, "")
    assert (going.id, going.aliases) == (before.aliases[1], before.aliases[1:])


@pytest.mark.parametrize("first", [WEST, EAST], ids=["west-first", "east-first"])
def test_an_object_that_becomes_two_keeps_its_name_with_the_first_track_and_the_other_gets_one(first):
    """As at a staging: both parties follow one part under the old track, and the other under a new one."""
    other = EAST if first is WEST else WEST
    one, two = Log(first.origin), Log(other.origin)
    for t_s in range(0, 90, 6):
        says(one, "1", t_s, state_at(t_s))
        says(two, "1", t_s + 2, state_at(t_s + 2))
    for t_s in range(40, 90, 6):
        says(two, "2", t_s, state_at(t_s, PLACES[1]))
        says(one, "2", t_s + 3, state_at(t_s + 3, PLACES[1]))
    whole = seen(38, one, two).tracks[0]
    old, new = sorted(seen(88, one, two).tracks, key=lambda track: track.first_t_tai_ns)
    assert (old.id, old.aliases, old.gone_into) == (whole.id, whole.aliases, "")
    assert set(new.aliases) == {track_id(first.origin, "2"), track_id(other.origin, "2")}
    assert new.gone_into == ""


def test_names_of_a_track_that_has_left_the_picture_are_kept():
    """An hour after a party ended its track, the event that the others still see has the same name."""
    ended, kept = Log(WEST.origin), Log(EAST.origin)
    for t_s in (0, 8, 16):
        says(ended, "1", t_s, state_at(t_s))
    ends(ended, "1", 20, 16)
    for t_s in range(3, 4_100, 400):
        says(kept, "1", t_s, state_at(t_s))
    (before,), (after,) = seen(30, ended, kept).tracks, seen(4_050, ended, kept).tracks
    assert (after.id, after.aliases, len(after.members)) == (before.id, before.aliases, 1)
    fold = Fold()
    fold.add([*ended.entries, *kept.entries])
    fold.picture(T0_NS + 4_050 * S)
    assert {origin for origin, _ in fold.alive(T0_NS + 4_000 * S)} == {WEST.origin, EAST.origin}


@dataclass(frozen=True)
class Told:
    """One track: whose, from when to when, which object at first and from the middle on, and whether it is ended."""

    party: int
    begin_s: int
    length_s: int
    first: int
    then: int
    ended: bool


TOLD = st.builds(
    Told, st.integers(0, 2), st.integers(0, 80), st.integers(0, 70), st.sampled_from((0, 0, 0, 1, 2)),
    st.sampled_from((0, 0, 0, 1)), st.booleans(),
)  # fmt: skip


def logs_of(lives: list[Told], parties=PARTIES) -> list[Log]:
    """Logs of lives; no two parties ever speak at one time, so that nothing is decided by what anybody is called."""
    logs = [Log(party.origin) for party in parties]
    for number, life in enumerate(lives):
        log, name, last = logs[life.party], str(number), 0.0
        for k in range(0, life.length_s + 1, 9):
            last = life.begin_s + k + 0.1 * life.party + 0.003 * number
            says(log, name, last, state_at(last, PLACES[life.first if 2 * k < life.length_s else life.then]))
        if life.ended:
            ends(log, name, last + 6, last)
    return logs


LIVES = st.lists(TOLD, min_size=2, max_size=6)
ASKED_S = (15, 38, 61, 77, 99, 140, 170)


def names_of(picture: CommonPicture) -> set[tuple]:
    return {(track.id, frozenset(track.aliases), track.gone_into) for track in picture.tracks}


@settings(max_examples=25, deadline=None)
@given(LIVES, st.data())
def test_names_follow_from_the_set_of_entries_whatever_their_order(lives, data):
    entries = [entry for log in logs_of(lives) for entry in log.entries]
    late = data.draw(st.permutations(entries))
    fold, held = Fold(), 0
    for stop in (*sorted(data.draw(st.lists(st.integers(1, len(late)), max_size=2))), len(late)):
        fold.add(late[held:stop])
        held = max(held, stop)
        t_ns = T0_NS + data.draw(st.sampled_from(ASKED_S)) * S
        assert bits(fold.picture(t_ns)) == bits(common_picture(late[:held], t_ns))


@settings(max_examples=40, deadline=None)
@given(LIVES)
def test_a_name_is_of_one_track_and_what_is_called_so_at_a_whole_step_is_called_so_for_good(lives):
    fold = Fold()
    fold.add([entry for log in logs_of(lives) for entry in log.entries])
    known: set[str] = set()
    for t_s in (10, 15, 40, 60, 61, 80, 99, 140, 170):
        picture = fold.picture(T0_NS + t_s * S)
        names = [name for track in picture.tracks for name in track.aliases]
        assert len(names) == len(set(names))
        assert known <= set(names)
        known |= set(names) if t_s % (NAMES_STEP_NS // S) == 0 else _own(picture)
        live = {track.id for track in picture.tracks if not track.gone_into}
        for track in picture.tracks:
            assert track.id == track.aliases[0]
            assert not track.gone_into or (track.gone_into in live and not set(track.members) & _telling(fold, t_s))


def _own(picture: CommonPicture) -> set[str]:
    return {track_id(*member) for track in picture.tracks for member in track.members}


def _telling(fold: Fold, t_s: int) -> set[tuple[str, str]]:
    """Tracks of which something was said within the last second."""
    before, now = (fold.picture(T0_NS + t * S) for t in (t_s - 1, t_s))
    heard = {(one.party, one.track): one.updated_t_tai_ns for track in before.tracks for one in track.contributions}
    new = [one for track in now.tracks for one in track.contributions if not one.ended]
    return {(one.party, one.track) for one in new if heard.get((one.party, one.track)) != one.updated_t_tai_ns}


@settings(max_examples=25, deadline=None)
@given(LIVES, st.sampled_from(ASKED_S))
def test_parties_that_change_places_change_places_in_the_names(lives, t_s):
    turned = {
        track_id(a.origin, f"{number}" + " left" * k): track_id(b.origin, f"{number}" + " left" * k)
        for a, b in zip(PARTIES, (EAST, WEST, SOUTH), strict=True) for number in range(6) for k in range(4)
    }  # fmt: skip
    turned[""] = ""
    lives = [replace(life, begin_s=life.begin_s + k) for k, life in enumerate(lives)]
    here, there = seen(t_s, *logs_of(lives)), seen(t_s, *logs_of(lives, (EAST, WEST, SOUTH)))
    assume(_groups(lives, PARTIES) == _groups(lives, (EAST, WEST, SOUTH)))
    assert {(turned[a], frozenset(map(turned.get, b)), turned[c]) for a, b, c in names_of(here)} == names_of(there)


def _groups(lives: list[Told], parties) -> list[set[frozenset[str]]]:
    """Which lives are one object at each whole step. Of two that fit alike, whom a third goes with hangs on a key."""
    fold = Fold()
    fold.add([entry for log in logs_of(lives, parties) for entry in log.entries])
    steps = range(T0_NS, T0_NS + ASKED_S[-1] * S, NAMES_STEP_NS)
    return [{frozenset(stream.track for stream, _ in one.members) for one in fold._grouped(t_ns)} for t_ns in steps]


@settings(max_examples=15, deadline=None)
@given(LIVES)
def test_the_instants_left_out_would_have_changed_nothing(lives):
    """The slow way: what is remembered at every whole step from the beginning on."""
    fold, comparer, past = Fold(), Comparer(), NOTHING
    fold.add([entry for log in logs_of(lives) for entry in log.entries])
    end_ns = T0_NS + 900 * S
    for t_ns in range(T0_NS // NAMES_STEP_NS * NAMES_STEP_NS, end_ns, NAMES_STEP_NS):
        past = remembered(past, fold._grouped(t_ns), t_ns, comparer)
    groups = fold._grouped(end_ns)
    slow = {(one.ids[0], frozenset(one.ids), one.gone_into)
            for one in named(remembered(past, groups, end_ns, comparer), groups)}  # fmt: skip
    assert names_of(fold.picture(end_ns)) == slow
