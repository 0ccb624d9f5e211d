"""The page of all cases: well formed, escaped; where sharing hurt or did nothing it says so as plainly as elsewhere."""

import html_checks
import msgspec
import pytest
import synthetic_comparison as made
from rich.console import Console

from tocsin.report import library_html, library_table
from tocsin.report.library import lead, sentences
from tocsin.study.library import Row, gather, slim

replace = msgspec.structs.replace


def library(*comparisons):
    return gather(list(comparisons or (slim(made.comparison()),)), 1995, "tocsin compare --all", "0.1.0")


@pytest.fixture(scope="module")
def page():
    return library_html(library())


def test_the_page_passes_every_check(page):
    assert {check.__name__: check(page) for check in html_checks.ALL} == {c.__name__: [] for c in html_checks.ALL}


def test_the_page_repeats_to_the_byte_and_names_its_command(page):
    assert library_html(library()) == page
    assert "tocsin compare --all" in page


def test_minutes_of_both_tiers_stand_with_their_range(page):
    assert "west, officer" in page and "east, capital" in page
    assert "too late" in page


def row(**changes):
    fields = {name: getattr(library().rows[0], name) for name in Row.__struct_fields__}
    return Row(**(fields | changes))


def test_what_hurt_and_what_changed_nothing_is_said_in_sentences():
    rows = (
        row(title="One", regime="joint", effect="hurt", reasons=("explained later",)),
        row(title="Two", regime="joint", effect="no difference", reasons=()),
        row(title="Two", regime="separate", effect="baseline", reasons=()),
        row(title="Three", regime="joint", nature="attack", effect="hurt", reasons=("away",), explained_away=True),
    )
    said = sentences(replace(library(), rows=rows))
    assert "Sharing hurt, or helped one and hurt another: One under joint: explained later." in said
    assert "No regime changed anything that is measured here: Two." in said
    assert "Real attacks explained away, of 1 runs with one: Three under joint." in said


def test_the_answer_counts_the_cases_of_every_regime():
    told = lead(library())
    assert all(f"{regime}: " in told for regime in ("notify", "connected", "joint"))
    assert "separate: " not in told
    only = replace(library(), regimes=("separate",))
    assert lead(only) == "No regime was held against another."


def test_hostile_text_of_a_case_stays_text():
    bad = '<script>alert(1)</script>\x1b[31m\u202e{{ 7*7 }}'
    c = replace(slim(made.comparison()), title=bad, summary=bad, history=(bad,), needed=(bad,), unknown=(bad,))
    page = library_html(library(c))
    assert "<script" not in page
    assert "\x1b" not in page and "\u202e" not in page
    assert html_checks.nesting(page) == []


def test_the_table_of_a_terminal_has_every_case_and_regime():
    shown = Console(width=110)
    with shown.capture() as capture:
        shown.print(library_table(library()))
    text = capture.get()
    assert "andoya-1995" in text
    assert all(run.regime in text for run in made.runs())
