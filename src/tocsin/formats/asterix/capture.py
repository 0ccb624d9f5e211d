"""Files of recorded datagrams: pcap (tcpdump), or blocks one after the other (.ast, .raw).

pcap is read as it stands in libpcap's file format: either byte order, micro- or nanoseconds, Ethernet (also with VLAN
tags) or raw IP; IPv4 and UDP. Some recorders put two bytes of length and four of time before every block: seen in the
recording of category 001 under tests/formats/data, and taken off here.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.formats.asterix.records import Record, block, records
from tocsin.formats.asterix.tables import CATEGORIES
from tocsin.formats.errors import FormatError
from tocsin.formats.tally import Tally

MAGIC = {
    b"\xd4\xc3\xb2\xa1": ("<", 1_000), b"\xa1\xb2\xc3\xd4": (">", 1_000),
    b"\x4d\x3c\xb2\xa1": ("<", 1), b"\xa1\xb2\x3c\x4d": (">", 1),
}  # fmt: skip
ETHERNET, RAW_IP, LINUX = 1, (12, 101, 228), 113
IPV4, VLAN, UDP = 0x0800, (0x8100, 0x88A8), 17
FRAME = 6


@dataclass(frozen=True, slots=True)
class Datagram:
    """What one packet carried. `posix_ns`: when it was captured, POSIX nanoseconds; None in a file without times."""

    offset: int
    posix_ns: int | None
    data: bytes


def read(data: bytes, tally: Tally) -> Iterator[tuple[int | None, Record]]:
    """(time of capture or None, record) of everything in a file, in its order."""
    if not data:
        raise FormatError("an empty file: a capture or ASTERIX blocks were expected")
    if data[:4] in MAGIC:
        for datagram in datagrams(data, tally):
            for record in records_of(datagram, tally):
                yield datagram.posix_ns, record
        return
    for record in raw(data, tally):
        yield None, record


def records_of(datagram: Datagram, tally: Tally) -> Iterator[Record]:
    """Records of a datagram, with or without the recorder's frames."""
    data = datagram.data
    if not _framed(data, 0):
        yield from records(data, tally, datagram.offset)
        return
    at = 0
    while at < len(data):
        if not _framed(data, at):
            tally.skip(datagram.offset + at, "frame", "its length does not fit what follows")
            return
        length = int.from_bytes(data[at : at + 2], "big")
        yield from records(data[at + FRAME : at + length], tally, datagram.offset + at + FRAME)
        at += length


def _framed(data: bytes, at: int) -> bool:
    """Whether a frame lies here: its length holds exactly one block of a known category."""
    length = int.from_bytes(data[at : at + 2], "big")
    inner = int.from_bytes(data[at + FRAME + 1 : at + FRAME + 3], "big")
    fits = at + length <= len(data) and len(data) > at + FRAME
    return fits and length == inner + FRAME and data[at + FRAME] in CATEGORIES


def raw(data: bytes, tally: Tally) -> Iterator[Record]:
    """Records of blocks that follow each other. Where a block makes no sense, the next one that does is looked for."""
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at + 1 : at + 3], "big")
        if length >= 4 and at + length <= len(data) and (data[at] in CATEGORIES or _plausible(data, at + length)):
            yield from block(data, at, at + length, tally)
            at += length
            continue
        tally.skip(at, "ASTERIX block", "no category that is read here, or a length beyond the file")
        at = _next(data, at + 1)


def _plausible(data: bytes, at: int) -> bool:
    """Whether a known block, or the end of the file, lies here."""
    if at == len(data):
        return True
    length = int.from_bytes(data[at + 1 : at + 3], "big")
    return data[at] in CATEGORIES and length >= 4 and at + length <= len(data)


def _next(data: bytes, at: int) -> int:
    """Where the next block begins that is read whole, else the end."""
    while at < len(data):
        if _plausible(data, at):
            length, trial = int.from_bytes(data[at + 1 : at + 3], "big"), Tally()
            if any(True for _ in block(data, at, at + length, trial)) and not trial.left:
                return at
        at += 1
    return len(data)


def datagrams(data: bytes, tally: Tally) -> Iterator[Datagram]:
    """UDP payloads of a pcap file; what is not IPv4 and UDP is counted and passed over."""
    order, unit_ns = MAGIC[data[:4]]
    if len(data) < 24:
        raise FormatError("a pcap file of less than 24 bytes: its header was expected", data)
    link = int(struct.unpack_from(f"{order}I", data, 20)[0]) & 0xFFFF
    at = 24
    while at + 16 <= len(data):
        seconds, fraction, length, _ = struct.unpack_from(f"{order}IIII", data, at)
        frame = data[at + 16 : at + 16 + length]
        if len(frame) < length:
            tally.skip(at, "packet", "truncated file")
            return
        found = payload(frame, link)
        if isinstance(found, str):
            tally.skip(at, "packet", found)
        else:
            start, body = found
            yield Datagram(at + 16 + start, seconds * 1_000_000_000 + fraction * unit_ns, body)
        at += 16 + length
    if at < len(data):
        tally.skip(at, "packet", "truncated file")


def payload(frame: bytes, link: int) -> tuple[int, bytes] | str:
    """(offset, UDP payload) of a frame, or why there is none."""
    at = _network(frame, link)
    if at is None or len(frame) < at + 20 or frame[at] >> 4 != 4:
        return "not IPv4"
    header = (frame[at] & 15) * 4
    if frame[at + 9] != UDP or len(frame) < at + header + 8:
        return "not UDP"
    if int.from_bytes(frame[at + 6 : at + 8], "big") & 0x3FFF:
        return "a fragment"
    length = int.from_bytes(frame[at + header + 4 : at + header + 6], "big")
    start = at + header + 8
    return start, frame[start : at + header + max(8, length)]


def _network(frame: bytes, link: int) -> int | None:
    """Where the IPv4 header begins."""
    if link in RAW_IP:
        return 0
    if link == LINUX:
        return 16 if int.from_bytes(frame[14:16], "big") == IPV4 else None
    if link != ETHERNET:
        return None
    at = 12
    while int.from_bytes(frame[at : at + 2], "big") in VLAN:
        at += 4
    return at + 2 if int.from_bytes(frame[at : at + 2], "big") == IPV4 else None
