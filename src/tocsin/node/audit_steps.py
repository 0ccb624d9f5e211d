"""What an audit finds across logs: manifest, officers, epochs, decisions, openings. Used by `node.audit` alone.

Each function takes everything that was opened and yields findings; the steps are those of docs/protocol.md.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from tocsin import regime as regimes
from tocsin.decide import Party, Receipt, decision, wording
from tocsin.errors import TocsinError
from tocsin.fuse import common_picture
from tocsin.mirror import Mirror, Verified
from tocsin.node.custody.epochs import Epochs, epochs, parties_about
from tocsin.node.custody.heads import GroupTree, Heads
from tocsin.node.custody.retention import agreed
from tocsin.node.custody.roster import Registry, epoch_of, registry_of, split_origin
from tocsin.node.custody.sealed import in_words, openings
from tocsin.node.record import Said
from tocsin.regime import Regime
from tocsin.wire.bodies import Agreement, PartyKeys, Proposal
from tocsin.wire.envelope import Hex32
from tocsin.wire.groups import GroupLog, GroupSecret, HeadOpening, HiddenHead, head_opens, split_group
from tocsin.wire.measures import Measure, measure_kind

MANIFEST, DECISIONS, OFFICERS, EPOCHS, OPENINGS, RETENTION = "P10", "P8", "P9", "P11", "P12", "P13"
GROUPS = "P15"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the verdict. `step` is the proof step of docs/protocol.md."""

    step: str
    log: str
    ok: bool
    words: str


