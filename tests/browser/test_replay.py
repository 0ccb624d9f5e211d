"""A replay in real Chromium from a plain static server: marked, played by keyboard, nothing to sign, damage told."""

import threading
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest
from playwright.sync_api import expect

from browser import axe, boards, chrome
from tocsin.app import replaying
from tocsin.console.replay import nobody, patch
from tocsin.console.routes.guard import POLICY

STEP_S, FRAMES = 2.0, 30


class Files(SimpleHTTPRequestHandler):
    """Python's own static server: no header of ours, nothing unpacked on the way."""

    def log_message(self, format, *args):  # noqa: A002 - its name there
        self.server.asked.append(self.path)


def frame(party, index):
    """The crisis as a party sees it, `index` looks later; after twenty it is signed by both."""
    both = ("east", "west")
    board = boards.andoya(party)
    t_us = boards.tai(boards.NOW_S) + round(index * STEP_S * 1e6)
    later = msgspec.structs.replace(
        board, me=nobody(), tracks=boards.tracks(40, index), proposals=(
            boards.proposal(both, "signed", both, False) if index >= 20 else board.proposals[0],
        ),
    )  # fmt: skip
    now = {"replay": True, "t_tai_us": t_us, "utc": boards.utc(boards.NOW_S + index * STEP_S), "feed": ()}
    return t_us, msgspec.to_builtins(boards.with_head(later, **now))


def console(out, party, first, frames):
    """A party's line of the list, its files written: two parts, the second with the signed finding."""
    parts = []
    for number in (0, 1):
        made, before = [], None
        for index in range(number * frames // 2, (number + 1) * frames // 2):
            t_us, board = frame(party, index)
            made.append({"t": t_us, "set": patch(before, board)})
            before = board
        data = msgspec.json.encode({"format": "tocsin-replay-part", "version": 1, "frames": made})
        parts.append({**replaying.kept(out, f"boards/{party}/{number}.frames", data), "from_tai_us": made[0]["t"]})
    charts = {"tracks": {}, "judged": {}}
    return {
        "party": party, "parts": parts, "marks": [{"t": first + 40_000_000, "party": "east", "kind": "vote"}],
        "charts": replaying.kept(out, f"boards/{party}/charts.frames", msgspec.json.encode(charts)),
        "statements": replaying.kept(out, f"boards/{party}/statements.frames", b'{"statements":{}}'),
    }  # fmt: skip


@dataclass
class Site:
    out: object
    url: str
    asked: list


@pytest.fixture
def site(tmp_path):
    first, last = frame("west", 0)[0], frame("west", FRAMES - 1)[0]
    run = {
        "name": "play", "verdict": "Verified.", "begins_tai_us": first, "ends_tai_us": last,
        "begins_utc": boards.utc(boards.NOW_S), "step_s": STEP_S, "logs": [],
        "consoles": [console(tmp_path, party, first, FRAMES) for party in ("east", "west")],
    }  # fmt: skip
    replaying.publish(tmp_path, "A case", [run])
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=str(tmp_path)))
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Site(tmp_path, f"http://localhost:{server.server_port}/", server.asked)
    server.shutdown()
    server.server_close()


def test_a_run_plays_back_marked_and_by_keyboard_and_nothing_can_be_signed(browser, site):
    page = chrome.new_page(browser)
    page.goto(f"{site.url}#play/west/0")
    expect(page.locator("header .plate")).to_contain_text("REPLAY")
    foot = page.get_by_role("contentinfo")
    expect(foot).to_contain_text("nothing can be signed")
    assert page.title().startswith("(!) REPLAY") or page.title().startswith("REPLAY")
    assert page.locator(".frame.replay").count() >= 1
    expect(foot.locator("time")).to_have_text("06:29:00Z")
    page.keyboard.press("l")
    expect(foot.locator("time")).to_have_text("06:29:10Z")
    page.keyboard.press("4")
    assert page.locator("#panel button.primary:enabled").count() == 0
    for name in ("Log in", "Log out"):
        assert page.get_by_role("button", name=name).count() == 0
    page.keyboard.press(";")
    expect(page.locator("#panel")).to_contain_text("JOINTLY SIGNED")
    expect(foot.locator("time")).to_have_text("06:29:40Z")
    page.keyboard.press("v")
    expect(page.locator("header .party")).to_contain_text("EAST")
    page.keyboard.press("j")
    expect(foot.locator("time")).to_have_text("06:29:30Z")
    page.keyboard.press("k")
    expect(foot.get_by_role("button", name="Stop")).to_be_visible()
    expect(foot.locator("time")).to_have_text("06:29:58Z", timeout=10_000)  # to its end, where it stops by itself
    expect(foot.get_by_role("button", name="Play back")).to_be_visible()
    assert page.troubles == []
    assert not any("api/" in path for path in site.asked)
    page.context.close()


def test_no_fault_of_access_in_light_and_russian(browser, site):
    page = chrome.new_page(browser, theme="light", language="ru")
    page.goto(f"{site.url}#play/east/10")
    expect(page.get_by_role("contentinfo")).to_contain_text("ПОВТОР")
    expect(page.get_by_role("grid")).to_be_visible()
    assert axe.violations(page) == []
    assert page.troubles == []
    page.context.close()


def test_what_is_damaged_or_half_there_is_told_and_the_rest_plays(browser, site):
    part = site.out / "boards/west/1.frames"
    whole = part.read_bytes()
    part.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    page = chrome.new_page(browser)
    page.goto(f"{site.url}#play/west/58")
    alert = page.locator(".cover[role=alert]")
    expect(alert).to_contain_text("its hash is not the one in the list")
    expect(alert).to_contain_text("boards/west/1.frames")
    part.write_bytes(whole[: len(whole) // 2])
    alert.get_by_role("button", name="Try again").click()
    expect(alert).to_contain_text("came only in part")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(alert).to_have_count(0)
    expect(page.get_by_role("grid")).to_be_visible()
    (site.out / "replay.json").write_bytes(b'{"format": "tocsin-re')
    page.reload()
    expect(page.locator("main [role=alert]")).to_contain_text("replay.json")
    page.context.close()


def test_the_page_carries_the_policy_that_the_server_would_send():
    rules = {rule.strip() for rule in POLICY.split(";")} - {"frame-ancestors 'none'", "form-action 'self'"}
    text = (replaying.PAGES / "replay.html").read_text()
    meta = text.split('http-equiv="Content-Security-Policy" content="')[1].split('"')[0]
    assert {rule.strip() for rule in meta.split(";")} == rules | {"form-action 'none'"}
