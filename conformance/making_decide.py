"""Questions about decisions: seeded small votes of two and three parties, with everything that can go wrong in them."""

import hashlib
import random
from collections.abc import Iterator
from typing import Any

from conformance.vector import Vector, ask, b64
from tocsin import regime as regimes
from tocsin.wire import bodies
from tocsin.wire.envelope import Marking, Observed, Statement, encode

DEADLINE_S = 1_900_000_000
JOINT = regimes.load(regimes.shipped("joint"))
Logged = dict[str, Any]


def vectors() -> Iterator[Vector]:
    """Some three hundred bundles; each outcome in many of them."""
    chance = random.Random(3)
    for number in range(300):
        names = ("east", "west") if number % 3 else ("east", "north", "west")
        yield _bundle(names, chance)


def _logged(party: str, index: int, body: Any, regime: str = JOINT.sha256, epoch: int = 0) -> Logged:
    kind, schema = bodies.kind_of(body)
    made = Statement(
        tocsin=1, kind=kind, schema=schema, origin=f"exercise.example/{party}", epoch=epoch, sequence=index,
        mode="exercise", regime=regime, marking=Marking(releasable_to=(), originator=party, authority="vector"),
        observed=Observed(t_tai_us=0, uncertainty_us=0, clock="vector"), references=(), encryption=None,
        signatures=(), body=bodies.encode_body(body),
    )  # fmt: skip
    data = encode(made)
    return {"origin": made.origin, "index": index, "data": b64(data), "sha256": hashlib.sha256(data).hexdigest()}


def _bundle(names: tuple[str, ...], chance: random.Random) -> Vector:
    picture = bodies.PictureReference(heads=(), as_of_tai_us=0, fuse_version=JOINT.fuse_version, digest="0" * 64)
    fault = chance.random()
    asked = bodies.Proposal(
        event="event-1", finding="benign", parties=names, required=names, void_if=(), picture=picture, officer="A",
        policy_sha256=JOINT.sha256 if fault > 0.05 else "1" * 64, deadline_s=DEADLINE_S, text="",
    )  # fmt: skip
    proposal = _logged(names[0], 0, asked)
    entries = [entry for name in names for entry in _said(name, proposal, names, chance)]
    receipts = [one for name in names for other in names if name != other for one in _receipts(name, other, chance)]
    chance.shuffle(entries)
    own = {"party": names[0], "floor_s": DEADLINE_S + chance.choice((-5, 1))} if chance.random() < 0.3 else None
    return ask(
        "decide.decision", f"{len(names)} parties", proposal=_bare(proposal), entries=[_bare(one) for one in entries],
        receipts=receipts, regime=JOINT.data.decode(), own=own,
        parties=[{"name": name, "origin": f"exercise.example/{name}", "epoch": 0} for name in names],
    )  # fmt: skip


def _said(name: str, proposal: Logged, names: tuple[str, ...], chance: random.Random) -> Iterator[Logged]:
    """A party's entries: a vote or none, perhaps a second one, a stranger's, one of another regime, a floor."""
    index = 1
    for _ in range(chance.choice((0, 1, 1, 1, 1, 2))):
        vote = bodies.Vote(
            proposal_sha256=proposal["sha256"] if chance.random() > 0.05 else "2" * 64,
            proposal_origin=proposal["origin"], proposal_epoch=0 if chance.random() > 0.05 else 1, party=name,
            role="duty-officer" if chance.random() > 0.05 else "visitor",
            choice="yes" if chance.random() < 0.85 else "close", officer="B", heads=(),
        )  # fmt: skip
        regime = JOINT.sha256 if chance.random() > 0.05 else "3" * 64
        yield _logged(name, index, vote, regime, 0 if chance.random() > 0.05 else 1)
        if chance.random() < 0.05:  # the same place again, with other bytes
            yield _logged(name, index, bodies.Retraction(because="two histories"), regime)
        index += 1
    if chance.random() < 0.2:
        missing = tuple(other for other in names if other != name)[:1]
        floor_s = DEADLINE_S + chance.choice((-1, 1))
        stated = bodies.Floor(proposal_sha256=proposal["sha256"], floor_s=floor_s, unreceipted=missing)
        yield _logged(name, index, stated)


def _receipts(name: str, other: str, chance: random.Random) -> Iterator[dict[str, Any]]:
    for size in range(1, 4):
        if chance.random() < 0.8:
            late = chance.random() < 0.1
            yield {
                "cosigner": other, "origin": f"exercise.example/{name}", "size": size,
                "root": hashlib.sha256(f"{name} {size if chance.random() > 0.02 else 'fork'}".encode()).hexdigest(),
                "time_s": DEADLINE_S - 10 + size + (20 if late else 0),
            }  # fmt: skip


def _bare(one: Logged) -> Logged:
    return {key: one[key] for key in ("origin", "index", "data")}
