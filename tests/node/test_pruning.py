"""Dropping in a running centre: nothing that a picture, a name or a count rests on; cut short, it goes on (L11)."""

from hashlib import sha256

import pytest

from tocsin.decide.errors import MayNotVote
from tocsin.errors import Refusal
from tocsin.node import commands, pruning, queries
from tocsin.wire.custody import Retention

from .test_restart import bring_back, copy, proposal
from .test_shortcut import HOUR, busy, told
from .two import in_step, notice, pass_time, settle, world

KEPT = b"what is kept"


@pytest.fixture
def sides(monkeypatch):
    """East's log: old tracks, a decision, a day later a live track; both agree to drop what lies before it."""
    monkeypatch.setattr(pruning, "CHUNK", 4)
    east, west, clock = world()
    busy((east, west), clock)
    for _ in range(2):
        clock.now += 13 * HOUR  # more at once, and no receipt would be dated so
        pass_time((east, west), clock, 1)
    live = east.log.next_index
    east.centre.say(told("east-0091", east))
    settle(east, west)
    for before in (live, live + 1):
        agree(east, west, before)
    return east, west, clock, live


def agree(east, west, before):
    terms = Retention(
        origin=east.log.origin, before_index=before, not_before_tai_us=0, bundle_sha256=sha256(KEPT).hexdigest(),
        because="old",
    )  # fmt: skip
    for side in (east, west):
        side.centre.say(terms)
    settle(east, west)


def begin(side, origin, before):
    side.centre.pruning.begin(origin, before, KEPT)


def state(centre, now_ns):
    return (
        centre.common.picture(now_ns).digest, centre.national.picture(now_ns).digest, centre.disclosed,
        centre.disclosed_bytes, centre._used_ids, sorted(said.entry.sha256 for said in centre.said),
        centre.ledger.meter.packed(),
    )  # fmt: skip


def kinds(side, origin):
    from tocsin.wire.envelope import decode

    store = side.disk.stores[origin]
    return [decode(data).kind for _, data in store.sparse(0, side.centre.pruning.dropped(origin).at)]


def test_what_was_dropped_changes_nothing_that_is_shown(sides):
    east, west, clock, live = sides
    with pytest.raises(Refusal, match="of a track that is still shown"):
        begin(east, east.log.origin, live + 1)
    with pytest.raises(Refusal, match="not every party"):
        begin(east, east.log.origin, live - 1)
    with pytest.raises(Refusal, match="not a shared log"):
        begin(east, east.log.origin + "/own", 4)
    before = state(east.centre, clock.now)
    for side in (east, west):
        begin(side, east.log.origin, live)
        with pytest.raises(Refusal, match="wait until that is done"):
            begin(side, east.log.origin, live)
    pass_time((east, west), clock, live // 4 + 2)
    for side in (east, west):
        assert side.centre.pruning.under_way == []
        assert "tracklet" not in kinds(side, east.log.origin) and "vote" in kinds(side, east.log.origin)
    with pytest.raises(Refusal, match=f"before entry {live}: {live} to"):
        begin(east, east.log.origin, live)
    for shortcut in (None, east.centre.shortcut()):
        now = state(east.centre, clock.now)
        east.shortcut = shortcut
        east.start()
        assert state(east.centre, clock.now)[:6] == now[:6]
        settle(east, west)
    assert now[4] == before[4] and set(before[5]) <= set(now[5])
    in_step(east, west)
    assert east.centre.common.picture(clock.now).digest == west.centre.common.picture(clock.now).digest
    assert queries.decided(east.centre, proposal(east)).status == "ADOPTED"
    asks_for_the_past(east, west)


def asks_for_the_past(east, west):
    """A picture of before is not computed wrongly but not at all; and a new one is."""
    body = next(one.body for one in east.centre.said if one.kind == "proposal")
    assert queries.recompute(east.centre, body.picture) is None
    with pytest.raises(MayNotVote, match="were dropped, as every party agreed"):
        commands._same_picture(west.centre, proposal(west))
    commands.propose(east.centre, "east-0091", "benign", "A", "")
    settle(east, west)
    fresh = [one for one in west.centre.said if one.kind == "proposal"][-1]
    assert queries.recompute(west.centre, fresh.body.picture).digest == fresh.body.picture.digest


def test_a_partner_that_lost_its_copy_is_told_so_and_the_rest_goes_on(sides):
    east, west, clock, live = sides
    begin(east, east.log.origin, live)
    pass_time((east, west), clock, live // 4 + 2)
    west.disk.stores.pop(east.log.origin)
    west.disk.cells.cells.pop(f"mirror {east.log.origin}")
    west.start()
    pass_time((east, west), clock, 20)
    assert "were dropped as agreed" in east.centre.links["west"].refused
    west.centre.say(notice())
    pass_time((east, west), clock, 31)  # west is refused what it pulls, and its link waits in between
    assert east.centre.mirrors["west"].size == west.log.size == west.centre.links["east"].receipted


def test_cut_short_it_goes_on(sides):
    """A start in the middle, and a power cut between the cell and the store."""
    east, west, clock, live = sides
    begin(east, east.log.origin, live)
    before = [said.entry.sha256 for said in east.centre.said]
    pass_time((east, west), clock, 2)
    saved = copy(east.disk)
    holes = set(east.disk.stores[east.log.origin].holes)
    pass_time((east, west), clock, 1)
    cells = dict(east.disk.cells.cells)
    assert east.centre.pruning.under_way
    bring_back(east.disk, saved)
    east.disk.stores[east.log.origin].holes = holes
    east.disk.cells.cells |= {name: data for name, data in cells.items() if name.startswith("dropped")}
    east.start()
    pass_time((east, west), clock, live // 4 + 2)
    assert east.centre.pruning.under_way == [] and "tracklet" not in kinds(east, east.log.origin)
    assert set(before) <= {said.entry.sha256 for said in east.centre.said}
    in_step(east, west)


def test_a_disk_that_fails_meanwhile_costs_nothing(sides):
    east, west, clock, live = sides
    begin(east, east.log.origin, live)
    east.disk.full = True
    pass_time((east, west), clock, 3)
    east.disk.full = False
    pass_time((east, west), clock, live // 4 + 2)
    east.start()
    settle(east, west)
    in_step(east, west)
    assert len(kinds(east, east.log.origin)) == east.centre.pruning.dropped(east.log.origin).kept


def test_without_the_question_what_is_alive_a_track_is_lost(sides, monkeypatch):
    """Canary: dropped at the wrong place, a start shows another picture."""
    east, west, clock, live = sides
    monkeypatch.setattr(pruning.Pruning, "_alive", lambda self, origin: iter(()))
    before = state(east.centre, clock.now)
    begin(east, east.log.origin, live + 1)
    pass_time((east, west), clock, live // 4 + 2)
    east.start()
    assert state(east.centre, clock.now)[0] != before[0]
