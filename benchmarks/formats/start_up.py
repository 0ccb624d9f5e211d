"""How long `import tocsin` and `tocsin --help` take, as the least of some starts: wall and processor time."""

import json
import resource
import subprocess
import sys
import time

RUNS = 9
COMMANDS = {
    "import tocsin": ([sys.executable, "-c", "import tocsin"], 0.150),
    "tocsin --help": ([sys.executable, "-m", "tocsin.app", "--help"], 0.300),
}


def once(command: list[str]) -> tuple[float, float]:
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    for name, (command, bar) in COMMANDS.items():
        found = [once(command) for _ in range(RUNS)]
        wall, cpu = min(w for w, _ in found), min(c for _, c in found)
        print(json.dumps({"name": name, "s": round(wall, 3), "cpu_s": round(cpu, 3), "bar": bar, "met": wall <= bar}))


if __name__ == "__main__":
    main()
