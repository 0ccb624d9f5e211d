"""A whole exercise without a mouse: the director starts it, puts something in and ends it; an officer reads, judges and
signs. Tab, arrows, Enter, Space and typing, nothing else: no click and no focus that a test sets."""

import re

import pytest
from playwright.sync_api import expect

from browser.rooms import Exercise, left, short
from tocsin.node import commands, council

pytestmark = [pytest.mark.servers, pytest.mark.slow]
MOST_STEPS = 600
ROUND_MS = 100  # a page that is still being filled is waited for, once every place on it was passed
WHERE = """() => {
  const at = document.activeElement;
  const name = at.getAttribute('aria-label') || at.labels?.[0]?.querySelector('.cap, .sr')?.innerText
    || at.labels?.[0]?.innerText || at.innerText || '';
  return `${at.tagName} ${name.trim()}`.replace(/\\s+/g, ' ');
}"""


class Hands:
    """Ten fingers on the keys of one page."""

    def __init__(self, page) -> None:
        self.page, self.press, self.write = page, page.keyboard.press, page.keyboard.type

    def reach(self, what: str) -> None:
        """Tab on until an element of this tag and name has the focus; that it can be reached at all is the point."""
        seen: list[str] = []
        for _ in range(MOST_STEPS):
            self.press("Tab")
            seen.append(self.page.evaluate(WHERE))
            if re.match(what, seen[-1], re.IGNORECASE):
                return
            if seen.count(seen[-1]) > 2:
                self.page.wait_for_timeout(ROUND_MS)
        raise AssertionError(f"{what}: not reached by Tab; passed {list(dict.fromkeys(seen))}")

    def do(self, what: str) -> None:
        """Reach a button and press it."""
        self.reach(what)
        self.press("Enter")

    def log_in(self, name: str) -> None:
        """The dialogue stands open."""
        expect(self.page.get_by_role("dialog")).to_be_visible()
        self.do(f"BUTTON {name}$")
        self.do("BUTTON Log in for development")
        expect(self.page.get_by_role("dialog")).to_have_count(0)

    def sign(self) -> None:
        """Read, tick, sign: the dialogue holds the focus."""
        self.reach("INPUT I have read the whole text")
        self.press("Space")
        self.do("BUTTON Sign: ")


@pytest.fixture
def house(tmp_path):
    with Exercise(tmp_path, scenario=short(-20.0, 200.0)).serving() as found:
        yield found


def seated(browser, house, party: str, name: str) -> Hands:
    page = house.blank(browser)
    page.goto(house.url(party))
    hands = Hands(page)
    hands.log_in(name)
    return hands


def test_a_whole_exercise_by_keyboard_alone(browser, house):
    director = seated(browser, house, "director", "director")
    expect(director.page.get_by_role("timer")).to_contain_text("PAUSED")
    director.do("BUTTON Start$")
    expect(director.page.get_by_role("timer")).not_to_contain_text("PAUSED")
    director.reach("SELECT What")
    director.write("A press")
    director.reach("TEXTAREA Text")
    director.write("A flash is reported over the sea.")
    director.do("BUTTON Put it into play")
    expect(director.page.get_by_text("done").first).to_be_visible()
    house.skip_to(120.0)

    def ask() -> None:
        seat = house.game.seats["east"]
        seat.acting = True
        name = seat.tokens[0].name
        council.message(seat.centre, ("west",), "What do you see?", name)
        event = seat.desk.events()[0]
        commands.propose(seat.centre, event.id, event.finding, name, "As the picture has it.")
        commands.vote(seat.centre, seat.desk.proposals()[0].said.entry, "yes", name)
        seat.acting = False
        house.game.lines.flush(seat.centre)

    officer = seated(browser, house, "west", "first officer of west")
    house.do(ask)
    panel = officer.page.locator("#panel")
    officer.press("2")
    expect(panel).to_contain_text("A flash is reported over the sea.")
    expect(panel).to_contain_text("What do you see?")
    officer.do("BUTTON I have read it")
    officer.sign()
    expect(panel).to_contain_text("acknowledged by west: first officer of west")

    officer.press("3")
    officer.reach("SELECT Confidence")
    officer.write("high")
    officer.do("BUTTON Put it down")
    officer.sign()
    expect(officer.page.get_by_role("status").filter(has_text="It stands in our log")).to_be_visible()

    officer.do("BUTTON Close")
    officer.press("4")
    officer.do("BUTTON Read and sign yes")
    officer.sign()
    expect(officer.page.get_by_role("dialog")).to_contain_text("Hands needed")
    officer.sign()
    expect(panel).to_contain_text("JOINTLY SIGNED")

    director.do("BUTTON ENDEX")
    director.do("BUTTON End the exercise")
    expect(director.page.get_by_role("timer")).to_contain_text("ENDEX")
    expect(officer.page.get_by_role("timer")).to_contain_text("ENDEX")
    expect(director.page.get_by_role("link", name="after-action")).to_be_visible(timeout=120_000)
    with director.page.expect_popup() as opened:
        director.do("A after-action")
    report = opened.value
    expect(report.locator("h1")).to_contain_text("after-action report")
    expect(report.locator("#director")).to_contain_text("A flash is reported over the sea.")
    expect(report.locator("#decisions")).to_contain_text("adopted")
    left(officer.page, "401", "409")
    left(director.page, "401")
