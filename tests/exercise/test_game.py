"""A game from start to ENDEX: seats change hands, injects happen, NO DUFF stops everything, logs verify."""

import msgspec
import pytest
from game_table import Table, lay

from tocsin.errors import Outage, Refusal
from tocsin.exercise import injects
from tocsin.exercise.errors import BadInject, NotInPlay
from tocsin.exercise.truth import truth_now
from tocsin.node import commands, council, queries
from tocsin.node.adapters.tokens import new_token

pytestmark = pytest.mark.slow


@pytest.fixture
def table(tmp_path) -> Table:
    return lay(tmp_path)


def put(table: Table, **fields: object) -> None:
    table.game.put("director", injects.read_inject(msgspec.json.encode(fields)))


def test_stands_until_started_then_explains_the_launch_and_ends(table):
    game = table.game
    assert game.advance() is False
    game.pace("director", speed=60.0, paused=False)
    table.run_to(170.0)
    held = {name: seat.desk.events()[0].names for name, seat in game.seats.items()}
    table.run_to(200.0)  # west may have lost the rocket and found it again under a second track
    for name, seat in game.seats.items():
        (event,) = seat.desk.events()
        assert event.id == held[name][0]
        assert set(held[name]) <= set(event.names)
        assert queries.latest_assessment(seat.centre, name, event.names) is not None
    shown = truth_now(game.flying, game.t_s, {name: seat.desk for name, seat in game.seats.items()})
    beliefs = shown.objects[0].beliefs
    assert {one.party for one in beliefs} == {"west", "east"}
    assert all(one.event and one.error_km < 60.0 for one in beliefs)
    assert all(not names for names in shown.groundless.values())
    table.run_to(1e9)
    assert game.state.ended
    assert [entry.act for entry in game.journal.entries] == ["clock", "clock"]
    with pytest.raises(NotInPlay):
        game.pace("director", paused=False)


def test_no_duff_stops_every_desk_until_lifted(table):
    game = table.game
    game.pace("director", speed=10.0, paused=False)
    table.run_to(-10.0)
    game.no_duff("director", "a player is unwell")
    stood = game.now_tai_ns
    table.wall[0] += 10**11
    assert game.advance() is False
    assert game.now_tai_ns == stood
    with pytest.raises(NotInPlay, match="NO DUFF"):
        game.act("west", lambda: None)
    with pytest.raises(NotInPlay):
        game.pace("director", paused=False)
    game.no_duff("director", "")
    game.pace("director", paused=False)
    table.run_to(-5.0)


def test_cut_link_silence_heal_and_catch_up(table):
    game = table.game
    game.pace("director", speed=10.0, paused=False)
    put(table, kind="cut-link", between=["west", "east"], at_s=-15)
    put(table, kind="heal-link", between=["east", "west"], at_s=60)
    table.run_to(50.0)
    west, east = (game.seats[name].centre for name in ("west", "east"))
    assert west.silent() == ("east",)
    assert east.silent() == ("west",)
    written = east.books["shared"].writer.size
    table.run_to(120.0)
    assert west.silent() == east.silent() == ()
    assert west.mirrors["east"].size >= written  # the last entries of this second may still be on their way


def test_false_track_on_one_sensor_stays_groundless_for_the_other(table):
    game = table.game
    game.pace("director", speed=10.0, paused=False)
    put(table, kind="flight", name="tape", latitude_deg=75.0, longitude_deg=0.0, bearing_deg=100.0, apogee_km=500.0,
        range_km=1500.0, burn_s=60.0, only_on=["east-radar-1"], at_s=0)  # fmt: skip
    table.run_to(230.0)
    one = next(one for one in game.flying if one.name == "tape")
    assert not one.real
    shown = truth_now(game.flying, game.t_s, {name: seat.desk for name, seat in game.seats.items()})
    tape = next(o for o in shown.objects if o.name == "tape")
    assert next(b for b in tape.beliefs if b.party == "east").event


