"""Offline verification of exported logs, without a network and without the tracker: what `tocsin verify` says.

Proof steps are those of docs/protocol.md; each finding names its step (`STEPS`). Verified means authentic,
unaltered, as held. It never means true.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from tocsin.decide import Receipt
from tocsin.errors import BadEvidence, TocsinError
from tocsin.log.checkpoint import Checkpoint, parse_checkpoint
from tocsin.log.fsck import fsck
from tocsin.log.keys import VerifierKey
from tocsin.log.memory import ManualClock, MemoryCells
from tocsin.log.note import parse_note
from tocsin.log.policy import Policy, parse_policy
from tocsin.log.ports import LogReader, TileId
from tocsin.mirror import Mirror, Verified, verify_receipt
from tocsin.mirror.pruned import Dropped, dropped_cell
from tocsin.mirror.state import State, state_cell
from tocsin.node.audit_steps import (
    Finding,
    Opened,
    Pruned,
    Together,
    changes,
    decisions,
    group_logs,
    manifest,
    officers,
    retention,
    seals,
    together,
)
from tocsin.node.citing import citations, held_against
from tocsin.node.custody.retention import check_tiles, kept_entries
from tocsin.node.record import Said, read
from tocsin.wire.bodies import Heartbeat, Tracklet
from tocsin.wire.envelope import decode
from tocsin.wire.errors import UnknownKind, WireError

STEP_LOG, STEP_ENTRIES, STEP_RECEIPTS, STEP_STATEMENTS = "P1-P3", "P4-P5", "P6", "P7"
STEPS = {
    "P1-P3": "the signed checkpoint is well formed, and every key of the log signed it",
    "P4-P5": "every entry and tile is what that checkpoint signs: nothing was changed, left out or put in",
    "P6": "partners hold the same entries, and say since when",
    "P7": "the entries are statements, each in its place",
    "P8": "votes and receipts make the decision that is claimed",
    "P9": "officers signed what needs their hands",
    "P10": "every log holds the same manifest of pairing, and is signed with the keys that it names",
    "P11": "logs that ended were followed as the rules have it; what stands beyond their end binds nobody",
    "P12": "what was sealed is what was opened later",
    "P13": "what was left out was agreed to be left out, and is kept in a bundle",
    "P14": "what a decision cites was logged and receipted as it was cited",
    "P15": "logs of release groups are what their parties entered of them, hidden, in their shared logs",
}
"""What each proof step shows (docs/protocol.md). None shows that a statement is true."""


@dataclass(frozen=True, slots=True)
class Exported:
    """One log as an auditor finds it: the files beside the tiles, and a reader over the tiles."""

    name: str
    policy: bytes
    checkpoint: bytes
    receipts: Mapping[str, bytes]
    reader: LogReader
    pruned: Pruned | None = None
    kept: bytes = b""


@dataclass(slots=True)
class Verdict:
    """Everything that was found."""

    findings: list[Finding] = field(default_factory=list)
    entries: int = 0
    logs: int = 0
    proviso: str = ""

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
            return (
                f"Verified: {self.logs} logs, {self.entries} entries, all authentic, unaltered and as held. "
                f"{self.proviso}Whether what they say is true is not for a proof to show."
            )
        bad = [finding for finding in self.findings if not finding.ok]
        first = f"{bad[0].step}: {bad[0].words}"
        return f"Not verified: {len(bad)} of {len(self.findings)} checks failed; the first is {first}"


class _Shown:
    """`mirror.ports.MirrorStore` over an exported log: it is read, never written."""

    def __init__(self, reader: LogReader, kept: Iterable[Verified] = ()) -> None:
        """`kept`: entries of a bundle, in place of those that were dropped."""
        self.entries = reader.entries
        self.tile = reader.tile
        self._kept = {entry.index: entry.data for entry in kept}

    def sparse(self, start: int, end: int) -> Sequence[tuple[int, bytes]]:
        return [(index, self._kept[index]) for index in range(start, end) if index in self._kept]

    def drop_entries(self, numbers: Sequence[int]) -> None:
        raise AssertionError(f"an audit drops nothing, here {len(numbers)} entries")

    def fill_entries(self, rows: Sequence[tuple[int, bytes]]) -> None:
        raise AssertionError(f"an audit writes nothing, here {len(rows)} entries")

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

    def drop_receipts(self, sizes: Sequence[int]) -> None:
        raise AssertionError(f"an audit drops nothing, here {len(sizes)} receipts")


def audit(logs: Sequence[Exported], files: Mapping[str, bytes] = MappingProxyType({})) -> Verdict:
    """Check logs that belong together (one run, or one pair of centres), and `files` that their decisions cite."""
    return audited(logs, files)[0]


def audited(
    logs: Sequence[Exported], files: Mapping[str, bytes] = MappingProxyType({})
) -> tuple[Verdict, Mapping[str, Opened]]:
    """The verdict, and the logs that it is about, by origin."""
    verdict = Verdict()
    opened = _opened(logs, verdict)
    record = together(opened)
    if record is not None:
        cast, found_hands = officers(record)
        verdict.findings += [*manifest(record), *changes(record), *found_hands]
        verdict.findings += [*decisions(record, cast), *citations(record), *seals(record), *retention(record)]
        verdict.findings += group_logs(record)
    verdict.findings += held_against(record, files)
    return verdict, opened


def open_logs(logs: Sequence[Exported]) -> Together | None:
    """The same logs as one record, for commands that ask what parties agreed. Damaged logs are left out."""
    return together(_opened(logs, Verdict()))


def open_mirror(log: Exported) -> Mirror:
    """A log whose every entry that is held is as signed. Raises BadEvidence."""
    verdict = Verdict()
    found = _open(log, verdict)
    if found.mirror is None:
        raise BadEvidence(verdict.words)
    return found.mirror


def _opened(logs: Sequence[Exported], verdict: Verdict) -> dict[str, Opened]:
    opened: dict[str, Opened] = {}
    for log in logs:
        verdict.logs += 1
        try:
            found = _open(log, verdict)
            opened[found.origin] = found
        except TocsinError as error:
            verdict.findings.append(Finding(STEP_LOG, log.name, False, f"{log.name}: {error}"))
    return opened


def statements_of(log: Exported) -> list[Said]:
    """Statements of one log whose entries are as signed; none if they are not."""
    try:
        return _open(log, Verdict()).said
    except TocsinError:
        return []


def _open(log: Exported, verdict: Verdict) -> Opened:
    policy = parse_policy(log.policy)
    signed = policy.open(log.checkpoint)
    head = signed.checkpoint
    keys = policy.log_keys(head.origin)
    words = f"{head.origin}: checkpoint of {head.size} entries, signed by all {len(keys)} keys of the log"
    verdict.findings.append(Finding(STEP_LOG, log.name, True, words))
    if log.pruned is not None:
        return _open_pruned(log, head, policy, keys, verdict)
    report = fsck(log.reader, log.checkpoint, keys)
    verdict.findings.append(Finding(STEP_ENTRIES, log.name, report.ok, report.words))
    texts = frozenset(key.text for key in keys)
    cosigners = frozenset(key.text for one in policy.cosigners.values() for key in one)
    if not report.ok:
        return Opened(head.origin, None, [], [], texts, cosigners)
    verdict.entries += head.size
    mirror = _mirror(log, head.origin, keys)
    receipts = _receipts(log, policy, keys, verdict)
    said = _statements(log, head.origin, mirror.held.stream(0, head.size), verdict)
    return Opened(head.origin, mirror, said, receipts, texts, cosigners)


def _open_pruned(
    log: Exported, head: Checkpoint, policy: Policy, keys: Sequence[VerifierKey], verdict: Verdict
) -> Opened:
    """A log of which entries were dropped: all tiles, the entries that are there, and the bundle in place of others."""
    pruned = log.pruned or Pruned(before_index=1, bundle_sha256="0" * 64)
    check_tiles(log.reader, head, pruned.before_index)
    kept = kept_entries(log.kept, policy, pruned.bundle_sha256, head.origin, pruned.before_index)
    mirror = _mirror(log, head.origin, keys, kept)
    held = head.size - pruned.before_index + len(kept)
    said = _statements(log, head.origin, mirror.held.stream(0, head.size), verdict)
    words = f"{head.origin}: every hash as signed; {held} of {head.size} entries held and as signed"
    verdict.findings.append(Finding(STEP_ENTRIES, log.name, True, words))
    verdict.entries += held
    receipts = _receipts(log, policy, keys, verdict)
    texts = frozenset(key.text for key in keys)
    cosigners = frozenset(key.text for one in policy.cosigners.values() for key in one)
    return Opened(head.origin, mirror, said, receipts, texts, cosigners, pruned)


def _mirror(
    log: Exported, origin: str, keys: Sequence[VerifierKey], kept: Sequence[Verified] = ()
) -> Mirror:
    """A mirror that stands at the checked checkpoint; its entries are read from the files as they are asked for.

    Each is held against the signed tree again when it is read, so that a large log is never in memory as a whole.
    """
    cells = MemoryCells({state_cell(origin): State(0, log.checkpoint).encode()})
    if log.pruned is not None:
        before = log.pruned.before_index
        cells.cells[dropped_cell(origin)] = Dropped(before, before, len(kept), log.pruned.bundle_sha256).encode()
    return Mirror(origin, keys, _Shown(log.reader, kept), cells, ManualClock())


def _receipts(log: Exported, policy: Policy, keys: Sequence[VerifierKey], verdict: Verdict) -> list[Receipt]:
    found = []
    for name, note in (("checkpoint", log.checkpoint), *sorted(log.receipts.items())):
        try:
            policy.open(note)  # the quorum: every partner, under any one epoch of its mirror
        except BadEvidence as error:
            verdict.findings.append(Finding(STEP_RECEIPTS, log.name, False, f"{log.name}/{name}: {error}"))
            continue
        named = {line.name for line in parse_note(note).signatures}
        for mirror, mirror_keys in sorted(policy.cosigners.items()):
            if mirror in named:
                found.append(_receipt(note, keys, mirror, mirror_keys))
    if policy.cosigners:
        words = f"{len(found)} receipts by {', '.join(sorted(policy.cosigners))}"
        verdict.findings.append(Finding(STEP_RECEIPTS, log.name, bool(found), words))
    return found


def _receipt(note: bytes, keys: Sequence[VerifierKey], mirror: str, mirror_keys: Sequence[VerifierKey]) -> Receipt:
    time_s = verify_receipt(note, keys, mirror_keys)
    head = parse_checkpoint(parse_note(note).text)
    return Receipt(cosigner=mirror, origin=head.origin, size=head.size, root=head.root.hex(), time_s=time_s)


def _statements(log: Exported, origin: str, entries: Iterable[Verified], verdict: Verdict) -> list[Said]:
    said, read_count, unread, closed = [], 0, 0, 0
    for entry in entries:
        try:
            one = read(origin, entry)
            read_count += 1
            if not isinstance(one.body, Tracklet | Heartbeat) or one.statement.signatures:
                said.append(one)
        except UnknownKind:
            confidential = decode(entry.data).encryption is not None
            closed, unread = closed + confidential, unread + (not confidential)
        except WireError:
            unread += 1
    words = f"{read_count} statements read"
    words += f", {closed} for some parties alone, held and not read" if closed else ""
    words += f", {unread} of a kind or version unknown here" if unread else ""
    verdict.findings.append(Finding(STEP_STATEMENTS, log.name, True, words))
    return said
