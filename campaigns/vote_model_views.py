"""What a party of campaigns.vote_model_three shows for what it has heard: the product's answer, or a canary's."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from unittest.mock import patch

from campaigns.vote_model import BASE_S, DEADLINE, REGIME, Logged, logged
from campaigns.vote_model_hands import counted, handed
from tocsin.decide import Case, OwnFloor, Party, Receipt, decision, floor_statement, rules
from tocsin.wire import bodies

NAMES = ("east", "north", "west")
PARTIES = tuple(Party(name=name, origin=f"exercise.example/{name}", epoch=0) for name in NAMES)
CHEAT = 2
FIRST = 2  # index of what a log says first about the proposal; before it stand anchors and roster
YES, CLOSE, BARE, FLOOR = 1, 2, 3, 8  # BARE: a yes without its officers' hands; FLOOR + mask of who was not receipted
NONE, TIMELY, LATE, BACK = 0, 1, 2, 3  # receipts over a yes; BACK: in time, after a later time for a smaller log
ADOPTED, CLOSED, DISPUTED = 1, 2, 4
STATUS = {"ADOPTED": ADOPTED, "CLOSED": CLOSED, "DISPUTED": DISPUTED, "PENDING": 0}

Log = tuple[int, ...]
PROPOSAL = logged(
    PARTIES[0],
    1,
    bodies.Proposal(
        event="event-1", finding="benign", parties=NAMES, required=NAMES, policy_sha256=REGIME.sha256,
        deadline_s=BASE_S + DEADLINE, void_if=(), officer="model", text="",
        picture=bodies.PictureReference(heads=(), as_of_tai_us=0, fuse_version=REGIME.fuse_version, digest="0" * 64),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """How parties decide, and what honest mirrors keep. `by`: the cheat's logs that show a canary's mistake."""

    name: str
    by: tuple[Log, ...] = ()
    keeps_floor: bool = True
    stores: bool = True
    filters: tuple[bool, bool, bool] = (True, True, True)
    first_counts: bool = True
    receipts_of: str = "every"  # required party: or of "any"
    sees_lies: bool = True
    sees_roots: bool = True


PROTOCOL = Rule("protocol")
CANARIES = (
    Rule("nofloor", keeps_floor=False),
    Rule("unstored", stores=False),
    Rule("any-receipt", receipts_of="any"),
    Rule("last-counts", ((YES, CLOSE),), first_counts=False),
    Rule("unfiltered", ((BARE, CLOSE),), filters=(True, False, True)),
    Rule("no-lies", ((YES, FLOOR + 0b011),), sees_lies=False),
    Rule("no-roots", ((YES,), (BARE, CLOSE)), sees_roots=False),
)


@cache
def said(party: int, at: int, token: int) -> Logged:
    """An entry of a log about the proposal."""
    if token >= FLOOR:
        missing = tuple(name for bit, name in enumerate(NAMES) if (token - FLOOR) >> bit & 1)
        body = bodies.Floor(proposal_sha256=PROPOSAL.sha256, floor_s=BASE_S + DEADLINE + 1, unreceipted=missing)
        return logged(PARTIES[party], FIRST + at, body)
    vote = bodies.Vote(
        proposal_sha256=PROPOSAL.sha256, proposal_origin=PROPOSAL.origin, proposal_epoch=0, party=NAMES[party],
        role="duty-officer", choice="close" if token == CLOSE else "yes", officer="model", heads=(),
    )  # fmt: skip
    entry = logged(PARTIES[party], FIRST + at, vote)
    return handed(entry) if party == CHEAT and token != BARE else entry


@cache
def yes_at(log: Log) -> int | None:
    """Where a log's last yes stands, with or without hands: what receipts must cover. None if it says none."""
    return max((at for at, token in enumerate(log) if token in (YES, BARE)), default=None)


