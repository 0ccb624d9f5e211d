"""The long campaign of the fault simulator: many seeds, what happened in how many of them, and every violation.

    python -m campaigns.simulate --seeds 100000 --first 0 --workers 2 [--real]
    python -m campaigns.simulate --held

Works in pieces of 100 seeds, each a line of this program's file under build/ (`campaigns.pieces`): what was broken off
goes on where it stood, and 100,000 runs can be done a few thousand at a time. Prints JSON by program (a hash of the
sources that matter); `--held` runs nothing and tells of every piece on file. Exit 1 if any seed has a violation;
`python -m campaigns.simulate --replay SEED` shows that run alone.
"""

import argparse
import gc
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from campaigns import pieces
from tocsin.sim.faults import FAULTS, OUTCOMES, Result, run
from tocsin.sim.faults.plan import CHEATS, DROPPING
from tocsin.sim.faults.run import LEAST_STEPS

PIECE = 100  # seeds
RARELY = 100_000  # objects between two looks for cycles: a run makes few, and is small
ROOMS = ("assess", "decide", "fuse", "log", "mirror", "node", "regime", "release", "sim/faults", "wire", "world")
FILES = ("errors.py", "sim/schedule.py", "regime/shipped/joint.toml")


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--real", action="store_true", help="Ed25519 signatures in place of keyed hashes")
    parser.add_argument("--held", action="store_true", help="run nothing: what stands on file, by program")
    parser.add_argument("--replay", type=int)
    chosen = parser.parse_args()
    if chosen.replay is not None:
        result = run(chosen.replay, real=chosen.real)
        print(json.dumps({name: getattr(result, name) for name in Result.__slots__}, indent=1))
        return 1 if result.violations else 0
    name = "simulate-real" if chosen.real else "simulate"
    if chosen.held:
        reports = on_file(pieces.BUILD, name)
    else:
        key = pieces.program(ROOMS, __file__, *(str(pieces.ROOT / "src" / "tocsin" / file) for file in FILES))
        wanted = cut(chosen.first, chosen.seeds, real=chosen.real)
        found = pieces.play(work, wanted, pieces.BUILD / f"{name}-{key}.jsonl", key, chosen.workers, told)
        reports = {key: summary(found.values())}
    print(json.dumps(reports, indent=1))
    return 1 if any(report["violations"] for report in reports.values()) else 0


def cut(first: int, seeds: int, *, real: bool) -> list[pieces.Piece]:
    """Names of pieces: first seed, how many, and `real` where signatures are."""
    starts = range(first, first + seeds, PIECE)
    end = " real" if real else ""
    return [f"{start} {min(PIECE, first + seeds - start)}{end}" for start in starts]


def work(piece: pieces.Piece) -> pieces.Result:
    """Some runs and what to count of them, with the processor time that they took and that of a yardstick."""
    first, count, *real = str(piece).split(" ")
    gc.collect()
    gc.freeze()
    gc.set_threshold(RARELY, 10, 10)
    begun = time.process_time()
    results = [caught(seed, real=bool(real)) for seed in range(int(first), int(first) + int(count))]
    spent_s = time.process_time() - begun
    return counted(results) | {"cpu_s": round(spent_s, 3), "yardstick_ms": yardstick_ms()}


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


def counted(results: Iterable[Result]) -> dict[str, Any]:
    """Sums over runs. Coverage counts the runs in which a thing took effect."""
    held = list(results)
    took = Counter(what for result in held for what in (*result.happened, *result.outcomes))
    return {
        "runs": len(held),
        "steps": sum(result.steps for result in held),
        "long": sum(result.steps >= LEAST_STEPS for result in held),
        "parted": sum(result.parted > 0 for result in held),
        "took": dict(took),
        "violations": {str(result.seed): list(result.violations) for result in held if result.violations},
    }


def summary(found: Iterable[Any]) -> dict[str, Any]:
    """Coverage and violations of many pieces."""
    held = list(found)
    count = max(1, sum(one["runs"] for one in held))
    took: Counter[str] = Counter()
    for one in held:
        took.update(one["took"])
    share = {what: took.get(what, 0) / count for what in (*FAULTS, DROPPING, *CHEATS, *OUTCOMES)}
    cpu_ms = 1e3 * sum(one.get("cpu_s", 0.0) for one in held) / count
    yardsticks = [one["yardstick_ms"] for one in held if "yardstick_ms" in one]
    return {
        "runs": sum(one["runs"] for one in held),
        "steps_a_run": round(sum(one["steps"] for one in held) / count, 1),
        "runs_of_200_steps": sum(one["long"] for one in held) / count,
        "parted_and_disputed": sum(one["parted"] for one in held),
        "coverage": {what: round(part, 4) for what, part in share.items()},
        "below_one_percent": [what for what, part in share.items() if part < 0.01],
        "cpu_ms_a_run": round(cpu_ms, 1),
        "cpu_ms_of_a_million_additions": round(sum(yardsticks) / max(1, len(yardsticks)), 1),
        "violations": {seed: words for one in held for seed, words in one["violations"].items()},
    }


def told(found: dict[pieces.Piece, Any]) -> str:
    """End of a line of progress."""
    return f"({sum(len(one['violations']) for one in found.values())} seeds with violations)"


def on_file(folder: Path, name: str) -> dict[str, dict[str, Any]]:
    """By program: everything that stands in files of this campaign, and the first and last seeds that it covers."""
    reports = {}
    for path in sorted(folder.glob(f"{name}-{'[0-9a-f]' * 16}.jsonl")):
        key = path.stem.removeprefix(f"{name}-")
        found = pieces.held(path, key)
        if found:
            reports[key] = {"seeds": covered(found)} | summary(found.values())
    return reports


def covered(found: Iterable[pieces.Piece]) -> list[tuple[int, int]]:
    """First and last seeds of unbroken runs of pieces."""
    spans: list[tuple[int, int]] = []
    for first, count in sorted((int(text[0]), int(text[1])) for text in (str(one).split(" ") for one in found)):
        if spans and first <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], max(spans[-1][1], first + count - 1))
        else:
            spans.append((first, first + count - 1))
    return spans


if __name__ == "__main__":
    sys.exit(main())
