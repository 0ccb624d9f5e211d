"""The director's server: log-in on this machine alone, the handlers of `director` behind the console's guard.

There is one director's seat and no passkey for it: whoever sits at the machine that runs the exercise could stop it
anyway. The page says so, is served on loopback only, and is no way into any centre.
"""

import contextlib
import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec
from litestar import Litestar, Request, Response, Router, delete, get, post
from litestar.datastructures import Cookie
from litestar.exceptions import HTTPException
from litestar.params import FromPath, JSONBody

from tocsin.console import views
from tocsin.console.board import Me
from tocsin.console.errors import BadToken, NotFound
from tocsin.console.routes.door import CSRF
from tocsin.console.routes.guard import MAX_BODY_BYTES, UNSAFE, Asgi, guarded
from tocsin.console.routes.live import Hub, Live
from tocsin.console.routes.pages import Pages, with_pages
from tocsin.console.routes.problems import failed, http_failed, our_fault
from tocsin.console.sessions import Session, Sessions, same_token
from tocsin.console.settings import SHIPPED_PAGES
from tocsin.console.sight import Sight
from tocsin.errors import TocsinError
from tocsin.exercise import director
from tocsin.exercise.director import ReportState
from tocsin.exercise.feed import DirectorFeed
from tocsin.exercise.game import Game
from tocsin.exercise.host import SeatHost
from tocsin.exercise.overview import Overview, overview

AnyRequest = Request[Any, Any, Any]
COOKIE = "tocsin-director"
NOTICE = "The director's page: open to whoever sits at this machine, and to nobody else."
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; base-uri 'none'"
TYPES = {".html": "text/html; charset=utf-8", ".zip": "application/zip", ".jsonl": "text/plain; charset=utf-8"}
IDLE_S, WHOLE_S = 4 * 3_600.0, 12 * 3_600.0


class SessionView(msgspec.Struct, frozen=True, kw_only=True):
    """As at a console, without a party."""

    party: str
    mode: Literal["exercise"]
    title: str
    logins: tuple[str, ...]
    development: str
    names: tuple[str, ...]
    me: Me | None
    csrf: str
    expires_s: int


