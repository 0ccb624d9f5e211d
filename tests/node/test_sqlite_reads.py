"""A store that cannot be read is an outage with the file's name, never a stray database error."""

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
