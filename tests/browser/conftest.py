"""A browser for the tests of the pages; without Chromium they are skipped."""

import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

sys.path.insert(0, str(Path(__file__).parents[1]))

from browser import boards, chrome
from browser.stub import Stub, serving

expect.set_options(timeout=40_000)  # a busy machine is not a wrong page


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
