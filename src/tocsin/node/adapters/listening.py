"""Several listeners in one process: one a partner behind mutual TLS, one for the centre's people on loopback."""

import asyncio
import signal
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from tocsin.errors import Refusal

MOST_AT_ONCE = 32  # connections of one partner; the rest is answered 503
MOST_PAGES = 500  # connections of the centre's own people: each open page holds one
KEEP_ALIVE_S = 60
LINGER_S = 0.5


class Listener(uvicorn.Server):
    """One listener. Signals are handled once for the process, not by each."""

    def __init__(
        self, app: Any, *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None,
        socket_file: Path | None = None, most: int = MOST_AT_ONCE,
    ) -> None:  # fmt: skip
        config = uvicorn.Config(
            app, host=host, port=port, uds=str(socket_file) if socket_file else None, log_level="warning",
            access_log=False, lifespan="off", ws="none", limit_concurrency=most, server_header=False,
            timeout_keep_alive=KEEP_ALIVE_S,
        )  # fmt: skip
        config.load()
        config.ssl = tls
        super().__init__(config)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing here: see `serving`."""
        yield


    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let what is being answered finish, but wait for no partner to hang up."""
        asyncio.get_running_loop().call_later(LINGER_S, setattr, self, "force_exit", True)
        await super().shutdown(sockets)


def loopback_only(host: str) -> str:
    """The host, if it is this machine's own. Raises Refusal: what is not behind TLS never leaves the machine."""
    if host not in ("127.0.0.1", "::1", "localhost"):
        raise Refusal(f"plaintext on {host}: only loopback is served without TLS")
    return host


async def serve(listeners: Sequence[Listener], stop: Callable[[], None]) -> None:
    """Serve all until one of them ends, or SIGINT or SIGTERM comes; then `stop` is called and all end."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        tasks = [asyncio.create_task(listener.serve()) for listener in listeners]
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for listener in listeners:
            listener.should_exit = True
        await asyncio.gather(*pending)
        for task in done:
            task.result()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
