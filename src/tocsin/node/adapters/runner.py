"""A centre behind sockets: serves partners, pushes to them, ticks, and takes scans, until it is told to stop."""

import asyncio
import gc
import ssl
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

from tocsin.errors import TocsinError
from tocsin.log.steps import Steps
from tocsin.node.adapters.apart import Apart
from tocsin.node.adapters.http import Asgi, application, beside, partner_door
from tocsin.node.adapters.listening import Listener, loopback_only, serve
from tocsin.node.adapters.tls import link_name
from tocsin.node.centre import Centre
from tocsin.node.exchange import MAX_MESSAGE_BYTES

SHORTCUT_S = 300.0
PUSH_TIMEOUT_S = 10.0
PAUSE_MAX_S = 5.0
PEOPLE_AT_ONCE = 600
PLAIN = {"accept-encoding": "identity"}
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """How one partner is reached and received: directly by mutual TLS, or through a gateway's two socket files."""

    party: str
    url: str
    host: str = "127.0.0.1"
    port: int = 0
    listening: ssl.SSLContext | None = None
    calling: ssl.SSLContext | None = None
    inside: Path | None = None
    outside: Path | None = None

    def listener(self, app: Any) -> Listener:
        """The door for this partner; never plaintext beyond this machine."""
        if self.inside is not None:
            return Listener(app, socket_file=self.inside)
        if self.listening is None:
            loopback_only(self.host)
        return Listener(app, host=self.host, port=self.port, tls=self.listening)

    def client(self) -> httpx.AsyncClient:
        """What calls this partner."""
        limits = httpx.Limits(max_connections=4, max_keepalive_connections=4, keepalive_expiry=30.0)
        if self.outside is not None:
            transport = httpx.AsyncHTTPTransport(uds=str(self.outside))
            return httpx.AsyncClient(transport=transport, timeout=PUSH_TIMEOUT_S, trust_env=False)
        verify: ssl.SSLContext | bool = self.calling if self.calling is not None else True
        return httpx.AsyncClient(verify=verify, limits=limits, timeout=PUSH_TIMEOUT_S, trust_env=False)

    async def call(self, client: httpx.AsyncClient, data: bytes) -> bytes:
        """One request and its answer. Raises httpx.HTTPError."""
        name = {"sni_hostname": link_name(self.party)} if self.calling is not None else {}
        body = b""
        async with (
            asyncio.timeout(PUSH_TIMEOUT_S),
            client.stream("POST", f"{self.url}/exchange", content=data, headers=PLAIN, extensions=name) as reply,
        ):
            reply.raise_for_status()
            async for chunk in reply.aiter_raw():  # never decompressed: a small answer could become gigabytes
                body += chunk
                if len(body) > MAX_MESSAGE_BYTES:
                    raise httpx.ReadError(f"an answer of more than {MAX_MESSAGE_BYTES} bytes")
        return body


