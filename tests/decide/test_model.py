"""The vote model, reduced, over the product's own decide (the whole: make model)."""

import importlib.util
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SOURCE = Path(__file__).parents[2] / "campaigns" / "vote_model.py"


@pytest.fixture(scope="module")
def model():
    spec = importlib.util.spec_from_file_location("vote_model", SOURCE)
    module = importlib.util.module_from_spec(spec)
    sys.modules["vote_model"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["vote_model"]


def test_no_history_shows_adopted_and_closed(model):
    found = model.search(model.PROTOCOL, model.REDUCED)
    assert found.contradiction is None
    assert found.states > 40_000  # a search that stops early proves nothing
    assert {("ADOPTED", "ADOPTED"), ("CLOSED", "CLOSED")} <= found.reached


@pytest.mark.parametrize("name", ["naive", "claimed", "nofloor", "unstored"])
def test_canary_is_caught(model, name):
    rule = next(rule for rule in model.CANARIES if rule.name == name)
    assert model.search(rule, model.REDUCED).contradiction is not None
