"""What an officer does at the page, and everything that can go wrong meanwhile: nothing twice, nothing lost."""

import re

import pytest
from msgspec import structs
from playwright.sync_api import expect

from browser import boards, chrome
from browser.stub import Stub, serving

pytestmark = pytest.mark.servers

HOSTILE = '"><img src=x onerror="document.title=1"><script>document.title=2</script> {{7*7}} ${7*7} \u202egnp'


def read_and_sign(page):
    page.keyboard.press("4")
    page.get_by_role("button", name="Read and sign yes").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("T-0041")
    return dialog


def test_a_vote_is_read_confirmed_and_signed_once(page, stub):
    stub.expected = ("409",)
    dialog = read_and_sign(page)
    button = dialog.get_by_role("button", name=re.compile("^Sign"))
    expect(button).to_be_disabled()
    assert stub.signed == []
    dialog.get_by_role("checkbox").check()
    button.click()
    expect(page.locator("#panel")).to_contain_text("JOINTLY SIGNED")
    assert len(stub.signed) == 1


def test_a_reload_in_the_middle_of_signing_loses_nothing_and_signs_nothing(page, stub):
    stub.expected = ("409",)
    read_and_sign(page)
    page.reload()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("T-0041")
    expect(dialog.get_by_role("checkbox")).not_to_be_checked()
    assert stub.signed == []
    dialog.get_by_role("button", name="Not now").click()
    page.reload()
    page.get_by_role("grid").wait_for()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_text_that_changes_under_the_eyes_has_to_be_read_again(page, stub):
    stub.expected = ("409",)
    dialog = read_and_sign(page)
    dialog.get_by_role("checkbox").check()
    stub.wording = "signs, in other words,"
    dialog.get_by_role("button", name=re.compile("^Sign")).click()
    expect(dialog).to_contain_text("The text has changed")
    expect(dialog.get_by_role("checkbox")).not_to_be_checked()
    assert stub.signed == []


def test_hands_and_the_code_of_a_card(page, stub):
    stub.expected = ("409", "403")
    stub.needs_hands = stub.asks_code = True
    dialog = read_and_sign(page)
    dialog.get_by_role("checkbox").check()
    dialog.get_by_role("button", name=re.compile("^Sign")).click()
    code = page.get_by_label("Code of cell 7 of your card")
    code.fill("RED")
    page.get_by_role("checkbox", name=re.compile("I have read")).check()
    page.get_by_role("button", name=re.compile("^Sign: ")).click()
    expect(page.get_by_role("dialog")).to_contain_text("not the answer of this cell")
    code.fill("GREEN")
    page.get_by_role("button", name=re.compile("^Sign: ")).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert len(stub.signed) == 1


def test_an_answer_that_is_lost_and_a_second_press_do_it_once(page, stub):
    stub.expected = ("ERR_", "Failed to load")
    stub.drop_answers = 1
    page.keyboard.press("2")
    page.get_by_label("Text that governs").fill("We see one object.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="Nothing is known")).to_be_visible()
    expect(page.get_by_label("Text that governs")).to_have_value("We see one object.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_label("Text that governs")).to_have_value("")
    sent = [body for path, body in stub.bodies if path == "actions/hotline"]
    assert len(sent) == 2
    assert len(stub.done) == 1


def test_a_session_that_ends_asks_for_a_log_in_and_keeps_what_was_typed(page, stub):
    stub.expected = ("401",)
    page.keyboard.press("2")
    page.get_by_label("Text that governs").fill("A long text that took minutes.")
    stub.expired = True
    stub.push("session", b'{"ended":true}')
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Your session has ended")
    dialog.get_by_role("button", name="A. Berg").click()
    dialog.get_by_role("button", name="Log in for development").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_label("Text that governs")).to_have_value("A long text that took minutes.")
    page.reload()
    page.keyboard.press("2")
    expect(page.get_by_label("Text that governs")).to_have_value("A long text that took minutes.")


def test_what_was_asked_before_a_log_in_does_not_ask_for_another(page, stub):
    stub.expected = ("401",)
    held = []
    page.route("**/history", lambda route: route.fallback() if held else held.append(route))
    page.keyboard.press("n")  # another track: its history is asked for, and the answer takes its time
    stub.expired = True
    stub.push("session", b'{"ended":true}')
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="A. Berg").click()
    dialog.get_by_role("button", name="Log in for development").click()
    expect(dialog).to_have_count(0)
    assert held
    held[0].fulfill(status=401, json={"type": "urn:tocsin:problem:not-logged-in", "title": "late", "status": 401})
    expect(page.locator(".alt .facts")).to_be_visible()
    page.wait_for_timeout(300)
    expect(dialog).to_have_count(0)


def test_hostile_text_is_shown_as_text(page, stub):
    saying = structs.replace(stub.board.talk[0], text=HOSTILE, officer=HOSTILE, sha256="77" * 32)
    sky = structs.replace(stub.board.tracks, label=(HOSTILE, *stub.board.tracks.label[1:]))
    event = structs.replace(stub.board.events[0], reason=HOSTILE)
    stub.show(structs.replace(stub.board, talk=(saying,), tracks=sky, events=(event,)))
    page.keyboard.press("2")
    expect(page.locator("#panel")).to_contain_text("<script>document.title=2</script> {{7*7}}")
    assert page.locator("img").count() == 0
    assert "WEST" in page.title().upper()