def test_feed_out_and_back_press_and_messages(table):
    game = table.game
    game.pace("director", speed=10.0, paused=False)
    table.run_to(-19.5)
    put(table, kind="cyber", party="east", sensors=["east-radar-1"], text="the display computer restarts by itself")
    put(table, kind="press", text="A flash is reported over the sea.", to=["west"])
    put(table, kind="message", by="west", to=["east"], text="What do you see?")
    table.run_to(0.0)
    assert game.state.silent == {"east-radar-1"}
    assert [one.to for one in game.state.news] == [("east",), ("west",)]
    heard = [said.body for said in game.seats["east"].centre.said if said.kind == "hotline"]
    assert [body.text for body in heard] == ["What do you see?"]
    put(table, kind="feed-back", sensor="east-radar-1")
    table.run_to(5.0)
    assert not game.state.silent


def test_an_inject_can_be_withdrawn_and_nothing_unknown_is_put_in(table):
    game = table.game
    game.pace("director", speed=10.0, paused=False)
    put(table, kind="suspend", by="east", text="talks", at_s=-5)
    game.withdraw("director", 0)
    with pytest.raises(NotInPlay):
        game.withdraw("director", 0)
    table.run_to(0.0)
    assert not any(said.kind == "standing" for said in game.seats["west"].centre.said)
    for bad in (
        {"kind": "feed-out", "sensor": "no-radar"},
        {"kind": "cut-link", "between": ["west", "west"]},
        {"kind": "message", "by": "north", "to": ["east"], "text": "x"},
        {"kind": "flight", "name": "object-1", "latitude_deg": 0, "longitude_deg": 0, "bearing_deg": 0,
         "apogee_km": 100, "range_km": 100},
        {"kind": "shoot"},
    ):  # fmt: skip
        with pytest.raises(BadInject):
            put(table, **bad)


def test_a_seat_taken_by_people_is_silent_until_they_act_and_then_signs_with_their_hands(table):
    game = table.game
    seat = game.seats["west"]
    game.pace("director", speed=10.0, paused=False)
    table.run_to(-19.0)
    token = new_token("Kestrel", ("watch-officer",))
    game.act("west", lambda: seat.enrol(token.officer))
    with pytest.raises(Refusal):
        game.act("west", lambda: seat.enrol(token.officer))
    game.seat("director", "west", scripted=False)
    table.run_to(100.0)
    said = [one for one in seat.centre.said if one.party == "west"]
    assert not any(one.kind == "assessment" for one in said)
    with pytest.raises(Refusal, match="waits for 1 officer"):
        game.act("west", lambda: commands.convene(seat.centre, "west-1", "display", "something rises", "Kestrel"))
    request = next(iter(seat.centre.requests.values()))
    game.act("west", lambda: seat.centre.sign(request.name, token.sign(request.statement, "watch-officer")[0]))
    assert queries.conference_level(seat.centre, ["west-1"]) == "display"
    game.act("west", lambda: council.message(seat.centre, ("east",), "We see it too.", "Kestrel"))


def test_every_journal_entry_is_written_before_it_counts(table):
    table.game.note("director", "a remark")
    assert len(table.written) == len(table.game.journal.entries) == 1
    assert b"a remark" in table.written[0]


def test_a_full_disk_does_not_end_play_and_loses_no_entry(table):
    full, journal = [True], table.game.journal

    def sink(line: bytes) -> None:
        if full[0]:
            raise Outage("journal.jsonl: could not be added to (No space left on device); free the disk")
        table.written.append(line)

    journal._sink = sink
    table.game.note("director", "first")
    table.game.trouble("the store is full")
    table.game.trouble("the store is full")
    told = [entry.text for entry in journal.entries if entry.act == "refused"]
    assert len(told) == 2
    assert "not on disk from entry 0 on: journal.jsonl" in told[0]
    assert table.written == []
    full[0] = False
    table.game.note("director", "second")
    lines = b"".join(table.written).splitlines()
    assert [msgspec.json.decode(line)["number"] for line in lines] == [0, 1, 2, 3]
