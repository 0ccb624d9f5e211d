"""The OpenAPI document, with every body described as msgspec reads it: bounds, patterns, and no unknown fields."""

from collections.abc import Iterable
from typing import Any

import msgspec

from tocsin.console.acts import ACTS
from tocsin.console.board import Board, RequestLine
from tocsin.console.routes import act, login, read
from tocsin.console.routes.problems import Problem
from tocsin.console.signing import Hand, Logged, Waits

STRUCTS: tuple[type[msgspec.Struct], ...] = (
    *(form for form, _ in ACTS.values()),
    *(one for module in (act, login, read) for one in vars(module).values()
      if isinstance(one, type) and issubclass(one, msgspec.Struct)),
    Board, RequestLine, Logged, Waits, Hand, Problem,
)  # fmt: skip


def with_bodies(document: dict[str, Any], structs: Iterable[type[msgspec.Struct]] = STRUCTS) -> dict[str, Any]:
    """The document with its schemas replaced by msgspec's, where the names are the same."""
    _, schemas = msgspec.json.schema_components(tuple(structs), ref_template="#/components/schemas/{name}")
    held = document.setdefault("components", {}).setdefault("schemas", {})
    held.update(_portable(schemas))
    return document


def _portable(value: Any) -> Any:
    """Python's end of text in patterns as ECMA 262 writes it."""
    if isinstance(value, dict):
        return {k: v.replace(r"\Z", "$") if k == "pattern" else _portable(v) for k, v in value.items()}
    return [_portable(one) for one in value] if isinstance(value, list | tuple) else value
