"""What a cheat with a log of a release group runs into: its partners, anybody with an opened head, an auditor (L6)."""

import shutil
from dataclasses import replace

import pytest
from msgspec.structs import replace as changed

from tocsin.app.check import verify_folder
from tocsin.errors import Refusal
from tocsin.mirror import verify_fork
from tocsin.node.adapters.zipped import export_logs, write_log
from tocsin.release import Draft, Released
from tocsin.wire.bodies import Vote, body_of, encode_body
from tocsin.wire.envelope import decode
from tocsin.wire.groups import HiddenHead, head_opens

from .grouped import Party, hidden, old_copy, said_twice, three
from .test_confidential import NAMES, heard, line
from .two import Clock, exchange, notice, origin_of, pass_time, settle


def test_an_old_copy_takes_back_what_it_lost_before_anything_is_signed():
    east, north, west, clock, saved = said_twice()
    size, shared = west.room().book.size, west.log.size
    old_copy(west, saved)
    west.start()
    exchange(west, north)
    assert west.room().book.size < size and not west.centre.border.opening.ready
    settle(east, north, west)
    pass_time((east, north, west), clock, 6)
    assert west.room().book.size == size and west.centre.border.opening.ready and west.log.size > shared
    assert [said.body.text for said in heard(west)] == ["one", "two"]
    assert not any(side.room().border.gates.convicted for side in (east, west)) and not east.messages


def test_a_log_of_a_group_that_is_gone_is_not_taken_for_new():
    east, north, west, clock, _ = said_twice()
    size = west.room().book.size
    old_copy(west, ({name: ([], {}, {}, []) for name in west.disk.stores}, {}))
    west.start()
    assert not west.room().book.size and not west.room().new and not west.centre.border.opening.ready
    pass_time((east, north, west), clock, 6)
    assert west.room().book.size == size and [said.body.text for said in heard(west)] == ["one", "two"]
    assert isinstance(west.centre.say(line("three")), Released)
    pass_time((east, north, west), clock, 6)
    assert [said.body.text for said in heard(east)] == ["one", "two", "three"] and not east.messages


def test_a_log_of_a_group_without_its_secret_is_noticed():
    """Without it nobody could hold the heads against the log."""
    clock = Clock()
    sides = {name: Party(name, [one for one in NAMES if one != name], clock) for name in NAMES}
    settle(*sides.values())
    west = sides["west"]
    west.centre.groups.why_not = lambda log, begins=False: "not now" if begins else ""
    pass_time(sides.values(), clock, 3)
    assert isinstance(west.centre.say(line()), Released)
    pass_time(sides.values(), clock, 6)
    assert any("does not begin with its secret" in message for message in sides["east"].messages)


def test_a_fork_is_proved_and_the_shared_log_says_that_it_was_cut_back():
    """West goes on from an old copy while east, which has the rest, is away."""
    east, north, west, clock, saved = said_twice()
    old_copy(west, saved)
    west.start()
    pass_time((north, west), clock, 17)
    assert isinstance(west.centre.say(line("other")), Released)
    pass_time((north, west), clock, 6)
    pass_time((east, north, west), clock, 12)
    fork = east.room().border.gates.convicted["west"]
    first, second = verify_fork(fork, west.room().book.writer.keys)
    assert first.root != second.root
    assert any("was cut back" in message for message in east.messages)
    assert "west" not in east.centre.border.gates.convicted and not north.messages  # its shared log is sound
    assert isinstance(west.centre.say(notice()), Released)
    settle(east, north, west)
    assert heard(north, "notification") and heard(east, "notification")


def test_a_head_that_is_of_no_log_is_noticed():
    east, north, west, clock = three()
    west.centre.groups.beat = lambda: iter([HiddenHead(group="neighbours", commitment="7" * 64)])
    pass_time((east, north, west), clock, 6)
    del west.centre.groups.beat
    pass_time((east, north, west), clock, 6)
    assert any("hides no head" in message for message in east.messages) and not north.messages


