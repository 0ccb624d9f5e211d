"""Fields of an ASTERIX item: runs of bits with a scale, packed most significant bit first.

A field is written `NAME:u16*1/256:NM`: name, kind, bits, value of the least significant bit, unit. Kinds: `u` and `s`
whole numbers without and with sign (two's complement), `o` octal digits, `c` characters of six bits (ICAO Annex 10,
vol. III, as in item 240 of category 048), `a` ASCII. `-3` is three spare bits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tocsin.formats.errors import FormatError

SIX_BIT = "\x00" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "\x00" * 5 + " " + "\x00" * 15 + "0123456789" + "\x00" * 6
Value = int | float | str


@dataclass(frozen=True, slots=True)
class Field:
    """`shift` counts from the item's last bit. `step` None: a bare whole number, not a quantity."""

    name: str
    kind: str
    bits: int
    shift: int
    step: float | None
    unit: str

    def decode(self, packed: int) -> Value:
        """Value of this field in the item's bits, as one whole number."""
        raw = (packed >> self.shift) & ((1 << self.bits) - 1)
        if self.kind == "s" and raw >> (self.bits - 1):
            raw -= 1 << self.bits
        if self.kind in "us":
            return raw if self.step is None else raw * self.step
        if self.kind == "o":
            return f"{raw:0{self.bits // 3}o}"
        return _text(raw, self.bits, 6 if self.kind == "c" else 8)

    def encode(self, value: Value) -> int:
        """The field's bits at their place. Raises FormatError for what does not fit."""
        raw = self._raw(value)
        low = -(1 << (self.bits - 1)) if self.kind == "s" else 0
        high = (1 << (self.bits - 1)) - 1 if self.kind == "s" else (1 << self.bits) - 1
        if not low <= raw <= high:
            raise FormatError(f"{self.name}: {value} does not fit {self.bits} bits of {self.step or 1} {self.unit}")
        return (raw & ((1 << self.bits) - 1)) << self.shift

    def _raw(self, value: Value) -> int:
        if isinstance(value, str):
            return int(value, 8) if self.kind == "o" else _packed(value, self.bits, 6 if self.kind == "c" else 8)
        return round(value / self.step) if self.step is not None else int(value)


@dataclass(frozen=True)
class Group:
    """Fields of a fixed number of bits. With `fx`, one more bit after them says whether another group follows."""

    fields: tuple[Field, ...]
    bits: int
    fx: bool = False

    @cached_property
    def size(self) -> int:
        """Whole bytes."""
        total = self.bits + (1 if self.fx else 0)
        if total % 8:
            raise AssertionError(f"a group of {total} bits does not fill bytes")
        return total // 8

    def decode(self, raw: bytes) -> dict[str, Any]:
        """Values by name."""
        packed = int.from_bytes(raw, "big")
        return {field.name: field.decode(packed) for field in self.fields}

    def encode(self, values: Mapping[str, Any], more: bool = False) -> bytes:
        """Bytes; fields that are not given are zero."""
        packed = sum(field.encode(values[field.name]) for field in self.fields if field.name in values)
        return (packed | (1 if more else 0)).to_bytes(self.size, "big")


def group(text: str, *, fx: bool = False) -> Group:
    """Fields from their notation."""
    tokens = text.split()
    widths = [int(token[1:]) if token[0] == "-" else _width(token) for token in tokens]
    left = sum(widths) + (1 if fx else 0)
    fields = []
    for token, width in zip(tokens, widths, strict=True):
        left -= width
        if token[0] != "-":
            name, kind, *unit = token.split(":")
            number = kind[1:].partition("*")[2]
            fields.append(Field(name, kind[0], width, left, _step(number), unit[0] if unit else ""))
    return Group(tuple(fields), sum(widths), fx)


def _width(token: str) -> int:
    return int(token.split(":")[1][1:].partition("*")[0])


def _step(text: str) -> float | None:
    above, _, below = text.partition("/")
    return float(above) / float(below or 1) if text else None


def _text(raw: int, bits: int, each: int) -> str:
    places = range(bits - each, -1, -each)
    codes = [(raw >> place) & ((1 << each) - 1) for place in places]
    found = "".join(SIX_BIT[code] if each == 6 else chr(code) for code in codes)
    return found.rstrip(" \x00").replace("\x00", "?")


def _packed(text: str, bits: int, each: int) -> int:
    length = bits // each
    if len(text) > length:
        raise FormatError(f"{text!r}: at most {length} characters were expected")
    raw = 0
    for character in text.ljust(length):
        code = SIX_BIT.find(character) if each == 6 else ord(character)
        if not 0 <= code < 1 << each or character == "\x00":
            raise FormatError(f"{text!r}: {character!r} is not in the alphabet of this field")
        raw = (raw << each) | code
    return raw
