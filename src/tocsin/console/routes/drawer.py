"""`console.people.Drawer` as one file for its owner's eyes alone."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tocsin.errors import Outage


class FileDrawer:
    """Written whole or not at all, mode 0600."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> bytes | None:
        """What was kept last; None if there is nothing yet."""
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Outage(f"{self._path}: cannot be read ({error.strerror})") from error

    @contextmanager
    def held(self) -> Iterator[None]:
        """A lock on the file NAME.lock beside it: the console and a command do not overwrite each other's words."""
        try:
            descriptor = os.open(self._path.with_name(self._path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Outage(f"{self._path}.lock: cannot be opened ({error.strerror})") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def save(self, data: bytes) -> None:
        """Keep it."""
        beside = self._path.with_name(self._path.name + ".new")
        try:
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        except OSError as error:
            raise Outage(f"{self._path}: could not be written ({error.strerror})") from error
