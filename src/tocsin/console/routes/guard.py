"""What stands before every route: whose name we answer to, how much may come in, and what a browser may do with a page.

Pages come from this server alone: no script, style, font, picture or connection from elsewhere; no markup made from
text (Trusted Types); no frame; nothing kept by caches but what carries its hash in its name.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from tocsin.console.routes.problems import MEDIA, body

MAX_BODY_BYTES = 256 * 1024
BODY_S = 15.0
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; require-trusted-types-for 'script'; "
    "trusted-types svelte-trusted-html; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-embedder-policy", b"require-corp"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), publickey-credentials-get=(self)"),
    (b"x-frame-options", b"DENY"),
)


def guarded(app: Asgi, hosts: tuple[str, ...]) -> Asgi:
    """The application behind the guard."""

    async def application(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        headers = dict(scope["headers"])
        refused = _refused(scope, headers, hosts)
        outward = _dressed(send)
        if refused is not None:
            await _refuse(outward, *refused)
            return
        if scope["method"] not in UNSAFE:
            await app(scope, receive, outward)
            return
        try:
            whole = await _whole(receive)
        except ValueError:
            await _refuse(outward, 413, "too-large", f"a body of at most {MAX_BODY_BYTES} bytes was expected")
            return
        except TimeoutError:
            await _refuse(outward, 408, "too-slow", f"a whole body within {BODY_S:g} s was expected")
            return
        await app(scope, _again(whole, receive), outward)

    return application


def _refused(scope: Message, headers: dict[bytes, bytes], hosts: tuple[str, ...]) -> tuple[int, str, str] | None:
    """Names that are not ours (DNS rebinding), and pages of other sites that would write here."""
    host = headers.get(b"host", b"").decode("latin-1").lower()
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    if name not in hosts:
        return 421, "wrong-host", f"this console answers to {', '.join(hosts)}"
    if scope["method"] not in UNSAFE:
        return None
    site = headers.get(b"sec-fetch-site", b"same-origin")
    origin = headers.get(b"origin", b"").decode("latin-1").lower()
    if site not in (b"same-origin", b"none") or (origin and origin.split("//", 1)[-1] != host):
        return 403, "cross-site", "requests that change something come from this console's own pages"
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and int(length) > MAX_BODY_BYTES:
        return 413, "too-large", f"a body of at most {MAX_BODY_BYTES} bytes was expected"
    return None


async def _whole(receive: Receive) -> bytes:
    """The body. Raises ValueError if it is too large, TimeoutError if it stalls."""
    parts, total = [], 0
    async with asyncio.timeout(BODY_S):
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise TimeoutError
            total += len(message.get("body", b""))
            if total > MAX_BODY_BYTES:
                raise ValueError
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                return b"".join(parts)


def _again(whole: bytes, receive: Receive) -> Receive:
    given = False

    async def once() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": whole, "more_body": False}

    return once


def _dressed(send: Send) -> Send:
    async def outward(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = list(message.get("headers", ()))
            named = {name.lower() for name, _ in given}
            given += [one for one in HEADERS if one[0] not in named]
            if b"cache-control" not in named:
                given.append((b"cache-control", b"no-store"))
            message = {**message, "headers": given}
        await send(message)

    return outward


async def _refuse(send: Send, status: int, slug: str, detail: str) -> None:
    data = body(status, slug, detail)
    headers = [(b"content-type", MEDIA.encode()), (b"content-length", str(len(data)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": data})
