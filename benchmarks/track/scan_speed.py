"""Processor time of one Tracker.step, all of it, with tracks already followed; and how it grows with their number.

Processor time rather than wall time, because other programs may share the machine. Least of the steady scans.

    python -m benchmarks.track.scan_speed [objects ...]     default 200 1000 10000 100000
"""

import math
import sys
import time

import numpy as np

from benchmarks.track._scenes import primed, scans
from benchmarks.track._show import show

COUNT, STEADY = 14, 6
BARS = {("sparse", 10_000): 20.0, ("mega", 10_000): 120.0, ("sparse", 100_000): 1000.0}


def run(kind: str, n: int) -> tuple[float, dict[str, object]]:
    """(milliseconds of the fastest steady scan, what else is worth knowing)."""
    sensor, first, todo = scans(kind, n, COUNT if n < 50_000 else STEADY + 3)
    tracker = primed(sensor, first, np.random.default_rng(2))
    spent = []
    for scan in todo:
        start = time.process_time()
        picture = tracker.step(scan)
        spent.append((time.process_time() - start) * 1e3)
    steady = spent[STEADY:]
    more: dict[str, object] = {
        "mean_ms": round(float(np.mean(steady)), 2),
        "confirmed": len(picture),
        "detections": int(np.mean([len(scan.measurements) for scan in todo])),
    }
    return min(steady), more


def main() -> None:
    sizes = [int(a) for a in sys.argv[1:]] or [200, 1000, 10_000, 100_000]
    sparse = {}
    for n in sizes:
        for kind in ("sparse", "raid", "dense", "mega") if n == 10_000 else ("sparse",):
            best, more = run(kind, n)
            show(f"one scan, {kind}, {n} objects", best, "ms", BARS.get((kind, n)), **more)
            if kind == "sparse":
                sparse[n] = best
    if len(sparse) > 1:
        low, high = min(sparse), max(sparse)
        low = 1000 if 1000 in sparse and high > 1000 else low
        growth = math.log(sparse[high] / sparse[low]) / math.log(high / low)
        show(f"growth exponent, {low} to {high} objects", growth, "", 1.15)


if __name__ == "__main__":
    main()
