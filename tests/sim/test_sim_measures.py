"""Joint measures through complete centres: what is adopted takes effect in every log, what one closes in none."""

import itertools

import pytest
import short_case

from tocsin import regime as regimes
from tocsin.node import queries
from tocsin.node.record import read
from tocsin.sim.engagement import KIND, exercised_response
from tocsin.sim.errors import ScenarioError
from tocsin.sim.play import play
from tocsin.sim.scenario import convert
from tocsin.wire.bodies import Agreement, Tracklet

QUICK = {"acknowledge_s": 20.0, "judge_s": 10.0, "convene_s": 10.0, "sign_s": 15.0, "measure_s": 10.0}
SWAP = {"west": "east", "east": "west"}


def asked(kind, at_s=0.0, by="west", **more):
    measure = {"kind": kind, "effective_s": 60.0} | more
    return {"at_s": at_s, "by": by, "does": "propose", "text": "for the test", "measure": measure}


def played(*happenings, members=(), ends_s=140.0, regime="connected", names=None):
    table = short_case.raw(ends_s=ends_s, happening=list(happenings))
    for party in table["party"]:
        party["officers"] = dict(QUICK)
        party["sensor"][0]["period_s"] = 4.0
    table["party"][1]["officers"]["member"] = list(members)
    if names:
        table = short_case.renamed(table, names)
        table["happening"] = [one | {"by": names[one["by"]]} for one in table["happening"]]
    return play(convert(table, "short"), regimes.load(regimes.shipped(regime), regime), 7, hybrid=False)


def outcomes(run):
    return {name: [v.decision.status for v in queries.measures(centre)] for name, centre in sorted(run.centres.items())}


def told_at(run, party):
    """Seconds after launch of the tracklets in a party's shared log."""
    gate = run.centres[party].books["shared"].gate
    bodies = [read(party, entry).body for entry in gate.entries(0, gate.size)]
    return sorted((body.t_tai_us * 1_000 - run.launch_tai_ns) / 1e9 for body in bodies if isinstance(body, Tracklet))


def test_an_adopted_amendment_changes_the_hash_of_both_logs_at_its_time():
    run = played(asked("amend", amend="joint"))
    assert outcomes(run) == {"east": ["ADOPTED"], "west": ["ADOPTED"]}
    joint = regimes.load(regimes.shipped("joint"), "joint").sha256
    for name, centre in run.centres.items():
        assert centre.config.regime.sha256 == joint
        said = [s for s in centre.said if s.party == name and s.entry.origin == centre.config.origin]
        changes = [s for s in said if isinstance(s.body, Agreement)]
        assert [s.statement.regime for s in changes] == [centre.first_regime.sha256, joint]
        assert (changes[1].logged_tai_ns - run.launch_tai_ns) / 1e9 == pytest.approx(60.0, abs=1.5)
        later = [s.statement.regime for s in said if s.entry.index > changes[1].entry.index]
        assert set(later) <= {joint}
    texts = {name: [s.body.regime_text for s in c.said if s.party == name and isinstance(s.body, Agreement)]
             for name, c in run.centres.items()}  # fmt: skip
    hashes = {n: [regimes.load(text.encode(), n).sha256 for text in held] for n, held in texts.items()}
    assert regimes.in_force(hashes) == joint


def test_a_joint_suspension_stops_tracks_for_both_and_a_joint_resumption_starts_them():
    halt, go = asked("suspend", at_s=60.0, effective_s=110.0), asked("resume", at_s=115.0, by="east", effective_s=150.0)
    run = played(halt, go, ends_s=190.0)
    assert outcomes(run) == {"east": ["ADOPTED", "ADOPTED"], "west": ["ADOPTED", "ADOPTED"]}
    for name, centre in run.centres.items():
        assert not centre.suspended
        times = told_at(run, name)
        assert not [t for t in times if 112.0 < t < 149.0]
        assert times[0] < 112.0 and times[-1] > 149.0


