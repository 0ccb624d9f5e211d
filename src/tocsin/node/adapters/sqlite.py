"""Stores of a centre in SQLite: entries and tiles of its logs and mirrors, and the cells that guard against forking.

The cells live in a file of their own (L1): a restored backup of the big file must not bring back an old checkpoint.
WAL with synchronous=FULL: `sync` returns when the commit is on disk. One thread may write while another reads, which
then sees what was committed. Copying the WAL into the file is done by a thread of its own: no commit waits for it.
"""

import sqlite3
import threading
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from tocsin.errors import Outage
from tocsin.log.ports import TileId

_TABLES = """
CREATE TABLE IF NOT EXISTS entry (log TEXT, number INTEGER, data BLOB NOT NULL,
                                  PRIMARY KEY (log, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tile (log TEXT, level INTEGER, number INTEGER, data BLOB NOT NULL,
                                 PRIMARY KEY (log, level, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS receipt (log TEXT, size INTEGER, note BLOB NOT NULL, PRIMARY KEY (log, size)) WITHOUT ROWID;
"""
_CELLS = "CREATE TABLE IF NOT EXISTS cell (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"


COPY_BYTES = 4 * 1024 * 1024  # so much is written before the WAL is copied
COPY_PAGES = 16_384  # of the WAL, 64 MiB: a commit copies it after all
COPIES = 4  # what was written during one copy is copied by the next, and then the WAL begins anew
AT_ONCE = 1_000  # rows an INSERT
PATIENCE_S = 60.0


def connect(path: Path, tables: str) -> sqlite3.Connection:
    """Open or make a database. Raises Outage naming the file."""
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.executescript(tables)
    except sqlite3.Error as error:
        raise Outage(f"{path}: cannot be opened as a store ({error}); check the disk and the path") from error
    return connection


def _failed(path: Path, error: sqlite3.Error) -> Outage:
    return Outage(f"{path}: could not be written ({error}); nothing was signed, free the disk and it is tried again")


