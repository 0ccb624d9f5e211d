"""`tocsin verify` and `tocsin fsck`: offline, without keys of one's own, without the tracker."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import msgspec
from rich.console import Console

from tocsin.errors import BadEvidence
from tocsin.log.checkpoint import parse_checkpoint
from tocsin.log.damage import Report
from tocsin.log.merkle import leaf_hash
from tocsin.log.note import parse_note
from tocsin.log.tiles import WIDTH, TileName, encode_bundle
from tocsin.node.adapters.tilefiles import folder_reader, read_file, unpacked, write_file
from tocsin.node.audit import STEP_ENTRIES, STEP_LOG, STEPS, Exported, Verdict, audit
from tocsin.node.audit_bundle import audit_bundle
from tocsin.node.audit_steps import Finding, Pruned
from tocsin.node.citing import CITATIONS


def verify(
    path: Path, *, policy: tuple[Path, ...] = (), cited: tuple[Path, ...] = (), quiet: bool = False
) -> int:
    """Check logs, receipts and decisions, below a folder or in a bundle, offline. Exit 0 only if all is as signed.

    Logs that lie in one folder of a run are checked together, so that decisions can be computed again.

    Parameters
    ----------
    path
        Folder of one log, of one run, or of many runs; or a bundle, as the console gives for a proposal.
    policy
        For a bundle: policy files with the keys of its logs and mirrors. Without them the keys that the bundle's own
        agreement names are used, and the verdict says so.
    cited
        Files that a decision in it is said to cite: each must be one that was logged, byte for byte, and a bound proof
        must hold.
    quiet
        Print the verdict only.
    """
    if not path.exists():
        print(f"tocsin: {path}: no such folder; one with the files of a log was expected", file=sys.stderr)
        return 2
    console = Console(highlight=False)
    files = {str(one): unpacked(one, "a file that a decision cites") for one in cited}
    if path.is_file():
        return _verify_file(console, path, policy, files, quiet=quiet)
    verdicts = verify_folder(path, files)
    if not verdicts:
        print(f"tocsin: {path}: no log here; files named checkpoint and policy were expected below it", file=sys.stderr)
        return 2
    for name, verdict in verdicts.items():
        show(console, name, verdict, quiet=quiet)
    return 0 if all(verdict.ok for verdict in verdicts.values()) else 1


def _verify_file(
    console: Console, path: Path, policies: Sequence[Path], files: Mapping[str, bytes], *, quiet: bool
) -> int:
    data = read_file(path, "a bundle")
    if data.startswith(b"PK"):
        print(f"tocsin: {path}: a zip; unpack it and verify the folder", file=sys.stderr)
        return 2
    found = audit_bundle(path.name, data, [read_file(one, "the keys of a log") for one in policies], files)
    found.findings += bound_proofs(files)
    show(console, str(path), found, quiet=quiet)
    return 0 if found.ok else 1


def verify_folder(path: Path, files: Mapping[str, bytes] = MappingProxyType({})) -> dict[str, Verdict]:
    """Verdict for every run below `path`, by the name of its folder; `files` must be cited in each."""
    runs: dict[Path, list[Path]] = {}
    for folder in logs_below(path):
        runs.setdefault(_run_of(folder, path), []).append(folder)
    verdicts = {str(run): audit([exported(one, run) for one in folders], files) for run, folders in runs.items()}
    for verdict in verdicts.values():
        verdict.findings += bound_proofs(files)
    return verdicts


def bound_proofs(files: Mapping[str, bytes]) -> list[Finding]:
    """What the stand-alone checker says of each bound proof among the files."""
    found = []
    for name, data in files.items():
        if b'"tocsin-bound-proof/' in data[:200]:
            from tocsin.assure import check  # brings a compiler along

            said = check(data)
            words = f"a bound proof that holds ({said.leaves} leaves): {said.claim}" if said.accepted else said.why
            found.append(Finding(CITATIONS, name, said.accepted, words))
    return found


def logs_below(path: Path) -> list[Path]:
    """Folders of exported logs at or below `path`."""
    return [file.parent for file in sorted(path.rglob("checkpoint")) if (file.parent / "policy").is_file()]


def _run_of(folder: Path, top: Path) -> Path:
    """A run holds PARTY/GROUP/checkpoint: two levels up, but never above what was asked for."""
    two_up = folder.parent.parent
    return two_up if top in (two_up, *two_up.parents) else top


def exported(folder: Path, run: Path) -> Exported:
    """One log's files."""
    note = read_file(folder / "checkpoint", "a signed checkpoint")
    policy = read_file(folder / "policy", "the keys of the log")
    receipts = folder / "receipts"
    files = sorted(receipts.iterdir()) if receipts.is_dir() else []
    notes = {f"receipts/{file.name}": file.read_bytes() for file in files}
    name = str(folder.relative_to(run)) if folder != run else folder.name
    pruned, kept = folder / "pruned", folder / "kept.bundle"
    dropped = _pruned(pruned) if pruned.exists() else None
    data = kept.read_bytes() if dropped is not None and kept.exists() else b""
    return Exported(name, policy, note, notes, folder_reader(folder, _size(note)), dropped, data)


