"""A past centre as a console sees it (`console.host.Host`)."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from tocsin.console.host import Play, Press
from tocsin.errors import Refusal
from tocsin.node.desk import Desk
from tocsin.node.past import Past

T = TypeVar("T")
MOST_JUDGED = 32


class ReplayHost:
    """Nothing happens here now, and nothing can be said."""

    def __init__(self, centre: Past, title: str, ends_tai_ns: int) -> None:
        self.centre, self.title = centre, title
        self.desk = Desk(centre, most=MOST_JUDGED)
        self._ends_tai_ns = ends_tai_ns

    def play(self) -> Play:
        """The time that is shown."""
        now_ns = self.centre.now_tai_ns
        ended = now_ns >= self._ends_tai_ns
        return Play(mode=self.centre.config.mode, now_tai_ns=now_ns, ended=ended, replay=True)

    def heard(self) -> Mapping[str, int]:
        """Scans stand in no log."""
        return {}

    def press(self) -> Sequence[Press]:
        """Neither do reports from outside."""
        return ()

    def act(self, action: Callable[[], T]) -> T:
        """Never."""
        raise Refusal(f"this is a replay, nothing can be said in it ({action})")
