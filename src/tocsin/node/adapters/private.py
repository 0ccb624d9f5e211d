"""What never leaves the centre, on disk: what was withheld and why, and refused bytes as they came."""

import hashlib
import json
from collections import deque
from pathlib import Path

from tocsin.node.config import PrivateRecord

MAX_LINES = 100_000  # of evidence, about one source: some 30 MB
COUNT_EVERY = 1_000
REMEMBERED = 200
MAX_KEPT_BYTES = 64 * 1024 * 1024  # from one source: nobody can use up the room for what others sent


class PrivateFolder:
    """`node.config.PrivateRecord` in a folder. A full disk here is told once and never stops the centre."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, int] = {}
        self._lines = _lines_of(folder / "evidence.jsonl")
        (folder / "evidence").mkdir(parents=True, exist_ok=True)

    def withheld(self, t_tai_ns: int, what: str, why: str) -> None:
        """One line of `withheld.jsonl`."""
        self._line("withheld.jsonl", {"t_tai_ns": t_tai_ns, "what": what, "why": why})

    def evidence(self, t_tai_ns: int, source: str, message: str, data: bytes) -> None:
        """One line of `evidence.jsonl`, and the bytes in a file named by their hash.

        Beyond MAX_LINES about one source they are only counted: now and then a line says how many there were.
        """
        count = self._lines[source] = self._lines.get(source, 0) + 1
        if count > MAX_LINES:
            if count % COUNT_EVERY == 0:
                words = f"{count} refusals so far; each was kept up to {MAX_LINES}, since then they are counted"
                self._line("evidence.jsonl", {"t_tai_ns": t_tai_ns, "from": source, "why": words, "so_far": count})
            return
        name = hashlib.sha256(data).hexdigest()
        self._line("evidence.jsonl", {"t_tai_ns": t_tai_ns, "from": source, "why": message, "bytes": name})
        kept = self._kept.get(source, 0) + len(data)
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


def _lines_of(file: Path) -> dict[str, int]:
    """How many refusals about each source a file tells of; what cannot be read counts for nobody."""
    found: dict[str, int] = {}
    try:
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                try:
                    record = json.loads(line)
                    source, so_far = str(record["from"]), record.get("so_far")
                except (ValueError, KeyError, TypeError, AttributeError):
                    continue
                found[source] = max(found.get(source, 0) + 1, int(so_far or 0))
    except (OSError, UnicodeDecodeError):
        return found
    return found
