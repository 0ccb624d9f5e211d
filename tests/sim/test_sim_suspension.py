"""Kosovo 1999 as shipped: suspended before the launch, so nothing but the reassurance channel is said, and all know."""

import tomllib

import pytest

from tocsin import regime as regimes
from tocsin.node import queries
from tocsin.sim import scenario as scenarios
from tocsin.study.compare import run_one
from tocsin.wire.envelope import decode

ENDS_S = 150.0  # the rocket is seen within the first minute and a half; the rest only costs time


@pytest.fixture(scope="module")
def suspended():
    table = tomllib.loads(scenarios.shipped_bytes("kosovo-1999").decode()) | {"ends_s": ENDS_S}
    rules = regimes.load(regimes.shipped("connected"), "connected.toml")
    run, played = run_one(scenarios.convert(table, "kosovo-1999"), rules, 1995, hybrid=False)
    return rules, run, played


def test_one_side_suspends_and_both_have_it_on_record(suspended):
    _, _, played = suspended
    for centre in played.centres.values():
        steps = queries.said_by(centre, "standing")
        assert {said.body.action for said in steps} == {"suspend"}
        assert len({said.party for said in steps}) == 1


def test_after_the_suspension_only_reassurance_goes_out(suspended):
    rules, _, played = suspended
    sizes = []
    for centre in played.centres.values():
        gate = centre.books["shared"].gate
        told = [decode(entry.data) for entry in gate.entries(0, gate.size)]
        kinds = [one.kind for one in told if one.observed.t_tai_us * 1_000 >= played.launch_tai_ns]
        assert set(kinds) <= set(rules.terms.reassurance)
        sizes.append(len(kinds))
    assert all(sizes), "heartbeats go on"


def test_both_track_it_and_neither_gets_a_joint_finding(suspended):
    _, run, _ = suspended
    assert any(side.tracked_s is not None for side in run.sides)
    assert not any("tracklet" in side.disclosed for side in run.sides)
    assert run.finding == ""
    assert run.margins == ()
