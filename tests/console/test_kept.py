"""What a console keeps or lists for its pages: how far events were explained, and the agreed short codes."""

from types import SimpleNamespace

from tocsin.console.thoughts import MOST_ROWS, Thoughts
from tocsin.wire.talk import Codebook, CodedMessage, Translation

from .desk import house

__all__ = ["house"]


def event(benign, *stated, name="west-0001", also=()):
    shown = [SimpleNamespace(state="open", probability=one) for one in stated]
    hidden = SimpleNamespace(state="sealed", probability=0.01)
    return SimpleNamespace(id=name, names=(name, *also), benign=benign, assessments=[*shown, hidden])


def test_what_was_thought_is_kept_once_a_second_with_the_band_of_what_was_shown():
    kept = Thoughts()
    for second, benign in enumerate((0.1, 0.1, 0.1, 0.1, 0.9)):
        kept.note(second * 1_000_000, [event(benign, 0.6)])
        kept.note(second * 1_000_000 + 400_000, [event(0.5)])
    found = kept.of("west-0001")
    assert found.t_tai_us == (0, 3_000_000, 4_000_000)
    assert (found.benign, found.low, found.high) == ((0.1, 0.1, 0.9), (0.1, 0.1, 0.6), (0.6, 0.6, 0.9))
    assert kept.of("nobody").t_tai_us == ()
    for second in range(3_000):
        kept.note(10**9 + second * 1_000_000, [event(second / 3_000)])
    assert len(kept.of("west-0001").t_tai_us) == MOST_ROWS


def test_what_was_thought_under_an_earlier_name_is_kept_under_the_next_and_found_by_both():
    kept = Thoughts()
    kept.note(1_000_000, [event(0.1, name="b")])
    kept.note(3_000_000, [event(0.2, name="a"), event(0.3, name="b")])
    kept.note(5_000_000, [event(0.4, name="a", also=("b",))])
    assert [(t, x) for t, x in zip(kept.of("a").t_tai_us, kept.of("a").benign, strict=True)] == [
        (1_000_000, 0.1), (3_000_000, 0.2), (5_000_000, 0.4),
    ]  # fmt: skip
    assert kept.of("b").t_tai_us == kept.of("a").t_tai_us
    kept.note(7_000_000, [event(0.5, name="a"), event(0.6, name="b")])  # they have parted again
    assert (kept.of("a").t_tai_us[-1], kept.of("b").t_tai_us) == (7_000_000, (7_000_000,))


def test_a_page_that_comes_later_gets_what_was_thought_before(house):
    browser = house.browser()
    browser.log_in("Olga")
    house.app.door.sight.thoughts.note(5_000_000, [event(0.25)])
    assert browser.get("explained/west-0001").json() == {
        "id": "west-0001", "t_tai_us": [5_000_000], "benign": [0.25], "low": [0.25], "high": [0.25],
    }  # fmt: skip
    assert browser.get("explained/none").json()["t_tai_us"] == []
    assert house.browser().get("explained/west-0001").status_code == 401


def test_agreed_codes_are_listed_with_their_texts_and_who_lacks_them(house):
    browser = house.browser()
    browser.log_in("Anna")
    assert browser.get("codebooks").json() == []
    texts = (Translation(language="en", text="{1} objects seen at {2}."), Translation(language="ru", text="{1}, {2}."))
    book = Codebook(code_word="ZENIT", messages=(CodedMessage(number=7, texts=texts),))
    house.centre.say(book)
    house.pair.turn(2)
    (listed,) = browser.get("codebooks").json()
    assert (listed["code_word"], listed["lacking"]) == ("ZENIT", ["east"])
    assert listed["messages"] == [{"number": 7, "texts": {one.language: one.text for one in texts}, "blanks": 2}]
    house.pair.centres["east"].say(book)
    house.pair.turn(2)
    assert browser.get("codebooks").json()[0]["lacking"] == []
