"""Seals, dockets, codes, calls and the record: folds over entries in any order, and what a dishonest party can do."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_sky import LAUNCH_NS, SECOND_NS, Log, notice_1995, reference

from tocsin.assess import denials, notices
from tocsin.assess.dockets import cases
from tocsin.assess.lives import lives
from tocsin.assess.record import party_record
from tocsin.assess.sealed import comparable, may_open, seals, shown, spread
from tocsin.assess.talk import calls, full_text
from tocsin.wire import encode_body
from tocsin.wire.bodies import Assessment, Circle, Explanation, NegativeStatement, Retraction, Window
from tocsin.wire.judging import Docket, OpenedJudgement, RecordRemark, SealedJudgement
from tocsin.wire.sealing import commitment, judgement_text
from tocsin.wire.talk import Codebook, CodedMessage, ShortCode, Speaker, Translation, VoiceCall
from tocsin.world.time import posix_s

NOW = LAUNCH_NS + 600 * SECOND_NS
ORIGINS = {"west": "west", "east": "east", "south": "south"}


def judgement(probability: float, officer: str = "A", report: str = "valid") -> Assessment:
    why = Explanation(what="known-object", probability=probability)
    return Assessment(event="J-1", site_report=report, confidence="low", explanations=(why,), officer=officer)


def seal(log: Log, body: Assessment, salt: int, panel=None, at_s: float = 60.0):
    text = judgement_text(body)
    made = commitment(log.origin.removesuffix("/own"), "J-1", panel, bytes([salt] * 32), text)
    opens = (LAUNCH_NS + 120 * SECOND_NS) // 1_000
    return log.say(
        SealedJudgement(event="J-1", commitment=made, opens_tai_us=opens, officer=body.officer, panel=panel),
        LAUNCH_NS + round(at_s * 1e9),
    )


def unseal(log: Log, own, saw, body: Assessment, salt: int, panel=None):
    opened = OpenedJudgement(
        event="J-1", salt=bytes([salt] * 32).hex(), judgement=judgement_text(body), officer=body.officer, panel=panel
    )
    references = [reference(own, "opens"), *(reference(one, "saw") for one in saw)]
    return log.say(opened, LAUNCH_NS + 90 * SECOND_NS, references)


def exchanged(west_saw=True, east_saw=True):
    west, east = Log("west"), Log("east")
    ours, theirs = judgement(0.9), judgement(0.2)
    a, b = seal(west, ours, 1), seal(east, theirs, 2)
    unseal(west, a, [b] if west_saw else [], ours, 1)
    unseal(east, b, [a] if east_saw else [], theirs, 2)
    return west.entries + east.entries


def test_neither_side_anchors_the_other():
    found = seals(exchanged(), NOW)
    assert [(one.party, one.state, one.before) for one in found] == [
        ("east", "opened", ("west",)), ("west", "opened", ("east",)),
    ]  # fmt: skip
    width = spread(comparable(found, {"J-1"}))
    assert (width.explained, width.independent, width.width) == ((0.2, 0.9), True, pytest.approx(0.7))
    assert "2 judgements (independent): explained 20 % to 90 %" in width.words


@pytest.mark.parametrize(("west_saw", "east_saw"), [(False, True), (True, False), (False, False)])
def test_who_opened_before_the_other_had_sealed_cannot_vouch_for_it(west_saw, east_saw):
    found = spread(seals(exchanged(west_saw, east_saw), NOW))
    assert not found.independent
    assert "not all independent" in found.words


@settings(max_examples=20)
@given(st.permutations(exchanged()))
def test_a_function_of_the_set(order):
    assert seals([*order, order[0]], NOW) == seals(exchanged(), NOW)
    assert [party for party, _ in shown(order)] == ["east", "west"]


def test_another_judgement_than_was_sealed_is_false():
    log = Log("west")
    a = seal(log, judgement(0.9), 1)
    unseal(log, a, [], judgement(0.1), 1)
    (one,) = seals(log.entries, NOW)
    assert (one.state, one.judgement) == ("false", None)
    assert spread([one]) is None


def test_a_copied_seal_does_not_open():
    """East logs West's seal as its own and, when West opens, copies the opening: the origin is in the hash."""
    west, east = Log("west"), Log("east")
    a = seal(west, judgement(0.9), 1)
    body = SealedJudgement(
        event="J-1", officer="B", opens_tai_us=NOW // 1_000,
        commitment=commitment("west", "J-1", None, bytes([1] * 32), judgement_text(judgement(0.9))),
    )  # fmt: skip
    copy = east.say(body, LAUNCH_NS)
    unseal(west, a, [copy], judgement(0.9), 1)
    unseal(east, copy, [a], judgement(0.9), 1)
    assert {one.party: one.state for one in seals(west.entries + east.entries, NOW)} == {
        "west": "opened", "east": "false",
    }  # fmt: skip


