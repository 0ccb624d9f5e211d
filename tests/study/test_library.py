"""The rule that says whether sharing helped: every branch, and that an attack explained away is never help."""

import msgspec
import pytest

from tocsin.study.library import effect, explained_away, gather, rows
from tocsin.study.results import Acted, Comparison, Followed, RegimeRun, Side

replace = msgspec.structs.replace


def side(party, explained_s=None, conference_s=300.0):
    return Side(
        party=party, tracked_s=60.0, explained_s=explained_s, conference=(), conference_s=conference_s, estimates=(),
        picture=(), disclosed={}, disclosed_bytes=0, withheld={}, log_entries=0, log_root="",
    )  # fmt: skip


def followed(party="west", *, attack=False, tracked_s=60.0, last=0.0):
    return Followed(object="x", party=party, attack=attack, aimed_at="", ends_s=900.0, tracked_s=tracked_s,
                    explained_s=None, explained_last=last, threat_s=None)  # fmt: skip


def run(regime, *sides, followed=(), acted=(), finding="", decision=""):
    return RegimeRun(
        regime=regime, title="", sides=sides, finding=finding, decision=decision, decision_s=None, pictures_agree=True,
        timeline=(), logs="", verdict="", verified=True, followed=followed, acted=acted,
    )  # fmt: skip


def act(outcome):
    return Acted(
        object="x", attack=True, aimed_at="west", authority=(), by_reserved_right=(), outcome=outcome, double=0.0
    )  # fmt: skip


BASE = run("separate", side("west"), followed=(followed(),))
ATTACK = run("separate", side("west"), followed=(followed(attack=True),), acted=(act("acted twice"),))


@pytest.mark.parametrize(
    ("base", "now", "verdict"),
    [
        (BASE, BASE, "no difference"),
        (BASE, run("notify", side("west", 90.0), followed=(followed(),)), "helped"),
        (run("separate", side("west", 90.0)), run("notify", side("west")), "hurt"),
        (run("separate", side("west", 90.0)), run("notify", side("west", 50.0)), "helped"),
        (run("separate", side("west", 90.0)), run("notify", side("west", 80.0)), "no difference"),
        (BASE, run("notify", side("west", conference_s=100.0)), "helped"),
        (BASE, run("notify", side("west", conference_s=400.0)), "hurt"),
        (BASE, run("notify", side("west", 90.0, 400.0)), "mixed"),
        (ATTACK, replace(ATTACK, acted=(act("acted"),)), "helped"),
        (ATTACK, replace(ATTACK, acted=(act("too late"),)), "hurt"),
        (ATTACK, replace(ATTACK, followed=(followed(attack=True, tracked_s=20.0),)), "helped"),
        (ATTACK, replace(ATTACK, followed=(followed(attack=True, last=0.99),)), "hurt"),
        (ATTACK, replace(ATTACK, sides=(side("west", conference_s=900.0),)), "no difference"),
    ],
)
def test_the_rule(base, now, verdict):
    assert effect(now, base)[0] == verdict


def test_a_benign_finding_about_an_attack_is_an_attack_explained_away():
    wrong = replace(ATTACK, finding="benign", decision="adopted")
    assert explained_away(wrong) == ("x",)
    assert explained_away(ATTACK) == ()


def test_the_baseline_is_marked_and_every_regime_has_a_row():
    one = Comparison(
        scenario="case", title="t", summary="", seed=1, launch_utc="", truth=(), flight_s=0, apogee_km=0, range_km=0,
        launch=(0.0, 0.0), impact=(0.0, 0.0), notice_area=(), sensors=(), facts=(),
        runs=(BASE, replace(BASE, regime="x")), command="", version="",
    )  # fmt: skip
    assert [row.effect for row in rows(one)] == ["baseline", "no difference"]
    assert gather([one], 1, "c", "v").regimes == ("separate", "x")
