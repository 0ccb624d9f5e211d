"""A log as a folder of C2SP tlog-tiles files: what auditors read, and what any web server can serve as it is."""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from tocsin.errors import Outage
from tocsin.log.ports import LogReader
from tocsin.log.tiles import WIDTH, TileName, encode_bundle, parse_bundle


def write_file(path: Path, data: bytes) -> None:
    """Whole or not at all: written beside, synced, then renamed. Raises Outage naming the file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(path.name + ".new")
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise Outage(f"{path}: could not be written ({error.strerror}); free the disk and run again") from error


def publish(reader: LogReader, old_size: int, new_size: int, checkpoint: bytes, folder: Path) -> None:
    """Bring `folder` from the tree of `old_size` to that of `new_size`: bundles, tiles, then the checkpoint."""
    for index in range(old_size // WIDTH, -(-new_size // WIDTH)):
        width = min(WIDTH, new_size - index * WIDTH)
        bundle = encode_bundle(reader.entries(index * WIDTH, index * WIDTH + width))
        _put(folder, TileName(None, index, width), bundle)
    level, old, new = 0, old_size, new_size
    while new:
        for index in range(old // WIDTH, -(-new // WIDTH)):
            width = min(WIDTH, new - index * WIDTH)
            _put(folder, TileName(level, index, width), reader.tile(level, index)[: width * 32])
        level, old, new = level + 1, old // WIDTH, new // WIDTH
    write_file(folder / "checkpoint", checkpoint)


def _put(folder: Path, name: TileName, data: bytes) -> None:
    write_file(folder / name.path, data)
    narrower = folder / (TileName(name.level, name.index).path + ".p")
    if name.width == WIDTH and narrower.is_dir():
        shutil.rmtree(narrower)
        return
    if name.width > 1:
        (narrower / str(name.width - 1)).unlink(missing_ok=True)


class TileFolder:
    """`log.ports.LogReader` over such a folder; nothing it returns is trusted before it is checked to the root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def checkpoint(self) -> bytes:
        """The signed checkpoint. Raises Outage if there is none."""
        path = self.folder / "checkpoint"
        try:
            return path.read_bytes()
        except OSError as error:
            message = f"{path}: cannot be read ({error.strerror}); a log folder with a checkpoint was expected"
            raise Outage(message) from error

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        """Entries [start, end), fewer if a bundle is missing or ends early. Raises TileError for a broken bundle."""
        found: list[bytes] = []
        while start + len(found) < end:
            index, offset = divmod(start + len(found), WIDTH)
            width, data = self._widest(TileName(None, index))
            bundle = parse_bundle(data, width) if width else []
            if len(bundle) <= offset:
                break
            found.extend(bundle[offset:])
        return found[: end - start]

    def tile(self, level: int, index: int) -> bytes:
        """Widest version held of a tile, empty if there is none."""
        return self._widest(TileName(level, index))[1]

    def _widest(self, name: TileName) -> tuple[int, bytes]:
        full = self.folder / name.path
        if full.is_file():
            return WIDTH, full.read_bytes()
        partial = self.folder / (name.path + ".p")
        widths = [int(p.name) for p in partial.iterdir() if p.name.isdecimal()] if partial.is_dir() else []
        if not widths:
            return 0, b""
        return max(widths), (partial / str(max(widths))).read_bytes()


class FolderLog:
    """Keeps a folder in step with a log: call `update` after every commit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._size = 0

    def update(self, reader: LogReader, size: int, checkpoint: bytes) -> None:
        """Publish what is new since the last call."""
        publish(reader, self._size, size, checkpoint, self.folder)
        self._size = size


def write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Small files beside a log (keys, receipts, bundles)."""
    for name, data in files.items():
        write_file(folder / name, data)
