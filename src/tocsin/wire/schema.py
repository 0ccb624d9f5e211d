"""JSON Schema (2020-12) of the envelope and of every kind, for readers that we did not write.

It says everything about single fields. What relates fields to each other (an end after its start, an identifier's last
digits) stands in the records' `__post_init__` and in docs/statements.md. Names that repeat in an object are refused
(wire.strict), which JSON Schema cannot say.
"""

from typing import Any

import msgspec

from tocsin.wire.bodies import KINDS
from tocsin.wire.envelope import Statement

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, dict[str, Any]]:
    """Schemas by name: `statement`, and for each kind and number its body, such as `tracklet-1`."""
    named: dict[str, Any] = {"statement": Statement}
    named |= {f"{kind}-{number}": record for (kind, number), record in KINDS.items()}
    return {name: {"$schema": DIALECT, **_portable(msgspec.json.schema(record))} for name, record in named.items()}


def _portable(value: Any) -> Any:
    """Python's end of text in patterns as ECMA 262 writes it."""
    if isinstance(value, dict):
        return {
            key: inner.replace(r"\Z", "$") if key == "pattern" else _portable(inner) for key, inner in value.items()
        }
    return [_portable(inner) for inner in value] if isinstance(value, list | tuple) else value
