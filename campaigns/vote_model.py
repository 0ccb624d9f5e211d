"""Every history of two parties voting on one proposal: can one show ADOPTED while any shows CLOSED?

An explicit-state search. A message, once sent, may arrive at any time, any number of times, in any order, or never.
Clocks start apart and may once step back by two. Each party may once crash, losing what it had not stored. After every
step both parties are asked; what either has ever shown counts, because people act on it.

The rules `protocol` asks the product (tocsin.decide). The others are canaries: rules that look right, or the product
beside a mirror that breaks V5, each of which the search must catch.

    python -m campaigns.vote_model            the whole campaign, some minutes
    python -m campaigns.vote_model --reduced  what the tests run
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256

from campaigns.vote_model_report import path, report
from tocsin import regime as regimes
from tocsin.decide import OwnFloor, Party, Receipt, cast_close, cast_yes, decision, floor_statement
from tocsin.wire import bodies
from tocsin.wire.envelope import Marking, Observed, Record, Statement, encode

DEADLINE = 1
BASE_S = 1_900_000_000  # model time 0, POSIX
GRACE = 1  # of the canary `claimed`
CLOSE = "close"

REGIME = regimes.load(regimes.shipped("joint"), "joint")
PARTIES = tuple(
    Party(name=name, origin=f"exercise.example/{name}", epoch=0) for name in ("east", "west")
)


@dataclass(frozen=True, slots=True)
class Logged:
    """Stands for a verified entry: the model has no forger."""

    origin: str
    index: int
    data: bytes
    sha256: str


def logged(party: Party, index: int, body: Record) -> Logged:
    """The bytes that this party's log would hold."""
    kind, schema = bodies.kind_of(body)
    statement = Statement(
        tocsin=1, kind=kind, schema=schema, origin=party.origin, epoch=0, sequence=index, mode="exercise",
        regime=REGIME.sha256, marking=Marking(releasable_to=(), originator=party.name, authority="model"),
        observed=Observed(t_tai_us=0, uncertainty_us=0, clock="model"), references=(), encryption=None, signatures=(),
        body=bodies.encode_body(body),
    )  # fmt: skip
    data = encode(statement)
    return Logged(party.origin, index, data, sha256(data).hexdigest())


