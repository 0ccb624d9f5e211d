"""Ask a program every question and compare:  python -m conformance.run [--only wire] [-- COMMAND ...]

Without a command our own answers are compared. Exit 0 only if every answer is the expected one.
"""

import argparse
import gzip
import json
import shlex
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).parent / "vectors"
OURS = [sys.executable, "-m", "conformance.ours"]
SECONDS = 600


@dataclass
class Result:
    """Right answers by test, and what was wrong."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def load(only: str = "") -> list[dict[str, Any]]:
    """Every vector, in the order of files and lines: id, test, input, expected, why."""
    found: list[dict[str, Any]] = []
    for path in sorted(VECTORS.glob("*.jsonl.gz")):
        lines = gzip.decompress(path.read_bytes()).decode().splitlines()
        found += [json.loads(line) for line in lines]
    return [one for one in found if one["test"].startswith(only)]


def compare(vectors: list[dict[str, Any]], command: list[str]) -> Result:
    """Run a program over all questions; it sees neither what is expected nor why."""
    asked = "".join(json.dumps({key: one[key] for key in ("id", "test", "input")}) + "\n" for one in vectors)
    done = subprocess.run(command, input=asked, capture_output=True, text=True, timeout=SECONDS, check=False)
    answers: dict[str, Any] = {}
    result = Result()
    for line in done.stdout.splitlines():
        try:
            said = json.loads(line)
            answers[said["id"]] = said["answer"]
        except (ValueError, KeyError, TypeError):
            result.wrong.append(f"a line that is no answer: {line[:100]}")
    return judge(vectors, answers, result)


def judge(vectors: list[dict[str, Any]], answers: dict[str, Any], result: Result) -> Result:
    """Hold answers by id against what is expected."""
    for one in vectors:
        given = answers.get(one["id"], "no answer")
        if given == one["expected"]:
            result.right[one["test"]] += 1
        else:
            said, due = str(given)[:120], str(one["expected"])[:120]
            result.wrong.append(f"{one['id']} ({one['why']}): {said}; {due} expected")
    return result


def main() -> int:
    """Print what came of it."""
    parser = argparse.ArgumentParser(description="Ask a program every question and compare.")
    parser.add_argument("--only", default="", help="tests that begin so, such as wire or log.receipt")
    parser.add_argument("command", nargs="*", help="the program to ask (default: our own)")
    chosen = parser.parse_args()
    command = chosen.command or OURS
    result = compare(load(chosen.only), command)
    for test, count in sorted(result.right.items()):
        print(f"{test:18} {count} right")
    for line in result.wrong[:50]:
        print(f"WRONG {line}")
    total = sum(result.right.values())
    print(f"{shlex.join(command)}: {total} right, {len(result.wrong)} wrong")
    return 1 if result.wrong or not total else 0


if __name__ == "__main__":
    sys.exit(main())
