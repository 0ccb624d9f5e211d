"""STIX 2.1 (OASIS) for `cyber-incident` statements: what a partner's computer emergency team can load.

A bundle holds the author as an identity, each incident with an extension that carries our fields, an indicator for
each pattern that others can look for, and an observed time. Identifiers are version-5 UUIDs of the entry's hash, so
that the same entry gives the same objects everywhere. Exercise data carry the label `exercise`.
"""

import uuid
from collections.abc import Iterable
from typing import Any

import msgspec

from tocsin.formats.errors import FormatError
from tocsin.wire.cyber import CyberIncident, Indicator
from tocsin.wire.envelope import Statement
from tocsin.world.time import utc_text

NAMESPACE = uuid.UUID("5b1f5f0e-8d2c-5a43-9f5e-1f0c1b8f3a77")
EXTENSION = "extension-definition--" + str(uuid.uuid5(NAMESPACE, "tocsin cyber-incident 1"))
_PATTERNS = {
    "sha256": "[file:hashes.'SHA-256' = '{}']", "ipv4": "[ipv4-addr:value = '{}']", "ipv6": "[ipv6-addr:value = '{}']",
    "domain": "[domain-name:value = '{}']", "url": "[url:value = '{}']", "email": "[email-addr:value = '{}']",
    "filename": "[file:name = '{}']",
}  # fmt: skip


def bundle(found: Iterable[tuple[Statement, CyberIncident, str]]) -> bytes:
    """A bundle of statements with their bodies and the SHA-256 of their entries."""
    objects: dict[str, dict[str, Any]] = {}
    for statement, body, sha256 in found:
        for one in _objects(statement, body, sha256):
            objects.setdefault(one["id"], one)
    name = _id("bundle", " ".join(sorted(objects)))
    document = {"type": "bundle", "id": name, "objects": list(objects.values())}
    return msgspec.json.format(msgspec.json.encode(document), indent=1)


def _objects(statement: Statement, body: CyberIncident, sha256: str) -> list[dict[str, Any]]:
    said = _time(statement.observed.t_tai_us)
    author = _common("identity", statement.marking.originator, "2000-01-01T00:00:00.000Z", statement.mode)
    author |= {"name": statement.marking.originator, "identity_class": "organization"}
    about = _common("incident", sha256, said, statement.mode) | {
        "created_by_ref": author["id"],
        "name": body.incident,
        "description": body.text,
        "extensions": {EXTENSION: {"extension_type": "property-extension", **_ours(statement, body, sha256)}},
    }
    marks = [_indicator(one, statement, author["id"], said) for one in body.indicators]
    return [_definition(), author, about, *marks, *(_relation(mark, about, statement.mode, said) for mark in marks)]


def _ours(statement: Statement, body: CyberIncident, sha256: str) -> dict[str, Any]:
    raw: dict[str, Any] = msgspec.to_builtins(body)
    raw["entry_sha256"], raw["origin"] = sha256, statement.origin
    return raw


def _definition() -> dict[str, Any]:
    author = _id("identity", "tocsin")
    return {
        "type": "extension-definition", "spec_version": "2.1", "id": EXTENSION, "created_by_ref": author,
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z", "name": "Tocsin cyber-incident",
        "description": "Fields of the statement kind cyber-incident, schema 1 (docs/statements.md).",
        "schema": "docs/statements.md", "version": "1.0.0", "extension_types": ["property-extension"],
    }  # fmt: skip


def _indicator(one: Indicator, statement: Statement, author: str, said: str) -> dict[str, Any]:
    value = one.value.replace("\\", "\\\\").replace("'", "\\'")
    return _common("indicator", f"{one.kind} {one.value}", said, statement.mode) | {
        "created_by_ref": author,
        "name": f"{one.kind} {one.value}"[:200],
        "pattern": _PATTERNS[one.kind].format(value),
        "pattern_type": "stix",
        "valid_from": said,
    }


def _relation(mark: dict[str, Any], about: dict[str, Any], mode: str, said: str) -> dict[str, Any]:
    return _common("relationship", f"{mark['id']} {about['id']}", said, mode) | {
        "relationship_type": "related-to",
        "source_ref": mark["id"],
        "target_ref": about["id"],
    }


def _common(kind: str, seed: str, said: str, mode: str) -> dict[str, Any]:
    return {
        "type": kind, "spec_version": "2.1", "id": _id(kind, f"{mode} {seed}"), "created": said, "modified": said,
        "labels": [mode],
    }  # fmt: skip


def _id(kind: str, seed: str) -> str:
    return f"{kind}--{uuid.uuid5(NAMESPACE, f'{kind} {seed}')}"


def _time(t_tai_us: int) -> str:
    return utc_text(t_tai_us * 1_000, 3)


def read_bundle(data: bytes) -> tuple[CyberIncident, ...]:
    """The incidents of a bundle that `bundle` made, field by field. Raises FormatError for what is none."""
    try:
        objects = msgspec.json.decode(data)["objects"]
        raw = [one["extensions"][EXTENSION] for one in objects if one["type"] == "incident"]
        for one in raw:
            for extra in ("extension_type", "entry_sha256", "origin"):
                one.pop(extra, None)
        return tuple(msgspec.convert(one, CyberIncident, strict=False) for one in raw)
    except (msgspec.MsgspecError, KeyError, TypeError) as error:
        raise FormatError(f"not a bundle of cyber incidents as Tocsin writes it: {error!r}", data[:1000]) from error
