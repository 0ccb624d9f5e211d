"""The long watch: 24 hours in which nothing is launched, through complete centres. What is falsely shown, or called?

Two parties with the sensors of the Andoya case (three radars, two infrared satellites), linked under a regime: tracker,
release, signed logs, mirrors, fusion, explanations, proposed steps of the ladder. Round them 24 hours of satellites
(a seeded catalogue, integrated to J4; nine in ten of them are in the catalogue, of which each party states its share),
aircraft, clutter, echoes of the Moon and sunlight off clouds. Printed: distinct events by what they really were, how
many of them the rules would have put on display, and how many conferences of level `threat` they proposed (bar: none).

Beside it what that costs: the share of launches missed, against the size of the target and the threshold of the radar.
Swerling 1: a cell is above the threshold by noise with exp(-g), by a target of mean signal to noise S with
exp(-g / (1 + S)); S falls with the fourth power of range. The number of cells makes false detections a scan.

    python -m campaigns.soak [hours] [seed] [processes] [begin]     24 hours, seed 1, two processes, from hour 0
    python -m campaigns.soak curve                                  the missed detections alone
    python -m campaigns.soak readme                                 write what was found into README.md

The watch is played in pieces of an hour, each by centres that begin anew under the same sky: what an hour's centres had
forgotten is seen again by the next, so an object in view at the full hour counts in both. Finished hours stand in
build/campaigns/soak-SEED.jsonl, and a watch that was broken off is gone on with. Prints JSON.
"""

import json
import math
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from campaigns import pieces
from campaigns.ellipses import draw
from tocsin import regime as regimes
from tocsin.node.centre import Centre
from tocsin.node.desk import Desk, EventView
from tocsin.sim import scenario as scenarios
from tocsin.sim import sensing
from tocsin.sim.build import build, sensor_of
from tocsin.sim.flight import FlightError, Trajectory, fly
from tocsin.sim.ghosts import moon_echo, scattering_deg
from tocsin.sim.parts import InfraredFile, PartyFile
from tocsin.sim.play import World, stream
from tocsin.sim.schedule import Schedule
from tocsin.sim.sensing import look
from tocsin.sim.traffic import Aircraft, Satellites
from tocsin.track import Tracker
from tocsin.wire.messages import Orbit
from tocsin.world import frames, geodesy
from tocsin.world.exact import Array
from tocsin.world.observation import Infrared, Radar, Scan, Sensor
from tocsin.world.sensor import line_of_sight, site_ecef, visible
from tocsin.world.time import parse_utc

NS = 1_000_000_000
CASE = "andoya-1995"
BEGIN = parse_utc("2026-03-20T00:00:00Z")  # an equinox: the Sun passes behind the Earth as a satellite sees it
SATELLITES, AIRCRAFT = 80, 40
UNKNOWN_SHARE = 0.1  # of the satellites, in nobody's catalogue
RADAR_CLUTTER, INFRARED_CLUTTER = 0.5, 0.2  # false detections a scan
MOON_AMBIGUITY_M = 3_000e3
MOON_ODDS = 0.02  # that the Moon's echo is above the threshold, while it stands in the fan
GLINT_ODDS = 0.3  # that a cloud in the right place is bright enough
GLINT_SCATTER_DEG = 15.0
LOOK_S, TICK_S, CATALOGUE_S = 10.0, 5.0, 8 * 3_600.0
NEAR_M = 60e3  # a track so near to an object is that object's
EXAMPLES = 20  # looks at proposed threats that are kept with their words, an hour and party


@dataclass
class Tally:
    """What one party's desk has shown: by event, what it was, and the highest step proposed."""

    what: dict[str, str] = field(default_factory=dict)
    proposed: dict[str, str] = field(default_factory=dict)
    threats: list[str] = field(default_factory=list)
    called: int = 0

    def see(self, view: EventView, what: str, t_s: float) -> None:
        """Take down one event at one look."""
        name = next((one for one in view.names if one in self.what), view.id)
        self.what[name] = what if self.what.get(name, "nothing") == "nothing" else self.what[name]
        order = ("none", "display", "threat", "attack")
        self.proposed[name] = max(self.proposed.get(name, "none"), view.proposed_level, key=order.index)
        if view.proposed_level not in ("threat", "attack"):
            return
        self.called += 1
        if len(self.threats) < EXAMPLES:
            self.threats.append(f"{t_s:.0f} s: {name}, {what}, {view.reason}")


