"""Real Chromium for the tests of the pages, without a GPU and without anything that calls home."""

import contextlib
import shutil
from collections.abc import Iterator

from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def path() -> str | None:
    """Where Chromium is, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; `--disable-gpu` keeps canvases off the slow software GPU."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def new_page(browser: Browser, width: int = 1280, height: int = 800, theme: str = "dark", language: str = "en") -> Page:
    """A page of its own profile, which keeps all that goes wrong in `troubles`."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, locale=language, reduced_motion="reduce"
    )  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(40_000)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
    page.on(
        "console",
        lambda said: (
            troubles.append(f"{said.type}: {said.text} ({said.location['url']})")
            if said.type in ("error", "warning")
            else None
        ),
    )
    page.on(
        "request",
        lambda asked: (
            troubles.append(f"outside: {asked.url}")
            if not asked.url.startswith(("http://127.0.0.1", "http://localhost", "data:"))
            else None
        ),
    )
    page.troubles = troubles  # type: ignore[attr-defined]
    return page
