"""Whatever a partner's log holds: nothing raises, nothing is NaN, and it is said why an entry was left unused."""

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference_radars import EAST, RNG, T0_NS, WEST, Entry, Log, body_of, forged, full, simulate, start_state, tracklet

from tocsin.fuse import Fold, common_picture
from tocsin.wire.bodies import Retraction, Tracklet
from tocsin.wire.envelope import Encryption, Reference
from tocsin.world import frames

STATE = frames.eci_to_ecef(start_state(), T0_NS)
COVARIANCE = np.diag([500.0**2] * 3 + [20.0**2] * 3)
LATER_NS = T0_NS + 30 * 10**9
HONEST = simulate(RNG(1), 1, 30, 5, [WEST]).logs[WEST.origin][0].entries


def reasons(entries, as_of_ns: int = LATER_NS) -> dict[str, int]:
    picture = common_picture([*entries, *HONEST], as_of_ns)
    assert sum(WEST.origin.startswith(p) for t in picture.tracks for p, _ in t.members) == 1
    for track in picture.tracks:
        assert np.all(np.isfinite(track.state_ecef))
        assert np.all(np.linalg.eigvalsh(track.covariance_ecef) > 0)
    return {unused.reason: unused.count for unused in picture.unused}


def bad_full(**changes) -> list[Entry]:
    log = Log(EAST.origin)
    fields = {"reference": STATE, "information": np.linalg.inv(COVARIANCE), "vector": np.zeros(6)} | changes
    log.say(tracklet("x-1", T0_NS, None, **fields), T0_NS)
    return log.entries


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"information": -np.linalg.inv(COVARIANCE)}, "information not positive definite"),
        ({"information": np.zeros((6, 6))}, "information not positive definite"),
        ({"information": np.full((6, 6), 1e17)}, "information not positive definite"),
        ({"information": np.eye(6) * 1e17}, "information out of bounds"),
        ({"information": np.eye(6) * 1e-17}, "information out of bounds"),
        ({"information": np.diag([1.0, 1.0, 1.0, 1.0, 1.0, 1e-300])}, "information not positive definite"),
        ({"vector": np.full(6, 1e18)}, "estimate far from its reference point"),
        ({"reference": STATE * [0.5, 0.5, 0.5, 1, 1, 1]}, "position or velocity out of bounds"),
        ({"reference": STATE * [100, 100, 100, 1, 1, 1]}, "position or velocity out of bounds"),
        ({"reference": STATE * [1, 1, 1, 5, 5, 5]}, "position or velocity out of bounds"),
        ({"noise": 1e8}, "process noise out of bounds"),
    ],
)
def test_absurd_full_statements(changes, reason):
    assert reasons(bad_full(**changes)) == {reason: 1}


@pytest.mark.parametrize(
    ("since_s", "t_s", "scale", "reason"),
    [
        (-5, 5, 0.0, "its predecessor is missing"),
        (0, 3_600, 0.0, "interval backwards or too long"),
        (0, 5, -2.0, "takes back what was said, or out of bounds"),
        (0, 5, 1e12, "information out of bounds"),
    ],
)
def test_absurd_increments(since_s, t_s, scale, reason):
    log = Log(EAST.origin)
    log.say(full("x-1", T0_NS, STATE, COVARIANCE), T0_NS)
    t_ns = T0_NS + t_s * 10**9
    gain = scale * np.linalg.inv(COVARIANCE)
    log.say(tracklet("x-1", t_ns, T0_NS + since_s * 10**9, STATE, gain, np.zeros(6)), t_ns)
    assert reasons(log.entries, LATER_NS) == {reason: 1}


def test_a_vector_that_throws_the_track_off_the_earth_is_dropped():
    log = Log(EAST.origin)
    log.say(full("x-1", T0_NS, STATE, COVARIANCE), T0_NS)
    gain = 1e-3 * np.linalg.inv(COVARIANCE)
    log.say(tracklet("x-1", T0_NS + 10**9, T0_NS, STATE, gain, np.full(6, 1e12)), T0_NS)
    assert reasons(log.entries) == {"takes back what was said, or out of bounds": 1}


def test_what_is_not_for_us_is_named():
    log = Log(EAST.origin)
    forged(log, T0_NS, b"[]", kind="tracklet")
    forged(log, T0_NS, b"{}", kind="tracklet", schema=9)
    forged(log, T0_NS, b"{}", kind="vision")
    hidden = Encryption(scheme="hpke", key_reference="k", commitment="0" * 64, padded_bytes=512)
    forged(log, T0_NS, b'"AA=="', kind="tracklet", encryption=hidden)
    forged(log, T0_NS, b"{}", sequence=77)
    log.entries.append(Entry(EAST.origin, 99, b"\xff\x00 not JSON"))
    assert reasons(log.entries) == {
        "encrypted": 1, "malformed body": 1, "names another place in the log": 1, "not a statement": 1,
        "unknown kind": 2,
    }  # fmt: skip


