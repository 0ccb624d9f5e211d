"""A dishonest partner that knows this code: what it can send, say or keep back must cost an honest centre nothing."""

import msgspec
import pytest

from tocsin.decide import Receipt
from tocsin.log.checkpoint import parse_checkpoint
from tocsin.log.cosignature import sign_checkpoint
from tocsin.log.note import parse_note
from tocsin.mirror.receipt import attach
from tocsin.node import commands, queries
from tocsin.node.config import SPARE_BYTES
from tocsin.node.custody.roster import Registry
from tocsin.node.exchange import Pull, encode, numbered
from tocsin.node.folded import KEPT_UNREAD
from tocsin.wire.measures import Measure, Suspend
from tocsin.wire.talk import Hotline

from .test_hostile import pushed, shadow
from .test_restart import bring_back, copy
from .two import JOINT, NS, cosigners, exchange, in_step, notice, pass_time, settle, world


def receipt_lines(side, size, time_s):
    """What the mirror of `side` would say of the other's checkpoint, at any time it likes."""
    (other,) = (link for link in side.centre.links)
    mirror = side.centre.mirrors[other]
    note = side.disk.stores[mirror.origin].receipts.get(size) or mirror.checkpoint_note
    checkpoint = parse_checkpoint(parse_note(note).text)
    return b"".join(sign_checkpoint(checkpoint, one, time_s).encode() for one in cosigners(side.name)).decode()


def test_receipts_dated_anew_for_ever_fill_no_memory():
    """T10: of one checkpoint only the earliest and the latest word of a cosigner are kept."""
    east, west, clock = world()
    size, session = east.log.size, east.centre.links["west"].given
    before, now_s = len(east.centre.receipts), west.centre.posix_s()
    times = [now_s + step for step in (*range(1, 60), *range(-60, -1))]
    for number, time_s in enumerate(times, 1):
        clock.now += NS // 10
        pull = Pull(origin=east.config.origin, start=size, receipt=receipt_lines(west, size, time_s))
        east.centre.receive("west", encode(numbered(pull, number, session)))
    held = [one.time_s for one in east.centre.receipts if one.cosigner == "west" and one.size == size]
    assert sorted(held) == [now_s - 60, now_s + 59]
    assert len(east.centre.receipts) <= before + 2


def test_the_two_that_are_kept_decide_as_all_would():
    east, *_ = world()
    gates = east.centre.border.gates
    like = {"cosigner": "west", "origin": "o", "size": 7, "root": "aa"}
    for time_s in (50, 10, 30, 90, 20, 10, 90):
        gates.add(Receipt(time_s=time_s, **like))
    assert [one.time_s for one in gates.receipts_of(Receipt(time_s=0, **like))] == [10, 90]
    assert {one.time_s for one in gates.receipts if one.origin == "o"} == {10, 90}


def test_what_a_backup_lost_is_taken_back_from_whoever_gives_it():
    """T9: north tells first that we are behind, and never gives what it has."""
    east, north, west, clock = world("east", "north", "west")
    saved = copy(east.disk)
    for number in range(1, 4):
        east.centre.say(notice(number))
    settle(east, north, west)
    lost = east.entries
    bring_back(east.disk, saved)
    clock.now += NS
    east.start()
    for _ in range(80):
        clock.now += NS
        for side in (east, north, west):
            side.centre.tick()
        data = east.centre.message("north")
        if data is not None and b'"type":"pull"' not in data:
            east.centre.answered("north", encode(north.centre.receive("east", data)))
        exchange(east, west)
        exchange(west, east)
    assert east.entries[: len(lost)] == lost
    assert east.centre.border.opening.ready


def test_what_a_third_party_keeps_from_us_is_pulled_to_its_end_of_another():
    east, north, west, _ = world("east", "north", "west")
    for number in range(1, 6):
        east.centre.say(notice(number))
        settle(east, north)  # east says nothing to west
    assert west.centre.mirrors["east"].size == east.log.size - 5
    west.centre.links["north"].want(Pull(origin=east.config.origin, start=east.log.size - 5))
    settle(north, west)
    assert west.centre.mirrors["east"].size == east.log.size


