"""Data blocks to records, records to items, and back. Bytes stay bytes until a value is asked for.

A block is category, length, records (EUROCONTROL-SPEC-0149, part 1). A record begins with a field of presence bits
and ends where its last item ends; after a broken one nothing in its block can be found, so the rest of that block is
left out, counted, and the next block goes through.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tocsin.formats.asterix.shapes import presence, present
from tocsin.formats.asterix.tables import CATEGORIES, RANDOM, Category, Plan, category
from tocsin.formats.errors import FormatError
from tocsin.formats.tally import Tally

SHORTEST_BLOCK = 4
KEPT_PLANS = 4096


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `offset` from the start of the input; `items` the bytes of each item, by reference ("040")."""

    category: int
    offset: int
    items: dict[str, bytes]

    def __contains__(self, reference: str) -> bool:
        return reference in self.items

    def __getitem__(self, reference: str) -> Any:
        """Values of an item: a dict of fields, or a list of them, or bytes."""
        return category(self.category).items[reference].decode(self.items[reference])

    def get(self, reference: str, otherwise: Any = None) -> Any:
        """Values of an item, or `otherwise` where the record does not have it."""
        return self[reference] if reference in self.items else otherwise

    def values(self) -> dict[str, Any]:
        """Every item decoded."""
        return {reference: self[reference] for reference in self.items}


def records(data: bytes, tally: Tally, base: int = 0) -> Iterator[Record]:
    """Records of the blocks in a datagram; `base` is the datagram's offset in the input."""
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at + 1 : at + 3], "big")
        if length < SHORTEST_BLOCK or at + length > len(data):
            why = "the block's length does not fit what follows"
            tally.skip(base + at, f"ASTERIX {data[at]:03}", why)
            return
        yield from block(data, at, at + length, tally, base)
        at += length


def block(data: bytes, at: int, end: int, tally: Tally, base: int = 0) -> Iterator[Record]:
    """Records of one block that lies from `at` to `end`."""
    number = data[at]
    if number not in CATEGORIES:
        tally.skip(base + at, f"ASTERIX {number:03}", "a category that is not read here")
        return
    known = category(number)
    inside, name = data[:end], f"ASTERIX {number:03}"
    at += 3
    while at < end:
        try:
            items, stop = _record(known, inside, at)
        except IndexError:
            tally.skip(base + at, name, "truncated record")
            return
        except FormatError as error:
            tally.skip(base + at, name, str(error))
            return
        tally.take(name)
        yield Record(number, base + at, items)
        at = stop


def _record(known: Category, data: bytes, at: int) -> tuple[dict[str, bytes], int]:
    start = at
    while data[at] & 1:
        at += 1
    at += 1
    items: dict[str, bytes] = {}
    for reference, shape in _plan(known, data[start:at], _kind(known, data, start, at)):
        if shape is None:
            at = _random(known, data, at, items)
            continue
        stop = shape.end(data, at)
        if stop > len(data):
            raise IndexError(reference)
        items[reference] = data[at:stop]
        at = stop
    if not items:
        raise FormatError("a record without items")
    return items, at


def _kind(known: Category, data: bytes, start: int, at: int) -> str:
    """Which order of items holds: for category 001 item 020 says whether it is a plot or a track."""
    if "every" in known.uaps:
        return "every"
    if not data[start] & 0x40:
        return "plot"
    first = at + (2 if data[start] & 0x80 else 0)
    return "track" if data[first] & 0x80 else "plot"


def _plan(known: Category, bits: bytes, kind: str) -> Plan:
    """Items that presence bits announce; kept, because few patterns make up a recording."""
    key = (kind, bits)
    found = known.plans.get(key)
    if found is None:
        found = tuple(_announced(known, known.uaps[kind], bits))
        if len(known.plans) < KEPT_PLANS:
            known.plans[key] = found
    return found


def _announced(known: Category, order: tuple[str, ...], bits: bytes) -> Iterator[tuple[str, Any]]:
    for number in present(bits, 0)[0]:
        if number >= len(order) or order[number] == "-":
            raise FormatError(f"presence bit {number + 1}: no item of edition {known.edition} stands there")
        yield order[number], None if order[number] == RANDOM else known.items[order[number]]


def _random(known: Category, data: bytes, at: int, items: dict[str, bytes]) -> int:
    """Random field sequencing: a count, then pairs of an item's number and the item."""
    count, at = data[at], at + 1
    order = next(iter(known.uaps.values()))
    for _ in range(count):
        number, at = data[at], at + 1
        if not 1 <= number <= len(order) or order[number - 1] in ("-", RANDOM):
            raise FormatError(f"random field {number}: no item of edition {known.edition} stands there")
        stop = known.items[order[number - 1]].end(data, at)
        if stop > len(data):
            raise IndexError(number)
        items[order[number - 1]] = data[at:stop]
        at = stop
    return at


def encode_record(number: int, values: Mapping[str, Any], kind: str = "every") -> bytes:
    """A record's bytes from values as `Record.values` gives them. KeyError for an item the category does not have."""
    known = category(number)
    order = known.uaps[kind]
    missing = set(values) - set(order)
    if missing:
        raise KeyError(f"{sorted(missing)} of category {number:03}")
    bits = [reference in values for reference in order]
    return presence(bits) + b"".join(known.items[ref].encode(values[ref]) for ref in order if ref in values)


def encode_block(number: int, encoded: list[bytes]) -> bytes:
    """A block of records. Raises FormatError beyond 65,535 bytes."""
    body = b"".join(encoded)
    if len(body) + 3 > 0xFFFF:
        raise FormatError(f"a block of {len(body) + 3} bytes: at most 65,535 were expected")
    return bytes([number]) + (len(body) + 3).to_bytes(2, "big") + body