class Sky:
    """Everything real, at any time."""

    def __init__(self, seed: int, hours: float, about: tuple[tuple[float, float], ...]) -> None:
        self.satellites = Satellites.drawn(SATELLITES, BEGIN, hours * 3_600.0 + 60.0, stream(seed, "satellites"))
        self.aircraft = Aircraft.drawn(AIRCRAFT, about, stream(seed, "aircraft"))

    def at(self, t_tai_ns: int) -> Array:
        """States (n, 6), Earth-fixed: satellites first."""
        return np.concatenate([self.satellites.state_ecef(t_tai_ns), self.aircraft.state_ecef(t_tai_ns)])

    def what(self, state_ecef: Array, t_tai_ns: int) -> str:
        """What a track really is."""
        away = np.linalg.norm(self.at(t_tai_ns)[:, :3] - state_ecef[:3], axis=1)
        best = int(np.argmin(away))
        if away[best] > NEAR_M:
            return "nothing"
        if best >= SATELLITES:
            return "aircraft"
        return "satellite, unlisted" if best < round(UNKNOWN_SHARE * SATELLITES) else "satellite, listed"


def rows(sky: Sky, one: Sensor, t_tai_ns: int, rng: np.random.Generator) -> Array:
    """A scan's measurements: objects, clutter, Moon and glint."""
    states = sky.at(t_tai_ns)
    found = look(one, states, np.zeros(len(states)), np.full(len(states), one.detection_probability), rng)
    extra: Array | None = None
    if isinstance(one, Radar):
        extra = moon_echo(one, t_tai_ns, MOON_AMBIGUITY_M) if rng.random() < MOON_ODDS else None
    elif rng.random() < GLINT_ODDS:
        extra = _glint(one, t_tai_ns, rng)
    return found if extra is None else np.concatenate([found, sensing.noisy(extra, one, rng)])


def _glint(one: Infrared, t_tai_ns: int, rng: np.random.Generator) -> Array | None:
    """Sunlight off one cloud, if a random place on the disc reflects it forwards."""
    eye = np.array(one.position_ecef_m)
    longitude = math.degrees(math.atan2(eye[1], eye[0])) + rng.uniform(-75.0, 75.0)
    spot = frames.geodetic_to_ecef(math.radians(rng.uniform(-75.0, 75.0)), math.radians(longitude), 12e3)
    turned = scattering_deg(np.asarray(spot), eye, t_tai_ns)
    if turned is None or turned > GLINT_SCATTER_DEG:
        return None
    return line_of_sight(eye, np.asarray(spot)[None])[0]


