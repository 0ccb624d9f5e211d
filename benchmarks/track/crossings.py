"""Crossing tracks under exact nearest neighbour and under joint association: errors, and changes of track number.

python -m benchmarks.track.crossings [worlds]        default 10 worlds of 12 crossings
"""

import sys
from dataclasses import replace

import numpy as np

from benchmarks.track import _ours, _peers, _worlds
from benchmarks.track._show import show

WAYS = {
    "exact nearest neighbour": {},
    "joint": {"joint": True, "joint_star": False},
    "joint, likeliest permutations alone": {"joint": True},
}


def main():
    worlds = [_worlds.crossings(seed) for seed in range(int(sys.argv[1]) if len(sys.argv) > 1 else 10)]
    for name, changes in WAYS.items():
        followed = [_ours.follow(world, replace(_ours.PLAIN, **changes)) for world in worlds]
        scores = [_peers.scan_scores(w, f)[5:].mean(axis=0) for w, f in zip(worlds, followed, strict=True)]
        pictures = [_peers.picture_scores(w, f) for w, f in zip(worlds, followed, strict=True)]
        gospa, ospa, places, missed, false = np.mean(scores, axis=0).tolist()
        spent = float(np.mean([f.spent[5:].mean() for f in followed]))
        show(f"crossings, {name}: GOSPA", gospa, "m", ospa=round(ospa, 2), localisation_m=round(places, 2),
             missed=round(missed, 3), false=round(false, 3), ms_a_scan=round(spent * 1e3, 2),
             changes_per_s=round(float(np.mean([p.changes_per_s for p in pictures])), 6))  # fmt: skip


if __name__ == "__main__":
    main()
