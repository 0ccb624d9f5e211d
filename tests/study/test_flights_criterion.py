"""The criterion on known rows, and that it is about the figures and nothing else."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.study.flights import Row, shipped
from tocsin.study.flights_criterion import (
    FREE_FALL_PRESSURE_PA,
    LARGEST_SPEED_RATIO,
    boost_classes,
    class_of,
    judge,
    yardstick,
)

ROWS = {row.row: row for row in shipped("flights_public").rows}
SALVO = ROWS["19a"]


def verdict(row, no_flight=""):
    return judge(yardstick(row), no_flight)[0]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("1", "consistent"),  # lofted, far above least energy
        ("6", "consistent"),  # at least energy
        ("13", "consistent"),
        ("19c", "consistent"),
        ("20", "inconsistent"),  # 101 km at 1000 km: above the air, far below least energy
        ("20k", "consistent"),  # the same flight with the neighbour's range
        ("21", "not identifiable"),  # 60 km: the whole flight in the air
        ("21k", "not identifiable"),
    ],
)
def test_known_rows(row, expected):
    assert verdict(ROWS[row]) == expected


def test_the_bound_of_free_fall():
    """One per cent of gravity on 7324 kg/m^2 with lift 2.6 times drag."""
    assert abs(FREE_FALL_PRESSURE_PA - 0.01 * 9.80665 * 7324.0 / 2.6) < 1e-9
    assert round(FREE_FALL_PRESSURE_PA) == 276


@pytest.mark.parametrize(
    ("range_km", "apogee_km"), [(300.0, (50.0, 70.0)), (600.0, (55.0, 70.0)), (1_000.0, (60.0, 76.0))]
)
def test_free_fall_begins_between_fifty_and_eighty_kilometres(range_km, apogee_km):
    low, high = (dataclasses.replace(SALVO, range_km=range_km, apogee_km=h) for h in apogee_km)
    assert verdict(low) == "not identifiable"
    assert yardstick(high).free_fall


def test_a_lofted_flight_is_not_blamed_for_its_speed():
    stick = yardstick(ROWS["13"])
    assert stick.speed_ratio > 2.0
    assert not stick.low


def test_where_row_20_turns():
    """The verdict hangs on whose range one believes; the page says so."""
    at = {r: verdict(dataclasses.replace(ROWS["20"], range_km=r)) for r in (650.0, 850.0, 870.0, 1_000.0)}
    assert at == {650.0: "consistent", 850.0: "consistent", 870.0: "inconsistent", 1_000.0: "inconsistent"}


def test_no_flight_of_the_class_is_inconsistent_with_its_reason():
    outcome, reason = judge(yardstick(ROWS["6"]), "too heavy")
    assert outcome == "inconsistent"
    assert reason.endswith("too heavy")


def test_the_words_leave_room():
    assert "no proof either way" in judge(yardstick(ROWS["20"]), "")[1]
    assert "manoeuvring or a depressed" in judge(yardstick(ROWS["20"]), "")[1]


@settings(max_examples=20)
@given(apogee_km=st.floats(80.0, 5_000.0), range_km=st.floats(150.0, 6_000.0), bearing_deg=st.floats(0.0, 359.0))
def test_higher_is_never_less_consistent(apogee_km, range_km, bearing_deg):
    row = dataclasses.replace(SALVO, apogee_km=apogee_km, range_km=range_km, bearing_deg=bearing_deg)
    higher = dataclasses.replace(row, apogee_km=1.3 * apogee_km)
    order = ("not identifiable", "inconsistent", "consistent")
    assert order.index(verdict(higher)) >= order.index(verdict(row))


@settings(max_examples=8)
@given(apogee_km=st.floats(20.0, 3_000.0), range_km=st.floats(100.0, 5_000.0))
def test_names_and_dates_do_not_matter(apogee_km, range_km):
    row = dataclasses.replace(SALVO, apogee_km=apogee_km, range_km=range_km)
    other = dataclasses.replace(row, vehicle="unknown", site="elsewhere", date="1990-01-01", mark="U", note="x")
    assert judge(yardstick(row), "") == judge(yardstick(other), "")


def test_one_per_cent_in_apogee_moves_the_ratio_by_less_than_the_distance_of_row_20_from_the_bound():
    ratio = yardstick(ROWS["20"]).speed_ratio
    moved = yardstick(dataclasses.replace(ROWS["20"], apogee_km=101.0 * 1.03)).speed_ratio
    assert abs(moved - ratio) < 0.01 < ratio - LARGEST_SPEED_RATIO


def row_of(vehicle, outcome=""):
    return Row(
        line=2, date="2020-01-01", time_utc="", vehicle=vehicle, site="s", site_lat_deg=39.0, site_lon_deg=126.0,
        bearing_deg=70.0, apogee_km=150.0, range_km=500.0, outcome=outcome,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("vehicle", "outcome", "speed_m_s", "name"),
    [
        ("nodong", "success", 1_500.0, "medium"),
        ("Hwasong-15", "", 7_000.0, "intercontinental-liquid"),
        ("hwasong-15", "failure", 3_000.0, "medium"),  # it did not burn as its class does
        ("unknown", "", 2_299.0, "short"),
        ("unknown", "", 2_301.0, "medium"),
        ("unknown", "", 5_000.0, "intermediate"),
        ("unknown", "", 9_000.0, "intercontinental-liquid"),
    ],
)
def test_classes(vehicle, outcome, speed_m_s, name):
    assert class_of(row_of(vehicle, outcome), speed_m_s).name == name


def test_every_class_states_its_source_and_an_interval_in_order():
    vehicles = [vehicle for one in boost_classes() for vehicle in one.vehicles]
    assert len(set(vehicles)) == len(vehicles)
    for one in boost_classes():
        assert one.mark in "SCIU"
        assert one.source
        assert list(one.burn_s) == sorted(one.burn_s)
        assert list(one.reentry_kg_m2) == sorted(one.reentry_kg_m2)
