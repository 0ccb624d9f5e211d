"""Three parties, one of them an alliance, and four with two small states: complete centres, equal rights."""

import pytest

from tocsin import regime as regimes
from tocsin.assess.talk import full_text
from tocsin.node import hearing, queries
from tocsin.sim import scenario as room
from tocsin.study.compare import run_one
from tocsin.wire.talk import ShortCode

pytestmark = pytest.mark.slow


def run(case, regime):
    rules = regimes.load(regimes.shipped(regime), regime)
    return run_one(room.load(room.shipped_bytes(case), case), rules, 1995, hybrid=False)


@pytest.mark.slow
def test_three_parties_find_and_decide_together():
    record, played = run("three-parties", "trilateral")
    assert (record.finding, record.decision) == ("benign", "adopted")
    assert record.pictures_agree
    assert {side.party for side in record.sides if side.explained_s is not None} == {"west", "east", "alliance"}
    votes = {
        said.party: queries.logged_tai_ns(said)
        for said in queries.said_by(played.centres["west"], "vote")
        if said.body.proposal_sha256 == queries.proposals(played.centres["west"])[0].said.entry.sha256
    }
    assert max(votes, key=votes.get) == "alliance", "it signs when its slowest member has consented"
    for centre in played.centres.values():
        assert [view.decision.status for view in queries.measures(centre)] == ["ADOPTED"]
    code = next(s.body for s in played.centres["east"].said if isinstance(s.body, ShortCode))
    held = [said.entry for said in played.centres["east"].said]
    origins = hearing.origins(played.centres["east"]).values()
    assert "наш" in full_text(code, held, origins, "ru")
    assert "ours" in full_text(code, held, origins, "en")


@pytest.mark.slow
def test_a_small_state_without_sensors_is_a_full_party():
    record, played = run("small-states", "small-states")
    assert record.pictures_agree
    fjord = next(side for side in record.sides if side.party == "fjord")
    assert fjord.tracked_s is not None, "it sees by what the others tell"
    assert fjord.log_entries > 0
    for centre in played.centres.values():
        assert len(centre.mirrors) == 3
        assert {view.decision.status for view in queries.proposals(centre)} <= {"ADOPTED"}
