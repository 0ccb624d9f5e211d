"""Three parties, random schedules: loss, reordering, wrong clocks, crashes. Honest parties never part ways.

The exhaustive model (test_model.py) has two parties; this one draws histories of three, and of three with one that
cheats: then ADOPTED beside CLOSED is possible, and whoever holds both sees DISPUTED.
"""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.decide import OwnFloor, cast_close, cast_yes, decision, floor_statement
from tocsin.decide.errors import MayNotVote

from .making import JOINT, D, entry, parties, propose, receipt

THREE = parties("east", "north", "west")
P = propose(everyone=THREE)
AS = {"role": "duty-officer", "officer": "B", "heads": ()}


@dataclass
class Centre:
    """What one party has stored: its log, what it mirrored of others, receipts given and got, its floor."""

    party: object
    clock_s: int
    honest: bool = True
    log: list = field(default_factory=list)
    mirrored: dict = field(default_factory=dict)
    given: list = field(default_factory=list)
    got: list = field(default_factory=list)
    floor_s: int = 0
    shown: set = field(default_factory=set)

    def now(self):
        return max(self.clock_s, self.floor_s) if self.honest else self.clock_s

    def own(self):
        return OwnFloor(party=self.party.name, floor_s=self.floor_s)

    def entries(self):
        return [*self.log, *(found for log in self.mirrored.values() for found in log)]

    def decide(self):
        found = decision(P, self.entries(), [*self.given, *self.got], THREE, JOINT, self.own() if self.honest else None)
        self.shown.add(found.status)
        return found

    def vote(self, cast):
        try:
            body = cast(P, self.log, THREE, JOINT, self.own(), **AS)
        except MayNotVote:
            return
        self.log.append(entry(self.party, len(self.log) + 1, body))

    def mirror(self, other):
        """Store what the other has logged, then receipt it."""
        self.mirrored[other.party.name] = list(other.log)
        self.floor_s = self.now()
        size = len(other.log) + 1
        self.given.append(receipt(self.party, other.party, size, self.now()))

    def state_floor(self):
        self.floor_s = max(self.floor_s, self.now())
        body = floor_statement(P, self.entries(), self.given, THREE, JOINT, self.own())
        if body is not None:
            self.log.append(entry(self.party, len(self.log) + 1, body))


STEP = st.tuples(
    st.sampled_from(["yes", "close", "mirror", "mirror", "mirror", "receipts", "receipts", "floor", "clock", "crash"]),
    st.integers(0, 2),
    st.integers(0, 2),
    st.integers(-3, 3),
)
EAGER = [("yes", i, 0, 0) for i in range(3)]


def play(centres, steps):
    for action, i, j, amount in steps:
        one, other = centres[i], centres[j]
        if action in ("yes", "close"):
            one.vote(cast_yes if action == "yes" else cast_close)
        elif action == "mirror" and i != j:
            one.mirror(other)
        elif action == "receipts" and i != j:  # the other's receipts over our log, those that arrive
            one.got = [*one.got, *(found for found in other.given if found not in one.got)]
        elif action == "floor":
            one.state_floor()
        elif action == "clock":
            one.clock_s += amount
        elif action == "crash":
            one.got = []
        for centre in centres:
            centre.decide()


def centres(offsets):
    return [Centre(party, D - 1 + offset) for party, offset in zip(THREE, offsets, strict=True)]


OFFSETS = st.tuples(*[st.integers(-2, 2)] * 3)


@settings(max_examples=150, deadline=None)
@given(OFFSETS, st.booleans(), st.lists(STEP, max_size=30))
def test_honest_parties_never_part_ways(offsets, eager, steps):
    found = centres(offsets)
    play(found, [*(EAGER if eager else ()), *steps])
    shown = set.union(*(centre.shown for centre in found))
    assert not {"ADOPTED", "CLOSED"} <= shown
    assert "DISPUTED" not in shown
    everything = [entry for centre in found for entry in centre.log]
    receipts = [receipt for centre in found for receipt in centre.given]
    total = decision(P, everything, receipts, THREE, JOINT)
    assert total.misconduct == ()
    assert total.status in ({"ADOPTED", "CLOSED", "PENDING"} - ({"CLOSED"} if "ADOPTED" in shown else {"ADOPTED"}))


def beside_a_cheat(offsets, steps):
    """Statuses that the two honest parties showed, and what the whole record says. `east` follows its raw clock."""
    found = centres(offsets)
    found[0].honest = False
    play(found, [*EAGER, *steps])
    everything = [entry for centre in found for entry in centre.log]
    receipts = [receipt for centre in found for receipt in centre.given]
    return set.union(*(centre.shown for centre in found[1:])), decision(P, everything, receipts, THREE, JOINT)


@settings(max_examples=150, deadline=None)
@given(OFFSETS, st.lists(STEP, max_size=30))
def test_if_a_cheat_parts_two_honest_parties_the_record_proves_it(offsets, steps):
    honest, total = beside_a_cheat(offsets, steps)
    if {"ADOPTED", "CLOSED"} <= honest:
        assert total.status == "DISPUTED"
        assert total.misconduct


def test_a_cheat_can_part_two_honest_parties():
    """East lets its time pass, says so to north, steps its clock back and receipts for west after all."""
    rest = [("mirror", i, j, 0) for i, j in ((1, 0), (1, 2), (2, 0), (2, 1))]
    cheating = [("clock", 0, 0, 5), ("floor", 0, 0, 0), ("mirror", 1, 0, 0)]
    then = [("clock", 0, 0, -5), ("mirror", 0, 1, 0), ("mirror", 0, 2, 0), ("receipts", 2, 0, 0), ("receipts", 2, 1, 0)]
    honest, total = beside_a_cheat((0, 0, 0), [*rest, *cheating, *then, ("mirror", 2, 1, 0)])
    assert {"ADOPTED", "CLOSED"} <= honest
    assert total.status == "DISPUTED"


def test_the_ordinary_course_adopts():
    found = centres((0, 0, 0))
    pairs = [(i, j) for i in range(3) for j in range(3) if i != j]
    play(found, [*EAGER, *(("mirror", i, j, 0) for i, j in pairs), *(("receipts", i, j, 0) for i, j in pairs)])
    assert all(centre.decide().status == "ADOPTED" for centre in found)


@settings(max_examples=60, deadline=None)
@given(OFFSETS, st.lists(STEP, max_size=25), st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(offsets, steps, chance):
    found = centres(offsets)
    play(found, [*EAGER, *steps])
    entries = [entry for centre in found for entry in centre.log]
    receipts = [receipt for centre in found for receipt in centre.given]
    first = decision(P, entries, receipts, THREE, JOINT)
    twice_e, twice_r = entries * 2, receipts * 2
    chance.shuffle(twice_e)
    chance.shuffle(twice_r)
    assert decision(P, twice_e, twice_r, tuple(reversed(THREE)), JOINT) == first