def test_a_flood_cannot_take_the_room_of_our_own_log():
    east, west, clock = world()
    room = [SPARE_BYTES - 1]
    west.centre.border.gates.room = lambda: room[0]
    east.centre.say(notice())
    settle(east, west)
    assert west.centre.mirrors["east"].size < east.log.size
    assert any("kept for our own log" in words for words in west.messages)
    size = west.log.size
    west.centre.say(notice(1, "RUS"))
    assert west.log.size == size + 1
    settle(east, west)
    assert east.centre.mirrors["west"].size == west.log.size
    room[0] = SPARE_BYTES
    pass_time((east, west), clock, 45)
    in_step(east, west)


def test_proposals_and_steps_without_end_are_read_once(monkeypatch):
    """T10: whatever a partner logs, a new statement costs what it costs, not what all before it cost."""
    east, west, clock = world()
    for number in range(60):
        body = Measure(
            terms=Suspend(effective_s=2_000_000_000 + number), parties=("east", "west"),
            required=("east", "west"), policy_sha256=JOINT.sha256, deadline_s=1_900_000_000, void_if=(),
            officer="A", text="",
        )  # fmt: skip
        east.centre.say(body)
        commands.stand(east.centre, "resume", "x", "A")
    settle(east, west)
    decided, objected = [], []
    plain, objection = queries.decided, Registry.objection
    monkeypatch.setattr(queries, "decided", lambda *given: decided.append(1) or plain(*given))
    monkeypatch.setattr(Registry, "objection", lambda self, one: objected.append(1) or objection(self, one))
    assert not west.centre.suspended
    objected.clear()
    for number in range(5):
        west.centre.say(notice(number, "RUS"))
        settle(east, west)
        assert not west.centre.suspended
    assert not decided
    assert len(objected) <= 5
    clock.now += NS


def test_what_cannot_be_read_is_not_held_in_memory_without_end():
    east, west, _ = world()
    forged = shadow(east, [east.entries[-1], *(b"%d" % number for number in range(KEPT_UNREAD + 20))])
    answer = west.centre.receive("east", pushed(forged, west, len(east.entries)))
    assert answer.held == forged.size
    assert len(west.centre.unread) == KEPT_UNREAD
    assert west.centre.unread[-1].data == b"%d" % (KEPT_UNREAD + 19)


OTHERS = [("mode", "live", "never meet"), ("epoch", 5, "of epoch 5"), ("regime", "ab" * 32, "under regime abab")]


@pytest.mark.parametrize(("field", "value", "words"), OTHERS)
def test_a_statement_of_another_mode_epoch_or_regime_is_shown_as_such(field, value, words):
    """Those of another mode or epoch are not put on record; an unknown regime's are shown."""
    east, west, _ = world()
    east.centre.say(Hotline(to=("west",), precedence="routine", officer="A", text="first"))
    settle(east, west)
    made = msgspec.json.decode(east.entries[-1]) | {"sequence": len(east.entries), field: value}
    forged = shadow(east, [east.entries[-1], msgspec.json.encode(made)])
    said = len(west.centre.said)
    assert west.centre.receive("east", pushed(forged, west, len(east.entries))).held == forged.size
    assert len(west.centre.said) == said + (field == "regime")
    assert any(words in message for message in west.messages)


def test_a_receipt_attached_by_a_partner_proves_nothing_for_another():
    """A receipt under east's mirror keys is not west's, whoever brings it."""
    east, west, _ = world()
    note = east.centre.books["shared"].writer.checkpoint
    lines = receipt_lines(west, east.log.size, 5).replace("west/mirror", "east/mirror")
    assert attach(note, lines.encode())
    pull = Pull(origin=east.config.origin, start=east.log.size, receipt=lines)
    before = list(east.centre.receipts)
    reply = east.centre.receive("west", encode(numbered(pull, 1, east.centre.links["west"].given)))
    assert getattr(reply, "refused", "")
    assert east.centre.receipts == before
