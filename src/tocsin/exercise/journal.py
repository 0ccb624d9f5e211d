"""Everything that the director did, and when: part of the after-action report, never shown to the parties in play."""

from collections.abc import Callable
from typing import Literal

import msgspec

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
    """Append only; every entry goes to `sink` before it counts."""

    def __init__(self, sink: Callable[[bytes], None]) -> None:
        self._sink = sink
        self.entries: list[Entry] = []

    def add(self, t_tai_ns: int, wall_posix_s: float, who: str, act: Act, text: str) -> Entry:
        """Keep one act."""
        entry = Entry(
            number=len(self.entries), t_tai_us=t_tai_ns // 1_000, wall_posix_s=round(wall_posix_s, 3), who=who,
            act=act, text=text[:2_000],
        )  # fmt: skip
        self._sink(msgspec.json.encode(entry) + b"\n")
        self.entries.append(entry)
        return entry
