"""The centre's HTTP interface: what partners push, what auditors read. Every body passes the gate, nothing else does.

    POST /exchange/{party}      a push of that partner's log; the answer carries our receipt
    GET  /checkpoint            our shared log's latest checkpoint
    GET  /tile/...              its tiles and entry bundles (C2SP tlog-tiles)
    GET  /health                alive, and since when the partners are silent
    GET  /status                what the centre sees, in a few numbers and words

The party in the path only says whose log is meant: what makes it theirs is the signature.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, get, post
from litestar.config.app import AppConfig
from litestar.exceptions import HTTPException
from litestar.status_codes import HTTP_200_OK, HTTP_404_NOT_FOUND, HTTP_413_REQUEST_ENTITY_TOO_LARGE

from tocsin.errors import BadEvidence, TocsinError
from tocsin.log.files import file_of
from tocsin.node.centre import Centre
from tocsin.node.exchange import MAX_MESSAGE_BYTES

JSON = "application/json"
NOTE = "text/plain; charset=utf-8"
TILE = "application/octet-stream"


def problem(status: int, title: str, detail: str) -> Response[bytes]:
    """A stable error body (RFC 9457)."""
    body = msgspec.json.encode({"type": "about:blank", "title": title, "status": status, "detail": detail})
    return Response(body, media_type="application/problem+json", status_code=status)


def application(centre: Centre, status: Callable[[], dict[str, Any]], wake: Callable[[], None]) -> Litestar:
    """The centre as an ASGI application. `wake` is called when a push brought something new."""

    @post("/exchange/{party:str}", status_code=HTTP_200_OK)
    async def exchange(party: str, request: Request[Any, Any, Any]) -> Response[bytes]:
        data = b""
        async for chunk in request.stream():
            data += chunk
            if len(data) > MAX_MESSAGE_BYTES:
                words = f"a push of at most {MAX_MESSAGE_BYTES} bytes was expected"
                return problem(HTTP_413_REQUEST_ENTITY_TOO_LARGE, "too large", words)
        if party not in centre.mirrors:
            return problem(HTTP_404_NOT_FOUND, "unknown party", f"{party[:40]}: not a party of this agreement")
        answer = centre.receive(party, data)
        wake()
        return Response(msgspec.json.encode(answer), media_type=JSON)

    @get("/checkpoint")
    async def checkpoint() -> Response[bytes]:
        note = centre.books["shared"].writer.checkpoint
        if note is None:
            return problem(HTTP_404_NOT_FOUND, "no checkpoint", "this log has no entry yet")
        return Response(note, media_type=NOTE)

    @get("/tile/{path:path}")
    async def tile(path: str) -> Response[bytes]:
        book = centre.books["shared"]
        try:
            data = file_of(book.reader, book.writer.size, f"tile/{path.lstrip('/')}")
        except BadEvidence as error:
            return problem(HTTP_404_NOT_FOUND, "no such tile", str(error))
        return Response(data, media_type=TILE)

    @get("/health")
    async def health() -> dict[str, Any]:
        return {"alive": True, "party": centre.config.party, "silent": list(centre.silent())}

    @get("/status")
    async def show_status() -> dict[str, Any]:
        return status()

    return Litestar(
        [exchange, checkpoint, tile, health, show_status],
        exception_handlers={TocsinError: _failed, HTTPException: _http_failed},
        on_app_init=[_plain],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=None,
    )


def _plain(config: AppConfig) -> AppConfig:
    """No banner, no debug pages."""
    config.debug = False
    return config


def _failed(_: Request[Any, Any, Any], error: TocsinError) -> Response[bytes]:
    return problem(503, "not now", str(error))


def _http_failed(_: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    return problem(error.status_code, "refused", str(error.detail))
