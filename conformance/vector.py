"""One question of the kit, with our answer."""

import base64
from typing import Any

from conformance.ours import answer

Vector = dict[str, Any]


def b64(data: bytes) -> str:
    """Bytes as they stand in a vector."""
    return base64.b64encode(data).decode()


def ask(test: str, why: str, **given: Any) -> Vector:
    """One question with our answer."""
    return {"test": test, "why": why, "input": given, "expected": answer(test, given)}
