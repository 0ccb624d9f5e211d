"""The terminal's tables and the words they share with the page."""

import io

import msgspec
import pytest
import synthetic_comparison as made
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from tocsin.report import side_by_side, timeline, words
from tocsin.report.figures import scale

replace = msgspec.structs.replace


def printed(what, width: int = 100) -> str:
    out = io.StringIO()
    Console(file=out, width=width, color_system=None, force_terminal=False).print(what)
    return out.getvalue()


def test_side_by_side_fits_a_hundred_columns():
    text = printed(side_by_side(made.comparison()))
    assert max(map(len, text.splitlines())) <= 100
    assert "…" not in text
    for word in ("separate", "notify", "connected", "joint", "never in this run", "ADOPTED", "T+1 min 36 s"):
        assert word in text


def test_timeline_tells_truth_from_parties_and_ends_with_the_verdict():
    text = printed(timeline(made.runs()[3]))
    assert max(map(len, text.splitlines())) <= 100
    assert "06:24:41Z" in text
    assert "(truth)" in text
    assert "T−18 h 24 min" in text
    assert "Decision: ADOPTED at T+2 min 21 s." in text
    assert text.rstrip().endswith("Verified means authentic, unaltered, as held; it never means true.")


def test_unverified_logs_shout():
    run = replace(made.runs()[0], verified=False)
    assert "LOGS NOT VERIFIED." in printed(timeline(run))
    empty = replace(run, timeline=(), finding="", decision="")
    assert "no events" in printed(timeline(empty))


def test_markup_and_control_characters_are_shown_not_obeyed():
    entry = replace(made.runs()[0].timeline[1], text="[bold red]x[/] \x1b[2J\u202e\x07", party="[link=a]", kind="[/]")
    text = printed(timeline(replace(made.runs()[0], timeline=(entry,), verdict="[/x]", title="[b]")))
    assert "[bold red]x[/]" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


@settings(deadline=None)
@given(st.text())
def test_clean_text_is_one_printable_line(text):
    clean = words.clean(text)
    assert "\n" not in clean
    assert all(c.isprintable() or c in " \ufffd\u00a0\u3000" or c.isspace() for c in clean)
    assert words.clean(clean) == clean


@pytest.mark.parametrize(
    ("t_s", "text"),
    [
        (None, "never in this run"), (0, "T+0 s"), (-0.2, "T+0 s"), (41.4, "T+41 s"), (60, "T+1 min"),
        (95, "T+1 min 35 s"), (3599.6, "T+1 h"), (7260, "T+2 h 01 min"), (-66240, "T−18 h 24 min"),
        (-2505600, "T−29 d"),
    ],
)  # fmt: skip
def test_moments_in_words(t_s, text):
    assert words.moment(t_s) == text


@pytest.mark.parametrize(
    ("km", "text"),
    [(None, "not stated"), (0.351, "0.35 km"), (4.24, "4.2 km"), (9.96, "10 km"), (1240.4, "1,240 km")],
)
def test_distances_in_words(km, text):
    assert words.km(km) == text


def test_other_words():
    assert words.position(-12.345, -0.5) == "12.35° S, 0.50° W"
    sizes = [words.size(n) for n in (912, 1230, 48_400, 999_499, 1_200_000)]
    assert sizes == ["912 B", "1.2 kB", "48 kB", "999 kB", "1.2 MB"]
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.zulu("1995-01-25T06:24:00Z", 96) == "06:25:36Z"
    assert words.zulu("unknown", 96) == ""
    assert words.clock("1995-01-25T06:25:36Z", "1995-01-25T06:24:00Z") == "06:25:36Z"
    assert words.clock("1995-01-24T12:00:00Z", "1995-01-25T06:24:00Z") == "1995-01-24 12:00:00Z"
    assert words.tight("T+1 min 35 s, 4 km, 3 sides") == "T+1\u00a0min\u00a035\u00a0s, 4\u00a0km, 3 sides"


@settings(deadline=None)
@given(st.floats(60, 1e5))
def test_time_ticks_are_few_whole_minutes(end_s):
    ticks = scale.time_ticks(0, end_s)
    assert 1 <= len(ticks) <= 6
    assert all(t % 60 == 0 for t in ticks)


@settings(deadline=None)
@given(st.lists(st.floats(1e-6, 1e7), max_size=5))
def test_decades_hold_the_values(values):
    low, high = scale.decades(values)
    assert low < high
    assert all(low <= max(v, 0.01) * 1.0000001 and v <= high * 1.0000001 for v in values)
    assert scale.decade_ticks(low, high)[0] == pytest.approx(low)
