"""The main job's bars: first line of the time line within 5 s, the whole comparison within 60 s, under 500 MB."""

import json
import os
import subprocess
import sys
import tempfile
import time


def main() -> None:
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "tocsin.app", "compare", "andoya-1995", "--out", out]
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        first_s = None
        for line in process.stdout:
            if first_s is None and line.strip()[:2].isdigit() and "Z " in line:
                first_s = time.perf_counter() - begin
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit("the main job failed; see its words above")
        whole_s = time.perf_counter() - begin
    peak_mb = usage.ru_maxrss / 1024
    cpu_s = usage.ru_utime + usage.ru_stime
    show("first line of the time line", first_s or whole_s, "s", 5.0)
    show("whole comparison", whole_s, "s", 60.0, cpu_s=round(cpu_s, 2))
    show("peak memory", peak_mb, "MB", 500.0)


def show(name: str, value: float, unit: str, bar: float, **more: float) -> None:
    print(json.dumps({"name": name, "value": round(value, 2), "unit": unit, "bar": bar, "met": value <= bar, **more}))


if __name__ == "__main__":
    main()
