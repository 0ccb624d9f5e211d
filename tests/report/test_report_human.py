"""Minutes and margins of people in the report, and the rule that every figure and table names its source."""

import re

import msgspec
import pytest
import synthetic_comparison as made

from tocsin.report import comparison_html, human
from tocsin.report.comparison import figures
from tocsin.report.figures import budget

replace = msgspec.structs.replace
CAPTION = re.compile(r"<(caption|figcaption)\b.*?</\1>", re.DOTALL)


def unsourced(html):
    """Captions that do not say where their data come from."""
    captions = [match.group() for match in CAPTION.finditer(html)]
    return [c for c in captions if not re.search(r'<span class="source">Source: [^<]{5,}', c)]


@pytest.fixture(scope="module")
def page():
    return comparison_html(made.comparison())


def test_every_figure_and_table_names_its_source(page):
    assert len(CAPTION.findall(page)) >= 7 + 5
    assert unsourced(page) == []
    assert all(figure.sources.strip() for figure in figures(made.comparison()))


def test_a_caption_without_a_source_is_caught():
    assert unsourced("<caption><b>Table 1.</b></caption>")
    assert unsourced('<figcaption>x <span class="source">Source: </span></figcaption>')


def test_figures_and_tables_are_numbered_in_the_order_of_the_page(page):
    for kind in ("Figure", "Table"):
        numbers = [int(n) for n in re.findall(rf"<b>{kind} (\d+)\. ", page)]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) >= 6


def test_tables_stay_numbered_where_some_are_left_out():
    c = made.comparison()
    quiet = tuple(replace(run, minutes=(), margins=()) for run in c.runs)
    page = comparison_html(replace(c, facts=(), runs=quiet))
    assert [int(n) for n in re.findall(r"<b>Table (\d+)\. ", page)] == [1, 2, 3, 4]
    assert "no minutes to count" in page
    assert "no joint finding was put to the vote in any regime" in page
    assert 'id="figure-minutes"' not in page


def test_minutes_are_said_for_both_tiers_with_the_spread():
    lines = human.minute_lines(made.comparison())
    late = next(m for m in lines if (m.regime, m.who) == ("separate", "east, capital"))
    assert late.left.startswith("−")
    assert late.tone == "bad"
    assert "consult 6.0" in late.steps and "decide (capital) 9.0" in late.steps
    assert {m.late for m in lines} == {"under 1 %", "58 %"}
    assert len(lines) == 2 * 2 * 4


@pytest.mark.parametrize(
    ("part", "said"), [(0.0, "0 %"), (0.0001, "under 1 %"), (0.5, "50 %"), (0.9999, "over 99 %"), (1.0, "100 %")]
)
def test_a_share_is_never_rounded_to_never_or_always(part, said):
    assert human.share(part) == said


def test_margins_name_who_signed_when_and_who_did_not():
    connected, joint = human.margin_lines(made.comparison())
    assert joint.margin == "2 min"
    assert joint.decided == "T+2 min 21 s"
    assert joint.votes == ("west signed T+1 min 21 s", "east signed T+2 min 21 s")
    assert connected.votes[-1] == "east did not vote"
    assert (connected.decided, connected.margin) == ("not adopted", "none")
    assert human.margin_words(-4.0) == "4 s past it"


def test_axis_holds_the_flight_and_every_median():
    end = budget.axis_end_min(made.comparison())
    for run in made.runs():
        for one in run.minutes:
            assert one.flight <= end
            assert one.flight - one.left <= end
            assert budget.people_of(one, run) <= len(one.steps)


def test_what_was_too_late_says_so_in_the_chart(page):
    assert re.search(r"\d+\.\d min too late", page)
    assert budget.left_words(0.0) == "0.0 min left"
