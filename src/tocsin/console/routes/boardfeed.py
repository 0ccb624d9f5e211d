"""The board as a feed: which section is due when, and what that costs.

Tracks go at most four times a second, and no faster than the lines can carry them to everybody. What follows from the
record goes at once when the record moved, and each second for what follows from the clock. No kind of work may take
more than a quarter of the time.
"""

from collections.abc import Callable, Iterator

import msgspec

from tocsin.console.board import SECTIONS
from tocsin.console.sight import Sight
from tocsin.console.views import VIEWS

TRACKS_S, PICTURE_S, CLOCK_S, SETTLE_S = 0.25, 1.0, 1.0, 0.1
SHARE = 4.0  # at least so many times as long as it took passes before the same is done again
BYTES_PER_S = 30e6
ON_CLOCK = ("events", "notices", "proposals", "talk", "dockets", "timeline", "watch", "areas")
ON_RECORD = ("requests", "verify", *ON_CLOCK)


class BoardFeed:
    """`live.Feed` over a sight. `wall_s` is monotonic seconds."""

    names = tuple(sorted(SECTIONS, key=lambda name: (name != "head", name == "trails")))

    def __init__(self, sight: Sight, wall_s: Callable[[], float]) -> None:
        self.sight = sight
        self._wall_s = wall_s
        self._mark: tuple[object, ...] = ()
        self._next_s: dict[str, float] = {}
        self._sizes: dict[str, int] = {}
        self._clock_tai_ns = -1

    def due(self, now_s: float, clients: int) -> Iterator[str]:
        """What to look at now."""
        mark = self.sight.mark()
        moved = mark != self._mark
        if moved and now_s >= self._next_s.get("record", 0.0):
            self._mark = mark
            self._picture(now_s)
            yield from self._timed("record", now_s, SETTLE_S, ("head", *ON_RECORD, "tracks"))
        now_ns = self.sight.centre.now_tai_ns
        if now_ns == self._clock_tai_ns:
            return
        if now_s >= self._next_s.get("picture", 0.0):
            self._picture(now_s)
        if now_s >= self._next_s.get("head", 0.0):
            yield from self._timed("head", now_s, CLOCK_S, ("head",))
        if now_s >= self._next_s.get("clock", 0.0):
            yield from self._timed("clock", now_s, CLOCK_S, ON_CLOCK)
        if now_s >= self._next_s.get("tracks", 0.0):
            self._clock_tai_ns = now_ns
            carry_s = self._sizes.get("tracks", 0) * clients / BYTES_PER_S
            yield from self._timed("tracks", now_s, max(TRACKS_S, carry_s), ("tracks",))

    def encode(self, name: str) -> bytes:
        """A section's JSON."""
        if not self.sight.picture_tai_ns:
            self._picture(self._wall_s())
        data = msgspec.json.encode(VIEWS[name](self.sight))
        self._sizes[name] = len(data)
        return data

    def _timed(self, what: str, now_s: float, least_s: float, names: tuple[str, ...]) -> Iterator[str]:
        """Names one after another; what they cost says when they come again."""
        began_s = self._wall_s()
        yield from names
        self._next_s[what] = now_s + max(least_s, SHARE * (self._wall_s() - began_s))

    def _picture(self, now_s: float) -> None:
        if now_s < self._next_s.get("picture", 0.0) and self.sight.picture_tai_ns and not self._cheap():
            return
        began_s = self._wall_s()
        self.sight.refresh()
        cost_s = self._wall_s() - began_s
        self._costs = cost_s
        self._next_s["picture"] = now_s + max(PICTURE_S, SHARE * cost_s)

    _costs = 0.0

    def _cheap(self) -> bool:
        """A small picture is taken at every turn of the record."""
        return self._costs < 0.02
