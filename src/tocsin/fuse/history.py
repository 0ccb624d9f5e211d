"""What names remember, worked out at whole steps of time from the statements of each instant.

The instants follow from the statements: the whole steps at which something was said since the step before, or a track
became silent or left the picture. A late statement undoes the instants from its time on, so that what is remembered
is a function of the set of entries, whatever their order.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable

from tocsin.fuse.groups import Group, Key
from tocsin.fuse.limits import COAST_MAX_NS, KEEP_NS, NAMES_STEP_NS
from tocsin.fuse.names import NOTHING, Past, remembered
from tocsin.fuse.pairing import Comparer
from tocsin.fuse.stream import Stream


class History:
    """`before` a time; `undo` from a time."""

    def __init__(self, grouped_at: Callable[[int], list[Group]], comparer: Comparer) -> None:
        """`grouped_at`: the groups at an instant (TAI ns), from the statements up to then."""
        self._grouped_at = grouped_at
        self._comparer = comparer
        self._instants: list[int] = []
        self._pasts: list[Past] = []
        self._fading: list[int | None] = []  # when, after each instant, a track of it first falls silent or leaves

    def undo(self, t_ns: int) -> None:
        """Something was said about a time that may have been worked through."""
        place = bisect_left(self._instants, t_ns)
        del self._instants[place:], self._pasts[place:], self._fading[place:]

    def before(self, as_of_ns: int, streams: Iterable[Stream]) -> Past:
        """What is remembered of the instants before a time."""
        while (instant := self._next(streams)) is not None and instant < as_of_ns:
            groups = self._grouped_at(instant)
            past = self._pasts[-1] if self._pasts else NOTHING
            self._pasts.append(remembered(past, groups, instant, self._comparer))
            self._fading.append(_fading(groups, instant))
            self._instants.append(instant)
        place = bisect_left(self._instants, as_of_ns)
        return self._pasts[place - 1] if place else NOTHING

    def sources(self) -> set[Key]:
        """Party and track of all that now gives a name to something, whether or not it is still in the picture."""
        past = self._pasts[-1] if self._pasts else NOTHING
        return {(name.party, name.track) for name in past.homes}

    def _next(self, streams: Iterable[Stream]) -> int | None:
        """The first instant after the last one at which groups or names can differ; none if nothing is to come."""
        last, fading = (self._instants[-1], self._fading[-1]) if self._instants else (None, None)
        said = (stream.next_said(last) for stream in streams)
        changes = [t_ns for t_ns in (fading, *said) if t_ns is not None]
        return -(-min(changes) // NAMES_STEP_NS) * NAMES_STEP_NS if changes else None


def _fading(groups: Iterable[Group], t_ns: int) -> int | None:
    """When, after a time, the first member falls silent or leaves the picture if nothing is said of any."""
    heads = [head.t_ns for group in groups for _, head in group.members]
    changes = (at + span + 1 for at in heads for span in (COAST_MAX_NS, KEEP_NS))
    return min((then for then in changes if then > t_ns), default=None)
