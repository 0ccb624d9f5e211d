"""What never leaves the centre, on disk: what was withheld and why, and refused bytes as they came."""

import hashlib
import json
from pathlib import Path

MAX_KEPT_BYTES = 64 * 1024 * 1024  # from one source: nobody can use up the room for what others sent


class PrivateFolder:
    """`node.config.PrivateRecord` in a folder. A full disk here is told once and never stops the centre."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, int] = {}
        (folder / "evidence").mkdir(parents=True, exist_ok=True)

    def withheld(self, t_tai_ns: int, what: str, why: str) -> None:
        """One line of `withheld.jsonl`."""
        self._line("withheld.jsonl", {"t_tai_ns": t_tai_ns, "what": what, "why": why})

    def evidence(self, t_tai_ns: int, source: str, message: str, data: bytes) -> None:
        """One line of `evidence.jsonl`, and the bytes in a file named by their hash."""
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
