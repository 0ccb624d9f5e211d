"""Whose hands a statement needs, and whether it has them: from the logs alone, so that an auditor finds the same.

R1  a party's anchor is what the first anchors of its own log say about it, from that entry on. What other logs say
    differently is shown and bars nothing: else one party could undo what others have signed, after the fact
R2  a roster counts from its entry on, if enough root keys of the anchor signed it and its number is the next one
R3  an officer has signed when every one of the officer's keys has, in a role that the officer has
R4  a statement of a kind with a rule binds if as many different officers signed as the rule says, the officer named
    in its body among them, one of them in the role named there
R5  a party with an anchor and without a roster in force has nobody who could sign votes: its votes bind nobody
R6  a signature counts where it stands first: the same words under the same terms, logged again, have no hands

A centre can append what it likes to its log. It cannot make these signatures: root and officers' keys lie elsewhere.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec

from tocsin.mirror import Verified
from tocsin.node.custody.signatures import key_id, verifies
from tocsin.node.record import Said
from tocsin.wire.custody import Anchor, Anchors, Roster
from tocsin.wire.envelope import OfficerSignature, Statement
from tocsin.wire.officer import check, message_under, terms_of

ROOT = "root"
_NUMBERED = re.compile(r"^(?P<base>.+?)(?:/(?P<epoch>[1-9][0-9]{0,8}))?$")
ALWAYS_SIGNED = ("vote",)


@lru_cache(maxsize=256)
def split_origin(origin: str) -> tuple[str, int]:
    """(BASE, epoch) of an origin BASE or BASE/EPOCH (K1); the party's own log counts with its shared one."""
    found = _NUMBERED.match(origin.removesuffix("/own"))
    return (found["base"], int(found["epoch"] or 0)) if found else (origin, 0)


def epoch_of(origin: str) -> int:
    """Epoch of a log by its origin."""
    return split_origin(origin)[1]


def place_in_order(epoch: int, index: int) -> int:
    """Entries of one party in order: by epoch, then by index."""
    return (epoch << 48) + index


def order_of(said: Said) -> int:
    """Where a statement stands among all of its party."""
    return place_in_order(epoch_of(said.entry.origin), said.entry.index)


@dataclass(frozen=True, slots=True)
class InForce:
    """A roster and the place from which it counts (`place_in_order`: later epochs come after earlier ones)."""

    index: int
    roster: Roster


@dataclass(frozen=True, slots=True)
class Hands:
    """Who signed one statement. `officers` are those whose every key signed well (R3), with the roles they used."""

    officers: Mapping[str, frozenset[str]]
    bad: int
    unknown: int


