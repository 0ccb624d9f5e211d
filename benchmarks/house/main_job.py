"""The main job's bars: first line of the time line within 5 s, the whole comparison within 60 s, under 500 MB.

Memory is the proportional set size of all processes of the job together, sampled five times a second (Linux).
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path


def family(root: int) -> list[int]:
    """A process and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, open_ = [], [root]
    while open_:
        found.append(open_.pop())
        open_ += parents.get(found[-1], [])
    return found


def memory_mb(root: int) -> float:
    """Proportional set size of the family, MB."""
    total_kb = 0
    for process in family(root):
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total_kb += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total_kb / 1024


def main() -> None:
    peaks = [0.0]
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "tocsin.app", "compare", "andoya-1995", "--out", out]
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        watch = threading.Thread(target=sample, args=(process, peaks))
        watch.start()
        assert process.stdout is not None
        first_s = None
        for line in process.stdout:
            if first_s is None and line.strip()[:2].isdigit() and "Z " in line:
                first_s = time.perf_counter() - begin
        if process.wait():
            sys.exit("the main job failed; see its words above")
        whole_s = time.perf_counter() - begin
        watch.join()
    show("first line of the time line", first_s or whole_s, "s", 5.0)
    show("whole comparison", whole_s, "s", 60.0)
    show("peak memory of all processes", max(peaks), "MB", 500.0)


def sample(process: subprocess.Popen[str], peaks: list[float]) -> None:
    while process.poll() is None:
        peaks.append(memory_mb(process.pid))
        time.sleep(0.2)


def show(name: str, value: float, unit: str, bar: float) -> None:
    print(json.dumps({"name": name, "value": round(value, 2), "unit": unit, "bar": bar, "met": value <= bar}))


if __name__ == "__main__":
    main()
