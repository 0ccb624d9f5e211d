"""Our tracker beside Stone Soup and PyRecEst on the same scans (`make peers` first): errors, and time in the same run.

plain worlds: processor time a scan (least of the steady scans against their mean), GOSPA, OSPA, and the scans on which
the trackers differ by more than 1%. hard worlds: GOSPA of every scan, paired by seed, with a 95% interval.

    python -m benchmarks.track.peers [seeds [objects ...]]      default 20 seeds, 10 50 200 objects
    python -m benchmarks.track.peers 4 --quick                  hard worlds against PyRecEst alone
    python -m benchmarks.track.peers 20 --hard                  hard worlds alone; kept peers need no `make peers`
"""

import json
import math
import sys
from dataclasses import asdict

import numpy as np

from benchmarks.track import _ours, _peers, _worlds
from benchmarks.track._show import show

T95 = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262, 19: 2.093}


def speed(n, peers):
    """Ratios of time and error on one plain world."""
    world = _worlds.plain(n, 1)
    ours = _ours.follow(world, _ours.PLAIN, repeats=3)
    mine, own = float(np.mean(ours.spent[15:])), _peers.scan_scores(world, ours)
    show(f"a scan of {n} plain objects", mine * 1e3, "ms", gospa=round(float(own[20:, 0].mean()), 3),
         ospa=round(float(own[20:, 1].mean()), 3))  # fmt: skip
    for peer in peers:
        theirs = _peers.follow(peer, world, _peers.SAME | {"closed_form": True})
        scores, spent = _peers.scan_scores(world, theirs), float(np.mean(theirs.spent[15:]))
        bar = {"pyrecest": 100.0, "stonesoup": 1000.0}[peer]
        figure = {"name": f"{peer} over ours, time a scan, {n} plain objects", "value": round(spent / mine, 1)}
        figure |= {"unit": "", "their_ms": round(spent * 1e3, 2), "gospa": round(float(scores[20:, 0].mean()), 3)}
        print(json.dumps(figure | ({"bar": bar, "met": spent / mine >= bar} if n == 200 else {})), flush=True)
        apart(peer, n, own[20:], scores[20:])


def apart(peer, n, own, scores):
    """Scans that differ by more than 1%, by cause: other numbers of missed or false tracks, or other places."""
    off = np.abs(own[:, 0] - scores[:, 0]) > 0.01 * scores[:, 0]
    counts = (own[:, 3:] != scores[:, 3:]).any(axis=1)
    show(f"scans that differ by 1% from {peer}, {n} plain objects", float(off.sum()), "", of=len(off),
         more_or_fewer_tracks=int((off & counts).sum()), other_places=int((off & ~counts).sum()))  # fmt: skip


def hard(seeds, peers):
    """GOSPA over hard worlds, paired by seed. What a peer scored is kept, so a broken run goes on where it was."""
    worlds = [_worlds.hard(s) for s in range(seeds)]
    followed = [_ours.follow(w, _ours.HARD) for w in worlds]
    ours = np.array([_peers.scan_scores(w, f).mean(axis=0) for w, f in zip(worlds, followed, strict=True)])
    told("ours", ours, asdict(_peers.picture_scores(worlds[0], followed[0])))
    for peer in peers:
        said = [_peers.judged(peer, seed, world, _peers.TUNED) for seed, world in enumerate(worlds)]
        theirs = np.array([scores for scores, _ in said])
        told(peer, theirs, said[0][1])
        ratio = ours[:, 0] / theirs[:, 0]
        half = T95.get(seeds - 1, 2.0) * float(ratio.std(ddof=1)) / math.sqrt(seeds)
        show(f"hard worlds, GOSPA of ours over {peer}", float(ratio.mean()), "", 0.90, seeds=seeds,
             interval=[round(float(ratio.mean()) - half, 4), round(float(ratio.mean()) + half, 4)])  # fmt: skip


def told(name, scores, picture):
    """Means over seeds, and SIAP of the first."""
    mean = scores.mean(axis=0)
    show(f"hard worlds, {name}: GOSPA", float(mean[0]), "m", ospa=round(float(mean[1]), 2),
         localisation_m=round(float(mean[2]), 2), missed=round(float(mean[3]), 3), false=round(float(mean[4]), 3),
         completeness=round(picture["completeness"], 4), ambiguity=round(picture["ambiguity"], 4),
         spurious=round(picture["spurious"], 4), changes_per_s=round(picture["changes_per_s"], 5))  # fmt: skip


def main():
    words = [a for a in sys.argv[1:] if a.isdigit()]
    quick = "--quick" in sys.argv
    hard_alone = "--hard" in sys.argv
    seeds, sizes = int(words[0]) if words else 20, [int(a) for a in words[1:]] or [10, 50, 200]
    if not _peers.there() and not hard_alone:
        show("other houses' trackers are not installed: make peers", 0.0, "")
        return
    peers = ["pyrecest"] if quick else ["pyrecest", "stonesoup"]
    if not quick and not hard_alone:
        for n in sizes:
            speed(n, peers)
    hard(seeds, peers)


if __name__ == "__main__":
    main()
