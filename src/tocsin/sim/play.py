"""Play a scenario through complete centres on virtual time. One seed gives the same log roots every time."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec
import numpy as np

from tocsin.node.centre import Centre
from tocsin.node.desk import Desk
from tocsin.regime import Regime
from tocsin.sim import announce, script
from tocsin.sim.build import build, sensor_of
from tocsin.sim.ghosts import ghosts_of
from tocsin.sim.officers import ScriptedOfficer
from tocsin.sim.rehearsal import Rehearsal
from tocsin.sim.scenario import Scenario
from tocsin.sim.schedule import Schedule
from tocsin.sim.sensing import Flown, scans
from tocsin.sim.sites import ask_sites
from tocsin.sim.truths import Flying
from tocsin.world.observation import Scan
from tocsin.world.time import parse_utc

NS = 1_000_000_000
TICK_NS = NS


class Watcher(Protocol):
    """Somebody who looks on: called every `period_s` with the time since launch and every centre's desk."""

    @property
    def period_s(self) -> float:
        """Seconds between looks."""
        ...

    def look(self, t_s: float, desks: dict[str, Desk]) -> None:
        """See what the desks see; change nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Played:
    """A finished run: truth, and the centres as they ended."""

    scenario: Scenario
    regime: Regime
    seed: int
    launch_tai_ns: int
    flying: tuple[Flying, ...]
    centres: dict[str, Centre]


def stream(seed: int, *labels: str) -> np.random.Generator:
    """A random stream of its own for every purpose, so that adding one changes no other."""
    text = "|".join((str(seed), *labels)).encode()
    return np.random.default_rng(int.from_bytes(hashlib.sha256(text).digest()[:16], "big"))


def people(scenario: Scenario, party: str, seed: int) -> np.random.Generator:
    """Chance in what the people of a party do. It hangs on the party's place in the file, not on its name."""
    places = [one.name for one in scenario.party]
    return stream(seed, "people", str(places.index(party)))


def play(
    scenario: Scenario,
    regime: Regime,
    seed: int,
    *,
    watcher: Watcher | None = None,
    progress: Callable[[float], None] | None = None,
    hybrid: bool = True,
    rehearsal: Rehearsal | None = None,
) -> Played:
    """Run the scenario to its end. `progress` is told the share that is done.

    `rehearsal` holds what runs of the same scenario and seed have in common, and takes up what this one computes.
    """
    rehearsal = rehearsal or Rehearsal.of(scenario, seed)
    if (rehearsal.scenario, rehearsal.seed) != (scenario, seed):
        raise AssertionError(f"a rehearsal of {rehearsal.scenario.name}, seed {rehearsal.seed}, for another run")
    flying = rehearsal.flying
    launch_ns = parse_utc(scenario.launch)
    begin_ns = launch_ns + round(scenario.begins_s * NS)
    end_ns = launch_ns + round(scenario.ends_s * NS)
    schedule = Schedule(begin_ns)
    centres = build(scenario, regime, seed, schedule, hybrid=hybrid, rehearsal=rehearsal)
    world = World(schedule, centres, round(scenario.link_delay_ms * 1e6))
    officers = {p.name: ScriptedOfficer(centres[p.name], p.officers, people(scenario, p.name, seed))
                for p in scenario.party}  # fmt: skip
    for centre in centres.values():
        schedule.at(begin_ns, world.then(centre, centre.begin))
    for party in scenario.party:
        centre, officer = centres[party.name], officers[party.name]
        officer.reads_notices = scenario.defects.duty_officer_acknowledges
        officer.sites = ask_sites(flying, launch_ns)
        for notice in announce.paper(scenario, party.name, regime):
            officer.handed(notice)
        for due in (*announce.due(scenario, centre, begin_ns), *script.due(scenario, centre)):
            schedule.at(due.t_tai_ns, world.then(centre, due.action))
        if party.name not in rehearsal.scans:
            rehearsal.scans[party.name] = scans_of(scenario, party.name, flying, seed, begin_ns, end_ns)
        for scan in rehearsal.scans[party.name]:
            schedule.at(scan.t_tai_ns, world.observing(centre, scan))
    for name, centre in centres.items():  # by place in the file, so that names decide nothing
        schedule.every(TICK_NS, world.then(centre, _turn(centre, officers[name])), end_ns)
    if watcher is not None:
        desks = {name: officer.desk for name, officer in officers.items()}
        schedule.every(round(watcher.period_s * NS), _looking(watcher, schedule, launch_ns, desks), end_ns)
    _run(schedule, begin_ns, end_ns, progress)
    return Played(scenario, regime, seed, launch_ns, flying, centres)


