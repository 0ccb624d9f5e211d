"""Headers, hosts, CSRF, sessions and what they never tell."""

import pytest

from tocsin.console.app import console
from tocsin.console.settings import ConsoleSettings
from tocsin.errors import Refusal

from .desk import BASE, House, house

__all__ = ["house"]


def problem(answer):
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["type"].removeprefix("urn:tocsin:problem:")


@pytest.mark.parametrize("path", ["/", f"{BASE}/session", f"{BASE}/board", "/nothing", f"{BASE}/openapi.json"])
def test_every_answer_is_dressed(house, path):
    given = house.browser().get(path).headers
    policy = given["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy and "require-trusted-types-for 'script'" in policy
    assert "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy
    assert given["x-content-type-options"] == "nosniff" and given["referrer-policy"] == "no-referrer"
    assert given["cross-origin-opener-policy"] == given["cross-origin-resource-policy"] == "same-origin"
    assert "server" not in given


def test_other_host_names_are_not_answered(house):
    assert problem(house.browser(host="evil.example").get("session")) == (421, "wrong-host")
    assert problem(house.browser(host="localhost.evil.example:8401").get("session")) == (421, "wrong-host")
    assert house.browser(host="127.0.0.1:8401").get("session").status_code == 200


def test_pages_of_other_sites_change_nothing(house):
    for headers in ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        answer = house.browser(**headers).ask("POST", "session/begin", json={"name": "Anna"})
        assert problem(answer) == (403, "cross-site")


def test_nobody_reads_without_logging_in(house):
    stranger = house.browser()
    for path in ("board", "events", "tracks", "statements", "requests", "bundle", "logs"):
        assert problem(stranger.get(path)) == (401, "not-logged-in")


def test_acts_need_the_sessions_token(house):
    anna = house.browser()
    anna.log_in("Anna")
    assert problem(anna.post("actions/note", {"text": "x"}, **{"X-Tocsin-CSRF": "guess"})) == (403, "csrf")
    other = house.browser()
    other.log_in("Boris")
    assert problem(anna.post("actions/note", {"text": "x"}, **{"X-Tocsin-CSRF": other.csrf})) == (403, "csrf")
    assert not house.said("note")


def test_the_cookie_is_for_this_site_and_not_for_scripts(house):
    answer = house.browser().log_in("Anna")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and cookie.startswith("tocsin-west-")
    assert "anna" not in cookie


def test_a_token_cannot_be_fixed_beforehand(house):
    victim = house.browser()
    victim.jar.set(house.app.door.cookie, "chosen-by-somebody-else")
    victim.log_in("Anna")
    thief = house.browser()
    thief.jar.set(house.app.door.cookie, "chosen-by-somebody-else")
    assert problem(thief.get("board")) == (401, "not-logged-in")


def test_logging_in_again_ends_the_session_before(house):
    anna = house.browser()
    anna.log_in("Anna")
    before = dict(anna.jar.items())
    anna.log_in("Anna")
    old = house.browser()
    old.jar.update(before)
    assert anna.get("board").status_code == 200 and old.get("board").status_code == 401


def test_sessions_end_by_idleness_and_by_age_and_it_is_on_record(house):
    anna = house.browser()
    anna.log_in("Anna")
    house.wall += 14 * 60
    assert anna.get("board").status_code == 200
    house.wall += 16 * 60
    assert problem(anna.get("board")) == (401, "not-logged-in")
    anna.log_in("Anna")
    for _ in range(60):
        house.wall += 14 * 60
        last = anna.get("board").status_code
    assert last == 401  # twelve hours are the end, however busy
    steps = [one.body.action for one in house.said("desk-session")]
    assert steps.count("begin") == 2 and steps.count("expired") == 2


def test_tickets_are_answered_once_and_run_out(house):
    anna = house.browser()
    ticket = anna.ask("POST", "session/begin", json={"name": "Anna"}).json()["ticket"]
    assert anna.ask("POST", "session/finish", json={"ticket": ticket}).status_code == 200
    assert anna.ask("POST", "session/finish", json={"ticket": ticket}).status_code == 401
    late = anna.ask("POST", "session/begin", json={"name": "Anna"}).json()["ticket"]
    house.wall += 181
    assert anna.ask("POST", "session/finish", json={"ticket": late}).status_code == 401


def test_too_much_is_refused_with_a_time():
    house = House(acts_per_s=0.5, acts_burst=3.0)
    anna = house.browser()
    anna.log_in("Anna")
    answers = [anna.act("note", {"text": "again"}) for _ in range(5)]
    assert [one.status_code for one in answers] == [201] * 3 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) >= 1
    house.wall += 10
    assert anna.act("note", {"text": "later"}).status_code == 201


def test_large_bodies_are_cut_off(house):
    anna = house.browser()
    anna.log_in("Anna")
    assert problem(anna.act("note", {"text": "x" * 300_000})) == (413, "too-large")


def test_development_is_refused_in_mode_live(house):
    class Live(type(house.host)):
        def play(self):
            from dataclasses import replace

            return replace(super().play(), mode="live")

    host = Live(house.centre, house.host.desk, "live")
    with pytest.raises(Refusal, match="passkeys alone"):
        console(host, ConsoleSettings(development=True))


def test_without_development_a_name_alone_opens_nothing():
    house = House(development=False)
    anna = house.browser()
    assert anna.log_in("Anna").status_code == 403
    assert anna.get("session").json()["logins"] == ["passkey"]
    assert anna.get("session").json()["names"] == []


def test_only_files_of_the_pages_are_served(house):
    for path in ("/../pyproject.toml", "/..%2f..%2fsettings.py", "/assets/../../app.py", "//etc/passwd"):
        assert house.browser().get(path).status_code == 404


def test_hostile_text_is_data(house):
    anna = house.browser()
    anna.log_in("Anna")
    nasty = "<script>alert(1)</script>\u202e\n\ndata: {}\n\nevent: head"
    assert anna.act("note", {"text": nasty}).status_code == 201
    answer = anna.get("board")
    assert answer.headers["content-type"] == "application/json"
    assert any(one["text"] == nasty for one in answer.json()["talk"])
    frame = house.app.door.hub._feed.encode("talk")
    assert b"\n" not in frame  # one line, so no event can be made from text
