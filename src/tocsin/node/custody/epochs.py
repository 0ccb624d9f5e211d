"""Rotation and succession: which keys a log has, and which entries of it bind (L10).

K1  a log has one set of keys for life. Other keys are another epoch, another log: BASE, BASE/1, BASE/2, ...
K2  a planned change is announced in the old log: rotations of log and mirror keys that every old and every new key and
    the root keys signed, and that name the index at which the old log ends
K3  every new epoch begins with a succession, at index 0 of the new log: signed by the party's root keys, or closing
    the old log exactly where a rotation in it said, with the keys that it named
K4  the succession closes the old log at a checkpoint that a partner has receipted; later entries bind nobody
K5  two successions of one log bind nobody beyond the smaller of their closings
K6  receipts under the mirror keys of an ended epoch count up to the size that their holder states (epoch-noted)

A thief of the log key can write into the old log and cannot do K2 or K3. Whoever loses the root keys must pair anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tocsin.decide import Party, Receipt
from tocsin.errors import BadEvidence
from tocsin.log.errors import LogError
from tocsin.log.keys import VerifierKey, parse_vkey
from tocsin.log.note import SignatureLine, parse_signature_lines
from tocsin.log.ports import Signer
from tocsin.mirror import Verified
from tocsin.node.custody.roster import Registry, epoch_of, order_of, root_signed, split_origin
from tocsin.node.record import Said
from tocsin.wire.custody import Anchor, EpochNoted, Rotation, Succession


def origin_of_epoch(origin: str, epoch: int) -> str:
    """Origin of another epoch of the same log (K1)."""
    base, _ = split_origin(origin)
    return f"{base}/{epoch}" if epoch else base


@dataclass(frozen=True, slots=True)
class Rotated:
    """What the rotations in a log say (K2): it ends at `end`, and these keys take over."""

    end: int
    log_keys: tuple[str, ...]
    mirror_keys: tuple[str, ...]


def rotated(log: Sequence[Said], anchor: Anchor | None) -> Rotated | None:
    """The change of keys that a log announces, if it is whole and signed; None if there is none."""
    found: dict[str, Rotation] = {}
    for said in log:
        if isinstance(said.body, Rotation) and said.body.purpose not in found and not _bad_rotation(said, anchor):
            found[said.body.purpose] = said.body
    if set(found) != {"log", "mirror"} or found["log"].effective_index != found["mirror"].effective_index:
        return None
    return Rotated(found["log"].effective_index, found["log"].new_keys, found["mirror"].new_keys)


def _bad_rotation(said: Said, anchor: Anchor | None) -> str:
    body = said.body
    if not isinstance(body, Rotation) or anchor is None or not root_signed(said.statement, anchor):
        return f"the root keys of {said.party} did not sign it (K2)"
    if body.effective_index <= said.entry.index:
        return "it takes effect before it was logged (K2)"
    try:
        known = tuple(parse_vkey(key) for key in body.old_keys)
        new = check_rotation(said.entry.origin, body, known)
    except BadEvidence as error:
        return str(error)
    return "" if len({key.name for key in new}) == 1 else "its new keys carry several names (K1)"


@dataclass(slots=True)
class Epochs:
    """Where logs end. `ends` is the size up to which an origin's entries bind; `refused` says what did not count.

    `keys` and `mirrors`: the keys that a new epoch's log and mirror must have. `receipted`: by (old origin, party), the
    log in which the party noted the end, and up to which size of it receipts under the old mirror keys count (K6).
    """

    ends: dict[str, int] = field(default_factory=dict)
    follows: dict[str, str] = field(default_factory=dict)
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    mirrors: dict[str, tuple[str, ...]] = field(default_factory=dict)
    receipted: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def counts(self, mirror: str, party: str, origin: str, size: int) -> bool:
        """Whether a receipt for a party's log under a mirror's key name counts (K6)."""
        old = mirror.removesuffix("/mirror")
        noted = self.receipted.get((old, party)) if old in self.ends else None
        if noted is None or epoch_of(origin) < epoch_of(noted[0]):
            return True
        return origin == noted[0] and size <= noted[1]

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
                why = _wrong(said, said.body, registry, held, logs.get(said.body.old_origin, ()))
                if why:
                    found.refused.append(f"succession at entry {said.entry.index} of {origin}: {why}")
                else:
                    _close(found, origin, said.body)
            elif isinstance(said.body, Rotation):
                why = _bad_rotation(said, registry.anchors.get(said.party))
                if why:
                    found.refused.append(f"rotation at entry {said.entry.index} of {origin}: {why}")
            elif isinstance(said.body, EpochNoted):
                found.receipted.setdefault((said.body.old_origin, said.party), (origin, said.body.own_receipted))
    return found


def _close(found: Epochs, origin: str, body: Succession) -> None:
    if body.old_origin in found.follows:  # K5
        found.refused.append(f"{body.old_origin}: succeeded twice, by {found.follows[body.old_origin]} and {origin}")
    found.follows.setdefault(body.old_origin, origin)
    found.keys[origin], found.mirrors[origin] = body.log_keys, body.mirror_keys
    found.ends[body.old_origin] = min(body.closed_size, found.ends.get(body.old_origin, body.closed_size))


def _wrong(
    said: Said, body: Succession, registry: Registry, held: set[tuple[str, int, str]], old: Sequence[Said]
) -> str:
    anchor = registry.anchors.get(said.party)
    if said.entry.index:
        return "it must be the first entry of its log (K3)"
    if said.entry.origin != origin_of_epoch(body.old_origin, body.new_epoch) or body.new_epoch <= body.old_epoch:
        return f"origin {origin_of_epoch(body.old_origin, body.new_epoch)} with a later epoch was expected (K1)"
    if any(parse_name(key) != said.entry.origin for key in body.log_keys):
        return "its log keys must carry the new origin (K1)"
    planned = rotated(old, anchor) == Rotated(body.closed_size, body.log_keys, body.mirror_keys)
    if not planned and (anchor is None or not root_signed(said.statement, anchor)):
        return f"the root keys of {said.party} did not sign it (K3)"
    if body.closed_size and (body.old_origin, body.closed_size, body.closed_root) not in held:
        return f"no partner's receipt for {body.old_origin} at {body.closed_size} is held (K4)"
    return ""


def parties_about(
    proposal: Verified, said: Iterable[Said], now: Iterable[Party], ended: Iterable[Party]
) -> tuple[Party, ...]:
    """The log of each party that binds it about a proposal: where its first entry about it stands, else as it is now.

    Only entries that bind (K4) are to be given.
    """
    digest = proposal.sha256
    logs = {(one.name, one.origin): one for one in ended}
    chosen = {party.name: party for party in now}
    logs |= {(party.name, party.origin): party for party in chosen.values()}
    about = [one for one in said if getattr(one.body, "proposal_sha256", "") == digest]
    about += [one for one in said if one.entry.data == proposal.data]
    first: dict[str, Said] = {}
    for one in sorted(about, key=order_of):
        first.setdefault(one.party, one)
    for name, one in first.items():
        chosen[name] = logs.get((name, one.entry.origin), chosen[name])
    return tuple(sorted(chosen.values()))


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
