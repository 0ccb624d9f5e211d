"""Play a scenario through complete centres on virtual time. One seed gives the same log roots every time."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import msgspec
import numpy as np

from tocsin.node.centre import Centre
from tocsin.node.desk import Desk
from tocsin.regime import Regime
from tocsin.sim import announce
from tocsin.sim.build import build, sensor_of
from tocsin.sim.flight.table import read_table
from tocsin.sim.flight.trajectory import Trajectory
from tocsin.sim.officers import ScriptedOfficer
from tocsin.sim.scenario import Scenario
from tocsin.sim.schedule import Schedule
from tocsin.sim.sensing import Flown, scans
from tocsin.world.observation import Scan
from tocsin.world.time import parse_utc

NS = 1_000_000_000
TICK_NS = NS


class Watcher(Protocol):
    """Somebody who looks on: called every `period_s` with the time since launch and every centre's desk."""

    period_s: float

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
    truth: Trajectory
    centres: dict[str, Centre]


def stream(seed: int, *labels: str) -> np.random.Generator:
    """A random stream of its own for every purpose, so that adding one changes no other."""
    text = "|".join((str(seed), *labels)).encode()
    return np.random.default_rng(int.from_bytes(hashlib.sha256(text).digest()[:16], "big"))


def play(
    scenario: Scenario,
    regime: Regime,
    seed: int,
    *,
    watcher: Watcher | None = None,
    progress: Callable[[float], None] | None = None,
    hybrid: bool = True,
) -> Played:
    """Run the scenario to its end. `progress` is told the share that is done."""
    launch_ns = parse_utc(scenario.launch)
    begin_ns = launch_ns + round(scenario.begins_s * NS)
    end_ns = launch_ns + round(scenario.ends_s * NS)
    truth = read_table(scenario.flight, scenario.name).trajectory()
    schedule = Schedule(begin_ns)
    centres = build(scenario, regime, seed, schedule, hybrid=hybrid)
    world = World(schedule, centres, round(scenario.link_delay_ms * 1e6))
    officers = {p.name: ScriptedOfficer(centres[p.name], p.officers, stream(seed, "people", p.name))
                for p in scenario.party}  # fmt: skip
    for centre in centres.values():
        schedule.at(begin_ns, world.then(centre, centre.begin))
    for party in scenario.party:
        centre, officer = centres[party.name], officers[party.name]
        officer.reads_notices = scenario.defects.duty_officer_acknowledges
        for notice in announce.paper(scenario, party.name):
            officer.handed(notice)
        for due in announce.due(scenario, centre, begin_ns):
            schedule.at(due.t_tai_ns, world.then(centre, due.action))
        for scan in scans_of(scenario, party.name, truth, seed, begin_ns, end_ns):
            schedule.at(scan.t_tai_ns, world.observing(centre, scan))
    for name in sorted(centres):
        schedule.every(TICK_NS, world.then(centres[name], _turn(centres[name], officers[name])), end_ns)
    if watcher is not None:
        desks = {name: officer.desk for name, officer in officers.items()}
        schedule.every(round(watcher.period_s * NS), _looking(watcher, schedule, launch_ns, desks), end_ns)
    _run(schedule, begin_ns, end_ns, progress)
    return Played(scenario, regime, seed, launch_ns, truth, centres)


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
    scenario: Scenario, name: str, truth: Trajectory, seed: int, begin_ns: int, end_ns: int
) -> list[Scan]:
    """A party's scans; they hang on the seed and the party's sensors alone, so every regime faces the same."""
    party = next(party for party in scenario.party if party.name == name)
    flown = [Flown(truth=truth, launch_tai_ns=parse_utc(scenario.launch))]
    found: list[Scan] = []
    for file in party.sensor:
        found += scans(flown, [sensor_of(file)], begin_ns, end_ns, stream(seed, "sensor", file.id))
    return sorted(found, key=lambda scan: (scan.t_tai_ns, scan.sensor.id))


def _run(schedule: Schedule, begin_ns: int, end_ns: int, progress: Callable[[float], None] | None) -> None:
    step_ns = 30 * NS
    for until_ns in range(begin_ns, end_ns + step_ns, step_ns):
        schedule.run(min(until_ns, end_ns))
        if progress is not None:
            progress(min(1.0, (until_ns - begin_ns) / (end_ns - begin_ns)))
