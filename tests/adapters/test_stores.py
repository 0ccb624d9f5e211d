"""One set of tests for every store: what the ports promise holds for memory, SQLite and PostgreSQL alike."""

import time

import pytest

from tocsin.errors import Outage, Refusal
from tocsin.log.memory import ManualClock, MemoryCells
from tocsin.log.signers import log_signers, mirror_signers
from tocsin.log.writer import LogWriter
from tocsin.mirror import Mirror
from tocsin.mirror.memory import MemoryMirrorStore
from tocsin.node.adapters.sqlite import Database, SqliteCells, SqliteLog

from .servers import Postgres

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    made = Postgres(tmp_path_factory.mktemp("postgres")).start()
    yield made
    made.stop()


class Stores:
    """How a kind of store is opened, and opened again."""

    def __init__(self, kind, tmp_path, request):
        self.kind, self._path, self._memory = kind, tmp_path, ({}, MemoryCells())
        self._conninfo = request.getfixturevalue("server").conninfo() if kind == "postgres" else ""
        self._open = []
        if kind == "postgres":
            database = self._postgres()
            database.write(__import__("psycopg").sql.SQL("TRUNCATE entry, tile, receipt, cell"), [()])
            database.commit()

    def _postgres(self):
        from tocsin.node.adapters.postgres import PostgresDatabase

        self._open.append(PostgresDatabase(self._conninfo))
        return self._open[-1]

    def log(self, name="a"):
        if self.kind == "memory":
            return self._memory[0].setdefault(name, MemoryMirrorStore())
        if self.kind == "sqlite":
            self._open.append(Database(self._path / "store.db"))
            return SqliteLog(self._open[-1], name)
        from tocsin.node.adapters.postgres import PostgresLog

        return PostgresLog(self._postgres(), name)

    def cells(self):
        if self.kind == "memory":
            return self._memory[1]
        if self.kind == "sqlite":
            self._open.append(SqliteCells(self._path / "cells.db"))
            return self._open[-1]
        from tocsin.node.adapters.postgres import PostgresCells

        return PostgresCells(self._postgres())

    def close(self):
        for one in self._open:
            one.close()
        self._open.clear()


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def stores(request, tmp_path):
    made = Stores(request.param, tmp_path, request)
    yield made
    made.close()


def test_entries_tiles_and_receipts(stores):
    log, other = stores.log("a"), stores.log("b") if stores.kind == "memory" else None
    log.put_entries(0, [b"zero", b"\x00\xff", b"", b"three"])
    log.put_entries(2, [b"two"])
    assert list(log.entries(0, 10)) == [b"zero", b"\x00\xff", b"two"]
    assert list(log.entries(1, 2)) == [b"\x00\xff"] and list(log.entries(5, 9)) == []
    log.put_tiles({(0, 0): b"a" * 32, (1, 0): b"b" * 32})
    log.put_tiles({(0, 0): b"c" * 64})
    assert (log.tile(0, 0), log.tile(1, 0), log.tile(0, 1)) == (b"c" * 64, b"b" * 32, b"")
    log.sync()
    log.put_receipt(3, b"note")
    log.put_receipt(3, b"later note")
    log.put_receipt(7, b"other")
    assert log.first_receipt(0) == log.first_receipt(2) == (3, b"later note")
    assert (log.first_receipt(3), log.first_receipt(7)) == ((7, b"other"), None)
    log.drop_receipts([3, 5])
    assert (log.first_receipt(0), log.first_receipt(7)) == ((7, b"other"), None)
    assert other is None or list(other.entries(0, 9)) == []


def test_what_was_dropped_leaves_holes_and_can_come_back(stores):
    log = stores.log("a")
    log.put_entries(0, [b"%d" % number for number in range(6)])
    log.sync()
    log.drop_entries([1, 2, 4])
    assert list(log.sparse(0, 9)) == [(0, b"0"), (3, b"3"), (5, b"5")] and list(log.sparse(1, 3)) == []
    assert list(log.entries(0, 6)) == [b"0"] and list(log.entries(1, 6)) == [] and list(log.entries(5, 6)) == [b"5"]
    log.put_entries(6, [b"6"])
    log.fill_entries([(1, b"1"), (2, b"2"), (4, b"4")])
    assert list(log.entries(0, 9)) == [b"%d" % number for number in range(7)]