class Name(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """I am `name`; the journal carries it."""

    name: str


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """What a log-in is finished with."""

    ticket: str
    development: str
    challenge: str = ""
    relying_party: str = "localhost"
    credentials: tuple[str, ...] = ()
    timeout_s: float = 180.0


class Finish(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The ticket; nothing is asked besides."""

    ticket: str
    assertion: None = None


class Desk:
    """The director's desk: the game, its sessions, live changes, and the report once there is one."""

    def __init__(self, game: Game, urls: dict[str, str], scenarios: Path | None, reports: Path) -> None:
        self.game, self.urls, self.scenarios, self.reports = game, urls, scenarios, reports
        self.state = "not-ended"
        self.sessions = Sessions(time.monotonic, lambda: secrets.token_urlsafe(32), IDLE_S, WHOLE_S, _ended)
        self._hub = Hub(DirectorFeed(self.seen, lambda: game.version), time.monotonic)
        self._sights = {party: Sight(SeatHost(game, party)) for party in game.seats}
        self._tickets: dict[str, str] = {}

    def seen(self) -> Overview:
        """The board."""
        return overview(self.game, self.urls)

    def listen(self, request: AnyRequest) -> Response[bytes]:
        """The stream of changes."""
        session = self.session(request)
        return Live(self._hub.stream(lambda: _me(session), lambda: self.sessions.alive(session)))

    def board_of(self, party: str) -> bytes:
        """A party's board as an observer there would see it."""
        if party not in self._sights:
            raise NotFound(f"party {party[:40]!r}: one of {', '.join(self._sights)} expected")
        sight = self._sights[party]
        sight.refresh()
        return msgspec.json.encode(views.board(sight, _observer()))

    def report(self) -> ReportState:
        """Where the report's files are."""
        names = ("after-action.html", "comparison.html", "kit.html", "logs.zip", "journal.jsonl")
        found = {name.split(".")[0]: f"/director/report/{name}" for name in names if (self.reports / name).is_file()}
        return ReportState(state=self.state, files=found)

    def session(self, request: AnyRequest) -> Session:
        """Who asks. Raises NotLoggedIn."""
        return self.sessions.of(str(request.cookies.get(COOKIE, "")))

    async def check(self, request: AnyRequest) -> None:
        """Before every route of the director: logged in, and acts by a page of ours."""
        session = self.session(request)
        if request.method in UNSAFE and not same_token(session, request.headers.get(CSRF, "")):
            raise BadToken(f"the header {CSRF} of this session was expected: load the page again")

    def ticket(self, name: str) -> str:
        """For a name that somebody gives."""
        key = secrets.token_urlsafe(32)
        self._tickets = {**dict(list(self._tickets.items())[-20:]), key: name[:100].strip() or "director"}
        return key

    def enter(self, ticket: str) -> tuple[str, Session]:
        """A session for a ticket. Raises NotFound."""
        name = self._tickets.pop(ticket, None)
        if name is None:
            raise NotFound("that question was answered or has run out; begin again")
        return self.sessions.begin(name, ("director",), "development")


def directing(desk: Desk, hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")) -> Asgi:
    """The application."""
    inner = Litestar(
        [*_entrance(desk), *_inside(desk)],
        exception_handlers={TocsinError: failed, HTTPException: http_failed, Exception: our_fault},
        openapi_config=None, logging_config=None, request_max_body_size=MAX_BODY_BYTES,
    )  # fmt: skip
    return guarded(with_pages(inner, Pages(SHIPPED_PAGES, "director.html")), hosts)  # type: ignore[arg-type]


def _inside(desk: Desk) -> Sequence[Any]:
    @get("/director/report/{name:str}")
    async def file(name: FromPath[str]) -> Response[bytes]:
        """A page or download of the report."""
        path = desk.reports / name
        if "/" in name or path.suffix not in TYPES or not path.is_file():
            raise NotFound(f"{name[:60]!r}: no such file of the report")
        headers = {"content-security-policy": REPORT_POLICY}
        if path.suffix != ".html":
            headers["content-disposition"] = f'attachment; filename="{name}"'
        return Response(path.read_bytes(), media_type=TYPES[path.suffix], headers=headers)

    async def check(request: AnyRequest) -> None:  # a plain function: Litestar copies a router with what is bound to it
        await desk.check(request)

    handlers = director.handlers(desk, lambda request: desk.session(request).name)
    return [Router(path="/", route_handlers=[*handlers, file], before_request=check)]


def _entrance(desk: Desk) -> Sequence[Any]:
    def view(secret: str) -> SessionView:
        session = None
        with contextlib.suppress(TocsinError):  # nobody is logged in: that is an answer, too
            session = desk.sessions.of(secret, active=False)
        return SessionView(
            party="", mode="exercise", title=desk.game.scenario.title, logins=("development",), development=NOTICE,
            names=("director",), me=_person(session) if session else None, csrf=session.csrf if session else "",
            expires_s=int(desk.sessions.left_s(session)) if session else 0,
        )  # fmt: skip

    @get("/api/v1/session")
    async def who(request: AnyRequest) -> SessionView:
        """Who am I."""
        return view(str(request.cookies.get(COOKIE, "")))

    @post("/api/v1/session/begin", status_code=200)
    async def begin(data: JSONBody[Name]) -> Ticket:
        """Begin to log in."""
        return Ticket(ticket=desk.ticket(data.name), development=NOTICE)

    @post("/api/v1/session/finish", status_code=200)
    async def finish(data: JSONBody[Finish]) -> Response[SessionView]:
        """Log in."""
        secret, _ = desk.enter(data.ticket)
        cookie = Cookie(key=COOKIE, value=secret, path="/", httponly=True, samesite="strict")
        return Response(view(secret), cookies=[cookie])

    @delete("/api/v1/session")
    async def leave(request: AnyRequest) -> None:
        """Log out."""
        await desk.check(request)
        desk.sessions.end(str(request.cookies.get(COOKIE, "")))

    return who, begin, finish, leave


def _ended(session: Session, how: Literal["end", "expired"]) -> None:
    del session, how


def _person(session: Session) -> Me:
    return Me(
        name=session.name, roles=session.roles, has_watch=False, login="development", expires_posix_s=0, may={}
    )


def _observer() -> Me:
    return Me(name="director", roles=("observer",), has_watch=False, login="none", expires_posix_s=0, may={})


def _me(session: Session) -> bytes:
    return msgspec.json.encode(_person(session))
