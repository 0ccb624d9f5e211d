"""The end of a server that a test started: asked first, then made to; a busy machine never fails the test by it."""

import contextlib
import subprocess


def end(*started, seconds=10.0):
    """Ask all of them, wait a little for each, kill what still runs: for those that came up on others, first."""
    for process in started:
        with contextlib.suppress(OSError):
            process.terminate()
    for process in started:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(60.0)
