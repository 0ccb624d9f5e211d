"""Choose a peer's settings for the hard worlds: one setting after the other, twice round, on seeds from 1000.

    python -m tools.peers.tune stonesoup|pyrecest [seeds]

Prints the best settings as they are found; benchmarks/track/_peers.py keeps them. The effort was not the same for all:
PyRecEst had one round on 4 seeds, Stone Soup was given PyRecEst's settings, and our own tracker had about 23
configurations on 8 seeds.
"""

import sys

import numpy as np
from benchmarks.track import _peers, _worlds

CHOICES = {
    "noise": [1.0, 10.0, 40.0, 100.0, 300.0, 1000.0],
    "misses": [2, 3, 4, 5],
    "points": [2, 3, 4],
    "gate": [3.0, 3.5, 4.0, 5.0],
    "speed_sigma": [300.0, 500.0, 700.0, 1000.0],
    "tentative_misses": [1, 2, 3],
    "reach": [150.0, 300.0, 600.0],
}


def judged(peer, settings, worlds):
    """Mean GOSPA over all scans of all worlds."""
    return float(np.mean([_peers.scan_scores(w, _peers.follow(peer, w, settings))[:, 0] for w in worlds]))


def main():
    peer, seeds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 4
    worlds = [_worlds.hard(1000 + s) for s in range(seeds)]
    best = dict(_peers.SAME, closed_form=True, noise=100.0)
    least = judged(peer, best, worlds)
    for _ in range(2):
        for name, values in CHOICES.items():
            if name == "reach" and peer != "stonesoup":
                continue
            for value in values:
                if value != best[name]:
                    score = judged(peer, best | {name: value}, worlds)
                    print(f"{score:9.2f} {name} {value}", flush=True)
                    if score < least:
                        least, best = score, best | {name: value}
        print(round(least, 2), best, flush=True)


if __name__ == "__main__":
    main()
