"""The file of a centre's shortcut (`node.shortcut`): written aside and moved into place, missing whenever in doubt."""

from pathlib import Path

from tocsin.errors import Outage


class ShortcutFile:
    """`load` is the centre's port; `save` is called now and then by whoever runs the centre."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> bytes | None:
        """The last one saved, None if there is none or it cannot be read: the logs are then read whole."""
        try:
            return self._path.read_bytes()
        except OSError:
            return None

    def save(self, data: bytes) -> None:
        """Raises Outage; nothing is lost but time at the next start."""
        aside = self._path.with_suffix(".new")
        try:
            aside.write_bytes(data)
            aside.replace(self._path)
        except OSError as error:
            raise Outage(f"{self._path}: could not be written ({error}); the next start reads more") from error
