"""The shipped library: enough cases, of every kind, each with marks, history, needs and what is unknown."""

from collections import Counter
from pathlib import Path

from tocsin.sim import scenario as room
from tocsin.study.cases_page import page

CASES = tuple(room.load(room.shipped_bytes(name), f"{name}.toml") for name in room.shipped())
PAGE = Path(__file__).parents[2] / "docs" / "cases.md"


def test_there_are_cases_of_every_nature():
    natures = Counter(case.nature for case in CASES)
    assert len(CASES) >= 16
    assert set(natures) >= {"flight", "sensor-fault", "data-fault", "human-error", "suspension", "attack"}


def test_real_attacks_on_a_third_party_are_among_them():
    found = [
        case.name for case in CASES
        if any(table.get("attack") and table.get("aimed_at") not in case.parties for table in case.flights)
    ]  # fmt: skip
    assert len(found) >= 2


def test_every_case_states_what_history_did_what_it_needed_and_what_is_unknown():
    for case in CASES:
        assert case.history and case.needed and case.unknown, case.name
        assert case.fact, case.name
        assert all(fact.source and fact.value for fact in case.fact), case.name


def test_every_sensor_and_invented_value_says_so():
    for case in CASES:
        marks = {fact.mark for fact in case.fact}
        assert "I" in marks, case.name
        assert all(file.source for party in case.party for file in party.sensor), case.name


def test_the_page_is_up_to_date():
    assert PAGE.read_text() == page()
