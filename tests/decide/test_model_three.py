"""Three parties, one of them perhaps a cheat: a part of campaigns.vote_model_three (the whole: make model)."""

import sys
from pathlib import Path

import pytest

ROOT = str(Path(__file__).parents[2])


@pytest.fixture(scope="module")
def model():
    sys.path.insert(0, ROOT)
    try:
        from campaigns import vote_model_three
    finally:
        sys.path.remove(ROOT)
    return vote_model_three


def test_beside_a_cheat_nobody_honest_is_accused_or_parted_without_proof(model):
    states, reached, wrong = model.search(model.PROTOCOL, [model.Strategy(((model.BARE, model.CLOSE),))])
    assert wrong == ""
    assert states > 500  # a search that stops early proves nothing
    assert reached & model.CLOSED


@pytest.mark.parametrize("name", ["nofloor", "any-receipt", "unfiltered", "no-roots"])
def test_canary_is_caught(model, name):
    rule = next(rule for rule in model.CANARIES if rule.name == name)
    assert model.search(rule, [model.strategy_of(rule)])[2]


def test_the_bound_on_states_holds(model):
    with pytest.raises(MemoryError, match="more than 50 states"):
        model.Search(model.PROTOCOL, model.Strategy(((model.YES,),)), most=50).run()
