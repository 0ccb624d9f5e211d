"""Judgements in a played case: each side binds its own before it can read the other's, and both then show them."""

import pytest
import short_case

from tocsin import regime as regimes
from tocsin.assess.sealed import comparable, seals, spread
from tocsin.node import council, hearing, queries
from tocsin.node.desk import Desk
from tocsin.sim.play import play


@pytest.fixture(scope="module")
def played():
    return play(short_case.case(), regimes.load(regimes.shipped("connected"), "connected"), 7, hybrid=False)


def shared(centre):
    return queries.shared_entries(centre)


def test_both_sides_sealed_then_opened_and_neither_leant_on_the_other(played):
    centre = played.centres["west"]
    found = seals(shared(centre), centre.now_tai_ns)
    assert {one.state for one in found} == {"opened"}
    event = found[0].event
    both = comparable(found, {event, *queries.national_picture(centre).track(event).aliases})
    assert len(both) == 2
    width = spread(both)
    assert width.independent
    assert all(one.judgement.officer.startswith("officer of the watch") for one in both)


def test_every_centre_finds_the_same(played):
    found = [seals(shared(centre), centre.now_tai_ns) for centre in played.centres.values()]
    assert found[0] == found[1]


def test_no_judgement_is_readable_before_its_opening(played):
    """Until then the shared log holds the seal alone; the judgement and its salt wait in the own log."""
    for name, centre in played.centres.items():
        origin = centre.config.origin
        kinds = [said.kind for said in centre.said if said.entry.origin == origin]
        assert kinds.index("sealed-judgement") < kinds.index("opened-judgement")
        if "assessment" in kinds:
            assert kinds.index("opened-judgement") < kinds.index("assessment")
        at_home = [said.kind for said in centre.said if said.entry.origin == centre.origins["own"]]
        assert {"assessment", "opened-judgement"} <= set(at_home)
        other = played.centres["east" if name == "west" else "west"]
        assert queries.latest_assessment(other, name, {said.body.event for said in centre.said if said.kind in kinds
                                                       and said.kind == "sealed-judgement"}) is not None  # fmt: skip


def test_tracks_did_not_wait(played):
    """Sensor data are never held back for a judgement: tracks crossed before the first seal."""
    for centre in played.centres.values():
        first = min(said.logged_tai_ns for said in centre.said if said.kind == "sealed-judgement")
        assert min(mark.logged_tai_ns for mark in centre.marks) < first


def test_a_partners_tracks_are_held_against_own_sensors_and_become_a_question(played):
    """Private until an officer asks: then every odd finding can open a case."""
    east = played.centres["east"]
    found, checks = hearing.held_against(east, "west")
    assert {one.sensor for one in checks} <= {"radar-b"}
    assert len(found) + len(checks) > 0
    odd = hearing.worth_asking(found, checks)
    for event, words in odd:
        council.ask(east, ["west"], words, "B", event=event)
    assert len(hearing.docket(east)) == len(odd)
    assert dict(hearing.counts(east, Desk(east)).sensors).keys() == {"radar-b"}
    assert "radar-b: Moon" in hearing.sky(east)[0].words
