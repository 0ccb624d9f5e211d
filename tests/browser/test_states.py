"""States that must never be taken for another: each has a word and a shape of its own; axe finds nothing in any."""

import pytest
from playwright.sync_api import expect

from browser import boards, chrome
from browser.axe import violations
from browser.stub import Stub, serving

pytestmark = pytest.mark.servers

# State: what the page must say, and what it must not.
SAYS = {
    "half-signed": (["HALF SIGNED", "undetermined; act as not adopted", "EXERCISE"], ["JOINTLY SIGNED", "FROZEN"]),
    "unsigned": (["UNSIGNED"], ["HALF SIGNED", "JOINTLY SIGNED"]),
    "jointly-signed": (["JOINTLY SIGNED"], ["UNSIGNED", "HALF SIGNED"]),
    "undetermined": (["UNDETERMINED", "act as not adopted"], ["CLOSED", "JOINTLY SIGNED"]),
    "disputed": (["DISPUTED", "do not agree"], ["JOINTLY SIGNED"]),
    "closed": (["CLOSED"], ["UNDETERMINED"]),
    "quiet": (["An empty globe", "No event"], ["No data yet", "FROZEN"]),
    "no-data": (["No data yet.", "Own sensors: never heard", "never heard"], ["OWN SENSORS DOWN", "FROZEN"]),
    "own-feed-down": (["Our own sensors are silent since 06:27:54Z", "OWN SENSORS DOWN", "FROZEN"], ["NO CENTRE"]),
    "partner-silent": (["SILENT", "47 s"], ["FROZEN", "OWN SENSORS DOWN"]),
    "suspended": (["REGIME SUSPENDED", "SUSPENDED"], ["SILENT"]),
    "live": (["LIVE"], ["EXERCISE", "Development"]),
    "replay": (["REPLAY"], ["LIVE"]),
    "no-duff": (["NO DUFF: this is real", "Aircraft in distress"], []),
    "paused": (["PAUSED"], ["ENDEX"]),
    "ended": (["ENDEX"], ["PAUSED"]),
}


GRAVE = ("own-feed-down", "disputed", "no-duff", "suspended", "live")
QUIET = boards.b.Sentence(text="No event. An empty globe does not mean an empty sky.", attention=False, what="")


def opened(browser, stub, **look):
    page = chrome.new_page(browser, **look)
    page.goto(stub.url)
    page.get_by_role("grid").wait_for()
    page.keyboard.press("4")
    return page


def test_every_state_says_what_it_is_by_word_and_shape(page, stub):
    """One page through all states: words that must and must not stand there, its own seal, axe in the grave ones."""
    shapes = {}
    page.keyboard.press("4")
    for state, (wanted, unwanted) in SAYS.items():
        board = boards.states()[state]
        stub.show(boards.with_head(board, sentence=QUIET) if state == "quiet" else board)
        for one in wanted:
            expect(page.locator("body")).to_contain_text(one, ignore_case=True)
        text = page.locator("body").inner_text()
        assert [one for one in unwanted if one in text] == [], state
        if board.proposals:
            shapes[board.proposals[0].state] = page.locator("#panel article svg").first.inner_html()
        if state in GRAVE:
            assert violations(page) == [], state
    assert len(shapes) == 6
    assert len(set(shapes.values())) == 6


def test_nothing_runs_out_of_the_page(browser):
    stub = Stub(boards.states()["five-parties"])
    with serving(stub):
        page = opened(browser, stub, language="ru")
        for width in (1280, 900, 640):
            page.set_viewport_size({"width": width, "height": 720})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.context.close()