class Watch:
    """Two centres and what is round them, from an hour of the day on."""

    def __init__(self, seed: int, hours: float, regime: str, first_h: float = 0.0) -> None:
        case = scenarios.load(scenarios.shipped_bytes(CASE), CASE)
        begin = BEGIN + round(first_h * 3_600 * NS)
        self.hours, self.begin_tai_ns, self.schedule = hours, begin, Schedule(begin)
        agreed = regimes.load(regimes.shipped(regime), regime)
        parties = tuple(with_clutter(party, RADAR_CLUTTER, INFRARED_CLUTTER) for party in case.party)
        case = msgspec.structs.replace(case, party=parties)
        self.centres = build(case, agreed, seed, self.schedule, hybrid=False)
        self.world = World(self.schedule, self.centres, 40_000_000)
        self.desks = {name: Desk(centre, LOOK_S) for name, centre in self.centres.items()}
        self.tallies = {name: Tally() for name in self.centres}
        self.scans: Counter[str] = Counter()
        files = [file for party in parties for file in party.sensor if not isinstance(file, InfraredFile)]
        places = tuple((file.latitude_deg, file.longitude_deg) for file in files)
        self.sky = Sky(seed, first_h + hours, places)
        end = begin + round(hours * 3_600 * NS)
        for party in parties:
            centre = self.centres[party.name]
            self.schedule.at(begin, self.world.then(centre, centre.begin))
            self.schedule.every(round(TICK_S * NS), self.world.then(centre, centre.tick), end)
            self.schedule.every(round(CATALOGUE_S * NS), self.world.then(centre, self._listing(centre)), end)
            for file in party.sensor:
                one = sensor_of(file).sensor
                rng = stream(seed, f"sensor at {first_h:g} h", one.id)
                phase_ns = int(rng.integers(0, round(one.period_s * NS)))
                self.schedule.at(begin + phase_ns, self._begin(centre, one, rng, end))
        self.schedule.every(round(LOOK_S * NS), self._look, end)

    def _begin(self, centre: Centre, one: Sensor, rng: np.random.Generator, end: int) -> Callable[[], None]:
        def scan() -> None:
            t_ns = self.schedule.now_tai_ns()
            self.scans[one.id] += 1
            centre.observe(Scan(sensor=one, t_tai_ns=t_ns, measurements=rows(self.sky, one, t_ns, rng)))

        return lambda: self.schedule.every(round(one.period_s * NS), self.world.then(centre, scan), end)

    def _listing(self, centre: Centre) -> Callable[[], None]:
        """The party's share of the catalogue, as of now, with an error of half a kilometre."""
        rng = stream(1, "listing", centre.config.party)

        def say() -> None:
            t_ns = self.schedule.now_tai_ns() // 1_000 * 1_000
            states = self.sky.satellites.state_ecef(t_ns)
            first = round(UNKNOWN_SHARE * SATELLITES) + sorted(self.centres).index(centre.config.party)
            for number in range(first, SATELLITES, len(self.centres)):
                x, y, z = (states[number, :3] + rng.normal(0.0, 500.0, 3)).tolist()
                vx, vy, vz = (states[number, 3:] + rng.normal(0.0, 0.5, 3)).tolist()
                centre.say(
                    Orbit(
                        name=f"object {number}", status="inactive", t_tai_us=t_ns // 1_000, position_ecef_m=(x, y, z),
                        velocity_ecef_m_s=(vx, vy, vz), position_sigma_m=600.0, velocity_sigma_m_s=0.6,
                        along_track_sigma_s=0.2, along_track_growth_s_per_day=4.0,
                    )
                )  # fmt: skip

        return say

    def _look(self) -> None:
        t_ns = self.schedule.now_tai_ns()
        for name, desk in self.desks.items():
            for view in desk.events():
                what = self.sky.what(view.track.state_ecef, view.track.t_tai_ns)
                self.tallies[name].see(view, what, (t_ns - BEGIN) / NS)

    def run(self) -> dict[str, Any]:
        """Play it."""
        self.schedule.run(self.begin_tai_ns + round(self.hours * 3_600 * NS))
        return self.result()

    def result(self) -> dict[str, Any]:
        """Numbers by party, and of both together."""
        found: dict[str, Any] = {}
        for name, tally in self.tallies.items():
            shown = Counter(tally.what.values())
            displayed = Counter(tally.what[one] for one, level in tally.proposed.items() if level != "none")
            found[name] = {
                "events": dict(sorted(shown.items())),
                "of them proposed for display": dict(sorted(displayed.items())),
                "threat conferences proposed": sum(level in ("threat", "attack") for level in tally.proposed.values()),
                "looks that proposed one": tally.called,
                "threats": tally.threats,
            }
        return {
            "hours": self.hours, "scans": sum(self.scans.values()), "parties": found,
            "statements": {n: c.books["shared"].next_index for n, c in self.centres.items()},
            "threats_in_all": sum(one["threat conferences proposed"] for one in found.values()),
            "events_of_nothing": sum(w == "nothing" for t in self.tallies.values() for w in t.what.values()),
        }  # fmt: skip


def with_clutter(party: PartyFile, radar: float, infrared: float) -> PartyFile:
    """The party's file with false detections a scan in its sensors."""
    sensors = tuple(
        msgspec.structs.replace(file, clutter_per_scan=infrared if isinstance(file, InfraredFile) else radar)
        for file in party.sensor
    )
    return msgspec.structs.replace(party, sensor=sensors)


CELLS = 1e6  # of a scan, range by direction
SIGNAL_AT_1000_KM = 100.0  # mean signal to noise of one square metre there: 20 dB [I]


def odds(square_m: float, threshold: float, distance_m: Array) -> Array:
    """Probability of detection of a target of so many square metres at distances (n,), Swerling 1."""
    signal = SIGNAL_AT_1000_KM * square_m * (1_000e3 / np.maximum(distance_m, 1e3)) ** 4
    return np.asarray(np.exp(-threshold / (1.0 + signal)))


