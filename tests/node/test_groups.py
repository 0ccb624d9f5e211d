"""Logs of release groups between three centres: who holds them, and what the others can tell (L6)."""

from dataclasses import replace

import pytest

from tocsin import regime as regimes
from tocsin.node.exchange import Accuse, Answer, Ask, Attest, Pull, Pulled, Push, encode
from tocsin.release import Draft, Released, Withheld
from tocsin.wire.bodies import Acknowledgement
from tocsin.wire.envelope import Reference, decode
from tocsin.wire.groups import group_origin

from .grouped import GROUP, TERMS, Party, three
from .test_confidential import NAMES, heard, line
from .two import NS, in_step, notice, origin_of, pass_time, settle


def test_members_read_and_others_do_not_even_hold_it():
    east, north, west, clock = three()
    outcome = west.centre.say(line())
    assert isinstance(outcome, Released) and outcome.group == "group-neighbours" and outcome.recipients == ("east",)
    pass_time((east, north, west), clock, 6)
    assert [said.body.text for said in heard(east)] == [line().text] == [said.body.text for said in heard(west)]
    origin = group_origin(origin_of("west"), "neighbours")
    assert heard(east)[0].entry.origin == origin
    assert east.room().border.mirrors["west"].size == west.room().book.size == 3  # secret, key, line
    assert west.room().border.links["east"].receipted == 3
    assert not heard(north) and not north.centre.groups.rooms and not north.centre.unread
    assert not any("/group/" in name for name in north.disk.stores)
    assert not any(b'"kind":"key-wrap"' in entry for side in (east, north, west) for entry in side.entries)
    assert not any(side.messages for side in (east, north, west))


def observed(speaks):
    """What north sees, byte for byte, while east and west say what `speaks` tells them at each second."""
    east, north, west, clock = three()
    seen = []
    real = north.centre.receive, north.centre.message

    def receive(party, data):
        reply = real[0](party, data)
        seen.append((clock.now, party, "in", blank(data), blank(encode(reply))))
        return reply

    def message(party):
        data = real[1](party)
        if data is not None:
            seen.append((clock.now, party, "out", blank(data), b""))
        return data

    north.centre.receive, north.centre.message = receive, message
    for second in range(23):
        clock.now += NS
        for side, text in speaks(second):
            assert isinstance({"east": east, "west": west}[side].centre.say(line(text, to=(NAMES[0],))), Released)
        if second == 7:
            west.centre.say(notice())
        for side in (east, north, west):
            side.centre.tick()
        settle(east, north, west)
    held = {name: len(entries) for name, entries in stored(north).items()}
    lengths = {name: [len(entry) for entry in entries] for name, entries in stored(north).items()}
    kinds = {name: [decode(entry).kind for entry in entries] for name, entries in stored(north).items()}
    return seen, held, lengths, kinds, (east, west)


def stored(side):
    return {name: store.held for name, store in side.disk.stores.items()}


def blank(data):
    """Length of a message. What it hides is chance to whoever does not hold the group's log."""
    return len(data)


def chatter(second):
    return [(side, f"word {number} of {second}") for side in ("east", "west") for number in range(second % 4)]


def test_an_observer_sees_the_same_whether_much_is_said_or_nothing():
    silent, loud = observed(lambda _: []), observed(chatter)
    assert silent[:4] == loud[:4] and len(silent[0]) > 15
    (quiet, _), (east, west) = silent[4], loud[4]
    assert quiet.room().book.size == 1 and min(east.room().book.size, west.room().book.size) > 30
    assert silent[3][origin_of("west")].count("hidden-head") >= 4


def test_what_is_said_in_a_group_never_makes_the_shared_log_move():
    """Tracks wait for the next commit (L5); nobody may see by their coming early that something else was said."""
    east, north, west, clock = three()
    west.centre._append(Draft(body=notice(), observed_tai_ns=clock.now))
    size = west.log.size
    west.centre.say(line())
    assert west.log.size == size and west.centre.books["shared"].pending and west.room().book.size == 3
    pass_time((east, north, west), clock, 1)
    assert west.log.size == size + 1


def test_a_group_that_comes_by_an_amendment():
    east, north, west, clock = three()
    more = regimes.load(TERMS.data + GROUP.format(name="all-but-west", parties='"east", "north"').encode(), "amended")
    for side in (east, north, west):
        side.centre.config = replace(side.centre.config, regime=more)
    pass_time((east, north, west), clock, 6)
    outcome = north.centre.say(line("Who is it?"))
    assert isinstance(outcome, Released) and outcome.group == "group-all-but-west"
    pass_time((east, north, west), clock, 6)
    assert [said.body.text for said in heard(east)] == ["Who is it?"] and not heard(west)
    assert sorted(east.centre.groups.rooms) == ["all-but-west", "neighbours"]
    assert sorted(west.centre.groups.rooms) == ["neighbours"]


def test_the_observers_eye_is_not_blind():
    """The same without logs of their own: the volume shows."""

    class Shared(Party):
        regime = regimes.load(TERMS.data.replace(b"own_log = true", b"own_log = false"), "shared")

    counts = []
    for much in (0, 9):
        east, north, west, clock = three(Shared)
        for _ in range(much):
            west.centre.say(line())
        pass_time((east, north, west), clock, 2)
        counts.append(len(stored(north)[origin_of("west")]))
    assert counts[1] > counts[0] + 9


