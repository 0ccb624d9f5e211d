"""Offline verification of exported logs, without a network and without the tracker: what `tocsin verify` says.

Proof steps are those of docs/protocol.md; each finding names its step. Verified means authentic, unaltered, as held.
It never means true.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tocsin import regime as regimes
from tocsin.decide import Party, Receipt, decision, wording
from tocsin.errors import BadEvidence, TocsinError
from tocsin.fuse import common_picture
from tocsin.log.checkpoint import parse_checkpoint
from tocsin.log.fsck import fsck
from tocsin.log.keys import VerifierKey
from tocsin.log.memory import ManualClock, MemoryCells
from tocsin.log.note import parse_note
from tocsin.log.policy import Policy, parse_policy
from tocsin.log.ports import LogReader, TileId
from tocsin.mirror import Mirror, Verified, verify_receipt
from tocsin.mirror.state import State, state_cell
from tocsin.node.custody.roster import registry_of
from tocsin.node.record import Said, read
from tocsin.wire.bodies import Agreement, Heartbeat, Proposal, Tracklet
from tocsin.wire.errors import WireError

STEP_LOG, STEP_ENTRIES, STEP_RECEIPTS, STEP_STATEMENTS, STEP_DECISIONS = "P1-P3", "P4-P5", "P6", "P7", "P8"
STEP_OFFICERS = "P9"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the verdict. `step` is the proof step of docs/protocol.md."""

    step: str
    log: str
    ok: bool
    words: str


@dataclass(frozen=True, slots=True)
class Exported:
    """One log as an auditor finds it: the files beside the tiles, and a reader over the tiles."""

    name: str
    policy: bytes
    checkpoint: bytes
    receipts: Mapping[str, bytes]
    reader: LogReader


@dataclass(slots=True)
class Verdict:
    """Everything that was found."""

    findings: list[Finding] = field(default_factory=list)
    entries: int = 0
    logs: int = 0

    @property
    def ok(self) -> bool:
        """Whether every step of every log passed."""
        return self.logs > 0 and all(finding.ok for finding in self.findings)

    @property
    def words(self) -> str:
        """The verdict in one sentence."""
        if not self.logs:
            return "No log was found here, so nothing was verified."
        if self.ok:
            return f"Verified: {self.logs} logs, {self.entries} entries, all authentic, unaltered and as held."
        bad = [finding for finding in self.findings if not finding.ok]
        return f"Not verified: {len(bad)} of {len(self.findings)} checks failed; the first: {bad[0].words}"


class _Shown:
    """`mirror.ports.MirrorStore` over an exported log: it is read, never written."""

    def __init__(self, reader: LogReader) -> None:
        self.entries = reader.entries
        self.tile = reader.tile

    def put_entries(self, start: int, entries: Sequence[bytes]) -> None:
        raise AssertionError(f"an audit writes nothing, here {len(entries)} entries from {start}")

    def put_tiles(self, tiles: Mapping[TileId, bytes]) -> None:
        raise AssertionError(f"an audit writes nothing, here {len(tiles)} tiles")

    def sync(self) -> None:
        raise AssertionError("an audit writes nothing")

    def put_receipt(self, size: int, note: bytes) -> None:
        raise AssertionError(f"an audit writes nothing, here {len(note)} bytes of a receipt for {size}")

    def first_receipt(self, above: int) -> tuple[int, bytes] | None:
        del above  # receipts are files of their own here
        return None


@dataclass(slots=True)
class _Opened:
    mirror: Mirror | None
    said: list[Said]
    receipts: list[Receipt]


def audit(logs: Sequence[Exported]) -> Verdict:
    """Check logs that belong together (one run, or one pair of centres)."""
    verdict = Verdict()
    opened: dict[str, _Opened] = {}
    for log in logs:
        verdict.logs += 1
        try:
            origin, found = _open(log, verdict)
            opened[origin] = found
        except TocsinError as error:
            verdict.findings.append(Finding(STEP_LOG, log.name, False, f"{log.name}: {error}"))
    _decisions(opened, verdict)
    return verdict


def _open(log: Exported, verdict: Verdict) -> tuple[str, _Opened]:
    policy = parse_policy(log.policy)
    signed = policy.open(log.checkpoint)
    head = signed.checkpoint
    keys = policy.log_keys(head.origin)
    words = f"{head.origin}: checkpoint of {head.size} entries, signed"
    verdict.findings.append(Finding(STEP_LOG, log.name, True, words))
    report = fsck(log.reader, log.checkpoint, keys)
    verdict.findings.append(Finding(STEP_ENTRIES, log.name, report.ok, report.words))
    if not report.ok:
        return head.origin, _Opened(None, [], [])
    verdict.entries += head.size
    mirror = _mirror(log, head.origin, keys)
    receipts = _receipts(log, policy, keys, verdict)
    said = _statements(log, head.origin, mirror.held.stream(0, head.size), verdict)
    return head.origin, _Opened(mirror, said, receipts)


