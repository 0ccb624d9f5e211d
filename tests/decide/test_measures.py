"""Findings and measures of any terms, some of which change the rules: two honest parties never part ways.

Random histories as in test_schedules.py, of two parties and several questions at once. An amendment that a party finds
adopted is in force there from its time on, sooner or later than with the other: what was asked under one regime is
decided by it, and votes given under another do not count.
"""

from dataclasses import dataclass, field
from functools import cache

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin import regime as regimes
from tocsin.decide import MayNotVote, OwnFloor, cast_close, cast_yes, decision, floor_statement
from tocsin.decide.case import read
from tocsin.regime import Adopted, amended
from tocsin.wire.measures import Amend, Measure, Resume, ShareMore, Suspend

from .making import JOINT, TWO, D, entry, proposal_body, receipt


@cache
def rewritten(mark):
    """Another regime: the same file with a remark, with a vote rule changed, or with measures taken away."""
    text = JOINT.data.decode()
    if mark == 1:
        return regimes.load((text + "\n# amended\n").encode(), "amended")
    kinds = next(line for line in text.splitlines() if line.startswith("kinds = [") and "amend" in line)
    fewer = text.replace(kinds, 'kinds = ["suspend"]')
    assert fewer != text
    return regimes.load(fewer.encode(), "fewer")


RULES = [JOINT, rewritten(1), rewritten(2)]


@st.composite
def questions(draw):
    """One to three bodies, sound and void, under any of the regimes."""
    found = []
    for _ in range(draw(st.integers(1, 3))):
        rules = draw(st.sampled_from([JOINT, JOINT, *RULES]))
        deadline_s = D + draw(st.integers(-2, 2))
        from_s = deadline_s + draw(st.sampled_from([-1, 1, 1, 2]))
        target = draw(st.sampled_from(RULES))
        text = draw(st.sampled_from([target.data.decode()] * 3 + ["no regime"]))
        terms = draw(
            st.sampled_from([
                None,
                ShareMore(kinds=("tracklet",), effective_s=from_s, until_s=from_s + 60),
                Amend(regime_text=text, regime_sha256=target.sha256, effective_s=from_s),
                Amend(regime_text=text, regime_sha256=target.sha256, effective_s=from_s),
                Suspend(effective_s=from_s),
                Resume(effective_s=from_s),
            ])
        )  # fmt: skip
        required = draw(st.sampled_from([("east", "west")] * 5 + [("east",)]))
        common = {"policy_sha256": rules.sha256, "deadline_s": deadline_s, "required": required}
        if terms is None:
            body = proposal_body(**common)
        else:
            body = Measure(terms=terms, parties=("east", "west"), void_if=(), officer="A", text="", **common)
        found.append((body, rules))
    return found


@dataclass
class Centre:
    """What one party has stored, the regime that it finds in force, and every answer that it has shown."""

    party: object
    clock_s: int
    asked: list
    log: list = field(default_factory=list)
    mirrored: list = field(default_factory=list)
    given: list = field(default_factory=list)
    got: list = field(default_factory=list)
    floor_s: int = 0
    shown: dict = field(default_factory=dict)

    def now(self):
        return max(self.clock_s, self.floor_s)

    def own(self):
        return OwnFloor(party=self.party.name, floor_s=self.floor_s)

    def decide(self, subject, own=True):
        rules = named(subject)
        receipts = [*self.given, *self.got]
        return decision(subject, [*self.log, *self.mirrored], receipts, TWO, rules, self.own() if own else None)

    def show(self):
        for subject in self.asked:
            self.shown.setdefault(subject.sha256, set()).add(self.decide(subject).status)

    def in_force(self):
        yes = [subject for subject in self.asked if self.decide(subject).status == "ADOPTED"]
        bodies = [(read(subject)[1], subject.sha256) for subject in yes]
        held = [Adopted(body, sha256) for body, sha256 in bodies if isinstance(body, Measure)]
        return amended(JOINT, held, self.now())

    def say(self, body):
        self.log.append(entry(self.party, len(self.log), body, self.in_force()))

    def vote(self, cast, subject):
        words = {"role": "duty-officer", "officer": "B", "heads": ()}
        try:
            self.say(cast(subject, self.log, TWO, self.in_force(), self.own(), **words))
        except MayNotVote:
            return

    def mirror(self, other):
        self.mirrored = list(other.log)
        self.floor_s = self.now()
        self.given.append(receipt(self.party, other.party, len(other.log), self.now()))

    def state_floor(self, subject):
        self.floor_s = self.now()
        try:
            body = floor_statement(subject, [*self.log, *self.mirrored], self.given, TWO, named(subject), self.own())
        except MayNotVote:
            return
        if body is not None:
            self.say(body)


def named(subject):
    digest = read(subject)[1].policy_sha256
    return next(rules for rules in RULES if rules.sha256 == digest)


