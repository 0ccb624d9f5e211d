"""What goes in and out of a peer's program: scans and settings in a file, tracks and processor times in another."""

import json
import sys
import time

import numpy as np

SIGMA = np.array([1e-3, 1e-3, 20.0])  # elevation, azimuth, range


def read():
    """(scans: list of (m, 3) elevation, azimuth, range; settings: dict) from the file named first."""
    with np.load(sys.argv[1]) as given:
        scans = np.split(given["detections"], given["ends"][:-1])
        return scans, json.loads(str(given["settings"]))


def run(scans, step):
    """Call step(k) -> (names, positions (n, 3)) for each scan; write names as whole numbers, positions and times."""
    numbers: dict[object, int] = {}
    rows, spent = [], []
    for k in range(len(scans)):
        start = time.process_time()
        found = step(k)
        spent.append(time.process_time() - start)
        for name, place in zip(*found(), strict=True):
            rows.append((k, numbers.setdefault(name, len(numbers) + 1), *place))
    np.savez(sys.argv[2], rows=np.array(rows, float).reshape(-1, 5), spent=np.array(spent))
