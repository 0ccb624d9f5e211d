"""A store that cannot be read is an outage with the file's name, never a stray database error."""

import threading

import pytest

from tocsin.errors import Outage
from tocsin.node.adapters.sqlite import Database, SqliteCells, SqliteLog


def test_reads_of_a_store_that_is_gone(tmp_path):
    database = Database(tmp_path / "store.db")
    log = SqliteLog(database, "west")
    database.close()
    for read in (lambda: log.entries(0, 1), lambda: log.tile(0, 0), lambda: log.first_receipt(0)):
        with pytest.raises(Outage, match=r"store\.db"):
            read()


def test_cells_that_are_gone(tmp_path):
    cells = SqliteCells(tmp_path / "cells.db")
    cells.close()
    with pytest.raises(Outage, match=r"cells\.db"):
        cells.load("x")


def test_what_one_thread_writes_another_reads_once_it_is_durable(tmp_path):
    database = Database(tmp_path / "store.db")
    log = SqliteLog(database, "west")
    log.put_entries(0, [b"one", b"two"])
    assert log.entries(0, 9) == [b"one", b"two"]  # by whoever wrote it
    elsewhere = []
    reader = threading.Thread(target=lambda: elsewhere.append(log.entries(0, 9)))
    reader.start()
    reader.join()
    log.sync()
    reader = threading.Thread(target=lambda: elsewhere.append(log.entries(0, 9)))
    reader.start()
    reader.join()
    assert elsewhere == [[], [b"one", b"two"]]
    database.close()


def test_the_wal_is_copied_beside_what_goes_on(tmp_path):
    database = Database(tmp_path / "store.db")
    log = SqliteLog(database, "west")
    for start in range(0, 6_000, 1_500):
        log.put_entries(start, [bytes(1_000)] * 1_500)
        log.put_tiles({(0, start // 256): bytes(8_192)})
        log.sync()
    assert database._copying is not None
    database._copying.join()
    alone = tmp_path / "alone.db"
    alone.write_bytes((tmp_path / "store.db").read_bytes())
    assert len(SqliteLog(Database(alone), "west").entries(0, 9_000)) >= 4_500
    assert len(log.entries(0, 9_000)) == 6_000
    database.close()
