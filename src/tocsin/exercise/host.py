"""A seat of the game as its console sees it (`console.host.Host`)."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from tocsin.console.host import Play, Press
from tocsin.exercise.game import Game
from tocsin.node.custody.staffed import Staffed
from tocsin.node.desk import Desk

T = TypeVar("T")


class SeatHost:
    """One party's chair. It shows the clock, NO DUFF and the press; never the truth, never another side's desk."""

    def __init__(self, game: Game, party: str) -> None:
        self._game = game
        self._seat = game.seats[party]
        self._party = party
        self._sensors = {one.id for one in self._seat.centre.config.sensors}

    @property
    def centre(self) -> Staffed:
        """The centre."""
        return self._seat.centre

    @property
    def desk(self) -> Desk:
        """The desk."""
        return self._seat.desk

    @property
    def title(self) -> str:
        """Name of the case."""
        return self._game.scenario.title

    def play(self) -> Play:
        """How the game's time goes now."""
        state = self._game.state
        return Play(
            mode="exercise", now_tai_ns=self._game.now_tai_ns, speed=state.pace.speed,
            paused=state.pace.paused and not state.ended, ended=state.ended, no_duff=state.no_duff,
        )  # fmt: skip

    def heard(self) -> Mapping[str, int]:
        """Last scan of each own sensor that reached the centre."""
        return {name: t_ns for name, t_ns in self._game.state.heard_tai_ns.items() if name in self._sensors}

    def press(self) -> Sequence[Press]:
        """Reports that this console shows."""
        return [one.press for one in self._game.state.news if not one.to or self._party in one.to]

    def act(self, action: Callable[[], T]) -> T:
        """A person's act, while the game runs."""
        return self._game.act(self._party, action)
