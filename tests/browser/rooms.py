"""A whole exercise in this process for pages to look at: consoles of all parties and the director's page on loopback.

The centres, the game and every server are those of `tocsin exercise`; only the clock is a test's, who may skip minutes
in which nothing is looked at. Everything here runs in a thread with a loop of its own, as the process would.
"""

import asyncio
import contextlib
import os
import re
import socket
import threading
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Browser, Locator, Page, expect

from browser import chrome
from tocsin import regime as regimes
from tocsin.app.exercising import Plan, Rooms
from tocsin.console.routes.door import Door
from tocsin.node.custody.staffed import Staffed
from tocsin.sim.scenario import Scenario, convert, shipped_bytes

NS = 1_000_000_000
WAIT_MS = 60_000  # a machine that is busy with other things is no failure of the pages
T = TypeVar("T")


def short(begins_s: float = -20.0, ends_s: float = 900.0) -> Scenario:
    """The Andoya case, cut to the part that is played."""
    raw = tomllib.loads(shipped_bytes("andoya-1995").decode())
    raw |= {"begins_s": begins_s, "ends_s": ends_s}
    raw["defects"] |= {"wrong_addressee": False}
    return convert(raw, "andoya-1995.toml")


def free_ports(count: int) -> int:
    """First of `count` neighbouring ports that are free now; two workers of one run look in different places."""
    for first in range(21_000 + 37 * (os.getpid() % 500), 60_000, 37):
        with contextlib.suppress(OSError):
            for port in range(first, first + count):
                with socket.socket() as one:
                    one.bind(("127.0.0.1", port))
            return first
    raise AssertionError("no free ports on loopback")


class Exercise:
    """One exercise under way. `do` runs something in its turn, as a request or a tick of the clock would."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        fields: dict[str, Any] = {
            "scenario": short(), "regime": regimes.load(regimes.shipped("joint"), "joint"), "seed": 7, "speed": 1.0,
            "port": free_ports(3), "scripted": (), "passkeys": False, "votes": 1, "scenarios": None,
            "folder": folder / "exercise", "consent": True, "begin": False, "once": False, "source": (),
            "regime_named": "joint",
        }  # fmt: skip
        self.rooms = Rooms(Plan(**{**fields, **changes}))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def game(self) -> Any:
        """The game."""
        return self.rooms.game

    def centre(self, party: str) -> Staffed:
        """A party's centre."""
        return self.rooms.game.seats[party].centre

    def door(self, party: str) -> Door:
        """What is behind a party's console."""
        return self.rooms.consoles[party].door

    def url(self, party: str) -> str:
        """A party's console, or the director's page."""
        return f"http://localhost:{self.rooms.plan.port}/" if party == "director" else self.rooms.urls[party]

    def do(self, what: Callable[[], T]) -> T:
        """Run it in the exercise's own thread."""

        async def go() -> T:
            return what()

        return asyncio.run_coroutine_threadsafe(go(), self._loop).result(120)

    def skip_to(self, t_s: float, speed: float = 0.25) -> None:
        """Play on to `t_s` after launch as fast as this machine can; then the clock goes at `speed`.

        Slowly, so that a busy machine has the time that a case leaves, and little to do meanwhile.
        """

        def go() -> None:
            game = self.game
            game.pace("test", speed=speed, paused=False)
            game.state.pace = replace(game.state.pace, game_tai_ns=game.launch_tai_ns + round(t_s * NS))
            while game.t_s < t_s and not game.state.ended:
                game.advance(10**15)

        self.do(go)

    def enter(self, browser: Browser, party: str, name: str = "", **look: Any) -> Page:
        """A page of a profile of its own, logged in as `NAME of PARTY` in development."""
        page = self.blank(browser, **look)
        page.goto(self.url(party))
        log_in(page, f"{name} of {party}" if name else party)
        return page

    def blank(self, browser: Browser, **look: Any) -> Page:
        """A page before it goes anywhere."""
        page = chrome.new_page(browser, **{"width": 1200, "height": 680, **look})
        page.set_default_timeout(WAIT_MS)
        return page

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        with contextlib.suppress(RuntimeError):  # stopped by `close`
            self._loop.run_forever()

    @contextlib.contextmanager
    def serving(self) -> Iterator["Exercise"]:
        """Every page is answered while this is open."""
        self._thread.start()
        play = asyncio.run_coroutine_threadsafe(self.rooms._play(), self._loop)
        served = [asyncio.run_coroutine_threadsafe(one.serve(), self._loop) for one in self.rooms._listeners]
        try:
            while not all(one.started for one in self.rooms._listeners):
                assert not any(one.done() for one in served), "a server did not start"
                threading.Event().wait(0.02)
            yield self
        finally:
            self.rooms.stop()
            for one in (play, *served):
                one.result(30)
            asyncio.run_coroutine_threadsafe(_rest(), self._loop).result(30)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)
            self._loop.close()


async def _rest() -> None:
    """Whatever still answers a page that nobody closed."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def log_in(page: Page, name: str) -> None:
    """Through the dialogue, in development."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=name, exact=True).click()
    dialog.get_by_role("button", name="Log in for development").click()
    expect(dialog).to_have_count(0)


def left(page: Page, *expected: str) -> None:
    """Close a page; whatever went wrong in it and was not expected fails."""
    wrong = [one for one in page.troubles if not any(word in one for word in expected)]  # type: ignore[attr-defined]
    page.context.close()
    assert wrong == [], wrong


def change(page: Page, name: str) -> None:
    """Somebody else sits down at this page."""
    panel(page, "6").get_by_role("button", name="Log out").click()
    log_in(page, name)


def panel(page: Page, key: str) -> Locator:
    """Go to a panel by its key."""
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator(f"[role=tab] >> nth={int(key) - 1}").click()
    return page.locator("#panel")


def confirm(page: Page) -> tuple[str, str]:
    """The words before they are said: read, ticked, confirmed. (text, hash) as they were shown."""
    return _signed(page, page.get_by_role("dialog").filter(has_not_text="Hands needed"), "")


def hand(page: Page, wanted: str = "") -> tuple[str, str]:
    """A hand under a statement that waits. `wanted`: what the dialogue then says, where it stays open."""
    return _signed(page, page.get_by_role("dialog").filter(has_text="Hands needed"), wanted)


def said(page: Page, button: str, within: Locator | None = None) -> None:
    """Press a button; sign where a hand is asked for; it stands in the log."""
    (within or page).get_by_role("button", name=button, exact=True).click()
    dialog, toast = page.get_by_role("dialog"), page.locator(".toast")
    expect(dialog.or_(toast).first).to_be_visible()
    if dialog.count():
        dialog.get_by_role("checkbox").check()
        dialog.get_by_role("button", name=re.compile("^Sign: ")).click()
        expect(dialog).to_have_count(0)
    expect(toast).to_contain_text("It stands in our log")
    toast.get_by_role("button").click()


def _signed(page: Page, dialog: Locator, wanted: str) -> tuple[str, str]:
    button = dialog.get_by_role("button", name=re.compile("^Sign: "))
    expect(button).to_be_disabled()
    text, shown = dialog.locator("pre").inner_text(), dialog.locator(".hash").inner_text().replace(" ", "")
    dialog.get_by_role("checkbox").check()
    button.click()
    if wanted:
        expect(dialog).to_contain_text(wanted)
        expect(button).to_be_disabled()
        dialog.get_by_role("button", name="Not now").click()
    expect(dialog).to_have_count(0)
    return text, shown
