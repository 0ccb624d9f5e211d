"""What was thought of each event over time, as this console worked it out: kept while it runs, so that no page need."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tocsin.console.board import Event, Part

LEAST_US = 1_000_000
MOST_ROWS = 1_200
MOST_EVENTS = 200


class Explained(Part, frozen=True, kw_only=True):
    """How far an event was explained: our own estimate, and the band between the parties' shown judgements (0 to 1)."""

    id: str
    t_tai_us: tuple[int, ...]
    benign: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


Row = tuple[int, float, float, float]


def row_of(t_tai_us: int, event: Event) -> Row:
    """(t, own estimate, lowest, highest) of an event as it stands."""
    shown = [one.probability for one in event.assessments if one.state in ("open", "opened")]
    known = [event.benign, *(one for one in shown if one is not None)]
    return t_tai_us, event.benign, min(known), max(known)


@dataclass(slots=True)
class Thoughts:
    """Rows by event, whatever it is called. A row that says the same as the one before it only moves its end."""

    _rows: dict[str, list[Row]] = field(default_factory=dict)
    _called: dict[str, str] = field(default_factory=dict)

    def note(self, t_tai_us: int, events: Iterable[Event]) -> None:
        """Keep what is thought now, at most once a second."""
        for event in events:
            row, held = row_of(t_tai_us, event), self._held(event)
            if held and t_tai_us - held[-1][0] < LEAST_US:
                continue
            if len(held) > 1 and held[-1][1:] == held[-2][1:] == row[1:]:
                held[-1] = row
            else:
                held.append(row)
                del held[:-MOST_ROWS]
        while len(self._rows) > MOST_EVENTS:
            gone = next(iter(self._rows))
            del self._rows[gone]
            self._called = {name: now for name, now in self._called.items() if now != gone}

    def _held(self, event: Event) -> list[Row]:
        """The rows of an event, with what was thought before under other names of it."""
        held = self._rows.setdefault(event.id, [])
        for name in event.names:
            older = self._rows.pop(name, []) if name != event.id else []
            held[:0] = [row for row in older if not held or row[0] < held[0][0]]
        self._called.update(dict.fromkeys(event.names, event.id))
        return held

    def of(self, name: str) -> Explained:
        """Everything kept of an event; nothing of one that was never seen here."""
        columns = list(zip(*self._rows.get(self._called.get(name, name), ()), strict=True)) or [()] * 4
        t, benign, low, high = columns
        return Explained(id=name, t_tai_us=t, benign=benign, low=low, high=high)
