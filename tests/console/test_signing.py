"""Hands: two officers, passkeys over the vote itself, challenge and response, duress, and nothing signed twice."""

import json

from adapters.officers import Authenticator, p256
from tocsin.console.codes import make_card
from tocsin.console.people import Person
from tocsin.node.custody.roster import hands
from tocsin.node.custody.signatures import key_id

from .desk import ANNA, house

__all__ = ["house"]

TEXT = {"event": "J-1", "finding": "unexplained", "text": "nobody knows"}


def proposal(house):
    """East puts something to the vote; its hash."""
    from tocsin.node import commands

    east = house.pair.centres["east"]
    try:
        commands.propose(east, "J-1", "unexplained", "Boris", "nobody knows")
    finally:
        house.pair.turn(2)
    return next(one for one in house.centre.said if one.kind == "proposal").entry.sha256


def waiting(house):
    anna = house.browser()
    anna.log_in("Anna")
    sha256 = proposal(house)
    answer = anna.confirmed("vote", {"proposal": sha256, "choice": "yes"})
    assert answer.status_code == 202, answer.text
    return anna, answer.json()["request"]


def test_two_officers_sign_each_from_his_own_session(house):
    anna, request = waiting(house)
    assert request["officers_needed"] == 2 and request["signed_by"] == []
    place = house.centre.books["shared"].next_index
    assert request["text"].startswith(f"logged as entry {place} of {house.centre.config.origin} or later")
    assert json.loads(request["text"].split("\n", 7)[-1])["choice"] == "yes"
    path = f"requests/{request['name']}/sign"
    first = anna.post(path, {"development": True})
    assert first.status_code == 202 and first.json()["request"]["signed_by"] == ["Anna"]
    again = anna.post(path, {"development": True})
    assert again.status_code == 202 and not house.said("vote")  # one person, one hand
    boris = house.browser()
    boris.log_in("Boris")
    assert [one["name"] for one in boris.get("requests").json()] == [request["name"]]
    done = boris.post(path, {"development": True})
    assert done.status_code == 201 and done.json()["kind"] == "vote"
    (vote,) = house.said("vote")
    assert vote.body.officer == "Anna" and house.app.door.sight.signed_by(vote) == ("Anna", "Boris")


def test_a_double_vote_is_one_vote(house):
    anna = house.browser()
    anna.log_in("Anna")
    sha256 = proposal(house)
    body = {"proposal": sha256, "choice": "yes"}
    digest = anna.act("vote", body).json()["confirm_sha256"]
    body["confirm_sha256"] = digest
    one, two = (anna.act("vote", body, key="the-same-key") for _ in range(2))
    assert one.content == two.content and len(house.centre.requests) == 1
    other = anna.act("vote", {**body, "choice": "close"}, key="the-same-key")
    assert other.status_code == 422 and other.json()["type"].endswith("key-reused")
    three = anna.act("vote", body)  # a page that was loaded again and asks afresh
    assert three.json()["request"]["name"] == one.json()["request"]["name"] and len(house.centre.requests) == 1


def test_a_reload_in_the_middle_of_signing_loses_nothing(house):
    anna, request = waiting(house)
    anna.post(f"requests/{request['name']}/sign", {"development": True})
    fresh = house.browser()
    fresh.log_in("Anna")
    (line,) = fresh.get("board").json()["requests"]
    assert (line["name"], line["signed_by"]) == (request["name"], ["Anna"])


def test_the_text_is_read_before_it_counts(house):
    anna = house.browser()
    anna.log_in("Anna")
    body = {"proposal": proposal(house), "choice": "close"}
    first = anna.act("vote", body)
    assert first.status_code == 409 and body["proposal"] in first.json()["text"]
    wrong = anna.act("vote", {**body, "confirm_sha256": "0" * 64})
    assert wrong.status_code == 409 and not house.centre.requests


def test_roles_are_kept(house):
    olga, sigrid = house.browser(), house.browser()
    olga.log_in("Olga")
    sigrid.log_in("Sigrid")
    assert olga.act("note", {"text": "x"}).status_code == 403
    assert olga.get("board").status_code == 200
    assert sigrid.act("stand", {"action": "suspend", "because": "x"}).status_code == 202
    anna, request = waiting(house)
    assert olga.post(f"requests/{request['name']}/sign", {"development": True}).status_code == 403
    outside = sigrid.post(f"requests/{request['name']}/sign", {"development": True})
    assert outside.status_code == 403 and "roster" in outside.json()["detail"]
    assert anna.act("stand", {"action": "suspend", "because": "x"}).status_code == 403


