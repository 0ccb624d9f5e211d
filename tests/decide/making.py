"""Entries and receipts of a small vote, made as bytes like real ones."""

from dataclasses import dataclass
from hashlib import sha256

import msgspec

from tocsin import regime as regimes
from tocsin.decide import Party, Receipt
from tocsin.wire import bodies
from tocsin.wire.envelope import Marking, Observed, Statement, encode

D = 1_900_000_000
REGIMES = {name: regimes.load(regimes.shipped(name), name) for name in regimes.SHIPPED}
JOINT = REGIMES["joint"]


@dataclass(frozen=True)
class Logged:
    """Same fields as mirror.Verified; what the gate would have let in."""

    origin: str
    index: int
    data: bytes
    sha256: str


def parties(*names: str) -> tuple[Party, ...]:
    return tuple(Party(name=name, origin=f"exercise.example/{name}", epoch=0) for name in names)


TWO = parties("east", "west")


def raw(origin: str, index: int, data: bytes) -> Logged:
    return Logged(origin, index, data, sha256(data).hexdigest())


def entry(party: Party, index: int, body, rules=JOINT, **changes) -> Logged:
    kind, schema = bodies.kind_of(body)
    statement = Statement(
        tocsin=1, kind=kind, schema=schema, origin=party.origin, epoch=party.epoch, sequence=index, mode="exercise",
        regime=rules.sha256, marking=Marking(releasable_to=(), originator=party.name, authority="test"),
        observed=Observed(t_tai_us=0, uncertainty_us=0, clock="test"), references=(), encryption=None, signatures=(),
        body=bodies.encode_body(body),
    )  # fmt: skip
    return raw(party.origin, index, encode(msgspec.structs.replace(statement, **changes)))


def proposal_body(everyone=TWO, regime=JOINT, required=None, **changes) -> bodies.Proposal:
    names = tuple(party.name for party in everyone)
    picture = bodies.PictureReference(
        heads=(), as_of_tai_us=0, fuse_version=regime.fuse_version, digest="0" * 64
    )
    body = bodies.Proposal(
        event="event-1", finding="benign", parties=names, required=names if required is None else required,
        policy_sha256=regime.sha256, deadline_s=D, void_if=(), picture=picture, officer="A", text="",
    )  # fmt: skip
    return msgspec.structs.replace(body, **changes)


def propose(everyone=TWO, regime=JOINT, required=None, **changes) -> Logged:
    return entry(everyone[0], 0, proposal_body(everyone, regime, required, **changes), regime)


def vote(proposal: Logged, voter: Party, index: int, choice="yes", /, regime=JOINT, envelope=None, **changes) -> Logged:
    body = bodies.Vote(
        proposal_sha256=proposal.sha256, proposal_origin=proposal.origin, proposal_epoch=0, party=voter.name,
        role="duty-officer", choice=choice, officer="B", heads=(),
    )  # fmt: skip
    return entry(voter, index, msgspec.structs.replace(body, **changes), regime, **(envelope or {}))


def floor(proposal: Logged, party: Party, index: int, floor_s: int, *unreceipted: str) -> Logged:
    body = bodies.Floor(proposal_sha256=proposal.sha256, floor_s=floor_s, unreceipted=unreceipted)
    return entry(party, index, body)


def receipt(cosigner: Party, of: Party, size: int, time_s: int, root: str = "") -> Receipt:
    return Receipt(cosigner=cosigner.name, origin=of.origin, size=size, root=root or f"{size:02x}", time_s=time_s)
