"""The board with a thousand tracks: what a section costs, and how soon a statement is on the wire to 200 pages.

python -m benchmarks.console.board
"""

import asyncio
import json
import time

import msgspec
from tools.fixtures.thousand import NS, thousand

from tocsin.console.routes.boardfeed import BoardFeed
from tocsin.console.routes.live import Hub
from tocsin.console.views.tracks import tracks
from tocsin.wire.watch import Note

PAGES = 200
SAID = 60


def show(name: str, value: float, unit: str, bar: float | None) -> None:
    met = None if bar is None else value <= bar
    print(json.dumps({"name": name, "value": round(value, 1), "unit": unit, "bar": bar, "met": met}), flush=True)


def section() -> None:
    sight = thousand()
    sight.desk._most = 32
    sight.refresh()
    sight.events()
    build, pack = [], []
    for _ in range(20):
        sight.host.clock.now += NS // 4
        begin = time.perf_counter()
        made = tracks(sight)
        middle = time.perf_counter()
        data = msgspec.json.encode(made)
        build.append(middle - begin)
        pack.append(time.perf_counter() - middle)
    show("tracks of 1,000, built (least of 20)", 1e3 * min(build), "ms", 30.0)
    show("and packed", 1e3 * min(pack), "ms", None)
    show("and its size", len(data) / 1e3, "kB", None)


class Page:
    """Reads at once and notes when a text came."""

    def __init__(self, came: dict[str, float]) -> None:
        self.came, self.gone = came, asyncio.Event()

    async def receive(self) -> dict[str, str]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict) -> None:
        body = message.get("body", b"")
        if b"said number" in body:
            for number in range(SAID):
                if f"said number {number}.".encode() in body:
                    self.came.setdefault(f"said number {number}.", time.perf_counter())


async def latency() -> None:
    sight = thousand()
    sight.desk._most = 32
    hub = Hub(BoardFeed(sight, time.monotonic), time.monotonic)
    came: dict[str, float] = {}
    pages = [Page(came if number == PAGES - 1 else {}) for number in range(PAGES)]
    tasks = [asyncio.create_task(hub.stream(lambda: b"{}", lambda: True)({}, one.receive, one.send)) for one in pages]
    await asyncio.sleep(8.0)  # everybody has everything, and the first large picture is taken
    begin, start = time.perf_counter(), sight.host.clock.now
    said: dict[str, float] = {}
    for number in range(SAID):
        sight.host.clock.now = start + round((time.perf_counter() - begin) * NS)
        words = f"said number {number}."
        said[words] = time.perf_counter()
        sight.centre.say(Note(officer="Anna", text=words))
        await asyncio.sleep(0.23)
    await asyncio.sleep(3.0)
    waits = sorted(came[words] - said[words] for words in said if words in came)
    show(f"statement to {PAGES} pages with 1,000 tracks, median", 1e3 * waits[len(waits) // 2], "ms", None)
    show("and 95th percentile", 1e3 * waits[int(0.95 * len(waits))], "ms", 250.0)
    show("and seen of", len(waits), f"/{SAID}", None)
    for one in pages:
        one.gone.set()
    for task in tasks:
        task.cancel()


def main() -> None:
    section()
    asyncio.run(latency())


if __name__ == "__main__":
    main()
