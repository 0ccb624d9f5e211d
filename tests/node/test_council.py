"""Talk between two complete centres: commands in, queries out, through gates, logs and mirrors."""

import dataclasses

import pytest

from tocsin.errors import Refusal
from tocsin.node import commands, council, hearing, judging, queries
from tocsin.node.desk import Desk
from tocsin.node.record import in_words
from tocsin.release import Released
from tocsin.wire import bodies
from tocsin.wire.council import COUNCIL_KINDS
from tocsin.wire.talk import Codebook, CodedMessage, Speaker, Translation, VoiceCall
from wire.examples import BODIES

from .two import NS, notice, origin_of, pass_time, settle, world


def assessment(probability=0.9, officer="A", event="J-00000001"):
    why = bodies.Explanation(what="known-object", probability=probability)
    return bodies.Assessment(
        event=event, site_report="valid", confidence="low", explanations=(why,), officer=officer
    )


def kinds(centre, origin):
    return [said.kind for said in centre.said if said.entry.origin == origin]


def test_each_side_seals_sees_the_others_seal_and_opens():
    east, west, clock = world()
    commands.assess(east.centre, assessment(0.2))
    pass_time((east, west), clock, 2)
    assert [one.state for one in judging.own_seals(west.centre)] == ["sealed"]
    assert queries.latest_assessment(west.centre, "east", {"J-00000001"}) is None  # West cannot read it yet
    commands.assess(west.centre, assessment(0.9))
    settle(east, west)
    pass_time((east, west), clock, 2)
    for side in (east, west):
        found, width = hearing.judgements(side.centre, {"J-00000001"})
        assert [one.state for one in found] == ["opened", "opened"]
        assert (width.explained, width.independent) == ((0.2, 0.9), True)
    assert queries.latest_assessment(west.centre, "east", {"J-00000001"}) == assessment(0.2)
    commands.assess(west.centre, assessment(0.95))  # no longer a first judgement: open at once
    assert kinds(west.centre, origin_of("west"))[-1] == "assessment"


def test_nobody_waits_for_a_side_that_does_not_judge():
    east, west, clock = world()
    commands.assess(east.centre, assessment(0.2))
    pass_time((east, west), clock, 29)
    assert judging.own_seals(west.centre)[0].state == "sealed"
    pass_time((east, west), clock, 2)
    assert judging.own_seals(west.centre)[0].state == "opened"


def test_a_restart_loses_neither_salt_nor_text():
    east, west, clock = world()
    commands.assess(east.centre, assessment(0.2))
    settle(east, west)
    east.start()
    pass_time((east, west), clock, 40)
    assert judging.own_seals(west.centre)[0].state == "opened"


def test_a_panel_inside_one_party_and_its_spread():
    east, west, clock = world()
    views = {"A": 0.2, "B": 0.9}
    for name, p in views.items():
        judging.seal_for_panel(west.centre, "experts", assessment(p, name), bytes([ord(name)] * 32))
    for name, p in views.items():
        outcome = judging.open_for_panel(west.centre, "experts", assessment(p, name), bytes([ord(name)] * 32))
        assert isinstance(outcome, Released) and outcome.group == "own"
    settle(east, west)
    _, width = hearing.judgements(west.centre, {"J-00000001"}, "experts")
    assert (width.voices, width.independent, round(width.width, 9)) == (("A", "B"), True, 0.7)
    assert hearing.judgements(east.centre, {"J-00000001"}, "experts") == ((), None)
    del clock


def test_a_question_its_answer_and_its_end():
    east, west, clock = world()
    council.ask(west.centre, ["east"], "Two of your tracks are one launch: which?", "A", within_s=60)
    settle(east, west)
    (query,) = hearing.queries_to_us(east.centre)
    pass_time((east, west), clock, 62)
    assert hearing.docket(east.centre)[0].state == "overdue"
    council.answer(east.centre, query, "reply", "The later one; the first was a stage.", "B")
    council.answer(east.centre, query, "close", "No more to say.", "B")
    settle(east, west)
    asked = queries.said_by(west.centre, "docket", "west")[0]
    council.answer(west.centre, asked, "close", "Thank you.", "A")
    settle(east, west)
    for side in (east, west):
        (case,) = hearing.docket(side.centre)
        assert (case.state, case.waiting) == ("closed", ())
        assert case.answer_s == ((origin_of("east"), 62.0),)
    assert hearing.queries_to_us(east.centre) == []
    record = hearing.record_of(west.centre, "east")
    assert [one.count for one in record.of("dockets")] == [1, 0, 1, 0]


def test_questions_that_cannot_be():
    _, west, _ = world()
    with pytest.raises(Refusal, match="east expected"):
        council.ask(west.centre, ["south"], "?", "A")
    council.ask(west.centre, ["east"], "?", "A")
    query = queries.said_by(west.centre, "docket")[0]
    with pytest.raises(Refusal, match="deadline_s"):
        council.answer(west.centre, query, "extend", "later", "A")
    with pytest.raises(Refusal, match="query expected"):
        council.answer(west.centre, west.centre.said[0], "reply", "?", "A")


