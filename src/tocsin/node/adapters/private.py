"""What never leaves the centre, on disk: what was withheld and why, and refused bytes as they came."""

import hashlib
import json
from collections import deque
from contextlib import suppress
from pathlib import Path

from tocsin.node.config import PrivateRecord

MAX_LINES = 100_000  # of evidence, about one source: some 30 MB
COUNT_EVERY = 1_000
REMEMBERED = 200
MAX_KEPT_BYTES = 64 * 1024 * 1024  # from one source: nobody can use up the room for what others sent
MAX_WORDS = 2_000  # of one line
BLOCK_BYTES = 4_096  # what a file takes up at least


class PrivateFolder:
    """`node.config.PrivateRecord` in a folder. A full disk here is told once and never stops the centre."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lines, self._kept = _told_of(folder)
        (folder / "evidence").mkdir(parents=True, exist_ok=True)

    def withheld(self, t_tai_ns: int, what: str, why: str) -> None:
        """One line of `withheld.jsonl`."""
        self._line("withheld.jsonl", {"t_tai_ns": t_tai_ns, "what": what, "why": why})

    def evidence(self, t_tai_ns: int, source: str, message: str, data: bytes) -> None:
        """One line of `evidence.jsonl`, and the bytes in a file named by their hash.

        Beyond MAX_LINES about one source they are only counted: now and then a line says how many there were. Beyond
        MAX_KEPT_BYTES of disk their bytes are not kept, but named by their hash. Both hold over all starts.
        """
        count = self._lines[source] = self._lines.get(source, 0) + 1
        if count > MAX_LINES:
            if count % COUNT_EVERY == 0:
                words = f"{count} refusals so far; each was kept up to {MAX_LINES}, since then they are counted"
                self._line("evidence.jsonl", {"t_tai_ns": t_tai_ns, "from": source, "why": words, "so_far": count})
            return
        name = hashlib.sha256(data).hexdigest()
        self._line("evidence.jsonl", {"t_tai_ns": t_tai_ns, "from": source, "why": message[:MAX_WORDS], "bytes": name})
        kept = self._kept.get(source, 0) + _room(len(data))
        file = self._folder / "evidence" / name
        if not data or kept > MAX_KEPT_BYTES or file.exists():
            return
        self._kept[source] = kept
        try:
            file.write_bytes(data)
        except OSError:
            return  # a full disk: the line above says what it was

    def _line(self, file: str, record: dict[str, object]) -> None:
        try:
            with (self._folder / file).open("a", encoding="utf-8") as out:
                out.write(json.dumps(record, ensure_ascii=False) + "\n")
        except OSError:
            return  # the record of refusals must not become a reason to stop


class Remembered:
    """A private record whose latest evidence is kept in memory too, for the verify panel."""

    def __init__(self, inner: PrivateRecord) -> None:
        self._inner = inner
        self.evidence_notes: deque[tuple[int, str, str, bytes]] = deque(maxlen=REMEMBERED)

    def withheld(self, t_tai_ns: int, what: str, why: str) -> None:
        """As the record's."""
        self._inner.withheld(t_tai_ns, what, why)

    def evidence(self, t_tai_ns: int, source: str, message: str, data: bytes) -> None:
        """As the record's."""
        self.evidence_notes.append((t_tai_ns, source, message, data))
        self._inner.evidence(t_tai_ns, source, message, data)


def _told_of(folder: Path) -> tuple[dict[str, int], dict[str, int]]:
    """How many refusals about each source the folder tells of, and the room that their bytes take up.

    What cannot be read counts for nobody.
    """
    lines: dict[str, int] = {}
    kept: dict[str, int] = {}
    counted: set[str] = set()
    with suppress(OSError, UnicodeDecodeError), (folder / "evidence.jsonl").open(encoding="utf-8") as told:
        for line in told:
            try:
                record = json.loads(line)
                source, so_far, name = str(record["from"]), record.get("so_far"), record.get("bytes")
                lines[source] = max(lines.get(source, 0) + 1, int(so_far or 0))
            except (ValueError, KeyError, TypeError, AttributeError):
                continue
            if isinstance(name, str) and name not in counted:
                counted.add(name)
                kept[source] = kept.get(source, 0) + _room_of(folder / "evidence" / name)
    return lines, kept


def _room(size: int) -> int:
    """Bytes of disk that a file of `size` bytes takes up."""
    return -(-size // BLOCK_BYTES) * BLOCK_BYTES


def _room_of(file: Path) -> int:
    try:
        return _room(file.stat().st_size)
    except (OSError, ValueError):
        return 0
