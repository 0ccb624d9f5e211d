"""One thread that waits for slow disks, so that the centre's own thread need not (`node.courses`).

One, so that what is made durable is so in the order in which it was begun. Handing work over and back costs more than
a fast disk takes: at 0.1 ms a sync, 42 ms in place of 25 for 99 in 100 urgent statements at rest.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from tocsin.log.steps import Work

TURN_S = 0.0005  # how long a thread computes while another waits for its turn: the interpreter's 5 ms add up

SLOW_S, PROBES = 0.01, 9  # from this median of a durable write on. [I]


def slow(folder: Path) -> bool:
    """Whether the disk under a folder is so slow that it is waited for in the thread: by a few small durable writes."""
    taken = []
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            for _ in range(PROBES):
                begun = time.monotonic()
                os.write(file.fileno(), b"tocsin")
                os.fsync(file.fileno())
                taken.append(time.monotonic() - begun)
    except OSError:
        return False  # full, or not to be written: whoever must write says so
    return statistics.median(taken) >= SLOW_S


class Apart:
    """`broken` is told of an error that comes out of what follows a piece of work: our bug."""

    def __init__(self, broken: Callable[[Exception], None]) -> None:
        self._broken = broken
        self._pool: ThreadPoolExecutor | None = None

    def begin(self, work: Work, then: Callable[[], None]) -> "Under":
        """Do `work` there; when it is done, call `then` in the running loop's thread."""
        if self._pool is None:
            sys.setswitchinterval(TURN_S)
            self._pool = ThreadPoolExecutor(1, "disk")
        loop = asyncio.get_running_loop()

        def follow() -> None:
            try:
                then()
            except Exception as error:
                self._broken(error)

        def ended(_: Future[None]) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(follow)

        future = self._pool.submit(work)
        future.add_done_callback(ended)
        return Under(future)

    def close(self) -> None:
        """End the thread."""
        if self._pool is not None:
            self._pool.shutdown()


class Under:
    """Work under way."""

    def __init__(self, future: "Future[None]") -> None:
        self._future = future

    def wait(self) -> Exception | None:
        """Blocks until it is done; why it failed, if it did."""
        error = self._future.exception()
        if error is not None and not isinstance(error, Exception):
            raise error
        return error
