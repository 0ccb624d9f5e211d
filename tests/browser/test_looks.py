"""axe finds nothing at WCAG A and AA: every page in every theme and language, each panel and each dialogue in turn.

Here every look sees one panel and one dialogue; `make browser-all` (pytest --all-looks) shows every look everything,
and every state of the picture in every look.
"""

import itertools

import pytest
from playwright.sync_api import expect

from browser import boards, chrome, director
from browser.axe import violations
from browser.stub import Stub, serving

pytestmark = [pytest.mark.servers, pytest.mark.slow]
LOOKS = tuple(itertools.product(("dark", "light"), ("en", "ru", "fr")))
PANELS = 6
DIALOGUES = ("help", "tour", "entry", "confirm", "hands", "log-in")


@pytest.fixture
def everything(request) -> bool:
    """Whether every look is to be shown everything."""
    return bool(request.config.getoption("--all-looks", default=False))


def wear(page, theme: str, language: str) -> None:
    """Turn the page to a look, as its own controls do."""
    page.locator("header select").last.select_option(language)
    expect(page.locator("html")).to_have_attribute("lang", language)
    if page.locator("html").get_attribute("data-theme") != theme:
        page.locator("header button:has(svg)").last.click()
    expect(page.locator("html")).to_have_attribute("data-theme", theme)


def to_panel(page, number: int) -> None:
    page.locator("[role=tab]").nth(number).click()
    page.locator("summary").evaluate_all("all => all.forEach(one => one.parentElement.open = true)")


def opened(page, stub, name: str):
    """A dialogue on the page, opened as a person does."""
    if name in ("help", "tour"):
        page.locator("[role=tab]").first.focus()
        page.keyboard.press("?")
        if name == "tour":
            page.locator("dialog .body button").last.click()
    elif name == "log-in":
        stub.expired = True
        stub.push("session", b'{"ended":true}')
    else:
        to_panel(page, 3)
        stub.needs_hands = stub.asks_code = name == "hands"
        article = page.locator("#panel article").last
        (article.locator("button.link").last if name == "entry" else article.locator("button.primary").first).click()
    if name == "hands":
        page.locator("dialog input[type=checkbox]").check()
        page.locator("dialog button.primary").click()
        expect(page.locator("dialog input[autocapitalize]")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_visible()


def closed(page, stub) -> None:
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    stub.expired = False
    if stub.board.requests:
        stub.show(boards.andoya())


def test_the_console(browser, everything):
    stub = Stub(boards.andoya())
    with serving(stub):
        page = chrome.new_page(browser)
        page.goto(stub.url)
        page.get_by_role("grid").wait_for()
        for number, look in enumerate(LOOKS):
            wear(page, *look)
            for panel in range(PANELS) if everything else (number,):
                to_panel(page, panel)
                assert violations(page) == [], (look, panel)
            for name in DIALOGUES if everything else (DIALOGUES[number],):
                opened(page, stub, name)
                assert violations(page) == [], (look, name)
                closed(page, stub)
        wrong = [one for one in page.troubles if "409" not in one and "401" not in one]
        page.context.close()
        assert wrong == []


@pytest.mark.parametrize("name", ["director", "editor"])
def test_the_pages_of_the_exercise(browser, everything, name):
    with director.directing() as (_, url):
        page = chrome.new_page(browser)
        page.goto(f"{url}{name}.html")
        page.get_by_role("main").wait_for()
        if name == "editor":
            page.locator("header select").first.select_option("andoya-1995")
            expect(page.locator("textarea").last).to_have_value(director.TOML.read_text())
        for look in LOOKS:
            if everything or look in (("dark", "en"), ("light", "ru")):
                wear(page, *look)
                assert violations(page) == [], look
        assert page.troubles == []
        page.context.close()


@pytest.mark.everything
@pytest.mark.parametrize("look", LOOKS, ids="-".join)
def test_every_state_in_every_look(browser, look):
    stub = Stub(boards.andoya())
    with serving(stub):
        page = chrome.new_page(browser)
        page.goto(stub.url)
        page.get_by_role("grid").wait_for()
        wear(page, *look)
        for state, board in boards.states().items():
            stub.show(board)
            for panel in (0, 3):
                to_panel(page, panel)
                assert violations(page) == [], state
        page.context.close()
