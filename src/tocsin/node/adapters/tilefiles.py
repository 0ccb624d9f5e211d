"""A log as a folder of C2SP tlog-tiles files: what auditors read, and what any web server can serve as it is."""

import contextlib
import errno
import gzip
import io
import os
import shutil
import zlib
from pathlib import Path

from tocsin.errors import BadEvidence, Outage
from tocsin.log.files import FileReader, file_of
from tocsin.log.ports import LogReader
from tocsin.log.tiles import WIDTH, TileName

MOST_UNPACKED = 10_000_000


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


def append_file(path: Path, data: bytes) -> None:
    """Put at the end of a file, whole or not at all. Raises Outage naming the file."""
    try:
        with path.open("ab", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            try:
                if file.write(data) != len(data):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(file.fileno())
            except OSError:
                with contextlib.suppress(OSError):
                    file.truncate(size)
                raise
    except OSError as error:
        raise Outage(f"{path}: could not be added to ({error.strerror}); free the disk") from error


def read_file(path: Path, expected: str) -> bytes:
    """Bytes of a file. Raises Outage saying what was expected there."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Outage(f"{path}: cannot be read ({error.strerror}); {expected} was expected") from error


def unpacked(path: Path, expected: str) -> bytes:
    """The same of a file as it is or packed by gzip, up to 10 MB. Raises BadEvidence where the packing is damaged."""
    data = read_file(path, expected)
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            return packed.read(MOST_UNPACKED)
    except (OSError, EOFError, zlib.error) as error:
        raise BadEvidence(f"{path}: {expected} was expected, and the gzip file is damaged") from error


def publish(
    reader: LogReader, old_size: int, new_size: int, checkpoint: bytes, folder: Path, dropped: int = 0
) -> None:
    """Bring `folder` from the tree of `old_size` to that of `new_size`: bundles, tiles, then the checkpoint.

    `dropped`: entries before this one are not written (L11).
    """
    for name in _changed(old_size, new_size):
        if name.level is None and name.index < dropped // WIDTH:
            continue
        write_file(folder / name.path, file_of(reader, new_size, name.path))
        _drop_narrower(folder, name)
    write_file(folder / "checkpoint", checkpoint)


def _changed(old_size: int, new_size: int) -> list[TileName]:
    """Bundles and tiles of the larger tree that the smaller one did not have, each at its new width."""
    names: list[TileName] = []
    level: int | None = None
    old, new = old_size, new_size
    while new:
        touched = range(old // WIDTH, -(-new // WIDTH))
        names.extend(TileName(level, index, min(WIDTH, new - index * WIDTH)) for index in touched)
        if level is None:
            level = 0
            continue
        level, old, new = level + 1, old // WIDTH, new // WIDTH
    return names


def _drop_narrower(folder: Path, name: TileName) -> None:
    """A partial tile may go once a wider one stands (tlog-tiles)."""
    partial = folder / (TileName(name.level, name.index).path + ".p")
    if name.width == WIDTH and partial.is_dir():
        shutil.rmtree(partial)
    elif partial.is_dir():
        for old in partial.iterdir():
            if old.name.isdecimal() and int(old.name) < name.width:
                old.unlink()


def folder_reader(folder: Path, size: int) -> FileReader:
    """Reader over the files of a log of `size` entries; what it returns is trusted only after it is checked."""

    def read(path: str) -> bytes | None:
        file = folder / path
        return file.read_bytes() if file.is_file() else None

    return FileReader(read, size)


class FolderLog:
    """Keeps a folder in step with a log: call `update` after every commit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._size = 0

    def update(self, reader: LogReader, size: int, checkpoint: bytes) -> None:
        """Publish what is new since the last call."""
        publish(reader, self._size, size, checkpoint, self.folder)
        self._size = size
