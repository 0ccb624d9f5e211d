"""A report on paper: a PDF of several pages by the browser that is here, and plain words where there is none."""

import re
import sys
from pathlib import Path

import pytest

from tocsin.app import printing
from tocsin.app.main import main
from tocsin.errors import Outage, Refusal

sys.path.insert(0, str(Path(__file__).parents[1] / "report"))
import synthetic_comparison

from tocsin.report import comparison_html


def page_count(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.fixture
def nothing_here(monkeypatch, tmp_path):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(printing, "_MAC", tmp_path / "none")


def program(folder: Path, script: str) -> str:
    path = folder / "chromium"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


@pytest.mark.servers
@pytest.mark.slow
def test_a_report_is_printed_as_a_pdf_of_several_pages(tmp_path):
    try:
        chromium = printing.browser()
    except Refusal as why:
        pytest.skip(str(why))
    page, paper = tmp_path / "report.html", tmp_path / "report.pdf"
    page.write_text(comparison_html(synthetic_comparison.comparison()), encoding="utf-8")
    printing.print_pdf(page, paper, chromium)
    data = paper.read_bytes()
    assert data.startswith(b"%PDF-1.")
    assert page_count(data) > 2
    assert b"IBMPlexSans" in data


def test_without_a_browser_it_says_what_to_install(nothing_here):
    with pytest.raises(Refusal, match=r"apt install chromium.*CHROMIUM.*HTML"):
        printing.browser()


def test_a_browser_that_is_named_and_away_is_named(nothing_here, monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(Refusal, match="/nowhere/chromium"):
        printing.browser()


def test_the_command_refuses_before_it_plays(nothing_here, capsys, tmp_path):
    with pytest.raises(SystemExit) as ended:
        main(("compare", "andoya-1995", "--pdf", "--out", str(tmp_path / "runs")))
    assert ended.value.code == 2
    assert "apt install chromium" in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


def test_the_named_browser_goes_first(nothing_here, monkeypatch, tmp_path):
    monkeypatch.setenv("CHROMIUM", program(tmp_path, "exit 0"))
    assert printing.browser() == str(tmp_path / "chromium")


def test_a_browser_that_prints_nothing_is_an_outage_with_its_last_words(tmp_path):
    failing = program(tmp_path, "echo first >&2; echo no display >&2; exit 1")
    with pytest.raises(Outage, match=r"printed no PDF of .*page\.html.*no display"):
        printing.print_pdf(tmp_path / "page.html", tmp_path / "report.pdf", failing)
    assert not (tmp_path / "report.pdf").exists()


def test_what_is_no_pdf_is_not_kept(tmp_path):
    wrong = program(tmp_path, 'for a; do case $a in --print-to-pdf=*) echo html > "${a#*=}";; esac; done')
    with pytest.raises(Outage, match="a PDF file was expected"):
        printing.print_pdf(tmp_path / "page.html", tmp_path / "report.pdf", wrong)
    assert not (tmp_path / "report.pdf").exists()


def test_a_browser_that_hangs_is_given_up(tmp_path):
    with pytest.raises(Outage, match="nothing within"):
        printing.print_pdf(tmp_path / "page.html", tmp_path / "r.pdf", program(tmp_path, "exec /bin/sleep 20"), 0.2)