def test_what_was_synced_is_there_after_opening_again(stores):
    log = stores.log()
    log.put_entries(0, [b"kept"])
    log.sync()
    log.put_entries(1, [b"not synced"])
    if stores.kind != "memory":
        stores.close()
        assert list(stores.log().entries(0, 9)) == [b"kept"]


def test_cells_compare_and_set_across_connections(stores):
    one, two = stores.cells(), stores.cells()
    assert one.load("log") is None
    assert one.swap("log", None, b"1") and not two.swap("log", None, b"2")
    assert two.load("log") == b"1"
    assert two.swap("log", b"1", b"2") and not one.swap("log", b"1", b"3")
    assert one.load("log") == b"2"


def test_a_log_and_its_mirror_live_in_it(stores):
    """Writer and gate over the store, taken up again by new ones."""
    clock, signers = ManualClock(1_000), log_signers("log.example", b"k", hybrid=False)
    cells, store, held = stores.cells(), stores.log("log"), stores.log("mirror")
    cosigners = mirror_signers("mirror.example", b"m", hybrid=False)
    for begin in (0, 300):
        writer = LogWriter.open("log.example", store, cells, signers, clock)
        mirror = Mirror("log.example", writer.keys, held, cells, clock, cosigners)
        assert writer.size == mirror.size == begin
        writer.append([b"%d" % number for number in range(begin, begin + 300)])
        note = writer.commit()
        entries = writer.entries(begin, begin + 300)
        mirror.offer(note, begin, entries, writer.consistency(begin) if begin else [])
    assert [entry.data for entry in mirror.entries(598, 600)] == [b"598", b"599"]


def test_a_second_writer_is_stopped(stores):
    clock, signers = ManualClock(1_000), log_signers("log.example", b"k", hybrid=False)
    first = LogWriter.open("log.example", stores.log("log"), stores.cells(), signers, clock)
    second = LogWriter.open("log.example", stores.log("log"), stores.cells(), signers, clock)
    first.append([b"a"])
    first.commit()
    second.append([b"b"])
    from tocsin.log.errors import StoreConflict

    with pytest.raises(StoreConflict):
        second.commit()


@pytest.mark.parametrize("settings", [{"synchronous_commit": "off"}, {"synchronous_commit": "local"}])
def test_a_server_that_could_fork_a_log_is_refused(server, settings):
    from tocsin.node.adapters.postgres import PostgresDatabase

    with pytest.raises(Refusal, match="synchronous_commit"):
        PostgresDatabase(server.conninfo(**settings))
    with pytest.raises(Refusal, match="standby"):
        PostgresDatabase(server.conninfo(), standby=True)


def test_a_power_cut_of_the_server(tmp_path):
    """What was synced survives; meanwhile there is an outage, and afterwards the same object goes on."""
    from tocsin.node.adapters.postgres import PostgresCells, PostgresDatabase, PostgresLog

    server = Postgres(tmp_path).start()
    database, beside = (PostgresDatabase(server.conninfo()) for _ in range(2))
    try:
        log, cells = PostgresLog(database, "a"), PostgresCells(beside)
        log.put_entries(0, [b"kept"])
        log.sync()
        assert cells.swap("c", None, b"kept")
        log.put_entries(1, [b"lost"])
        server.kill()
        with pytest.raises(Outage):
            log.put_entries(1, [b"lost"])
        server.start()
        for _ in range(300):
            try:
                assert list(log.entries(0, 9)) == [b"kept"] and cells.load("c") == b"kept"
                break
            except Outage:
                time.sleep(0.1)
        log.put_entries(1, [b"again"])
        log.sync()
        assert list(log.entries(0, 9)) == [b"kept", b"again"]
    finally:
        database.close()
        beside.close()
        server.stop()
