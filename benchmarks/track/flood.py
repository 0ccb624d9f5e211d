"""Processor time of the dearest of six scans in a row of 50,000 false detections in one place.

python -m benchmarks.track.flood [detections]
"""

import sys
import time

import numpy as np

from benchmarks.track._scenes import SECOND_NS, T0_NS, radar
from benchmarks.track._show import show
from tocsin.track import Tracker
from tocsin.world.observation import Scan

SCANS = 6


def spent(n):
    """(dearest scan in ms, what was dropped)."""
    sensor, rng = radar(10), np.random.default_rng(0)
    tracker, most = Tracker("bench", [sensor]), 0.0
    for k in range(1, SCANS + 1):
        z = rng.normal([5e5, 0.1, 0.5], [100.0, 1e-3, 1e-3], (n, 3))
        scan = Scan(sensor=sensor, t_tai_ns=T0_NS + k * SECOND_NS, measurements=z)
        start = time.process_time()
        picture = tracker.step(scan)
        most = max(most, time.process_time() - start)
    return most * 1e3, picture.dropped


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    spent(300)  # kernels loaded
    most, dropped = spent(n)
    show(f"dearest scan, {n} detections in one place", most, "ms", **dropped)


if __name__ == "__main__":
    main()
