"""ASTERIX to own picture for 1,000 aircraft on one core: how many times faster than they fly.

A radar that turns in 5 s sees 1,000 aircraft for two minutes (category 048, seeded). Measured is processor time of
this process, because the bar says one core: reading, completing, cutting into sectors, tracking.
"""

import json
import time

import numpy as np

from benchmarks.formats._traffic import SITE, recording, traffic
from tocsin.app.feeding import AIRCRAFT
from tocsin.formats.asterix.capture import read
from tocsin.formats.asterix.reports import reports
from tocsin.formats.reports import Plot
from tocsin.formats.scans import scans, sensors
from tocsin.formats.tally import Tally
from tocsin.track import Tracker

AIRCRAFT_COUNT, SECONDS, BAR = 1_000, 120.0, 20.0
POSIX_S = 1_767_348_000.0


def main() -> None:
    data = recording(traffic(AIRCRAFT_COUNT, 1), SECONDS, 1)
    best: dict[str, float] = {}
    tracks = 0
    for _ in range(3):
        figures, tracks = once(data)
        best = {name: min(best.get(name, np.inf), value) for name, value in figures.items()}
    total = sum(best.values())
    times = SECONDS / total
    parts = {f"{name}_s": round(value, 3) for name, value in best.items()}
    print(
        json.dumps(
            {
                "name": "asterix to own picture, 1,000 aircraft",
                "times_real_time": round(times, 1),
                "tracks": tracks,
                **parts,
                "bar": BAR,
                "met": times >= BAR,
            }
        )
    )


def once(data: bytes) -> tuple[dict[str, float], int]:
    tally = Tally()
    marks = [time.process_time()]
    records = list(read(data, tally))
    marks.append(time.process_time())
    plots = [one for one in reports(iter(records), tally, POSIX_S) if isinstance(one, Plot)]
    marks.append(time.process_time())
    found = list(scans(plots, {SITE.source: SITE}, tally))
    marks.append(time.process_time())
    tracker = Tracker("west", sensors(SITE), AIRCRAFT)
    for scan in found:
        picture = tracker.step(scan)
    marks.append(time.process_time())
    names = ("decode", "reports", "scans", "track")
    return dict(zip(names, np.diff(marks).tolist(), strict=True)), len(picture)


if __name__ == "__main__":
    main()
