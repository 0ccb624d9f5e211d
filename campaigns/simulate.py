"""The long campaign of the fault simulator: many seeds, what happened in how many of them, and every violation.

    python -m campaigns.simulate --seeds 100000 --first 0 --workers 2 [--real]

Prints JSON. Exit 1 if any seed has a violation; `python -m campaigns.simulate --replay SEED` shows that run alone.
"""

import argparse
import json
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tocsin.sim.faults import FAULTS, OUTCOMES, Result, run
from tocsin.sim.faults.plan import CHEATS
from tocsin.sim.faults.run import LEAST_STEPS


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--real", action="store_true", help="Ed25519 signatures in place of keyed hashes")
    parser.add_argument("--replay", type=int)
    chosen = parser.parse_args()
    if chosen.replay is not None:
        result = run(chosen.replay, real=chosen.real)
        print(json.dumps({name: getattr(result, name) for name in Result.__slots__}, indent=1))
        return 1 if result.violations else 0
    begun, cpu = time.monotonic(), time.process_time()
    seeds = range(chosen.first, chosen.first + chosen.seeds)
    one = partial(caught, real=chosen.real)
    if chosen.workers > 1:
        with ProcessPoolExecutor(chosen.workers) as pool:
            results = list(pool.map(one, seeds, chunksize=50))
    else:
        results = [one(seed) for seed in seeds]
    report = summary(results)
    report["wall_s"] = round(time.monotonic() - begun, 1)
    if chosen.workers == 1:
        report["cpu_ms_a_run"] = round(1e3 * (time.process_time() - cpu) / max(1, len(results)), 1)
        report["cpu_ms_of_a_million_additions"] = yardstick_ms()
    print(json.dumps(report, indent=1))
    return 1 if report["violations"] else 0


def yardstick_ms() -> float:
    """What a fixed loop costs here and now: on a busy machine everything takes longer, this too (quiet: about 45)."""
    begun, total = time.process_time(), 0
    for number in range(1_000_000):
        total += number
    return round(1e3 * (time.process_time() - begun), 1)


def caught(seed: int, *, real: bool) -> Result:
    """A run; one that broke off is a violation like any other, and the campaign goes on."""
    try:
        return run(seed, real=real)
    except Exception as error:
        words = f"the run broke off: {type(error).__name__}: {error}"
        return Result(seed, 0, (), (), 0, {}, (words,), ())


def summary(results: list[Result]) -> dict[str, object]:
    """Coverage and violations of many runs. Coverage counts the runs in which a thing took effect."""
    count = len(results)
    happened = Counter(what for result in results for what in result.happened)
    shown = Counter(outcome for result in results for outcome in result.outcomes)
    share = {what: happened.get(what, 0) / count for what in (*FAULTS, *CHEATS)}
    share |= {outcome: shown.get(outcome, 0) / count for outcome in OUTCOMES}
    return {
        "runs": count,
        "steps": sum(result.steps for result in results),
        "runs_of_200_steps": sum(result.steps >= LEAST_STEPS for result in results) / count,
        "parted_and_disputed": sum(result.parted > 0 for result in results),
        "coverage": {what: round(part, 4) for what, part in share.items()},
        "below_one_percent": [what for what, part in share.items() if part < 0.01],
        "violations": {result.seed: result.violations for result in results if result.violations},
    }


if __name__ == "__main__":
    sys.exit(main())
