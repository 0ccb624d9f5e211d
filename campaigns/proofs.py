"""Bound proofs of the shipped questions: found, proved with Arb, checked by the stand-alone checker, written down.

    python -m campaigns.proofs [--target WIDTH] [NAME ...]     find what is missing or wider than WIDTH (0.02; long)
    python -m campaigns.proofs --check [NAME ...]              check every shipped proof again, with Arb and alone
    python -m campaigns.proofs --table [NAME ...]              every commit delay against the bars, as a Markdown table

Widths are those in the question's own speed. Questions are shared out over two processes. Each proof is written as soon
as it stands, so that a run that was ended goes on where it was; a better proof replaces the one at hand. Prints one
JSON object a proof and one a commit delay. What finding and checking took (processor time) stands in runs/proofs.jsonl,
by the proof's hash; the table checks again what is not there, and leaves open what finding took.
"""

import argparse
import gzip
import json
import os
import subprocess  # the checker alone, as a stranger runs it
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path

from tocsin.assure import Depth, check, load, shipped, shipped_proofs, thresholds
from tocsin.assure.arb import prove_claim
from tocsin.assure.checker import check_bound
from tocsin.assure.proof import claim_of
from tocsin.assure.result import Bracket
from tocsin.assure.shipped import NAMES
from tocsin.assure.threshold import LEANS

FOLDER = Path(check_bound.__file__).parent.parent / "proofs"
NOTES = Path("runs") / "proofs.jsonl"
HEAD = """| study | delay, s | V_lo arc, km/s | V_hi arc | V_lo own | V_hi own | width arc | width own | leaves | \
found, s | checked, s | bars |
|---|---|---|---|---|---|---|---|---|---|---|---|"""
WIDTH, LEAVES, FIND_S, CHECK_S = 0.05, 10_000, 600.0, 60.0


def alone(data: bytes) -> float:
    """Processor seconds that the checker needs for one proof, as a program without Tocsin; it must accept."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "proof.json"
        path.write_bytes(data)
        begin = os.times()
        done = subprocess.run([sys.executable, "-I", "-S", check_bound.__file__, str(path)], capture_output=True)
        if done.returncode != 0:
            raise SystemExit(done.stdout.decode())
        end = os.times()
        return end.children_user + end.children_system - begin.children_user - begin.children_system


def _row(name: str, b: Bracket) -> str:
    met = b.meant_width is not None and b.meant_width <= WIDTH and b.leaves <= LEAVES
    row = {
        "name": f"assure: {name} at {b.delay_s:.0f} s",
        "low_km_s": b.low_km_s,
        "high_km_s": b.high_km_s and round(b.high_km_s, 4),
        "width_on_the_arc": b.width and round(b.width, 4),
        "width": b.meant_width and round(b.meant_width, 4),
        "leaves": b.leaves,
        "proof": b.proof,
        "met": met or (b.high_km_s is None and b.low_km_s is not None),
    }
    return json.dumps(row)


def _note(file: str, data: bytes, found_s: float, check_s: float) -> None:
    """One line on what a proof took, printed and kept."""
    row = {"name": file, "found_and_proved_cpu_s": round(found_s, 1), "check_cpu_s": round(check_s, 1)}
    line = json.dumps({**row, "met": found_s <= FIND_S and check_s <= CHECK_S, "sha256": sha256(data).hexdigest()})
    NOTES.parent.mkdir(exist_ok=True)
    with NOTES.open("a") as notes:
        notes.write(line + "\n")
    print(line, flush=True)


def find(name: str, target: float, once: bool) -> None:
    """Brackets of one question; new proofs are written into the package. `once`: one search, no Arb."""
    question = load(shipped(name))
    known = shipped_proofs(name)
    begin = time.process_time()

    def keep(file: str, data: bytes) -> None:
        nonlocal begin
        took = time.process_time() - begin
        if known.get(file) != data:
            seconds = alone(data)
            FOLDER.mkdir(exist_ok=True)
            (FOLDER / f"{file}.gz").write_bytes(gzip.compress(data, 9, mtime=0))
            _note(file, data, took, seconds)
        begin = time.process_time()

    depth = Depth(target=target, keep_width=target, improve=True)
    if once:
        depth = replace(depth, prove=False, leans=LEANS[:1])
    brackets, proofs = thresholds(question, known.values(), depth, keep=keep)
    for old in FOLDER.glob(f"{name}-[0-9]*.json.gz"):
        if old.name.removesuffix(".gz") not in proofs:
            old.unlink()
    for b in brackets:
        print(_row(name, b), flush=True)


def _noted() -> dict[str, dict[str, float]]:
    """What finding and checking took, by the proof's hash."""
    lines = NOTES.read_text().splitlines() if NOTES.exists() else []
    return {row["sha256"]: row for row in map(json.loads, lines)}


def table(name: str) -> None:
    """One line of a Markdown table for every commit delay of one question, against the bars."""
    question, proofs, noted = load(shipped(name)), shipped_proofs(name), _noted()
    taken: dict[str, tuple[str, float]] = {}
    for file, data in proofs.items():
        row = noted.get(sha256(data).hexdigest(), {})
        found = row.get("found_and_proved_cpu_s")
        taken[file] = ("" if found is None else f"{found:.0f}", row.get("check_cpu_s") or alone(data))
    lines = []
    for b in thresholds(question, proofs.values(), Depth(max_leaves=0))[0]:
        found, check_s = taken.get(b.proof, ("", 0.0))
        tight = b.high_km_s is None or (b.meant_width is not None and b.meant_width <= WIDTH)
        met = b.low_km_s is not None and tight and b.leaves <= LEAVES and check_s <= CHECK_S
        speeds = " | ".join(f"{v:.3f}" if v else "-" for v in _speeds(b))
        widths = " | ".join(f"{100.0 * w:.1f}%" if w is not None else "-" for w in (b.width, b.meant_width))
        head = f"| {name} | {b.delay_s:.0f} | {speeds} | {widths}"
        lines.append(f"{head} | {b.leaves} | {found} | {check_s:.1f} | {'pass' if met else 'FAIL'} |")
    print("\n".join(lines), flush=True)


def _speeds(b: Bracket) -> tuple[float | None, ...]:
    return b.low_km_s, b.high_km_s, b.low_meant_km_s, b.high_meant_km_s


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
    words.add_argument("--table", action="store_true")
    words.add_argument("--once", action="store_true", help="one search for each, Arb left to --check: half the time")
    words.add_argument("--target", type=float, default=0.02)
    words.add_argument("--processes", type=int, default=2)
    words.add_argument("names", nargs="*", metavar="NAME")
    told = words.parse_args()
    if told.table:
        print(HEAD)
    with ProcessPoolExecutor(told.processes) as pool:
        names = told.names or NAMES
        ask = again if told.check else table if told.table else partial(find, target=told.target, once=told.once)
        jobs = [pool.submit(ask, name) for name in names]
        for job in jobs:
            job.result()


if __name__ == "__main__":
    main()
