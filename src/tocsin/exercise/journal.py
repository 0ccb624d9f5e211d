"""Everything that the director did, and when: part of the after-action report, never shown to the parties in play."""

from collections.abc import Callable
from typing import Literal

import msgspec

from tocsin.errors import Outage
from tocsin.wire.envelope import Record

Act = Literal["clock", "inject", "seat", "note", "no-duff", "refused", "enrolment"]


class Entry(Record, frozen=True, kw_only=True):
    """One act. `t_tai_us` is game time, `wall_posix_s` the time on the wall."""

    number: int
    t_tai_us: int
    wall_posix_s: float
    who: str
    act: Act
    text: str


class Journal:
    """Append only; every entry goes to `sink` before it counts.

    Where the sink fails (a full disk), play does not end: an entry says so to the director, and what could not be
    written is kept and goes with the next entry.
    """

    def __init__(self, sink: Callable[[bytes], None]) -> None:
        self._sink = sink
        self._held = b""
        self._failing = False
        self.entries: list[Entry] = []

    def add(self, t_tai_ns: int, wall_posix_s: float, who: str, act: Act, text: str) -> Entry:
        """Keep one act."""
        entry = self._keep(t_tai_ns, wall_posix_s, who, act, text)
        try:
            self._sink(self._held)
            self._held, self._failing = b"", False
        except Outage as error:
            if not self._failing:
                self._failing = True
                words = f"the journal is not on disk from entry {entry.number} on: {error}"
                self._keep(t_tai_ns, wall_posix_s, "clock", "refused", words)
        return entry

    def _keep(self, t_tai_ns: int, wall_posix_s: float, who: str, act: Act, text: str) -> Entry:
        entry = Entry(
            number=len(self.entries), t_tai_us=t_tai_ns // 1_000, wall_posix_s=round(wall_posix_s, 3), who=who,
            act=act, text=text[:2_000],
        )  # fmt: skip
        self._held += msgspec.json.encode(entry) + b"\n"
        self.entries.append(entry)
        return entry
