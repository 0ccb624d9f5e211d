"""The rule that says whether sharing helped: every branch, and that an attack explained away is never help."""

import msgspec
import pytest

from tocsin.study.effects_page import page
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


def made(name, *runs):
    return Comparison(
        scenario=name, title="t", summary="", seed=1, launch_utc="", truth=(), flight_s=0, apogee_km=0, range_km=0,
        launch=(0.0, 0.0), impact=(0.0, 0.0), notice_area=(), sensors=(), facts=(), runs=runs, command="", version="",
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
    one = made("case", BASE, replace(BASE, regime="x"))
    assert [row.effect for row in rows(one)] == ["baseline", "no difference"]
    assert gather([one], 1, "c", "v").regimes == ("separate", "x")


def test_the_page_tells_harm_as_plainly_as_help():
    """docs/sharing.md: counts add up, every case stands under every regime once, equal reasons on one line."""
    worse, better = run("joint", side("west", conference_s=900.0)), run("joint", side("west", explained_s=60.0))
    same = (run("notify", side("west")), run("sectoral", side("west", conference_s=900.0)))
    found = gather([made("bad", BASE, *same, worse), made("good", BASE, better)], 7, "tocsin compare --all", "0")
    told = page(found)
    assert "| `joint` | 1 | 0 | 1 | 0 |" in told and "| `notify` | 0 | 0 | 0 | 1 |" in told
    assert told.split("## Hurts")[1].startswith(
        "\n\n* [bad](cases.md#bad), `sectoral`, `joint`: conferences 10 min longer.\n\n"
    )
    assert "* [good](cases.md#good), `joint`: west could explain it." in told
    assert "No case." in told.split("## Helps and hurts")[1]
