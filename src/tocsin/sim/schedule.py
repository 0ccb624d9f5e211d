"""Virtual time: a queue of actions, run in order of time and then of arrival. No clock of the machine is read."""

import heapq
from collections.abc import Callable
from itertools import count


class Schedule:
    """The only clock of a simulated world; it is also the clock port of every centre in it."""

    def __init__(self, begin_tai_ns: int) -> None:
        self.t_tai_ns = begin_tai_ns  # to be read; only `run` moves it
        self._queue: list[tuple[int, int, Callable[[], None]]] = []
        self._order = count()

    def now_tai_ns(self) -> int:
        """Virtual time."""
        return self.t_tai_ns

    def at(self, t_tai_ns: int, action: Callable[[], None]) -> None:
        """Run `action` at `t_tai_ns`, or now if that has passed."""
        heapq.heappush(self._queue, (max(t_tai_ns, self.t_tai_ns), next(self._order), action))

    def every(self, period_ns: int, action: Callable[[], None], until_tai_ns: int) -> None:
        """Run `action` every `period_ns` from now until `until_tai_ns`."""

        def again() -> None:
            action()
            if self.t_tai_ns + period_ns <= until_tai_ns:
                self.at(self.t_tai_ns + period_ns, again)

        self.at(self.t_tai_ns, again)

    def run(self, until_tai_ns: int) -> None:
        """Play everything up to and including `until_tai_ns`."""
        while self._queue and self._queue[0][0] <= until_tai_ns:
            self.t_tai_ns, _, action = heapq.heappop(self._queue)
            action()
        self.t_tai_ns = max(self.t_tai_ns, until_tai_ns)
