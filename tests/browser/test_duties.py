"""What officers do in a watch, at real consoles of real centres: codes, calls, questions, circuit tests, lent
authority, tokens that change hands, a card and its second column, a bundle taken away, a stop for a real matter."""

import re
import zipfile

import pytest
from playwright.sync_api import expect

from browser.rooms import Exercise, change, confirm, left, panel, said
from tocsin.app.main import main

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.everything]
EXPECTED = ("409", "401", "403", "Failed to load resource")


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """Two centres, every officer with a card; the rocket has burnt out and flies."""
    with Exercise(tmp_path_factory.mktemp("duties"), cards=True).serving() as found:
        found.skip_to(105.0)
        yield found


@pytest.fixture(scope="module")
def rooms(browser, house):
    """A first officer on each side."""
    pages = {party: house.enter(browser, party, "first officer", height=720) for party in ("west", "east")}
    yield pages
    for page in pages.values():
        left(page, *EXPECTED)


def opened(page, key: str, summary: str):
    """A folded part of a panel."""
    part = panel(page, key).locator("details", has_text=summary)
    part.locator("summary").click()
    return part


def test_a_code_a_call_and_a_question_reach_the_other_side(rooms):
    west, east = rooms["west"], rooms["east"]
    part = opened(west, "2", "Short code")
    part.get_by_label("Agreed text").select_option("ZENIT 1")
    part.get_by_label("What fills the blanks").fill("1")
    said(west, "Send the code")
    expect(panel(east, "2")).to_contain_text("We see 1 objects. How many do you see?")

    part = opened(west, "2", "Log a call")
    part.get_by_label("With").select_option("east")
    part.get_by_label("Began, UTC").focus()
    part.get_by_label("Ended, UTC").focus()
    part.get_by_label("Summary as read back").fill("They see the same rocket and no other.")
    part.get_by_role("checkbox").check()
    said(west, "Log the call")
    expect(panel(east, "2")).to_contain_text("They see the same rocket and no other.")

    part = opened(west, "2", "Ask a question")
    part.get_by_label("Question").fill("Where do the stages fall?")
    said(west, "Ask")
    asked = panel(east, "2").locator("article", has_text="Where do the stages fall?")
    asked.get_by_role("button", name="Answer", exact=True).click()
    asked.get_by_label("Answer").fill("West of Spitsbergen.")
    said(east, "Put it on the docket", asked)
    docket = panel(west, "2").locator("article", has_text="Where do the stages fall?")
    expect(docket).to_contain_text("West of Spitsbergen.")
    docket.get_by_role("button", name="Answer", exact=True).click()
    docket.get_by_label("Answer").fill("Thank you.")
    said(west, "Close the case", docket)
    expect(docket).to_contain_text("Thank you.")


def test_a_translation_is_marked_and_the_text_governs(rooms):
    west, east = rooms["west"], rooms["east"]
    part = opened(west, "2", "Add a translation")
    west.get_by_label("Text that governs").fill("We hold one object.")
    part.get_by_role("textbox").fill("Мы видим один объект.")
    said(west, "Send")
    message = panel(east, "2").locator(".msg", has_text="We hold one object.")
    expect(message.locator(".tr")).to_contain_text("Translation, not governing")
    expect(message.locator(".tr")).to_contain_text("Мы видим один объект.")


def test_a_circuit_test_is_answered_by_a_person(rooms):
    west, east = rooms["west"], rooms["east"]
    panel(west, "6")
    said(west, "Test the circuit now")
    tests = panel(east, "6").locator("section", has_text="Circuit tests")
    said(east, "Answer", tests)
    expect(west.locator("#panel")).to_contain_text("answered by east: first officer of east")


def test_tokens_change_hands_with_the_watch(rooms):
    west = rooms["west"]
    panel(west, "6").get_by_label("Further tokens").fill("red telephone")
    west.get_by_role("checkbox", name="I have read the open items").check()
    said(west, "Take the watch …")
    tokens = west.locator("#panel li", has_text="red telephone")
    expect(tokens).to_contain_text("first officer of west")
    west.get_by_label("Hand over to").select_option("second officer of west")
    said(west, "Hand over the watch …")
    expect(tokens).to_contain_text("second officer of west")
    change(west, "second officer of west")
    panel(west, "6").get_by_role("checkbox", name="I have read the open items").check()
    said(west, "Take the watch …")
    expect(west.locator(".who")).to_contain_text("has the watch")


