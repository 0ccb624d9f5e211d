"""How items lie in bytes: fixed, extended, repetitive, compound, explicit (EUROCONTROL-SPEC-0149, part 1, 4.3 ff.).

Notation of the tables: fields alone are fixed; `ext a | b` extends from part to part by the last bit of each; `rep`
begins with a byte that counts; `fx` repeats while the last bit says so; `explicit` begins with its own length; a list
is a compound: one shape after the other behind a field of presence bits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tocsin.formats.asterix.fields import Group, group
from tocsin.formats.errors import FormatError


class Shape(Protocol):
    """One item's layout."""

    def end(self, data: bytes, at: int) -> int:
        """Where an item that begins at `at` ends; may lie beyond the data (IndexError where it cannot be known)."""
        ...

    def decode(self, raw: bytes) -> Any:
        """Values of the item's bytes."""
        ...

    def encode(self, value: Any) -> bytes:
        """Bytes of the item's values."""
        ...


@dataclass(frozen=True, slots=True)
class Fixed:
    """A group of fields."""

    group: Group

    def end(self, data: bytes, at: int) -> int:
        del data
        return at + self.group.size

    def decode(self, raw: bytes) -> dict[str, Any]:
        return self.group.decode(raw)

    def encode(self, value: Mapping[str, Any]) -> bytes:
        return self.group.encode(value)


@dataclass(frozen=True, slots=True)
class Extended:
    """Parts of one byte; the last bit of each says whether the next follows. Unknown further parts are passed over."""

    parts: tuple[Group, ...]

    def end(self, data: bytes, at: int) -> int:
        while data[at] & 1:
            at += 1
        return at + 1

    def decode(self, raw: bytes) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for number, part in enumerate(self.parts[: len(raw)]):
            found |= part.decode(raw[number : number + 1])
        return found

    def encode(self, value: Mapping[str, Any]) -> bytes:
        used = [number for number, part in enumerate(self.parts) if any(f.name in value for f in part.fields)]
        last = max(used, default=0)
        return b"".join(part.encode(value, n < last) for n, part in enumerate(self.parts[: last + 1]))


@dataclass(frozen=True, slots=True)
class Repetitive:
    """A counting byte and so many groups; with `fx` no count, but a last bit in each group."""

    group: Group

    def end(self, data: bytes, at: int) -> int:
        size = self.group.size
        if not self.group.fx:
            return at + 1 + data[at] * size
        while data[at + size - 1] & 1:
            at += size
        return at + size

    def decode(self, raw: bytes) -> list[dict[str, Any]]:
        size, start = self.group.size, 0 if self.group.fx else 1
        return [self.group.decode(raw[at : at + size]) for at in range(start, len(raw), size)]

    def encode(self, value: Sequence[Mapping[str, Any]]) -> bytes:
        body = b"".join(self.group.encode(one, self.group.fx and n < len(value) - 1) for n, one in enumerate(value))
        if self.group.fx:
            return body
        if len(value) > 255:
            raise FormatError(f"{len(value)} repetitions: at most 255 were expected")
        return bytes([len(value)]) + body


@dataclass(frozen=True, slots=True)
class Explicit:
    """A length byte that counts itself, and bytes that are somebody's own: kept, not read."""

    def end(self, data: bytes, at: int) -> int:
        if data[at] == 0:
            raise FormatError("explicit field of length 0: at least 1 was expected")
        return at + data[at]

    def decode(self, raw: bytes) -> bytes:
        return raw[1:]

    def encode(self, value: bytes) -> bytes:
        return bytes([len(value) + 1]) + value


@dataclass(frozen=True, slots=True)
class Compound:
    """Subitems behind presence bits, seven to a byte. An empty name is a bit without meaning."""

    parts: tuple[tuple[str, Shape | None], ...]

    def end(self, data: bytes, at: int) -> int:
        return self._split(data, at)[1]

    def decode(self, raw: bytes) -> dict[str, Any]:
        found, _ = self._split(raw, 0)
        shapes = dict(self.parts)
        return {name: _known(shapes[name]).decode(raw[a:b]) for name, (a, b) in found.items()}

    def encode(self, value: Mapping[str, Any]) -> bytes:
        bits = [name in value and bool(name) for name, _ in self.parts]
        body = b"".join(_known(shape).encode(value[name]) for name, shape in self.parts if name and name in value)
        return presence(bits) + body

    def _split(self, data: bytes, at: int) -> tuple[dict[str, tuple[int, int]], int]:
        bits, at = present(data, at)
        found: dict[str, tuple[int, int]] = {}
        for number in bits:
            name, shape = self.parts[number] if number < len(self.parts) else ("", None)
            if shape is None:
                raise FormatError(f"presence bit {number + 1} of a compound item: no such subitem")
            stop = shape.end(data, at)
            found[name] = (at, stop)
            at = stop
        return found, at


def present(data: bytes, at: int) -> tuple[list[int], int]:
    """Numbers (from 0) of the presence bits that are set, and where what they announce begins."""
    bits, base = [], 0
    while True:
        byte = data[at]
        bits += [base + place for place in range(7) if byte >> (7 - place) & 1]
        at += 1
        base += 7
        if not byte & 1:
            return bits, at


def presence(bits: Sequence[bool]) -> bytes:
    """Presence bits as bytes, no longer than needed; at least one byte."""
    last = max((number for number, bit in enumerate(bits) if bit), default=0) // 7
    out = bytearray()
    for number in range(last + 1):
        seven = list(bits[7 * number : 7 * number + 7]) + [False] * 7
        out.append(sum(1 << (7 - place) for place in range(7) if seven[place]) | (number < last))
    return bytes(out)


def _known(shape: Shape | None) -> Shape:
    if shape is None:
        raise AssertionError("a subitem without a shape")
    return shape


def shape(notation: str | list[str]) -> Shape:
    """A shape from the notation of the tables."""
    if isinstance(notation, list):
        return Compound(tuple(_part(one) for one in notation))
    word, _, rest = notation.partition(" ")
    if word == "explicit":
        return Explicit()
    if word == "ext":
        return Extended(tuple(group(part, fx=True) for part in rest.split("|")))
    if word in ("rep", "fx"):
        return Repetitive(group(rest, fx=word == "fx"))
    return Fixed(group(notation))


def _part(text: str) -> tuple[str, Shape | None]:
    if text == "-":
        return "", None
    name, _, rest = text.partition(" ")
    return name, shape(rest)
