"""The built pages as files. What carries a hash in its name browsers keep for ever; all else they ask for again."""

import mimetypes
import re
from pathlib import Path

from tocsin.console.routes.guard import Asgi, Message, Receive, Send

HASHED = re.compile(r"[-.][A-Za-z0-9_-]{8,}\.[a-z0-9]+$")
TYPES = {
    ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8",
    ".json": "application/json", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".png": "image/png",
    ".webmanifest": "application/manifest+json", ".map": "application/json", ".txt": "text/plain; charset=utf-8",
}  # fmt: skip
MISSING = (
    "<!doctype html><html lang=en><title>Tocsin</title><p>The pages are not built here. The interface is under "
    "<a href=/api/v1/openapi.json>/api/v1</a>."
)


class Pages:
    """Files below one folder, read once into memory; nothing outside it can be named."""

    def __init__(self, folder: Path, index: str = "index.html") -> None:
        self._files: dict[str, tuple[bytes, str, str]] = {}
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file():
                name = path.relative_to(folder).as_posix()
                keep = "public, max-age=31536000, immutable" if _hashed(name) else "no-cache"
                self._files[f"/{name}"] = (path.read_bytes(), _type(path), keep)
        self._files["/"] = self._files.get(f"/{index}", (MISSING.encode(), TYPES[".html"], "no-cache"))

    def holds(self, path: str) -> bool:
        """Whether there is such a file."""
        return path in self._files

    async def answer(self, scope: Message, receive: Receive, send: Send) -> None:
        """A file, for GET and HEAD."""
        del receive
        data, kind, keep = self._files[scope["path"]]
        headers = [(b"content-type", kind.encode()), (b"content-length", str(len(data)).encode()),
                   (b"cache-control", keep.encode())]  # fmt: skip
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else data})


def with_pages(app: Asgi, pages: Pages) -> Asgi:
    """The interface with its pages beside it."""

    async def application(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and pages.holds(scope["path"]):
            await pages.answer(scope, receive, send)
        else:
            await app(scope, receive, send)

    return application


async def nothing_else(scope: Message, receive: Receive, send: Send) -> None:
    """404 for whatever is no file: what stands behind pages that have no interface."""
    del receive
    if scope["type"] == "http":
        headers = [(b"content-type", TYPES[".txt"].encode())]
        await send({"type": "http.response.start", "status": 404, "headers": headers})
        await send({"type": "http.response.body", "body": b"no such file here\n"})


def _hashed(name: str) -> bool:
    return name.startswith("assets/") and HASHED.search(name) is not None


def _type(path: Path) -> str:
    return TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
