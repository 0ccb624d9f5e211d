"""Whatever a partner sends: the evidence is kept, the centre goes on, and what was sound before stays so."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.log.memory import ManualClock, MemoryCells, MemoryStore
from tocsin.log.writer import LogWriter
from tocsin.mirror import parse_fork, verify_fork
from tocsin.node import commands, queries
from tocsin.node.exchange import MAX_MESSAGE_BYTES, Answer, Pull, encode, numbered, push_of

from .two import JOINT, NS, in_step, notice, origin_of, pass_time, settle, signers, world


def shadow(side, extra):
    """A second log of the same party with the same keys: its entries so far but the last, then `extra`."""
    name = side.name
    writer = LogWriter.open(origin_of(name), MemoryStore(), MemoryCells(), signers(name), ManualClock(1))
    writer.append([*side.entries[:-1], *extra])
    writer.commit()
    return writer


def pushed(writer, to, start=0):
    proof = writer.consistency(start) if 0 < start < writer.size else []
    push = push_of(writer.checkpoint, start, writer.entries(start, writer.size), proof)
    return encode(numbered(push, 1, to.centre.links["east"].given))


def goes_on(east, west):
    east.centre.say(notice(77))
    settle(east, west)
    assert west.centre.mirrors["east"].size == east.log.size


MALFORMED = [
    b"", b"\xff\xfe", b"null", b"[]", b"{}", b'{"type":"push"}', b'{"type":"nothing"}', b"[" * 100_000,
    b'{"type":"push","checkpoint":"x","start":-1,"entries":[],"consistency":[]}',
    b'{"type":"push","checkpoint":"","start":0,"entries":["%%%"],"consistency":[]}',
    b'{"type":"push","checkpoint":"a\\n1\\nb\\n\\n","start":0,"entries":[],"consistency":[]}',
    b'{"type":"pull","origin":"nobody","start":0}', b'{"type":"attest","note":"x"}',
    b'{"type":"accuse","origin":"tocsin.exercise/test/east","proof":"AAAA"}',
    b'{"type":"accuse","origin":"elsewhere","proof":"AAAA"}',
    b'{"type":"told","yours":"x","mine":["y"]}', b'{"type":"answer","held":1,"receipt":"x"}',
    b'{"type":"answer","held":99999999,"receipt":"x"}',
    b'{"type":"pulled","origin":"tocsin.exercise/test/east","checkpoint":"z"}', b'{"type":"noted","later":true}',
]  # fmt: skip


@pytest.mark.parametrize("data", MALFORMED, ids=range(len(MALFORMED)))
def test_malformed_bytes_are_kept_and_the_centre_goes_on(data):
    east, west, _ = world()
    reply = west.centre.receive("east", data)
    west.centre.answered("east", data)
    if isinstance(reply, Answer) and reply.refused:
        assert any(source == "east" for _, source, _, _ in west.private.evidence_notes)
    goes_on(east, west)


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes(data):
    _, west, _ = CACHED
    west.centre.receive("east", data)
    west.centre.answered("east", data)


CACHED = world()


@settings(max_examples=40)
@given(st.floats(0, 1))
def test_any_small_change_to_a_push(place):
    east, west, clock = world()
    east.centre.say(notice())
    push = east.centre.message("west")
    at = min(int(place * len(push)), len(push) - 1)
    held = west.centre.mirrors["east"].size
    west.centre.receive("east", push[:at] + bytes([push[at] ^ 1]) + push[at + 1 :])
    assert west.centre.mirrors["east"].size in (held, east.log.size)
    clock.now += 40 * NS
    settle(east, west)
    in_step(east, west)


def test_too_much_at_once_is_refused_before_it_is_parsed():
    east, west, clock = world()
    assert "too much" in west.centre.receive("east", bytes(MAX_MESSAGE_BYTES + 1)).refused
    refused = 0
    for _ in range(1_000):
        refused += "too much" in west.centre.receive("east", b"{}").refused
    assert 500 < refused < 1_000
    assert len(west.private.evidence_notes) < 10
    clock.now += 20 * NS
    goes_on(east, west)


def test_strangers_are_refused():
    _, west, _ = world()
    assert "not a party" in west.centre.receive("mallory", b"{}").refused


def test_a_wrong_signature_is_evidence():
    east, west, _ = world()
    other = LogWriter.open(
        origin_of("east"), MemoryStore(), MemoryCells(), signers("mallory", origin_of("east")), ManualClock(1)
    )
    other.append([b"x"])
    other.commit()
    assert west.centre.receive("east", pushed(other, west)).refused
    assert west.private.evidence_notes
    goes_on(east, west)


@pytest.mark.parametrize("entry", [b"not json", b"{}", b"\xff", b""])
def test_an_unreadable_statement_in_a_signed_log_is_held_and_shown(entry):
    """Authentic, unaltered, as held: and still nonsense. It is receipted, kept as evidence, and not believed."""
    east, west, _ = world()
    forged = shadow(east, [east.entries[-1], entry])
    answer = west.centre.receive("east", pushed(forged, west, len(east.entries)))
    assert answer.held == forged.size
    assert answer.receipt
    assert west.centre.unread[-1].data == entry
    assert any(data == entry for *_, data in west.private.evidence_notes)


@pytest.mark.parametrize(
    "change",
    [{"kind": "prophecy"}, {"sequence": 5_000}, {"origin": "tocsin.exercise/test/other"}, {"schema": 99}],
    ids=["kind", "sequence", "origin", "schema"],
)
def test_statements_of_unknown_kinds_or_places_are_not_believed(change):
    east, west, _ = world()
    made = msgspec.json.decode(east.entries[0]) | {"sequence": len(east.entries)} | change
    forged = shadow(east, [east.entries[-1], msgspec.json.encode(made)])
    said = len(west.centre.said)
    assert west.centre.receive("east", pushed(forged, west, len(east.entries))).held == forged.size
    assert len(west.centre.said) == said
    assert west.centre.unread


def test_a_fork_is_kept_as_proof_and_shown():
    east, west, clock = world()
    pass_time((east, west), clock, 6)
    forged = shadow(east, [b"another past"])
    refused = west.centre.receive("east", pushed(forged, west)).refused
    assert "two histories" in refused
    fork = west.centre.mirrors["east"].fork
    assert verify_fork(fork, [s.key for s in signers("east")])
    kept = [data for *_, words, data in west.private.evidence_notes if "two histories" in words]
    assert parse_fork(kept[0]) == fork
    assert "east" in west.centre.border.gates.convicted
    west.start()
    assert "east" in west.centre.border.gates.convicted


def test_a_fork_disputes_every_finding_of_all_who_learn_of_it():
    """East shows its vote to north and another past to west: both come to hold the proof, and neither adopts."""
    east, north, west, clock = world("east", "north", "west")
    commands.propose(east.centre, "east-0001", "benign", "A", "")
    settle(east, north, west)
    for side in (east, north, west):
        entry = next(s.entry for s in side.centre.said if s.kind == "proposal")
        commands.vote(side.centre, entry, "yes", "A")
        settle(east, north, west)
    pass_time((east, north, west), clock, 11)
    statuses = [queries.proposals(side.centre)[0].decision.status for side in (east, north, west)]
    assert statuses == ["ADOPTED"] * 3
    forged = shadow(east, [b"another past"])
    west.centre.receive("east", pushed(forged, west))
    settle(north, west)
    for side in (north, west):
        assert queries.proposals(side.centre)[0].decision.status == "DISPUTED"
        assert "east" in side.centre.border.gates.convicted


def test_three_parties_adopt_together_and_after_a_restart_too():
    sides = world("east", "north", "west")
    clock = sides.pop()
    east = sides[0]
    commands.propose(east.centre, "east-0001", "benign", "A", "")
    settle(*sides)
    for side in sides:
        entry = next(s.entry for s in side.centre.said if s.kind == "proposal")
        commands.vote(side.centre, entry, "yes", "A")
    pass_time(sides, clock, 8)
    for side in sides:
        assert queries.proposals(side.centre)[0].decision.status == "ADOPTED"
        side.start()
        assert queries.proposals(side.centre)[0].decision.status == "ADOPTED"
    assert JOINT.finding.required == "all"


def test_what_one_partner_keeps_from_us_another_gives():
    """East's calls reach north alone; west gets east's log from north, and its own receipts stay its own."""
    sides = world("east", "north", "west")
    clock = sides.pop()
    east, north, west = sides
    east.centre.say(notice())
    for _ in range(60):
        clock.now += NS
        for side in sides:
            side.centre.tick()
        settle(east, north)
        settle(north, west)
    assert west.centre.mirrors["east"].size >= 2
    assert any(said.kind == "notification" and said.party == "east" for said in west.centre.said)


def test_a_clock_that_jumps_far_ahead_dates_no_receipt_until_a_person_confirms_it():
    east, west, clock = world()
    before = west.centre.mirrors["east"].floor_s
    year = 365 * 86_400 * NS
    clock.now += year
    east.centre.say(notice())
    assert east.log.size > west.centre.mirrors["east"].size
    settle(east, west)
    assert west.centre.mirrors["east"].floor_s == before
    assert any("confirm it" in words for words in west.messages)
    clock.now -= year
    pass_time((east, west), clock, 45)
    in_step(east, west)
    assert west.centre.mirrors["east"].floor_s < before + 100
    clock.now += year
    for side in (east, west):
        commands.confirm_clock(side.centre, "A")
    east.centre.say(notice(2))
    pass_time((east, west), clock, 45)
    in_step(east, west)


def test_what_is_worked_out_for_a_pull_counts_against_the_quota():
    east, west, _ = world()
    for number in range(40):
        east.centre.say(notice(number))
    settle(east, west)
    pull = encode(numbered(Pull(origin=east.config.origin, start=0), 1, east.centre.links["west"].given))
    east.centre.links["west"].intake.messages_most = 1e9
    east.centre.links["west"].intake._messages = 1e9
    sent = 0
    while not getattr(east.centre.receive("west", pull), "refused", ""):
        sent += 1
        assert sent < 5_000
    assert sent * len(pull) < 2e6
