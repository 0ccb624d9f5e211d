"""The director's server: who may in, what may be done, and what a hostile page is answered."""

import asyncio

import httpx
import pytest
from game_table import Table, lay

from tocsin.exercise.directing import Desk, directing
from tocsin.sim.scenario import shipped_bytes

ROOT = "/director/api/v1"


class Page:
    """A browser at the director's page."""

    def __init__(self, table: Table, folder) -> None:
        reports = folder / "report"
        reports.mkdir()
        scenarios = folder / "scenarios"
        scenarios.mkdir()
        self.table, self.reports, self.scenarios = table, reports, scenarios
        self.desk = Desk(table.game, {"west": "http://localhost:1/"}, scenarios, reports)
        transport = httpx.ASGITransport(directing(self.desk))
        self._client = httpx.AsyncClient(transport=transport, base_url="http://localhost")
        self.csrf = ""

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        given = {"x-tocsin-csrf": self.csrf, **headers} if self.csrf else headers
        return asyncio.run(self._client.request(method, path, json=body, headers=given))

    def enter(self) -> "Page":
        ticket = self.ask("POST", "/api/v1/session/begin", {"name": "director"}).json()["ticket"]
        self.csrf = self.ask("POST", "/api/v1/session/finish", {"ticket": ticket}).json()["csrf"]
        return self


@pytest.fixture
def page(tmp_path) -> Page:
    return Page(lay(tmp_path), tmp_path)


def test_nothing_is_shown_or_done_without_a_session_and_its_token(page):
    for method, path in (("GET", "/board"), ("GET", "/events"), ("POST", "/clock"), ("GET", "/parties/west/board")):
        answer = page.ask(method, ROOT + path, {} if method == "POST" else None)
        assert answer.status_code == 401
        assert answer.json()["type"] == "urn:tocsin:problem:not-logged-in"
    assert page.ask("GET", "/director/report/after-action.html").status_code == 401
    page.enter()
    assert page.ask("GET", f"{ROOT}/board").status_code == 200
    page.csrf = "guessed"
    assert page.ask("POST", f"{ROOT}/end", {"text": "x"}).status_code == 403
    assert not page.table.game.state.ended


def test_foreign_hosts_and_sites_are_turned_away(page):
    page.enter()
    assert page.ask("GET", "/", None, host="evil.example").status_code == 421
    assert page.ask("POST", f"{ROOT}/end", {"text": "x"}, origin="http://evil.example").status_code == 403
    found = page.ask("GET", "/")
    assert "require-trusted-types-for 'script'" in found.headers["content-security-policy"]


def test_clock_no_duff_notes_injects_and_seats(page):
    page.enter()
    game = page.table.game
    assert page.ask("POST", f"{ROOT}/clock", {"paused": False, "speed": 10}).status_code == 200
    assert game.running
    assert page.ask("POST", f"{ROOT}/clock", {"speed": 1e9}).status_code == 422
    put = page.ask("POST", f"{ROOT}/injects", {"kind": "cut-link", "between": ["west", "east"], "at_s": 30})
    assert put.status_code == 201
    assert page.ask("DELETE", f"{ROOT}/injects/{put.json()['number']}").status_code == 200
    assert page.ask("DELETE", f"{ROOT}/injects/{put.json()['number']}").status_code == 409
    bad = page.ask("POST", f"{ROOT}/injects", {"kind": "feed-out", "sensor": "no-such"})
    assert bad.status_code == 422
    assert "expected" in bad.json()["detail"]
    assert page.ask("POST", f"{ROOT}/seats/west", {"scripted": False}).status_code == 200
    assert page.ask("POST", f"{ROOT}/seats/nobody", {"scripted": False}).status_code == 409
    assert page.ask("POST", f"{ROOT}/no-duff", {"text": "fire alarm"}).json()["clock"]["no_duff"] == "fire alarm"
    assert page.ask("POST", f"{ROOT}/clock", {"paused": False}).status_code == 409
    page.ask("POST", f"{ROOT}/no-duff", {"text": ""})
    page.ask("POST", f"{ROOT}/notes", {"text": "they hesitate"})
    journal = page.ask("GET", f"{ROOT}/journal?limit=2").json()
    assert len(journal["items"]) == 2
    assert journal["next"] == "1"
    rest = page.ask("GET", f"{ROOT}/journal?after=1").json()["items"]
    assert rest[-1]["text"] == "they hesitate"
    assert all(one["who"] == "director" for one in rest)
    assert page.ask("POST", f"{ROOT}/end", {"text": "enough"}).json()["clock"]["ended"]
    assert page.ask("POST", f"{ROOT}/injects", {"kind": "press", "text": "late"}).status_code == 409


def test_boards_of_the_parties_never_hold_the_truth(page):
    page.enter()
    page.table.game.pace("director", speed=10.0, paused=False)
    page.table.run_to(60.0)
    board = page.ask("GET", f"{ROOT}/board").json()
    assert board["truth"]["objects"][0]["state"] == "flying"
    assert {"party", "scripted", "sentence", "sensors"} <= set(board["seats"][0])
    one = page.ask("GET", f"{ROOT}/parties/west/board")
    assert one.status_code == 200
    assert "object-1" not in one.text
    assert page.ask("GET", f"{ROOT}/parties/north/board").status_code == 404


def test_report_files_and_nothing_else_from_the_folder(page):
    page.enter()
    (page.reports / "after-action.html").write_text("<p>report")
    (page.reports / "secret.key").write_text("x")
    (page.reports.parent / "above.html").write_text("x")
    found = page.ask("GET", "/director/report/after-action.html")
    assert found.text == "<p>report"
    assert "script-src" not in found.headers["content-security-policy"]
    for name in ("secret.key", "..%2fabove.html", "../above.html", "missing.html"):
        assert page.ask("GET", f"/director/report/{name}").status_code == 404
    state = page.ask("GET", f"{ROOT}/report").json()
    assert state["files"] == {"after-action": "/director/report/after-action.html"}


def test_editor_opens_checks_and_saves_the_file_that_the_command_line_reads(page):
    page.enter()
    listed = page.ask("GET", f"{ROOT}/scenarios").json()
    assert any(one["name"] == "andoya-1995" and not one["own"] for one in listed)
    toml = page.ask("GET", f"{ROOT}/scenarios/andoya-1995").json()["toml"]
    assert toml.encode() == shipped_bytes("andoya-1995")
    wrong = page.ask("POST", f"{ROOT}/scenarios/check", {"toml": toml.replace("1995-01-25T", "1995-13-25T")}).json()
    assert not wrong["ok"]
    mine = toml.replace('name = "andoya-1995"', 'name = "mine"', 1)
    assert page.ask("PUT", f"{ROOT}/scenarios/other", {"toml": mine}).status_code == 409
    assert page.ask("PUT", f"{ROOT}/scenarios/mine", {"toml": mine}).json()["ok"]
    assert (page.scenarios / "mine.toml").read_text(encoding="utf-8") == mine
    assert page.ask("GET", f"{ROOT}/scenarios/mine").json()["toml"] == mine
