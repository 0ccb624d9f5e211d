"""Make the vectors from seeded runs:  python -m conformance.make   (adds files; never changes one that is there)

Expected answers are ours at the time of making. Whoever changes an answer later breaks a test, and must make a new file
beside the old one, because old logs are read for ever. Every question is a pure function of its input: no clock, no
network, no key that is not in it.
"""

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from conformance import making_decide, making_fuse, making_log, making_wire
from conformance.run import VECTORS
from conformance.vector import Vector


def write(name: str, vectors: Iterator[Vector]) -> None:
    """One file; the same questions give the same bytes."""
    path = VECTORS / f"{name}.jsonl.gz"
    lines = [json.dumps({"id": f"{name}-{number}", **one}, sort_keys=True) for number, one in enumerate(vectors)]
    data = gzip.compress(("\n".join(lines) + "\n").encode(), mtime=0)
    if path.exists() and gzip.decompress(path.read_bytes()) != gzip.decompress(data):
        raise SystemExit(f"{path}: is there with other questions or answers; old vectors never change, make a new file")
    path.write_bytes(data)
    sys.stdout.write(f"{path.name}: {len(lines)} questions, {len(data)} bytes\n")


def main() -> None:
    """All suites."""
    Path(VECTORS).mkdir(exist_ok=True)
    suites = {"wire": making_wire, "log": making_log, "decide": making_decide, "fuse": making_fuse}
    chosen = sys.argv[1:] or list(suites)
    for name in chosen:
        write(f"{name}-1", suites[name].vectors())


if __name__ == "__main__":
    main()
