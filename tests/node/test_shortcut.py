"""A start by a shortcut is a start from the logs, only shorter; a shortcut that does not fit is passed over."""

from tocsin.node import commands, queries
from tocsin.node.shortcut import decode, runs

from .test_restart import bring_back, copy, proposal, tracklet
from .two import NS, in_step, notice, pass_time, settle, world

HOUR = 3_600 * NS


def gates_of(centre):
    return {gate.origin: gate for party in centre._logs for gate in centre._gates(party)}


def told(name, side, **changes):
    import msgspec

    return msgspec.structs.replace(tracklet(name, side), **changes)


def busy(sides, clock, first=1):
    """Old tracks that ended or fell silent, live ones, a decision."""
    east = sides[0]
    for number in range(first, first + 6):
        for side in sides:
            side.centre.say(told(f"{side.name}-{number:04d}", side))
            clock.now += 10 * NS
            side.centre.say(told(f"{side.name}-{number:04d}", side, ended=number % 2 == 0))
        settle(*sides)
        clock.now += HOUR
    commands.propose(east.centre, "east-0001", "benign", "A", "")
    settle(*sides)
    for side in sides:
        commands.vote(side.centre, proposal(side), "yes", "A")
    settle(*sides)
    pass_time(sides, clock, 6)


def start(side, data):
    side.shortcut = data
    side.start()
    return side.centre


def same(one, other, now_ns):
    assert [said.entry for said in one.said] == [said.entry for said in other.said]
    assert one.national.picture(now_ns).digest == other.national.picture(now_ns).digest
    assert one.common.picture(now_ns).digest == other.common.picture(now_ns).digest
    assert one.disclosed == other.disclosed
    assert one.disclosed_bytes == other.disclosed_bytes
    assert set(one.receipts) == set(other.receipts)
    assert one._base_id == other._base_id
    for group in ("shared", "own"):
        assert set(one.ledger.open(group)) == set(other.ledger.open(group))
        for track in one.ledger.open(group):
            assert one.ledger.said(group, track).same(other.ledger.said(group, track))
    assert {party: link.receipted for party, link in one.links.items()} == {
        party: link.receipted for party, link in other.links.items()
    }


def test_a_start_by_a_shortcut_equals_one_from_the_logs():
    east, west, clock = world()
    busy((east, west), clock)
    data = east.centre.shortcut()
    busy_later = [east.centre.say(told(f"east-{number:04d}", east)) for number in (91, 92)]
    assert busy_later
    west.centre.say(notice(5, "RUS"))
    settle(east, west)
    read = [start(east, made) for made in (None, data)]
    assert read[1]._skipped
    assert not read[0]._skipped
    assert len(read[1].national._seen) < len(read[0].national._seen)
    same(*read, clock.now)
    settle(east, west)
    in_step(east, west)
    assert queries.decided(east.centre, proposal(east)).status == "ADOPTED"


def test_a_track_that_goes_on_after_all_is_taken_up_again():
    east, west, clock = world()
    west.centre.say(told("west-0001", west))
    since_us = clock.now // 1000
    settle(east, west)
    clock.now += 5 * HOUR
    data = east.centre.shortcut()
    begun_us = since_us + 60_000_000
    more = told("west-0001", west, since_tai_us=since_us, t_tai_us=begun_us, coarsened=False)
    west.centre._append(_draft(more, west))
    west.centre.commit()
    settle(east, west)
    whole, short = start(east, None), start(east, data)
    assert short._left == {west.config.origin: {}}
    for at in (begun_us * 1000, clock.now):
        assert whole.national.picture(at).digest == short.national.picture(at).digest


def _draft(body, side):
    from tocsin.release import Draft

    return Draft(body=body, observed_tai_ns=side.clock.now)


def test_a_shortcut_of_another_store_agreement_or_bytes_is_passed_over():
    east, west, clock = world()
    saved = copy(east.disk)
    busy((east, west), clock)
    data = east.centre.shortcut()
    gates = gates_of(east.centre)
    assert decode(data, east.config, gates) is not None
    assert decode(data[:-1] + bytes([data[-1] ^ 1]), east.config, gates) is None
    assert decode(b"", east.config, gates) is None
    assert decode(data, west.config, gates) is None
    bring_back(east.disk, saved)
    assert not start(east, data)._skipped


def test_runs_cover_their_indexes():
    assert runs((), 100) == []
    assert runs((1, 2, 9, 200), 100) == [(1, 10), (200, 201)]
    assert all(end - begin <= 100 for begin, end in runs(tuple(range(1000)), 100))
