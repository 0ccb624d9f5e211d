"""Run every benchmark, print its figures, and keep them all in build/bench.json.

A benchmark is a module under benchmarks/ that prints one JSON object a line: at least "name", and beside the figures
"bar" (what was promised) and "met" where there is one. Each runs in a process of its own.

    python -m benchmarks.run            all
    python -m benchmarks.run track      those whose path contains the word
"""

import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
OUT = Path("build/bench.json")
LIMIT_S = 1_800


def modules(words: list[str]) -> list[str]:
    """Benchmarks, sorted; helpers begin with an underscore or hold no main."""
    found = []
    for path in sorted(HERE.rglob("*.py")):
        name = ".".join(("benchmarks", *path.relative_to(HERE).with_suffix("").parts))
        if path.name.startswith("_") or path == Path(__file__) or "__main__" not in path.read_text():
            continue
        if not words or any(word in name for word in words):
            found.append(name)
    return found


def machine() -> dict[str, object]:
    """Where the figures were taken."""
    return {
        "name": "machine",
        "cpus": os.cpu_count(),
        "load": list(os.getloadavg()),
        "python": platform.python_version(),
        "system": platform.platform(),
        "utc": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def run(name: str) -> list[dict[str, object]]:
    """Figures that one benchmark prints, as they come."""
    print(f"== {name}", flush=True)
    figures: list[dict[str, object]] = []
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen([sys.executable, "-m", name], stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("{"):
            figure = json.loads(line)
            figures.append({"benchmark": name, **figure})
            print("  " + ", ".join(f"{key} {value}" for key, value in figure.items()), flush=True)
    if process.wait(LIMIT_S):
        figures.append({"benchmark": name, "name": "failed", "exit": process.returncode, "met": False})
        print(f"  FAILED with exit {process.returncode}", flush=True)
    return figures


def main(words: list[str]) -> int:
    figures = [machine()]
    for name in modules(words):
        figures += run(name)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    missed = [one for one in figures if one.get("met") is False]
    print(f"\n{len(figures) - 1} figures in {OUT}; {len(missed)} bars not met.")
    for one in missed:
        print(f"  not met: {one['benchmark']}: {one['name']}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