def missed(flights: list[Trajectory], square_m: float, threshold: float, seed: int) -> tuple[float, float]:
    """(share of flights that came into view and had no confirmed track before apogee, median seconds to confirm)."""
    lost, viewed, waits = 0, 0, []
    for number, flown in enumerate(flights):
        rng = np.random.default_rng([seed, number])
        spot = geodesy.direct(*flown.launch, float(rng.uniform(0, 360)), float(rng.uniform(200e3, 1_500e3)))
        one = Radar(
            id="radar", latitude_deg=spot[0], longitude_deg=spot[1], height_m=0.0, sigma_range_m=100.0,
            sigma_azimuth_rad=2e-3, sigma_elevation_rad=2e-3, range_max_m=5_000e3, elevation_min_rad=math.radians(3.0),
            elevation_max_rad=1.5, azimuth_centre_rad=0.0, azimuth_halfwidth_rad=math.pi, period_s=4.0,
            detection_probability=float(odds(square_m, threshold, np.array([1_000e3]))[0]),
            clutter_per_scan=CELLS * math.exp(-threshold),
        )  # fmt: skip
        tracker, first_s = Tracker("west", (one,)), None
        for t_s in np.arange(4.0, flown.apogee_s, 4.0):
            state = np.atleast_2d(flown.state_ecef(float(t_s)))
            first_s = t_s if first_s is None and bool(visible(one, state)[0]) else first_s
            away = np.linalg.norm(state[:, :3] - site_ecef(one), axis=1)
            t_ns = BEGIN + round(float(t_s) * NS)
            found = look(one, state, np.zeros(1), odds(square_m, threshold, away), rng)
            picture = tracker.step(Scan(sensor=one, t_tai_ns=t_ns, measurements=found))
            truth = frames.ecef_to_eci(state[0], t_ns)[:3]
            if len(picture) and np.linalg.norm(picture.state_eci[:, :3] - truth, axis=1).min() < NEAR_M:
                waits.append(float(t_s) - float(first_s or t_s))
                break
        else:
            lost += first_s is not None
        viewed += first_s is not None
    return lost / max(viewed, 1), float(np.median(waits)) if waits else math.nan


THRESHOLDS, SQUARES_M2 = (12.0, 14.0, 16.0), (1.0, 0.1, 0.01, 0.001)


def flights(runs: int, seed: int) -> list[Trajectory]:
    """The first `runs` drawn vehicles that fly: a draw that does not is passed over."""
    found: list[Trajectory] = []
    number = 0
    while len(found) < runs:
        number += 1
        try:
            found.append(fly(draw(np.random.default_rng([seed, 7, number]))))
        except FlightError:
            continue
    return found


def point(name: pieces.Piece, runs: int = 40, seed: int = 1) -> dict[str, float]:
    """One point of the curve, named "threshold square_m"."""
    threshold, square_m = (float(word) for word in str(name).split())
    share, wait_s = missed(flights(runs, seed), square_m, threshold, seed)
    false = CELLS * math.exp(-threshold)
    one = {"threshold": threshold, "false_a_scan": false, "square_m": square_m, "missed": share, "wait_s": wait_s}
    sys.stderr.write(json.dumps(one) + "\n")
    return one


ROOMS = ("world", "track", "sim", "release", "fuse", "assess", "node", "regime")


def curve(processes: int = 2) -> list[pieces.Result]:
    """Missed detections against target and threshold, with the false detections that the threshold brings."""
    names = [f"{threshold:g} {square_m:g}" for threshold in THRESHOLDS for square_m in SQUARES_M2]
    found = pieces.play(point, names, pieces.BUILD / "curve.jsonl", _program(), processes)
    return list(found.values())


def _program() -> str:
    return pieces.program(ROOMS, __file__)


def hour(name: pieces.Piece) -> dict[str, Any]:
    """One piece of the watch, named "seed begin hours"."""
    seed, begin, hours = str(name).split()
    cpu = time.process_time()
    result = Watch(int(seed), float(hours), "connected", float(begin)).run()
    return {**result, "cpu_s": round(time.process_time() - cpu, 1)}