class Pruned(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The file `pruned` beside a log: what was dropped, and the bundle `kept.bundle` that stands in for it."""

    before_index: Annotated[int, Meta(ge=1)]
    bundle_sha256: Hex32


@dataclass(slots=True)
class Opened:
    """One log whose entries are as signed. `keys` and `mirrors` are the texts of the keys in its policy."""

    origin: str
    mirror: Mirror | None
    said: list[Said]
    receipts: list[Receipt]
    keys: frozenset[str]
    mirrors: frozenset[str]
    pruned: "Pruned | None" = None


@dataclass(slots=True)
class Together:
    """Logs of parties that agreed with each other, read as one record."""

    opened: Mapping[str, Opened]
    agreement: Agreement
    registry: Registry = field(default_factory=Registry)
    epochs: Epochs = field(default_factory=Epochs)

    @property
    def parties(self) -> dict[str, PartyKeys]:
        """By base origin, as the manifest has them."""
        return {one.origin: one for one in self.agreement.parties}

    def party(self, origin: str) -> str:
        """Whose shared log this is; empty for another's, and for logs that stay at home."""
        known = self.parties.get(split_origin(origin)[0])
        return known.party if known is not None and not origin.endswith("/own") else ""

    def said(self, *, binding: bool = True) -> list[Said]:
        """Statements of all shared logs under their parties' names; of ended logs what binds (K4)."""
        found = [replace(one, party=self.party(one.entry.origin)) for log in self.opened.values() for one in log.said]
        return [one for one in found if one.party and (not binding or self._binds(one))]

    def _binds(self, one: Said) -> bool:
        origin = one.entry.origin
        return self.epochs.binds(origin, one.entry.index) and (not epoch_of(origin) or origin in self.epochs.keys)

    def receipts(self) -> list[Receipt]:
        """Receipts under parties' names; those under ended mirrors' keys as far as they count (K6)."""
        names = {text.split("+", 1)[0]: one.party for one in self.agreement.parties for text in one.mirror_keys}
        for origin, texts in self.epochs.mirrors.items():
            names |= {text.split("+", 1)[0]: self.party(origin) for text in texts}
        found = []
        for log in self.opened.values():
            for one in log.receipts:
                counts = self.epochs.counts(one.cosigner, self.party(one.origin), one.origin, one.size)
                if one.cosigner in names and counts:
                    found.append(replace(one, cosigner=names[one.cosigner]))
        return found


def together(opened: Mapping[str, Opened]) -> Together | None:
    """All logs as one record; None without an agreement."""
    firsts = [one.body for log in opened.values() for one in log.said if isinstance(one.body, Agreement)]
    if not firsts:
        return None
    made = Together(opened, firsts[0])
    everything = made.said(binding=False)
    made.registry = registry_of(everything, [one.party for one in made.parties.values()])
    logs: dict[str, list[Said]] = {}
    for one in everything:
        logs.setdefault(one.entry.origin, []).append(one)
    for _ in logs:  # a succession may rest on receipts under the keys that another one brought
        found = epochs(logs, made.registry, made.receipts())
        known, made.epochs = set(made.epochs.keys), found
        if set(found.keys) == known:
            break
    made.registry = registry_of(made.said(), [one.party for one in made.parties.values()])
    return made


def manifest(made: Together) -> Iterator[Finding]:
    """P10: every log holds the same manifest of pairing, and is signed with the keys that it names."""
    first = {one.party: one for one in made.agreement.parties}
    wrong = False
    for origin, log in sorted(made.opened.items()):
        if not made.party(origin):
            continue
        agreed = [one.body for one in log.said if isinstance(one.body, Agreement)][:1]
        if any({one.party: one for one in body.parties} != first for body in agreed):
            wrong = True
            yield Finding(MANIFEST, origin, False, "its manifest of pairing is not that of the other logs")
        due = made.epochs.keys.get(origin) or (() if epoch_of(origin) else made.parties[origin].log_keys)
        if due and set(due) != log.keys:
            wrong = True
            yield Finding(MANIFEST, origin, False, "it is signed with other keys than were compared at pairing")
    for origin, odd in _odd_regimes(made):
        wrong = True
        yield Finding(MANIFEST, origin, False, odd)
    if not wrong:
        words = f"{len(first)} parties; each log holds the same manifest and is signed with the keys it names"
        yield Finding(MANIFEST, "manifest", True, words)


def _odd_regimes(made: Together) -> Iterator[tuple[str, str]]:
    """(origin, words) of logs with statements under a regime that their party never logged."""
    named: dict[str, set[str]] = {}
    for one in made.said():
        if isinstance(one.body, Agreement):
            named.setdefault(one.party, set()).add(sha256(one.body.regime_text.encode()).hexdigest())
    odd: dict[str, list[Said]] = {}
    for one in made.said():
        if one.statement.regime not in named.get(one.party, ()):
            odd.setdefault(one.entry.origin, []).append(one)
    for origin, found in sorted(odd.items()):
        first = min(one.entry.index for one in found)
        yield origin, f"{len(found)} statements, entry {first} first, are under a regime that it never logged"


def officers(made: Together) -> tuple[list[Verified], list[Finding]]:
    """P9: (votes and floors that have the hands they need, findings). What lacks them binds nobody."""
    said, registry = made.said(), made.registry
    cast, left_out = registry.counted(one for one in said if one.kind in ("vote", "floor"))
    if registry.empty:
        return cast, []
    other = registry.counted(one for one in said if one.kind not in ("vote", "floor"))[1]
    found = [Finding(OFFICERS, "officers", False, why) for why in (*registry.refused, *left_out, *other)]
    count = sum(len(held) for held in registry.rosters.values())
    words = f"{count} rosters in force; every statement that needs officers' hands has them"
    return cast, found or [Finding(OFFICERS, "officers", True, words)]


def changes(made: Together) -> Iterator[Finding]:
    """P11: where logs ended, what followed them, and who noted it."""
    yield from (Finding(EPOCHS, "epochs", False, why) for why in made.epochs.refused)
    for origin, log in sorted(made.opened.items()):
        if made.party(origin) and epoch_of(origin) and origin not in made.epochs.keys and log.said:
            yield Finding(EPOCHS, origin, False, f"no succession that counts opens {origin}: it binds nobody (K3)")
    for old, new in sorted(made.epochs.follows.items()):
        end = made.epochs.ends[old]
        held = made.opened[old].mirror if old in made.opened else None
        beyond = max(0, held.size - end) if held is not None else 0
        more = f"; {beyond} entries beyond bind nobody" if beyond else ""
        noted = sorted(party for origin, party in made.epochs.receipted if origin == old)
        who = f", noted by {', '.join(noted)}" if noted else ", not noted by any partner yet"
        yield Finding(EPOCHS, old, True, f"{old} ended at {end} entries and {new} follows it{who}{more}")


def decisions(made: Together, cast: Sequence[Verified]) -> Iterator[Finding]:
    """P8: every proposal decided again, under the regime that it names, by the votes and receipts in the logs."""
    said, receipts, agreed = made.said(), made.receipts(), _regimes(made)
    binding = [one for one in said if one.kind in ("vote", "floor")]
    held = [log.mirror for origin, log in made.opened.items() if made.party(origin)]
    mirrors = [mirror for mirror in held if mirror is not None]
    now = [Party(name=one.party, origin=one.origin, epoch=0) for one in made.agreement.parties]
    logs = [
        Party(name=made.party(origin), origin=origin, epoch=epoch_of(origin))
        for origin in made.opened
        if made.party(origin)
    ]
    for one in said:
        if not isinstance(one.body, Proposal | Measure):
            continue
        what = "proposal" if isinstance(one.body, Proposal) else f"measure ({measure_kind(one.body)})"
        regime = agreed.get(one.body.policy_sha256)
        if regime is None:
            words = f"{what} {one.entry.sha256[:8]}: under a regime that not every party has logged"
            yield Finding(DECISIONS, one.party, False, words)
            continue
        there = parties_about(one.entry, [*binding, one], now, logs)
        found = decision(one.entry, cast, receipts, there, regime)
        words = f"{what} {one.entry.sha256[:8]}: {wording(found)}"
        yield Finding(DECISIONS, one.party, found.status != "DISPUTED", words)
        if isinstance(one.body, Measure):
            continue
        if any(log.pruned for log in made.opened.values()):
            words = "its common picture cannot be computed again: tracks were dropped, as agreed"
            yield Finding(DECISIONS, one.party, True, words)
            continue
        if len(mirrors) < len(held):
            words = "its common picture cannot be computed again from a bundle: that takes the whole logs"
            yield Finding(DECISIONS, one.party, True, words)
            continue
        yield _picture(one, one.body, mirrors)


def seals(made: Together) -> Iterator[Finding]:
    """P12: openings of sealed observations fit the seals that they name."""
    for origin, log in sorted(made.opened.items()):
        if made.party(origin):
            for opening, seal, fits in openings(log.said):
                yield Finding(OPENINGS, origin, fits, in_words(opening, seal, fits))


def group_logs(made: Together) -> Iterator[Finding]:
    """P15: a group's log is signed with the keys that `shared` names, and every hidden head there is one of it."""
    opened = list(_opened_heads(made))
    yield from (Finding(GROUPS, place, ok, words) for place, _, ok, words in opened)
    for origin, log in sorted(made.opened.items()):
        shared, group = split_group(origin)
        if not group or not made.party(shared) or log.mirror is None or shared not in made.opened:
            continue
        said = made.opened[shared].said
        named = [one.body for one in said if isinstance(one.body, GroupLog) and one.body.group == group][:1]
        if not named or set(named[0].log_keys) != log.keys:
            yield Finding(GROUPS, origin, False, f"{origin}: signed with other keys than {shared} names for it")
        first = log.said[0].body if log.said and log.said[0].entry.index == 0 else None
        if not isinstance(first, GroupSecret):
            yield Finding(GROUPS, origin, False, f"{origin}: it does not begin with its secret")
            continue
        hidden = [(one.entry.index, one.body) for one in said if isinstance(one.body, HiddenHead)]
        heads = Heads(waiting=deque((index, body.commitment) for index, body in hidden if body.group == group))
        count, size = len(heads.waiting), log.mirror.size
        wrong = heads.check(GroupTree(shared, group, first.secret, size, log.mirror.held.tree.root_at))
        most = max((head.size for _, head, ok, _ in opened if ok and head.origin == origin), default=0)
        if most > size:
            wrong.append(f"{origin}: cut back to {size} entries; an opened head in {shared} is of {most}")
        elif heads.waiting:
            beyond = f"{len(heads.waiting)} of {count} heads in {shared} are of more entries than are shown"
            wrong.append(f"{origin}: {beyond}")
        yield from (Finding(GROUPS, origin, False, words) for words in wrong)
        if not wrong:
            yield Finding(GROUPS, origin, True, f"{origin}: all {count} hidden heads in {shared} are heads of this log")


def _opened_heads(made: Together) -> Iterator[tuple[str, HeadOpening, bool, str]]:
    """(the log that holds the head, its opening, whether that fits, the same in words) where that log is here."""
    for one in made.said():
        head = one.body
        for place in one.statement.references:
            log = made.opened.get(place.origin)
            if not isinstance(head, HeadOpening) or place.role != "opens" or log is None or not made.party(log.origin):
                continue
            name = (place.index, place.sha256)
            hidden = next((said.body for said in log.said if (said.entry.index, said.entry.sha256) == name), None)
            fits = isinstance(hidden, HiddenHead) and head_opens(place.origin, hidden, head)
            words = f"the head hidden in entry {place.index} of {place.origin}"
            told = f"{words} is of {head.size} entries of its log of group {head.group}"
            yield place.origin, head, fits, told if fits else f"{one.party} opens {words} with what it does not hold"


def retention(made: Together) -> Iterator[Finding]:
    """P13: what was dropped was agreed by every party, and its bundle is the one that was agreed."""
    said: dict[str, list[Said]] = {}
    for one in made.said():
        said.setdefault(one.party, []).append(one)
    for origin, log in sorted(made.opened.items()):
        if log.pruned is None:
            continue
        terms = agreed(said, [one.party for one in made.parties.values()], origin)
        named = (log.pruned.before_index, log.pruned.bundle_sha256)
        ok = any((one.before_index, one.bundle_sha256) == named for one in terms)
        words = f"entries before {log.pruned.before_index} were dropped; "
        words += "every party agreed, and what is kept is what was agreed" if ok else "not every party agreed to that"
        yield Finding(RETENTION, origin, ok, words)


def _regimes(made: Together) -> dict[str, Regime]:
    """Regimes that every party has logged, by hash: before and after each amendment."""
    logged: dict[str, dict[str, str]] = {one.party: {} for one in made.parties.values()}
    found: dict[str, Regime] = {}
    for one in made.said():
        if isinstance(one.body, Agreement):
            try:
                regime = regimes.load(one.body.regime_text.encode(), "a logged regime")
            except TocsinError:
                continue
            found[regime.sha256] = regime
            logged[one.party][regime.sha256] = one.party
    shown = [hashes for party, hashes in logged.items() if any(made.party(o) == party for o in made.opened)]
    return {digest: regime for digest, regime in found.items() if all(digest in hashes for hashes in shown)}


def _picture(said: Said, body: Proposal, mirrors: Sequence[Mirror]) -> Finding:
    """Recompute the common picture that a proposal names."""
    sizes = {head.origin: head.size for head in body.picture.heads}
    entries = (entry for one in mirrors for entry in one.held.stream(0, sizes.get(one.origin, 0)))
    picture = common_picture(entries, body.picture.as_of_tai_us * 1_000)
    ok = picture.digest == body.picture.digest
    words = "has the digest that was signed" if ok else "has ANOTHER digest than the one that was signed"
    return Finding(DECISIONS, said.party, ok, f"its common picture, computed again from both logs, {words}")
