"""What an import took and what it left: every skipped record is counted, and shown with its offset.

A bad record never stops an import; only an input of which nothing can be read does.
"""

from collections import Counter
from dataclasses import dataclass, field

KEPT = 200
"""Skipped records that are kept one by one; beyond that they are only counted."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """One record that was left out. `offset` counts bytes (or lines, for texts) from the start of the input."""

    offset: int
    what: str
    why: str


@dataclass(slots=True)
class Tally:
    """Counts of one import, by the name of the record."""

    taken: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)

    def take(self, what: str) -> None:
        """One more of that name went through."""
        self.taken[what] += 1

    def skip(self, offset: int, what: str, why: str) -> None:
        """One record was left out; the reason is counted, the first ones are kept."""
        self.left[f"{what}: {why}"] += 1
        if len(self.skipped) < KEPT:
            self.skipped.append(Skipped(offset, what, why))

    def words(self) -> list[str]:
        """Lines for a person: what was taken, what was left out and where it stands first."""
        lines = [f"{count:8}  {what}" for what, count in sorted(self.taken.items())]
        first: dict[str, int] = {}
        for one in self.skipped:
            first.setdefault(f"{one.what}: {one.why}", one.offset)
        for reason, count in sorted(self.left.items()):
            where = f", first at offset {first[reason]}" if reason in first else ""
            lines.append(f"{count:8}  left out: {reason}{where}")
        return lines