class Runner:
    """`turn` is what people (or a script) do each tick; `port` is for the centre's people, on loopback."""

    def __init__(
        self,
        centre: Centre,
        port: int,
        lines: Sequence[Line],
        status: Callable[[], dict[str, Any]],
        turn: Callable[[], None],
        tick_s: float,
        pages: Asgi | None = None,
        slow_disk: bool = False,
    ) -> None:
        """`pages`: a console for the centre's people, on the same port as /health and /status.

        `slow_disk`: it is waited for in a thread of its own (`apart.slow` tells).
        """
        self._centre = centre
        self._lines = tuple(lines)
        self._turn = turn
        self._tick_s = tick_s
        self._wakes = {line.party: asyncio.Event() for line in lines}
        self._work = asyncio.Event()
        self.save: Callable[[bytes], None] = lambda _: None  # keeps what makes the next start short (node.shortcut)
        self._save_at_s = time.monotonic() + SHORTCUT_S
        people = application(centre, status)
        front = people if pages is None else beside(people, pages)
        self._listeners = [Listener(front, port=port, most=PEOPLE_AT_ONCE)]
        self._listeners += [line.listener(partner_door(centre, line.party, self._along, self.flush)) for line in lines]
        self._stopping = False
        self._disk = Apart(self._broken)
        self._slow_disk = slow_disk
        self._error: Exception | None = None

    def stop(self) -> None:
        """End at the next turn."""
        self._stopping = True
        for listener in self._listeners:
            listener.should_exit = True

    @property
    def stopping(self) -> bool:
        """Whether the end was asked for (also by SIGINT or SIGTERM)."""
        return self._stopping or any(listener.should_exit for listener in self._listeners)

    async def run(self, *feeds: Callable[["Runner"], Coroutine[Any, Any, None]]) -> None:
        """Serve until stopped. Raises SystemExit if a port is taken."""
        self._centre.defers = True  # answers first; `_digests` takes in what came
        self._centre.courses.apart = self._disk.begin if self._slow_disk else None
        gc.collect()
        gc.freeze()  # what stands now stays: looking at all of it again and again made pauses of 100 to 200 ms
        loops = (*(self._push(line) for line in self._lines), self._ticks(), self._digests())
        begun = (*loops, *(feed(self) for feed in feeds))
        tasks: list[asyncio.Task[None]] = [asyncio.create_task(one) for one in begun]
        for task in tasks:
            task.add_done_callback(self._ended)
        try:
            await serve(self._listeners, self.stop)
        finally:
            self.stop()
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            self._centre.courses.settle()
            self._centre.courses.apart = None
            self._disk.close()
            with suppress(TocsinError):
                self.save(self._centre.shortcut())
        for error in (*ended, self._error):
            if isinstance(error, Exception):
                raise error  # our bug: a centre that serves without turns would be silent and look alive

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A loop that ends by a mistake of ours stops the centre where everybody sees it."""
        if not task.cancelled() and task.exception() is not None:
            self.stop()

    def _broken(self, error: Exception) -> None:
        """A course that ends by a mistake of ours does so too."""
        self._error = error
        self.stop()

    async def _along(self, steps: Steps[T]) -> T:
        """The result of a course, when it has ended."""
        ended: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def then(result: T, error: Exception | None) -> None:
            if ended.done():
                return  # nobody waits any more
            if error is not None:
                ended.set_exception(error)
            else:
                ended.set_result(result)

        self._centre.courses.begin(steps, then)
        return await ended

    def flush(self) -> None:
        """Say that there may be something to push."""
        for wake in (*self._wakes.values(), self._work):
            wake.set()

    async def _digests(self) -> None:
        """Entries into the pictures, a few at a time, whenever nobody waits for an answer."""
        while not self.stopping:
            if self._centre.digest():
                await asyncio.sleep(0)
            else:
                await self._wait(self._work)

    async def _ticks(self) -> None:
        while not self.stopping:
            for step in (self._centre.tick, self._turn, self._keep_shortcut):
                try:
                    step()
                except TocsinError as error:  # kept and shown; the next turn tries again
                    self._centre.keep(error)
            self.flush()
            await asyncio.sleep(self._tick_s)

    def _keep_shortcut(self) -> None:
        """Now and then; and at the end, whatever brought it."""
        if time.monotonic() >= self._save_at_s:
            self._save_at_s = time.monotonic() + SHORTCUT_S
            self.save(self._centre.shortcut())

    async def _push(self, line: Line) -> None:
        """Push at once, catch up after an outage, wait longer while the partner stays away.

        How many calls are under way is the link's to say: it gives no message while it waits for answers.
        """
        pause_s, wake = self._tick_s, self._wakes[line.party]
        calls: set[asyncio.Task[bool]] = set()
        async with line.client() as client:
            try:
                while not self.stopping:
                    for call in [call for call in calls if call.done()]:
                        calls.remove(call)
                        if call.result():
                            pause_s = self._tick_s
                        else:
                            self._centre.lost(line.party)
                            await asyncio.sleep(pause_s)
                            pause_s = min(2.0 * pause_s, PAUSE_MAX_S)
                    data = self._centre.message(line.party)
                    if data is None:
                        await self._wait(wake)
                    else:
                        calls.add(asyncio.create_task(self._call(line, client, data)))
            finally:
                for call in calls:
                    call.cancel()

    async def _call(self, line: Line, client: httpx.AsyncClient, data: bytes) -> bool:
        """Say it and take in the answer; whether there was one."""
        try:
            await self._along(self._centre.answering(line.party, await line.call(client, data)))
        except (httpx.HTTPError, TimeoutError):
            return False
        finally:
            self.flush()
        return True

    async def _wait(self, wake: asyncio.Event) -> None:
        try:
            await asyncio.wait_for(wake.wait(), self._tick_s)
        except TimeoutError:
            return
        wake.clear()
