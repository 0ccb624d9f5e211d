"""The life of a notification, from whatever entries there are and in whatever order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_sky import LAUNCH_NS, SECOND_NS, Entry, Log, announced, notice_1995, reference

from tocsin.assess import acknowledged, denials, notices
from tocsin.wire.bodies import Acknowledgement, Circle, NegativeStatement, Notification, Retraction, Window

NAME = "PLN/NO/1995/001/001/01"
DAY_NS = 86_400 * SECOND_NS
START_NS, END_NS = LAUNCH_NS - 10 * DAY_NS, LAUNCH_NS + 16 * DAY_NS


def follow(number: str, form: str, **fields) -> Notification:
    return Notification(identifier=NAME[:-2] + number, format=form, refers_to=NAME, addressee="x", **fields)


def window(start_ns: int, end_ns: int) -> Window:
    return Window(start_tai_us=start_ns // 1_000, end_tai_us=end_ns // 1_000)


def test_stages_of_a_window():
    (notice,) = announced(notice_1995())
    assert (notice.identifier, notice.party, notice.problems) == (NAME, "west", ())
    times = {START_NS - 1: "announced", START_NS: "open", END_NS: "open", END_NS + 1: "expired"}
    assert {t: notice.stage(t) for t in times} == times


def test_extension_cancellation_and_launch():
    log = Log("west")
    log.say(notice_1995(), START_NS - DAY_NS)
    log.say(follow("02", "window-extension", window=window(START_NS, END_NS + 5 * DAY_NS)), END_NS - DAY_NS)
    (notice,) = notices(log.entries)
    assert notice.stage(END_NS + DAY_NS) == "open"
    log.say(follow("04", "cancellation"), END_NS)
    (notice,) = notices(log.entries)
    assert (notice.stage(END_NS - 1), notice.stage(END_NS)) == ("open", "cancelled")
    log.say(follow("03", "post-launch", actual_time_tai_us=(END_NS + DAY_NS) // 1_000), END_NS + DAY_NS)
    (notice,) = notices(log.entries)
    assert notice.stage(END_NS + DAY_NS) == "launched"
    assert notice.problems == ("launched after it had been cancelled",)


@pytest.mark.parametrize(
    ("said", "t_ns", "problem"),
    [
        ([notice_1995()], START_NS + SECOND_NS, "announced after its window had begun"),
        ([notice_1995(), notice_1995()], START_NS - 1, "announced twice"),
        ([notice_1995(), notice_1995(apogee_km=1.0)], START_NS - 1,
         "announced again with other content: the first is kept"),
        ([notice_1995(), follow("02", "window-extension", window=window(END_NS, END_NS + DAY_NS))], END_NS + SECOND_NS,
         "extended after its window had ended"),
        ([notice_1995(), follow("03", "post-launch", actual_time_tai_us=(END_NS + DAY_NS) // 1_000)], START_NS - 1,
         "launched outside its window"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(said, t_ns, problem):
    (notice,) = announced(*said, t_ns=t_ns)
    assert problem in notice.problems
    assert notice.announcement.apogee_km == 1_400.0


def test_a_post_launch_message_may_stand_alone():
    body = Notification(
        identifier=NAME[:-2] + "03", format="post-launch", addressee="x", actual_time_tai_us=LAUNCH_NS // 1_000
    )
    (notice,) = announced(body)
    assert (notice.stage(LAUNCH_NS), notice.actual_t_tai_ns) == ("launched", LAUNCH_NS)


def test_acknowledged_by_a_person_of_which_party():
    log, partner = Log("west"), Log("east/own")
    entry = log.say(notice_1995())
    partner.say(Acknowledgement(officer="N. N.", role="duty-officer"), LAUNCH_NS, [reference(entry)])
    (notice,) = found = notices(log.entries + partner.entries)
    assert (notice.read_by("east"), notice.read_by("south")) == (True, False)
    assert [acknowledged(found, party)(notice) for party in ("east", "south", "west")] == [True, False, True]


def test_another_entry_under_the_same_place_is_not_acknowledged():
    log, partner = Log("west"), Log("east")
    log.say(notice_1995())
    other = Entry("west", 0, b"something else")
    partner.say(Acknowledgement(officer="N. N.", role="duty-officer"), LAUNCH_NS, [reference(other)])
    assert not notices(log.entries + partner.entries)[0].read_by("east")


def test_only_the_author_takes_back():
    log, partner = Log("west"), Log("east")
    entry = log.say(notice_1995())
    partner.say(Retraction(because="we do not believe it"), LAUNCH_NS, [reference(entry, "retracts")])
    (notice,) = notices(log.entries + partner.entries)
    assert notice.stage(LAUNCH_NS) == "open"
    log.say(Retraction(because="wrong pad"), LAUNCH_NS, [reference(entry, "retracts")])
    (notice,) = notices(log.entries + partner.entries)
    assert (notice.stage(LAUNCH_NS - 1), notice.stage(LAUNCH_NS), notice.because) == ("open", "retracted", "wrong pad")


def test_only_the_author_extends_and_cancels():
    partner = Log("east")
    log = Log("west")
    log.say(notice_1995())
    partner.say(follow("04", "cancellation"), START_NS)
    (notice,) = notices(log.entries + partner.entries)
    assert notice.stage(LAUNCH_NS) == "open"


def test_negative_statements():
    log = Log("east")
    area = Circle(latitude_deg=70.0, longitude_deg=30.0, radius_km=500.0)
    entry = log.say(NegativeStatement(area=area, window=window(LAUNCH_NS, END_NS)))
    assert [(d.party, d.statement.area) for d in denials(log.entries)] == [("east", area)]
    log.say(Retraction(because="submarine not asked"), LAUNCH_NS, [reference(entry, "retracts")])
    assert denials(log.entries) == ()


def whole_story() -> list[Entry]:
    log, partner = Log("west"), Log("east")
    entry = log.say(notice_1995(), START_NS - DAY_NS)
    log.say(follow("02", "window-extension", window=window(START_NS, END_NS + DAY_NS)), START_NS)
    log.say(follow("03", "post-launch", actual_time_tai_us=LAUNCH_NS // 1_000))
    log.say(notice_1995(identifier="PLN/NO/1995/001/002/01"), START_NS)
    partner.say(notice_1995(), START_NS)
    partner.say(Acknowledgement(officer="N. N.", role="duty-officer"), LAUNCH_NS, [reference(entry)])
    return [*log.entries, *partner.entries, Entry("south", 0, b"\x00")]


STORY = whole_story()


@settings(max_examples=30)
@given(st.permutations(STORY), st.lists(st.sampled_from(STORY), max_size=4))
def test_a_function_of_the_set(order, again):
    assert notices([*order, *again]) == notices(STORY)
    assert [(n.party, n.identifier[-6:]) for n in notices(STORY)] == [
        ("east", "001/01"), ("west", "001/01"), ("west", "002/01"),
    ]  # fmt: skip
