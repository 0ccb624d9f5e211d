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

from browser import boards
from tocsin.console.board import Board

PAGES = Path(__file__).parents[2] / "src" / "tocsin" / "console" / "pages"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


class Stub:
    """One page's server. Everything public may be set by a test while it runs."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.silent = False  # the stream stays open and says nothing
        self.refuse = False  # the stream is cut and refused
        self.expired = False  # every call answers 401
        self.skew_s = 0.0
        self.drop_answers = 0  # so many actions are done and their answer lost
        self.done: dict[str, tuple[int, dict[str, Any]]] = {}  # by idempotency key
        self.needs_hands = False
        self.asks_code = False
        self.explained: dict[str, Any] = {
            "id": "T-0041",
            "t_tai_us": [boards.tai(boards.NOW_S - back) for back in (240, 180, 120, 60)],
            "benign": [0.1, 0.3, 0.2, 0.9],
            "low": [0.1, 0.2, 0.1, 0.8],
            "high": [0.1, 0.4, 0.3, 0.95],
        }
        self.wording = "signs"
        self.bodies: list[tuple[str, dict[str, Any]]] = []
        self.signed: list[str] = []
        self.paths: list[str] = []
        self._queues: list[asyncio.Queue[tuple[str, bytes] | None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self.port = 0
        self.expected: tuple[str, ...] = ()  # troubles that a test makes on purpose

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/"

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
            if method != "GET":
                self.bodies.append((path[8:], json.loads(body) if body else {}))
            headers = {k.decode(): v.decode() for k, v in scope["headers"]}
            await self._json(
                send, *self._api(method, path[8:], json.loads(body) if body else {}, headers.get("idempotency-key", ""))
            )
        else:
            await self._file(send, path)

    def _api(self, method: str, path: str, body: dict[str, Any], key: str) -> tuple[int, Any]:
        if path.startswith("session"):
            return self._session(path, method, body)
        if self.expired:
            return 401, _problem("not-logged-in", 401, "nobody is logged in here, or no longer")
        if method == "GET":
            return self._get(path)
        if key in self.done:
            return self.done[key]
        return self._act(path, body, key)

    def _session(self, path: str, method: str, body: dict[str, Any]) -> tuple[int, Any]:
        if path == "session/begin":
            return 200, {
                "ticket": body["name"],
                "development": "said",
                "challenge": "AA",
                "relying_party": "localhost",
                "credentials": [],
                "timeout_s": 60,
            }
        if path == "session/finish":
            self.expired = False
        me = None if self.expired else msgspec.to_builtins(self.board.me)
        return 200, {
            "party": "west",
            "mode": "exercise",
            "title": "",
            "logins": ["passkey", "development"],
            "development": "said",
            "names": ["A. Berg", "C. Dahl"],
            "me": me,
            "csrf": "token",
            "expires_s": 900,
        }

    def _get(self, path: str) -> tuple[int, Any]:
        if path == "board":
            return 200, json.loads(msgspec.json.encode(self.board))
        if path.endswith("/history"):
            return 200, _history()
        if path.startswith("explained/"):
            return 200, self.explained
        if path == "codebooks":
            return 200, BOOKS
        if path.startswith("statements/"):
            line = {
                "origin": "east.example/log",
                "index": 97,
                "party": "east",
                "kind": "vote",
                "utc": boards.utc(262),
                "words": "signs YES",
                "sha256": "ab" * 32,
            }
            return 200, {
                "line": line,
                "entry_base64": "e30=",
                "statement": {"kind": "vote"},
                "exact_text": boards.FULL_TEXT,
                "message_sha256": "cd" * 32,
                "signed_by": ["V. Orlov"],
                "receipted_by": ["west"],
                "checkpoint": "east.example/log\n98\nroot",
                "proof": ["aa", "bb"],
                "size": 98,
            }
        return 200, []

    def _act(self, path: str, body: dict[str, Any], key: str) -> tuple[int, Any]:
        """As the console does it: what must be read first comes back unconfirmed; what needs hands waits."""
        verb = path.split("/")[-1]
        logged = {
            "state": "logged",
            "kind": verb,
            "origin": "west.example/log",
            "index": 118,
            "sha256": hashlib.sha256(key.encode()).hexdigest(),
        }
        if verb in ("vote", "propose"):
            text = f"A. Berg {self.wording} {body.get('choice', body.get('finding', ''))}: {boards.FULL_TEXT}"
            sha = hashlib.sha256(text.encode()).hexdigest()
            if body.get("confirm_sha256") != sha:
                return 409, _problem(
                    "not-confirmed", 409, "read the text and send its hash back", text=text, confirm_sha256=sha
                )
            if self.needs_hands:
                return self._keep(key, 202, {"state": "waits", "request": self._wait(text, sha)})
            self._signed(key)
        if verb == "challenge":
            return 200, {"cell": 7 if self.asks_code else None}
        if path.endswith("/sign"):
            if self.asks_code and body.get("code") != "GREEN":
                return 403, _problem("not-allowed", 403, "that is not the answer of this cell; ask for another")
            self._signed(key)
        answer = self._keep(key, 201, logged)
        if self.drop_answers > 0:
            self.drop_answers -= 1
            return 599, None
        return answer

    def _keep(self, key: str, status: int, answer: dict[str, Any]) -> tuple[int, Any]:
        self.done[key] = (status, answer)
        return self.done[key]

    def _wait(self, text: str, sha: str) -> dict[str, Any]:
        line = boards.b.RequestLine(
            name=sha[:16],
            kind="vote",
            text=text,
            message_sha256=sha,
            challenge=base64.urlsafe_b64encode(bytes.fromhex(sha)).decode().rstrip("="),
            by="A. Berg",
            officers_needed=1,
            signed_by=(),
            asked_utc=boards.utc(boards.NOW_S),
            needs_code=self.asks_code,
        )
        self.show(msgspec.structs.replace(self.board, requests=(line,)))
        return dict(msgspec.to_builtins(line))

    def _signed(self, key: str) -> None:
        self.signed.append(key)
        both = ("east", "west")
        self.show(
            msgspec.structs.replace(self.board, requests=(), proposals=(boards.proposal(both, "signed", both, False),))
        )

    async def _stream(self, receive: Any, send: Any) -> None:
        if self.expired:
            await self._json(send, 401, _problem("not-logged-in", 401, ""))
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
        pairs = {
            "content-type": kind,
            "content-security-policy": POLICY,
            "date": date,
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
        }
        return [(k.encode(), v.encode()) for k, v in pairs.items()]

    async def _json(self, send: Any, status: int, value: Any) -> None:
        if status == 599:  # the answer is lost: half a body, then nothing
            await send(
                {
                    "type": "http.response.start",
                    "status": 200,
                    "headers": [*self._headers("application/json"), (b"content-length", b"400")],
                }
            )
            raise ConnectionResetError("the answer is lost on purpose")
        await send({"type": "http.response.start", "status": status, "headers": self._headers("application/json")})
        await send({"type": "http.response.body", "body": json.dumps(value).encode()})

    async def _file(self, send: Any, path: str) -> None:
        file = PAGES / (path.lstrip("/") or "index.html")
        if not file.is_file() or PAGES not in file.resolve().parents:
            await self._json(send, 404, {"title": "not here", "status": 404})
            return
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": self._headers(TYPES.get(file.suffix, "application/octet-stream")),
            }
        )
        await send({"type": "http.response.body", "body": file.read_bytes()})


def _message(event: str, data: bytes) -> dict[str, Any]:
    return {
        "type": "http.response.body",
        "body": b"event: " + event.encode() + b"\ndata: " + data + b"\n\n",
        "more_body": True,
    }


BOOKS = [
    {
        "code_word": "ZENIT",
        "sha256": "ef" * 32,
        "lacking": [],
        "messages": [{"number": 7, "texts": {"en": "{1} objects seen.", "ru": "Объектов: {1}."}, "blanks": 1}],
    }
]


def _history() -> dict[str, Any]:
    seen, ahead = range(40, boards.NOW_S, 10), range(boards.NOW_S, 1_151, 25)

    def height_m(s: float) -> float:
        return max(0.0, 1_453e3 * (1 - ((s - 590) / 560) ** 2))

    return {
        "said": {
            "t_tai_us": [boards.tai(s) for s in seen],
            "height_m": [height_m(s) for s in seen],
            "sigma_height_m": [4e4 / (1 + i) for i, _ in enumerate(seen)],
        },
        "predicted": {
            "t_tai_us": [boards.tai(s) for s in ahead],
            "height_m": [height_m(s) for s in ahead],
            "sigma_height_m": [1_500 + 1_800.0 * i for i, _ in enumerate(ahead)],
        },
    }


def _problem(slug: str, status: int, detail: str, **more: str) -> dict[str, Any]:
    return {"type": f"urn:tocsin:problem:{slug}", "title": slug, "status": status, "detail": detail, **more}


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
    config = uvicorn.Config(
        stub,
        host="127.0.0.1",
        port=0,
        log_level="critical",
        lifespan="off",
        timeout_graceful_shutdown=1,
        date_header=False,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    stub.port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield stub.url
    finally:
        server.should_exit = True
        stub.cut()
        thread.join(5)
