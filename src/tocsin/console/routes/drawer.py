"""`console.people.Drawer` as one file for its owner's eyes alone."""

import os
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
