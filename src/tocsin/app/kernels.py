"""`tocsin kernels`: compile ahead. What is kept of other sources is made anew by itself (`world.sources`)."""

import subprocess
import sys
from typing import Annotated

from cyclopts import Parameter


def kernels(*, everything: Annotated[bool, Parameter(negative=())] = False) -> int:
    """Compile the tracking kernels ahead, so that the first run starts at once.

    Parameters
    ----------
    everything
        Those of `tocsin assure`, too.
    """
    import tocsin.track as track

    rest = _rest() if everything else None
    words = [sys.executable, "-c", "from tocsin.track.compiling import filters; filters()"]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as other:  # noqa: S603 - our words
        for step in track.compile():
            print(f"  compiled {step}", flush=True)
        other.terminate()  # what it was about to make is made
    return 0 if rest is None else rest.wait()


def _rest() -> subprocess.Popen[bytes]:
    """The kernels of `assure`, by a process of their own: two cores then have work to the end."""
    words = "from tocsin.assure.compiling import compile\nfor step in compile(): print('  compiled', step, flush=True)"
    return subprocess.Popen([sys.executable, "-c", words])  # noqa: S603 - our words
