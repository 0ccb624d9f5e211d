"""Studies: the same lines for any number of workers, after any interruption, and figures that others compute alike."""

import json
from math import comb
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from tocsin.app.many import RUNS, bundles_of, run_study
from tocsin.app.play import load_scenario
from tocsin.errors import Outage, Refusal
from tocsin.study.figures import base_rates, median, rows, wilson
from tocsin.study.many import Outcome, Point, StudyError, load, varied

CASE = """
name = "tiny"
title = "Nothing flies for a while"
summary = "A fault in the data, made up and short."
nature = "data-fault"
launch = "2020-01-01T12:00:00Z"
begins_s = -10.0
ends_s = 20.0
[[party]]
name = "west"
[[party]]
name = "east"
"""
STUDY = """
name = "tiny-study"
title = "A tiny study"
regimes = ["separate", "notify"]
seeds = { first = 7, count = 3 }
[[case]]
scenario = "tiny.toml"
[[vary]]
label = "as it is"
[[vary]]
label = "slow"
officers = 3.0
delay_ms = 500.0
"""
RATE = """
[base_rate]
party = "west"
regime = "separate"
months = 18.0
routine = 3703
alarms = 147
mark = "S"
source = "as counted"
"""
EXAMPLES = sorted((Path(__file__).parents[2] / "studies").glob("*.toml"))


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    (folder / "tiny.toml").write_text(CASE)
    (folder / "study.toml").write_text(STUDY + RATE)
    return folder / "study.toml"


@pytest.fixture(scope="module")
def alone(file, tmp_path_factory):
    """The study on one worker."""
    out = tmp_path_factory.mktemp("one")
    assert run_study(file, out, 1, "") == 0
    return out / "tiny-study"


def test_one_line_a_run_in_the_order_of_the_study(alone):
    head, *lines = [json.loads(line) for line in (alone / RUNS).read_text().splitlines()]
    assert head["study"] == "tiny-study"
    assert len(lines) == 2 * 2 * 3
    assert [line["key"] for line in lines[:3]] == [
        "tiny.toml/as it is/separate/7", "tiny.toml/as it is/notify/7", "tiny.toml/as it is/separate/8",
    ]  # fmt: skip
    figures = json.loads((alone / "figures.json").read_text())
    assert [row["tracked"]["n"] for row in figures["rows"]] == [3] * 4
    assert figures["base_rates"][0]["counted"] == 147


def test_two_workers_write_the_same_bytes(file, alone, tmp_path):
    run_study(file, tmp_path, 2, "")
    for name in (RUNS, "figures.json"):
        assert (tmp_path / "tiny-study" / name).read_bytes() == (alone / name).read_bytes()


@pytest.mark.parametrize("cut", [1, 700, -1, -300])
def test_cut_anywhere_it_goes_on_to_the_same_bytes(file, alone, tmp_path, cut):
    whole = (alone / RUNS).read_bytes()
    begin = whole.index(b"\n") + 1
    (tmp_path / "tiny-study").mkdir()
    (tmp_path / "tiny-study" / RUNS).write_bytes(whole[: begin + cut] if cut > 0 else whole[:cut])
    run_study(file, tmp_path, 1, "")
    assert (tmp_path / "tiny-study" / RUNS).read_bytes() == whole


def test_another_study_is_not_continued(file, alone, tmp_path):
    place = tmp_path / "tiny-study"
    place.mkdir()
    (place / RUNS).write_bytes((alone / RUNS).read_bytes().replace(b'"sha256": "', b'"sha256": "0', 1))
    with pytest.raises(Refusal, match="another study"):
        run_study(file, tmp_path, 1, "")


def test_no_cluster_is_said_in_a_sentence(file, tmp_path):
    pytest.importorskip("distributed")
    with pytest.raises(Outage, match="no Dask scheduler"):
        run_study(file, tmp_path, None, "nonsense://127.0.0.1:1")


def test_a_point_changes_what_it_says_and_nothing_else():
    case = load_scenario("andoya-1995")
    assert varied(case, Point(label="same")) == case
    other = varied(case, Point(label="x", noise=3.0, officers=0.5, delay_ms=7.0))
    assert other.link_delay_ms == 7.0
    for now, was in zip(other.party, case.party, strict=True):
        assert now.officers.judge_s == was.officers.judge_s / 2
        assert now.officers.spread == was.officers.spread
        for sensor, before in zip(now.sensor, was.sensor, strict=True):
            sigmas = [name for name in sensor.__struct_fields__ if name.startswith("sigma")]
            assert sigmas
            assert all(getattr(sensor, name) == 3.0 * getattr(before, name) for name in sigmas)
            assert sensor.period_s == before.period_s


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_stand(path):
    study = load(path.read_bytes(), path.name)
    assert len(bundles_of(study, path.parent)) == len(study.case) * len(study.vary) * study.seeds.count


@pytest.mark.parametrize(("text", "words"), [
    (STUDY.replace("regimes", "regime"), "regime"),
    (STUDY + "noise = 0.0", "vary"),
    (STUDY.replace('"slow"', '"as it is"'), "each once"),
    (STUDY + RATE.replace('"separate"', '"joint"'), "base_rate.regime"),
    ("= 3", "not TOML"),
])  # fmt: skip
def test_a_wrong_file_is_refused_by_field(text, words):
    with pytest.raises(StudyError, match=words):
        load(text.encode(), "study.toml")


@given(st.integers(1, 3_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_that_of_scipy(pair):
    found, other = wilson(*pair), binomtest(*pair).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((other.low, other.high), abs=1e-12)


@given(st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=1, max_size=60))
def test_the_median_is_held_by_its_interval_with_95_per_cent(values):
    found, n = median(values), len(values)
    times = sorted(float("inf") if v is None else v for v in values)
    if found.low is None:
        assert n < 6 or times[0] == float("inf") or found.median is None
        return
    rank = max(k for k in range(n // 2) if times[k] == found.low)
    assert sum(comb(n, k) for k in range(min(times.index(found.low), rank) + 1)) / 2**n <= 0.025
    assert found.high is None or found.low <= found.high


def outcome(case, regime, seed, levels):
    return Outcome(
        key="k", case=case, point="as it is", regime=regime, seed=seed, nature="flight", tracked_s={"west": 1.0},
        explained_s={"west": None}, conference_s={"west": 5.0}, levels={"west": levels}, finding="", adopted=False,
        decision_s=None, agree=True, explained_away=(), acted=(),
    )  # fmt: skip


def test_base_rates_weigh_the_cases():
    text = STUDY.replace('"tiny.toml"', '"a"\nweight = 3.0\n[[case]]\nscenario = "b"') + RATE
    study = load(text.encode(), "study.toml")
    runs = [outcome("a", "separate", s, ("display", "threat") if s < 10 else ("display",)) for s in range(100)]
    runs += [outcome("b", "separate", s, ()) for s in range(100)]
    found = base_rates(study, study.base_rate, runs)[0]
    assert found.alarms == pytest.approx(3703 * 0.75 * 0.1)
    assert found.low < found.alarms < found.high
    assert rows(runs)[0].alarm.k == 10
    assert rows(runs)[0].explained_s.median is None
