"""Restart from the same disk, from an old copy (L1), with failing disks and clocks that are off."""

import pytest

from tocsin.errors import Outage
from tocsin.mirror.memory import MemoryMirrorStore
from tocsin.node import commands, queries
from tocsin.node.exchange import Pull, encode
from tocsin.node.folded import number_of

from .two import NS, exchange, in_step, notice, pass_time, settle, world


def copy(disk):
    stores = {
        name: (list(s.held), dict(s.tiles), dict(s.receipts), list(s.sizes)) for name, s in disk.stores.items()
    }
    return stores, dict(disk.cells.cells)


def bring_back(disk, saved):
    stores, cells = saved
    for name, store in disk.stores.items():
        held, tiles, receipts, sizes = stores.get(name, ([], {}, {}, []))
        MemoryMirrorStore.__init__(store, list(held), dict(tiles), dict(receipts), list(sizes))
    disk.cells.cells = dict(cells)


def proposal(side):
    return next(said.entry for said in side.centre.said if said.kind == "proposal")


def test_everything_is_rebuilt_from_the_stores():
    east, west, clock = world()
    east.centre.say(notice())
    commands.propose(east.centre, "east-0001", "benign", "A", "")
    settle(east, west)
    for side in (east, west):
        commands.vote(side.centre, proposal(side), "yes", "A")
        settle(east, west)
    pass_time((east, west), clock, 6)
    before = east.centre
    assert queries.decided(before, proposal(east)).status == "ADOPTED"
    east.start()
    assert east.centre is not before
    assert [said.entry for said in east.centre.said if said.party == "east"] == [
        said.entry for said in before.said if said.party == "east"
    ]
    assert set(east.centre.receipts) == set(before.receipts)
    assert east.centre.ledger.same(before.ledger)
    assert queries.decided(east.centre, proposal(east)).status == "ADOPTED"
    assert east.centre.disclosed == before.disclosed
    settle(east, west)
    in_step(east, west)


def test_nothing_is_signed_before_the_partner_told_what_it_holds():
    east, west, _ = world()
    east.start()
    size = east.log.size
    east.centre.say(notice())
    assert east.log.size == size
    assert "asking west first" in east.private.withheld_notes[-1][2]
    settle(east, west)
    east.centre.say(notice())
    assert east.log.size == size + 1


def test_a_partner_that_stays_away_is_waited_for_no_longer_than_the_config_says():
    east, _, clock = world()
    east.start()
    size = east.log.size
    clock.now += 14 * NS
    east.centre.tick()
    assert east.log.size == size
    clock.now += 1 * NS
    east.centre.tick()
    assert east.log.size > size
    assert any("old copy" in words for words in east.messages)


def test_an_old_copy_takes_back_what_it_lost_and_forks_nothing():
    east, west, _ = world()
    saved = copy(east.disk)
    for number in range(1, 8):
        east.centre.say(notice(number))
        west.centre.say(notice(number, "RUS"))
        settle(east, west)
    lost, ledger = east.entries, east.centre.ledger
    bring_back(east.disk, saved)
    east.start()
    assert east.log.size < len(lost)
    settle(east, west)
    assert east.entries == lost
    assert east.centre.ledger.same(ledger)
    east.centre.say(notice(9))
    settle(east, west)
    in_step(east, west)
    assert west.messages == []


def test_an_old_copy_gives_no_receipt_below_those_it_gave():
    east, west, clock = world()
    saved = copy(east.disk)
    for number in range(1, 5):
        west.centre.say(notice(number, "RUS"))
        settle(east, west)
    given = sorted(r.size for r in west.centre.receipts if r.cosigner == "east")
    clock.now -= 3600 * NS
    bring_back(east.disk, saved)
    east.start()
    settle(east, west)
    west.centre.say(notice(9, "RUS"))
    settle(east, west)
    later = [r for r in west.centre.receipts if r.cosigner == "east" and r.size > given[-1]]
    first = [r for r in west.centre.receipts if r.cosigner == "east" and r.size <= given[-1]]
    assert min(r.time_s for r in later) >= max(r.time_s for r in first)


def test_a_receipt_for_what_was_taken_while_mute_is_known_to_its_giver():
    east, west, _ = world()
    west.start()  # has asked, and is mute until it was told
    east.centre.say(notice())
    ask = west.centre.message("east")
    while exchange(east, west):
        pass
    assert west.centre.mirrors["east"].size == east.log.size
    assert east.centre.links["west"].receipted < east.log.size
    west.centre.answered("east", encode(east.centre.receive("west", ask)))
    settle(east, west)
    pass_time((east, west), east.clock, 40)
    given = {r for r in east.centre.receipts if r.cosigner == "west"}
    assert given <= set(west.centre.receipts)
    in_step(east, west)


def test_what_a_burnt_machine_had_on_its_way_is_not_taken_after_its_successor_asked():
    east, west, clock = world()
    saved = copy(east.disk)
    east.centre.say(notice(1))
    late = east.centre.message("west")
    bring_back(east.disk, saved)
    clock.now += 1
    east.start()
    settle(east, west)
    reply = west.centre.receive("east", late)
    assert reply.ask
    east.centre.say(notice(2))
    settle(east, west)
    in_step(east, west)
    assert west.centre.mirrors["east"].fork is None


