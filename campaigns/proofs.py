"""Bound proofs of the shipped questions: found, proved with Arb, checked by the stand-alone checker, written down.

    python -m campaigns.proofs [NAME ...]             find what is missing or wider than 2% (long)
    python -m campaigns.proofs --check [NAME ...]     check every shipped proof again, with Arb and the checker

A proof at hand for the same inputs is the start; a better one replaces it. Prints one JSON object a commit delay.
"""

import argparse
import gzip
import json
import subprocess  # the checker alone, as a stranger runs it
import sys
import tempfile
import time
from pathlib import Path

from tocsin.assure import Depth, check, load, shipped, shipped_proofs, thresholds
from tocsin.assure.arb import prove_claim
from tocsin.assure.checker import check_bound
from tocsin.assure.proof import claim_of
from tocsin.assure.shipped import NAMES

FOLDER = Path(check_bound.__file__).parent.parent / "proofs"
WIDTH, LEAVES, CHECK_S = 0.05, 10_000, 60.0


def alone(data: bytes) -> float:
    """Seconds that the checker needs for one proof, as a program without Tocsin; it must accept."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "proof.json"
        path.write_bytes(data)
        begin = time.perf_counter()
        done = subprocess.run([sys.executable, "-I", "-S", check_bound.__file__, str(path)], capture_output=True)
        if done.returncode != 0:
            raise SystemExit(done.stdout.decode())
        return time.perf_counter() - begin


def find(name: str) -> None:
    """Brackets of one question; new proofs are written into the package."""
    question = load(shipped(name))
    begin = time.process_time()
    brackets, proofs = thresholds(question, shipped_proofs(name).values(), Depth())
    took = time.process_time() - begin
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob(f"{name}-[0-9]*.json.gz"):
        if old.name.removesuffix(".gz") not in proofs:
            old.unlink()
    seconds = {}
    for file, data in proofs.items():
        seconds[file] = alone(data)
        (FOLDER / f"{file}.gz").write_bytes(gzip.compress(data, 9, mtime=0))
    for b in brackets:
        check_s = round(seconds.get(b.proof, 0.0), 1)
        row = {
            "name": f"assure: {name} at {b.delay_s:.0f} s",
            "low_km_s": b.low_km_s,
            "high_km_s": b.high_km_s and round(b.high_km_s, 4),
            "width": b.width and round(b.width, 4),
            "leaves": b.leaves,
            "check_s": check_s,
        }
        met = b.width is not None and b.width <= WIDTH and b.leaves <= LEAVES and check_s <= CHECK_S
        print(json.dumps({**row, "met": met or (b.high_km_s is None and b.low_km_s is not None)}), flush=True)
    print(json.dumps({"name": f"assure: {name}", "all_delays_cpu_s": round(took, 1)}), flush=True)


def again(name: str) -> None:
    """Every shipped proof of one question, with Arb and with the checker."""
    question = load(shipped(name))
    for file, data in shipped_proofs(name).items():
        claim = claim_of(question, data)
        verdict = check(data)
        if claim is None or not verdict.accepted or prove_claim(question, claim) != verdict.leaves:
            raise SystemExit(f"{file}: {verdict.why or 'made for other inputs than the shipped question'}")
        print(json.dumps({"name": file, "leaves": verdict.leaves, "check_s": round(alone(data), 1)}), flush=True)


def main() -> None:
    """Find or check."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--check", action="store_true")
    words.add_argument("names", nargs="*", metavar="NAME")
    told = words.parse_args()
    for name in told.names or NAMES:
        (again if told.check else find)(name)


if __name__ == "__main__":
    main()
