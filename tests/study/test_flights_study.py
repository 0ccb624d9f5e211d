"""The study itself on rows that are quick to fly; the whole of it is docs/flights.md."""

import csv
import io
from pathlib import Path

import pytest

from tocsin.study import flights_report
from tocsin.study.flights import COLUMNS, main, shipped, study, to_csv

PUBLIC = shipped("flights_public")
TIMED = ("1", "2", "2r", "6", "7", "10", "13", "34", "35")
RESULTS = {one.row.row: one for one in study([row for row in PUBLIC.rows if row.row in (*TIMED, "20", "21")])}
HEADER = "date,time_utc,vehicle,site,site_lat_deg,site_lon_deg,bearing_deg,apogee_km,range_km,flight_min"


@pytest.mark.parametrize("row", ["1", "2", "6", "7", "10", "13", "35"])
def test_published_times_are_met(row):
    one = RESULTS[row]
    assert one.time_agrees
    assert abs(one.difference_min) <= max(1.0, 0.03 * one.row.flight_min)


@pytest.mark.parametrize("row", ["2r", "34"])
def test_times_that_belong_to_no_flight_with_that_apogee_are_misses(row):
    """Shorter than a fall in vacuum: a canary, a study that agrees with everything would agree with these."""
    one = RESULTS[row]
    assert one.row.flight_min < one.vacuum_min
    assert one.time_agrees is False


@pytest.mark.parametrize("row", TIMED)
def test_boost_and_air_add_up_to_five_minutes_to_the_vacuum_arc(row):
    one = RESULTS[row]
    assert one.vacuum_min < one.low_min <= one.predicted_min <= one.high_min
    assert 0.0 < one.predicted_min - one.kepler_min < 5.0


def test_rows_shaped_by_air_have_minutes_but_no_interval():
    one = RESULTS["21"]
    assert one.verdict == "not identifiable"
    assert one.predicted_min is not None
    assert one.low_min is None


def test_the_page_holds_these_results():
    page = Path(__file__).parents[2].joinpath("docs", "flights.md").read_text("utf-8")
    for row in TIMED:
        assert flights_report.time_line(RESULTS[row]) in page
    assert f"| 20 | 2024-04-01 | hwasong-16b | 101 | 1000 | 1 | {RESULTS['20'].verdict} |" in page


def test_the_csv_has_a_line_for_every_row_in_order():
    results = list(RESULTS.values())
    lines = list(csv.DictReader(io.StringIO(to_csv(results))))
    assert tuple(lines[0]) == COLUMNS
    assert [line["row"] for line in lines] == list(RESULTS)
    first = lines[0]
    assert float(first["predicted_min"]) == pytest.approx(RESULTS["1"].predicted_min, abs=0.005)
    assert (first["verdict"], first["time_agrees"], lines[-1]["published_min"]) != ("", "", "x")
    assert {line["row"]: line["time_agrees"] for line in lines}["2r"] == "no"


def test_equal_figures_are_solved_once_and_told_in_order():
    row = next(row for row in PUBLIC.rows if row.row == "19a")
    told = []
    results = study([row] * 5, lambda done, of: told.append((done, of)))
    assert told == [(n, 5) for n in range(1, 6)]
    assert len(set(results)) == 1
    assert study([row]) == results[:1]


def test_main_prints_rows_and_names_what_it_skips(tmp_path):
    path = tmp_path / "flights.csv"
    good = "2017-03-05,22:34,er-scud,sohae,39.66,124.706,77,260,1000,"
    path.write_text("\n".join([HEADER, good, good.replace("260", "high")]), "utf-8")
    out, err = io.StringIO(), io.StringIO()
    assert main(path, out, err) == 0
    (line,) = csv.DictReader(io.StringIO(out.getvalue()))
    assert (line["line"], line["verdict"]) == ("2", "consistent")
    assert 8.23 < float(line["predicted_min"]) < 11.0
    assert "line 3 skipped: apogee_km: number in 10 .. 19000 expected, got 'high'" in err.getvalue()
    assert "1 rows judged (1 consistent, 0 not identifiable, 0 inconsistent), 1 skipped" in err.getvalue()


def test_main_on_files_that_are_none(tmp_path):
    out = io.StringIO()
    assert main(tmp_path / "away.csv", out) == 2
    empty = tmp_path / "empty.csv"
    empty.write_text(HEADER, "utf-8")
    assert main(empty, out) == 1
    other = tmp_path / "other.csv"
    other.write_bytes(b"\x00\xff")
    assert main(other, out) == 2
    assert all(line.startswith("#") or line == ",".join(COLUMNS) for line in out.getvalue().splitlines())
