"""Two real consoles and the director of one exercise: link cut and healed, a joint signature."""

import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from browser import chrome

pytestmark = [pytest.mark.servers, pytest.mark.slow]
WAIT_MS = 60_000


def free_ports():
    """Three ports in a row that nobody listens on now."""
    for first in range(21_000, 60_000, 37):
        try:
            for port in range(first, first + 3):
                with socket.socket() as one:
                    one.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first
    raise AssertionError("no free ports")


@pytest.fixture
def exercise(tmp_path):
    port = free_ports()
    words = [
        "exercise",
        "andoya-1995",
        "--port",
        str(port),
        "--votes",
        "1",
        "--out",
        str(tmp_path / "out"),
        "--set",
        "begins_s=-60",
        "--begin",
        "--speed",
        "3",
    ]
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen([sys.executable, "-m", "tocsin.app", *words], stdout=said, stderr=said, cwd=tmp_path)
    try:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://localhost:{port}/", timeout=2).close()
                break
            except (urllib.error.URLError, OSError):
                assert process.poll() is None, (tmp_path / "said").read_text()
                time.sleep(0.5)
        yield port
    finally:
        process.kill()  # a clean end would write the whole report first
        process.wait(30)


def entered(browser, port, who):
    page = chrome.new_page(browser)
    page.set_default_timeout(WAIT_MS)
    page.goto(f"http://localhost:{port}/")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=who).click()
    dialog.get_by_role("button", name="Log in for development").click()
    expect(dialog).to_have_count(0)
    return page


def sign(page):
    """Read, tick, sign: the confirmation, and the hand that the statement needs."""
    for _ in range(2):
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("checkbox").check()
        dialog.get_by_role("button", name=re.compile("^Sign: ")).click()
        page.wait_for_timeout(700)
        if not page.get_by_role("dialog").count():
            return


def test_two_rooms_one_finding(browser, exercise):
    director = entered(browser, exercise, "director")
    west = entered(browser, exercise + 1, re.compile("^first officer"))
    east = entered(browser, exercise + 2, re.compile("^first officer"))
    for page in (west, east):
        expect(page.locator("[role=row] .ev").first).to_be_attached(timeout=WAIT_MS)

    # The line is cut, grows old on both sides, and heals.
    expect(director.get_by_text("Links cut: none")).to_be_visible(timeout=WAIT_MS)
    director.get_by_role("button", name="Put it into play").click()
    expect(director.get_by_text("Links cut: east – west")).to_be_visible(timeout=WAIT_MS)
    expect(west.get_by_label("Links and sensors")).to_contain_text("SILENT", timeout=WAIT_MS)
    expect(east.get_by_label("Links and sensors")).to_contain_text("SILENT", timeout=WAIT_MS)
    director.get_by_label("What", exact=True).select_option(label="Heal a link")
    expect(director.get_by_text("Links cut: none")).to_be_visible(timeout=WAIT_MS)
    director.get_by_role("button", name="Put it into play").click()
    expect(director.get_by_text("Links cut: east – west")).to_be_visible(timeout=WAIT_MS)
    expect(west.get_by_label("Links and sensors")).not_to_contain_text("SILENT", timeout=WAIT_MS)

    # West puts a finding forward and signs; east reads it and signs; both see the full seal.
    director.get_by_label("Speed").select_option("1")
    west.keyboard.press("4")
    west.get_by_label("Finding").select_option("benign")
    west.get_by_label("Text", exact=True).fill("The object is the announced research rocket.")
    west.get_by_role("button", name="Show the exact text").click()
    sign(west)
    for page in (east, west):
        page.keyboard.press("4")
        yes = page.get_by_role("button", name="Read and sign yes")
        expect(yes).to_be_enabled(timeout=WAIT_MS)
        yes.click()
        sign(page)
    for page in (east, west):
        expect(page.locator("#panel")).to_contain_text("JOINTLY SIGNED", timeout=WAIT_MS)
    for page in (director, west, east):
        assert [one for one in page.troubles if "409" not in one and "404" not in one and "401" not in one] == []
        page.context.close()
