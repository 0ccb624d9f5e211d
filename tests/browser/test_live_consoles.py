"""What a stranger does first: `make live`. Two real processes with a console each; log in with the local fallback, look
at the own picture, say something over the hot line, see it on the other side's page and have it acknowledged."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import httpx
import pytest
from playwright.sync_api import expect

from browser.chrome import new_page
from browser.rooms import free_ports, left, log_in, panel, said
from tocsin.app.play import load_scenario

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.everything]
STAND_S = 240.0  # keys, pairing and two processes that load everything, on a machine that does other things too
PARTIES = tuple(one.name for one in load_scenario("andoya-1995").party)  # in this order they take their ports
WORDS = "We see one object that climbs from Andøya. Is it yours?"


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    """The command as `make live` gives it; (address of west's console, of east's)."""
    folder = tmp_path_factory.mktemp("live")
    port = free_ports(4)
    command = [
        sys.executable, "-m", "tocsin.app", "live", "andoya-1995", "--consoles", "--regime", "joint", "--speed", "5",
        "--set", "begins_s=-20", "--port", str(port), "--out", str(folder / "centres"),
    ]  # fmt: skip
    with (folder / "said").open("wb") as told:
        process = subprocess.Popen(command, stdout=told, stderr=subprocess.STDOUT, start_new_session=True)
    urls = {name: f"http://localhost:{port + 2 * number}/" for number, name in enumerate(PARTIES)}
    try:
        for url in urls.values():
            _stands(url, process, folder / "said")
        yield urls
    finally:
        os.killpg(process.pid, signal.SIGINT)  # Ctrl-C, as at a terminal
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(60)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _stands(url, process, said) -> None:
    until = time.monotonic() + STAND_S
    while time.monotonic() < until:
        assert process.poll() is None, said.read_text()
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(url, timeout=2.0, trust_env=False).status_code == 200:
                return
        time.sleep(0.5)
    raise AssertionError(f"{url} did not answer: {said.read_text()}")


def test_log_in_look_say_and_see_it_on_the_other_side(browser, live):
    pages = {}
    for party, url in live.items():
        page = pages[party] = new_page(browser)
        page.set_default_timeout(120_000)
        page.goto(url)
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("the server holds the keys")
        log_in(page, f"officer of the watch, {party}")
        expect(page.locator(".party")).to_contain_text(party.upper())
        expect(page.locator("header .plate")).to_contain_text("EXERCISE")
        expect(page.locator(".band.dev")).to_be_visible()
    west, east = pages["west"], pages["east"]
    for page in pages.values():  # the own picture: the rocket in words and numbers, and an event about it
        expect(page.get_by_role("grid").locator(".ev").first).to_be_attached(timeout=120_000)
        expect(page.locator(".chips")).to_contain_text("up")
        expect(panel(page, "1").get_by_role("article").first).to_contain_text("J-")
    panel(west, "2")
    west.get_by_label("Text that governs").fill(WORDS)
    said(west, "Send")
    expect(panel(east, "2")).to_contain_text(WORDS)
    message = east.locator("#panel .msg", has_text=WORDS)
    said(east, "I have read it", message)
    expect(west.locator("#panel .msg", has_text=WORDS)).to_contain_text("acknowledged by east: officer of the watch")
    for page in pages.values():
        left(page, "401", "409")
