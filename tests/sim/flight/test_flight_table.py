"""The [flight] table: what it reads, what it refuses, and the Andoya flight of 1995."""

import copy
import tomllib
from importlib import resources

import pytest

from tocsin.errors import BadEvidence
from tocsin.sim.flight import FlightTableError, Goal, andoya_1995, read_table

TABLE = {
    "latitude_deg": 69.29,
    "longitude_deg": 16.02,
    "stage": [
        {"ignition_s": 0, "burn_s": 40, "delta_v_m_s": 1_500},
        {"ignition_s": 45.0, "burn_s": 40.0, "delta_v_m_s": 1_900.0, "exhaust_m_s": 2_700.0},
    ],
    "steering": {"start_s": 5.0, "end_s": 50.0, "azimuth_deg": 80.0, "tilt_deg": 40.0},
}


def changed(path, value):
    table = copy.deepcopy(TABLE)
    place = table
    for key in path[:-1]:
        place = place[key]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return table


def test_a_design_is_flown_as_it_stands():
    request = read_table(TABLE, "case.toml")
    assert request.goal is None
    assert request.trajectory().design == request.design
    assert request.design.stages[1].exhaust_m_s == 2_700.0


def test_a_goal_is_solved():
    table = changed(("steering",), {"start_s": 5.0, "end_s": 50.0})
    table["solve"] = {"bearing_deg": 10, "apogee_km": 300, "range_km": 900}
    request = read_table(table, "case.toml")
    assert request.goal == Goal(bearing_deg=10.0, apogee_km=300.0, range_km=900.0)
    assert request.trajectory().apogee_km == pytest.approx(300.0, rel=1e-3)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("latitude_deg",), 91.0, "flight.latitude_deg"),
        (("latitude_deg",), "north", "flight.latitude_deg"),
        (("latitude_deg",), float("nan"), "flight.latitude_deg"),
        (("longitude_deg",), None, "longitude_deg"),
        (("launch_angle",), 3.0, "launch_angle"),
        (("stage",), [], "flight.stage"),
        (("stage", 0, "burn_s"), 0.0, "flight.stage"),
        (("stage", 0, "ignition_s"), 1.0, "flight.stage[0].ignition_s: 0 expected"),
        (("stage", 1, "ignition_s"), 39.0, "flight.stage[1].ignition_s: at least 40"),
        (("stage", 1, "delta_v_m_s"), -1.0, "delta_v_m_s"),
        (("stage", 1, "warhead"), 1.0, "warhead"),
        (("steering", "end_s"), 4.0, "flight.steering.end_s: at least start_s"),
        (("steering", "gravity_turn_s"), 10.0, "flight.steering.gravity_turn_s: at least end_s"),
        (("steering", "tilt_deg"), None, "flight.steering.tilt_deg: a number expected"),
        (("steering", "tilt_deg"), 120.0, "flight.steering.tilt_deg"),
        (("solve",), {"bearing_deg": 0.0, "apogee_km": 300.0}, "range_km"),
        (("solve",), {"bearing_deg": 0.0, "apogee_km": 300.0, "range_km": 900.0}, "flight.steering.azimuth_deg"),
        (("ascent_kg_m2",), 0.0, "flight.ascent_kg_m2"),
    ],
)
def test_a_bad_table_is_refused_by_file_and_field(path, value, said):
    with pytest.raises(FlightTableError) as refused:
        read_table(changed(path, value), "case.toml")
    assert isinstance(refused.value, BadEvidence)
    assert str(refused.value).startswith("case.toml: ")
    assert said in str(refused.value)


def test_a_table_that_does_not_fly_is_refused_by_name():
    weak = changed(("stage",), [{"ignition_s": 0.0, "burn_s": 300.0, "delta_v_m_s": 500.0}])
    with pytest.raises(FlightTableError, match=r"case.toml: \[flight\]: the first stage does not lift off"):
        read_table(weak, "case.toml").trajectory()
    weak["steering"] = {"start_s": 5.0, "end_s": 50.0}
    weak["stage"][0]["exhaust_m_s"] = 500.0
    weak["solve"] = {"bearing_deg": 10, "apogee_km": 300, "range_km": 900}
    with pytest.raises(FlightTableError, match=r"case.toml: \[flight.solve\]: no flight at all"):
        read_table(weak, "case.toml").trajectory()


class TestAndoya:
    """25 January 1995: stated apogee 1453 km, 24 min, last burnout at 93 s, down near Spitsbergen."""

    flight = andoya_1995().trajectory()

    def test_apogee_within_half_a_percent(self):
        assert self.flight.apogee_km == pytest.approx(1_453.0, rel=5e-3)

    def test_flight_time_within_a_minute(self):
        assert self.flight.flight_s == pytest.approx(24.0 * 60.0, abs=60.0)

    def test_last_burnout(self):
        assert self.flight.burnout_s == 93.0
        assert self.flight.thrusting(92.9)
        assert not self.flight.thrusting(93.0)

    def test_it_comes_down_at_spitsbergen(self):
        latitude_deg, longitude_deg = self.flight.impact
        assert 76.5 < latitude_deg < 80.9
        assert 10.0 < longitude_deg < 22.0

    def test_it_goes_up_nearly_straight(self):
        state = self.flight.state_ecef(93.0)
        rise = state[:3] @ state[3:] / (state[:3] @ state[:3]) ** 0.5
        assert rise / (state[3:] @ state[3:]) ** 0.5 > 0.97

    def test_every_fact_has_its_mark_and_source(self):
        text = resources.files("tocsin.sim.flight").joinpath("andoya_1995.toml").read_text("utf-8")
        facts = tomllib.loads(text)["fact"]
        assert len(facts) >= 10
        assert all(fact["mark"] in "SCIU" and fact["what"] and fact["value"] and fact["source"] for fact in facts)
