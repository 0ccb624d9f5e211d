"""The abstract authority model: same for every regime, each can lose, and nothing outside simulation knows it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tocsin import regime as regimes
from tocsin.sim.engagement import Doomed, View, judge
from tocsin.sim.parts import EngagementFile
from tocsin.wire import bodies

MODEL = EngagementFile(authority_before_s=180.0, double_probability=0.5)
SIGN = {"west": 60.0, "east": 60.0}
SOURCE = Path(__file__).parents[2] / "src" / "tocsin"
WEST_FALL, EAST_FALL = (50.0, 20.0), (50.0, 40.0)  # either side of the line of the shipped sectors


def view(since_s, targets=("west",), fall=WEST_FALL):
    return View(wants_since_s=since_s, targets=targets, fall=fall)


def told(regime, west, east, **changes):
    fields = {"name": "x", "attack": True, "aimed_at": "west", "ends_s": 600.0, "views": {"west": west, "east": east}}
    terms = regimes.load(regimes.shipped(regime), regime)
    return judge(terms, Doomed(**(fields | changes)), MODEL, SIGN)


BOTH = ("east", "west")


@pytest.mark.parametrize(
    ("regime", "west", "east", "outcome"),
    [
        ("separate", view(100.0), view(None), "acted"),
        ("separate", view(100.0, BOTH), view(100.0, BOTH), "acted twice"),
        ("connected", view(100.0, BOTH), view(100.0, BOTH), "acted twice"),
        ("sectoral", view(100.0, BOTH), view(100.0, BOTH), "acted"),
        ("joint", view(100.0, BOTH), view(100.0, BOTH), "acted"),
        ("separate", view(None), view(None), "unseen"),
        ("separate", view(400.0), view(None), "too late"),
        ("sectoral", view(None), view(100.0, ("west",), EAST_FALL), "acted"),
        ("sectoral", view(None), view(100.0, ("west",), WEST_FALL), "seam"),
        ("joint", view(None), view(100.0, ("west",)), "too late"),
    ],
)
def test_each_regime_can_lose(regime, west, east, outcome):
    assert told(regime, west, east).outcome == outcome


def test_two_actions_are_counted_only_where_nobody_decides_for_both():
    assert told("separate", view(100.0, BOTH), view(100.0, BOTH)).double == MODEL.double_probability
    assert told("joint", view(100.0, BOTH), view(100.0, BOTH)).double == 0.0


def test_a_right_reserved_is_used_only_where_no_authority_stands():
    alone = told("joint", view(100.0), view(None))
    assert alone.authority == ()
    assert alone.by_reserved_right == ("west",)
    assert alone.outcome == "acted"
    assert told("sectoral", view(100.0), view(100.0, ("west",))).by_reserved_right == ()


def test_a_harmless_object_acted_upon_is_counted():
    assert told("separate", view(100.0), view(None), attack=False, aimed_at="").outcome == "harmless acted upon"
    assert told("separate", view(None), view(None), attack=False, aimed_at="").outcome == "nobody's business"


def test_exchanging_the_parties_exchanges_the_outcome():
    there = told("connected", view(100.0), view(150.0, ("east",)))
    back = told("connected", view(150.0, ("west",)), view(100.0, ("east",)), aimed_at="east")
    swap = {"west": "east", "east": "west"}
    assert sorted(swap[party] for party in there.authority) == sorted(back.authority)


def test_nothing_outside_sim_and_study_names_it():
    texts = {path: path.read_text() for path in SOURCE.rglob("*.py")}
    users = {str(path.relative_to(SOURCE)) for path, text in texts.items() if "sim.engagement" in text}
    assert users == {"study/following.py"}


def test_a_serving_centre_never_loads_it():
    program = "import sys, tocsin.app.serving; print([m for m in sys.modules if 'engagement' in m or '.study' in m])"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
    canary = program.replace("tocsin.app.serving", "tocsin.study.following")
    assert "engagement" in subprocess.run([sys.executable, "-c", canary], capture_output=True, text=True).stdout


def test_no_statement_speaks_of_it():
    words = ("engage", "intercept", "weapon", "authority_before", "double")
    fields = {name for record in bodies.KINDS.values() for name in record.__struct_fields__}
    assert not [name for name in (*fields, *(kind for kind, _ in bodies.KINDS)) if any(w in name for w in words)]
