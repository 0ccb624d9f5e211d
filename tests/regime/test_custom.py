"""The examples of custom regimes: sound files in which any number of parties have equal rights."""

import pytest

from tocsin.regime import CUSTOM, load, required, shipped

REGIMES = {name: load(shipped(name), f"{name}.toml") for name in CUSTOM}


@pytest.mark.parametrize("name", CUSTOM)
@pytest.mark.parametrize("parties", [("a", "b", "c"), ("a", "b", "c", "d", "e")])
def test_every_party_signs_and_none_is_named(name, parties):
    regime = REGIMES[name]
    assert regime.name == name
    assert required(regime, parties) == parties
    assert not regime.terms.sectors
    assert not regime.terms.release_groups


@pytest.mark.parametrize("name", CUSTOM)
def test_planning_scope_reserved_action_and_suspension_are_written_down(name):
    terms = REGIMES[name].terms
    assert terms.planning
    assert terms.scope is not None
    assert terms.decides.measures is not None
    assert terms.rights.reserved
    assert {"standing", "resume"} <= {*terms.reassurance, *terms.decides.measures.kinds}
    assert any(source.mark == "[I]" for source in terms.sources)