def test_what_a_burnt_machine_answered_is_not_taken_after_its_successor_asked():
    east, west, clock = world()
    west.centre.say(notice(1, "RUS"))
    push = west.centre.message("east")
    saved = copy(east.disk)
    receipt = encode(east.centre.receive("west", push))
    bring_back(east.disk, saved)
    clock.now += 1
    east.start()
    exchange(east, west)
    west.centre.answered("east", receipt)
    assert west.centre.links["east"].receipted < west.log.size
    clock.now -= 3600 * NS
    settle(east, west)
    in_step(east, west)


def test_a_full_disk_does_not_end_the_recovery_of_an_old_copy():
    east, west, clock = world()
    saved = copy(east.disk)
    east.centre.say(notice())
    settle(east, west)
    lost = east.entries
    bring_back(east.disk, saved)
    east.start()
    east.disk.full = True
    settle(east, west)
    assert east.log.size < len(lost)
    east.disk.full = False
    pass_time((east, west), clock, 45)
    assert east.entries[: len(lost)] == lost
    in_step(east, west)


def test_an_old_copy_asks_again_whoever_got_what_it_lost_after_it_told():
    """Else it signs another history when it has waited long enough for the third."""
    east, south, west, clock = world("east", "south", "west", heartbeat_s=5)
    saved = copy(east.disk)
    east.centre.say(notice(1))
    settle(east, south)  # west has not heard
    lost = east.entries
    bring_back(east.disk, saved)
    clock.now += NS
    east.start()
    settle(east, west)  # west holds no more than what was brought back; south is away
    assert east.centre.border.opening.unheard == {"south"}
    west.centre.links["south"].want(Pull(origin=east.config.origin, start=len(lost) - 1))
    settle(south, west)
    pass_time((east, west), clock, 20)
    assert east.entries[: len(lost)] == lost and east.log.size > len(lost)
    assert not east.centre.border.opening.halted
    assert west.centre.mirrors["east"].fork is None


def test_an_old_copy_that_went_on_alone_says_so_and_stops():
    east, west, clock = world()
    saved = copy(east.disk)
    east.centre.say(notice(1))
    settle(east, west)
    bring_back(east.disk, saved)
    east.start()
    clock.now += 20 * NS
    east.centre.tick()
    east.centre.say(notice(2))
    settle(east, west)
    assert "L10" in east.centre.border.opening.halted
    size = east.log.size
    east.centre.say(notice(3))
    assert east.log.size == size
    assert west.centre.mirrors["east"].fork is not None or any("epoch" in m for m in east.messages)


def test_names_of_tracks_are_never_used_again():
    east, west, _ = world()
    for number in (1, 2, 7):
        east.centre.say(tracklet(f"east-{number:04d}", east))
    settle(east, west)
    east.start()
    assert east.centre._base_id == 7
    assert number_of("east-0012") == 12
    assert number_of("strange") == 0


@pytest.mark.parametrize("fail_in", range(0, 60, 3))
def test_an_outage_at_any_call_loses_nothing(fail_in):
    east, west, clock = world()
    for side in (east, west):
        side.disk.fail_in = fail_in
    east.centre.say(notice(1))
    west.centre.say(notice(1, "RUS"))
    said = {said.entry.sha256 for said in east.centre.said}
    settle(east, west)
    for side in (east, west):
        side.disk.fail_in = -1
    pass_time((east, west), clock, 45)
    in_step(east, west)
    kinds = [(said.party, said.kind) for said in west.centre.said]
    assert ("east", "notification") in kinds
    assert ("west", "notification") in kinds
    assert said <= {said.entry.sha256 for said in east.centre.said}


def test_a_full_disk_is_retried_and_the_partner_hears_nothing_of_it():
    east, west, clock = world()
    west.disk.full = True
    east.centre.say(notice())
    settle(east, west)
    assert west.centre.mirrors["east"].size < east.log.size
    assert east.centre.links["west"].refused == "not now: an outage here"
    west.disk.full = False
    pass_time((east, west), clock, 45)
    in_step(east, west)


def test_a_clock_that_steps_back_stops_neither_beats_nor_links():
    east, west, clock = world()
    clock.now -= 3_600 * NS
    east.centre.tick()
    west.centre.tick()
    east.centre.say(notice())
    settle(east, west)
    in_step(east, west)
    times = [r.time_s for r in sorted(east.centre.receipts, key=lambda r: r.size) if r.cosigner == "west"]
    assert times == sorted(times)


def test_a_start_without_a_disk_is_an_outage():
    east, *_ = world()
    east.disk.fail_in = 0
    with pytest.raises(Outage):
        east.start()


def tracklet(name, side):
    from tocsin.sim.faults.people import FLAT
    from tocsin.wire.bodies import Tracklet

    return Tracklet(
        track=name, since_tai_us=None, t_tai_us=side.clock.now // 1000, position_ecef_m=(6.9e6, 0.0, 1e5),
        velocity_ecef_m_s=(0.0, 5e3, 5e3), information=FLAT, information_vector=(0.0,) * 6, process_noise_m2_s3=0.0,
        existence=0.9, phase="coast", coarsened=True,
    )  # fmt: skip
