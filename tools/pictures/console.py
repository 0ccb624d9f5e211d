"""Every state of the pages as pictures in build/screenshots: `python -m tools.pictures.console [NAME ...]`.

The boards are those of the pages' own tests; `replay-...` are a run of the Andoya case, recorded, from a plain static
file server. Needs Chromium; 4 to 5 minutes.
"""

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from playwright.sync_api import Browser

from browser import boards, chrome, director
from browser.stub import Stub, serving

OUT = Path("build/screenshots")
RUN = OUT / "run"
SIZES = {"1280": (1280, 800), "720": (1280, 720), "1920": (1920, 1080), "tablet": (900, 1180)}
# name, state, size, theme, language, key of the panel
EXTRA = [
    ("light", "half-signed", "1280", "light", "en", ""),
    ("russian", "half-signed", "1280", "dark", "ru", ""),
    ("french", "half-signed", "1280", "light", "fr", "4"),
    ("wide", "half-signed", "1920", "dark", "en", "4"),
    ("tablet", "half-signed", "tablet", "light", "en", ""),
    *((f"panel-{number}", "half-signed", "1280", "dark", "en", str(number)) for number in range(2, 7)),
    *((f"russian-panel-{number}", "half-signed", "720", "light", "ru", str(number)) for number in range(1, 7)),
    ("five-parties-wide", "five-parties", "1920", "light", "en", "4"),
]
# name, place in the recording (party/second), size, theme, language, key of the panel
REPLAYED = [
    ("replay-before", "west/560", "1280", "dark", "en", ""),
    ("replay-flight", "east/760", "1280", "dark", "en", "2"),
    ("replay-signed", "west/1100", "1280", "light", "en", "4"),
    ("replay-russian", "east/1100", "720", "dark", "ru", "5"),
    ("replay-tablet", "west/900", "tablet", "light", "en", ""),
]
MARKED = {"en": "REPLAY", "ru": "ПОВТОР", "fr": "RELECTURE"}


def shot(browser: Browser, name: str, state: str, size: str, theme: str, language: str, panel: str) -> None:
    """One picture of one state."""
    width, height = SIZES[size]
    with serving(Stub(boards.states()[state])) as url:
        page = chrome.new_page(browser, width, height, theme, language)
        page.goto(url)
        page.get_by_role("grid").wait_for()
        if panel:
            page.keyboard.press(panel)
        page.wait_for_timeout(1_500)
        page.screenshot(path=OUT / f"{name}.png", full_page=size == "tablet")
        print(f"{name}.png", *page.troubles[:3])
        page.context.close()


@contextlib.contextmanager
def replayed() -> Iterator[str]:
    """A run of the case, recorded once, as a published folder: address of its page, with the run that it shows."""
    folder = RUN / "replay"
    for step in (["run", "andoya-1995", "--regime", "joint", "--out", str(RUN)], ["replay", str(RUN)]):
        if not (folder / "replay.json").is_file():
            subprocess.run([sys.executable, "-m", "tocsin.app", *step], check=True, stdout=subprocess.DEVNULL)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        (run,) = json.loads((folder / "replay.json").read_text())["runs"]
        yield f"http://localhost:{server.server_port}/#{quote(run['name'], safe='')}/"
    finally:
        server.shutdown()
        server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    """Python's own static server, without its words."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Nothing."""


def replay_shot(browser: Browser, url: str, name: str, at: str, look: tuple[str, str, str, str]) -> None:
    """One picture of a recording; a frame that is not marked as one is a fault."""
    size, theme, language, panel = look
    width, height = SIZES[size]
    page = chrome.new_page(browser, width, height, theme, language)
    page.goto(url + at)
    page.get_by_role("grid").wait_for()
    if panel:
        page.keyboard.press(panel)
    page.wait_for_timeout(1_500)
    for place in ("header .plate", "footer .plate", ".globe .water"):
        if MARKED[language] not in page.locator(place).inner_text():
            raise AssertionError(f"{name}: {place} does not say that this is a replay")
    page.screenshot(path=OUT / f"{name}.png", full_page=size == "tablet")
    print(f"{name}.png", *page.troubles[:3])
    page.context.close()


def tour_shots(browser: Browser) -> None:
    """Each step of the guided tour."""
    with serving(Stub(boards.andoya())) as url:
        page = chrome.new_page(browser, *SIZES["720"])
        page.goto(url)
        page.get_by_role("grid").wait_for()
        page.keyboard.press("?")
        page.locator("dialog .body button").last.click()
        for number in range(1, 12):
            page.wait_for_timeout(300)
            page.screenshot(path=OUT / f"tour-{number:02}.png")
            print(f"tour-{number:02}.png", *page.troubles[:3])
            page.keyboard.press("Enter")
        page.context.close()


def main(wanted: list[str]) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    plain = [(state, state, "1280", "dark", "en", "") for state in boards.states()]
    with chrome.chromium() as browser:
        for name, *rest in [*plain, *EXTRA]:
            if not wanted or name in wanted:
                shot(browser, name, *rest)
        if not wanted or "tour" in wanted:
            tour_shots(browser)
        chosen = [one for one in REPLAYED if not wanted or one[0] in wanted or "replay" in wanted]
        if chosen:
            with replayed() as url:
                for name, at, *look in chosen:
                    replay_shot(browser, url, name, at, (look[0], look[1], look[2], look[3]))
        for name in ("director", "editor"):
            if not wanted or name in wanted:
                director.shot(browser, name, OUT / f"{name}.png")
                print(f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
