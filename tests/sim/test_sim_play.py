"""A run is a function of scenario, regime and seed: it replays, it swaps with the parties, and nothing leaks truth."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import short_case

from tocsin import regime as regimes
from tocsin.node import queries
from tocsin.sim.play import play, scans_of
from tocsin.sim.scenario import convert, truths
from tocsin.study.compare import run_one
from tocsin.world.time import parse_utc

SWAP = {"west": "east", "east": "west"}
HERE = Path(__file__).parent


def load(name):
    return regimes.load(regimes.shipped(name), name)


@pytest.fixture(scope="module")
def connected():
    case = short_case.case()
    return case, run_one(case, load("connected"), 7, truths(case), hybrid=False)


def roots(played):
    return {
        f"{name}/{group}": book.writer.head.root.hex()
        for name, centre in sorted(played.centres.items())
        for group, book in sorted(centre.books.items())
    }


PROGRAM = """
import sys, json
sys.path.insert(0, {here!r})
import short_case
from tocsin import regime as regimes
from tocsin.sim.play import play
case = short_case.case(ends_s=120.0)
played = play(case, regimes.load(regimes.shipped("connected"), "c"), 7, hybrid=False)
print(json.dumps({{n: c.books["shared"].writer.head.root.hex() for n, c in sorted(played.centres.items())}}))
"""


def test_one_seed_gives_the_same_logs_under_any_hash_seed():
    def logs(hash_seed):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-c", PROGRAM.format(here=str(HERE))]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    first = logs("1")
    assert "west" in first
    assert logs("4711") == first


def test_another_seed_gives_other_logs(connected):
    case, (_, played) = connected
    assert roots(play(case, load("connected"), 8, hybrid=False)) != roots(played)


@pytest.mark.parametrize("regime", ["separate", "connected"])
def test_exchanging_the_parties_exchanges_every_outcome(regime):
    table = short_case.raw(ends_s=220.0)
    mirrored = convert(short_case.renamed(table, SWAP), "mirrored")
    case = convert(table, "case")
    there, _ = run_one(case, load(regime), 7, hybrid=False)
    back, _ = run_one(mirrored, load(regime), 7, hybrid=False)
    assert (there.finding, there.decision, there.decision_s) == (back.finding, back.decision, back.decision_s)
    mirror = {side.party: side for side in back.sides}
    for side in there.sides:
        other = mirror[SWAP[side.party]]
        assert (side.tracked_s, side.explained_s, side.conference_s) == (
            other.tracked_s, other.explained_s, other.conference_s)  # fmt: skip
        assert side.disclosed == other.disclosed
        errors = [[e.impact_error_km for e in one.estimates] for one in (side, other)]
        assert errors[0] == pytest.approx(errors[1])
    assert [m.left for m in there.minutes] == [m.left for m in sorted(back.minutes, key=lambda m: SWAP[m.party])]


def test_every_regime_faces_the_same_scans(connected):
    case, _ = connected
    begin, end = parse_utc(case.launch), parse_utc(case.launch) + 60 * 10**9
    first, again = (scans_of(case, "west", truths(case), 7, begin, end) for _ in range(2))
    assert len(first) == len(again) == 6
    assert all((a.measurements == b.measurements).all() for a, b in zip(first, again, strict=True))


def test_connected_parties_explain_and_agree(connected):
    _, (run, played) = connected
    assert run.finding == "benign"
    assert run.pictures_agree
    assert all(side.explained_s is not None for side in run.sides)
    assert run.decision_s == max(
        (queries.logged_tai_ns(vote) - played.launch_tai_ns) / 1e9
        for centre in played.centres.values() for vote in queries.said_by(centre, "vote", centre.config.party)
    )  # fmt: skip


def test_an_officer_reads_a_notice_no_sooner_than_people_do(connected):
    case, (_, played) = connected
    east = played.centres["east"]
    read = queries.said_by(east, "acknowledgement", "east")
    begin = parse_utc(case.launch) - 60 * 10**9
    soonest_s = case.party[1].officers.acknowledge_s * (1 - case.party[1].officers.spread)
    assert read
    assert all(queries.logged_tai_ns(one) - begin >= soonest_s * 1e9 for one in read)


def test_nothing_crosses_where_nothing_is_shared():
    run, played = run_one(short_case.case(ends_s=150.0), load("separate"), 7, hybrid=False)
    assert all(not side.disclosed for side in run.sides)
    assert all(centre.said == [s for s in centre.said if s.party == name] for name, centre in played.centres.items())


def test_a_party_knows_its_own_launch_without_any_regime():
    run, _ = run_one(short_case.case(ends_s=150.0), load("separate"), 7, hybrid=False)
    explained = {side.party: side.explained_s for side in run.sides}
    assert explained["west"] is not None


def test_a_lost_note_explains_nothing_to_the_other_side():
    case = short_case.case(ends_s=150.0, defects={"wrong_addressee": True})
    run, _ = run_one(case, load("separate"), 7, hybrid=False)
    explained = {side.party: side.explained_s for side in run.sides}
    assert explained["west"] is not None
    assert explained["east"] is None


def test_an_opened_judgement_is_told_once_a_side(connected):
    _, (run, _) = connected
    opened = [line.party for line in run.timeline if line.kind == "opened-judgement"]
    assert sorted(opened) == ["east", "west"]