def test_an_auditor_proves_a_log_that_was_cut_back_by_an_opened_head(tmp_path):
    east, north, west, clock, saved = said_twice()
    east.centre.groups.open_head(origin_of("west"), hidden(north, "west")[-1])
    pass_time((east, north, west), clock, 6)
    export_logs(west.centre, tmp_path / "whole", own=True)
    verdict = verify_folder(tmp_path / "whole")[str(tmp_path / "whole")]
    assert verdict.ok, verdict.words
    said = [one.words for one in verdict.findings if one.step == "P15"]
    assert sum("hidden heads in" in words for words in said) == 2 and any("is of 4 entries" in words for words in said)
    shown = [one.words for one in verdict.findings if one.step == "P7" and "/group" in one.log]
    old_copy(west, saved)
    west.start()
    write_log(west.centre, "group-neighbours", tmp_path / "cut" / "west" / "group-neighbours")
    for place in ("west", "east"):
        shutil.copytree(tmp_path / "whole" / place / "shared", tmp_path / "cut" / place / "shared")
    verdict = verify_folder(tmp_path / "cut")[str(tmp_path / "cut")]
    assert not verdict.ok and "cut back to 3 entries; an opened head" in verdict.words
    shutil.rmtree(tmp_path / "cut" / "east")  # without the opening the heads themselves say so
    words = verify_folder(tmp_path / "cut")[str(tmp_path / "cut")].words
    assert "of more entries than are shown" in words and shown


def test_shared_alone_gives_the_verdict_that_it_gave(tmp_path):
    verdicts = []
    for speaks in (False, True):
        east, north, west, clock = three()
        if speaks:
            west.centre.say(line())
        pass_time((east, north, west), clock, 6)
        place = tmp_path / str(speaks)
        export_logs(west.centre, place)
        assert sorted(path.name for path in place.glob("*/*")) == ["shared"] * 3
        verdict = verify_folder(place)[str(place)]
        verdicts.append((verdict.ok, verdict.words, [(one.step, one.ok, one.words) for one in verdict.findings]))
    assert verdicts[0] == verdicts[1] and verdicts[0][0]


def test_tracks_votes_and_keys_count_for_nothing_in_a_groups_log():
    east, north, west, clock = three()
    said = west.centre.publish(Draft(body=notice(), observed_tai_ns=clock.now))
    released = replace(said, group="group-neighbours", template=changed(
        said.template, origin=west.room().book.gate.origin
    ))
    west.room().book.append(released)
    pass_time((east, north, west), clock, 3)
    assert len(heard(east, "notification")) == 2  # notifications may be confidential
    vote = Vote(
        proposal_sha256="0" * 64, proposal_origin=origin_of("east"), proposal_epoch=0, party="west",
        role="duty-officer", choice="close", officer="A", heads=(),
    )  # fmt: skip
    body = changed(released.template, kind="vote", schema=1, body=encode_body(vote))
    west.room().book.append(replace(released, template=body))
    pass_time((east, north, west), clock, 3)
    assert not heard(east, "vote") and not heard(west, "vote")
    assert any("vote counts for nothing" in message for message in east.messages)


def test_any_member_opens_a_head_and_anybody_can_check_it():
    east, north, west, clock = three()
    west.centre.say(line())
    pass_time((east, north, west), clock, 6)
    index = hidden(north, "west")[-1]
    outcome = east.centre.groups.open_head(origin_of("west"), index)
    assert isinstance(outcome, Released) and outcome.group == "shared"
    settle(east, north, west)
    (said,) = heard(north, "head-opening")
    logged = decode(north.disk.stores[origin_of("west")].held[index])
    assert head_opens(origin_of("west"), body_of(logged), said.body) and said.body.size == west.room().book.size
    for change in ({"size": 2}, {"root": "0" * 64}, {"salt": "0" * 64}, {"group": "others"}):
        assert not head_opens(origin_of("west"), body_of(logged), changed(said.body, **change))
    with pytest.raises(Refusal, match="no hidden head"):
        north.centre.groups.open_head(origin_of("west"), index)
