"""`tocsin log show|tail|prove`: read an exported log, each entry checked against the signed checkpoint first."""

from dataclasses import dataclass
from pathlib import Path

import msgspec
from cyclopts import App

from tocsin.app.check import dropped_before
from tocsin.errors import BadEvidence, Refusal
from tocsin.log.checkpoint import Checkpoint
from tocsin.log.edge import load_edge
from tocsin.log.errors import TileError
from tocsin.log.policy import parse_policy
from tocsin.log.ports import LogReader
from tocsin.log.proof import TlogProof, open_proof
from tocsin.log.tree import Tree
from tocsin.node.adapters.tilefiles import folder_reader, read_file, write_file
from tocsin.node.record import body_in_words
from tocsin.wire.bodies import body_of
from tocsin.wire.envelope import decode
from tocsin.world.time import utc_text

log = App(name="log", help="Read an exported log; each entry is checked against the checkpoint before it is shown.")
CHUNK = 1_024


@dataclass(frozen=True, slots=True)
class Opened:
    """A log whose checkpoint was verified (P1 to P3); `entries` checks what it returns (P4)."""

    head: Checkpoint
    note: bytes
    reader: LogReader
    tree: Tree
    dropped: int = 0

    def entries(self, start: int, end: int) -> list[bytes]:
        """Entries [start, end). Raises TileError naming the first that is not what was signed."""
        if start < self.dropped:
            raise Refusal(
                f"log {self.head.origin}: entries before {self.dropped} were dropped, as every party agreed; what was "
                f"kept of them is in kept.bundle (L11)"
            )
        found = list(self.reader.entries(start, end))
        if len(found) != end - start:
            raise TileError(f"log {self.head.origin}: entry {start + len(found)} is missing; run tocsin fsck")
        self.tree.check_entries(start, found)
        return found


def open_folder(path: Path) -> Opened:
    """The log in a folder with files checkpoint, policy and tile/. Raises Outage, LogError."""
    note = read_file(path / "checkpoint", "a signed checkpoint")
    policy = parse_policy(read_file(path / "policy", "the keys of the log"))
    head = policy.open(note).checkpoint
    reader = folder_reader(path, head.size)
    edge = load_edge(head.size, reader.tile)
    if edge.root != head.root:
        raise TileError(f"{path}: the tiles do not lead to the signed root; run tocsin fsck", note)
    return Opened(head, note, reader, Tree(edge, reader.tile), dropped_before(path))


@log.command
def show(path: Path, index: int | None = None, *, first: int = 0, last: int | None = None, kind: str = "") -> int:
    """Print entries in words, or one entry as it was logged.

    Parameters
    ----------
    path
        Folder of one exported log.
    index
        Print this entry whole, as JSON.
    first
        First entry to print in words.
    last
        Last entry to print (default: all).
    kind
        Only statements of this kind.
    """
    opened = open_folder(path)
    if index is not None:
        _within(opened, index)
        print(_whole(opened.entries(index, index + 1)[0]))
        return 0
    end = opened.head.size if last is None else min(last + 1, opened.head.size)
    if first < opened.dropped:
        print(f"entries before {opened.dropped} were dropped, as every party agreed; what was kept is in kept.bundle")
        first = opened.dropped
    for start in range(first, end, CHUNK):
        for number, data in enumerate(opened.entries(start, min(start + CHUNK, end)), start):
            line = _line(number, data, kind)
            if line:
                print(line)
    return 0


@log.command
def tail(path: Path, *, lines: int = 20) -> int:
    """Print the checkpoint and the last entries in words.

    Parameters
    ----------
    path
        Folder of one exported log.
    lines
        How many entries.
    """
    opened = open_folder(path)
    head = opened.head
    print(f"{head.origin}: {head.size} entries, root {head.root.hex()}")
    return show(path, first=max(0, head.size - lines))


@log.command
def prove(path: Path, index: int, *, out: Path | None = None) -> int:
    """Write a proof that an entry is in the log (C2SP tlog-proof), for any verifier, offline; and the entry beside it.

    Parameters
    ----------
    path
        Folder of one exported log.
    index
        Number of the entry.
    out
        File for the proof (default: INDEX.tlog-proof here); the entry goes to the same name with .entry.
    """
    opened = open_folder(path)
    _within(opened, index)
    entry = opened.entries(index, index + 1)[0]
    proof = TlogProof(index, tuple(opened.tree.inclusion(index, opened.head.size)), opened.note).encode()
    policy = parse_policy(read_file(path / "policy", "the keys of the log"))
    open_proof(proof, entry, policy.log_keys(opened.head.origin))
    target = out or Path(f"{index}.tlog-proof")
    write_file(target, proof)
    write_file(target.with_suffix(".entry"), entry)
    print(f"{target}: entry {index} of {opened.head.origin} is under its checkpoint of {opened.head.size} (P1 to P4).")
    print("It shows that the entry is authentic and unaltered. It does not show that what it says is true.")
    return 0


def _within(opened: Opened, index: int) -> None:
    if not 0 <= index < opened.head.size:
        raise Refusal(f"entry {index}: this log has entries 0 to {opened.head.size - 1}")


def _whole(data: bytes) -> str:
    """An entry for reading; as it is where it is no JSON."""
    try:
        return msgspec.json.format(data, indent=1).decode()
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return repr(data)


def _line(number: int, data: bytes, kind: str) -> str:
    try:
        statement = decode(data)
        words = body_in_words(body_of(statement), statement.kind)
    except BadEvidence as error:
        return "" if kind else f"{number:7}  {'?':16}  not a statement that is known here: {str(error)[:80]}"
    if kind and statement.kind != kind:
        return ""
    return f"{number:7}  {utc_text(statement.observed.t_tai_us * 1_000)}  {statement.kind:16}  {words}"