def test_a_resumption_of_all_ends_what_one_party_suspended():
    alone = {"at_s": 0.0, "by": "east", "does": "suspend", "text": "talks broke off"}
    assert all(centre.suspended for centre in played(alone).centres.values())
    run = played(alone, asked("resume", at_s=10.0))
    assert outcomes(run) == {"east": ["ADOPTED"], "west": ["ADOPTED"]}
    assert not any(centre.suspended for centre in run.centres.values())


def test_share_more_lets_kinds_out_while_it_runs_and_no_longer():
    run = played(asked("share-more", share=["conference", "site-check"], every_s=2.0, until_s=120.0), ends_s=150.0)
    assert outcomes(run) == {"east": ["ADOPTED"], "west": ["ADOPTED"]}
    plain = played(ends_s=150.0)
    more, usual = (told_at(r, "west") for r in (run, plain))
    assert len([t for t in more if 60.0 < t < 120.0]) > len([t for t in usual if 60.0 < t < 120.0])
    centre = run.centres["west"]
    assert centre.standings.more(centre).kinds == frozenset(), "over by now"


@pytest.mark.parametrize("kind", ["amend", "suspend"])
def test_what_a_member_does_not_consent_to_is_closed_for_all(kind):
    member = {"name": "northland", "consult_s": 5.0, "caveats": [kind]}
    run = played(asked(kind, **({"amend": "joint"} if kind == "amend" else {})), members=[member])
    assert outcomes(run) == {"east": ["CLOSED"], "west": ["CLOSED"]}
    assert not any(centre.suspended for centre in run.centres.values())
    assert {centre.config.regime.name for centre in run.centres.values()} == {"connected"}


def test_a_slow_consensus_misses_the_deadline_and_nothing_takes_effect():
    run = played(asked("suspend", effective_s=40.0), members=[{"name": "farland", "consult_s": 300.0}])
    assert "ADOPTED" not in {status for found in outcomes(run).values() for status in found}
    assert not any(centre.suspended for centre in run.centres.values())


@pytest.mark.parametrize("happening", [asked("suspend"), asked("amend", amend="joint")])
def test_exchanging_the_parties_exchanges_the_outcome(happening):
    there, back = played(happening), played(happening, names=SWAP)
    assert {name: there.centres[name].suspended for name in SWAP} == {
        SWAP[name]: back.centres[name].suspended for name in SWAP
    }
    assert outcomes(there) == {SWAP[name]: found for name, found in outcomes(back).items()}


def test_a_regime_without_measures_refuses_and_the_play_goes_on():
    run = played(asked("suspend"), regime="notify")
    assert outcomes(run) == {"east": [], "west": []}
    assert any("measures" in why for _, _, why in run.centres["west"].ports.private.withheld_notes)


@pytest.mark.parametrize(
    ("happening", "field"),
    [
        ({"at_s": 0.0, "by": "west", "does": "propose", "text": "x"}, "measure"),
        (asked("amend", amend="joined"), "measure.amend"),
        (asked("share-more", share=["orbit"]), "until_s"),
        (asked("share-more", until_s=90.0), "measure.share"),
        (asked("surrender"), "kind"),
    ],
)
def test_a_wrong_measure_in_a_file_names_its_field(happening, field):
    with pytest.raises(ScenarioError, match=field):
        short_case.case(happening=[happening])


def test_exercised_responses_follow_the_rules_of_votes():
    three = ("north", "south", "sea")
    assert exercised_response("x", three, dict.fromkeys(three, 10.0), 60.0, 0.04) == "ADOPTED"
    assert exercised_response("x", three, {"north": 10.0, "sea": 10.0}, 60.0, 0.04) == "PENDING"
    late = {"north": 10.0, "south": 59.99, "sea": 10.0}
    assert exercised_response("x", three, late, 60.0, 0.04) == "PENDING"
    for names in itertools.permutations(three):
        assert exercised_response("x", names, late, 61.0, 0.04) == "ADOPTED"
    assert KIND == "exercise-response"
