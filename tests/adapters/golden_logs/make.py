"""Makes a frozen record:  python -m adapters.golden_logs.make NAME  (in the folder tests)

Two parties with hybrid keys and officers: a finding adopted, a planned change of keys, another finding, a compromise.
Every later version must verify these files to the same findings (test_golden_logs.py); a record that is there is never
written again. Tolerance: none, bytes are bytes. ML-DSA signatures are random, so a second run gives other bytes.
"""

import sys
from pathlib import Path

from tocsin.node.adapters.tilefiles import publish, write_file

from .. import lives
from ..test_keeping import adopt, exported, rotated, stolen

HERE = Path(__file__).parent


def main(name: str) -> None:
    top = HERE / name
    if top.exists():
        raise SystemExit(f"{top}: is there; old records never change")
    lives.HYBRID["on"] = True
    two = lives.Two()
    adopt(two, "west-0000")
    rotated(two, "east")
    stolen(two)
    adopt(two, "west-0002")
    for log in exported(two):
        party, origin = log.name.split("/", 1)
        place = top / party / ("shared" + origin.removeprefix(f"tocsin.exercise/{party}").replace("/", "-"))
        size = int(log.checkpoint.split(b"\n")[1])
        publish(log.reader, 0, size, log.checkpoint, place)
        for path, data in {"policy": log.policy, **log.receipts}.items():
            write_file(place / path, data)


if __name__ == "__main__":
    main(sys.argv[1])
