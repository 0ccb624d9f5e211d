"""From a past centre to the parts of a recording: boards as changes, histories for charts, every statement with proof.

A part begins with a whole board, so that a reader can begin anywhere, and a damaged part costs nothing but itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from tocsin.console.board import Event, Me
from tocsin.console.entries import statement_view
from tocsin.console.replay.delta import patch
from tocsin.console.replay.host import ReplayHost
from tocsin.console.sight import NS, Sight
from tocsin.console.thoughts import Thoughts
from tocsin.console.trackviews import predicted, told
from tocsin.console.views import VIEWS
from tocsin.node.sights import CommonTrack

FRAMES_A_PART = 60
AHEAD_EVERY_US = 30_000_000


def nobody() -> Me:
    """Who looks at a replay: nobody who could do anything."""
    return Me(name="", roles=(), has_watch=False, login="none", expires_posix_s=0, may={})


@dataclass(slots=True)
class Part:
    """Consecutive frames; the first is whole."""

    from_tai_us: int
    frames: list[dict[str, Any]] = field(default_factory=list)

    def data(self) -> bytes:
        """As it stands in its file."""
        return msgspec.json.encode({"format": "tocsin-replay-part", "version": 1, "frames": self.frames})


@dataclass(slots=True)
class Recorded:
    """One party's console through a run. `charts` and `statements` are JSON."""

    party: str
    parts: list[Part]
    marks: list[dict[str, Any]]
    charts: bytes
    statements: bytes


class Recorder:
    """Looks at one past centre every `step_s` from `begins` to `ends` (TAI nanoseconds)."""

    def __init__(self, host: ReplayHost, begins_tai_ns: int, ends_tai_ns: int, step_s: float) -> None:
        self.sight = Sight(host)
        self._centre = host.centre
        self._begins_ns, self._ends_ns = begins_tai_ns, ends_tai_ns
        self._step_ns = round(step_s * NS)
        self._seen: dict[str, CommonTrack] = {}
        self._ahead: dict[str, list[dict[str, Any]]] = {}
        self._predicted: dict[str, int] = {}
        self._thoughts = Thoughts()
        self._events: tuple[Event, ...] = ()
        self._named: set[str] = set()

    def boards(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """(TAI microseconds, board as plain values) at every look, the last at the end."""
        times = [*range(self._begins_ns, self._ends_ns, self._step_ns), self._ends_ns]
        for t_ns in times:
            self._centre.advance(t_ns)
            self.sight.refresh()
            yield t_ns // 1_000, self.board()

    def board(self) -> dict[str, Any]:
        """The board now: what the views of any console make of this centre, for nobody."""
        found = {name: view(self.sight) for name, view in VIEWS.items()}
        self._events = found["events"]
        plain = msgspec.json.decode(msgspec.json.encode({"me": nobody(), **found}))
        return dict(plain)

    def record(self, done: Callable[[float], None] = lambda _: None) -> Recorded:
        """Everything. `done` is told the share."""
        parts: list[Part] = []
        before: dict[str, Any] | None = None
        for t_us, board in self.boards():
            if not parts or len(parts[-1].frames) == FRAMES_A_PART:
                parts.append(Part(t_us))
                before = None
            parts[-1].frames.append({"t": t_us, "set": patch(before, board)})
            before = board
            self._follow(t_us, board)
            done((t_us * 1_000 - self._begins_ns) / max(1, self._ends_ns - self._begins_ns))
        return Recorded(self.sight.party, parts, self._marks(), self._charts(), self._statements())

    def _follow(self, t_us: int, board: dict[str, Any]) -> None:
        """What charts need: judgements as they changed, histories and predictions of what is judged."""
        self._thoughts.note(t_us, self._events)
        for event in board["events"]:
            self._named.add(event["id"])
            track = next((one for one in self.sight.tracks if event["id"] in (one.id, *one.aliases)), None)
            if track is not None:
                self._seen[event["id"]] = track
                self._predict(t_us, event["id"], track)

    def _predict(self, t_us: int, name: str, track: CommonTrack) -> None:
        """Where it was headed then, now and again."""
        if t_us - self._predicted.get(name, 0) < AHEAD_EVERY_US:
            return
        self._predicted[name] = t_us
        self._ahead.setdefault(name, []).append({"t": t_us, "path": predicted(self.sight, track)})

    def _charts(self) -> bytes:
        tracks = {
            name: {"names": (track.id, *track.aliases), "said": told(self.sight, track), "ahead": self._ahead[name]}
            for name, track in self._seen.items()
        }
        judged = {name: self._thoughts.of(name) for name in sorted(self._named)}
        return msgspec.json.encode({"format": "tocsin-replay-charts", "tracks": tracks, "judged": judged})

    def _statements(self) -> bytes:
        centre = self._centre
        found = {one.entry.sha256: statement_view(self.sight, one) for one in (*centre.said, *centre.marks)}
        return msgspec.json.encode({"format": "tocsin-replay-statements", "statements": found})

    def _marks(self) -> list[dict[str, Any]]:
        """Moments worth stopping at: when this console had each statement that is no track."""
        times = {one.entry.sha256: one.logged_tai_ns // 1_000 for one in self._centre.said}
        return [
            {"t": times[one.entry.sha256], "party": one.party, "kind": one.kind} for one in self._centre.said
            if one.kind not in ("agreement", "anchors", "roster", "encryption-keys")
        ]  # fmt: skip
