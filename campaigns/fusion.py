"""Fusion of statements against one filter with all the measurements, over many seeds; and what it costs.

The parties, their filters and their statements are those of the tests (tests/fuse/reference_radars.py): one coasting
target, radars of 20 m and 1 mrad, one scan a second, probability of detection 0.9, 150 s, judged from the 50th second.
`rmse_ratio` is of position, common picture to centralised filter; `nees` the squared error by the picture's own
covariance over 6, with its standard error over runs; `best_alone` the better party's own error over the centralised.
Each run's log is also fed late, shuffled and with repetitions, with pictures in between: `order_matters` counts runs in
which the last picture then differs in any bit of its digest.

    python -m campaigns.fusion            some ten minutes; prints JSON
    python -m campaigns.fusion --reduced  under a minute
    python -m campaigns.fusion --cost     what it costs alone
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "fuse"))

from reference_radars import EAST, RNG, SOUTH, T0_NS, WEST, Campaign, Entry, Party, errors, simulate

from tocsin.fuse import FUSE_VERSION, Fold
from tocsin.world import frames

FIRST_S = 50
SECONDS = 150
ARMS: dict[str, tuple[tuple[Party, ...], int, float, int]] = {
    # name: parties, seconds between exchanges, process noise m^2/s^3, runs
    "two, every 1 s, q 1e-3": ((WEST, EAST), 1, 1e-3, 40),
    "two, every 5 s, q 1e-3": ((WEST, EAST), 5, 1e-3, 200),
    "two, every 30 s, q 1e-3": ((WEST, EAST), 30, 1e-3, 400),
    "two, every 5 s, q 1": ((WEST, EAST), 5, 1.0, 200),
    "two, every 30 s, q 1": ((WEST, EAST), 30, 1.0, 400),
    "three in a ring, every 5 s, q 1e-3": ((WEST, EAST, SOUTH), 5, 1e-3, 150),
}


def arm(parties: tuple[Party, ...], every_s: int, q: float, runs: int, seed: int) -> dict[str, object]:
    """One row of the table."""
    campaign = simulate(RNG(seed), runs, SECONDS, every_s, list(parties), q)
    ours, theirs, nees, central_nees, alone, disorder = [], [], [], [], [], 0
    for run in range(runs):
        entries = [entry for logs in campaign.logs.values() for entry in logs[run].entries]
        rows = judged(campaign, run, entries)
        ours.append(rows[:, 0].mean())
        nees.append(rows[:, 1].mean() / 6)
        theirs.append(rows[:, 2].mean())
        central_nees.append(rows[:, 3].mean() / 6)
        own = [judged(campaign, run, logs[run].entries)[:, 0].mean() for logs in campaign.logs.values()]
        alone.append(own)
        disorder += out_of_order(entries, campaign.times_ns, run) != last_digest(entries, campaign.times_ns[-1])
    return {
        "runs": runs,
        "seed": seed,
        "rmse_ratio": round(float(np.sqrt(np.mean(ours) / np.mean(theirs))), 4),
        "rmse_m": round(float(np.sqrt(np.mean(ours))), 1),
        "nees": round(float(np.mean(nees)), 3),
        "nees_standard_error": round(float(np.std(nees) / np.sqrt(runs)), 3),
        "nees_centralised": round(float(np.mean(central_nees)), 3),
        "best_alone": round(float(np.sqrt(np.min(np.mean(alone, axis=0)) / np.mean(theirs))), 2),
        "order_matters": disorder,
    }


def judged(campaign: Campaign, run: int, entries: list[Entry]) -> np.ndarray:
    """Rows (ours m^2, ours NEES, centralised m^2, centralised NEES) at every exchange after the first ones."""
    fold = Fold()
    fold.add(entries)
    rows = []
    for k, t_ns in enumerate(campaign.times_ns):
        if t_ns - T0_NS < FIRST_S * 10**9:
            continue
        (track,) = fold.picture(t_ns).tracks
        truth, central = campaign.truth[k][run], campaign.central[k]
        mean = frames.eci_to_ecef(central.x[run], t_ns)
        rows.append(
            [
                *errors(track.state_ecef, track.covariance_ecef, truth, t_ns),
                *errors(mean, frames.covariance_to_ecef(central.p[run], t_ns), truth, t_ns),
            ]
        )
    return np.array(rows)


def last_digest(entries: list[Entry], t_ns: int) -> str:
    fold = Fold()
    fold.add(entries)
    return fold.picture(t_ns).digest


def out_of_order(entries: list[Entry], times_ns: list[int], seed: int) -> str:
    """Digest of the last picture after statements came late, shuffled and repeated."""
    rng = RNG(seed)
    places = rng.permutation(np.concatenate([np.arange(len(entries)), rng.integers(len(entries), size=20)]))
    fold = Fold()
    while len(places):
        take, places = np.split(places, [int(rng.integers(1, 9))])
        fold.add([entries[i] for i in take])
        fold.picture(times_ns[int(rng.integers(len(times_ns)))])
    return fold.picture(times_ns[-1]).digest


def cost(targets: int, statements: int, apart_m: float = 20e3) -> dict[str, object]:
    """Milliseconds of processor time to take in one statement and make the picture, by how long the log is.

    `apart_m` between neighbouring objects; nought puts them all on one spot, where pairings waver and are made anew.
    """
    parties = [Party(p.origin, p.latitude_deg, p.longitude_deg) for p in (WEST, EAST)]
    campaign = simulate(RNG(1), targets, statements // 2, 1, parties, apart_m=apart_m, orbiting=statements > 600)
    logs = [[log[target].entries for log in campaign.logs.values()] for target in range(targets)]
    fold = Fold()
    spent: list[float] = []
    for k, t_ns in enumerate(campaign.times_ns):
        for target, pair in enumerate(logs):
            for log in pair:
                entry = renamed(log[k], target, targets)
                begin = time.process_time()
                fold.add([entry])
                fold.picture(t_ns)
                spent.append(1e3 * (time.process_time() - begin))
    last = np.array(spent[-200:])
    return {
        "objects": targets,
        "apart_m": apart_m,
        "statements_in_log": len(spent),
        "median_ms": round(float(np.median(last)), 2),
        "p99_ms": round(float(np.percentile(last, 99)), 2),
    }


def renamed(entry: Entry, target: int, targets: int) -> Entry:
    """The statement of one target's log, in a place and under a name of its own in the party's one log."""
    index = entry.index * targets + target
    data = entry.data.replace(b'"track":"t-1"', b'"track":"t-%d"' % target)
    return Entry(entry.origin, index, data.replace(b'"sequence":%d,' % entry.index, b'"sequence":%d,' % index))


def main(reduced: bool, cost_alone: bool) -> None:
    costs = [cost(1, 300), cost(5, 120)] if reduced else [cost(1, 300), cost(1, 3_000), cost(5, 400), cost(5, 400, 0.0)]
    table: dict[str, object] = {}
    arms = {} if cost_alone else ARMS
    for seed, (name, (parties, every_s, q, runs)) in enumerate(arms.items(), 1):
        table[name] = arm(parties, every_s, q, max(runs // 10, 6) if reduced else runs, seed)
        sys.stderr.write(f"{name}: {table[name]}\n")
    sys.stdout.write(json.dumps({"fuse_version": FUSE_VERSION, "arms": table, "cost": costs}, indent=1) + "\n")


if __name__ == "__main__":
    main("--reduced" in sys.argv, "--cost" in sys.argv)
