"""10,000 random point cases: is anything ever met inside a proved-impossible region?

    python -m campaigns.shooter [CASES]

The shooter of tests/assure flies missiles and interceptors with rotation, oblateness and finite burn; it shares no
formula with the bound. Cases are shared out, in lots, over every shipped proof and over two processes. A lot that is
done stands in runs/shooter-NAME.jsonl (NAME: hash of the proofs), and a run that was ended goes on there. Prints
progress to standard error and one JSON object at the end.
"""

import hashlib
import importlib.util
import json
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import numpy as np

from tocsin.assure import load, shipped, shipped_proofs
from tocsin.assure.proof import claim_of
from tocsin.assure.shipped import NAMES

SHOOTER = Path(__file__).parent.parent / "tests" / "assure" / "assure_shooter.py"
SEED, BAR, LOT = 11, 10_000, 100


def _shooter() -> ModuleType:
    spec = importlib.util.spec_from_file_location("assure_shooter", SHOOTER)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{SHOOTER}: the shooter was expected there")
    shooter = importlib.util.module_from_spec(spec)
    sys.modules["assure_shooter"] = shooter
    spec.loader.exec_module(shooter)
    return shooter


def fly(lot: int, cases: int, name: str, file: str) -> dict[str, object]:
    """One lot against one proof: how many were met, and how full the two error radii were at most."""
    question = load(shipped(name))
    claim = claim_of(question, shipped_proofs(name)[file])
    if claim is None:
        raise SystemExit(f"{file}: made for other inputs than the shipped question")
    one = _shooter().Shooter(question, float(claim.speeds_km_s[0]))
    delay_s = float(Fraction(claim.delays_s[0]))
    met, tube, burn = one.campaign(cases, claim.regions, delay_s, np.random.default_rng((SEED, lot)))
    return {"lot": lot, "cases": cases, "proof": file, "met_cases": int(met), "tube": float(tube), "burn": float(burn)}


def main() -> None:
    """Fly what is missing."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else BAR
    proofs = [(name, file, data) for name in NAMES for file, data in shipped_proofs(name).items()]
    if not proofs:
        raise SystemExit("no shipped proof; run make proofs first")
    sign = hashlib.sha256(b"".join(data for _, _, data in proofs)).hexdigest()[:12]
    path = Path("runs") / f"shooter-{sign}.jsonl"
    path.parent.mkdir(exist_ok=True)
    lines = path.read_text().splitlines() if path.exists() else []
    done = {row["lot"]: row for row in map(json.loads, lines) if row["cases"] == LOT}
    lots = -(-cases // LOT)
    with ProcessPoolExecutor(2) as pool, path.open("a") as file:
        missing = [n for n in range(lots) if n not in done]
        jobs = [pool.submit(fly, n, LOT, *proofs[n % len(proofs)][:2]) for n in missing]
        for job in as_completed(jobs):
            row = job.result()
            done[row["lot"]] = row
            file.write(json.dumps(row) + "\n")
            file.flush()
            print(f"\r{len(done)} of {lots} lots", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    rows = [done[n] for n in range(lots)]
    met = sum(r["met_cases"] for r in rows)
    summary = {
        "name": "assure: engagements met inside a proof",
        "cases": sum(r["cases"] for r in rows),
        "proofs": len({r["proof"] for r in rows}),
        "met_cases": met,
        "tube_filled": round(max(r["tube"] for r in rows), 3),
        "burn_radius_filled": round(max(r["burn"] for r in rows), 3),
        "met": met == 0,
    }
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
