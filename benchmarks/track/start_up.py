"""Time from nothing to the first picture: with an empty cache of compiled kernels, and with a full one.

Processor time, but for `tocsin kernels`, which two processes share.

python -m benchmarks.track.start_up
"""

import os
import subprocess
import sys
import tempfile
import time

from benchmarks.track._show import show

FIRST = """
import time
from tocsin.track.compiling import _radar, _scan
from tocsin.track import Tracker
sensor = _radar(None)
tracker = Tracker("x", [sensor])
for k in (1, 2):
    tracker.step(_scan(sensor, k))
print(time.process_time())
"""


def once(code: str, cache: str) -> float:
    environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def first_start(cache: str) -> tuple[float, float]:
    """Wall seconds of `tocsin kernels` until an ordinary radar could be followed, and until the end."""
    environment, start, ready = {**os.environ, "NUMBA_CACHE_DIR": cache}, time.perf_counter(), 0.0
    words = [sys.executable, "-m", "tocsin.app", "kernels"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or []:
            if line.strip() == "compiled radar: filters":
                ready = time.perf_counter() - start
    return ready, time.perf_counter() - start


def main() -> None:
    everything = "import time\nfrom tocsin import track\nlist(track.compile())\nprint(time.process_time())"
    with tempfile.TemporaryDirectory() as cache:
        show("first two scans of an ordinary radar, cache empty", once(FIRST, cache), "s", 15.0)
    with tempfile.TemporaryDirectory() as cache:
        ready, done = first_start(cache)
        show("tocsin kernels, cache empty, until an ordinary radar can be followed (by the clock)", ready, "s", 15.0)
        show("the same until all is compiled (by the clock)", done, "s")
    with tempfile.TemporaryDirectory() as cache:
        show("compile every kernel, the lens smoother included, cache empty", once(everything, cache), "s")
        show("import and two scans, cache full", min(once(FIRST, cache) for _ in range(3)), "s", 0.5)
        nothing = min(once("import numpy, numba, time\nprint(time.process_time())", cache) for _ in range(3))
        show("of it, importing numpy and numba", nothing, "s")


if __name__ == "__main__":
    main()
