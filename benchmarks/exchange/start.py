"""How long a centre takes to start again with logs of 10,000, 100,000, 1,000,000 entries, and a gap behind them.

    python -m benchmarks.exchange.start [ENTRIES ...] [--gap 1000]

The log of one partner (tracks of 20 statements a few seconds apart, a notice now and then) is mirrored into SQLite;
then a centre takes it up by its shortcut, with `gap` entries more than the shortcut knows. Reading it all, as a start
without a shortcut does, is measured at the smallest size only: it is proportional to the log.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

import msgspec

from benchmarks.exchange._pair import centre, origin, prepare, secret
from benchmarks.exchange.throughput import tracklet
from tocsin.log.memory import MemoryCells
from tocsin.log.signers import log_signers
from tocsin.log.writer import LogWriter
from tocsin.node.adapters.sqlite import Database, SqliteLog
from tocsin.node.centre import Centre
from tocsin.node.folded import ALIVE_NS
from tocsin.node.shortcut import VERSION, LogPart, Shortcut, encode, fingerprint
from tocsin.wire.bodies import Notification, encode_body, kind_of
from tocsin.wire.envelope import Marking, Observed, Record, Statement
from tocsin.wire.envelope import encode as encode_statement

NS = 1_000_000_000
STATEMENTS = 20  # a track
APART_NS = NS  # one statement of somebody after the other: a million are eleven days
BATCH = 8_192
EVERY = 500  # a notice


def statement(index: int, body: Record, regime: str, t_tai_ns: int) -> bytes:
    """One entry of the partner's log."""
    kind, schema = kind_of(body)
    marking = Marking(releasable_to=("east",), originator="west", authority="regime joint")
    observed = Observed(t_tai_us=t_tai_ns // 1_000, uncertainty_us=1_000, clock="utc")
    return encode_statement(
        Statement(
            tocsin=1, kind=kind, schema=schema, origin=origin("west"), epoch=0, sequence=index, mode="exercise",
            regime=regime, marking=marking, observed=observed, references=(), encryption=None, signatures=(),
            body=encode_body(body),
        )
    )  # fmt: skip


def entry(index: int, count: int, regime: str, end_tai_ns: int) -> bytes:
    """Entry `index` of `count`: the last one is of now. Ten tracks at a time, each ended by its last statement."""
    t_ns = end_tai_ns - (count - index) * APART_NS
    if index % EVERY == 0:
        body: Record = Notification(identifier=f"WES/XX/1995/{index % 1000:03d}/{index % 999:03d}/01",
                                    format="pre-launch", addressee="all")  # fmt: skip
        return statement(index, body, regime, t_ns)
    life, place = divmod(index, 10 * STATEMENTS)
    turn = place // 10
    made = tracklet(life * 10 + place % 10, t_ns)
    return statement(index, msgspec.structs.replace(made, t_tai_us=t_ns // 1_000, ended=turn == STATEMENTS - 1),
                     regime, t_ns)  # fmt: skip


def fill(folder: Path, count: int) -> int:
    """East mirrors a log of west with `count` entries; the time of the last."""
    east = centre(folder, "east", _Unread)
    now_ns, regime = east.now_tai_ns, east.config.regime.sha256
    database = Database(folder / "west" / "store.db")
    writer = LogWriter.open(origin("west"), SqliteLog(database, origin("west")), MemoryCells(),
                            log_signers(origin("west"), secret("west")), _Clock())  # fmt: skip
    mirror = east.mirrors["west"]
    while writer.size < count:
        start = writer.size
        entries = [entry(n, count, regime, now_ns) for n in range(start, min(start + BATCH, count))]
        writer.append(entries)
        note = writer.commit()
        mirror.offer(note, start, entries, writer.consistency(start) if start else [])
    database.close()
    return now_ns


class _Clock:
    def posix_s(self) -> int:
        return int(time.time())


class _Unread(Centre):
    """Takes nothing in: it only fills the store."""

    def _take_in(self, party: str) -> None:
        del party


def shortcut(folder: Path, count: int, gap: int) -> bytes:
    """As a running centre would have made it at `count - gap` entries; that this is the same, tests/node shows.

    Here it is written from what we know of the log, because reading a million entries once takes most of an hour.
    """
    east = centre(folder, "east", _Unread)
    gates = [*(book.gate for book in east.books.values()), east.mirrors["west"]]
    size = count - gap
    alive = max(0, size - ALIVE_NS // APART_NS)
    kept = sorted({*range(alive, size), *range(0, size, EVERY)})
    logs = {gate.origin: LogPart(gate.size, gate.head.root.hex(), ()) for gate in gates}
    tree = east.mirrors["west"].held.tree
    logs[origin("west")] = LogPart(size, tree.root_at(size).hex(), tuple(kept))
    return encode(Shortcut(VERSION, fingerprint(east.config), logs, 0, {}, 0, ()))


def measure(count: int, gap: int, *, whole: bool) -> dict[str, object]:
    """One start."""
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as name:
        folder = Path(name)
        prepare(folder)
        fill(folder, count)
        data = None if whole else shortcut(folder, count, gap)
        wall, cpu = time.perf_counter(), time.process_time()
        east = centre(folder, "east", shortcut=lambda: data)
        taken = {"wall_s": round(time.perf_counter() - wall, 2), "cpu_s": round(time.process_time() - cpu, 2)}
        read = len(east.national._seen)
        assert whole or read < count or count <= 100_000
        return {"name": "start, whole log" if whole else "start, by shortcut", "entries": count, "read": read, **taken}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("entries", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--gap", type=int, default=1_000)
    chosen = parser.parse_args()
    print(json.dumps(measure(min(chosen.entries), 0, whole=True)), flush=True)
    for count in chosen.entries:
        print(json.dumps(measure(count, chosen.gap, whole=False)), flush=True)


if __name__ == "__main__":
    main()