class Database:
    """One file with the entries and tiles of many logs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = connect(path, _TABLES)
        self.connection.execute(f"PRAGMA wal_autocheckpoint={COPY_PAGES}")
        self._reader = connect(path, "")
        self._turn = threading.Lock()
        self._writer = 0  # the thread whose transaction is open
        self._written = 0
        self._copying: threading.Thread | None = None

    def execute(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Write rows inside this thread's open transaction, beginning one if needed.

        `statement` ends with the place holders of one row. Many rows go in at a time: each call of SQLite gives up
        the interpreter, and in a thread of its own must wait until it gets it back.
        """
        try:
            self._begin()
            head, _, places = statement.rpartition("(")
            for start in range(0, len(rows), AT_ONCE):
                some = rows[start : start + AT_ONCE]
                values = ", ".join([f"({places}"] * len(some))
                self.connection.execute(head + values, [value for row in some for value in row])
        except sqlite3.Error as error:
            self._abandon()
            raise _failed(self.path, error) from error
        self._written += sum(len(value) for row in rows for value in row if isinstance(value, bytes))

    def delete(self, statement: str, values: tuple[object, ...]) -> None:
        """One statement that takes rows away, inside the transaction."""
        try:
            self._begin()
            self.connection.execute(statement, values)
        except sqlite3.Error as error:
            self._abandon()
            raise _failed(self.path, error) from error

    def read(self, query: str, parameters: tuple[object, ...]) -> list[tuple[Any, ...]]:
        """Rows of a query: as committed, or as this thread has written them so far.

        A disk that cannot be read is an outage, not a mistake of ours.
        """
        mine = self._writer == threading.get_ident()
        try:
            return (self.connection if mine else self._reader).execute(query, parameters).fetchall()
        except sqlite3.Error as error:
            raise Outage(f"{self.path}: could not be read ({error}); check the disk, it is tried again") from error

    def commit(self) -> None:
        """Make everything written so far durable."""
        if self._writer != threading.get_ident():
            return
        try:
            self.connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._abandon()
            raise _failed(self.path, error) from error
        self._end()
        if self._written > COPY_BYTES and (self._copying is None or not self._copying.is_alive()):
            self._written = 0
            self._copying = threading.Thread(target=_copy, args=(self.path,), name="copying the WAL")
            self._copying.start()

    def close(self) -> None:
        """Close the file; what was not synced is gone, as after a crash."""
        if self._copying is not None:
            self._copying.join()
        self._reader.close()
        self.connection.close()

    def _begin(self) -> None:
        if self._writer == threading.get_ident():
            return
        if not self._turn.acquire(timeout=PATIENCE_S):
            raise Outage(f"{self.path}: another thread has been writing for {PATIENCE_S:g} s; check the disk")
        self._writer = threading.get_ident()
        self.connection.execute("BEGIN IMMEDIATE")

    def _end(self) -> None:
        self._writer = 0
        self._turn.release()

    def _abandon(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")
        self._end()


def _copy(path: Path) -> None:
    """Bring what the WAL holds into the file; what fails is done by a later one, and lost by none."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for _ in range(COPIES):
            _, pages, copied = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            if copied >= pages:
                return


class SqliteLog:
    """`mirror.ports.MirrorStore` for one log of a database: entries, tiles, receipts."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        """Entries [start, end) as stored, up to the first gap."""
        rows = self._database.read(
            "SELECT number, data FROM entry WHERE log = ? AND number >= ? AND number < ? ORDER BY number",
            (self._name, start, end),
        )
        found: list[bytes] = []
        for number, data in rows:
            if number != start + len(found):
                break
            found.append(data)
        return found

    def sparse(self, start: int, end: int) -> Sequence[tuple[int, bytes]]:
        """(number, entry) of those of [start, end) that are there."""
        rows = self._database.read(
            "SELECT number, data FROM entry WHERE log = ? AND number >= ? AND number < ? ORDER BY number",
            (self._name, start, end),
        )
        return [(int(number), bytes(data)) for number, data in rows]

    def drop_entries(self, numbers: Sequence[int]) -> None:
        """Hold these entries no more; durable on return."""
        for start, end in spans(numbers):
            statement = "DELETE FROM entry WHERE log = ? AND number >= ? AND number < ?"
            self._database.delete(statement, (self._name, start, end))
        self._database.commit()

    def fill_entries(self, rows: Sequence[tuple[int, bytes]]) -> None:
        """Hold entries that were dropped again; durable on return."""
        self._database.execute(
            "INSERT OR REPLACE INTO entry VALUES (?, ?, ?)", [(self._name, number, data) for number, data in rows]
        )
        self._database.commit()

    def tile(self, level: int, index: int) -> bytes:
        """Widest version held of a tile."""
        rows = self._database.read(
            "SELECT data FROM tile WHERE log = ? AND level = ? AND number = ?", (self._name, level, index)
        )
        return bytes(rows[0][0]) if rows else b""

    def put_entries(self, start: int, entries: Sequence[bytes]) -> None:
        """Hold `entries` from `start` on, in place of anything at or past it."""
        self._database.delete("DELETE FROM entry WHERE log = ? AND number >= ?", (self._name, start))
        rows = [(self._name, start + offset, data) for offset, data in enumerate(entries)]
        self._database.execute("INSERT INTO entry VALUES (?, ?, ?)", rows)

    def put_tiles(self, tiles: Mapping[TileId, bytes]) -> None:
        """Hold these tiles in place of earlier versions."""
        rows = [(self._name, level, number, data) for (level, number), data in tiles.items()]
        self._database.execute("INSERT OR REPLACE INTO tile VALUES (?, ?, ?, ?)", rows)

    def put_receipt(self, size: int, note: bytes) -> None:
        """Hold the note for this size; durable on return."""
        self._database.execute("INSERT OR REPLACE INTO receipt VALUES (?, ?, ?)", [(self._name, size, note)])
        self._database.commit()

    def first_receipt(self, above: int) -> tuple[int, bytes] | None:
        """(size, note) of the smallest size greater than `above`."""
        rows = self._database.read(
            "SELECT size, note FROM receipt WHERE log = ? AND size > ? ORDER BY size LIMIT 1", (self._name, above)
        )
        return (int(rows[0][0]), bytes(rows[0][1])) if rows else None

    def drop_receipts(self, sizes: Sequence[int]) -> None:
        """Hold nothing for these sizes any more; durable on return."""
        for size in sizes:
            self._database.delete("DELETE FROM receipt WHERE log = ? AND size = ?", (self._name, size))
        self._database.commit()

    def sync(self) -> None:
        """Commit to disk."""
        self._database.commit()


def spans(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending numbers as unbroken ranges [start, end)."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number:
            found[-1] = (found[-1][0], number + 1)
        else:
            found.append((number, number + 1))
    return found


class SqliteCells:
    """`log.ports.CheckpointStore`: small cells with durable compare-and-set, in a file of their own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = connect(path, _CELLS)

    def load(self, name: str) -> bytes | None:
        """Value of a cell."""
        try:
            row = self._connection.execute("SELECT value FROM cell WHERE name = ?", (name,)).fetchone()
        except sqlite3.Error as error:
            raise Outage(f"{self._path}: could not be read ({error}); check the disk, it is tried again") from error
        return bytes(row[0]) if row else None

    def swap(self, name: str, old: bytes | None, new: bytes) -> bool:
        """Set a cell to `new` if it holds `old`; durable on return."""
        try:
            if old is None:
                done = self._connection.execute("INSERT OR IGNORE INTO cell VALUES (?, ?)", (name, new))
            else:
                done = self._connection.execute(
                    "UPDATE cell SET value = ? WHERE name = ? AND value = ?", (new, name, old)
                )
        except sqlite3.Error as error:
            raise _failed(self._path, error) from error
        return done.rowcount == 1

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
