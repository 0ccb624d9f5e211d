"""The campaign that exchanges parties: it renames parties and nothing else, and it notices what does not mirror."""

import sys
import tomllib
from pathlib import Path

import msgspec
import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1] / "report"))
import synthetic_comparison as made
from campaigns.symmetry import check, differences, exchanged, exchanged_rules

from tocsin.sim import scenario as scenarios

replace = msgspec.structs.replace
SWAP = {"west": "east", "east": "west"}
JOINT = made.runs()[-1]


@pytest.mark.parametrize("name", scenarios.shipped())
def test_exchanging_twice_gives_every_shipped_case_back(name):
    table = tomllib.loads(scenarios.shipped_bytes(name).decode())
    there = exchanged(table, SWAP)
    assert exchanged(there, SWAP) == table
    parties = scenarios.convert(table, name).parties
    assert scenarios.convert(there, name).parties == tuple(SWAP.get(party, party) for party in parties)
    assert there["title"] == table["title"]


def test_sectors_change_hands_with_their_owners():
    assert exchanged_rules("joint", SWAP).sha256 == exchanged_rules("joint", {}).sha256
    owners = [[s.owner for s in exchanged_rules("sectoral", names).terms.sectors] for names in ({}, SWAP)]
    assert owners == [["west", "east"], ["east", "west"]]


def test_a_run_mirrors_itself():
    assert differences(JOINT, JOINT, {}) == []


def mirrored(run):
    """The run with every party's name exchanged."""
    text = msgspec.json.encode(run).decode()
    for old, new in (('"west"', '"#"'), ('"east"', '"west"'), ('"#"', '"east"')):
        text = text.replace(old, new)
    return msgspec.json.decode(text, type=type(run))


def test_an_exchanged_run_mirrors_the_run():
    assert differences(JOINT, mirrored(JOINT), SWAP) == []
    assert differences(JOINT, mirrored(JOINT), {}) != []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda r: replace(r, finding="attack"), ".finding"),
        (lambda r: replace(r, decision_s=140.0), ".decision_s"),
        (lambda r: replace(r, sides=(replace(r.sides[0], tracked_s=40.0), r.sides[1])), "tracked_s"),
        (lambda r: replace(r, sides=(replace(r.sides[0], disclosed={}), r.sides[1])), "disclosed"),
        (lambda r: replace(r, minutes=(replace(r.minutes[0], left=1.0), *r.minutes[1:])), ".minutes"),
        (lambda r: replace(r, margins=(replace(r.margins[0], deadline_s=1.0),)), ".margins"),
        (lambda r: replace(r, margins=()), ".margins"),
    ],
)
def test_an_outcome_that_differs_is_named(change, said):
    found = differences(JOINT, change(JOINT), {})
    assert found and all(said in line for line in found)


def test_a_cheap_case_mirrors():
    assert check("norad-1980", "connected", 1995, 60.0) == {"east/west": []}
