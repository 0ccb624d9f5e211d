"""Whole centres with officers: requests wait for hands, and suspension leaves the reassurance channel alive."""

from dataclasses import replace

import msgspec
import pytest

from tocsin.errors import BadEvidence, Refusal
from tocsin.node import commands, judging, queries
from tocsin.node.custody.staffed import AwaitsOfficers
from tocsin.node.export import log_files
from tocsin.release import Draft, Released
from tocsin.wire import bodies
from tocsin.wire.custody import SigningRule

from .officers import ANNA, BORIS, CARLA
from .pairs import NS, Pair

AREA = bodies.Circle(latitude_deg=69.0, longitude_deg=16.0, radius_km=10.0)


def standing(pair, action, officer="Anna"):
    body = bodies.Standing(
        action=action, effective_tai_us=pair.clock.t_tai_ns // 1_000, because="talks broke off", officer=officer
    )
    return Draft(body=body, observed_tai_ns=pair.clock.t_tai_ns)


def denial(pair):
    now_us = pair.clock.t_tai_ns // 1_000
    window = bodies.Window(start_tai_us=now_us - 1, end_tai_us=now_us)
    body = bodies.NegativeStatement(area=AREA, window=window)
    return Draft(body=body, observed_tai_ns=pair.clock.t_tai_ns)


def notice(pair, serial):
    body = bodies.Notification(
        identifier=f"PLN/XW/2026/001/{serial:03d}/01", format="pre-launch", addressee="all parties"
    )
    return Draft(body=body, observed_tai_ns=pair.clock.t_tai_ns)


def shared(outcome):
    return isinstance(outcome, Released) and outcome.group == "shared"


def heard(pair, name, kind):
    """Statements of a kind in the partner's log as `name` holds it."""
    centre = pair.centres[name]
    return [said for said in centre.said if said.kind == kind and said.party != name]


def test_anchors_and_rosters_enter_both_logs():
    pair = Pair()
    for name, centre in pair.centres.items():
        kinds = [said.kind for said in centre.said if said.party == name]
        assert kinds[:3] == ["agreement", "anchors", "roster"]
        assert not centre.registry.refused and set(centre.registry.rosters) == {"east", "west"}
        assert "policy" in log_files(centre, "shared")


def test_suspension_keeps_the_reassurance_channel():
    pair = Pair()
    west, east = pair.centres["west"], pair.centres["east"]
    assert shared(west.publish(notice(pair, 1)))
    west.publish(standing(pair, "suspend"))
    pair.turn(2)
    assert west.suspended and east.suspended  # one party's step suspends it for all
    for serial, centre in enumerate((west, east), 2):
        assert not shared(centre.publish(notice(pair, serial)))
        assert shared(centre.publish(denial(pair)))
    beats = east.mirrors["west"].size
    pair.turn(12)
    assert east.mirrors["west"].size >= beats + 2 and not east.silent()
    assert len(heard(pair, "east", "negative-statement")) == len(heard(pair, "west", "negative-statement")) == 1
    west.publish(standing(pair, "resume"))
    pair.turn(2)
    assert not west.suspended and not east.suspended
    assert shared(east.publish(notice(pair, 4)))


def test_withdrawal_is_final_and_still_reassures():
    pair = Pair()
    west, east = pair.centres["west"], pair.centres["east"]
    for action in ("withdraw", "resume"):
        west.publish(standing(pair, action))
        pair.turn(2)
        assert west.suspended and east.suspended
    assert shared(east.publish(denial(pair)))


def test_a_step_counts_from_its_effective_time():
    pair = Pair()
    west = pair.centres["west"]
    later = bodies.Standing(
        action="suspend", effective_tai_us=(pair.clock.t_tai_ns + 60 * NS) // 1_000, because="as agreed", officer="Anna"
    )
    west.publish(Draft(body=later, observed_tai_ns=pair.clock.t_tai_ns))
    assert not west.suspended
    pair.turn(61)
    assert west.suspended


def test_a_request_waits_for_its_officers():
    pair = Pair(tokens=False)
    west = pair.centres["west"]
    before = west.books["shared"].next_index
    with pytest.raises(AwaitsOfficers) as waiting:
        west.publish(standing(pair, "suspend"))
    assert west.books["shared"].next_index == before and not west.suspended
    request = west.requests[waiting.value.request]
    (wrong,) = BORIS.sign(pair.centres["east"].requests.get("", request).statement, "duty-officer")
    stranger = CARLA.sign(request.statement, "watch-officer")[0]
    with pytest.raises(BadEvidence, match="not the signature of an officer"):
        west.sign(request.name, stranger)
    (good,) = ANNA.sign(request.statement, "watch-officer")
    assert west.sign(request.name, good).group == "shared"
    assert west.suspended and not west.requests
    with pytest.raises(Refusal, match="not open here"):
        west.sign(request.name, wrong)


def test_a_judgement_that_officers_sign_is_sealed_then_and_opened_to_the_partner():
    pair = Pair(tokens=False)
    west = pair.centres["west"]
    held = west.registry.rosters["west"]
    rules = (SigningRule(kind="assessment", officers=1), SigningRule(kind="vote", officers=2))
    held[-1] = replace(held[-1], roster=msgspec.structs.replace(held[-1].roster, rules=rules))
    why = bodies.Explanation(what="known-object", probability=0.9)
    body = bodies.Assessment(
        event="J-00000001", site_report="valid", confidence="low", explanations=(why,), officer="Anna"
    )
    with pytest.raises(AwaitsOfficers) as waiting:
        commands.assess(west, body)
    assert judging.own_seals(west) == ()
    request = west.requests[waiting.value.request]
    assert west.sign(request.name, ANNA.sign(request.statement, "watch-officer")[0]).group == "shared"
    assert [one.state for one in judging.own_seals(west)] == ["sealed"]
    pair.turn(2)
    assert heard(pair, "east", "sealed-judgement") and not heard(pair, "east", "opened-judgement")
    pair.turn(40)
    assert queries.latest_assessment(pair.centres["east"], "west", {"J-00000001"}) == body


def test_an_unsigned_step_suspends_nobody():
    """A centre that logs a step without its officers is heard, and not believed."""
    pair = Pair(tokens=False)
    west, east = pair.centres["west"], pair.centres["east"]
    super(type(west), west).publish(standing(pair, "suspend"))
    pair.turn(2)
    assert heard(pair, "east", "standing") and not east.suspended and not west.suspended