def test_a_statement_about_the_future_waits_and_poisons_nothing():
    log = Log(EAST.origin)
    log.say(full("t-1", T0_NS + 10**18, STATE, COVARIANCE), T0_NS)
    fold = Fold()
    fold.add(log.entries)
    fold.add(HONEST)
    assert [(u.reason, u.count) for u in fold.picture(LATER_NS).unused] == [("after the time of the picture", 1)]
    assert fold.picture(LATER_NS).tracks[0].members[0][0] == WEST.origin


def test_a_first_statement_from_1970_is_no_stall():
    log = Log(EAST.origin)
    log.say(full("t-1", 0, STATE, COVARIANCE), T0_NS)
    assert reasons(log.entries) == {}


def test_a_retracted_statement_and_what_hangs_on_it_are_left_out():
    log = Log(WEST.origin)
    for entry in HONEST:
        log.say(body_of(entry), T0_NS)
    wrong = log.entries[3]
    reference = Reference(role="retracts", origin=wrong.origin, epoch=0, index=wrong.index, sha256=wrong.sha256)
    log.say(Retraction(because="calibration run"), LATER_NS, [reference])
    picture = common_picture(log.entries, LATER_NS)
    assert {u.reason: u.count for u in picture.unused} == {
        "withdrawn by its author": 1, "its predecessor is missing": len(HONEST) - 4,
    }  # fmt: skip
    assert picture.tracks[0].contributions[0].broken
    before = common_picture(log.entries, LATER_NS - 10**9)
    assert {u.reason for u in before.unused} == {"after the time of the picture"}


def test_nobody_withdraws_for_somebody_else():
    log = Log(EAST.origin)
    wrong = HONEST[3]
    reference = Reference(role="retracts", origin=wrong.origin, epoch=0, index=wrong.index, sha256=wrong.sha256)
    log.say(Retraction(because="we say so"), T0_NS, [reference])
    assert reasons(log.entries) == {}


def test_a_flood_of_tracks_on_one_spot_ends():
    log = Log(EAST.origin)
    for i in range(120):
        log.say(full(f"f-{i}", T0_NS + 30 * 10**9, STATE, COVARIANCE * (1 + i)), T0_NS)
    picture = common_picture([*log.entries, *HONEST], LATER_NS)
    assert len(picture.tracks) in (120, 121)


numbers = st.one_of(
    st.floats(-1e18, 1e18, allow_nan=False), st.sampled_from([0.0, 1e-300, 5e-324, 1e18, -1e18, 1e-12, 1e4])
)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(numbers, min_size=21, max_size=21),
            st.lists(numbers, min_size=6, max_size=6),
            st.sampled_from([0.0, 1e-3, 1e6, 1e9]),
            st.one_of(st.none(), st.integers(0, 30)),
            st.integers(0, 40),
            st.floats(1e-8, 1.0),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_any_numbers_at_all(statements):
    """Random numbers, and random changes of sound ones."""
    log = Log(EAST.origin)
    log.say(full("x-1", T0_NS, STATE, COVARIANCE), T0_NS)
    good = np.linalg.inv(COVARIANCE)
    for upper, vector, noise, since, t_s, mix in statements:
        t_ns = T0_NS + t_s * 10**9
        since_ns = None if since is None or since > t_s else T0_NS + since * 10**9
        random = np.zeros((6, 6))
        random[np.triu_indices(6)] = upper
        information = np.clip(good + mix * (random + random.T - good), -1e18, 1e18)
        body = tracklet("x-1", t_ns, since_ns, STATE, information, np.array(vector) * mix, noise)
        raw = msgspec.json.encode(msgspec.structs.replace(body, process_noise_m2_s3=noise))
        forged(log, t_ns, raw, kind="tracklet")
    reasons(log.entries)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_at_all(data):
    picture = common_picture([Entry(EAST.origin, 0, data)], T0_NS)
    assert picture.tracks == ()
    assert [u.reason for u in picture.unused] == ["not a statement"]


def test_every_kind_of_statement_passes_without_a_word():
    """Kinds that are not fusion's business are neither used nor counted."""
    log = Log(EAST.origin)
    log.say(Retraction(because="nothing of ours"), T0_NS)
    assert not isinstance(body_of(log.entries[0]), Tracklet)
    assert reasons(log.entries) == {}