def test_messages_that_cannot_be_read_are_counted_and_mended(page, stub):
    stub.push("talk", b"[{")
    stub.push("tracks", b'{"id": ["a"], "lat": []}')
    stub.push("nonsense", b"{}")
    expect(page.get_by_text("could not be read")).to_be_visible()
    expect(page.get_by_role("grid")).to_contain_text("T-0041")
    assert "/api/v1/board" in stub.paths


def test_a_cut_line_grows_old_and_heals(page, stub):
    stub.expected = ("503", "ERR_")
    stub.cut()
    expect(page.locator(".sentence", has_text="No word from our own centre")).to_be_visible()
    expect(page.get_by_text("FROZEN: not")).to_be_visible()
    page.keyboard.press("4")
    expect(page.get_by_role("button", name="Read and sign yes")).to_be_disabled()
    stub.refuse = False
    expect(page.get_by_text("FROZEN: not")).to_have_count(0)
    expect(page.get_by_role("button", name="Read and sign yes")).to_be_enabled()


def test_a_stream_that_stays_open_and_says_nothing_is_down_after_three_pings(page, stub):
    page.clock.install()
    stub.silent = True
    page.clock.run_for(20_000)
    expect(page.locator(".sentence", has_text="No word from our own centre")).to_be_visible()


def test_a_clock_an_hour_off_is_said(browser, stub):
    stub.skew_s = -3_600
    page = chrome.new_page(browser)
    page.goto(stub.url)
    expect(page.get_by_text("1 h 0 min ahead of the centre")).to_be_visible()
    expect(page.get_by_role("timer")).to_contain_text("06:29:0")
    page.context.close()


def test_a_half_loaded_page_says_so(browser, stub):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(stub.url)
    assert "does not mean an empty sky" in (page.locator("noscript").text_content() or "")
    page.context.close()
    page = chrome.new_page(browser)
    page.route("**/countries-*.json", lambda route: route.abort())
    page.goto(stub.url)
    expect(page.get_by_role("grid")).to_contain_text("T-0041")
    page.context.close()


def test_everything_by_keyboard_and_no_single_key_signs(page, stub):
    stub.expected = ("409",)
    for key in "abcdefghijklmnopqrstuvwxyz0789 ":
        page.keyboard.press(key)
    page.keyboard.press("Escape")
    assert [path for path, _ in stub.bodies if path.startswith("actions")] == []
    page.keyboard.press("n")
    expect(page.locator("[role=row][aria-selected=true]")).to_have_count(1)
    page.keyboard.press("/")
    page.keyboard.type("satellite nothing")
    expect(page.get_by_text("No track matches")).to_be_visible()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.get_by_role("application").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("+")
    page.keyboard.press("4")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName + document.activeElement.textContent").startswith(
            "BUTTONRead and sign yes"
        ):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("T-0041")
    page.get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_contain_text("JOINTLY SIGNED")
    assert len(stub.signed) == 1


def test_the_table_holds_what_the_globe_shows_for_five_thousand_tracks(browser):
    stub = Stub(boards.andoya(count=5_000))
    with serving(stub):
        page = chrome.new_page(browser)
        page.goto(stub.url)
        grid = page.get_by_role("grid")
        expect(grid).to_have_attribute("aria-rowcount", "5001")
        assert grid.get_by_role("row").count() < 80
        grid.focus()
        page.keyboard.press("End")
        expect(page.locator("[role=row][aria-selected=true]")).to_have_attribute("aria-rowindex", "5001")
        page.context.close()


def test_a_circuit_test_and_a_hand_over_go_out_as_the_console_reads_them(page, stub):
    page.keyboard.press("6")
    page.get_by_role("button", name="Answer", exact=True).click()
    page.get_by_label("Hand over to").select_option("C. Dahl")
    page.get_by_label("What the next watch must know").fill("One proposal is open.")
    page.get_by_role("button", name="Hand over the watch").click()
    expect(page.get_by_role("status").filter(has_text="It stands in our log")).to_be_visible()
    sent = {path: body for path, body in stub.bodies if path.startswith("actions")}
    assert sent["actions/circuit-answer"] == {"sha256": "cd" * 32}
    assert sent["actions/relinquish-watch"]["to"] == "C. Dahl"
    assert sent["actions/relinquish-watch"]["tokens"] == [{"token": "hot line key", "holder": "C. Dahl"}]


def test_an_agreed_code_is_chosen_by_its_text_and_its_blanks_are_filled(page, stub):
    page.keyboard.press("2")
    page.get_by_text("Short code", exact=True).click()
    send = page.get_by_role("button", name="Send the code")
    page.get_by_label("Agreed text").select_option("ZENIT 7")
    expect(page.locator("#panel")).to_contain_text("Объектов: {1}.")
    expect(send).to_be_disabled()
    page.get_by_label("What fills the blanks").fill("3")
    expect(page.locator("#panel")).to_contain_text("3 objects seen.")
    send.click()
    expect(page.get_by_label("What fills the blanks")).to_have_value("")
    (sent,) = [body for path, body in stub.bodies if path == "actions/short-code"]
    assert sent == {"code_word": "ZENIT", "number": 7, "blanks": ["3"]}
