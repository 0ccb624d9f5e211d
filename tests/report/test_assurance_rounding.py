"""What the assurance page draws and rounds never claims more than the brackets behind it."""

import synthetic_assurance as made
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tocsin.assure.result import Bracket
from tocsin.report import assurance_words as said
from tocsin.report.figures.threshold import found_steps, proved_steps

speeds = st.one_of(st.none(), st.floats(0.5, 10.0))
END_S = 700.0


def number(text: str) -> float:
    return float(text.removesuffix(" km/s"))


@given(st.floats(0.01, 11.2), st.integers(1, 3))
def test_proved_is_rounded_down_and_found_up(speed, digits):
    assert number(said.low(speed, digits)) <= speed + 1e-9
    assert number(said.high(speed, digits)) >= speed - 1e-9
    assert number(said.high(speed, digits)) - number(said.low(speed, digits)) < 1.001 * 10**-digits


def test_a_value_on_the_grid_stays():
    assert said.low(6.29) == said.high(6.29) == "6.29 km/s"
    assert said.low(2.633, 3) == "2.633 km/s"
    assert said.low(1.5465) == "1.54 km/s"
    assert said.high(1.8339) == "1.84 km/s"
    assert said.percent(0.99999) == "99.9%"
    assert said.percent(1.0) == "100.0%"


def test_a_bracket_is_wider_in_the_speed_of_the_question():
    """1.63 and 1.84 km/s in flight are 2.545 and 2.6764 km/s on the arc: 5% there is 11.5% here, and both are said."""
    base = made.bracket(0.0)
    one = replace(base, low_km_s=2.545, high_km_s=2.6764, width=0.0491, low_meant_km_s=1.63, high_meant_km_s=1.84)
    assert (said.width(one), said.meant_width(one)) == ("5.0%", "11.5%")
    assert said.meant_width(replace(one, high_meant_km_s=None)) == ""


@st.composite
def some_brackets(draw) -> list[Bracket]:
    delays = sorted(draw(st.sets(st.integers(0, 600), min_size=1, max_size=8)))
    base = made.bracket(0.0)
    fields = {name: getattr(base, name) for name in base.__struct_fields__}
    return [
        Bracket(**fields | {"delay_s": float(d), "low_meant_km_s": draw(speeds), "high_meant_km_s": draw(speeds)})
        for d in delays
    ]


def proved_at(brackets, delay_s: float) -> float | None:
    """The textbook way: a proof for commitments from its delay on holds at every later one."""
    held = [b.low_meant_km_s for b in brackets if b.delay_s <= delay_s and b.low_meant_km_s is not None]
    return max(held, default=None)


def found_at(brackets, delay_s: float) -> float | None:
    """The textbook way: an engagement found at a delay is open to every earlier commitment."""
    reached = [b.high_meant_km_s for b in brackets if b.delay_s >= delay_s and b.high_meant_km_s is not None]
    return min(reached, default=None)


@given(some_brackets(), st.floats(0.001, 0.999))
def test_stairs_are_what_the_brackets_say(brackets, share):
    proved, found = proved_steps(brackets, END_S), found_steps(brackets)
    for before, after in zip(brackets, [*brackets[1:], None], strict=True):
        end = after.delay_s if after else END_S
        t = before.delay_s + share * (end - before.delay_s)
        assert [s.speed_km_s for s in proved if s.from_s <= t < s.to_s] == [
            v for v in [proved_at(brackets, t)] if v is not None
        ]
        assert [s.speed_km_s for s in found if s.from_s < t <= s.to_s] == [
            v for v in [found_at(brackets, t)] if v is not None and after is not None
        ]


def test_the_lead_says_the_printed_numbers():
    told = " ".join(said.lead(made.result()))
    first, last = made.result().brackets[0], made.result().brackets[-1]
    for number_text in (
        said.low(first.low_meant_km_s), said.low(last.low_meant_km_s),
        said.high(first.high_meant_km_s), said.high(last.high_meant_km_s),
    ):  # fmt: skip
        assert number_text in told
