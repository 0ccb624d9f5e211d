"""A case of a few minutes with one radar a side: complete centres, quick enough for tests."""

import copy
from typing import Any

from tocsin.sim.scenario import Scenario, convert


def radar(name: str, latitude_deg: float, longitude_deg: float, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "radar", "id": name, "source": "made up for tests [I]", "latitude_deg": latitude_deg,
        "longitude_deg": longitude_deg, "sigma_range_m": 200.0, "sigma_azimuth_deg": 0.2, "sigma_elevation_deg": 0.2,
        "range_max_km": 3000.0, "elevation_min_deg": 2.0, "period_s": 10.0, "detection_probability": 0.95,
    } | changes  # fmt: skip


def raw(**changes: Any) -> dict[str, Any]:
    """A research rocket that climbs from an announced place, as a parsed file."""
    table: dict[str, Any] = {
        "name": "short", "title": "A short case", "summary": "A research rocket.", "launch": "2020-01-01T12:00:00Z",
        "begins_s": -60.0, "ends_s": 300.0,
        "flight": {
            "latitude_deg": 69.3, "longitude_deg": 16.0,
            "steering": {"start_s": 1.0, "end_s": 8.0, "azimuth_deg": 355.0, "tilt_deg": 12.0},
            "stage": [{"ignition_s": 0.0, "burn_s": 40.0, "delta_v_m_s": 3600.0}],
        },
        "party": [
            {"name": "west", "sensor": [radar("radar-a", 66.0, 14.0)],
             "officers": {"acknowledge_s": 20.0, "judge_s": 10.0, "convene_s": 10.0, "sign_s": 15.0},
             "protects": [{"name": "coast", "latitude_deg": 68.0, "longitude_deg": 15.0, "radius_km": 200.0}]},
            {"name": "east", "sensor": [radar("radar-b", 68.0, 33.0)],
             "officers": {"acknowledge_s": 20.0, "judge_s": 10.0, "convene_s": 10.0, "sign_s": 15.0},
             "protects": [{"name": "capital", "latitude_deg": 60.0, "longitude_deg": 40.0, "radius_km": 300.0}]},
        ],
        "notice": [
            {"by": "west", "identifier": "PLN/WE/2020/001/001/01", "announced": "2019-12-30T12:00:00Z",
             "window_start": "2020-01-01T11:00:00Z", "window_end": "2020-01-01T13:00:00Z",
             "vehicle": "sounding-rocket", "azimuth_deg": 355.0, "azimuth_tolerance_deg": 15.0, "apogee_km": 500.0,
             "launch_area": {"name": "range", "latitude_deg": 69.3, "longitude_deg": 16.0, "radius_km": 10.0},
             "impact_area": {"name": "sea", "latitude_deg": 73.5, "longitude_deg": 14.0, "radius_km": 400.0}}
        ],
    }  # fmt: skip
    return copy.deepcopy(table) | changes


def case(**changes: Any) -> Scenario:
    """The case as a scenario."""
    return convert(raw(**changes), "short.toml")


def renamed(table: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """The same case with parties' names exchanged: who stands where stays as it was."""
    table = copy.deepcopy(table)
    for party in table["party"]:
        party["name"] = names[party["name"]]
    for notice in table["notice"]:
        notice["by"] = names[notice["by"]]
    return table
