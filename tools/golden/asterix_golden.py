"""Golden values of the recordings, by a decoder that we did not write: libasterix (MIT).

    python -m venv /tmp/v && /tmp/v/bin/pip install libasterix
    /tmp/v/bin/python tools/golden/asterix_golden.py tests/formats/data > tests/formats/data/golden.json

In an environment of its own: it holds every edition of every category and takes some ten seconds to import. A record
becomes [category, {item: [leaves in their order]}]: numbers with their unit's scale, texts without trailing spaces,
raw bits as whole numbers; spare bits and explicit fields (RE, SP) are left out. tests/formats reads it.
"""

import json
import struct
import sys
from pathlib import Path

import asterix.generated as generated
from asterix.base import Bits, RawDatablock

EDITIONS = {number: generated.manifest["CATS"][number][-1] for number in (1, 2, 21, 34, 48, 62, 65)}


def leaves(variation: object) -> list[object]:
    """Leaves of one item, depth first, without spares."""
    kinds = {one.__name__ for one in type(variation).__mro__}
    if "Element" in kinds:
        return [leaf(variation)]
    if "Explicit" in kinds:
        return []
    if "Repetitive" in kinds:
        return [one for part in variation.arg for one in leaves(part)]
    if "Compound" in kinds:
        return [one for part in variation.arg.values() for one in inside(part)]
    parts = variation.arg if "Group" in kinds else [one for group in variation.arg for one in group]
    named = [part for part in parts if part is not None and type(part).__mro__[1].__name__ == "Item"]
    return [one for part in named for one in inside(part.arg)]


def inside(named: object) -> list[object]:
    """Leaves of a named subitem; one whose layout hangs on another is taken as its bits."""
    rule = named.arg
    return leaves(rule.arg) if hasattr(rule, "arg") else [rule.bs.to_uinteger()]


def leaf(element: object) -> object:
    """A number, a text, or bits."""
    content = getattr(type(element).cv_rule, "cv_content", None)
    kinds = {one.__name__ for one in content.__mro__} if content else set()
    if "ContentQuantity" in kinds:
        return element.content.as_quantity()
    if "ContentString" in kinds:
        return element.content.as_string().rstrip(" \x00")
    return element.bs.to_uinteger()


def payloads(data: bytes) -> list[bytes]:
    """Datagrams of a little-endian Ethernet pcap, or the file as it is."""
    if data[:4] != b"\xd4\xc3\xb2\xa1":
        return [data]
    found, at = [], 24
    while at < len(data):
        length = struct.unpack_from("<I", data, at + 8)[0]
        frame = data[at + 16 : at + 16 + length]
        udp = 14 + (frame[14] & 15) * 4
        found.append(frame[udp + 8 : udp + struct.unpack_from(">H", frame, udp + 4)[0]])
        at += 16 + length
    return found


def blocks(payload: bytes) -> list[bytes]:
    """Blocks one after the other, or each behind a recorder's six bytes."""
    found, at = [], 0
    outer, inner = struct.unpack_from(">H", payload)[0], struct.unpack_from(">H", payload, 7)[0]
    framed = payload[6] in EDITIONS and outer == inner + 6
    while at < len(payload):
        at += 6 if framed else 0
        length = struct.unpack_from(">H", payload, at + 1)[0]
        found.append(payload[at : at + length])
        at += length
    return found


def records(block: bytes) -> list[object]:
    """Records of a block. Category 001 has two orders of items; the right one is that which item 020 names."""
    raw = RawDatablock.parse(Bits.from_bytes(block))[0]
    uap = EDITIONS[raw.get_category()].cv_uap
    if not hasattr(uap, "cv_uaps"):
        return uap.parse(raw.get_raw_records())
    for name, track in (("plot", 0), ("track", 1)):
        found = uap.parse(name, raw.get_raw_records())
        if not isinstance(found, ValueError) and all(inside(one.get_item("020"))[0] == track for one in found):
            return found
    raise SystemExit("a block of category 001 with plots and tracks: not needed so far")


def main(folder: str) -> None:
    golden = {}
    for path in sorted(Path(folder).iterdir()):
        if path.suffix not in (".raw", ".ast", ".pcap"):
            continue
        rows = []
        for block in (one for payload in payloads(path.read_bytes()) for one in blocks(payload)):
            for record in records(block):
                items = {name: inside(item) for name, item in sorted(record.items_regular.items())}
                rows.append([block[0], items])
        golden[path.name] = rows
    print(json.dumps({"decoder": "libasterix 0.36.3", "recordings": golden}, separators=(",", ":")))


main(sys.argv[1])
