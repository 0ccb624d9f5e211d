"""How long a partner takes to catch up with a log of 10,000, 100,000, 1,000,000 entries: by the gap, not by the log.

    python -m benchmarks.exchange.catch_up [ENTRIES ...] [--gaps 1000 10000] [--whole 100000]

West's log (hybrid signatures, a checkpoint every 1,000 entries, SQLite with synchronous=FULL) grows to each size; east
holds all but the gap. Then both centres start anew from their stores, and exchange what the link says, push by push,
until west has east's receipt for everything. `taken_in_s` is east's record of the gap, after the receipt. With
`--whole` another pair begins with nothing held, and as many entries as are given behind.
"""

import argparse
import gc
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.exchange._pair import centre, fsync_ms, prepare
from benchmarks.exchange.throughput import Exchange, tracklet
from tocsin.node.centre import Centre
from tocsin.node.exchange import encode
from tocsin.release import Draft, Released, publish

COMMIT = 1_000
OFFER = 32_000


class Quiet(Exchange):
    """Takes nothing in by itself."""

    def _take_in(self, party: str) -> None:
        del party


@contextmanager
def opened(folder: Path, name: str, kind: type[Centre] = Quiet) -> Iterator[Centre]:
    """A centre that starts from its store."""
    made = centre(folder, name, kind)
    made.defers = True
    for gate in (*(book.gate for book in made.books.values()), *made.mirrors.values()):
        made._inbox(gate).taken = gate.size  # as after a start by a shortcut (benchmarks.exchange.start)
    yield made


def grow(folder: Path, size: int) -> None:
    """West logs tracklets up to `size` entries."""
    with opened(folder, "west") as west:
        west.border.opening.unheard.clear()
        now_ns, book = west.now_tai_ns, west.books["shared"]
        drafts = (Draft(body=tracklet(n, now_ns), observed_tai_ns=now_ns) for n in range(200))
        passed = [publish(draft, west.config.regime, west.ledger, west._context()) for draft in drafts]
        made = [one for one in passed if isinstance(one, Released)]
        while (start := book.next_index) < size:
            for index in range(start, min(start + COMMIT, size)):
                book.append(made[index % len(made)])
            book.commit()


def follow(folder: Path, size: int) -> None:
    """East comes to hold west's first `size` entries, in great steps."""
    with opened(folder, "west") as west, opened(folder, "east") as east:
        book, mirror = west.books["shared"], east.mirrors["west"]
        while mirror.size < size:
            start = mirror.size
            end, note = book.checkpoint_after(start, min(OFFER, size - start))
            proof = book.writer.consistency(start, end) if start else []
            mirror.offer(note, start, book.writer.entries(start, end), proof)


def exchange(west: Centre, east: Centre) -> int:
    """What the link says, until all is receipted; how many messages."""
    said = 0
    while west.links["east"].receipted < west.books["shared"].size:
        for sender, receiver in ((west, east), (east, west)):
            data = sender.message(receiver.config.party)
            if data is not None:
                said += 1
                sender.answered(receiver.config.party, encode(receiver.receive(sender.config.party, data)))
    return said


def measure(folder: Path, entries: int, gap: int) -> dict[str, object]:
    """One catching up."""
    grow(folder, entries - gap)
    follow(folder, entries - gap)
    grow(folder, entries)
    gc.collect()  # closes the stores
    begun = time.perf_counter(), time.process_time()
    with opened(folder, "west") as west, opened(folder, "east") as east:
        started = time.perf_counter(), time.process_time()
        messages = exchange(west, east)
        ended = time.perf_counter(), time.process_time()
        lag = east.mirrors["west"].size - east._inbox(east.mirrors["west"]).taken
        while east.digest(256):
            pass
        taken_in = time.perf_counter() - ended[0]
    return {
        "name": "catching up", "entries": entries, "gap": gap, "open_wall_s": round(started[0] - begun[0], 3),
        "open_cpu_s": round(started[1] - begun[1], 3),
        "receipted_wall_s": round(ended[0] - started[0], 3), "receipted_cpu_s": round(ended[1] - started[1], 3),
        "us_an_entry": round(1e6 * (ended[1] - started[1]) / gap), "messages": messages, "read": lag,
        "taken_in_s": round(taken_in, 3),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("entries", type=int, nargs="*", default=[20_000, 100_000, 1_000_000])
    parser.add_argument("--gaps", type=int, nargs="*", default=[1_000, 10_000])
    parser.add_argument("--whole", type=int, default=100_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as name:
        folder = Path(name)
        prepare(folder)
        disk = fsync_ms(folder)
        for entries in chosen.entries:
            for number, gap in enumerate(chosen.gaps):
                print(json.dumps({**measure(folder, entries + number * max(chosen.gaps), gap), **disk}), flush=True)
        if chosen.whole:
            print(json.dumps({**whole(chosen.whole), **disk}), flush=True)


def whole(entries: int) -> dict[str, object]:
    """East begins again with nothing, in another folder, and is brought up from the first entry on."""
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as name:
        other = Path(name)
        prepare(other)
        return measure(other, entries, entries)


if __name__ == "__main__":
    main()
