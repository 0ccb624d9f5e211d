"""How much should an earlier statement be forgotten? Compares settings of release on the Andoya flight.

Two parties' trackers see the same scans in every arm; their tracklets are fused as any reader would. `centre` is one
tracker with all sensors. Printed per arm, over all seeds and every 20 s: root mean square errors of the track nearest
to truth, the mean of its squared distance by its own covariance over 6 (1 is right, above is overconfident), and
the share of tracklets that state more than 1 m2/s3.

    python -m campaigns.release_noise [seeds]
"""

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tocsin import regime as regimes
from tocsin.fuse import Fold
from tocsin.release import Context, Ledger, Released, TrackletSettings, publish, track_drafts
from tocsin.sim import scenario as scenarios
from tocsin.sim.build import sensor_of
from tocsin.sim.play import scans_of
from tocsin.track import Picture, Tracker
from tocsin.wire.bodies import Tracklet
from tocsin.world.frames import covariance_to_ecef, eci_to_ecef
from tocsin.world.time import parse_utc

NS = 1_000_000_000
NAME = "andoya-1995"
SCENARIO = scenarios.load(scenarios.shipped_bytes(NAME), NAME)
LAUNCH = parse_utc(SCENARIO.launch)
FLYING = scenarios.truths(SCENARIO)
TRUTH = FLYING[0].truth
REGIME = regimes.load(regimes.shipped("joint"), "joint")
PHASES = {"boost and after": (60.0, 400.0), "coast": (420.0, 1_300.0)}
SHRINKS = (0.05, 0.2, 0.4, 0.7)


@dataclass(frozen=True)
class Logged:
    """Stands for a verified entry."""

    origin: str
    index: int
    data: bytes
    sha256: str


class Desk:
    """A party's gate and its shared log."""

    def __init__(self, party: str, everyone: list[str], settings: TrackletSettings) -> None:
        self.settings, self.ledger, self.size, self.noises = settings, Ledger(), 0, list[float]()
        self.context = Context(
            party=party, partners=tuple(name for name in everyone if name != party), origin=f"exercise/{party}",
            own_origin=f"exercise/{party}/own", epoch=0, mode="exercise", authority="campaign", clock="simulated",
            now_tai_ns=LAUNCH + 9_999 * NS,
        )  # fmt: skip

    def say(self, picture: Picture) -> Iterator[Logged]:
        """What the log gains from a picture."""
        for draft in track_drafts(picture, self.ledger, REGIME, self.context, self.settings):
            outcome = publish(draft, REGIME, self.ledger, self.context)
            if not isinstance(outcome, Released) or not isinstance(outcome.body, Tracklet):
                raise AssertionError(f"not released: {outcome}")
            data = outcome.data(self.size)
            self.ledger.add(outcome.group, outcome.statement(self.size))
            self.noises.append(outcome.body.process_noise_m2_s3)
            yield Logged(self.context.origin, self.size, data, hashlib.sha256(data).hexdigest())
            self.size += 1


def nearest(t_s: float, states: list, covariances: list) -> tuple[float, ...] | None:
    """(time, position error, velocity error, squared distance / 6) of the track nearest to truth, Earth-fixed."""
    if not states:
        return None
    truth = np.atleast_2d(TRUTH.state_ecef(np.array([t_s])))[0]
    away = [np.asarray(state) - truth for state in states]
    best = min(range(len(away)), key=lambda i: float(np.linalg.norm(away[i][:3])))
    d = away[best]
    distance = float(d @ np.linalg.solve(covariances[best], d)) / 6.0
    return t_s, float(np.linalg.norm(d[:3])), float(np.linalg.norm(d[3:])), distance


def run(seed: int) -> tuple[dict[str, list[tuple[float, ...]]], dict[str, list[float]]]:
    """(rows by arm, noises by arm) of one seed."""
    names = [party.name for party in SCENARIO.party]
    sensors = {party.name: tuple(sensor_of(file).sensor for file in party.sensor) for party in SCENARIO.party}
    trackers = {name: Tracker(name, sensors[name]) for name in names}
    centre = Tracker("centre", tuple(sensor for name in names for sensor in sensors[name]))
    end = LAUNCH + 1_320 * NS
    scans = [
        (scan.t_tai_ns, name, scan)
        for name in names
        for scan in scans_of(SCENARIO, name, FLYING, seed, LAUNCH + round(SCENARIO.begins_s * NS), end)
    ]
    settings = {f"shrink {shrink}": TrackletSettings(shrink=shrink) for shrink in SHRINKS}
    desks = {arm: {name: Desk(name, names, chosen) for name in names} for arm, chosen in settings.items()}
    folds = {arm: Fold() for arm in settings}
    rows: dict[str, list[tuple[float, ...]]] = {arm: [] for arm in ("centre", *settings)}
    due = LAUNCH + 60 * NS
    for t, name, scan in sorted(scans, key=lambda one: one[:2]):
        picture = trackers[name].step(scan)
        centre.step(scan)
        for arm, fold in folds.items():
            fold.add(list(desks[arm][name].say(picture)))
        if t < due:
            continue
        due += 20 * NS
        now, t_s = centre.picture(t), (t - LAUNCH) / NS
        found = {"centre": (list(eci_to_ecef(now.state_eci, t)), list(covariance_to_ecef(now.covariance_eci, t)))}
        for arm, fold in folds.items():
            tracks = fold.picture(t).tracks
            found[arm] = ([track.state_ecef for track in tracks], [track.covariance_ecef for track in tracks])
        for arm, (states, covariances) in found.items():
            row = nearest(t_s, states, covariances)
            rows[arm] += [row] if row else []
    return rows, {arm: [q for desk in by.values() for q in desk.noises] for arm, by in desks.items()}


def main(arguments: list[str]) -> None:
    """Print the table."""
    last = int(arguments[0]) if arguments else 4
    done = []
    for seed in range(1, last + 1):
        done.append(run(seed))
        sys.stderr.write(f"seed {seed} of {last}\n")
    for phase, (begin, end) in PHASES.items():
        sys.stdout.write(f"{phase}, {begin:.0f} to {end:.0f} s, {len(done)} seeds\n")
        for arm in done[0][0]:
            values = np.array([row[1:] for rows, _ in done for row in rows[arm] if begin <= row[0] <= end])
            rms = np.sqrt((values[:, :2] ** 2).mean(axis=0))
            distance = values[:, 2].mean()
            line = f"  {arm:12s} position {rms[0]:6.0f} m  velocity {rms[1]:6.1f} m/s  distance {distance:.2f}"
            noises = [q for _, by in done for q in by.get(arm, [])]
            share = f"  forgets more than 1 m2/s3 in {np.mean(np.array(noises) > 1.0):.0%}" if noises else ""
            sys.stdout.write(line + share + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