@pytest.mark.parametrize("request_of", [
    lambda log, origin: Ask(run=7, number=8, log=log),
    lambda log, origin: Pull(origin=origin, start=0, number=8, log=log),
    lambda log, origin: Push(checkpoint="", start=0, entries=(), consistency=(), number=8, log=log),
    lambda log, origin: Attest(note="x", number=8, log=log),
    lambda log, origin: Accuse(origin=origin, proof="", number=8, log=log),
])  # fmt: skip
def test_whoever_is_not_of_the_group_is_answered_as_if_there_were_none(request_of):
    _, _, west, _ = three()
    answers = []
    for name in ("neighbours", "neighbouts"):
        made = request_of(name, group_origin(origin_of("west"), name))
        answers.append(encode(west.centre.receive("north", encode(made))).replace(name.encode(), b""))
    assert answers[0] == answers[1] and b"no log of this agreement" in answers[0]


def test_a_pull_by_origin_shows_nothing_either():
    east, north, west, clock = three()
    west.centre.say(line())
    pass_time((east, north, west), clock, 2)
    session = west.centre.links["north"].given
    for name in ("neighbours", "neighbouts"):
        origin = group_origin(origin_of("west"), name)
        reply = west.centre.receive("north", encode(Pull(origin=origin, start=0, number=5, session=session)))
        assert reply == Pulled(origin=origin, start=0, number=5)


def test_a_restart_reads_it_all_again_and_asks_first():
    east, north, west, clock = three()
    west.centre.say(line())
    pass_time((east, north, west), clock, 6)
    for side in (east, north, west):
        side.start()
    assert heard(east)[0].body == heard(west)[0].body == line() and not heard(north)
    assert not west.room().new and "which of our checkpoints" in west.centre.border.opening.why_not
    pass_time((east, north, west), clock, 7)
    assert isinstance(west.centre.say(line("again")), Released)
    pass_time((east, north, west), clock, 2)
    assert heard(east)[-1].body.text == "again"
    west.shortcut = west.centre.shortcut()
    west.start()
    assert [said.body.text for said in heard(west)] == [line().text, "again"] and west.room().border is not None


def test_who_is_called_what_makes_no_difference():
    """Each of two members speaks, under either name: the logs are as long, and the third holds as much."""
    found = []
    for speaker, listener in (("east", "west"), ("west", "east")):
        sides = dict(zip(NAMES, three()[:3], strict=True))
        clock = sides["east"].clock
        sides[speaker].centre.say(line(to=(listener,)))
        pass_time(sides.values(), clock, 6)
        one, other, third = sides[speaker], sides[listener], sides["north"]
        assert [said.body.text for said in heard(other)] == [line().text]
        sizes = [side.room().book.size for side in (one, other)]
        found.append((sizes, [side.log.size for side in (one, other, third)]))
    assert found[0] == found[1]


def test_a_centre_one_version_older_goes_on_with_the_shared_logs():
    """It does not know the field that names a log: what it does not understand it refuses without a number."""
    east, north, west, clock = three()
    real = east.centre.receive
    east.centre.receive = lambda party, data: real(party, data) if b'"log":' not in data else Answer(
        held=0, refused="request: Object contains unknown field `log`"
    )
    east.centre.groups.borders = lambda _: []  # nor does it ask by itself
    west.centre.say(line())
    for number in range(30):
        west.centre.say(notice(number + 2))
        pass_time((east, north, west), clock, 1)
    in_step(east, north, west)
    assert not heard(east) and west.room().border.links["east"].refused
    east.centre.receive = real
    del east.centre.groups.borders
    pass_time((east, north, west), clock, 40)
    assert [said.body.text for said in heard(east)] == [line().text]


def test_one_request_at_a_time_whatever_logs_there_are():
    east, north, west, _ = three()
    west.centre.say(line())
    first = west.centre.message("east")
    assert b'"log":"neighbours"' in first and west.centre.message("east") is None
    west.centre.say(notice())  # urgent: it does not wait for the answer
    second = west.centre.message("east")
    assert b'"log"' not in second
    west.centre.say(line("more"))
    west.centre.say(notice(2))
    assert west.centre.message("east") is None
    for data in (first, second):
        west.centre.answered("east", encode(east.centre.receive("west", data)))
    settle(east, north, west)
    assert len(heard(east)) == 2 and len(heard(east, "notification")) == 2


def test_what_refers_to_a_groups_entry_stays_with_the_group():
    east, north, west, clock = three()
    west.centre.say(line())
    pass_time((east, north, west), clock, 2)
    entry = heard(east)[0].entry
    to = Reference(role="acknowledges", origin=entry.origin, epoch=0, index=entry.index, sha256=entry.sha256)
    body = Acknowledgement(officer="Boris", role="duty-officer")
    said = east.centre.publish(Draft(body=body, observed_tai_ns=clock.now, references=(to,)))
    assert isinstance(said, Withheld) and "not all its readers hold" in said.reason
    answer = Draft(body=line("No.", to=("west",)), observed_tai_ns=clock.now, references=(to,))
    assert isinstance(east.centre.publish(answer), Released)
