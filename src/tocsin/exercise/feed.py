"""The director's board as a live feed (`console.routes.live.Feed`): what changed, at most four times a second."""

from collections.abc import Callable, Iterator

import msgspec

from tocsin.exercise.overview import Overview

NAMES = ("clock", "seats", "truth", "injects", "links", "journal")
EVERY_S = 0.25


class DirectorFeed:
    """`look` builds the board; it is asked once a turn for all sections together."""

    names: tuple[str, ...] = NAMES

    def __init__(self, look: Callable[[], Overview], version: Callable[[], int]) -> None:
        self._look, self._version = look, version
        self._seen: Overview | None = None
        self._taken = -1
        self._next_s = 0.0

    def due(self, now_s: float, clients: int) -> Iterator[str]:
        """All sections when anything moved; what did not change is not sent."""
        del clients
        if self._version() == self._taken or now_s < self._next_s:
            return
        self._next_s = now_s + EVERY_S
        self._refresh()
        yield from NAMES

    def encode(self, name: str) -> bytes:
        """A section's JSON."""
        if self._seen is None:
            self._refresh()
        return msgspec.json.encode(getattr(self._seen, name))

    def _refresh(self) -> None:
        self._taken = self._version()
        self._seen = self._look()