def test_a_code_word_is_read_in_both_languages():
    east, west, _ = world()
    book = BODIES["codebook"]
    council.tell(west.centre, book)
    with pytest.raises(Refusal, match="not this one"):
        council.send_code(west.centre, "BIRCH", 7, "A")
    with pytest.raises(Refusal, match="no code book"):
        council.send_code(east.centre, "BIRCH", 1, "B")
    council.send_code(west.centre, "BIRCH", 1, "A", ["0624 UTC"])
    settle(east, west)
    code = queries.said_by(east.centre, "short-code")[0].body
    assert "east has not logged" in hearing.code_text(east.centre, code, "no")
    council.tell(east.centre, book)
    assert hearing.code_text(east.centre, code, "no") == "Vårt varsel 0624 UTC var en feil."


def test_hot_line_and_call():
    east, west, _ = world()
    council.message(west.centre, ["east"], "Is the rocket yours?", "A", precedence="flash")
    settle(east, west)
    ((said, _),) = hearing.messages_to_us(east.centre)
    council.message(east.centre, ["west"], "No. Ours are on the ground.", "B", answers=said.entry)
    call = VoiceCall(
        call="c1", means="telephone", begin_tai_us=0, end_tai_us=1, read_back=("east",), summary="Not theirs.",
        speakers=tuple(Speaker(party=p, name=p, role="duty-officer") for p in ("east", "west")), officer="A",
    )  # fmt: skip
    council.tell(west.centre, call)
    settle(east, west)
    assert [one.state for one in hearing.calls_logged(east.centre)] == ["one-sided"]
    council.tell(east.centre, call)
    assert [one.state for one in hearing.calls_logged(east.centre)] == ["agreed"]
    settle(east, west)
    assert hearing.messages_to_us(west.centre)[0][1].text == "No. Ours are on the ground."


def test_everything_that_can_be_told_crosses_and_has_its_line():
    east, west, clock = world()
    council.tell(west.centre, CODEBOOK)
    for kind, _ in COUNCIL_KINDS:
        if kind not in ("sealed-judgement", "opened-judgement", "short-code", "codebook"):
            outcome = council.tell(west.centre, BODIES[kind])
            assert isinstance(outcome, Released) and outcome.group == "shared", kind
    council.send_code(west.centre, "OAK", 2, "A")
    pass_time((east, west), clock, 1)
    told = {said.kind: in_words(said) for said in east.centre.said if said.party == "west"}
    assert set(told) >= {kind for kind, _ in COUNCIL_KINDS} - {"sealed-judgement", "opened-judgement"}
    assert all(line and line != kind for kind, line in told.items() if kind in dict(COUNCIL_KINDS))


CODEBOOK = Codebook(
    code_word="OAK",
    messages=(CodedMessage(number=2, texts=(Translation(language="en", text="All is well."),)),),
)


def test_what_has_its_own_command_is_not_told():
    _, west, _ = world()
    for body in (BODIES["sealed-judgement"], BODIES["vote"], assessment()):
        with pytest.raises(Refusal, match="command of its own"):
            council.tell(west.centre, body)


def test_lives_and_record_of_notices():
    east, west, clock = world()
    commands.announce(west.centre, notice(1, "WES"))
    settle(east, west)
    clock.now += 3_601 * NS
    (life,) = hearing.notice_lives(east.centre)
    assert life.has("unacknowledged")
    commands.acknowledge(east.centre, Desk(east.centre).unacknowledged()[0], "B")
    settle(east, west)
    (life,) = hearing.notice_lives(west.centre)
    assert life.states == ("announced", "acknowledged")
    assert hearing.record_of(west.centre, "east").answers_s == (3_601.0,)
    council.remark(east.centre, "answers", "the officer was relieved at noon", "B")
    settle(east, west)
    record = hearing.record_of(west.centre, "east", Desk(west.centre))
    assert record.of("answers")[0].remarks == ("the officer was relieved at noon",)


def test_counts_stand_beside_each_other():
    _, west, _ = world()
    council.check_site(west.centre, "radar-north", 0, "A", displayed=220, report="anomalous")
    found = hearing.counts(west.centre, Desk(west.centre))
    assert (found.own, found.fused, found.shown) == (0, 0, 0)
    assert found.mismatch == "radar-north counts 0, the summary showed 220"


def test_a_live_centre_refuses_exercise_data_keeps_them_and_goes_on():
    """9 November 1979: what is made in an exercise is never acted upon by those who run live."""
    east, west, _ = world(begin=False)
    west.config = dataclasses.replace(west.config, mode="live")
    west.start()
    settle(east, west)
    council.message(east.centre, ["west"], "Mass attack.", "B", precedence="flash")
    settle(east, west)
    assert west.centre.mirrors["east"].size == east.log.size  # held and receipted, as it is
    assert hearing.messages_to_us(west.centre) == []
    assert "east" not in {said.party for said in west.centre.said}
    assert any("mode exercise: live expected" in message for message in west.messages)
    assert origin_of("east") not in {entry.origin for entry in queries.shared_entries(west.centre)}
    council.message(west.centre, ["east"], "Say again.", "A")
    settle(east, west)
    assert west.centre.links["east"].receipted == west.log.size
