"""A running centre forgets what no verdict rests on (L5): memory and store stay small, everything else as it was."""

from msgspec.structs import replace

from tocsin.decide import Decision
from tocsin.mirror import open_bundle
from tocsin.mirror.thinning import superfluous
from tocsin.node import commands, queries, thinning
from tocsin.node.exchange import Pull, encode
from tocsin.node.export import log_files
from tocsin.node.giving import show
from tocsin.node.shown import decision_bundle, mirror_files

from .test_restart import proposal
from .two import JOINT, NS, exchange, in_step, notice, pass_time, settle, world

BLOCK = 8


def voted(*names, then=50, wait_s=0):
    """Centres that adopted something, and talked on for long after."""
    *sides, clock = world(*names, receipt_block=BLOCK, heartbeat_s=1)
    pass_time(sides, clock, 10)
    commands.propose(sides[0].centre, "east-0001", "benign", "A", "")
    settle(*sides)
    clock.now += wait_s * NS
    for side in sides:
        pass_time(sides, clock, 3)
        commands.vote(side.centre, proposal(side), "yes", "A")
        settle(*sides)
    assert [decided(side).status for side in sides] == ["ADOPTED"] * len(sides)
    pass_time(sides, clock, then)
    return *sides, clock


def decided(side) -> Decision:
    found = queries.decided(side.centre, proposal(side))
    return replace(found, receipts=())


def notes(side, origin):
    return len(side.disk.stores[origin].receipts)


def test_little_is_kept_and_every_verdict_stands(monkeypatch):
    names = ("east", "north", "west")
    monkeypatch.setattr(thinning.Thinning, "turn", lambda self: None)
    plain = voted(*names)[:-1]
    monkeypatch.undo()
    sides = voted(*names)[:-1]
    for side, other in zip(sides, plain, strict=True):
        assert decided(side) == decided(other)
        shown = open_bundle_of(side)
        assert shown == open_bundle_of(other)
        assert log_files(side.centre, "shared") == log_files(other.centre, "shared")  # what an auditor gets
        assert [mirror_files(side.centre, one) for one in side.centre.mirrors] == [
            mirror_files(other.centre, one) for one in other.centre.mirrors
        ]
        assert len(side.centre.receipts) < len(other.centre.receipts) * 0.8
        for origin in (one.log.origin for one in sides):
            assert notes(side, origin) < notes(other, origin) * 0.8
        side.start()
        assert decided(side) == decided(other)
    settle(*sides)
    in_step(*sides)


def open_bundle_of(side):
    """Votes with the times of their receipts, as a bundle shows them to outsiders."""
    from tocsin.log.policy import parse_policy
    from tocsin.node.export import policy_text

    partners = side.centre.config.partners
    logs = {side.log.origin: side.log.keys} | {one.origin: one.log_keys for one in partners}
    mirrors = [[one.mirror_keys] for one in partners] + [[tuple(s.key for s in side.centre.ports.mirror_signers)]]
    text = b"".join(
        line + b"\n"
        for keys in logs.values()
        for line in policy_text(keys, ()).split(b"\n")
        if line.startswith(b"log ")
    )
    text += b"\n".join(line for line in policy_text((), mirrors).split(b"\n") if not line.startswith(b"quorum"))
    found = open_bundle(decision_bundle(side.centre, proposal_said(side)), parse_policy(text + b"quorum none\n"))
    votes = [one for one in found if b'"kind":"vote"' in one.entry.data]
    return sorted((one.entry.origin, one.entry.index, tuple(sorted(one.receipts.items()))) for one in votes)


def proposal_said(side):
    return next(one for one in side.centre.said if one.kind == "proposal")


def test_a_partner_that_begins_anew_is_brought_up():
    """From any size: each kept checkpoint leads to the next."""
    east, west, clock = voted("east", "west")
    west.disk.stores.clear()
    west.disk.cells.cells.clear()
    west.start()
    pass_time((east, west), clock, 30)
    assert west.centre.mirrors["east"].size == east.log.size
    for start in range(1, east.log.size):
        reply = show(east.centre.border, "west", Pull(origin=east.log.origin, start=start))
        assert reply.checkpoint and reply.entries


def test_answers_about_what_is_not_kept_do_no_harm():
    east, west, clock = world(receipt_block=BLOCK, heartbeat_s=1)
    east.centre.say(notice())
    push = east.centre.message("west")
    answer = encode(west.centre.receive("east", push))
    east.centre.answered("west", answer)
    pass_time((east, west), clock, 60)
    size = next(size for size in range(1, 32) if size not in east.disk.stores[east.log.origin].receipts)
    lines = west.centre.border.gates.mirrors["east"].held.covering(0).split(b"\n\n")[1]
    receipt = b"\n".join(line for line in lines.split(b"\n") if b"/mirror " in line).decode() + "\n"
    shown = show(east.centre.border, "west", Pull(origin=east.log.origin, start=size, receipt=receipt))
    assert shown.entries
    east.centre.answered("west", answer)
    assert east.messages == west.messages == []
    assert exchange(east, west) in (True, False)
    in_step(east, west)


def test_a_shortcut_brings_nothing_back():
    east, west, clock = voted("east", "west", then=10)
    old = east.centre.shortcut()
    pass_time((east, west), clock, 50)
    count = len(east.centre.receipts)
    east.shortcut = old
    east.start()
    assert len(east.centre.receipts) <= count + 1
    assert decided(east).status == "ADOPTED"


def test_what_comes_late_is_thinned_too():
    """A third party's old receipts, passed on again: kept where they tell something, forgotten where not."""
    east, north, west, clock = voted("east", "north", "west")
    store = west.disk.stores[west.log.origin]
    note = store.first_receipt(20)[1]
    before = len(east.centre.receipts)
    east.centre.border.gates.attested("west", type("Attest", (), {"note": note.decode()})())
    assert len(east.centre.receipts) >= before
    pass_time((east, north, west), clock, 3)
    assert len(east.centre.receipts) <= before + 20 and not east.centre.border.gates.late


def test_thinning_that_forgets_votes_is_noticed(monkeypatch):
    """Canary: with the votes' receipts gone, what was adopted is not any more."""
    blind = lambda held, needs, fits: superfluous(held, thinning.Needs(), fits)  # noqa: E731
    monkeypatch.setattr(thinning, "superfluous", blind)
    east, *_ = voted("east", "west", wait_s=JOINT.finding.deadline_s - 7)
    assert decided(east).status != "ADOPTED"


def test_an_outage_costs_nothing():
    east, west, clock = voted("east", "west", then=10)
    east.disk.full = True
    pass_time((east, west), clock, 5)
    east.disk.full = False
    pass_time((east, west), clock, 50)
    in_step(east, west)
    assert decided(east).status == "ADOPTED" and notes(east, east.log.origin) < 0.8 * east.log.size
