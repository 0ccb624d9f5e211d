"""Tiles and entry bundles of C2SP tlog-tiles v0.1.0: names, bytes, and which of them a tree of a size has.

A tile of level L holds up to 256 hashes, each the root of 256**L entries; an entry bundle holds up to 256 entries,
each after its big-endian u16 length. The length is not hashed.
"""

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tocsin.log.errors import EntryRefused, TileError
from tocsin.log.merkle import pair_hashes

WIDTH = 256
TILE_BYTES = WIDTH * 32
MAX_ENTRY_BYTES = 65_535
MAX_BUNDLE_BYTES = WIDTH * (2 + MAX_ENTRY_BYTES)
MAX_LEVEL = 7  # 256**8 entries exceed MAX_TREE_SIZE
_U16 = struct.Struct(">H")
_PATH = re.compile(
    r"tile/(?P<level>entries|[0-7])/(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True, slots=True)
class TileName:
    """One tile or entry bundle (`level` None) of `width` 1 to 256."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Path below the log's prefix, such as tile/0/x001/x234/067.p/8."""
        groups = f"{self.index:03d}"
        groups = groups.zfill(-(-len(groups) // 3) * 3)
        parts = [groups[i : i + 3] for i in range(0, len(groups), 3)]
        number = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
        level = "entries" if self.level is None else str(self.level)
        return f"tile/{level}/{number}" + ("" if self.width == WIDTH else f".p/{self.width}")


def parse_path(path: str) -> TileName:
    """Parse a tile or bundle path; only the one canonical spelling is accepted. Raises TileError."""
    match = _PATH.fullmatch(path) if len(path) <= 64 and path.isascii() else None
    if match is None:
        raise TileError("tile path: expected tile/<level>/<index>[.p/<width>]", path.encode(errors="replace")[:64])
    level = None if match["level"] == "entries" else int(match["level"])
    index = int(match["index"].replace("/", "").replace("x", ""))
    name = TileName(level, index, int(match["width"] or WIDTH))
    if name.width > WIDTH or name.path != path:
        raise TileError("tile path: expected its canonical spelling", path.encode())
    return name


def tiles_of(size: int) -> Iterator[TileName]:
    """Every hash tile of a tree of `size` entries, partial ones included, lowest level first."""
    level, count = 0, size
    while count:
        full, width = divmod(count, WIDTH)
        yield from (TileName(level, index) for index in range(full))
        if width:
            yield TileName(level, full, width)
        level, count = level + 1, full


def bundles_of(size: int) -> Iterator[TileName]:
    """Every entry bundle of a tree of `size` entries."""
    full, width = divmod(size, WIDTH)
    yield from (TileName(None, index) for index in range(full))
    if width:
        yield TileName(None, full, width)


def check_entry(entry: bytes) -> None:
    """Raises EntryRefused for an entry that no bundle can hold."""
    if len(entry) > MAX_ENTRY_BYTES:
        raise EntryRefused(f"entry: {len(entry)} bytes, expected at most {MAX_ENTRY_BYTES}")


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Entry bundle of 1 to 256 entries."""
    if not 1 <= len(entries) <= WIDTH:
        raise AssertionError(f"a bundle holds 1 to {WIDTH} entries, not {len(entries)}")
    parts: list[bytes] = []
    for entry in entries:
        check_entry(entry)
        parts += (_U16.pack(len(entry)), entry)
    return b"".join(parts)


def parse_bundle(data: bytes, width: int) -> list[bytes]:
    """The `width` entries of a bundle, with nothing before, between or after. Raises TileError."""
    if len(data) > width * (2 + MAX_ENTRY_BYTES):
        raise TileError(f"entry bundle: {len(data)} bytes are too many for {width} entries")
    entries, at = [], 0
    for number in range(width):
        if at + 2 > len(data):
            raise TileError(f"entry bundle: ends before entry {number} of {width}", data)
        start = at + 2
        at = start + _U16.unpack_from(data, at)[0]
        if at > len(data):
            raise TileError(f"entry bundle: entry {number} of {width} is cut off", data)
        entries.append(data[start:at])
    if at != len(data):
        raise TileError(f"entry bundle: {len(data) - at} bytes after entry {width}", data)
    return entries


def split_hashes(tile: bytes) -> list[bytes]:
    """A tile's hashes."""
    if len(tile) % 32 or len(tile) > TILE_BYTES:
        raise TileError(f"tile: {len(tile)} bytes, expected at most 256 hashes of 32", tile[:TILE_BYTES])
    return [tile[at : at + 32] for at in range(0, len(tile), 32)]


def run_root(hashes: Sequence[bytes]) -> bytes:
    """Root of a power-of-two run of hashes."""
    level = list(hashes)
    while len(level) > 1:
        level = pair_hashes(level)
    return level[0]
