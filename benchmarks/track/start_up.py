"""Processor time from nothing to the first picture: with an empty cache of compiled kernels, and with a full one.

python -m benchmarks.track.start_up
"""

import os
import subprocess
import sys
import tempfile

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


def main() -> None:
    everything = "import time\nfrom tocsin import track\nlist(track.compile())\nprint(time.process_time())"
    with tempfile.TemporaryDirectory() as cache:
        show("first two scans of an ordinary radar, cache empty", once(FIRST, cache), "s", 15.0)
    with tempfile.TemporaryDirectory() as cache:
        show("compile every kernel, the lens smoother included, cache empty", once(everything, cache), "s")
        show("import and two scans, cache full", min(once(FIRST, cache) for _ in range(3)), "s", 0.5)
        nothing = min(once("import numpy, numba, time\nprint(time.process_time())", cache) for _ in range(3))
        show("of it, importing numpy and numba", nothing, "s")


if __name__ == "__main__":
    main()
