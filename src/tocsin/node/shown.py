"""Entries of every log held here, shown to people with what it takes to believe them."""

import base64
from dataclasses import dataclass

from tocsin.decide import stretch
from tocsin.log.checkpoint import parse_checkpoint
from tocsin.log.note import parse_note
from tocsin.mirror import Mirror, Verified
from tocsin.mirror.bundle import join
from tocsin.node.border import Border
from tocsin.node.centre import Centre
from tocsin.node.citing import cited_by
from tocsin.node.export import policy_text
from tocsin.node.gates import foreign_shelf
from tocsin.node.record import Said as Said
from tocsin.node.record import read
from tocsin.wire.bodies import Vote
from tocsin.wire.errors import WireError
from tocsin.wire.groups import split_group

_DECIDING = ("agreement", "anchors", "roster", "floor")


@dataclass(frozen=True, slots=True)
class Proof:
    """An inclusion proof: the signed checkpoint with its receipts, its size, hashes from the leaf up (base64)."""

    checkpoint: str
    size: int
    hashes: tuple[str, ...]


def gates(centre: Centre) -> dict[str, Mirror]:
    """Every log that is held, by origin: ours and the partners', those of groups with them."""
    found = {book.gate.origin: book.gate for book in centre.books.values()}
    found |= {mirror.origin: mirror for mirror in centre.mirrors.values()}
    return found | {one.origin: one for party in centre.mirrors for one in centre.groups.mirrors(party)}


def party_of(centre: Centre, origin: str) -> str:
    """Whose log that is."""
    shared = split_group(origin)[0]
    return next((name for name, one in centre.mirrors.items() if one.origin == shared), centre.config.party)


def read_entry(centre: Centre, entry: Verified) -> Said | None:
    """An entry, read; None where it cannot be."""
    try:
        return read(party_of(centre, entry.origin), entry)
    except WireError:
        return None


def find(centre: Centre, sha256: str) -> Said | None:
    """A statement that is spoken of (no heartbeat, no tracklet in between), by its hash."""
    return next((one for one in (*centre.said, *centre.marks) if one.entry.sha256 == sha256), None)


def proof(centre: Centre, said: Said) -> Proof:
    """Under the first receipted checkpoint that covers the entry, else under the latest one."""
    bundle = gates(centre)[said.entry.origin].held.bundle([said.entry.index])
    hashes = tuple(base64.b64encode(one).decode() for one in bundle.entries[0].proof)
    note = bundle.checkpoints[0]
    return Proof(note.decode(), _size(note), hashes)


def decision_bundle(centre: Centre, proposal: Said) -> bytes:
    """One proposal or measure, its votes, and what they rest on (agreement, anchors, rosters, floors, what it cites).

    Each vote is shown under the first receipt of every party, third parties' included, and with it all of its log from
    the head that the proposal names, so that no earlier vote can be left out (V1). What is cited is shown under the
    same receipts.
    """
    cites = cited_by(proposal)
    wanted: dict[str, set[int]] = {proposal.entry.origin: {proposal.entry.index}}
    receipted: dict[str, set[int]] = {}
    for one in centre.said:
        about = isinstance(one.body, Vote) and one.body.proposal_sha256 == proposal.entry.sha256
        cited = one.entry.sha256 in cites
        if about or cited or one.kind in _DECIDING or one.entry == proposal.entry:
            wanted.setdefault(one.entry.origin, set()).add(one.entry.index)
        if cited:
            receipted.setdefault(one.entry.origin, set()).add(one.entry.index)
        if about:
            wanted[one.entry.origin] |= set(stretch(proposal.entry, one.entry))
            receipted.setdefault(one.entry.origin, set()).add(one.entry.index)
    held = gates(centre)
    shared = {origin: indexes for origin, indexes in wanted.items() if origin != centre.origins["own"]}
    names = {signer.key.name for signer in centre.ports.mirror_signers}
    names |= {key.name for partner in centre.config.partners for key in partner.mirror_keys}
    parts = [held[origin].held.bundle(indexes) for origin, indexes in sorted(shared.items())]
    for origin, indexes in sorted(receipted.items()):
        others = () if origin == centre.config.origin else (centre.ports.store(foreign_shelf(origin)),)
        parts.append(held[origin].held.bundle(indexes, sorted(names), others))
    return join(parts).encode()


def mirror_files(centre: Centre, party: str, border: Border | None = None) -> dict[str, bytes]:
    """Small files beside the tiles of a partner's log as we hold it: its keys with our mirror as witness, receipts.

    `border`: of a release group whose log is meant.
    """
    gates = (border or centre.border).gates
    mirror, partner = gates.mirrors[party], gates.partners[party]
    files = {"policy": policy_text(partner.log_keys, [[tuple(one.key for one in centre.ports.mirror_signers)]])}
    for said in centre.said:
        if said.entry.origin == mirror.origin and said.kind in ("vote", "floor"):
            note = mirror.held.covering(said.entry.index)
            if note is not None:
                files[f"receipts/{_size(note)}"] = note
    return files


def _size(note: bytes) -> int:
    return parse_checkpoint(parse_note(note).text).size
