"""The partner-facing half of a link as a process of its own: it holds the link's certificate and nothing else.

    partner == mutual TLS ==> gateway -- inside.sock --> centre
    partner <== mutual TLS == gateway <-- outside.sock -- centre

Hostile bytes meet TLS, HTTP, bounds and the quota here, on a machine or in a container without log keys or stores.
The two sockets are files that only the party's own user may open. What the gateway could do if it were taken over is
what the network could do already: delay, drop, repeat. Every statement and receipt is signed behind it.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx

from tocsin.errors import Outage, Refusal
from tocsin.node.adapters.http import Exchange, door
from tocsin.node.adapters.listening import Listener, serve
from tocsin.node.adapters.runner import Line
from tocsin.node.config import TaiClock
from tocsin.node.intake import Intake


class TooMuch(Refusal):
    """Beyond the partner's quota."""


class Gateway:
    """`line` is the TLS side; `inside` and `outside` are the socket files shared with the centre."""

    def __init__(self, line: Line, inside: Path, outside: Path, clock: TaiClock) -> None:
        if line.listening is None or line.calling is None:
            raise Refusal(f"gateway to {line.party}: a link certificate on both sides was expected")
        self._line, self._clock = line, clock
        self._intake = Intake()
        self._inside = Line(party=line.party, url="http://inside", outside=inside)
        self._clients: dict[str, httpx.AsyncClient] = {}
        self._listeners = [
            line.listener(door(self._inward, _no_files)),
            Listener(door(self._call(line), _no_files), socket_file=outside),
        ]

    def stop(self) -> None:
        """End."""
        for listener in self._listeners:
            listener.should_exit = True

    async def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Serve until stopped, or until SIGINT or SIGTERM."""
        self._clients = {"out": self._line.client(), "in": self._inside.client()}
        try:
            asyncio.get_running_loop().call_soon(ready)
            await serve(self._listeners, self.stop)
        finally:
            for client in self._clients.values():
                await client.aclose()

    async def _inward(self, data: bytes) -> bytes:
        if not self._intake.takes(len(data), self._clock.now_tai_ns()):
            raise TooMuch("too much at once: send less, and later")
        return await self._call(self._inside)(data)

    def _call(self, line: Line) -> Exchange:
        name = "out" if line is self._line else "in"

        async def exchange(data: bytes) -> bytes:
            try:
                return await line.call(self._clients[name], data)
            except httpx.HTTPError as error:
                raise Outage(f"{'partner' if name == 'out' else 'centre'} is away ({type(error).__name__})") from error

        return exchange


def _no_files(path: str) -> bytes | None:
    del path
    return None