def receipts(cosigner: int, of: int, at: int, kind: int, root: str) -> list[Receipt]:
    """What a cosigner says about the log `of`, whose yes stands `at`."""
    size, past = FIRST + at + 1, BASE_S + DEADLINE + 5

    def one(size: int, time_s: int) -> Receipt:
        name = f"{size}{root}"
        return Receipt(cosigner=NAMES[cosigner], origin=PARTIES[of].origin, size=size, root=name, time_s=time_s)

    timely, late = one(size, BASE_S + DEADLINE), one(size, past)
    return {NONE: [], TIMELY: [timely], LATE: [late], BACK: [one(FIRST, past), timely]}[kind]


View = tuple[Log, Log, Log, tuple[tuple[int, int, int], ...], bool, bool]
"""Logs as heard; receipts heard as (cosigner, of, kind); own floor past; whether a fork of the cheat is proved."""


def seen_by(rule: Rule, i: int, view: View) -> int:
    """Status bit that party i shows for what it has heard."""
    return STATUS[decided(rule, i, view)[0]]


@cache
def decided(rule: Rule, i: int, view: View) -> tuple[str, tuple[str, ...]]:
    """(status, misconduct)."""
    *logs, heard, past, forked = view
    entries = [said(party, at, token) for party, log in enumerate(logs) for at, token in enumerate(log)]
    entries = [entry for entry in entries if not rule.filters[i] or counted(entry)]
    found = [one for who, of, kind in heard for one in receipts(who, of, yes_at(logs[of]) or 0, kind, "")]
    if forked and rule.sees_roots:  # as `node.gates.convict` says it
        found += [
            Receipt(cosigner=NAMES[CHEAT], origin=PARTIES[CHEAT].origin, size=FIRST, root=root, time_s=0)
            for root in ("a", "b")
        ]
    own = OwnFloor(party=NAMES[i], floor_s=BASE_S + DEADLINE + past)
    if rule.receipts_of == "any" and _any_receipt(logs, heard):
        return "ADOPTED", ()
    if not rule.first_counts:
        entries = _last_votes(entries)
    if not rule.sees_lies:
        with patch.object(rules, "split_floors", _believed):
            outcome = decision(PROPOSAL, entries, found, PARTIES, REGIME, own)
    else:
        outcome = decision(PROPOSAL, entries, found, PARTIES, REGIME, own)
    return outcome.status, outcome.misconduct


def _any_receipt(logs: list[Log], heard: Iterable[tuple[int, int, int]]) -> bool:
    """Canary: one receipt for each yes is enough."""  # nobody cheats there
    timely = {of for _, of, kind in heard if kind in (TIMELY, BACK)}
    return len(timely) == len(NAMES) and all(yes_at(log) is not None for log in logs)


def _last_votes(entries: list[Logged]) -> list[Logged]:
    """Canary: a later vote takes the place of an earlier one."""
    last = {entry.origin: entry for entry in entries if b'"kind":"vote"' in entry.data}
    return [entry for entry in entries if b'"kind":"vote"' not in entry.data or last[entry.origin] is entry]


def _believed(case: Case, _: object) -> tuple[list[object], list[object]]:
    """Canary: whatever a floor statement says is believed, its author's own receipts notwithstanding."""
    stated = case.floors
    return [], [(one, party) for one in stated for party in one.unreceipted if party != one.party]


@cache
def owed(i: int, logs: tuple[Log, ...], given: tuple[int, int, int]) -> int | None:
    """The floor statement that the product would have party i log now that its floor has passed."""
    entries = [said(party, at, token) for party, log in enumerate(logs) for at, token in enumerate(log)]
    found = [
        one for of, kind in enumerate(given) if kind for one in receipts(i, of, yes_at(logs[of]) or 0, kind, "")
    ]
    own = OwnFloor(party=NAMES[i], floor_s=BASE_S + DEADLINE + 1)
    body = floor_statement(PROPOSAL, filter(counted, entries), found, PARTIES, REGIME, own)
    return None if body is None else FLOOR + sum(1 << NAMES.index(name) for name in body.unreceipted)