@dataclass(slots=True)
class Registry:
    """Anchors and rosters of all parties as the logs show them; `refused` says in words what did not count."""

    anchors: dict[str, Anchor] = field(default_factory=dict)
    anchored_at: dict[str, int] = field(default_factory=dict)
    rosters: dict[str, list[InForce]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    used: "Uses" = field(default_factory=lambda: Uses())

    @property
    def empty(self) -> bool:
        """Whether no party has said anything about officers."""
        return not self.anchors

    def roster_at(self, party: str, index: int, epoch: int = 0) -> Roster | None:
        """The party's roster in force just before an entry of its log, the log of `epoch`."""
        found = [one.roster for one in self.rosters.get(party, ()) if one.index < place_in_order(epoch, index)]
        return found[-1] if found else None

    def objection(self, said: Said) -> str:
        """Why a statement lacks hands (R4, R5); empty if it has what it needs."""
        if said.party not in self.anchors or order_of(said) <= self.anchored_at[said.party]:
            return ""
        roster = self.roster_at(said.party, said.entry.index, epoch_of(said.entry.origin))
        if roster is None:
            if said.kind not in ALWAYS_SIGNED:
                return ""
            return f"{said.kind} of {said.party}: no roster in force, so nobody could sign it"
        return lacking(self.used.fresh(said), roster)

    def counted(self, entries: Iterable[Said]) -> tuple[list[Verified], list[str]]:
        """Entries that have the hands they need, and why the others are left out. For use before `decide.decision`."""
        kept: list[Verified] = []
        left_out: list[str] = []
        for said in entries:
            why = self.objection(said)
            if why:
                left_out.append(f"entry {said.entry.index} of {said.entry.origin}: {why}")
            else:
                kept.append(said.entry)
        return kept, left_out


class Uses:
    """Where each signature stands first in its party's logs (R6), whatever the order in which they are read."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, bytes], int] = {}

    def note(self, said: Said) -> None:
        """Take the signatures of a statement down."""
        for signature in said.statement.signatures:
            mark = said.party, _mark(said.statement, signature)
            self._first[mark] = min(order_of(said), self._first.get(mark, order_of(said)))

    def fresh(self, said: Said) -> Said:
        """The statement without signatures that stand in an earlier entry."""
        place = order_of(said)
        kept = tuple(
            one for one in said.statement.signatures
            if self._first.get((said.party, _mark(said.statement, one)), place) >= place
        )  # fmt: skip
        if len(kept) == len(said.statement.signatures):
            return said
        bare = msgspec.structs.replace(said.statement, signatures=kept)
        return msgspec.structs.replace(said, statement=bare)


def _mark(statement: Statement, signature: OfficerSignature) -> bytes:
    """Of the key and what it signed, not of the signature's bytes: some schemes have several spellings of one."""
    message = message_under(statement, terms_of(signature))
    return hashlib.sha256(signature.key_id.encode() + b"\0" + message).digest()


def registry(logs: Mapping[str, Sequence[Said]]) -> Registry:
    """Read anchors and rosters from parties' shared logs, each in its own order."""
    found = Registry()
    _anchor(found, logs)
    for party in sorted(logs):
        for said in logs[party]:
            found.used.note(said)
            if isinstance(said.body, Roster):
                _enrol(found, party, said, said.body)
    return found


def registry_of(said: Iterable[Said], parties: Iterable[str], used: Uses | None = None) -> Registry:
    """Registry from what a reader has taken in, in any order; statements of parties' own logs do not count.

    `used`: signatures that were noted before; else those of `said` are.
    """
    seen = Uses() if used is None else used
    logs: dict[str, list[Said]] = {party: [] for party in parties}
    for one in said:
        if used is None:
            seen.note(one)
        if isinstance(one.body, Anchors | Roster) and not one.entry.origin.endswith("/own"):
            logs.setdefault(one.party, []).append(one)
    made = registry({party: sorted(found, key=order_of) for party, found in logs.items()})
    made.used = seen
    return made


def hands(statement: Statement, roster: Roster) -> Hands:
    """Whose signatures a statement carries (R3)."""
    owners = {key_id(key): (officer, key) for officer in roster.officers for key in officer.keys}

    def port(label: OfficerSignature, raw: bytes, message: bytes) -> bool | None:
        known = owners.get(label.key_id)
        if known is None or label.scheme != known[1].scheme or label.role not in known[0].roles:
            return None
        return verifies(known[1], raw, message, label.context, roster.relying_party, roster.web_origins)

    signed: dict[tuple[str, str], set[str]] = {}
    bad = unknown = 0
    for one in check(statement, port):
        bad += one.outcome == "bad"
        unknown += one.outcome == "unknown"
        if one.outcome == "good":
            officer = owners[one.signature.key_id][0]
            signed.setdefault((officer.name, one.signature.role), set()).add(one.signature.key_id)
    whole: dict[str, set[str]] = {}
    needed = {officer.name: {key_id(key) for key in officer.keys} for officer in roster.officers}
    for (name, role), keys in signed.items():
        if keys == needed[name]:
            whole.setdefault(name, set()).add(role)
    return Hands({name: frozenset(roles) for name, roles in whole.items()}, bad, unknown)


def needed(roster: Roster, kind: str) -> int:
    """How many officers must sign a statement of `kind`."""
    ruled = max((rule.officers for rule in roster.rules if rule.kind == kind), default=0)
    return max(ruled, 1) if kind in ALWAYS_SIGNED else ruled


def lacking(said: Said, roster: Roster) -> str:
    """What a statement lacks under a roster (R4); empty if nothing."""
    count = needed(roster, said.kind)
    if not count:
        return ""
    found = hands(said.statement, roster)
    if len(found.officers) < count:
        names = ", ".join(sorted(found.officers)) or "nobody"
        return f"{said.kind} signed by {names}; {count} officer{'s' * (count > 1)} of the roster expected"
    named = getattr(said.body, "officer", "")
    if named and named not in found.officers:
        return f"{said.kind} in the name of {named}, who did not sign it"
    role = getattr(said.body, "role", "")
    if role and not any(role in roles for roles in found.officers.values()):
        return f"{said.kind} in the role {role}, which none of its signers used"
    return ""


def root_signed(statement: Statement, anchor: Anchor) -> bool:
    """Whether at least `threshold` different root keys signed (R2)."""
    keys = {key_id(key): key for key in anchor.root_keys}

    def port(label: OfficerSignature, raw: bytes, message: bytes) -> bool | None:
        known = keys.get(label.key_id)
        if known is None or label.scheme != known.scheme or label.role != ROOT:
            return None
        return verifies(known, raw, message, label.context, "", ())

    good = {one.signature.key_id for one in check(statement, port) if one.outcome == "good"}
    return len(good) >= anchor.threshold


def _anchor(found: Registry, logs: Mapping[str, Sequence[Said]]) -> None:
    """R1. The first anchors of a party's own log count; changing a root is a new pairing."""
    firsts = {party: _first_anchors(said) for party, said in logs.items()}
    for party in sorted(firsts):
        index, named = firsts[party]
        if party in named:
            found.anchors[party], found.anchored_at[party] = named[party], index
    for party in sorted(firsts):
        for about, anchor in sorted(firsts[party][1].items()):
            held = found.anchors.get(about)
            if held is not None and (held.root_keys, held.threshold) != (anchor.root_keys, anchor.threshold):
                found.refused.append(f"anchor of {about}: the log of {party} names other root keys than its own log")


def _first_anchors(said: Sequence[Said]) -> tuple[int, dict[str, Anchor]]:
    """(index, anchor by party) of the first anchors in one log; (0, nothing) if there are none."""
    for one in said:
        if isinstance(one.body, Anchors):
            return order_of(one), {anchor.party: anchor for anchor in one.body.parties}
    return 0, {}


def _enrol(found: Registry, party: str, said: Said, roster: Roster) -> None:
    """R2."""
    anchor = found.anchors.get(party)
    place = f"roster {roster.number} of {party} at entry {said.entry.index}"
    held = found.rosters.setdefault(party, [])
    expected = held[-1].roster.number + 1 if held else 0
    names = [officer.name for officer in roster.officers]
    ids = [key_id(key) for officer in roster.officers for key in officer.keys]
    if anchor is None:
        found.refused.append(f"{place}: no anchor of {party} says whose signature it needs")
    elif roster.number != expected:
        found.refused.append(f"{place}: number {expected} was expected")
    elif len(set(names)) != len(names) or len(set(ids)) != len(ids):
        found.refused.append(f"{place}: an officer or a key stands there twice")
    elif not root_signed(said.statement, anchor):
        found.refused.append(f"{place}: {anchor.threshold} of the root keys must sign it, and did not")
    else:
        held.append(InForce(order_of(said), roster))
