"""Stores of a centre in PostgreSQL, behind the same ports as SQLite (`log.ports`, `mirror.ports`).

L1: a commit that is not on disk, or not on the standby that will take over, forks the log after a fail-over. A server
that runs with fsync, full_page_writes or synchronous_commit off is therefore refused, and where a fail-over is planned
(`standby`), one that does not wait for a synchronous standby too.
"""

from collections.abc import Mapping, Sequence

import psycopg
from psycopg.sql import SQL, Composed

from tocsin.errors import Outage, Refusal
from tocsin.log.ports import TileId

_TABLES = """
CREATE TABLE IF NOT EXISTS entry (log text, number bigint, data bytea NOT NULL, PRIMARY KEY (log, number));
CREATE TABLE IF NOT EXISTS tile (log text, level int, number bigint, data bytea NOT NULL,
                                 PRIMARY KEY (log, level, number));
CREATE TABLE IF NOT EXISTS receipt (log text, size bigint, note bytea NOT NULL, PRIMARY KEY (log, size));
CREATE TABLE IF NOT EXISTS cell (name text PRIMARY KEY, value bytea NOT NULL);
"""
_SAFE_COMMITS = ("on", "remote_apply")
Row = tuple[object, ...]


class PostgresDatabase:
    """One connection, one writer. After an outage it connects again by itself; what was not committed is put again."""

    def __init__(self, conninfo: str, *, standby: bool = False) -> None:
        self._conninfo = conninfo
        self._standby = standby
        self._connection: psycopg.Connection[Row] | None = None
        self._write([(SQL(_TABLES), [()])])
        self.commit()

    def rows(self, query: SQL, values: Row) -> list[Row]:
        """Rows of a query. Raises Outage."""
        try:
            return self._open().execute(query, values).fetchall()
        except psycopg.Error as error:
            raise self._failed(error) from error

    def write(self, query: SQL, rows: Sequence[Row]) -> None:
        """Write rows inside the open transaction."""
        self._write([(query, rows)])

    def swap(self, query: SQL, values: Row) -> bool:
        """One statement in a transaction of its own; whether it changed a row. What was written before goes along."""
        try:
            connection = self._open()
            changed = connection.execute(query, values).rowcount == 1
            connection.commit()
        except psycopg.Error as error:
            raise self._failed(error) from error
        return changed

    def commit(self) -> None:
        """Make everything written so far durable."""
        try:
            self._open().commit()
        except psycopg.Error as error:
            raise self._failed(error) from error

    def close(self) -> None:
        """Close the connection; what was not synced is gone, as after a crash."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _write(self, work: Sequence[tuple[SQL | Composed, Sequence[Row]]]) -> None:
        try:
            with self._open().cursor() as cursor:
                for query, rows in work:
                    if rows == [()]:
                        cursor.execute(query)
                    else:
                        cursor.executemany(query, rows)
        except psycopg.Error as error:
            raise self._failed(error) from error

    def _open(self) -> "psycopg.Connection[Row]":
        if self._connection is None:
            connection = psycopg.connect(self._conninfo)
            try:
                _refuse_unsafe(connection, standby=self._standby)
            except Refusal:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _failed(self, error: psycopg.Error) -> Outage:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        words = " ".join(str(error).split())[:200]
        return Outage(f"PostgreSQL: {words}; nothing was signed, it is tried again")


def _refuse_unsafe(connection: "psycopg.Connection[Row]", *, standby: bool) -> None:
    rows = connection.execute(
        "SELECT name, setting FROM pg_settings WHERE name IN "
        "('fsync', 'full_page_writes', 'synchronous_commit', 'synchronous_standby_names')"
    ).fetchall()
    shown = {str(name): str(setting) for name, setting in rows}
    wrong = [name for name in ("fsync", "full_page_writes") if shown[name] != "on"]
    if shown["synchronous_commit"] not in _SAFE_COMMITS:
        wrong.append("synchronous_commit")
    if wrong:
        listed = ", ".join(f"{name} = {shown[name]}" for name in wrong)
        raise Refusal(f"PostgreSQL runs with {listed}: a crash would fork the log (L1); on was expected")
    if standby and not shown["synchronous_standby_names"]:
        raise Refusal("PostgreSQL waits for no standby: a fail-over would fork the log (L1); set one, or plan none")


class PostgresLog:
    """`mirror.ports.MirrorStore` for one log."""

    def __init__(self, database: PostgresDatabase, name: str) -> None:
        self._database = database
        self._name = name

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        """Entries [start, end) as stored, up to the first gap."""
        query = SQL("SELECT number, data FROM entry WHERE log = %s AND number >= %s AND number < %s ORDER BY number")
        found: list[bytes] = []
        for number, data in self._database.rows(query, (self._name, start, end)):
            if number != start + len(found):
                break
            found.append(_bytes(data))
        return found

    def sparse(self, start: int, end: int) -> Sequence[tuple[int, bytes]]:
        """(number, entry) of those of [start, end) that are there."""
        query = SQL("SELECT number, data FROM entry WHERE log = %s AND number >= %s AND number < %s ORDER BY number")
        found = self._database.rows(query, (self._name, start, end))
        return [(int(str(number)), _bytes(data)) for number, data in found]

    def drop_entries(self, numbers: Sequence[int]) -> None:
        """Hold these entries no more; durable on return."""
        query = SQL("DELETE FROM entry WHERE log = %s AND number = ANY(%s)")
        self._database.write(query, [(self._name, list(numbers))])
        self._database.commit()

    def fill_entries(self, rows: Sequence[tuple[int, bytes]]) -> None:
        """Hold entries that were dropped again; durable on return."""
        query = SQL(
            "INSERT INTO entry VALUES (%s, %s, %s) ON CONFLICT (log, number) DO UPDATE SET data = excluded.data"
        )
        self._database.write(query, [(self._name, number, data) for number, data in rows])
        self._database.commit()

    def tile(self, level: int, index: int) -> bytes:
        """Widest version held of a tile."""
        query = SQL("SELECT data FROM tile WHERE log = %s AND level = %s AND number = %s")
        rows = self._database.rows(query, (self._name, level, index))
        return _bytes(rows[0][0]) if rows else b""

    def put_entries(self, start: int, entries: Sequence[bytes]) -> None:
        """Hold `entries` from `start` on, in place of anything at or past it."""
        self._database.write(SQL("DELETE FROM entry WHERE log = %s AND number >= %s"), [(self._name, start)])
        rows = [(self._name, start + offset, data) for offset, data in enumerate(entries)]
        self._database.write(SQL("INSERT INTO entry VALUES (%s, %s, %s)"), rows)

    def put_tiles(self, tiles: Mapping[TileId, bytes]) -> None:
        """Hold these tiles in place of earlier versions."""
        query = SQL(
            "INSERT INTO tile VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (log, level, number) DO UPDATE SET data = excluded.data"
        )
        rows = [(self._name, level, number, data) for (level, number), data in tiles.items()]
        self._database.write(query, rows)

    def put_receipt(self, size: int, note: bytes) -> None:
        """Hold the note for this size; durable on return."""
        query = SQL(
            "INSERT INTO receipt VALUES (%s, %s, %s) ON CONFLICT (log, size) DO UPDATE SET note = excluded.note"
        )
        self._database.write(query, [(self._name, size, note)])
        self._database.commit()

    def first_receipt(self, above: int) -> tuple[int, bytes] | None:
        """(size, note) of the smallest size greater than `above`."""
        query = SQL("SELECT size, note FROM receipt WHERE log = %s AND size > %s ORDER BY size LIMIT 1")
        rows = self._database.rows(query, (self._name, above))
        return (int(str(rows[0][0])), _bytes(rows[0][1])) if rows else None

    def drop_receipts(self, sizes: Sequence[int]) -> None:
        """Hold nothing for these sizes any more; durable on return."""
        query = SQL("DELETE FROM receipt WHERE log = %s AND size = ANY(%s)")
        self._database.write(query, [(self._name, list(sizes))])
        self._database.commit()

    def sync(self) -> None:
        """Commit to disk."""
        self._database.commit()


class PostgresCells:
    """`log.ports.CheckpointStore`, on a connection of its own."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    def load(self, name: str) -> bytes | None:
        """Value of a cell."""
        rows = self._database.rows(SQL("SELECT value FROM cell WHERE name = %s"), (name,))
        self._database.commit()  # the next look sees what others have written since
        return _bytes(rows[0][0]) if rows else None

    def swap(self, name: str, old: bytes | None, new: bytes) -> bool:
        """Set a cell to `new` if it holds `old`; durable on return."""
        if old is None:
            insert = SQL("INSERT INTO cell VALUES (%s, %s) ON CONFLICT DO NOTHING")
            return self._database.swap(insert, (name, new))
        return self._database.swap(SQL("UPDATE cell SET value = %s WHERE name = %s AND value = %s"), (new, name, old))


def _bytes(value: object) -> bytes:
    if not isinstance(value, bytes | memoryview):
        raise AssertionError(f"bytea comes as {type(value).__name__}")
    return bytes(value)
