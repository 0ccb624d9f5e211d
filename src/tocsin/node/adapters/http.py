"""A centre's HTTP interface. Two applications that share nothing but the centre:

    for one partner, behind mutual TLS (its own listener, so that the door says who calls)
        POST /exchange     a request of that partner; the answer carries our receipt, or entries
        GET  /checkpoint   our shared log's latest checkpoint
        GET  /tile/...     its tiles and entry bundles (C2SP tlog-tiles)
    for the people of the centre, on loopback
        GET  /health       alive, and since when the partners are silent
        GET  /health/live  200 while the process answers
        GET  /health/ready 200 where the centre may be relied on; 503 with the reason where not
        GET  /metrics      counts and ages for Prometheus, no contents
        GET  /status       what the centre sees, in a few numbers and words

The partner's side is a bare ASGI function: every line that hostile bytes reach before the gate stands here.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, get
from litestar.config.app import AppConfig
from litestar.exceptions import HTTPException

from tocsin.errors import BadEvidence, TocsinError
from tocsin.log.files import file_of
from tocsin.log.steps import Steps
from tocsin.node.centre import Centre
from tocsin.node.exchange import MAX_MESSAGE_BYTES, encode
from tocsin.node.metrics import KIND, exposition, not_ready

JSON = b"application/json"
NOTE = b"text/plain; charset=utf-8"
TILE = b"application/octet-stream"
PROBLEM = b"application/problem+json"
PEOPLE_PATHS = ("/health", "/health/live", "/health/ready", "/metrics", "/status")
BODY_S = 20.0  # a stalled body is given up (T10)
TURN_S = 1.0  # so long a whole request waits for one that began before it

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]
Exchange = Callable[[bytes], Awaitable[bytes]]
Along = Callable[[Steps[Any]], Awaitable[Any]]
Files = Callable[[str], bytes | None]


class TooLarge(BadEvidence):
    """A body beyond what one message may have."""


class Turns:
    """Requests are dealt with in the order in which they began: a short urgent push does not overtake a long one.

    The protocol stands disorder, at the price of sending again; so nobody waits long for a body that stalls.
    """

    def __init__(self) -> None:
        self._last: asyncio.Future[None] | None = None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Callable[[], Awaitable[None]]]:
        """Take a place in the line now; the yielded call waits until it is ours, and lets the next one follow."""
        before, mine = self._last, asyncio.get_running_loop().create_future()
        self._last = mine

        async def comes() -> None:
            if before is not None and not before.done():
                await asyncio.wait([before], timeout=TURN_S)
            mine.set_result(None)

        try:
            yield comes
        finally:
            if before is not None and not before.done() and not mine.done():
                before.add_done_callback(lambda _: mine.set_result(None))  # given up: those behind wait on
            elif not mine.done():
                mine.set_result(None)


async def body_of(receive: Receive, most: int = MAX_MESSAGE_BYTES, within_s: float = BODY_S) -> bytes:
    """A request's body. Raises TooLarge, or TimeoutError for a stalled one."""
    parts: list[bytes] = []
    total = 0
    async with asyncio.timeout(within_s):
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise TimeoutError
            part = message.get("body", b"")
            total += len(part)
            if total > most:
                raise TooLarge(f"a body of at most {most} bytes was expected")
            parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts)


async def answer(send: Send, status: int, kind: bytes, data: bytes) -> None:
    """A whole response."""
    headers = [(b"content-type", kind), (b"content-length", str(len(data)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": data})


def problem_body(status: int, title: str, detail: str) -> bytes:
    """A stable error body (RFC 9457)."""
    return msgspec.json.encode({"type": "about:blank", "title": title, "status": status, "detail": detail})


def door(exchange: Exchange, files: Files) -> Asgi:
    """The application for one partner: requests to `exchange`, everything else to `files` (path to bytes or None)."""

    turns = Turns()

    async def refuse(send: Send, status: int, title: str, detail: str) -> None:
        await answer(send, status, PROBLEM, problem_body(status, title, detail))

    async def application(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path, method = scope["path"], scope["method"]
        try:
            if method == "POST" and path == "/exchange":
                async with turns.turn() as comes:
                    body = await body_of(receive)
                    await comes()
                    await answer(send, 200, JSON, await exchange(body))
            elif method == "GET" and (data := files(path)) is not None:
                await answer(send, 200, NOTE if path == "/checkpoint" else TILE, data)
            else:
                await refuse(send, 404, "not found", "POST /exchange, GET /checkpoint or GET /tile/... was expected")
        except TooLarge as error:
            await refuse(send, 413, "too large", str(error))
        except TimeoutError:
            await refuse(send, 408, "too slow", f"a whole body within {BODY_S:g} s was expected")
        except TocsinError as error:
            await refuse(send, 503, "not now", str(error))

    return application


def partner_door(centre: Centre, party: str, along: Along, wake: Callable[[], None]) -> Asgi:
    """The inside of a centre for one partner: requests go `along` with what else it does (`node.courses`).

    `wake` is called when a request may have brought something new.
    """

    async def exchange(data: bytes) -> bytes:
        reply = await along(centre.receiving(party, data))
        wake()
        return encode(reply)

    def files(path: str) -> bytes | None:
        book = centre.books["shared"]
        if path == "/checkpoint":
            return book.writer.checkpoint
        if not path.startswith("/tile/"):
            return None
        try:
            return file_of(book.reader, book.writer.size, path[1:])
        except BadEvidence:
            return None

    return door(exchange, files)


def application(centre: Centre, status: Callable[[], dict[str, Any]]) -> Litestar:
    """For the people of the centre, on loopback. Nothing can be exchanged here."""

    @get("/health")
    async def health() -> dict[str, Any]:
        return {"alive": True, "party": centre.config.party, "silent": list(centre.silent())}

    @get("/health/live")
    async def live() -> dict[str, Any]:
        return {"alive": True}

    @get("/health/ready")
    async def ready() -> Response[Any]:
        why = not_ready(centre)
        return _problem(503, "not ready", why) if why else Response({"ready": True})

    @get("/metrics")
    async def metrics() -> Response[bytes]:
        return Response(exposition(centre).encode(), media_type=KIND)

    @get("/status")
    async def show_status() -> dict[str, Any]:
        return status()

    return Litestar(
        [health, live, ready, metrics, show_status],
        exception_handlers={TocsinError: _failed, HTTPException: _http_failed},
        on_app_init=[_plain],
        openapi_config=None,
        logging_config=None,
    )


def beside(people: Any, pages: Asgi) -> Asgi:
    """What machines read of the centre where it was; all else is the console's."""

    async def front(scope: Message, receive: Receive, send: Send) -> None:
        known = scope["type"] == "http" and scope["path"] in PEOPLE_PATHS
        await (people if known else pages)(scope, receive, send)

    return front


def _plain(config: AppConfig) -> AppConfig:
    """No banner, no debug pages."""
    config.debug = False
    return config


def _problem(status: int, title: str, detail: str) -> Response[bytes]:
    return Response(problem_body(status, title, detail), media_type=PROBLEM.decode(), status_code=status)


def _failed(_: Request[Any, Any, Any], error: TocsinError) -> Response[bytes]:
    return _problem(503, "not now", str(error))


def _http_failed(_: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    return _problem(error.status_code, "refused", str(error.detail))
