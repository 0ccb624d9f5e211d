"""What a process that runs a centre gives to the console. `tocsin serve` and an exercise each make one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from tocsin.node.centre import Centre
from tocsin.node.desk import Desk

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """How time goes. `no_duff`: why play was stopped for a real matter; `replay`: nothing here happens now."""

    mode: Literal["exercise", "live"]
    now_tai_ns: int
    speed: float = 1.0
    paused: bool = False
    ended: bool = False
    replay: bool = False
    no_duff: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """A report that came from outside every centre: no statement of any party."""

    t_tai_ns: int
    source: str
    text: str


class Host(Protocol):
    """One centre, its desk, its clock, and its turn."""

    @property
    def centre(self) -> Centre:
        """The centre; a `Staffed` one if officers sign."""
        ...

    @property
    def desk(self) -> Desk:
        """The desk that everybody at this centre shares."""
        ...

    @property
    def title(self) -> str:
        """Name of the case, or of the duty."""
        ...

    def play(self) -> Play:
        """How time goes now."""
        ...

    def heard(self) -> Mapping[str, int]:
        """When each own sensor last sent a scan, TAI nanoseconds, by the sensor's id."""
        ...

    def press(self) -> Sequence[Press]:
        """Reports from outside, oldest first."""
        ...

    def act(self, action: Callable[[], T]) -> T:
        """Run a person's act in the centre's turn, then send what it said. Raises what the act raises, or Refusal."""
        ...


class CentreHost:
    """A host over a centre that runs by itself; `flush` says that there is something to send."""

    def __init__(
        self, centre: Centre, desk: Desk, title: str, *, flush: Callable[[], None] = lambda: None, speed: float = 1.0
    ) -> None:
        self.centre, self.desk, self.title = centre, desk, title
        self._flush, self._speed = flush, speed
        self._heard: dict[str, int] = {}
        self.ended = False

    def play(self) -> Play:
        """The centre's own clock."""
        centre = self.centre
        return Play(mode=centre.config.mode, now_tai_ns=centre.now_tai_ns, speed=self._speed, ended=self.ended)

    def heard(self) -> Mapping[str, int]:
        """From the latest scans that the centre keeps."""
        for scan in reversed(self.centre.scans):
            if self._heard.get(scan.sensor.id, 0) >= scan.t_tai_ns:
                break
            self._heard[scan.sensor.id] = scan.t_tai_ns
        return self._heard

    def press(self) -> Sequence[Press]:
        """None."""
        return ()

    def act(self, action: Callable[[], T]) -> T:
        """At once: there is one thread, and this is it."""
        try:
            return action()
        finally:
            self.centre.commit()
            self._flush()
