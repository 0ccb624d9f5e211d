"""Boost and re-entry against the bound of a filter that is told the mode, and whether the stated covariance is right.

Vehicles as in `campaigns.ellipses`, flown in `sim.flight`. Boost: two infrared satellites and a radar, from 20 s after
the first confirmed picture to the last burnout, but not within 10 s of an ignition or a burnout. Re-entry: a radar 100
to 400 km from the impact that sees the flight come down from 400 km, through a tracker of its own; judged from 100 km
of height down to 15 km. Per phase: root of the mean of squared error over the bound's variance, position and velocity;
mean NEES / 6 with its standard error over runs; scans without a track.

    python -m campaigns.phases [runs] [first] [processes]      1,000 runs from 0 on two processes; prints JSON

Finished runs stand in build/campaigns/phases.jsonl; a campaign that was broken off is gone on with.
"""

import json
import math
import sys
from typing import Any

import numpy as np

from campaigns import pieces
from campaigns.bounds import Bound
from campaigns.ellipses import NS, T0, draw, sensors
from tocsin.sim.flight import FlightError, Trajectory, fly
from tocsin.sim.sensing import Flown, Watching, scans
from tocsin.track import Tracker
from tocsin.world import frames, geodesy
from tocsin.world.observation import Radar, Sensor

ACQUIRED_S, STAGING_S = 20.0, 10.0
SEEN_FROM_M, JUDGED_M = 400e3, (15e3, 100e3)
NAMES = ("scans", "position", "velocity", "nees", "lost")


def height_m(flown: Trajectory, t_s: float) -> float:
    """Height above the ellipsoid."""
    return float(frames.ecef_to_geodetic(flown.state_ecef(t_s)[:3])[2])


def impact_radar(flown: Trajectory, rng: np.random.Generator) -> Radar:
    """A radar near the impact, not the one that saw the launch."""
    spot = geodesy.direct(*flown.impact, float(rng.uniform(0, 360)), float(rng.uniform(100e3, 400e3)))
    return Radar(
        id="impact", latitude_deg=spot[0], longitude_deg=spot[1], height_m=0.0, sigma_range_m=50.0,
        sigma_azimuth_rad=1e-3, sigma_elevation_rad=1e-3, range_max_m=2_000e3, elevation_min_rad=math.radians(1.0),
        elevation_max_rad=math.radians(85.0), azimuth_centre_rad=0.0, azimuth_halfwidth_rad=math.pi, period_s=2.0,
        detection_probability=0.9,
    )  # fmt: skip


def judge(
    flown: Trajectory, watching: tuple[Sensor, ...], begin_s: float, end_s: float, rng: np.random.Generator, counts: Any
) -> list[float]:
    """(scans, sums of squared error over the bound: position, velocity, of NEES / 6, scans without a track)."""
    seen = scans(
        [Flown(truth=flown, launch_tai_ns=T0)], [Watching(sensor=s) for s in watching], T0 + round(begin_s * NS),
        T0 + round(end_s * NS), rng,
    )  # fmt: skip
    tracker, bound, first_s = Tracker("west", watching), Bound(flown, T0), math.inf
    sums = [0.0] * len(NAMES)
    for scan in seen:
        t_s = (scan.t_tai_ns - T0) / NS
        picture = tracker.step(scan)
        bound.take(scan)
        if len(picture):
            first_s = min(first_s, t_s)
        if t_s < first_s + ACQUIRED_S or not counts(t_s):
            continue
        truth = bound.state(t_s)
        away = np.linalg.norm(picture.state_eci[:, :3] - truth[:3], axis=1)
        if not len(picture) or away.min() > 100e3:
            sums[4] += 1.0
            continue
        best = int(np.argmin(away))
        d, least = picture.state_eci[best] - truth, np.diag(bound.to(t_s))
        nees = float(d @ np.linalg.solve(picture.covariance_eci[best], d)) / 6.0
        row = (1.0, float(d[:3] @ d[:3]) / least[:3].sum(), float(d[3:] @ d[3:]) / least[3:].sum(), nees, 0.0)
        sums = [a + float(b) for a, b in zip(sums, row, strict=True)]
    return sums


def run(seed: pieces.Piece) -> pieces.Result:
    """Sums of one flight by phase; None if the drawn vehicle does not fly."""
    rng = np.random.default_rng([1, 2026, int(seed)])
    try:
        flown = fly(draw(rng))
    except FlightError:
        return None
    changes = [t for stage in flown.design.stages for t in (stage.ignition_s, stage.burnout_s)]

    def boosting(t_s: float) -> bool:
        return flown.thrusting(t_s) and min(abs(t_s - change) for change in changes) > STAGING_S

    def falling(t_s: float) -> bool:
        return t_s < flown.flight_s - 1.0 and JUDGED_M[0] < height_m(flown, t_s) < JUDGED_M[1]

    boost = judge(flown, sensors(flown, rng), 0.0, flown.burnout_s, rng, boosting)
    steps = np.arange(flown.apogee_s, flown.flight_s, 2.0)
    low = next((float(t) for t in steps if height_m(flown, float(t)) < SEEN_FROM_M), flown.apogee_s)
    return {"boost": boost, "re-entry": judge(flown, (impact_radar(flown, rng),), low, flown.flight_s, rng, falling)}


def summary(results: dict[pieces.Piece, pieces.Result]) -> dict[str, dict[str, float]]:
    """A row a phase."""
    table: dict[str, dict[str, float]] = {}
    for phase in ("boost", "re-entry"):
        rows = np.array([one[phase] for one in results.values() if isinstance(one, dict) and one[phase][0] > 0.0])
        if not len(rows):
            continue
        total = rows.sum(axis=0)
        nees = rows[:, 3] / rows[:, 0]
        table[phase] = {
            "runs": len(rows), "scans": float(total[0]),
            "position_over_bound": round(math.sqrt(total[1] / total[0]), 4),
            "velocity_over_bound": round(math.sqrt(total[2] / total[0]), 4),
            "nees": round(float(total[3] / total[0]), 4),
            "nees_error": round(float(nees.std() / math.sqrt(len(rows))), 4),
            "nees_median_run": round(float(np.median(nees)), 4),
            "without_track": round(float(total[4] / (total[0] + total[4])), 5),
        }  # fmt: skip
    return table


def main(arguments: list[str]) -> None:
    """Run and print."""
    runs, first, processes = (int(a) for a in (*arguments, *("1000", "0", "2")[len(arguments) :]))
    key = pieces.program(("world", "track", "sim"), __file__, pieces.__file__)
    path = pieces.BUILD / "phases.jsonl"
    results = pieces.play(run, range(first, first + runs), path, key, processes, lambda found: str(summary(found)))
    sys.stdout.write(json.dumps(summary(results), indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
