"""The national picture worked out beside the centre, so that a thousand tracks do not hold up its turn.

`news` belongs to the centre's own thread, `work` to one other at a time. It has a fold of its own over the same
entries, so it is the same picture as `queries.national_picture`.
"""

from collections.abc import Sequence

from tocsin.fuse import CommonTrack, Fold
from tocsin.mirror import Verified
from tocsin.node.centre import Centre
from tocsin.node.record import of_mode
from tocsin.node.shown import gates


class SidePicture:
    """`work(*news())` gives the tracks."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        self._fold = Fold()
        self._taken: dict[str, int] = {}

    def news(self) -> tuple[Sequence[Verified], int]:
        """Entries since the last call, of our mode, and the centre's time. A log that shrank starts the fold anew."""
        found: list[Verified] = []
        held = gates(self._centre)
        if any(gate.size < self._taken.get(origin, 0) for origin, gate in held.items()):
            self._fold, self._taken = Fold(), {}
        for origin, gate in sorted(held.items()):
            found.extend(gate.entries(self._taken.get(origin, 0), gate.size))
            self._taken[origin] = gate.size
        return of_mode(found, self._centre.config.mode), self._centre.now_tai_ns

    def work(self, entries: Sequence[Verified], now_tai_ns: int) -> tuple[CommonTrack, ...]:
        """The tracks of the national picture at a time."""
        self._fold.add(entries)
        return self._fold.picture(now_tai_ns).tracks
