"""Live changes as server-sent events: each section is encoded once, whoever listens.

A client that does not keep up holds up nobody: of each section only the latest waits for it, and after `SLOW_S` without
progress it is cut off; its page connects again and gets everything afresh.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from litestar import Response

from tocsin.console.routes.guard import Asgi, Message, Receive, Send

PING_S = 5.0
SLOW_S = 15.0
LOOK_S = 0.04
MOST_CLIENTS = 400


class Feed(Protocol):
    """What is sent. `due` is asked often and answers quickly; `encode` gives a section's JSON on one line."""

    names: tuple[str, ...]

    def due(self, now_s: float, clients: int) -> Iterable[str]:
        """Sections that may have changed and whose time has come."""
        ...

    def encode(self, name: str) -> bytes:
        """A section now."""
        ...


@dataclass(eq=False, slots=True)
class Client:
    """One page that listens. `alone` gives events that are for it only; `alive` whether it may listen still."""

    alone: Callable[[], bytes]
    alive: Callable[[], bool]
    pending: dict[str, bytes] = field(default_factory=dict)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    last_alone: bytes = b""


class Hub:
    """Everybody who listens to one feed. It works only while somebody does."""

    def __init__(self, feed: Feed, wall_s: Callable[[], float]) -> None:
        self._feed = feed
        self._wall_s = wall_s
        self._clients: set[Client] = set()
        self._latest: dict[str, tuple[bytes, bytes]] = {}
        self._count = 0
        self._task: asyncio.Task[None] | None = None
        self.dropped = 0

    @property
    def listening(self) -> int:
        """How many listen."""
        return len(self._clients)

    def look(self) -> None:
        """Take what is due and hand it to everybody, if it changed."""
        for name in self._feed.due(self._wall_s(), len(self._clients)):
            self._take(name)

    def _take(self, name: str) -> None:
        data = self._feed.encode(name)
        if name in self._latest and self._latest[name][0] == data:
            return
        self._count += 1
        frame = b"id: %d\nevent: %s\ndata: %s\n\n" % (self._count, name.encode(), data)
        self._latest[name] = (data, frame)
        for client in self._clients:
            client.pending[name] = frame
            client.wake.set()

    def stream(self, alone: Callable[[], bytes], alive: Callable[[], bool]) -> Asgi:
        """An ASGI answer that goes on until the page leaves, may no longer listen, or is too slow."""

        async def answer(scope: Message, receive: Receive, send: Send) -> None:
            del scope
            client = Client(alone, alive)
            gone = asyncio.create_task(_left(receive))
            headers = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store"),
                       (b"x-accel-buffering", b"no")]  # fmt: skip
            try:
                await send({"type": "http.response.start", "status": 200, "headers": headers})
                for name in self._feed.names:
                    if name not in self._latest or not self._clients:
                        self._take(name)
                client.pending = {name: self._latest[name][1] for name in self._feed.names}
                client.wake.set()
                self._clients.add(client)
                self._work()
                await self._serve(client, gone, send)
            except TimeoutError:
                self.dropped += 1
            finally:
                self._clients.discard(client)
                gone.cancel()

        return answer

    async def _serve(self, client: Client, gone: "asyncio.Task[None]", send: Send) -> None:
        while not gone.done():
            data = self._next(client)
            if data:
                async with asyncio.timeout(SLOW_S):
                    await send({"type": "http.response.body", "body": data, "more_body": True})
            if not client.alive():
                ended = b'event: session\ndata: {"ended":true}\n\n'
                await send({"type": "http.response.body", "body": ended, "more_body": False})
                return
            try:
                async with asyncio.timeout(PING_S):
                    await client.wake.wait()
            except TimeoutError:
                client.pending.setdefault("", b": ping\n\n")

    def _next(self, client: Client) -> bytes:
        """What waits for a client, and what is for it alone if that changed."""
        parts = list(client.pending.values())
        client.pending.clear()
        client.wake.clear()
        alone = client.alone()
        if alone != client.last_alone:
            client.last_alone = alone
            parts.insert(0, b"event: me\ndata: " + alone + b"\n\n")
        return b"".join(parts)

    def _work(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._go())

    async def _go(self) -> None:
        while self._clients:
            self.look()
            await asyncio.sleep(LOOK_S)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class Live(Response[bytes]):
    """A Litestar response around an ASGI answer of one's own."""

    def __init__(self, answer: Asgi) -> None:
        super().__init__(b"", media_type="text/event-stream")
        self._answer = answer

    def to_asgi_response(self, *args: Any, **kwargs: Any) -> Any:
        """The answer."""
        del args, kwargs
        return self._answer
