"""After-action report, seminar kit and editor: from a played game, and from hostile or broken text."""

import pytest
from game_table import lay, short_case

from tocsin import regime as regimes
from tocsin.exercise.editor import check
from tocsin.exercise.kit import kit_html
from tocsin.exercise.review import review
from tocsin.exercise.review_page import review_html
from tocsin.node.adapters.tokens import new_token
from tocsin.sim.scenario import shipped, shipped_bytes
from tocsin.study.compare import run_one

HOSTILE = "<script>alert(1)</script>"


@pytest.mark.slow
def test_after_action_report_of_a_played_game(tmp_path):
    table = lay(tmp_path)
    game = table.game
    game.pace("director", speed=60.0, paused=False)
    table.run_to(-19.0)
    game.act("east", lambda: game.seats["east"].enrol(new_token(HOSTILE, ("watch-officer",)).officer))
    game.note("director", HOSTILE)
    table.run_to(1e9)
    for consent, named in ((True, True), (False, False)):
        found = review(game, table.measurer, table.follower, consent=consent)
        page = review_html(found, "all logs verified")
        assert "EXERCISE EXERCISE EXERCISE" in page
        assert HOSTILE not in page
        assert ("officer 1 of east" in page) is not named
    assert [run.regime for run in found.comparison.runs] == ["joint, as played", "joint, by script"]
    assert {act.kind for act in found.acts} >= {"notification", "assessment"}


@pytest.mark.slow
def test_kit_has_cards_for_every_party_and_tells_no_outcome_to_players():
    case = short_case()
    regime = regimes.load(regimes.shipped("joint"), "joint")
    run, _ = run_one(case, regime, 7, hybrid=False)
    page = kit_html(case, regime, run)
    assert page.count("watch officer") >= 2
    handed = page[page.index('id="situation"') : page.index('id="paper"')]
    assert "Black Brant" not in handed
    assert "research rocket climbs" not in handed


@pytest.mark.parametrize("name", shipped()[:3])
def test_shipped_cases_pass_the_editor(name):
    found = check(shipped_bytes(name).decode())
    assert found.ok, found.problems
    assert found.name == name
    assert all(len(one.path) > 10 for one in found.flights)


@pytest.mark.parametrize(
    ("change", "field", "line"),
    [
        (('launch = "1995', 'launch = "19x5'), "launch", True),
        (("begins_s = -600.0", 'begins_s = "soon"'), "begins_s", True),
        (('name = "andoya-1995"', 'name = "andoya-1995'), None, True),
        (("[flight.steering]", "[flight.stearing]"), None, False),
    ],
)
def test_a_wrong_scenario_is_told_with_its_place(change, field, line):
    found = check(shipped_bytes("andoya-1995").decode().replace(*change, 1))
    assert not found.ok
    (problem,) = found.problems
    assert problem.words
    assert field is None or problem.field == field
    assert (problem.line is not None) or not line


def test_a_file_that_is_too_large_is_refused():
    assert "bytes" in check("#" * 300_000).problems[0].words


def test_a_date_that_does_not_exist_is_told_with_its_field():
    found = check(shipped_bytes("andoya-1995").decode().replace("1995-01-25T06", "1995-13-25T06", 1))
    (problem,) = found.problems
    assert problem.field == "launch"
    assert problem.line
