"""10,000 random point cases: is anything ever met inside a proved-impossible region?

    python -m campaigns.shooter [CASES]

The shooter of tests/assure flies missiles and interceptors with rotation, oblateness and finite burn; it shares no
formula with the bound. Cases are shared out over the shipped proofs of `poland-2007`. Prints one JSON object.
"""

import importlib.util
import json
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np

from tocsin.assure import load, shipped, shipped_proofs
from tocsin.assure.proof import claim_of

SHOOTER = Path(__file__).parent.parent / "tests" / "assure" / "assure_shooter.py"
NAME, SEED, BAR = "poland-2007", 11, 10_000


def main() -> None:
    """Fly them."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else BAR
    spec = importlib.util.spec_from_file_location("assure_shooter", SHOOTER)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{SHOOTER}: the shooter was expected there")
    shooter = importlib.util.module_from_spec(spec)
    sys.modules["assure_shooter"] = shooter
    spec.loader.exec_module(shooter)
    question = load(shipped(NAME))
    claims = [c for c in (claim_of(question, data) for data in shipped_proofs(NAME).values()) if c is not None]
    if not claims:
        raise SystemExit(f"{NAME}: no shipped proof; run make proofs first")
    generator = np.random.default_rng(SEED)
    met, tube, burn, flown = 0, 0.0, 0.0, 0
    for n, claim in enumerate(claims):
        share = cases // len(claims) + (n < cases % len(claims))
        one = shooter.Shooter(question, float(claim.speeds_km_s[0]))
        found = one.campaign(share, claim.regions, float(Fraction(claim.delays_s[0])), generator)
        met, tube, burn, flown = met + found[0], max(tube, found[1]), max(burn, found[2]), flown + share
    row = {"name": "assure: engagements met inside a proof", "cases": flown, "proofs": len(claims), "met_cases": met}
    print(json.dumps({**row, "tube_filled": round(tube, 3), "burn_radius_filled": round(burn, 3), "met": met == 0}))


if __name__ == "__main__":
    main()
