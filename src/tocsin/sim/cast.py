"""One party's part in a case, outside the simulator: scans, scripted officer, notice. For `tocsin serve`."""

from tocsin.node.centre import Centre
from tocsin.node.config import Guarded
from tocsin.node.desk import Desk
from tocsin.sim import announce, script
from tocsin.sim.build import guarded_of, sensor_of
from tocsin.sim.officers import ScriptedOfficer
from tocsin.sim.play import people, scans_of
from tocsin.sim.scenario import Scenario, truths
from tocsin.sim.sites import ask_sites
from tocsin.world.observation import Sensor
from tocsin.world.time import parse_utc

NS = 1_000_000_000


class Cast:
    """`take_place` once the centre stands; then `turn` at every tick, and the `scans` at their times."""

    def __init__(self, scenario: Scenario, party: str, seed: int) -> None:
        self.scenario = scenario
        self.party = next(one for one in scenario.party if one.name == party)
        self._seed = seed
        launch_ns = parse_utc(scenario.launch)
        self.begin_tai_ns = launch_ns + round(scenario.begins_s * NS)
        self.end_tai_ns = launch_ns + round(scenario.ends_s * NS)
        self._launch_tai_ns = launch_ns
        self._flying = truths(scenario)
        self.scans = scans_of(scenario, party, self._flying, seed, self.begin_tai_ns, self.end_tai_ns)
        self.guarded: tuple[Guarded, ...] = guarded_of(self.party)
        self._officer: ScriptedOfficer | None = None
        self._due: list[announce.Due] = []

    def take_place(self, centre: Centre) -> Desk:
        """Put the scripted officer at the centre's desk."""
        self._officer = ScriptedOfficer(centre, self.party.officers, people(self.scenario, self.party.name, self._seed))
        self._officer.reads_notices = self.scenario.defects.duty_officer_acknowledges
        self._officer.sites = ask_sites(self._flying, self._launch_tai_ns)
        self._due = [*announce.due(self.scenario, centre, self.begin_tai_ns), *script.due(self.scenario, centre)]
        for notice in announce.paper(self.scenario, self.party.name, centre.config.regime):
            self._officer.handed(notice)
        return self._officer.desk

    def turn(self) -> None:
        """Give notices that are due, then let the officer act."""
        if self._officer is None:
            return
        now_ns = self._officer.now_tai_ns
        for one in [one for one in self._due if one.t_tai_ns <= now_ns]:
            self._due.remove(one)
            one.action()
        self._officer.act()


def sensors_of(cast: Cast | None) -> tuple[Sensor, ...]:
    """Sensors that a part brings along."""
    return tuple(sensor_of(file).sensor for file in cast.party.sensor) if cast else ()
