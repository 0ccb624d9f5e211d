"""Other houses' trackers on a world (`_worlds`), each in a process of the environment that `make peers` builds."""

import hashlib
import json
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.track._worlds import CUTOFF_M
from tocsin.track.metrics import gospa, ospa, siap

SAID = Path("benchmarks/track/peers_hard.json")  # what the peers scored on the hard worlds, so that it is run once
VERSIONS = {"pyrecest": "2.4.2", "stonesoup": "1.9.1"}  # as tools/peers/requirements.in pins them
PYTHON = Path(".venv-peers/bin/python")
TOOLS = Path("tools/peers")
# The settings that the study of the plain worlds found best, and which our tracker then copies rule by rule.
SAME = {"noise": 1.0, "gate": 4.0, "points": 3, "misses": 4, "tentative_misses": 2, "speed_sigma": 700.0}
SAME |= {"reach": 300.0, "tree": True, "closed_form": False}

# Found by `python -m tools.peers.tune pyrecest 4` (one round); Stone Soup, which has the same rules, is given the same.
TUNED = SAME | {"noise": 1000.0, "misses": 3, "speed_sigma": 500.0, "closed_form": True}


@dataclass(frozen=True)
class Followed:
    """What a tracker said: (numbers (n,), positions (n, 3)) for each scan, and processor seconds for each."""

    tracks: list
    spent: np.ndarray


def there():
    """Whether `make peers` was run."""
    return PYTHON.exists()


def follow(peer, world, settings):
    """Run a peer, "stonesoup" or "pyrecest", on a world."""
    with tempfile.TemporaryDirectory() as folder:
        given, said = Path(folder) / "scans.npz", Path(folder) / "tracks.npz"
        ends = np.cumsum([len(z) for z in world.scans])
        np.savez(given, detections=np.concatenate(world.scans), ends=ends, settings=json.dumps(settings))
        subprocess.run([str(PYTHON), str(TOOLS / f"run_{peer}.py"), str(given), str(said)], check=True)
        with np.load(said) as found:
            rows, spent = found["rows"], found["spent"]
    mine = [rows[rows[:, 0] == k] for k in range(len(world.scans))]
    return Followed([(r[:, 1].astype(int), r[:, 2:]) for r in mine], spent)


def judged(peer, seed, world, settings):
    """Mean scores (5,) of `scan_scores` over a world, and its SIAP as a table, kept in SAID once found.

    What is kept belongs to the peer's version, the settings and the very detections; anything else is run anew.
    """
    said = json.loads(SAID.read_text()) if SAID.exists() else {}
    given = json.dumps(settings, sort_keys=True).encode() + np.concatenate(world.scans).tobytes()
    key = f"{peer} {VERSIONS[peer]}, seed {seed}"
    found = said.get(key)
    digest = hashlib.sha256(given).hexdigest()[:16]
    if found is None or found["given"] != digest:
        followed = follow(peer, world, settings)
        scores = [round(float(x), 6) for x in scan_scores(world, followed).mean(axis=0)]
        picture = {name: round(float(x), 6) for name, x in asdict(picture_scores(world, followed)).items()}
        found = {"given": digest, "scores": scores, "siap": picture}
        said[key] = found
        SAID.write_text(json.dumps(said, indent=1, sort_keys=True) + "\n")
    return np.array(found["scores"]), found["siap"]


def scan_scores(world, followed):
    """(scans, 5): GOSPA, OSPA, localisation RMS (m), missed, false."""
    rows = []
    for k, (_, places) in enumerate(followed.tracks):
        _, truth = world.objects(k)
        g = gospa(truth, places, CUTOFF_M)
        paired = max(len(truth) - g.missed, 1)
        rows.append((g.distance, ospa(truth, places, CUTOFF_M), (g.localisation / paired) ** 0.5, g.missed, g.false))
    return np.array(rows)


def picture_scores(world, followed):
    """SIAP of the whole run."""
    return siap([world.objects(k) for k in range(len(world.scans))], followed.tracks, CUTOFF_M)
