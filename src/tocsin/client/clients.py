"""The two clients: the same calls over httpx, once waiting and once awaiting."""

import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
import msgspec

from tocsin.client import calls
from tocsin.client.calls import Answer, Board, Call, NotConfirmed, Session, Statement, StatementLine, TrackRow
from tocsin.console.board import RequestLine
from tocsin.errors import BadEvidence, Outage

T = TypeVar("T")
Confirm = Callable[[str], bool]
PAGE = 500
COOKIE = "Cookie"


def _decoded(answer: httpx.Response, kind: type[T] | Any) -> Any:
    if answer.status_code >= 400:
        raise calls.failure(answer.status_code, answer.content)
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except msgspec.MsgspecError as error:
        raise BadEvidence(f"the centre's answer is not what its interface promises: {error}", answer.content) from error


def _arguments(timeout_s: float, cookie: str) -> dict[str, Any]:
    return {"timeout": timeout_s, "headers": {COOKIE: cookie} if cookie else {}, "follow_redirects": False}


class Client:
    """A centre's interface. `cookie`: a session that a browser made (`name=value`), where programs may not log in.

    Raises Problem for what the centre refuses, Outage where it cannot be reached, BadEvidence for answers of no sense.
    """

    def __init__(self, url: str, *, cookie: str = "", timeout_s: float = 30.0, **transport: Any) -> None:
        self._http = httpx.Client(base_url=url, **_arguments(timeout_s, cookie), **transport)
        self._csrf = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, t: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the connections; the session at the centre goes on until it expires."""
        self._http.close()

    def _ask(self, call: Call, kind: Any) -> Any:
        method, path, more = call
        try:
            return _decoded(self._http.request(method, path, **more), kind)
        except httpx.TransportError as error:
            raise Outage(f"{self._http.base_url}: {error or type(error).__name__}") from error

    def session(self) -> Session:
        """Who we are."""
        found: Session = self._ask(calls.get("session"), Session)
        self._csrf = found.csrf
        return found

    def log_in(self, name: str) -> Session:
        """Log in by name alone, where the centre allows that for development and exercises."""
        ticket = self._ask(calls.post("session/begin", {"name": name}), calls.Ticket).ticket
        found: Session = self._ask(calls.post("session/finish", {"ticket": ticket}), Session)
        self._csrf = found.csrf
        return found

    def board(self) -> Board:
        """Everything a watch officer sees, at once."""
        found: Board = self._ask(calls.get("board"), Board)
        return found

    def tracks(self) -> Iterator[TrackRow]:
        """Tracks of the national picture, page by page."""
        after: str | None = ""
        while after is not None:
            page = self._ask(calls.get("tracks", after=after, limit=PAGE), calls.Tracks)
            yield from page.items
            after = page.next

    def logs(self) -> tuple[str, ...]:
        """Origins of the logs that are held there."""
        found: tuple[str, ...] = self._ask(calls.get("logs"), calls.Logs).items
        return found

    def statements(self, log: str = "", after: int = 0) -> Iterator[StatementLine]:
        """Entries of a log (its own shared one by default) from an index on, page by page."""
        at: int | None = after
        while at is not None:
            page = self._ask(calls.get("statements", log=log, after=at, limit=PAGE), calls.Statements)
            yield from page.items
            at = page.next

    def statement(self, sha256: str) -> Statement:
        """One entry with its bytes and proofs."""
        found: Statement = self._ask(calls.get(f"statements/{sha256}"), Statement)
        return found

    def bundle(self, *, own: bool = False) -> bytes:
        """Logs, keys and receipts as a zip that `tocsin verify` checks offline."""
        method, path, more = calls.get("bundle", own=own or None)
        answer = self._http.request(method, path, **more)
        if answer.status_code >= 400:
            raise calls.failure(answer.status_code, answer.content)
        return answer.content

    def requests(self) -> tuple[RequestLine, ...]:
        """Statements of ours that wait for hands."""
        found: tuple[RequestLine, ...] = self._ask(calls.get("requests"), tuple[RequestLine, ...])
        return found

    def act(
        self, verb: str, body: Mapping[str, Any], *, confirm: Confirm | None = None, key: str = ""
    ) -> Answer:
        """Say something. `confirm` sees the exact text of what must be confirmed and says whether it may go.

        Without it, or where it says no, NotConfirmed is raised and nothing was said. The same `key` never says twice.
        """
        try:
            return self._said(verb, body, key or secrets.token_hex(16))
        except NotConfirmed as refused:
            if confirm is None or not confirm(refused.text):
                raise
            return self._said(verb, calls.confirmed(body, refused), secrets.token_hex(16))

    def _said(self, verb: str, body: Mapping[str, Any], key: str) -> Answer:
        found: Answer = self._ask(calls.post(f"actions/{verb}", body, self._csrf, key), calls.Logged | calls.Waits)
        return found

    def watch(self) -> Iterator[tuple[str, Any]]:
        """(section, content) of the board: everything once, then what changes, for as long as the caller listens."""
        reader = calls.Events()
        method, path, more = calls.get("events")
        with self._http.stream(method, path, **{**more, "timeout": httpx.Timeout(30.0, read=30.0)}) as answer:
            if answer.status_code >= 400:
                raise calls.failure(answer.status_code, answer.read())
            for line in answer.iter_lines():
                found = reader.take(line)
                if found is not None:
                    yield found


class AsyncClient:
    """As `Client`, to be awaited."""

    def __init__(self, url: str, *, cookie: str = "", timeout_s: float = 30.0, **transport: Any) -> None:
        self._http = httpx.AsyncClient(base_url=url, **_arguments(timeout_s, cookie), **transport)
        self._csrf = ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, t: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End the connections."""
        await self._http.aclose()

    async def _ask(self, call: Call, kind: Any) -> Any:
        method, path, more = call
        try:
            return _decoded(await self._http.request(method, path, **more), kind)
        except httpx.TransportError as error:
            raise Outage(f"{self._http.base_url}: {error or type(error).__name__}") from error

    async def session(self) -> Session:
        """Who we are."""
        found: Session = await self._ask(calls.get("session"), Session)
        self._csrf = found.csrf
        return found

    async def log_in(self, name: str) -> Session:
        """Log in by name alone, where the centre allows that."""
        ticket = (await self._ask(calls.post("session/begin", {"name": name}), calls.Ticket)).ticket
        found: Session = await self._ask(calls.post("session/finish", {"ticket": ticket}), Session)
        self._csrf = found.csrf
        return found

    async def board(self) -> Board:
        """Everything a watch officer sees, at once."""
        found: Board = await self._ask(calls.get("board"), Board)
        return found

    async def tracks(self) -> AsyncIterator[TrackRow]:
        """Tracks of the national picture, page by page."""
        after: str | None = ""
        while after is not None:
            page = await self._ask(calls.get("tracks", after=after, limit=PAGE), calls.Tracks)
            for row in page.items:
                yield row
            after = page.next

    async def logs(self) -> tuple[str, ...]:
        """Origins of the logs that are held there."""
        found: tuple[str, ...] = (await self._ask(calls.get("logs"), calls.Logs)).items
        return found

    async def statements(self, log: str = "", after: int = 0) -> AsyncIterator[StatementLine]:
        """Entries of a log from an index on, page by page."""
        at: int | None = after
        while at is not None:
            page = await self._ask(calls.get("statements", log=log, after=at, limit=PAGE), calls.Statements)
            for line in page.items:
                yield line
            at = page.next

    async def statement(self, sha256: str) -> Statement:
        """One entry with its bytes and proofs."""
        found: Statement = await self._ask(calls.get(f"statements/{sha256}"), Statement)
        return found

    async def bundle(self, *, own: bool = False) -> bytes:
        """Logs, keys and receipts as a zip that `tocsin verify` checks offline."""
        method, path, more = calls.get("bundle", own=own or None)
        answer = await self._http.request(method, path, **more)
        if answer.status_code >= 400:
            raise calls.failure(answer.status_code, answer.content)
        return answer.content

    async def requests(self) -> tuple[RequestLine, ...]:
        """Statements of ours that wait for hands."""
        found: tuple[RequestLine, ...] = await self._ask(calls.get("requests"), tuple[RequestLine, ...])
        return found

    async def act(
        self, verb: str, body: Mapping[str, Any], *, confirm: Confirm | None = None, key: str = ""
    ) -> Answer:
        """Say something; see `Client.act`."""
        try:
            return await self._said(verb, body, key or secrets.token_hex(16))
        except NotConfirmed as refused:
            if confirm is None or not confirm(refused.text):
                raise
            return await self._said(verb, calls.confirmed(body, refused), secrets.token_hex(16))

    async def _said(self, verb: str, body: Mapping[str, Any], key: str) -> Answer:
        call = calls.post(f"actions/{verb}", body, self._csrf, key)
        found: Answer = await self._ask(call, calls.Logged | calls.Waits)
        return found

    async def watch(self) -> AsyncIterator[tuple[str, Any]]:
        """(section, content) of the board: everything once, then what changes."""
        reader = calls.Events()
        method, path, more = calls.get("events")
        async with self._http.stream(method, path, **{**more, "timeout": httpx.Timeout(30.0, read=30.0)}) as answer:
            if answer.status_code >= 400:
                raise calls.failure(answer.status_code, await answer.aread())
            async for line in answer.aiter_lines():
                found = reader.take(line)
                if found is not None:
                    yield found
