"""Every state of the pages as pictures in build/screenshots: `python -m tools.pictures.console [NAME ...]`.

The boards are those of the pages' own tests. Needs Chromium; 2 to 3 minutes.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from playwright.sync_api import Browser

from browser import boards, chrome, director
from browser.stub import Stub, serving

OUT = Path("build/screenshots")
SIZES = {"1280": (1280, 800), "1920": (1920, 1080), "tablet": (900, 1180)}
# name, state, size, theme, language, key of the panel
EXTRA = [
    ("light", "half-signed", "1280", "light", "en", ""),
    ("russian", "half-signed", "1280", "dark", "ru", ""),
    ("french", "half-signed", "1280", "light", "fr", "4"),
    ("wide", "half-signed", "1920", "dark", "en", "4"),
    ("tablet", "half-signed", "tablet", "light", "en", ""),
    *((f"panel-{number}", "half-signed", "1280", "dark", "en", str(number)) for number in range(2, 7)),
    ("five-parties-wide", "five-parties", "1920", "light", "en", "4"),
]


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


def main(wanted: list[str]) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    plain = [(state, state, "1280", "dark", "en", "") for state in boards.states()]
    with chrome.chromium() as browser:
        for name, *rest in [*plain, *EXTRA]:
            if not wanted or name in wanted:
                shot(browser, name, *rest)
        for name in ("director", "editor"):
            if not wanted or name in wanted:
                director.shot(browser, name, OUT / f"{name}.png")
                print(f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