def test_when_to_open():
    west, east = Log("west"), Log("east")
    seal(west, judgement(0.9), 1)
    (own,) = alone = seals(west.entries, LAUNCH_NS + 61 * SECOND_NS)
    assert not may_open(own, alone, ["east"], LAUNCH_NS + 61 * SECOND_NS)
    assert may_open(own, alone, ["east"], LAUNCH_NS + 120 * SECOND_NS)  # nobody waits for ever
    seal(east, judgement(0.2), 2)
    both = seals(west.entries + east.entries, LAUNCH_NS + 61 * SECOND_NS)
    assert may_open(own, both, ["east"], LAUNCH_NS + 61 * SECOND_NS)
    assert not may_open(own, both, ["east", "south"], LAUNCH_NS + 61 * SECOND_NS)
    assert [one.state for one in seals(west.entries, NOW)] == ["overdue"]


def test_a_panel_inside_one_party():
    log = Log("west/own")
    views = {"A": 0.2, "B": 0.3, "C": 0.9}
    bodies = {name: judgement(p, name, "valid" if p < 0.5 else "anomalous") for name, p in views.items()}
    made = {name: seal(log, body, ord(name), "experts") for name, body in bodies.items()}
    for name, body in bodies.items():
        others = [entry for other, entry in made.items() if other != name]
        unseal(log, made[name], others, body, ord(name), "experts")
    found = seals(log.entries, NOW)
    panel = spread(comparable(found, {"J-1"}, "experts"))
    assert panel.voices == ("A", "B", "C")
    assert (panel.middle, panel.independent) == (0.3, True)
    assert panel.words.endswith("the site reports differ")
    assert comparable(found, {"J-1"}) == ()
    assert shown(log.entries) == ()  # a member's view is not the party's


def docket(log: Log, step: str, at_s: float, case="west-c1", **fields):
    more = {"to": ("east",), "deadline_s": posix_s(LAUNCH_NS) + 600} if step == "query" else {}
    body = Docket(case=case, step=step, text=step, officer="A", **(more | fields))
    return log.say(body, LAUNCH_NS + round(at_s * 1e9))


@pytest.mark.parametrize(
    ("said", "at_s", "state", "waiting"),
    [
        ([], 599, "open", ("east",)),
        ([], 602, "overdue", ("east",)),
        ([("west", "extend", 500, {"deadline_s": posix_s(LAUNCH_NS) + 900})], 700, "open", ("east",)),
        ([("east", "extend", 500, {"deadline_s": posix_s(LAUNCH_NS) + 900})], 700, "overdue", ("east",)),
        ([("east", "reply", 300, {})], 700, "answered", ()),
        ([("east", "reply", 300, {}), ("west", "close", 400, {})], 700, "answered", ()),
        ([("east", "close", 300, {}), ("west", "close", 400, {})], 700, "closed", ()),
        ([("east", "evidence", 300, {}), ("west", "disagree", 400, {})], 700, "disagreed", ()),
        ([("east", "close", 300, {}), ("west", "close", 400, {}), ("west", "evidence", 500, {})], 700, "answered", ()),
        ([("south", "close", 300, {}), ("west", "close", 400, {})], 700, "overdue", ("east",)),
    ],
)
def test_how_a_case_stands(said, at_s, state, waiting):
    logs = {name: Log(name) for name in ORIGINS}
    docket(logs["west"], "query", 0.0)
    for party, step, t_s, fields in said:
        docket(logs[party], step, t_s, **fields)
    entries = [entry for log in logs.values() for entry in log.entries]
    (case,) = cases(reversed(entries), LAUNCH_NS + round(at_s * 1e9), ORIGINS)
    assert (case.state, case.waiting, case.asker) == (state, waiting, "west")
    if said and said[0][0] == "east" and said[0][1] != "extend":
        assert case.answer_s == (("east", 300.0),)
    strangers = [(party, step) for party, step, *_ in said if party == "south" or (party, step) == ("east", "extend")]
    assert bool(case.ignored) == bool(strangers)


