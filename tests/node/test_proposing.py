"""A proposal's digest is that of the entries that its heads name, also where a centre takes entries in later."""

from contextlib import suppress

import pytest

from tocsin.errors import Refusal
from tocsin.node import commands, queries
from tocsin.wire.bodies import Proposal
from tocsin.wire.talk import Hotline

from .two import origin_of, settle, world


def test_what_waits_is_taken_in_before_a_picture_is_named():
    east, west, clock = world()
    west.centre.defers = True
    for number in range(40):
        clock.now += 1_000_000
        text = f"message {number}"
        east.centre.say(Hotline(to=("west",), precedence="routine", officer="A", text=text))
    settle(east, west)
    assert west.centre.waiting > 8
    commands.propose(west.centre, "west-0001", "benign", "A", "")
    assert not west.centre.waiting
    (body,) = (said.body for said in west.centre.said if isinstance(said.body, Proposal))
    found = queries.recompute(west.centre, body.picture)
    assert found is not None
    assert found.digest == body.picture.digest
    assert sum(said.kind == "hotline" for said in west.centre.said) == 40


def flooded(count=40):
    east, west, _ = world()
    west.centre.defers = True
    for number in range(count):
        east.centre.say(Hotline(to=("west",), precedence="routine", officer="A", text=f"message {number}"))
    settle(east, west)
    return west


def test_a_flood_is_not_taken_in_within_one_act(monkeypatch):
    """The loop goes on; who asked is told what waits, where, and what to do; later it works."""
    monkeypatch.setattr(commands, "TAKEN_AT_ONCE", 4)
    monkeypatch.setattr(commands, "TAKEN_MOST", 16)
    west = flooded()
    before = west.centre.waiting
    with pytest.raises(Refusal, match="in the log of east: they are being taken in; propose again"):
        commands.propose(west.centre, "west-0001", "benign", "A", "")
    assert before - west.centre.waiting == 16
    assert not any(isinstance(said.body, Proposal) for said in west.centre.said)
    for _ in range(3):
        with suppress(Refusal):
            commands.propose(west.centre, "west-0001", "benign", "A", "")
    assert any(isinstance(said.body, Proposal) for said in west.centre.said)


def test_what_cannot_be_read_is_said_apart_from_what_waits():
    west = flooded()
    store = west.disk.stores[origin_of("east")]
    store.held[-1] = b"rotten"
    west.centre.mirrors["east"].held.recent.clear()  # more came than is remembered: the disk is read
    with pytest.raises(Refusal, match="cannot be read; find out where with tocsin fsck"):
        commands.propose(west.centre, "west-0001", "benign", "A", "")
