"""A short game that tests drive by hand: the wall's clock is a list of one number."""

from dataclasses import dataclass
from pathlib import Path

from tocsin import regime as regimes
from tocsin.exercise import stand
from tocsin.exercise.game import Game
from tocsin.exercise.journal import Journal
from tocsin.sim.scenario import Scenario, convert, shipped_bytes, truths
from tocsin.sim.schedule import Schedule
from tocsin.study.following import Follower
from tocsin.study.measure import Measurer
from tocsin.world.time import parse_utc

NS = 1_000_000_000


def short_case(begins_s: float = -20.0, ends_s: float = 240.0) -> Scenario:
    """The Andoya case, cut to its first minutes."""
    import tomllib

    raw = tomllib.loads(shipped_bytes("andoya-1995").decode())
    raw |= {"begins_s": begins_s, "ends_s": ends_s}
    raw["defects"] |= {"wrong_addressee": False}
    return convert(raw, "andoya-1995.toml")


@dataclass
class Table:
    """The game with what a test needs to drive it."""

    game: Game
    wall: list[int]
    written: list[bytes]
    measurer: Measurer
    follower: Follower

    def run_to(self, t_s: float) -> None:
        """Let the wall's clock go until the game stands at `t_s` after launch, or has ended."""
        for _ in range(100_000):
            if self.game.t_s >= t_s or self.game.state.ended:
                return
            self.wall[0] += NS // 10
            self.game.advance(10**15)
        raise AssertionError("the game does not move")


def lay(folder: Path, *, regime: str = "joint", scenario: Scenario | None = None) -> Table:
    """A table in a folder."""
    scenario = scenario or short_case()
    rules = regimes.load(regimes.shipped(regime), regime)
    flying = truths(scenario)
    schedule = Schedule(parse_utc(scenario.launch) + round(scenario.begins_s * NS))
    seats = stand.seats(scenario, rules, 7, schedule, stand.make_folder(folder / "game"))
    wall, written = [0], []
    measurer = Measurer(flying[0], parse_utc(scenario.launch), scenario.parties)
    follower = Follower(scenario, flying)
    game = Game(
        scenario, rules, 7, flying, schedule, seats, Journal(written.append), lambda: wall[0], lambda: 1.0,
        [measurer, follower],
    )  # fmt: skip
    return Table(game, wall, written, measurer, follower)
