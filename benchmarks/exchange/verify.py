"""How long it takes to verify one exported log, and how much memory: P1 to P5 over every entry.

    python -m benchmarks.exchange.verify --entries 1000000

Writes the log (hybrid signatures, entries of 400 bytes) as files into a temporary folder, then checks it in a process
of its own. The bar: 1,000,000 entries in at most 10 s and 500 MB on one core.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tocsin.log.fsck import fsck
from tocsin.log.memory import ManualClock, MemoryCells, MemoryStore
from tocsin.log.policy import parse_policy
from tocsin.log.signers import log_signers
from tocsin.log.writer import LogWriter
from tocsin.node.adapters.tilefiles import folder_reader, publish, write_file
from tocsin.node.export import policy_text

ORIGIN = "tocsin.exercise/benchmark"
ENTRY_BYTES = 400


def write(folder: Path, count: int) -> None:
    """A log of `count` entries as files."""
    store = MemoryStore()
    writer = LogWriter.open(ORIGIN, store, MemoryCells(), log_signers(ORIGIN, b"benchmark"), ManualClock(1))
    for start in range(0, count, 65_536):
        end = min(start + 65_536, count)
        writer.append([b"%010d" % number + bytes(ENTRY_BYTES - 10) for number in range(start, end)])
        writer.commit()
    publish(store, 0, writer.size, writer.checkpoint or b"", folder)
    write_file(folder / "policy", policy_text(writer.keys, ()))


def check(folder: Path, count: int) -> dict[str, object]:
    """Verify it; seconds of wall and of processor, and the most memory that this process ever held."""
    wall, cpu = time.monotonic(), time.process_time()
    note = (folder / "checkpoint").read_bytes()
    keys = parse_policy((folder / "policy").read_bytes()).log_keys(ORIGIN)
    report = fsck(folder_reader(folder, count), note, keys)
    if not report.ok:
        raise SystemExit(report.words)
    return {
        "entries": report.size,
        "wall_s": round(time.monotonic() - wall, 2),
        "cpu_s": round(time.process_time() - cpu, 2),
        "memory_mb": most_memory_mb(),
    }


def most_memory_mb() -> int:
    """High-water mark of this process image alone; getrusage would count that of its parent before exec."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


def main() -> None:
    """Write, then check apart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--check", type=Path)
    chosen = parser.parse_args()
    if chosen.check:
        print(json.dumps(check(chosen.check, chosen.entries)))
        return
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), chosen.entries)
        command = [sys.executable, "-m", "benchmarks.exchange.verify", "--check", folder]
        done = subprocess.run([*command, "--entries", str(chosen.entries)], capture_output=True, text=True, check=True)
        print(done.stdout, end="")


if __name__ == "__main__":
    main()
