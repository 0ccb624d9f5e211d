"""The picture is a function of the set of entries: order, repetition, delay and the way of asking change nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference_radars import EAST, RNG, SOUTH, T0_NS, WEST, Log, body_of, full, simulate
from same_picture import bits

from tocsin.fuse import Fold, common_picture
from tocsin.wire.bodies import Retraction
from tocsin.wire.envelope import Reference

SECOND_NS = 10**9


def mixed_log() -> list:
    """Three parties, five seconds apart; restatements, a gap, a coarse track, an end, a retraction."""
    campaign = simulate(RNG(7), 1, 60, 5, [WEST, EAST, SOUTH])
    west, east, south = (campaign.logs[p.origin][0] for p in (WEST, EAST, SOUTH))
    t_ns = campaign.times_ns[-1]
    track = common_picture(west.entries, t_ns).tracks[0]
    west.say(full("t-1", t_ns + SECOND_NS, track.state_ecef, track.covariance_ecef * 4), t_ns)
    east.say(full("c-1", t_ns, track.state_ecef, track.covariance_ecef * 9, coarsened=True), t_ns)
    last = body_of(east.entries[-2])
    zero = {"information": (0.0,) * 21, "information_vector": (0.0,) * 6}
    names = {"track": "t-1", "since_tai_us": last.t_tai_us, "t_tai_us": last.t_tai_us + 3_000_000, "ended": True}
    east.say(type(last)(**{f: getattr(last, f) for f in last.__struct_fields__} | zero | names), t_ns)
    wrong = south.entries[6]
    reference = Reference(role="retracts", origin=wrong.origin, epoch=0, index=wrong.index, sha256=wrong.sha256)
    south.say(Retraction(because="calibration run"), t_ns - 12 * SECOND_NS, [reference])
    del west.entries[4]
    return [*west.entries, *east.entries, *south.entries]


ENTRIES = mixed_log()
TIMES = st.integers(0, 75).map(lambda second: T0_NS + second * SECOND_NS)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_fold_equals_common_picture_in_any_order(data):
    order = data.draw(st.permutations(ENTRIES))
    repeated = order + data.draw(st.lists(st.sampled_from(ENTRIES), max_size=5))
    fold, held, start = Fold(), [], 0
    for stop in [*sorted(data.draw(st.lists(st.integers(1, len(repeated)), max_size=3))), len(repeated)]:
        fold.add(repeated[start:stop])
        held, start = repeated[:stop], stop
        t_ns = data.draw(TIMES)
        assert bits(fold.picture(t_ns)) == bits(common_picture(held, t_ns))


@settings(max_examples=6, deadline=None)
@given(st.data())
def test_a_partner_who_is_late_is_taken_back_in_time(data):
    """Each log in its own order, as a mirror delivers it, but one side behind by any delay."""
    logs = [[e for e in ENTRIES if e.origin == party.origin] for party in (WEST, EAST, SOUTH)]
    fold, held = Fold(), []
    while any(logs):
        log = data.draw(st.sampled_from([log for log in logs if log]))
        take = data.draw(st.integers(1, len(log)))
        fold.add(log[:take])
        held += log[:take]
        del log[:take]
        assert bits(fold.picture(T0_NS + 62 * SECOND_NS)) == bits(common_picture(held, T0_NS + 62 * SECOND_NS))


def test_digest_names_time_and_content():
    one, other = (common_picture(ENTRIES, T0_NS + s * SECOND_NS).digest for s in (30, 31))
    fewer = common_picture(ENTRIES[1:], T0_NS + 30 * SECOND_NS).digest
    assert len({one, other, fewer}) == 3


def test_an_empty_picture_stands():
    picture = common_picture([], T0_NS)
    assert picture.tracks == ()
    assert picture.unused == ()
    assert len(picture.digest) == 64


def test_statements_said_again_count_once():
    """The same statement in two places of a log is no new information."""
    log = Log(WEST.origin)
    campaign = simulate(RNG(1), 1, 20, 5, [WEST])
    for entry in campaign.logs[WEST.origin][0].entries:
        for _ in range(3):
            log.say(body_of(entry), T0_NS)
    t_ns = campaign.times_ns[-1]
    once = common_picture(campaign.logs[WEST.origin][0].entries, t_ns).tracks[0]
    thrice = common_picture(log.entries, t_ns).tracks[0]
    assert thrice.state_ecef == pytest.approx(once.state_ecef, rel=1e-12)
    assert thrice.covariance_ecef == pytest.approx(once.covariance_ecef, rel=1e-9)
