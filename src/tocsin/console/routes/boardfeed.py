"""The board as a feed: which section is due when, and what that costs.

Tracks go at most four times a second, and no faster than the lines can carry them to everybody. What follows from the
record goes at once when the record moved, and each second for what follows from the clock. No kind of work may take
more than a quarter of the time.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import msgspec

from tocsin.console.board import SECTIONS
from tocsin.console.sight import Sight
from tocsin.console.views import VIEWS
from tocsin.node.sidepicture import SidePicture
from tocsin.node.sights import CommonTrack

TRACKS_S, PICTURE_S, CLOCK_S, SETTLE_S = 0.25, 1.0, 1.0, 0.1
SHARE = 4.0  # at least so many times as long as it took passes before the same is done again
BYTES_PER_S = 30e6
CHEAP_S = 0.03  # a picture that takes longer is worked out beside
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
        self._cost_s = 0.0
        self._side = SidePicture(sight.centre)
        self._beside = ThreadPoolExecutor(1, "picture")
        self._job: tuple[int, Future[tuple[CommonTrack, ...]]] | None = None
        self._job_s = 0.0

    def due(self, now_s: float, clients: int) -> Iterator[str]:
        """What to look at now."""
        mark = self.sight.mark()
        moved = mark != self._mark
        if moved and now_s >= self._next_s.get("record", 0.0):
            self._mark = mark
            self._picture(now_s)
            yield from self._timed("record", now_s, SETTLE_S, ("head", *ON_RECORD, "tracks"))
        if self._job is not None:
            self._picture(now_s)
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
        made = VIEWS[name](self.sight)
        if name == "events":
            self.sight.thoughts.note(self.sight.now_tai_us, made)
        data = msgspec.json.encode(made)
        self._sizes[name] = len(data)
        return data

    def _timed(self, what: str, now_s: float, least_s: float, names: tuple[str, ...]) -> Iterator[str]:
        """Names one after another; what they cost says when they come again."""
        began_s = self._wall_s()
        yield from names
        self._next_s[what] = now_s + max(least_s, SHARE * (self._wall_s() - began_s))

    def _picture(self, now_s: float) -> None:
        """A small picture at once and at every turn of the record; a large one beside, in another thread."""
        if self._job is not None:
            self._collect(now_s)
            return
        if self._cost_s < CHEAP_S or not self.sight.picture_tai_ns:
            began_s = self._wall_s()
            self.sight.refresh()
            self._cost_s = self._wall_s() - began_s
            self._next_s["picture"] = now_s + max(PICTURE_S, SHARE * self._cost_s)
        elif now_s >= self._next_s.get("picture", 0.0):
            entries, now_ns = self._side.news()
            self._job = (now_ns, self._beside.submit(self._side.work, entries, now_ns))
            self._job_s = now_s

    def _collect(self, now_s: float) -> None:
        """Take the large picture if it is done; while there is one, the desk looks at it, too."""
        if self._job is None or not self._job[1].done():
            return
        (now_ns, done), self._job = self._job, None
        self._cost_s = now_s - self._job_s
        self._next_s["picture"] = now_s + max(PICTURE_S, self._cost_s)
        self.sight.take(done.result(), now_ns)
        self.sight.desk.seen = lambda: self.sight.tracks
        if self._cost_s < CHEAP_S:
            self.sight.desk.seen = None
