"""Makes the golden old log from tests/wire/examples.py:  python -m wire.golden.make  (in the folder tests).

Run it only to ADD entries of a new kind or schema number: it refuses to change what is there. Readers of every later
version must decode these bytes for ever, to the same values (test_golden.py). Tolerance: none, bytes are bytes.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from tocsin.wire import encode
from tocsin.wire.schema import schema

from ..examples import BODIES, statement

HERE = Path(__file__).parent


def bare(value: Any) -> Any:
    """A schema without its prose, which may be improved at any time."""
    if isinstance(value, dict):
        return {key: bare(inner) for key, inner in value.items() if key not in ("description", "title")}
    return [bare(inner) for inner in value] if isinstance(value, list) else value


def foreign(data: bytes) -> bytes:
    """The same statement as another program might write it: other order, blanks, escapes."""
    return json.dumps(json.loads(data), indent=1, ensure_ascii=True, sort_keys=True).encode()


def write(path: Path, data: bytes) -> None:
    if path.exists() and path.read_bytes() != data:
        raise SystemExit(f"{path.name} is there with other bytes: old entries and schemas never change")
    path.write_bytes(data)


def main() -> None:
    for name in BODIES:
        made = statement(name)
        write(HERE / f"{made.kind}-{made.schema}.json", encode(made))
        write(HERE / f"{made.kind}-{made.schema}.foreign.json", foreign(encode(made)))
    for name, text in schema().items():
        write(HERE / "schema" / f"{name}.json", (json.dumps(bare(text), indent=1, sort_keys=True) + "\n").encode())
    entries = sorted(HERE.glob("*.json"))
    sums = "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in entries)
    (HERE / "SHA256SUMS").write_text(sums)
    sys.stdout.write(f"{len(entries)} entries\n")


if __name__ == "__main__":
    main()
