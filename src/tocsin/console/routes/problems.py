"""Failures as problem+json (RFC 9457), each with a stable `type`: urn:tocsin:problem:<slug>."""

import logging
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from msgspec import Struct

from tocsin.console.errors import ConsoleRefusal, NotConfirmed, TooMuch
from tocsin.errors import BadEvidence, Outage, Refusal, TocsinError

MEDIA = "application/problem+json"
AnyRequest = Request[Any, Any, Any]
LOG = logging.getLogger("tocsin.console")
_SLUGS = {
    400: "malformed", 404: "not-found", 405: "method", 406: "not-acceptable", 413: "too-large", 415: "media-type",
    500: "our-fault",
}  # fmt: skip


class Problem(Struct, frozen=True, kw_only=True):
    """Why not. `text` and `confirm_sha256` come with `not-confirmed` alone."""

    type: str
    title: str
    status: int
    detail: str
    text: str | None = None
    confirm_sha256: str | None = None


def body(status: int, slug: str, detail: str) -> bytes:
    """A problem's bytes."""
    return msgspec.json.encode(_problem(status, slug, detail))


def _problem(status: int, slug: str, detail: str, **more: str) -> Problem:
    title = slug.replace("-", " ")
    return Problem(type=f"urn:tocsin:problem:{slug}", title=title, status=status, detail=detail, **more)


def _response(problem: Problem, headers: dict[str, str] | None = None) -> Response[Any]:
    data = msgspec.json.encode({k: v for k, v in msgspec.structs.asdict(problem).items() if v is not None})
    return Response(data, status_code=problem.status, media_type=MEDIA, headers=headers)


def of_error(error: TocsinError) -> Response[Any]:
    """One of the four roots of failure, as a response."""
    headers = None
    if isinstance(error, NotConfirmed):
        more = {"text": error.text, "confirm_sha256": error.confirm_sha256}
        return _response(_problem(error.status, error.slug, str(error), **more))
    if isinstance(error, ConsoleRefusal):
        if isinstance(error, TooMuch):
            headers = {"Retry-After": str(error.retry_s)}
        return _response(_problem(error.status, error.slug, str(error)), headers)
    if isinstance(error, BadEvidence):
        return _response(_problem(422, "bad-evidence", str(error)))
    if isinstance(error, Outage):
        return _response(_problem(503, "outage", str(error)), {"Retry-After": "2"})
    return _response(_problem(409, "refused" if isinstance(error, Refusal) else "failed", str(error)))


def failed(_: AnyRequest, error: TocsinError) -> Response[Any]:
    """Ours."""
    return of_error(error)


def http_failed(_: AnyRequest, error: HTTPException) -> Response[Any]:
    """Litestar's own: a path, method, header or body that is not as documented."""
    status = error.status_code
    detail = str(error.detail)
    if isinstance(error, ValidationException) and error.extra:
        detail = "; ".join(_field(one) for one in error.extra)[:1_000]
    return _response(_problem(status, _SLUGS.get(status, "refused"), detail), dict(error.headers or {}))


def our_fault(request: AnyRequest, error: Exception) -> Response[Any]:
    """A mistake of ours: said without its insides, which go to the log of the process."""
    LOG.error("%s %s", request.method, request.url.path, exc_info=error)
    return _response(_problem(500, "our-fault", "a mistake of this program; what was said before stands"))


def _field(extra: Any) -> str:
    if isinstance(extra, dict):
        return f"{extra.get('key', 'body')}: {extra.get('message', '')}"
    return str(extra)


WHY: dict[int, ResponseSpec] = {
    status: ResponseSpec(data_container=Problem, description=words, media_type=MEDIA)
    for status, words in {
        400: "Not as documented.",
        401: "Nobody is logged in, or no longer.",
        403: "This person may not, or this page did not ask.",
        404: "No such thing here.",
        409: "Refused, withheld, or not confirmed.",
        415: "JSON was expected.",
        422: "Evidence that does not hold, or a key that stood for something else.",
        429: "Too many requests; see Retry-After.",
        503: "Not now: an outage, or the start of the centre.",
    }.items()
}
"""Documented failures by status."""


def why(*statuses: int) -> dict[int, ResponseSpec]:
    """Some of them."""
    return {status: WHY[status] for status in statuses}