def carded(house, name):
    printed, cells = make_card(name.encode() * 32)
    house.app.door.people.put(Person(name=name, roles=("watch-officer",), card=cells))
    return printed


def test_challenge_and_response(house):
    printed = carded(house, "Anna")
    anna, request = waiting(house)
    path = f"requests/{request['name']}"
    assert anna.post(f"{path}/sign", {"development": True}).status_code == 403
    cell = anna.post(f"{path}/challenge").json()["cell"]
    wrong = anna.post(f"{path}/sign", {"development": True, "code": "WRONG"})
    assert wrong.status_code == 403 and not house.centre.requests[request["name"]].signatures
    later = anna.post(f"{path}/challenge").json()["cell"]
    assert later != cell  # a cell is asked once
    good = anna.post(f"{path}/sign", {"development": True, "code": printed[later - 1][0].lower()})
    assert good.status_code == 202 and good.json()["request"]["signed_by"] == ["Anna"]
    assert [one.body.outcome for one in house.said("officer-check")] == ["failed", "passed"]


def test_three_wrong_answers_need_a_senior_officer(house):
    carded(house, "Anna")
    anna, request = waiting(house)
    for _ in range(3):
        anna.post(f"requests/{request['name']}/challenge")
        anna.post(f"requests/{request['name']}/sign", {"development": True, "code": "WRONG"})
    assert anna.post(f"requests/{request['name']}/challenge").status_code == 403
    sigrid = house.browser()
    sigrid.log_in("Sigrid")
    assert sigrid.act("clear-alarm", {"officer": "Anna"}).status_code == 201
    assert anna.post(f"requests/{request['name']}/challenge").status_code == 200


def test_a_forced_officer_seems_to_sign_and_does_not(house):
    printed = carded(house, "Anna")
    anna, request = waiting(house)
    path = f"requests/{request['name']}"
    cell = anna.post(f"{path}/challenge").json()["cell"]
    forced = anna.post(f"{path}/sign", {"development": True, "code": printed[cell - 1][1]})
    assert forced.status_code == 202 and forced.json()["request"]["signed_by"] == ["Anna"]
    boris = house.browser()
    boris.log_in("Boris")
    second = boris.post(f"{path}/sign", {"development": True})
    assert second.status_code == 202 and not house.said("vote")
    house.pair.turn(3)
    for browser in (anna, boris):
        board = browser.get("board")
        assert "duress" not in board.text.lower() and board.json()["me"]["alarms"] == []
        own = f"statements?log={house.centre.origins['own']}"
        assert "officer-check" not in browser.get(own).text
        assert browser.get("bundle?own=true").status_code == 403
    for name in ("Sigrid", "Aud"):
        senior = house.browser()
        senior.log_in(name)
        assert "DURESS: Anna" in senior.get("board").json()["me"]["alarms"][0]
    assert not any(one.kind == "officer-check" for one in house.pair.centres["east"].said)


def test_a_passkey_signs_the_vote_itself(house):
    key = Authenticator("Anna", p256("anna's phone"), "webauthn-p256")
    from .passkeys import asserted, enrol

    anna = house.browser()
    badge = enrol(house, anna, "Anna", key)
    assert badge["in_roster"] is False and badge["officer"]["keys"][0]["scheme"] == "webauthn-p256"
    anna, request = waiting(house)
    answer = anna.post(f"requests/{request['name']}/sign", {"assertion": asserted(key, request["challenge"])})
    assert answer.status_code == 422  # that key is not in the roster yet: it signs nothing
    assert not house.centre.requests[request["name"]].signatures


def test_relief_is_signed_where_the_roster_asks_for_it(house):
    anna = house.browser()
    anna.log_in("Anna")
    house.rule("watch")
    name = anna.act("assume-watch", {}).json()["request"]["name"]
    assert anna.get("board").json()["watch"]["holder"] == ""
    assert anna.post(f"requests/{name}/sign", {"development": True}).status_code == 201
    assert anna.get("board").json()["watch"]["holder"] == "Anna"
    statement = house.said("watch")[0].statement
    (hand,) = statement.signatures
    assert hand.key_id == key_id(ANNA.public[0])
    centre = house.centre
    roster = centre.registry.roster_at(centre.config.party, centre.books["shared"].next_index)
    assert set(hands(statement, roster).officers) == {"Anna"}  # bound to its place in the own log, and it stands there
