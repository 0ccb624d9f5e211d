"""Just enough CBOR (RFC 8949) for what an authenticator makes at registration (CTAP2 canonical form).

Whole numbers, byte and text strings, lists, maps, true, false, null, of definite length. Anything else is refused,
and so is depth, length and repetition beyond what a registration has.
"""

from typing import Any

from tocsin.errors import BadEvidence

MAX_DEPTH, MAX_ITEMS = 4, 64
_SIMPLE = {20: False, 21: True, 22: None}


class CborError(BadEvidence):
    """Not the CBOR of a registration."""


def decode(data: bytes) -> Any:
    """The one item that is all of `data`."""
    value, rest = decode_first(data)
    if rest:
        raise CborError(f"CBOR: {len(rest)} bytes after the end", data)
    return value


def decode_first(data: bytes) -> tuple[Any, bytes]:
    """The first item, and what follows it."""
    value, end = _item(data, 0, 0)
    return value, data[end:]


def _item(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    if depth > MAX_DEPTH:
        raise CborError(f"CBOR: nested more than {MAX_DEPTH} deep", data)
    if at >= len(data):
        raise CborError("CBOR: cut off", data)
    kind, low = data[at] >> 5, data[at] & 0x1F
    if kind == 7:
        if low not in _SIMPLE:
            raise CborError(f"CBOR: simple value or float {low}: only true, false and null were expected", data)
        return _SIMPLE[low], at + 1
    number, at = _number(data, at + 1, low)
    if kind in (0, 1):
        return (number if kind == 0 else -1 - number), at
    if kind in (2, 3):
        return _string(data, at, number, text=kind == 3)
    if kind in (4, 5) and number <= MAX_ITEMS:
        return _list(data, at, number, depth) if kind == 4 else _map(data, at, number, depth)
    raise CborError(f"CBOR: major type {kind} with {number}: not part of a registration", data)


def _number(data: bytes, at: int, low: int) -> tuple[int, int]:
    if low < 24:
        return low, at
    size = {24: 1, 25: 2, 26: 4, 27: 8}.get(low)
    if size is None or at + size > len(data):
        raise CborError("CBOR: a definite length was expected", data)
    return int.from_bytes(data[at : at + size], "big"), at + size


def _string(data: bytes, at: int, length: int, *, text: bool) -> tuple[Any, int]:
    end = at + length
    if end > len(data):
        raise CborError("CBOR: a string is cut off", data)
    raw = data[at:end]
    try:
        return (raw.decode() if text else raw), end
    except UnicodeDecodeError as error:
        raise CborError("CBOR: a text that is not UTF-8", data) from error


def _list(data: bytes, at: int, count: int, depth: int) -> tuple[list[Any], int]:
    found = []
    for _ in range(count):
        value, at = _item(data, at, depth + 1)
        found.append(value)
    return found, at


def _map(data: bytes, at: int, count: int, depth: int) -> tuple[dict[Any, Any], int]:
    found: dict[Any, Any] = {}
    for _ in range(count):
        key, at = _item(data, at, depth + 1)
        if not isinstance(key, int | str | bytes) or key in found:
            raise CborError("CBOR: a key twice, or one that is no name", data)
        found[key], at = _item(data, at, depth + 1)
    return found, at
