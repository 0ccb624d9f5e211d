"""No name twice in an object: otherwise two honest readers could read two statements in the same bytes.

RFC 8259 section 4 leaves the meaning of repeated names open; parsers differ (protocol.md T13).
"""

import json
from typing import Any

from tocsin.wire.errors import WireError


def refuse_duplicate_names(data: bytes, own: bytes) -> None:
    """Raise WireError if an object in `data` repeats a name.

    `own` is our own encoding of what was read from `data`. Equal bytes cannot repeat a name, because ours do not:
    that spares the slow look in all but foreign encodings.
    """
    if data == own:
        return
    try:
        json.loads(data.decode(), object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not a statement: {error}", data) from error


def _unique(pairs: list[tuple[str, Any]]) -> None:
    seen: set[str] = set()
    for name, _ in pairs:  # linear: a hostile entry may hold thousands of names
        if name in seen:
            raise ValueError(f"`{name}` stands twice in one object, once was expected")
        seen.add(name)
