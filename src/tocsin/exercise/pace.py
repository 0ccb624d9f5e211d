"""The game's clock against the wall's: so many game seconds a wall second, or standing still. Pure arithmetic."""

from dataclasses import dataclass, replace

from tocsin.exercise.errors import BadInject

SPEED_MAX = 120.0


@dataclass(frozen=True, slots=True)
class Pace:
    """At wall time `wall_ns` (monotonic) the game stood at `game_tai_ns`; since then it goes at `speed`, or stands."""

    game_tai_ns: int
    wall_ns: int
    speed: float = 1.0
    paused: bool = True

    def at(self, wall_ns: int) -> int:
        """Game time at a wall time; never back."""
        if self.paused:
            return self.game_tai_ns
        return self.game_tai_ns + max(0, round((wall_ns - self.wall_ns) * self.speed))

    def paced(self, wall_ns: int, *, speed: float | None = None, paused: bool | None = None) -> "Pace":
        """The same clock from now on at another speed, or stopped, or running again. Raises BadInject."""
        wanted = self.speed if speed is None else speed
        if not 0.0 < wanted <= SPEED_MAX:
            raise BadInject(f"speed {wanted:g}: above 0 and at most {SPEED_MAX:g} expected")
        stands = self.paused if paused is None else paused
        return Pace(self.at(wall_ns), wall_ns, wanted, stands)

    def reached(self, game_tai_ns: int, wall_ns: int) -> "Pace":
        """The clock of a machine that could not keep up: it goes on from where the game is."""
        return replace(self, game_tai_ns=game_tai_ns, wall_ns=wall_ns)
