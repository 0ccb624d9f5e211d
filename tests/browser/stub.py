"""A stand-in for a centre's server: the built pages, one board, and every kind of trouble on demand.

The pages' states must be shown without waiting for a crisis; the same pages run against real centres in test_twin.py.
"""

import asyncio
import base64
import contextlib
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import msgspec
import uvicorn

from tests.browser import boards
from tocsin.console.board import Board

PAGES = Path(__file__).parents[2] / "src" / "tocsin" / "console" / "pages"
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)  # fmt: skip


class Stub:
    """One page's server. Everything public may be set by a test while it runs."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.silent = False  # the stream stays open and says nothing
        self.refuse = False  # the stream is cut and refused
        self.expired = False  # every call answers 401
        self.skew_s = 0.0
        self.drop_answers = 0  # so many actions are done and their answer lost
        self.done: dict[str, dict[str, Any]] = {}  # by idempotency key
        self.requests: dict[str, dict[str, Any]] = {}
        self.signed: list[str] = []
        self.paths: list[str] = []
        self._queues: list[asyncio.Queue[tuple[str, bytes] | None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self.port = 0

    def show(self, board: Board) -> None:
        """Another board: what changed goes out."""
        before, self.board = self.board, board
        for name in board.__struct_fields__:
            if getattr(before, name) != getattr(board, name):
                self.push(name, msgspec.json.encode(getattr(board, name)))

    def push(self, event: str, data: bytes) -> None:
        """One message to every stream, as it stands: it may be broken on purpose."""
        assert self._loop is not None
        for queue in list(self._queues):
            self._loop.call_soon_threadsafe(queue.put_nowait, (event, data))

    def cut(self) -> None:
        """Cut every stream and refuse new ones until `refuse` is False."""
        self.refuse = True
        assert self._loop is not None
        for queue in list(self._queues):
            self._loop.call_soon_threadsafe(queue.put_nowait, None)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        self._loop = asyncio.get_running_loop()
        path, method = scope["path"], scope["method"]
        self.paths.append(path)
        if path == "/api/v1/events":
            await self._stream(receive, send)
        elif path.startswith("/api/v1/"):
            body = await _body(receive)
            headers = {k.decode(): v.decode() for k, v in scope["headers"]}
            await self._json(send, *self._api(method, path[8:], json.loads(body) if body else {}, headers.get("idempotency-key", "")))
        else:
            await self._file(send, path)

    def _api(self, method: str, path: str, body: dict[str, Any], key: str) -> tuple[int, Any]:
        if path == "session" and method == "GET":
            return 200, {"csrf": "token", "name": self.board.me.name}
        if path.startswith("session"):
            self.expired = False
            return 200, {"method": "development", "notice": "Development log-in: the server holds the keys.", "csrf": "token"}
        if self.expired:
            return 401, {"type": "urn:tocsin:problem:session-expired", "title": "Session expired", "status": 401, "detail": "Log in again."}
        if method == "GET":
            return self._get(path)
        if key in self.done:
            return 200, self.done[key]
        return self._act(path, body, key)

    def _get(self, path: str) -> tuple[int, Any]:
        if path == "board":
            return 200, json.loads(msgspec.json.encode(self.board))
        if path.endswith("/history"):
            return 200, _history()
        if path.startswith("statements/"):
            return 200, {"words": "A vote: yes.", "envelope": {"kind": "vote", "origin": "east.example/log"}, "body": {"choice": "yes"}, "receipts": [{"by": "west"}]}
        return 200, []

    def _act(self, path: str, body: dict[str, Any], key: str) -> tuple[int, Any]:
        if path.startswith("requests/"):
            name = path.split("/")[1]
            request = self.requests.get(name)
            if request is None or body.get("confirm_sha256") != request["message_sha256"]:
                return 409, {"type": "urn:tocsin:problem:other-text", "title": "Other text", "status": 409, "detail": "The confirmed hash is not that of the text."}
            self.signed.append(key)
            self.board = msgspec.structs.replace(self.board, requests=(), proposals=(boards.proposal(("east", "west"), "signed", ("east", "west"), False),))
            self.push("requests", b"[]")
            self.push("proposals", msgspec.json.encode(self.board.proposals))
            answer = {"sha256": "9a" * 32, "words": "Your vote is in the log."}
        elif path in ("actions/vote", "actions/propose"):
            text = boards.FULL_TEXT.replace("PROPOSAL of a joint finding", f"VOTE {body.get('choice', '')} on a joint finding")
            sha = hashlib.sha256(text.encode()).hexdigest()
            line = {"name": f"r-{sha[:8]}", "kind": path.split("/")[1], "text": text, "message_sha256": sha, "challenge": base64.urlsafe_b64encode(bytes.fromhex(sha)).decode().rstrip("="),
                    "by": "A. Berg", "officers_needed": 1, "signed_by": [], "asked_utc": boards.utc(boards.NOW_S), "needs_code": False}
            self.requests[line["name"]] = line
            self.push("requests", json.dumps(list(self.requests.values())).encode())
            self.board = msgspec.structs.replace(self.board, requests=tuple(msgspec.convert(list(self.requests.values()), tuple[boards.b.RequestLine, ...])))
            self.done[key] = {"request": line["name"], "message_sha256": sha, "text": text, "officers_needed": 1, "signatures": []}
            return 202, self.done[key]
        else:
            answer = {"sha256": hashlib.sha256(key.encode()).hexdigest(), "words": f"Logged: {path.split('/')[-1]}."}
        self.done[key] = answer
        if self.drop_answers > 0:
            self.drop_answers -= 1
            return 599, None
        return 200, answer

    async def _stream(self, receive: Any, send: Any) -> None:
        if self.expired:
            await self._json(send, 401, {"title": "Session expired", "status": 401, "type": "urn:tocsin:problem:session-expired", "detail": ""})
            return
        if self.refuse:
            await self._json(send, 503, {"title": "away", "status": 503, "type": "about:blank", "detail": ""})
            return
        queue: asyncio.Queue[tuple[str, bytes] | None] = asyncio.Queue()
        self._queues.append(queue)
        gone = asyncio.create_task(_gone(receive))
        await send({"type": "http.response.start", "status": 200, "headers": self._headers("text/event-stream")})
        try:
            for name in self.board.__struct_fields__:
                await send(_message(name, msgspec.json.encode(getattr(self.board, name))))
            while not gone.done():
                try:
                    item = await asyncio.wait_for(queue.get(), 1.0)
                except TimeoutError:
                    if not self.silent:
                        await send({"type": "http.response.body", "body": b": ping\n\n", "more_body": True})
                    continue
                if item is None:
                    break
                await send(_message(*item))
            await send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()
            self._queues.remove(queue)

    def _headers(self, kind: str) -> list[tuple[bytes, bytes]]:
        date = formatdate(time.time() + self.skew_s, usegmt=True)
        pairs = {"content-type": kind, "content-security-policy": POLICY, "date": date, "cache-control": "no-store", "x-content-type-options": "nosniff"}
        return [(k.encode(), v.encode()) for k, v in pairs.items()]

    async def _json(self, send: Any, status: int, value: Any) -> None:
        if status == 599:  # the answer is lost: half a body, then nothing
            await send({"type": "http.response.start", "status": 200, "headers": [*self._headers("application/json"), (b"content-length", b"400")]})
            raise ConnectionResetError("the answer is lost on purpose")
        await send({"type": "http.response.start", "status": status, "headers": self._headers("application/json")})
        await send({"type": "http.response.body", "body": json.dumps(value).encode()})

    async def _file(self, send: Any, path: str) -> None:
        file = PAGES / (path.lstrip("/") or "index.html")
        if not file.is_file() or PAGES not in file.resolve().parents:
            await self._json(send, 404, {"title": "not here", "status": 404})
            return
        await send({"type": "http.response.start", "status": 200, "headers": self._headers(TYPES.get(file.suffix, "application/octet-stream"))})
        await send({"type": "http.response.body", "body": file.read_bytes()})


def _message(event: str, data: bytes) -> dict[str, Any]:
    return {"type": "http.response.body", "body": b"event: " + event.encode() + b"\ndata: " + data + b"\n\n", "more_body": True}


def _history() -> dict[str, Any]:
    seen, ahead = range(40, boards.NOW_S, 10), range(boards.NOW_S, 1_151, 25)

    def height_m(s: float) -> float:
        return max(0.0, 1_453e3 * (1 - ((s - 590) / 560) ** 2))

    return {
        "t_tai_us": [boards.tai(s) for s in seen], "height_m": [height_m(s) for s in seen], "sigma_height_m": [4e4 / (1 + i) for i, _ in enumerate(seen)],
        "predicted": {"t_tai_us": [boards.tai(s) for s in ahead], "height_m": [height_m(s) for s in ahead], "sigma_height_m": [1_500 + 1_800.0 * i for i, _ in enumerate(ahead)]},
    }  # fmt: skip


async def _body(receive: Any) -> bytes:
    data = b""
    while True:
        part = await receive()
        data += part.get("body", b"")
        if not part.get("more_body"):
            return data


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


@contextlib.contextmanager
def serving(stub: Stub) -> Iterator[str]:
    """The stub on a free port of the loopback; yields its address."""
    config = uvicorn.Config(stub, host="127.0.0.1", port=0, log_level="critical", lifespan="off", timeout_graceful_shutdown=1, date_header=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    stub.port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{stub.port}/"
    finally:
        server.should_exit = True
        stub.cut()
        thread.join(5)
