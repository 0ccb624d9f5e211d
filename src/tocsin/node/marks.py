"""The first and the last tracklet of every track, the latest of them: bounded, however long a centre runs.

A coarsened tracklet is whole, as a first one is: which of them was the first is told by the track's name.
"""

from collections import OrderedDict, deque
from collections.abc import Iterator
from itertools import islice

from tocsin.node.record import Said
from tocsin.wire.bodies import Tracklet

MOST = 20_000
MOST_BEGUN = 65_536  # tracks whose first tracklet is remembered by name


class Marks:
    """Add what was read of a track; iterate over what is kept, oldest first."""

    def __init__(self) -> None:
        self._kept: deque[Said] = deque(maxlen=MOST)
        self._begun: OrderedDict[tuple[str, str], None] = OrderedDict()
        self.count = 0
        """How many were ever kept: moves when there is a new one."""

    def __iter__(self) -> Iterator[Said]:
        return iter(self._kept)

    def since(self, count: int) -> list[Said]:
        """Those kept after there had been `count`, as far as they are still here."""
        return list(islice(self._kept, max(0, len(self._kept) - (self.count - count)), None))

    def add(self, said: Said, body: Tracklet) -> None:
        """Keep it if it is the first of its track, or the last."""
        if not body.ended and body.since_tai_us is not None:
            return
        key = (said.entry.origin, body.track)
        if body.ended:
            self._begun.pop(key, None)
        elif key in self._begun:
            self._begun.move_to_end(key)
            return
        else:
            self._begun[key] = None
            if len(self._begun) > MOST_BEGUN:
                self._begun.popitem(last=False)
        self._kept.append(said)
        self.count += 1
