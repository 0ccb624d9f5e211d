"""Wall time of Tracker.step through the public face. One JSON line a case.

usage: python benchmarks/track/scan_speed.py [objects ...]    (default 200 2000 10000)
"""

import json
import sys
import time

import numpy as np
from scenes import primed, scans

COUNT, STEADY = 16, 8


def run(kind, n, repeats=2):
    sensor, first, todo = scans(kind, n, COUNT)
    best = None
    for _ in range(repeats):
        tracker = primed(sensor, first, np.random.default_rng(2))
        spent = []
        for scan in todo:
            start = time.perf_counter()
            picture = tracker.step(scan)
            spent.append(time.perf_counter() - start)
        steady = np.array(spent[STEADY:]) * 1e3
        if best is None or steady.mean() < best[0].mean():
            best = steady, len(picture), len(tracker._pool.live)
    steady, confirmed, live = best
    return {
        "bench": "track.scan_speed", "scene": kind, "objects": n, "ms_mean": round(float(steady.mean()), 3),
        "ms_min": round(float(steady.min()), 3), "ms_max": round(float(steady.max()), 3), "confirmed": confirmed,
        "tracks": live, "detections": int(np.mean([len(s.measurements) for s in todo])),
    }  # fmt: skip


def main():
    sizes = [int(a) for a in sys.argv[1:]] or [200, 2000, 10_000]
    for n in sizes:
        for kind in ("sparse", "raid", "dense", "mega"):
            sys.stdout.write(json.dumps(run(kind, n)) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