def dropped_before(folder: Path) -> int:
    """Entries before this one were dropped from an exported log."""
    return _pruned(folder / "pruned").before_index if (folder / "pruned").exists() else 0


def _pruned(path: Path) -> Pruned:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Pruned)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadEvidence(f"{path}: what was dropped, in a form that cannot be read: {error}") from error


def _size(note: bytes) -> int:
    try:
        return parse_checkpoint(parse_note(note).text).size
    except BadEvidence:
        return 0  # the audit says what is wrong with it


def show(console: Console, name: str, verdict: Verdict, *, quiet: bool = False) -> None:
    """Print a verdict, step by step."""
    console.print(f"[bold]{name}[/bold]", markup=True)
    shown: set[str] = set()
    for finding in () if quiet else verdict.findings:
        if finding.step not in shown:
            shown.add(finding.step)
            console.print(f"  {finding.step}: {STEPS.get(finding.step, '')}", markup=False, soft_wrap=True, style="dim")
        mark = "ok  " if finding.ok else "FAIL"
        console.print(f"  {mark} {finding.step:6} {finding.log}: {finding.words}", markup=False, soft_wrap=True)
    console.print(f"  {verdict.words}", markup=False, soft_wrap=True)


def fsck(path: Path, *, repair: bool = False, copy: Path | None = None) -> int:
    """Check one stored log entry by entry and say where it is damaged; put right what can be proved right.

    Parameters
    ----------
    path
        Folder of one log, with files checkpoint and policy.
    repair
        Put back damaged tiles from the entries; with --copy, damaged entries too.
    copy
        Folder of another copy of the same log (a partner's mirror). What it gives is used only if it is as signed.
    """
    from tocsin.log.fsck import fsck as check
    from tocsin.log.policy import parse_policy

    if (path / "pruned").exists():
        return _fsck_pruned(path)
    note = read_file(path / "checkpoint", "a signed checkpoint")
    policy = parse_policy(read_file(path / "policy", "the keys of the log"))
    head = parse_checkpoint(parse_note(note).text)
    keys = policy.log_keys(head.origin)
    report = check(folder_reader(path, head.size), note, keys)
    print(report.words)
    if report.ok or not repair:
        return 0 if report.ok else 1
    if copy is not None:
        _fetch(path, copy, head.size, report, check(folder_reader(copy, head.size), note, keys))
        report = check(folder_reader(path, head.size), note, keys)
    for (level, index), data in report.repair.items():
        write_file(path / TileName(level, index, len(data) // 32).path, data)
    report = check(folder_reader(path, head.size), note, keys)
    print(f"After repair: {report.words}")
    return 0 if report.ok else 1


GONE = "Entries were dropped from it, as its file `pruned` says; it is not repaired here."


def _fsck_pruned(path: Path) -> int:
    """What was dropped by agreement is no damage; everything else must be there, and as signed."""
    found = audit([exported(path, path)])
    bad = [one.words for one in found.findings if one.step in (STEP_LOG, STEP_ENTRIES) and not one.ok]
    good = [one.words for one in found.findings if one.step == STEP_ENTRIES]
    print("\n".join([*(bad or good), GONE]))
    return 1 if bad else 0


def _fetch(path: Path, copy: Path, size: int, report: Report, other: Report) -> None:
    """Damaged bundles of entries from a copy, where the copy is as our checkpoint signs it (`other`)."""
    theirs = folder_reader(copy, size)
    for damage in report.damages:
        if damage.kind not in ("entry", "bundle"):
            continue
        for index in range(damage.first // WIDTH, -(-damage.end // WIDTH)):
            first, width = index * WIDTH, min(WIDTH, size - index * WIDTH)
            entries = theirs.entries(first, first + width)
            hashes = b"".join(leaf_hash(one) for one in entries)
            spoilt = any(one.first < first + width and one.end > first for one in other.damages)
            if len(entries) == width and not spoilt:
                write_file(path / TileName(None, index, width).path, encode_bundle(entries))
                write_file(path / TileName(0, index, width).path, hashes)
