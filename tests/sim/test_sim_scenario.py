"""Scenario files: every mistake is named with the file, the field and what was expected."""

import copy

import pytest
import short_case

from tocsin.sim import scenario as room
from tocsin.sim.errors import ScenarioError
from tocsin.sim.flight.errors import FlightTableError
from tocsin.sim.scenario import convert, load, override


def broken(change):
    table = short_case.raw()
    change(table)
    with pytest.raises(ScenarioError) as caught:
        convert(table, "case.toml")
    return str(caught.value)


def put(*path_and_value):
    *path, last, value = path_and_value

    def change(table):
        for key in path:
            table = table[key]
        table[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (put("launch", "yesterday"), ("launch", "regex")),
        (put("launch", "1960-10-05T22:40:00Z"), ("1960-10-05T22:40:00Z", "from 1970 on", "`launch`")),
        (put("ends_s", -5.0), ("ends_s", "> 0")),
        (put("begins_s", 400.0), ("begins_s", "before ends_s")),
        (put("party", []), ("party", "length >= 1")),
        (put("party", 0, "name", "West Side"), ("party[0].name", "regex")),
        (put("party", 1, "name", "west"), ("party", "each name once expected")),
        (put("party", 0, "sensor", 0, "kind", "sonar"), ("sensor[0].kind", "sonar")),
        (put("party", 0, "sensor", 0, "period_s", 0), ("sensor[0].period_s", "> 0")),
        (put("party", 0, "sensor", 0, "detection_probability", 1.5), ("detection_probability", "<= 1")),
        (put("party", 0, "sensor", 0, "colour", "green"), ("colour", "unknown field")),
        (put("party", 1, "sensor", 0, "id", "radar-a"), ("party.sensor", "each id once expected")),
        (put("party", 0, "protects", 0, "latitude_deg", 91.0), ("protects[0].latitude_deg", "<= 90")),
        (put("party", 0, "officers", "judge_s", -1.0), ("officers.judge_s", "> 0")),
        (put("notice", 0, "by", "north"), ("notice.by", "one of west, east expected, got 'north'")),
        (put("notice", 0, "vehicle", "kite"), ("notice[0].vehicle", "kite")),
        (put("fact", [{"what": "x", "value": "y", "mark": "Z", "source": "z"}]), ("fact[0].mark", "Z")),
        (put("defects", {"wrong_adressee": True}), ("defects", "wrong_adressee")),
    ],
)
def test_mistakes_are_named(change, words):
    said = broken(change)
    assert said.startswith("case.toml: ")
    assert all(word.lower() in said.lower() for word in words), said


def test_syntax_errors_carry_the_line():
    with pytest.raises(ScenarioError, match=r"^x\.toml: not TOML: .*line 2"):
        load(b'name = "a"\ntitle = = "b"\n', "x.toml")


def test_bytes_that_are_no_text():
    with pytest.raises(ScenarioError, match=r"^x\.toml: not UTF-8 at byte 1") as caught:
        load(b"a\xff", "x.toml")
    assert caught.value.evidence == b"a\xff"


def test_flight_mistakes_name_file_and_field():
    table = short_case.raw()
    table["flight"]["stage"][0]["burn_s"] = -1
    with pytest.raises((ScenarioError, FlightTableError), match=r"short.*burn_s"):
        room.truths(convert(table, "short.toml"))


@pytest.mark.parametrize("name", room.shipped())
def test_shipped_cases_load(name):
    case = room.load(room.shipped_bytes(name), f"{name}.toml")
    assert case.name == name
    assert case.fact, "a case states what it rests on"
    assert case.history, "a case states what history did"


def test_an_unknown_case_lists_what_there_is():
    with pytest.raises(ScenarioError, match="andoya-1995"):
        room.shipped_bytes("atlantis")


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("defects.post_launch_message=maybe", "a TOML value expected"),
        ("launch.x=1", "launch is not a table"),
        ("defects.post_launch_message", "a TOML value expected"),
        ("party.7.name='x'", "party has no place 7"),
    ],
)
def test_override_errors_name_the_setting(setting, words):
    with pytest.raises(ScenarioError) as caught:
        override(short_case.raw(), setting)
    assert str(caught.value).startswith(f"--set {setting}")
    assert words in str(caught.value)


def test_override_reaches_tables_and_places_in_lists():
    table = short_case.raw()
    before = copy.deepcopy(table)
    override(table, "defects.post_launch_message=false")
    override(table, "party.1.officers.judge_s=99.0")
    case = convert(table, "case.toml")
    assert not case.defects.post_launch_message
    assert case.party[1].officers.judge_s == 99.0
    assert case.party[0].officers == convert(before, "x").party[0].officers