NAMES = tuple(party.name for party in PARTIES)
PICTURE = bodies.PictureReference(heads=(), as_of_tai_us=0, fuse_version=REGIME.fuse_version, digest="0" * 64)
PROPOSAL = logged(
    PARTIES[0],
    0,
    bodies.Proposal(
        event="event-1", finding="benign", parties=NAMES, required=NAMES, policy_sha256=REGIME.sha256,
        deadline_s=BASE_S + DEADLINE, void_if=(), picture=PICTURE, officer="model", text="",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """One party. Times are model time by its own clock.

    `vote`: its own entry: None, time of its yes, or CLOSE. `peer`: the other's entry as it arrived, and `peer_at` when.
    `given`: time on its receipt for the other's yes. `floor`: its time floor. `got`: time on the other's receipt for
    its yes. `told`: whether the other's floor statement arrived. `stated`: floor of its own statement.
    """

    vote: int | str | None = None
    peer: int | str | None = None
    peer_at: int | None = None
    given: int | None = None
    floor: int = -1
    got: int | None = None
    told: bool = False
    stated: int | None = None
    crashes: int = 0

    def crashed(self, forgets_receipts: bool) -> "Side":
        """After a restart: what had only arrived is gone. What was receipted is stored, unless the rule forgets."""
        kept = replace(self, got=None, told=False, crashes=self.crashes - 1)
        if forgets_receipts:
            return replace(kept, peer=None, peer_at=None, given=None, floor=-1)
        return kept if self.given is not None else replace(kept, peer=None, peer_at=None)


Message = tuple[str, int, int | str]  # kind, sender, value


@dataclass(frozen=True, slots=True)
class State:
    """The whole world. `shown[i]` holds every final status that party i has ever shown."""

    now: int
    sides: tuple[Side, Side]
    offsets: tuple[int, int]
    sent: frozenset[Message]
    steps_back: int
    shown: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())

    def clock(self, i: int) -> int:
        """Party i's clock."""
        return self.now + self.offsets[i]

    def with_side(self, i: int, side: Side, *messages: Message) -> "State":
        """With party i changed and messages sent."""
        sides = (side, self.sides[1]) if i == 0 else (self.sides[0], side)
        return replace(self, sides=sides, sent=self.sent | set(messages))


@dataclass(frozen=True, slots=True)
class Rule:
    """A way to decide, and whether its mirror keeps V5: times never lowered, receipts stored before they are sent."""

    name: str
    keeps_floor: bool = True
    forgets_receipts: bool = False


PROTOCOL = Rule("protocol")
CANARIES = (
    Rule("naive", keeps_floor=False),
    Rule("claimed", keeps_floor=False),
    Rule("nofloor", keeps_floor=False),
    Rule("unstored", forgets_receipts=True),
)


def status(rule: Rule, i: int, side: Side, clock: int) -> str:
    """What party i shows now."""
    if rule.name == "naive":  # both votes seen by the deadline of my own clock
        both = isinstance(side.vote, int) and isinstance(side.peer, int)
        if both and side.peer_at is not None and side.peer_at <= DEADLINE:
            return "ADOPTED"
        return "CLOSED" if clock > DEADLINE else "PENDING"
    if rule.name == "claimed":  # both voters' own times are in time
        if isinstance(side.vote, int) and isinstance(side.peer, int) and max(side.vote, side.peer) <= DEADLINE:
            return "ADOPTED"
        return "CLOSED" if clock > DEADLINE + GRACE else "PENDING"
    floor = side.floor if rule.keeps_floor else clock
    return decided(i, _entry(side.vote), _entry(side.peer), side.given, floor, side.got, side.told, side.stated)


def _entry(vote: int | str | None) -> str | None:
    """The product's vote carries no time of its own: only yes or close."""
    return None if vote is None else CLOSE if vote == CLOSE else "yes"


@cache
def vote_entry(i: int, choice: str) -> Logged:
    """Party i's vote, as the product's own casting makes it."""
    cast = cast_yes if choice == "yes" else cast_close
    own = OwnFloor(party=NAMES[i], floor_s=BASE_S - 1)
    return logged(
        PARTIES[i], 1, cast(PROPOSAL, (), PARTIES, REGIME, own, role="duty-officer", officer="model", heads=())
    )


def _receipts(i: int, given: int | None, got: int | None) -> list[Receipt]:
    """Receipts that party i knows of: its own over the other's log, the other's over its log."""
    found = []
    for cosigner, time_s in ((i, given), (1 - i, got)):
        if time_s is not None:
            origin = PARTIES[1 - cosigner].origin
            found.append(Receipt(cosigner=NAMES[cosigner], origin=origin, size=2, root="00", time_s=BASE_S + time_s))
    return found


@cache
def decided(
    i: int, vote: str | None, peer: str | None, given: int | None, floor: int, got: int | None, told: bool,
    stated: int | None,
) -> str:  # fmt: skip
    """The product's answer for party i; equal views are asked once."""
    entries = [vote_entry(who, choice) for who, choice in ((i, vote), (1 - i, peer)) if choice is not None]
    for who, at in ((i, stated), (1 - i, DEADLINE + 1 if told else None)):
        if at is not None:
            body = bodies.Floor(
                proposal_sha256=PROPOSAL.sha256, floor_s=BASE_S + at, unreceipted=(NAMES[1 - who],)
            )
            entries.append(logged(PARTIES[who], 2, body))
    own = OwnFloor(party=NAMES[i], floor_s=BASE_S + floor)
    return decision(PROPOSAL, entries, _receipts(i, given, got), PARTIES, REGIME, own).status


@cache
def owes_floor(i: int, peer: str | None, given: int | None, floor: int) -> bool:
    """Whether the product would have party i log a floor statement now."""
    entries = [vote_entry(1 - i, peer)] if peer is not None else []
    own = OwnFloor(party=NAMES[i], floor_s=BASE_S + floor)
    return floor_statement(PROPOSAL, entries, _receipts(i, given, None), PARTIES, REGIME, own) is not None


def successors(rule: Rule, s: State, last: int) -> Iterator[tuple[str, State]]:
    """Everything that may happen next."""
    if s.now < last:
        yield "tick", replace(s, now=s.now + 1)
    for i in (0, 1):
        if s.steps_back:
            offsets = (s.offsets[0] - 2, s.offsets[1]) if i == 0 else (s.offsets[0], s.offsets[1] - 2)
            yield f"{NAMES[i]}'s clock steps back", replace(s, offsets=offsets, steps_back=0)
        if s.sides[i].crashes:
            yield f"{NAMES[i]} crashes", s.with_side(i, s.sides[i].crashed(rule.forgets_receipts))
        yield from _acts(rule, s, i)
        for message in sorted(s.sent, key=str):
            if message[1] != i:
                yield from _arrives(rule, s, i, message)


def _acts(rule: Rule, s: State, i: int) -> Iterator[tuple[str, State]]:
    side, clock, who = s.sides[i], s.clock(i), NAMES[i]
    if side.vote is None:
        if clock <= DEADLINE and (not rule.keeps_floor or side.floor <= DEADLINE):
            yield f"{who} votes yes at {clock}", s.with_side(i, replace(side, vote=clock), ("vote", i, clock))
        yield f"{who} closes", s.with_side(i, replace(side, vote=CLOSE), ("vote", i, CLOSE))
    if rule.keeps_floor and clock > DEADLINE and (side.floor < clock or side.stated is None):
        floor = max(side.floor, clock)
        owes = side.stated is None and owes_floor(i, _entry(side.peer), side.given, floor)
        moved = replace(side, floor=floor, stated=floor if owes else side.stated)
        if moved != side:
            yield f"{who} stores floor {floor}", s.with_side(i, moved, *((("late", i, 0),) if owes else ()))


def _arrives(rule: Rule, s: State, i: int, message: Message) -> Iterator[tuple[str, State]]:
    kind, _, value = message
    side, clock, who = s.sides[i], s.clock(i), NAMES[i]
    if kind == "vote" and side.peer is None:
        moved = replace(side, peer=value, peer_at=clock)
        if value != CLOSE and side.given is None:
            at = max(clock, side.floor) if rule.keeps_floor else clock
            moved = replace(moved, given=at, floor=max(side.floor, at))
            yield f"{who} receipts at {at}", s.with_side(i, moved, ("receipt", i, at))
        else:
            yield f"{who} gets the vote", s.with_side(i, moved)
    elif kind == "receipt" and side.got is None and isinstance(value, int):
        yield f"{who} gets the receipt of {value}", s.with_side(i, replace(side, got=value))
    elif kind == "late" and not side.told:
        yield f"{who} gets the floor statement", s.with_side(i, replace(side, told=True))


def looked(rule: Rule, s: State) -> State:
    """The state after both parties' officers looked at their screens."""
    shown = tuple(
        s.shown[i] | ({status(rule, i, s.sides[i], s.clock(i))} - {"PENDING"}) for i in (0, 1)
    )
    return replace(s, shown=(shown[0], shown[1]))


@dataclass(frozen=True, slots=True)
class Result:
    """States visited, the way into the first contradiction (None if there is none), and pairs of what was shown."""

    states: int
    contradiction: tuple[str, ...] | None
    reached: frozenset[tuple[str, str]]


def explore(rule: Rule, offsets: tuple[int, int], steps_back: int, crashes: tuple[int, int], last: int) -> Result:
    """Breadth first, so that the way into a contradiction is a shortest one."""
    sides = (Side(crashes=crashes[0]), Side(crashes=crashes[1]))
    start = looked(rule, State(0, sides, offsets, frozenset(), steps_back))
    before: dict[State, tuple[State, str] | None] = {start: None}
    frontier = [start]
    reached: set[tuple[str, str]] = set()
    while frontier:
        following = []
        for state in frontier:
            for label, raw in successors(rule, state, last):
                successor = looked(rule, raw)
                if successor in before:
                    continue
                before[successor] = (state, label)
                both = successor.shown[0] | successor.shown[1]
                reached |= {(a, b) for a in successor.shown[0] for b in successor.shown[1]}
                if {"ADOPTED", "CLOSED"} <= both or "DISPUTED" in both:
                    return Result(len(before), tuple(path(before, successor)), frozenset(reached))
                following.append(successor)
        frontier = following
    return Result(len(before), None, frozenset(reached))


Setting = tuple[tuple[int, int], int, tuple[int, int], int]
REDUCED: tuple[Setting, ...] = (((0, 0), 1, (0, 0), 2), ((0, 1), 0, (1, 0), 2), ((1, 0), 1, (0, 1), 2))
FULL: tuple[Setting, ...] = tuple(
    (offsets, steps_back, crashes, 3)
    for offsets in ((0, 0), (0, 1), (1, 0))
    for steps_back in (0, 1)
    for crashes in ((0, 0), (1, 0), (0, 1), (1, 1))
)


def search(rule: Rule, settings: tuple[Setting, ...]) -> Result:
    """All settings, up to the first contradiction."""
    states, reached = 0, frozenset[tuple[str, str]]()
    for offsets, steps_back, crashes, last in settings:
        found = explore(rule, offsets, steps_back, crashes, last)
        states, reached = states + found.states, reached | found.reached
        if found.contradiction is not None:
            return Result(states, found.contradiction, reached)
    return Result(states, None, reached)


def main(arguments: list[str]) -> int:
    """Run, print, and say by the exit code whether all is as it must be."""
    settings = REDUCED if "--reduced" in arguments else FULL

    def look(rule: Rule) -> tuple[dict[str, object], bool]:
        found = search(rule, settings)
        good = (found.contradiction is None) == (rule is PROTOCOL)
        good &= rule is not PROTOCOL or {("ADOPTED", "ADOPTED"), ("CLOSED", "CLOSED")} <= found.reached
        return {"states": found.states, "contradiction": found.contradiction}, good

    return report([(rule.name, rule) for rule in (*CANARIES, PROTOCOL)], look)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
