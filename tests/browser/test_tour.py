"""The guided tour on the console and on the director's page: by keyboard, without motion, in every language, with a
ring around what it speaks of, which the card does not hide."""

import pytest
from playwright.sync_api import expect

from browser import boards, chrome, director
from browser.axe import violations
from browser.stub import Stub, serving

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.everything]
STEPS = {"": 11, "director.html": 6}
HIDDEN = """() => {
  const card = document.querySelector('dialog').getBoundingClientRect();
  const rings = [...document.querySelectorAll('.veil rect.inner')].map((one) => one.getBoundingClientRect());
  const meets = (a, b) => Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
    Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
  const area = rings.reduce((sum, one) => sum + one.width * one.height, 0);
  return rings.length ? rings.reduce((sum, one) => sum + meets(card, one), 0) / area : 1;
}"""


@pytest.mark.parametrize("language", ["en", "ru", "fr"])
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (820, 1180)])
def test_the_console_is_shown_step_by_step(browser, language, width, height):
    with serving(Stub(boards.andoya())) as url:
        page = chrome.new_page(browser, width, height, language=language)
        page.goto(url)
        page.get_by_role("grid").wait_for()
        page.keyboard.press("4")
        page.keyboard.press("?")
        page.locator("dialog .body button").last.click()
        walk(page, STEPS[""], most_hidden=0.3 if width < 1000 else 0.02)
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.locator("#tab-sign")).to_have_attribute("aria-selected", "true")  # where the officer was
        assert page.troubles == []
        page.context.close()


@pytest.mark.parametrize("language", ["en", "ru", "fr"])
def test_the_director_is_shown_round_too(browser, language):
    with director.directing() as (_, url):
        page = chrome.new_page(browser, 1440, 900, language=language)
        page.goto(f"{url}director.html")
        page.get_by_role("main").wait_for()
        page.locator("header > button").last.click()
        walk(page, STEPS["director.html"], most_hidden=0.3)
        assert page.troubles == []
        page.context.close()


def walk(page, count: int, most_hidden: float) -> None:
    """Through all steps by keys, and back once; the last press ends it."""
    title = page.locator("dialog h1")
    names = set()
    for number in range(1, count + 1):
        expect(title).to_contain_text(f"{number} ")
        names.add(title.inner_text())
        expect(page.locator(".veil rect.inner").first).to_be_attached()
        assert page.evaluate(HIDDEN) <= most_hidden, title.inner_text()
        assert page.evaluate("document.activeElement.className.includes('primary')")
        assert page.locator("#tour-words").get_attribute("aria-live") == "polite"
        if number in (1, count):
            assert violations(page) == []
        page.keyboard.press("Enter" if number % 2 else "ArrowRight" if number < count else "Enter")
    assert len(names) == count
