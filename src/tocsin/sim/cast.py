"""One party's part in a case, outside the simulator: scans, scripted officer, notice. For `tocsin serve`."""

from tocsin.node.centre import Centre
from tocsin.node.config import Guarded
from tocsin.node.desk import Desk
from tocsin.sim import announce
from tocsin.sim.build import guarded_of, sensor_of
from tocsin.sim.flight.table import read_table
from tocsin.sim.officers import ScriptedOfficer
from tocsin.sim.play import scans_of, stream
from tocsin.sim.scenario import Scenario
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
        truth = read_table(scenario.flight, scenario.name).trajectory()
        self.scans = scans_of(scenario, party, truth, seed, self.begin_tai_ns, self.end_tai_ns)
        self.guarded: tuple[Guarded, ...] = guarded_of(self.party)
        self._officer: ScriptedOfficer | None = None
        self._due: list[announce.Due] = []

    def take_place(self, centre: Centre) -> Desk:
        """Put the scripted officer at the centre's desk."""
        self._officer = ScriptedOfficer(centre, self.party.officers, stream(self._seed, "people", self.party.name))
        self._officer.reads_notices = self.scenario.defects.duty_officer_acknowledges
        self._due = announce.due(self.scenario, centre, self.begin_tai_ns)
        for notice in announce.paper(self.scenario, self.party.name):
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