def test_authority_is_lent_with_its_scope_and_end_and_taken_back(rooms, house):
    west = rooms["west"]
    change(west, "senior officer of west")
    part = opened(west, "6", "Lend authority")
    part.get_by_role("combobox").first.select_option("first officer of west")
    part.get_by_label("For minutes").fill("30")
    part.get_by_label("vote", exact=True).uncheck()
    part.get_by_label("standing", exact=True).check()
    part.get_by_label("Because").fill("The capital cannot be reached.")
    said(west, "Lend it", part)
    lent = west.locator(".lent")
    expect(lent).to_contain_text("in force")
    expect(lent).to_contain_text("senior officer of west lends standing to first officer of west until")
    change(west, "first officer of west")
    part = opened(west, "6", "Suspend, resume or withdraw")
    part.get_by_label("Because").fill("A test of what was lent.")
    expect(part.get_by_role("button", name="Suspend …")).to_be_enabled()
    change(west, "senior officer of west")
    said(west, "Take it back", panel(west, "6"))
    expect(lent).to_contain_text("no longer in force")


def test_a_forced_officer_answers_from_the_second_column_and_nothing_goes_out(rooms, house):
    west, east = rooms["west"], rooms["east"]
    change(west, "second officer of west")
    panel(west, "4").get_by_label("Finding").select_option("benign")
    west.get_by_label("Text", exact=True).fill("The object is the announced research rocket.")
    west.get_by_role("button", name="Show the exact text").click()
    confirm(west)
    dialog = west.get_by_role("dialog")
    field = dialog.get_by_label(re.compile("Code of cell"))
    asked = dialog.locator("label", has_text="Code of cell").inner_text()
    number = re.search(r"cell (\d+)", asked, re.IGNORECASE).group(1)
    card = house.rooms.crews["west"].cards["second officer of west"]
    assert card in (house.rooms._folder / "cards" / "west.txt").read_text()
    field.fill(re.search(rf"^ *{number} +\w+ +(\w+)$", card, re.MULTILINE).group(1))
    dialog.get_by_role("checkbox").check()
    dialog.get_by_role("button", name=re.compile("^Sign: ")).click()
    expect(west.get_by_role("button", name="Sign: ").or_(west.locator(".toast")).first).to_be_visible()
    assert "DURESS" not in west.locator("body").inner_text()
    west.keyboard.press("Escape")
    change(west, "senior officer of west")
    expect(panel(west, "6").get_by_role("alert")).to_contain_text("DURESS: second officer of west")
    expect(panel(east, "4")).to_contain_text("No joint text has been put forward.")


def test_a_bundle_is_taken_away_and_verified_by_the_other_program(rooms, tmp_path):
    link = panel(rooms["east"], "5").get_by_role("link", name="All logs")
    with rooms["east"].expect_download() as taken:
        link.click()
    taken.value.save_as(tmp_path / "bundle.zip")
    with zipfile.ZipFile(tmp_path / "bundle.zip") as packed:
        packed.extractall(tmp_path / "logs")
    with pytest.raises(SystemExit) as ended:
        main(["verify", str(tmp_path / "logs")])
    assert ended.value.code in (0, None)


def test_no_duff_stops_play_on_every_page_until_it_is_lifted(browser, house, rooms):
    director = house.enter(browser, "director", width=1000, height=700)
    director.get_by_role("combobox", name="What", exact=True).select_option(label="A press report")
    director.get_by_label("Text", exact=True).fill("A flash is reported over the sea.")
    director.get_by_role("button", name="Put it into play").click()
    expect(panel(rooms["east"], "2")).to_contain_text("A flash is reported over the sea.")
    director.get_by_role("button", name="NO DUFF …").click()
    director.get_by_label("Words for all").fill("A person has collapsed in room two.")
    director.get_by_role("button", name="Stop play: NO DUFF").click()
    for page in rooms.values():
        expect(page.locator(".strip.duff")).to_contain_text("A person has collapsed in room two.")
    rooms["east"].get_by_label("Text that governs").fill("Not now.")
    rooms["east"].get_by_role("button", name="Send", exact=True).click()
    expect(rooms["east"].get_by_role("alert").filter(has_text="NO DUFF").first).to_be_visible()
    director.get_by_role("button", name="Lift NO DUFF").click()
    for page in rooms.values():
        expect(page.locator(".strip.duff")).to_have_count(0)
    left(director, *EXPECTED)
