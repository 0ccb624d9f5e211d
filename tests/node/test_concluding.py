"""What a party concluded from its own floor (V3) is durable before it is shown, and no restart undoes it."""

import pytest

from tocsin.decide import OwnFloor, cast_yes
from tocsin.log.errors import TileError
from tocsin.mirror import Mirror
from tocsin.node import commands, queries
from tocsin.node.concluding import AT_ONCE, Conclusions

from .test_restart import bring_back, copy, proposal
from .two import JOINT, NS, exchange, notice, pass_time, settle, world

D_S = JOINT.finding.deadline_s


def status(side):
    return queries.decided(side.centre, proposal(side)).status


def proposed():
    """East and west hold east's proposal and east's yes; west's yes never arrives in time."""
    east, west, clock = world()
    commands.propose(east.centre, "east-0001", "benign", "A", "")
    settle(east, west)
    commands.vote(east.centre, proposal(east), "yes", "A")
    settle(east, west)
    return east, west, clock


def overdue(east, clock):
    clock.now += (D_S + 1) * NS
    east.centre.tick()
    assert status(east) == "CLOSED"


def test_a_conclusion_survives_a_restart_while_partners_are_away():
    east, _, clock = proposed()
    overdue(east, clock)
    clock.now -= 3_600 * NS
    east.start()
    assert not east.centre.remembers
    assert queries.own_floor(east.centre).floor_s == 0
    assert status(east) == "CLOSED"


def test_without_its_cell_it_would_be_undone():
    """Canary of the test above."""
    east, _, clock = proposed()
    overdue(east, clock)
    east.disk.cells.cells = {name: held for name, held in east.disk.cells.cells.items() if "closed" not in name}
    east.start()
    assert status(east) == "PENDING"


def test_what_could_not_be_kept_is_not_shown():
    east, _, clock = proposed()
    east.disk.full = True
    clock.now += (D_S + 1) * NS
    east.centre.tick()
    assert status(east) == "PENDING"
    east.disk.full = False
    clock.now += NS
    east.centre.tick()
    assert status(east) == "CLOSED"


@pytest.mark.parametrize("fail_in", range(12))
def test_an_outage_at_any_call_leaves_it_concluded_or_open(fail_in):
    east, west, clock = proposed()
    clock.now += (D_S + 1) * NS
    east.disk.fail_in = fail_in
    east.centre.tick()
    east.disk.fail_in = -1
    shown = status(east)
    east.start()
    assert status(east) in ({"CLOSED"} if shown == "CLOSED" else {"PENDING", "CLOSED"})
    pass_time((east, west), clock, 20)
    assert status(east) == "CLOSED"


def test_a_restored_backup_takes_its_conclusion_back_with_its_log():
    """Cells and all came back from the backup, and the clock was set back: the partner holds what we stated."""
    east, west, clock = proposed()
    saved = copy(east.disk)
    overdue(east, clock)
    commands.close_overdue(east.centre, proposal(east))
    settle(east, west)
    bring_back(east.disk, saved)
    clock.now -= (D_S + 60) * NS
    east.start()
    assert status(east) == "PENDING"
    settle(east, west)
    assert status(east) == status(west) == "CLOSED"


def test_a_clock_set_back_by_a_restored_machine_cannot_make_a_late_yes_timely():
    """A partner that votes late, with hindsight (T4), after our machine burned down. Only our heartbeats had reached it
    after the deadline: they bound what we may receipt from now on."""
    east, west, clock = proposed()
    saved = copy(east.disk)
    overdue(east, clock)
    clock.now += 5 * NS
    east.centre.tick()
    while exchange(east, west):
        pass
    bring_back(east.disk, saved)
    clock.now -= (D_S + 60) * NS
    east.start()
    settle(east, west)
    west.centre.say(late_yes(west))
    settle(east, west)
    late = [one for one in east.centre.receipts if one.cosigner == "east" and one.size == west.log.size]
    assert late
    assert all(one.time_s > proposal_deadline(east) for one in late)
    assert status(west) != "ADOPTED"
    assert status(east) != "ADOPTED"


def late_yes(side):
    """A cheat's: its own floor would forbid it."""
    return cast_yes(
        proposal(side), (), queries.parties(side.centre), JOINT, OwnFloor(party=side.name, floor_s=0),
        role="watch-officer", officer="A", heads=(),
    )  # fmt: skip


def proposal_deadline(side):
    return queries.proposals(side.centre)[0].body.deadline_s


def test_old_entries_beside_newer_cells_start_nothing():
    """The layout that operators are told to keep: cells are not restored. The old store is noticed at the start."""
    east, _, clock = proposed()
    saved = copy(east.disk)
    overdue(east, clock)
    east.centre.say(notice(5))
    cells = dict(east.disk.cells.cells)
    bring_back(east.disk, saved)
    east.disk.cells.cells = cells
    with pytest.raises(TileError):
        east.start()


def test_what_was_receipted_in_time_is_never_concluded_closed():
    east, west, clock = proposed()
    commands.vote(west.centre, proposal(west), "yes", "A")
    settle(east, west)
    pass_time((east, west), clock, 3)
    clock.now += (D_S + 1) * NS
    for side in (east, west):
        side.centre.tick()
        assert status(side) == "ADOPTED"
        assert not side.centre.asked
        assert not any(name.startswith("closed ") for name in side.disk.cells.cells)


def test_rotten_tiles_met_at_a_tick_are_kept_as_evidence_and_the_centre_goes_on(monkeypatch):
    east, _, clock = proposed()

    def rotten(self):
        raise TileError("the stored tiles do not lead to its checkpoint")

    monkeypatch.setattr(Mirror, "raise_floor", rotten)
    clock.now += (D_S + 1) * NS
    east.centre.tick()
    assert any("do not lead to" in words for words in east.messages)
    assert status(east) == "PENDING"
    monkeypatch.undo()
    east.centre.tick()
    assert status(east) == "CLOSED"


def test_many_are_concluded_a_few_at_a_time():
    east, _, clock = world()
    for number in range(3 * AT_ONCE):
        commands.propose(east.centre, f"east-{number:04d}", "benign", "A", "")
    clock.now += (D_S + 1) * NS
    for done in (1, 2, 3):
        east.centre.tick()
        assert east.centre.conclusions.count == done * AT_ONCE
    assert {view.decision.status for view in queries.proposals(east.centre)} == {"CLOSED"}


def test_a_damaged_conclusion_is_none():
    east, *_ = world()
    name = f"closed {'a' * 64}"
    for value in (b"", b"tocsin-closed v1\nfloor x\n", b"tocsin-closed v1\nfloor 12", b"\xff"):
        east.disk.cells.cells[name] = value
        assert Conclusions(east.disk).floor_s("a" * 64) is None
    east.disk.cells.cells[name] = b"tocsin-closed v1\nfloor 12\n"
    assert Conclusions(east.disk).floor_s("a" * 64) == 12