class World:
    """The space between centres: messages take `delay_ns` each way."""

    def __init__(self, schedule: Schedule, centres: dict[str, Centre], delay_ns: int) -> None:
        self._schedule = schedule
        self._centres = centres
        self._delay_ns = delay_ns

    def then(self, centre: Centre, action: Callable[[], object]) -> Callable[[], None]:
        """`action`, and after it whatever the centre then has for its partners."""

        def act() -> None:
            action()
            self.flush(centre)

        return act

    def observing(self, centre: Centre, scan: Scan) -> Callable[[], None]:
        """Hand a scan to a centre."""
        return self.then(centre, lambda: centre.observe(scan))

    def flush(self, centre: Centre) -> None:
        """Put a centre's messages on their way."""
        for partner, data in centre.outgoing():
            later = self._schedule.now_tai_ns() + self._delay_ns
            self._schedule.at(later, self._arrival(centre, partner, data))

    def _arrival(self, sender: Centre, partner: str, data: bytes) -> Callable[[], None]:
        receiver = self._centres[partner]

        def arrive() -> None:
            answer = msgspec.json.encode(receiver.receive(sender.config.party, data))
            self.flush(receiver)
            later = self._schedule.now_tai_ns() + self._delay_ns
            self._schedule.at(later, self.then(sender, lambda: sender.answered(partner, answer)))

        return arrive


def _turn(centre: Centre, officer: ScriptedOfficer) -> Callable[[], None]:
    def turn() -> None:
        centre.tick()
        officer.act()

    return turn


def _looking(watcher: Watcher, schedule: Schedule, launch_ns: int, desks: dict[str, Desk]) -> Callable[[], None]:
    return lambda: watcher.look((schedule.now_tai_ns() - launch_ns) / NS, desks)


def scans_of(
    scenario: Scenario, name: str, flying: Sequence[Flying], seed: int, begin_ns: int, end_ns: int
) -> list[Scan]:
    """A party's scans; they hang on the seed and the party's sensors alone, so every regime faces the same.

    Recorded exercise data that carry their mark are refused before they reach the tracker.
    """
    party = next(party for party in scenario.party if party.name == name)
    launch_ns, ghosts = parse_utc(scenario.launch), ghosts_of(scenario)
    flown = [
        Flown(truth=one.truth, launch_tai_ns=launch_ns + round(one.after_s * NS), tape_on=one.tape_on)
        for one in flying
        if one.real or not scenario.defects.tape_marked
    ]
    found: list[Scan] = []
    for file in party.sensor:
        found += scans(flown, [sensor_of(file)], begin_ns, end_ns, stream(seed, "sensor", file.id), ghosts)
    return sorted(found, key=lambda scan: (scan.t_tai_ns, scan.sensor.id))


def _run(schedule: Schedule, begin_ns: int, end_ns: int, progress: Callable[[float], None] | None) -> None:
    step_ns = 30 * NS
    for until_ns in range(begin_ns, end_ns + step_ns, step_ns):
        schedule.run(min(until_ns, end_ns))
        if progress is not None:
            progress(min(1.0, (until_ns - begin_ns) / (end_ns - begin_ns)))
