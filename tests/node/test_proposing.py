"""A proposal's digest is that of the entries that its heads name, also where a centre takes entries in later."""

from tocsin.node import commands, queries
from tocsin.wire.bodies import Proposal
from tocsin.wire.talk import Hotline

from .two import settle, world


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