def _mirror(log: Exported, origin: str, keys: Sequence[VerifierKey]) -> Mirror:
    """A mirror that stands at the checked checkpoint; its entries are read from the files as they are asked for.

    Each is held against the signed tree again when it is read, so that a large log is never in memory as a whole.
    """
    cells = MemoryCells({state_cell(origin): State(0, log.checkpoint).encode()})
    return Mirror(origin, keys, _Shown(log.reader), cells, ManualClock())


def _receipts(log: Exported, policy: Policy, keys: Sequence[VerifierKey], verdict: Verdict) -> list[Receipt]:
    found = []
    for name, note in (("checkpoint", log.checkpoint), *sorted(log.receipts.items())):
        for mirror, mirror_keys in sorted(policy.cosigners.items()):
            try:
                found.append(_receipt(note, keys, mirror, mirror_keys))
            except BadEvidence as error:
                verdict.findings.append(Finding(STEP_RECEIPTS, log.name, False, f"{log.name}/{name}: {error}"))
    if policy.cosigners:
        words = f"{len(found)} receipts by {', '.join(sorted(policy.cosigners))}"
        verdict.findings.append(Finding(STEP_RECEIPTS, log.name, bool(found), words))
    return found


def _receipt(note: bytes, keys: Sequence[VerifierKey], mirror: str, mirror_keys: Sequence[VerifierKey]) -> Receipt:
    time_s = verify_receipt(note, keys, mirror_keys)
    head = parse_checkpoint(parse_note(note).text)
    return Receipt(cosigner=mirror, origin=head.origin, size=head.size, root=head.root.hex(), time_s=time_s)


def _statements(log: Exported, origin: str, entries: Iterable[Verified], verdict: Verdict) -> list[Said]:
    said, read_count, unread = [], 0, 0
    for entry in entries:
        try:
            one = read(origin, entry)
            read_count += 1
            if not isinstance(one.body, Tracklet | Heartbeat) or one.statement.signatures:
                said.append(one)
        except WireError:
            unread += 1
    words = f"{read_count} statements read" + (f", {unread} of a kind or version unknown here" if unread else "")
    verdict.findings.append(Finding(STEP_STATEMENTS, log.name, True, words))
    return said


def _decisions(opened: dict[str, _Opened], verdict: Verdict) -> None:
    said = [one for log in opened.values() for one in log.said]
    agreements = [one.body for one in said if isinstance(one.body, Agreement)]
    if not agreements:
        return
    agreement = agreements[0]
    parties = [Party(name=party.party, origin=party.origin, epoch=0) for party in agreement.parties]
    names = {key.split("+", 1)[0]: party.party for party in agreement.parties for key in party.mirror_keys}
    regime = regimes.load(agreement.regime_text.encode(), "the logged regime")
    receipts = [_named(one, names) for log in opened.values() for one in log.receipts if one.cosigner in names]
    votes = _signed_by_officers(said, {party.origin: party.name for party in parties}, verdict)
    held = [opened[party.origin].mirror for party in parties if party.origin in opened]
    mirrors = [mirror for mirror in held if mirror is not None]
    for one in said:
        if isinstance(one.body, Proposal):
            found = decision(one.entry, votes, receipts, parties, regime)
            words = f"proposal {one.entry.sha256[:8]}: {wording(found)}"
            verdict.findings.append(Finding(STEP_DECISIONS, one.party, found.status != "DISPUTED", words))
            verdict.findings.append(_picture(one, one.body, mirrors))


def _signed_by_officers(said: Sequence[Said], names: Mapping[str, str], verdict: Verdict) -> list[Verified]:
    """Votes and floors that have the hands their party's roster asks for; what lacks them binds nobody."""
    named = [replace(one, party=names[one.party]) for one in said if one.party in names]
    registry = registry_of(named, names.values())
    cast, left_out = registry.counted(one for one in named if one.kind in ("vote", "floor"))
    if not registry.empty:
        other = registry.counted(one for one in named if one.kind not in ("vote", "floor"))[1]
        count = sum(len(held) for held in registry.rosters.values())
        words = f"{count} rosters in force; every statement that needs officers' hands has them"
        for why in (*registry.refused, *left_out, *other):
            verdict.findings.append(Finding(STEP_OFFICERS, "officers", False, why))
        if not (registry.refused or left_out or other):
            verdict.findings.append(Finding(STEP_OFFICERS, "officers", True, words))
    return cast


def _picture(said: Said, body: Proposal, mirrors: Sequence[Mirror]) -> Finding:
    """Recompute the common picture that a proposal names."""
    sizes = {head.origin: head.size for head in body.picture.heads}
    entries = (entry for one in mirrors for entry in one.held.stream(0, sizes.get(one.origin, 0)))
    picture = common_picture(entries, body.picture.as_of_tai_us * 1_000)
    ok = picture.digest == body.picture.digest
    words = "has the digest that was signed" if ok else "has ANOTHER digest than the one that was signed"
    return Finding(STEP_DECISIONS, said.party, ok, f"its common picture, computed again from both logs, {words}")


def _named(receipt: Receipt, names: Mapping[str, str]) -> Receipt:
    return Receipt(
        cosigner=names[receipt.cosigner],
        origin=receipt.origin,
        size=receipt.size,
        root=receipt.root,
        time_s=receipt.time_s,
    )
