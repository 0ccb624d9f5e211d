"""Disks waited for beside what goes on: in any order of things, durable comes before shown, and all ends in step."""

import random
import time

import pytest

from tocsin.errors import Outage
from tocsin.mirror.state import parse_state, state_cell
from tocsin.node.adapters import apart
from tocsin.node.courses import Courses
from tocsin.node.exchange import Answer, encode
from tocsin.node.link import read_head
from tocsin.release import Draft

from .two import NS, in_step, notice, pass_time, world


class Under:
    def __init__(self, work, then):
        self.work, self.then, self.error, self.done = work, then, None, False

    def wait(self):
        if not self.done:
            self.done = True
            try:
                self.work()
            except Exception as error:
                self.error = error
        return self.error


class Late:
    """Works are done when the test says so; one at a time, in order."""

    def __init__(self):
        self.begun = []

    def __call__(self, work, then):
        self.begun.append(Under(work, then))
        return self.begun[-1]

    def turn(self):
        if self.begun:
            one = self.begun.pop(0)
            one.wait()
            one.then()


def steps(name, seen, fail=False):
    seen.append(f"{name} begins")

    def work():
        seen.append(f"{name} is stored")
        if fail:
            raise Outage("full")

    try:
        yield work
    except Outage:
        seen.append(f"{name} failed")
    seen.append(f"{name} ends")
    return name


def test_courses_never_meet_and_failures_come_back():
    courses, seen, late = Courses(), [], Late()
    courses.apart = late
    courses.begin(steps("a", seen), lambda result, error: seen.append((result, error)))
    courses.begin(steps("b", seen, fail=True))
    assert seen == ["a begins"]
    late.turn()
    assert seen[1:] == ["a is stored", "a ends", ("a", None), "b begins"]
    assert courses.now(steps("c", seen)) == "c"
    assert seen[5:] == ["b is stored", "b failed", "b ends", "c begins", "c is stored", "c ends"]
    late.turn()  # too late: it was settled
    assert len(seen) == 11


def test_a_mistake_comes_out_where_nobody_waits_for_it():
    courses = Courses()

    def wrong():
        yield lambda: None
        raise AssertionError("our bug")

    with pytest.raises(AssertionError, match="our bug"):
        courses.begin(wrong())
    assert courses.now(steps("next", [])) == "next"


class Play:
    """Two centres whose disks answer late; a seeded hand that does something at a time."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.east, self.west, self.clock = world()
        self.late = {side.name: self._beside(side) for side in (self.east, self.west)}
        self.replies, self.number = [], 0

    def _beside(self, side):
        late = side.centre.courses.apart = Late()
        return late

    def other(self, side):
        return self.west if side is self.east else self.east

    def act(self):
        side = self.rng.choice((self.east, self.west))
        centre, other = side.centre, self.other(side)
        what = self.rng.choice(("say", "log", "log", "send", "send", "send", "turn", "turn", "turn", "tick", "crash"))
        self.number += 1
        if what == "say":
            centre.say(notice(self.number % 1000, side.name[:3].upper()))
        elif what == "log":
            centre._append(Draft(body=notice(self.number % 1000, "XXX"), observed_tai_ns=centre.now_tai_ns))
            centre.commit(urgent=self.rng.random() < 0.5, wait=False)
        elif what == "send":
            data = centre.message(other.name)
            if data is not None:
                receiver = other.centre
                receiver.courses.begin(
                    receiver.receiving(side.name, data), lambda reply, error: self.replied(side, other, reply, error)
                )
        elif what == "turn":
            self.late[side.name].turn()
        elif what == "tick":
            self.clock.now += NS
            centre.tick()
        elif self.rng.random() < 0.2:
            side.start()  # whatever was under way never happens
            self.late[side.name] = self._beside(side)

    def replied(self, side, other, reply, error):
        assert error is None
        if isinstance(reply, Answer) and reply.receipt:
            cell = other.disk.cells.load(state_cell(f"tocsin.exercise/test/{side.name}"))
            held = read_head(parse_state(cell).note) if cell else None
            stored = len(other.disk.stores[held.origin].held) if held else 0
            assert held is not None and reply.held <= held.size <= stored, "a receipt before it is durable"
        if self.rng.random() < 0.8:
            side.centre.courses.begin(side.centre.answering(other.name, encode(reply)))

    def shown(self, side):
        note = side.disk.cells.load(side.config.origin)
        signed = read_head(note).size if note else 0
        assert side.centre.books["shared"].size <= signed <= len(side.disk.stores[side.config.origin].held)


@pytest.mark.parametrize("seed", range(12))
def test_durable_before_shown_in_any_order(seed):
    play = Play(seed)
    for _ in range(150):
        play.act()
        play.shown(play.east)
        play.shown(play.west)
    for side in (play.east, play.west):
        side.centre.courses.settle()
        side.centre.courses.apart = None
        side.centre.commit()
    play.clock.now += 60 * NS
    pass_time((play.east, play.west), play.clock, 40)
    in_step(play.east, play.west)
    assert not [one for one in play.east.messages + play.west.messages if "histories" in one]


def test_canary_what_is_shown_and_not_stored_is_seen(monkeypatch):
    play = Play(1)
    monkeypatch.setattr(type(play.east.disk.store("east")), "put_entries", lambda *_: None)
    with pytest.raises(AssertionError, match=r"durable|held"):
        for _ in range(150):
            play.act()
            play.shown(play.east)
            play.shown(play.west)


def test_a_floor_is_never_raised_in_the_middle_of_an_offer():
    east, west, _ = world()
    west.centre.say(notice())
    late = east.centre.courses.apart = Late()
    east.centre.courses.begin(east.centre.receiving("west", west.centre.message("east")), lambda *_: None)
    mirror = east.centre.mirrors["west"]
    with pytest.raises(AssertionError, match="under way"):
        mirror.raise_floor()
    before = mirror.size
    late.turn()
    assert mirror.size > before
    mirror.raise_floor()


def test_a_fast_disk_needs_no_thread_and_a_slow_one_gets_it(tmp_path, monkeypatch):
    monkeypatch.setattr(apart.os, "fsync", lambda _: None)
    assert not apart.slow(tmp_path)
    monkeypatch.setattr(apart.os, "fsync", lambda _: time.sleep(1.5 * apart.SLOW_S))
    assert apart.slow(tmp_path)
    assert not apart.slow(tmp_path / "absent")
