"""No schema has room for engagement, cueing or hand-over (design rule 13)."""

import json

import pytest

from tocsin.wire import schema

FORBIDDEN = ("engage", "intercept", "weapon", "fire", "kill", "cue", "handover", "hand-over", "aim", "shoot", "target")


def words(value):
    """Every name of a field and every value it may only take, of a schema."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "properties":
                yield from inner
            if key in ("enum", "const"):
                yield from (inner if isinstance(inner, list) else [inner])
            if key not in ("description", "title"):
                yield from words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from words(inner)


def room_for_weapons(text):
    return [word for word in words(text) for bad in FORBIDDEN if bad in str(word).lower()]


@pytest.mark.parametrize("name", sorted(schema()))
def test_no_room_for_weapons(name):
    assert room_for_weapons(schema()[name]) == []


def test_canary():
    text = json.loads(json.dumps(schema()["proposal-1"]))
    text["$defs"]["Proposal"]["properties"]["finding"]["enum"].append("engage")
    text["$defs"]["Proposal"]["properties"]["cue_azimuth_deg"] = {"type": "number"}
    assert set(room_for_weapons(text)) == {"engage", "cue_azimuth_deg"}


def test_joint_findings_are_these_three():
    finding = schema()["proposal-1"]["$defs"]["Proposal"]["properties"]["finding"]
    assert set(finding["enum"]) == {"benign", "fault", "unexplained"}
