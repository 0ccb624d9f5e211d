"""Flight tables: good rows read, bad rows named, files that are no tables refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import BadEvidence
from tocsin.study.flights import Flights, read_csv, shipped

HEADER = "date,time_utc,vehicle,site,site_lat_deg,site_lon_deg,bearing_deg,apogee_km,range_km"
GOOD = "2016-06-21,23:03,musudan,wonsan,39.1677,127.4817,73,1400,400"


def table(*rows, header=HEADER):
    return "\n".join([header, *rows, ""]).encode()


def test_a_row_is_read():
    (row,) = read_csv(table(GOOD)).rows
    assert (row.line, row.date, row.time_utc, row.vehicle) == (2, "2016-06-21", "23:03", "musudan")
    assert (row.site_lat_deg, row.bearing_deg, row.apogee_km, row.range_km) == (39.1677, 73.0, 1400.0, 400.0)
    assert row.flight_min is None


def test_columns_in_any_order_with_others_between_them_and_a_byte_order_mark():
    header = "colour," + ",".join(reversed(HEADER.split(","))) + ",flight_min"
    row = "blue," + ",".join(reversed(GOOD.split(","))) + ",23.5"
    (found,) = read_csv(b"\xef\xbb\xbf" + table(row, header=header)).rows
    assert (found.vehicle, found.flight_min) == ("musudan", 23.5)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("2016-06-21", "21.06.2016", "date: YYYY-MM-DD expected, got '21.06.2016'"),
        ("2016-06-21", "2016-02-30", "date: "),
        ("23:03", "25:03", "time_utc: "),
        ("23:03", "11 pm", "time_utc: "),
        ("musudan", "", "vehicle: 1 to 200 printable characters expected, got nothing"),
        ("musudan", "mus\x1b[31mudan", "vehicle: "),
        ("39.1677", "91", "site_lat_deg: number in -90 .. 90 expected, got '91'"),
        ("39.1677", "", "site_lat_deg: number in -90 .. 90 expected, got nothing"),
        ("127.4817", "127,4817", "cells expected"),
        ("127.4817", "nan", "site_lon_deg: "),
        ("127.4817", "inf", "site_lon_deg: "),
        (",73,", ",360,", "bearing_deg: "),
        (",73,", ",-1,", "bearing_deg: "),
        (",1400,", ",-1400,", "apogee_km: "),
        (",1400,", ",1e999,", "apogee_km: "),
        (",1400,", ",1_400,", "apogee_km: "),
        (",1400,", ",١٤٠٠,", "apogee_km: "),
        (",400", ",0", "range_km: number in 10 .. 15000 expected, got '0'"),
        (",400", ",400 km", "range_km: "),
        (",400", "", "9 cells expected, got 8"),
    ],
)
def test_a_bad_row_is_skipped_and_named_and_the_rest_is_read(before, after, said):
    found = read_csv(table(GOOD, GOOD.replace(before, after), GOOD))
    assert [row.line for row in found.rows] == [2, 4]
    (skipped,) = found.skipped
    assert skipped.line == 3
    assert said in skipped.reason
    assert skipped.reason.isprintable()


def test_everything_that_is_wrong_with_a_row_is_said():
    (skipped,) = read_csv(table("x,y,musudan,wonsan,95,127,73,1400,400")).skipped
    assert [part.split(":")[0] for part in skipped.reason.split("; ")] == ["date", "time_utc", "site_lat_deg"]


def test_a_published_time_that_is_no_number_spoils_its_row():
    found = read_csv(table(GOOD + ",23", GOOD + ",about 20", GOOD + ",", header=HEADER + ",flight_min"))
    assert [row.flight_min for row in found.rows] == [23.0, None]
    assert found.skipped[0].reason == "flight_min: number in 0.5 .. 180 expected, got 'about 20'"


def test_empty_lines_are_nothing():
    assert read_csv(table("", GOOD, ",,,,,,,,", "")).skipped == ()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "columns date"),
        (b"\xff\xfe", "UTF-8 expected"),
        (GOOD.encode(), "columns date"),
        (table(GOOD, header=HEADER.replace("range_km", "reach_km")), "columns range_km expected"),
        (table(GOOD + ",1", header=HEADER + ",range_km"), "column range_km expected once"),
        (table('"' + GOOD), "CSV expected"),
        (table("x" * 200_000), "CSV expected"),
    ],
)
def test_a_file_that_is_no_such_table_is_bad_evidence(data, said):
    with pytest.raises(BadEvidence, match=said) as refused:
        read_csv(data)
    assert data.startswith(refused.value.evidence[:10])


def test_a_path_is_read_too(tmp_path):
    path = tmp_path / "flights.csv"
    path.write_bytes(table(GOOD))
    assert read_csv(path) == read_csv(str(path)) == read_csv(table(GOOD))


@given(st.binary(max_size=300))
def test_no_bytes_break_it(data):
    for attempt in (data, table(GOOD) + data):
        try:
            found = read_csv(attempt)
        except BadEvidence:
            continue
        assert isinstance(found, Flights)


def test_the_shipped_tables():
    public, dprk = shipped("flights_public"), shipped("flights_dprk")
    assert (len(public.rows), len(public.skipped)) == (34, 9)
    assert (len(dprk.rows), dprk.skipped) == (138, ())
    assert all(row.mark in ("S", "U") for row in public.rows)
    assert len({row.row for row in public.rows}) == len(public.rows)
