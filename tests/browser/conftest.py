"""A browser for the tests of the pages; without Chromium they are skipped."""

import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

sys.path.insert(0, str(Path(__file__).parents[1]))

from browser import boards, chrome
from browser.stub import Stub, serving

expect.set_options(timeout=40_000)  # a busy machine is not a wrong page


def pytest_addoption(parser):
    """Known where this folder is named on the command line (make browser-all)."""
    parser.addoption("--all-looks", action="store_true", help="axe on everything in every theme and language")


def pytest_collection_modifyitems(config, items):
    """What is for the long run alone is left out of the others."""
    if not config.getoption("--all-looks", default=False):
        left = [one for one in items if one.get_closest_marker("everything")]
        items[:] = [one for one in items if one not in left]
        if left:
            config.hook.pytest_deselected(items=left)


@pytest.fixture(scope="module")
def browser():
    """One a file: while it is open Playwright's event loop runs, and other files of the worker need their own."""
    if chrome.path() is None:
        pytest.skip("no Chromium here")
    with chrome.chromium() as found:
        yield found


@pytest.fixture
def stub():
    """A centre in the middle of the Andoya case: the other side has signed, we have not."""
    found = Stub(boards.andoya())
    with serving(found):
        yield found


@pytest.fixture
def page(browser, stub):
    """A page on that centre; whatever goes wrong in it fails the test."""
    made = chrome.new_page(browser)
    made.goto(stub.url)
    made.get_by_role("grid").wait_for()
    yield made
    wrong = [one for one in made.troubles if not any(word in one for word in stub.expected)]
    made.context.close()
    assert wrong == []
