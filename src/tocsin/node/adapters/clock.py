"""The machine's clock, and the clock of an exercise that runs at its own pace."""

import time

from tocsin.world.time import from_posix_s

NS = 1_000_000_000


class SystemClock:
    """Real time. Live centres use nothing else."""

    def now_tai_ns(self) -> int:
        """Time now, from the machine's UTC clock."""
        posix_ns = time.time_ns()
        return from_posix_s(posix_ns // NS) + posix_ns % NS


class ExerciseClock:
    """Scenario time: `begins_tai_ns` at the real instant `begins_posix_s`, then `speed` times as fast."""

    def __init__(self, begins_tai_ns: int, begins_posix_s: float, speed: float) -> None:
        self._begins_tai_ns = begins_tai_ns
        self._begins_posix_s = begins_posix_s
        self._speed = speed

    def now_tai_ns(self) -> int:
        """Scenario time now; before the beginning it stands still."""
        elapsed_s = max(0.0, time.time() - self._begins_posix_s)
        return self._begins_tai_ns + round(elapsed_s * self._speed * NS)
