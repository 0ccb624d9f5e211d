"""Rotation and succession: which keys a log has, and which entries of it bind (L10).

K1  a log has one set of keys for life. Other keys are another epoch, another log: BASE, BASE/1, BASE/2, ...
K2  a planned change ends the old log with a rotation that every old and every new key signed
K3  every new epoch begins with a succession signed by the party's root keys, at index 0 of the new log
K4  the succession closes the old log at a checkpoint that a partner has receipted; later entries bind nobody
K5  two successions of one log bind nobody beyond the smaller of their closings

A thief of the log key can write into the old log and cannot do K3. Whoever loses the root keys must pair anew.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tocsin.decide import Receipt
from tocsin.errors import BadEvidence
from tocsin.log.errors import LogError
from tocsin.log.keys import VerifierKey, parse_vkey
from tocsin.log.note import SignatureLine, parse_signature_lines
from tocsin.log.ports import Signer
from tocsin.node.custody.roster import Registry, root_signed
from tocsin.node.record import Said
from tocsin.wire.custody import Rotation, Succession

_NUMBERED = re.compile(r"^(?P<base>.+?)(?:/(?P<epoch>[1-9][0-9]{0,8}))?$")


def origin_of_epoch(origin: str, epoch: int) -> str:
    """Origin of another epoch of the same log (K1)."""
    found = _NUMBERED.match(origin)
    base = found["base"] if found else origin
    return f"{base}/{epoch}" if epoch else base


@dataclass(slots=True)
class Epochs:
    """Where logs end. `ends` is the size up to which an origin's entries bind; `refused` says what did not count."""

    ends: dict[str, int] = field(default_factory=dict)
    follows: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def binds(self, origin: str, index: int) -> bool:
        """Whether an entry binds anybody (K4)."""
        return index < self.ends.get(origin, index + 1)


def epochs(logs: Mapping[str, Sequence[Said]], registry: Registry, receipts: Iterable[Receipt]) -> Epochs:
    """Read successions from the first entries of logs, by origin."""
    held = {(receipt.origin, receipt.size, receipt.root) for receipt in receipts}
    found = Epochs()
    for origin in sorted(logs):
        for said in logs[origin]:
            if isinstance(said.body, Succession):
                why = _wrong(said, said.body, registry, held)
                if why:
                    found.refused.append(f"succession at entry {said.entry.index} of {origin}: {why}")
                else:
                    _close(found, origin, said.body)
    return found


def _close(found: Epochs, origin: str, body: Succession) -> None:
    if body.old_origin in found.follows:  # K5
        found.refused.append(f"{body.old_origin}: succeeded twice, by {found.follows[body.old_origin]} and {origin}")
    found.follows.setdefault(body.old_origin, origin)
    found.ends[body.old_origin] = min(body.closed_size, found.ends.get(body.old_origin, body.closed_size))


def _wrong(said: Said, body: Succession, registry: Registry, held: set[tuple[str, int, str]]) -> str:
    anchor = registry.anchors.get(said.party)
    if said.entry.index:
        return "it must be the first entry of its log (K3)"
    if said.entry.origin != origin_of_epoch(body.old_origin, body.new_epoch) or body.new_epoch <= body.old_epoch:
        return f"origin {origin_of_epoch(body.old_origin, body.new_epoch)} with a later epoch was expected (K1)"
    if any(parse_name(key) != said.entry.origin for key in body.log_keys):
        return "its log keys must carry the new origin (K1)"
    if anchor is None or not root_signed(said.statement, anchor):
        return f"the root keys of {said.party} did not sign it (K3)"
    if body.closed_size and (body.old_origin, body.closed_size, body.closed_root) not in held:
        return f"no partner's receipt for {body.old_origin} at {body.closed_size} is held (K4)"
    return ""


def parse_name(vkey: str) -> str:
    """Key name of a verifier key's text, empty if it is none."""
    try:
        return parse_vkey(vkey).name
    except LogError:
        return ""


def rotation_text(origin: str, rotation: Rotation) -> bytes:
    """What old and new keys sign (K2): everything but the proofs."""
    lines = ["tocsin rotation v1", origin, rotation.purpose, str(rotation.effective_index)]
    lines += ["old", *rotation.old_keys, "new", *rotation.new_keys]
    return ("\n".join(lines) + "\n").encode()


def rotate(
    origin: str, purpose: str, old: Sequence[Signer], new: Sequence[Signer], effective_index: int
) -> Rotation:
    """A rotation with the proofs of every key."""
    bare = Rotation(
        purpose="log" if purpose == "log" else "mirror",
        old_keys=tuple(signer.key.text for signer in old),
        new_keys=tuple(signer.key.text for signer in new),
        effective_index=effective_index,
        proofs=("-", "-"),
    )
    text = rotation_text(origin, bare)
    lines = (SignatureLine(one.key.name, one.key.key_id, one.sign(text)).encode().decode() for one in (*old, *new))
    return Rotation(
        purpose=bare.purpose, old_keys=bare.old_keys, new_keys=bare.new_keys, effective_index=effective_index,
        proofs=tuple(lines),
    )  # fmt: skip


def check_rotation(origin: str, rotation: Rotation, known: Sequence[VerifierKey]) -> tuple[VerifierKey, ...]:
    """The new keys, if every old key (they must be the known ones) and every new key signed. Raises BadEvidence."""
    text = rotation_text(origin, rotation)
    old, new = (tuple(parse_vkey(key) for key in keys) for keys in (rotation.old_keys, rotation.new_keys))
    if set(old) != set(known):
        raise BadEvidence(f"rotation of {origin}: its old keys are not those in use", text)
    if {key.public for key in old} & {key.public for key in new} or len(set(new)) != len(new):
        raise BadEvidence(f"rotation of {origin}: a key stands there twice", text)
    if {key.algorithm for key in old} != {key.algorithm for key in new}:
        raise BadEvidence(f"rotation of {origin}: the new keys are of other types; both must stay hybrid (L9)", text)
    lines = parse_signature_lines("".join(rotation.proofs).encode())
    signed = {(line.name, line.key_id): line.signature for line in lines}
    for key in (*old, *new):
        signature = signed.get((key.name, key.key_id))
        if signature is None or not key.verifies(text, signature):
            raise BadEvidence(f"rotation of {origin}: no good signature of {key.name} (0x{key.algorithm:02x})", text)
    return new