STEP = st.tuples(
    st.sampled_from(["yes", "yes", "close", "mirror", "mirror", "mirror", "receipts", "receipts", "floor", "clock"]),
    st.integers(0, 1), st.integers(0, 2), st.integers(-2, 3),
)  # fmt: skip
COURSE = [("mirror", 0, 0, 0), ("mirror", 1, 0, 0), ("receipts", 0, 0, 0), ("receipts", 1, 0, 0)]


def play(bodies, offsets, steps):
    asked = [entry(TWO[0], number, body, rules) for number, (body, rules) in enumerate(bodies)]
    found = [Centre(party, D - 3 + offset, asked) for party, offset in zip(TWO, offsets, strict=True)]
    found[0].log += asked
    for action, i, which, amount in steps:
        one, other, subject = found[i], found[1 - i], asked[which % len(asked)]
        if action in ("yes", "close"):
            one.vote(cast_yes if action == "yes" else cast_close, subject)
        elif action == "mirror":
            one.mirror(other)
        elif action == "receipts":
            one.got = list(other.given)
        elif action == "floor":
            one.state_floor(subject)
        else:
            one.clock_s += amount
        for centre in found:
            centre.show()
    return asked, found


@settings(max_examples=70)
@given(questions(), st.tuples(st.integers(-2, 2), st.integers(-2, 2)), st.booleans(), st.lists(STEP, max_size=24))
def test_no_measure_and_no_amendment_parts_two_honest_parties(bodies, offsets, eager, steps):
    yes = [("yes", i, which, 0) for which in range(len(bodies)) for i in (0, 1)]
    none_parted(*play(bodies, offsets, [*(yes if eager else ()), *steps]))


def none_parted(asked, found):
    for subject in asked:
        shown = set.union(*(centre.shown.get(subject.sha256, set()) for centre in found))
        assert not {"ADOPTED", "CLOSED"} <= shown
        assert "DISPUTED" not in shown
    everyone = {subject.sha256 for subject in asked if found[0].decide(subject, own=False).status == "ADOPTED"}
    theirs = {subject.sha256 for subject in asked if found[1].decide(subject, own=False).status == "ADOPTED"}
    if everyone == theirs and found[0].now() == found[1].now():
        assert found[0].in_force().sha256 == found[1].in_force().sha256


def test_canary_a_party_that_closes_by_its_own_clock_is_seen(monkeypatch):
    """Both say yes in time and hold the other's vote; one finds it closed before the other's receipt has come."""
    bodies = [(proposal_body(policy_sha256=JOINT.sha256, deadline_s=D, required=("east", "west")), JOINT)]
    steps = [("yes", 0, 0, 0), ("yes", 1, 0, 0), *COURSE[:2], ("clock", 1, 0, 9), *COURSE[2:]]
    asked, found = play(bodies, (0, 0), steps)
    none_parted(asked, found)
    assert "ADOPTED" in found[1].shown[asked[0].sha256]
    sound = Centre.decide

    def hasty(self, subject, own=True):
        made = sound(self, subject, own)
        return msgspec.structs.replace(made, status="CLOSED") if made.status == "PENDING" and self.now() > D else made

    monkeypatch.setattr(Centre, "decide", hasty)
    asked, found = play(bodies, (0, 0), steps)
    with pytest.raises(AssertionError):
        none_parted(asked, found)


def test_an_amendment_takes_effect_and_its_successor_is_decided_under_it():
    """Not vacuous: the course adopts an amendment, and a second one that only the first makes possible."""
    target, then = RULES[1], RULES[2]
    common = {"parties": ("east", "west"), "required": ("east", "west"), "void_if": (), "officer": "A", "text": ""}
    first = Measure(
        terms=Amend(regime_text=target.data.decode(), regime_sha256=target.sha256, effective_s=D + 1),
        policy_sha256=JOINT.sha256, deadline_s=D, **common,
    )  # fmt: skip
    second = msgspec.structs.replace(
        first, terms=Amend(regime_text=then.data.decode(), regime_sha256=then.sha256, effective_s=D + 9),
        policy_sha256=target.sha256, deadline_s=D + 8,
    )  # fmt: skip
    bodies = [(first, JOINT), (second, target)]
    steps = [("yes", 0, 0, 0), ("yes", 1, 0, 0), *COURSE, ("yes", 0, 1, 0)]
    asked, found = play(bodies, (0, 0), steps)
    assert [found[0].decide(one).status for one in asked] == ["ADOPTED", "PENDING"]
    assert not any("vote" in str(read(one)[0].kind) for one in found[0].log[3:])  # not in force yet: no vote under it
    late = [("clock", 0, 0, 5), ("clock", 1, 0, 5), ("yes", 0, 1, 0), ("yes", 1, 1, 0), *COURSE, ("clock", 0, 0, 9)]
    asked, found = play(bodies, (0, 0), [*steps, *late])
    assert [found[0].decide(one).status for one in asked] == ["ADOPTED", "ADOPTED"]
    assert found[0].in_force().sha256 == then.sha256
