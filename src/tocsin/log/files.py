"""A log as static files in the layout of tlog-tiles: read by path, written by path, nothing opened here."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from tocsin.log.edge import read_hashes
from tocsin.log.errors import TileError
from tocsin.log.ports import LogReader
from tocsin.log.tiles import WIDTH, TileName, bundles_of, encode_bundle, parse_bundle, parse_path, tiles_of

ReadFile = Callable[[str], bytes | None]


def file_of(store: LogReader, size: int, path: str) -> bytes:
    """Bytes of one tile or bundle of the first `size` entries, partial ones of any earlier width too.

    Raises TileError if the path is wrong, beyond `size`, or not held.
    """
    name = parse_path(path)
    per_slot = 1 if name.level is None else WIDTH**name.level
    if (name.index * WIDTH + name.width) * per_slot > size:
        raise TileError(f"{path}: beyond the {size} entries of this log")
    if name.level is not None:
        return b"".join(read_hashes(store.tile, name.level, name.index, name.width))
    first = name.index * WIDTH
    found = store.entries(first, first + name.width)
    if len(found) != name.width:
        raise TileError(f"{path}: {len(found)} entries held, expected {name.width}")
    return encode_bundle(found)


def export(store: LogReader, size: int) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of every tile and bundle of the first `size` entries; the checkpoint is the caller's to add."""
    for name in chain(tiles_of(size), bundles_of(size)):
        yield name.path, file_of(store, size, name.path)


class FileReader:
    """LogReader over files of a log of `size` entries; falls back from a partial file to the full one."""

    def __init__(self, read: ReadFile, size: int) -> None:
        self._read = read
        self._size = size

    def tile(self, level: int, index: int) -> bytes:
        """Bytes of a tile, empty if there is no such file."""
        width = min(WIDTH, (self._size >> (8 * level)) - index * WIDTH)
        return (self._file(TileName(level, index, width)) or b"") if width > 0 else b""

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        """Entries [start, end), cut off before the first bundle that is missing or cannot be read."""
        found: list[bytes] = []
        end = min(end, self._size)
        for index in range(start // WIDTH, -(-end // WIDTH)):
            first = index * WIDTH
            width = min(WIDTH, self._size - first)
            data = self._file(TileName(None, index, width))
            try:
                bundle = parse_bundle(data or b"", width)
            except TileError:
                break
            found += bundle[max(0, start - first) : end - first]
        return found

    def _file(self, name: TileName) -> bytes | None:
        data = self._read(name.path)
        if data is None and name.width < WIDTH:
            data = self._read(TileName(name.level, name.index).path)
            data = None if data is None else _narrow(data, name)
        return data


def _narrow(data: bytes, name: TileName) -> bytes:
    """First `width` hashes or entries of a full file."""
    if name.level is not None:
        return data[: name.width * 32]
    try:
        return encode_bundle(parse_bundle(data, WIDTH)[: name.width])
    except TileError:
        return b""
