"""A centre behind a socket: serves partners, pushes to them, ticks, and takes scans, until it is told to stop."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import uvicorn

from tocsin.node.adapters.http import application
from tocsin.node.centre import Centre

PUSH_TIMEOUT_S = 10.0
PAUSE_MAX_S = 5.0


class Runner:
    """`addresses` maps partners to base URLs; `turn` is what people (or a script) do each tick."""

    def __init__(
        self,
        centre: Centre,
        port: int,
        addresses: dict[str, str],
        status: Callable[[], dict[str, Any]],
        turn: Callable[[], None],
        tick_s: float,
    ) -> None:
        self._centre = centre
        self._addresses = addresses
        self._turn = turn
        self._tick_s = tick_s
        self._wake = asyncio.Event()
        app = application(centre, status, self._wake.set)
        config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", access_log=False, lifespan="off")
        self._server = uvicorn.Server(config)

    def stop(self) -> None:
        """End at the next turn."""
        self._server.should_exit = True

    @property
    def stopping(self) -> bool:
        """Whether the end was asked for (also by SIGINT or SIGTERM)."""
        return self._server.should_exit

    async def run(self, *feeds: Callable[["Runner"], Coroutine[Any, Any, None]]) -> None:
        """Serve until stopped. Raises SystemExit if the port is taken."""
        pushes = [self._push(partner, url) for partner, url in sorted(self._addresses.items())]
        tasks: list[asyncio.Task[None]] = [asyncio.create_task(one) for one in (*pushes, self._ticks(), *(feed(self) for feed in feeds))]
        try:
            await self._server.serve()
        finally:
            self._server.should_exit = True
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def flush(self) -> None:
        """Say that there is something to push."""
        self._wake.set()

    async def _ticks(self) -> None:
        while not self.stopping:
            self._centre.tick()
            self._turn()
            self.flush()
            await asyncio.sleep(self._tick_s)

    async def _push(self, partner: str, url: str) -> None:
        """Push at once, catch up after an outage, wait longer while the partner stays away."""
        pause_s = self._tick_s
        async with httpx.AsyncClient(timeout=PUSH_TIMEOUT_S, trust_env=False) as client:
            while not self.stopping:
                await self._wait(self._tick_s)
                link = self._centre.links[partner]
                data = link.push(self._centre.books["shared"], self._centre.now_tai_ns)
                if data is None:
                    continue
                try:
                    reply = await client.post(f"{url}/exchange/{self._centre.config.party}", content=data)
                    reply.raise_for_status()
                except httpx.HTTPError:
                    link.lost()
                    await asyncio.sleep(pause_s)
                    pause_s = min(2.0 * pause_s, PAUSE_MAX_S)
                    continue
                pause_s = self._tick_s
                self._centre.answered(partner, reply.content)
                self.flush()

    async def _wait(self, at_most_s: float) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), at_most_s)
        except TimeoutError:
            return
        self._wake.clear()