BOOK = Codebook(code_word="BIRCH", messages=(
    CodedMessage(number=1, texts=(Translation(language="en", text="Our alert of {1} was an error."),
                                  Translation(language="no", text="Varselet kl. {1} var en feil."))),
))  # fmt: skip
CODE = ShortCode(code_word="BIRCH", number=1, blanks=("0624",), officer="A",
                 codebook_sha256=hashlib.sha256(bytes(encode_body(BOOK))).hexdigest())  # fmt: skip


def test_a_code_is_read_in_the_readers_language_once_both_hold_the_book():
    west, east = Log("west"), Log("east")
    west.say(BOOK)
    assert "east has not logged" in full_text(CODE, west.entries, ["west", "east"], "no")
    east.say(BOOK)
    both = west.entries + east.entries
    assert full_text(CODE, both, ["west", "east"], "no") == "Varselet kl. 0624 var en feil."
    assert "no text in 'fr'; there is en, no" in full_text(CODE, both, ["west", "east"], "fr")
    west.say(Retraction(because="wrong edition"), NOW, [reference(west.entries[0], "retracts")])
    assert "west has not logged" in full_text(CODE, west.entries + east.entries, ["west", "east"], "no")


def call(log: Log, summary: str) -> None:
    speakers = (Speaker(party="west", name="A", role="duty-officer"), Speaker(party="east", name="B", role="a"))
    log.say(VoiceCall(call="c1", means="telephone", begin_tai_us=0, end_tai_us=1, speakers=speakers,
                      read_back=("east",), summary=summary, officer="A"))  # fmt: skip


def test_a_summary_is_agreed_when_both_have_logged_the_same():
    west, east = Log("west"), Log("east")
    call(west, "One research rocket.")
    (one,) = calls(west.entries, ORIGINS)
    assert (one.state, one.missing) == ("one-sided", ("east",))
    call(east, "One research rocket.")
    assert calls(west.entries + east.entries, ORIGINS)[0].state == "agreed"
    other = Log("east")
    call(other, "Two rockets.")
    assert calls(west.entries + other.entries, ORIGINS)[0].state == "differs"


def test_the_record_counts_with_reasons_and_hears_the_other_side():
    west, east = Log("west"), Log("east")
    west.say(notice_1995(), LAUNCH_NS - 11 * 86_400 * SECOND_NS)
    area = Circle(latitude_deg=0.0, longitude_deg=0.0, radius_km=1.0)
    denial = west.say(NegativeStatement(area=area, window=Window(start_tai_us=0, end_tai_us=1)))
    docket(west, "query", 0.0)
    docket(east, "reply", 90.0)
    west.say(RecordRemark(measure="contradicted", text="the submarine had not reported", officer="A"))
    east.say(RecordRemark(measure="contradicted", text="we do not believe it", officer="B"))
    entries = west.entries + east.entries
    told, denied = notices(entries), denials(entries)
    found = party_record(
        "west", entries, lives(told, NOW, ["east", "west"]), denied, [(denied[0], "J-9 came from there")],
        cases(entries, NOW, ORIGINS), seals(entries, NOW),
    )  # fmt: skip
    counts = {one.what: one.count for one in found.entered if one.count}
    assert counts == {"launches announced in time": 1, "denials against what sensors saw": 1}
    (against,) = [one for one in found.of("contradicted") if one.count]
    assert against.remarks == ("the submarine had not reported",)
    assert against.reasons[0].place.index == denial.index
    answers = party_record("east", entries, (), cases=cases(entries, NOW, ORIGINS))
    assert answers.answers_s == (90.0,)
    assert not any(hasattr(found, word) for word in ("score", "rank", "total"))