def merged(results: list[Any]) -> dict[str, Any]:
    """All hours in one: numbers added."""
    parties: dict[str, dict[str, Any]] = {}
    for one in results:
        for name, found in one["parties"].items():
            row = parties.setdefault(name, {"threats": []})
            for kind in ("events", "of them proposed for display"):
                row[kind] = dict(sorted((Counter(row.get(kind, {})) + Counter(found[kind])).items()))
            row["threats"] += found["threats"]
    sums = ("hours", "scans", "threats_in_all", "events_of_nothing", "cpu_s")
    return {name: round(math.fsum(one[name] for one in results), 3) for name in sums} | {"parties": parties}


def watch(hours: float, seed: int, processes: int, begin: float) -> dict[str, Any]:
    """The long watch, in pieces of an hour."""
    starts = [begin + float(k) for k in range(math.ceil(hours))]
    names = [f"{seed} {start:g} {min(1.0, begin + hours - start):g}" for start in starts]

    def told(results: dict[pieces.Piece, pieces.Result]) -> str:
        done = merged(list(results.values()))
        return f"{done['hours']:g} h, threats {done['threats_in_all']:g}, of nothing {done['events_of_nothing']:g}"

    path = pieces.BUILD / f"soak-{seed}.jsonl"
    return merged(list(pieces.play(hour, names, path, _program(), processes, told).values()))


README = Path(__file__).parents[1] / "README.md"
MARKS = ("<!-- make soak writes this -->", "<!-- end -->")


def per_hour(counts: dict[str, int], hours: float) -> str:
    """'3 aircraft, 20 satellite, listed' in words, a number of each an hour."""
    return ", ".join(f"{count / hours:.1f} {kind.replace(', ', ' ')}" for kind, count in sorted(counts.items()))


def readme(seed: int = 1) -> str:
    """The paragraph of README.md from what stands in build/campaigns, written into it."""
    played = list(pieces.held(pieces.BUILD / f"soak-{seed}.jsonl", _program()).values())
    if not played:
        raise SystemExit(f"no hour of the watch was played by this program: make soak first (seed {seed})")
    found = merged(played)
    hours = found["hours"]
    shown = {name: row["of them proposed for display"] for name, row in found["parties"].items()}
    words = [
        f"**{found['hours']:g} hours** ({found['scans']:,.0f} scans; `python -m campaigns.soak`): conferences of "
        f"`threat` proposed: **{found['threats_in_all']:g}**; events made of nothing: "
        f"**{found['events_of_nothing']:g}**. Proposed for display an hour, by what it was: "
        + "; ".join(f"{name} " + per_hour(row, hours) for name, row in sorted(shown.items())) + "."
    ]  # fmt: skip
    points = [one for one in pieces.held(pieces.BUILD / "curve.jsonl", _program()).values() if isinstance(one, dict)]
    if points:
        words += ["", "Launches missed before apogee by one radar, by its threshold (1 m2 at 1,000 km: 20 dB):"]
        words += ["", "| false detections a scan | " + " | ".join(f"{s:g} m2" for s in SQUARES_M2) + " |"]
        words += ["|---|" + "---|" * len(SQUARES_M2)]
        for threshold in THRESHOLDS:
            row = {one["square_m"]: one["missed"] for one in points if one["threshold"] == threshold}
            cells = [f"{row[s]:.0%}" if s in row else "" for s in SQUARES_M2]
            words.append(f"| {CELLS * math.exp(-threshold):.2g} | " + " | ".join(cells) + " |")
    text = README.read_text()
    before, rest = text.split(MARKS[0], 1)
    after = rest.split(MARKS[1], 1)[1]
    README.write_text(before + MARKS[0] + "\n" + "\n".join(words) + "\n" + MARKS[1] + after)
    return "\n".join(words)


def main(arguments: list[str]) -> None:
    """Run and print."""
    if arguments and arguments[0] == "curve":
        sys.stdout.write(json.dumps(curve(), indent=1) + "\n")
        return
    if arguments and arguments[0] == "readme":
        sys.stdout.write(readme() + "\n")
        return
    hours, seed, processes, begin = (float(a) for a in (*arguments, *("24", "1", "2", "0")[len(arguments) :]))
    sys.stdout.write(json.dumps(watch(hours, int(seed), int(processes), begin), indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
