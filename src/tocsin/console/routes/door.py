"""What every route shares: who asks, with which session, and what is behind the door."""

import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

import msgspec
from litestar import Request

from tocsin.console import views
from tocsin.console.board import Board, Me
from tocsin.console.errors import BadToken, NotAllowed, NotLoggedIn
from tocsin.console.host import Host
from tocsin.console.people import Drawer, People, roles_of
from tocsin.console.routes.boardfeed import BoardFeed
from tocsin.console.routes.live import Hub
from tocsin.console.sessions import Buckets, Session, Sessions, same_token
from tocsin.console.settings import ConsoleSettings
from tocsin.console.sight import Sight
from tocsin.console.signing import Room, alarms
from tocsin.errors import Refusal, TocsinError
from tocsin.wire.custody import Roster
from tocsin.wire.watch import DeskSession

TICKET_S = 180.0
MOST_TICKETS = 1_000
CSRF = "x-tocsin-csrf"
AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Ticket:
    """A question that a browser's passkey answers within `TICKET_S`."""

    what: Literal["login", "enrol"]
    name: str
    nonce: bytes
    made_s: float


class Door:
    """One console."""

    def __init__(self, host: Host, settings: ConsoleSettings, drawer: Drawer) -> None:
        if settings.development and host.play().mode == "live":
            raise Refusal("development log-in in mode live: passkeys alone open a live centre's console")
        self.host, self.settings = host, settings
        self.people = People(drawer, settings.people)
        self.sight = Sight(
            host, development=settings.development, test_every_s=settings.test_every_s, people=self.people.roles
        )
        self.sight.cleared = self.people.cleared
        self.room = Room(self.sight, self.people, settings)
        self.wall_s = time.monotonic
        self.sessions = Sessions(self.wall_s, _secret, settings.idle_s, settings.absolute_s, self._ended)
        self.hub = Hub(BoardFeed(self.sight, self.wall_s), self.wall_s)
        self.acts = Buckets(settings.acts_per_s, settings.acts_burst)
        self.logins = Buckets(settings.logins_per_s, settings.logins_burst)
        self.reads = Buckets(settings.reads_per_s, settings.reads_burst)
        self._tickets: OrderedDict[str, Ticket] = OrderedDict()
        origin = host.centre.config.origin
        self.cookie = f"tocsin-{host.centre.config.party}-{sha256(origin.encode()).hexdigest()[:6]}"

    @property
    def roster(self) -> Roster | None:
        """The roster in force."""
        centre = self.host.centre
        return self.sight.registry.roster_at(centre.config.party, centre.books["shared"].next_index)

    def roles(self, name: str) -> tuple[str, ...]:
        """A person's roles now."""
        return roles_of(name, self.roster, self.people)

    def secret(self, request: AnyRequest) -> str:
        """The token that a request carries."""
        return str(request.cookies.get(self.cookie, ""))

    def reader(self, request: AnyRequest) -> Session:
        """Who reads. Raises NotLoggedIn, TooMuch."""
        session = self.sessions.of(self.secret(request))
        self.reads.take(session.csrf, self.wall_s())
        return session

    def actor(self, request: AnyRequest) -> Session:
        """Who acts, by a page of ours. Raises NotLoggedIn, BadToken, TooMuch."""
        session = self.sessions.of(self.secret(request))
        if not same_token(session, request.headers.get(CSRF, "")):
            raise BadToken(f"the header {CSRF} of this session was expected: load the page again")
        self.acts.take(session.csrf, self.wall_s())
        return session

    def knock(self, request: AnyRequest) -> None:
        """Somebody tries to log in. Raises TooMuch."""
        self.logins.take(request.client.host if request.client else "", self.wall_s())

    def me(self, session: Session) -> Me:
        """The person as the board shows him. Roles are looked up again, so that a new roster counts at once."""
        name, roles = session.name, self.roles(session.name) or session.roles
        return Me(
            name=name, roles=roles, has_watch=self.room.holder == name, login=session.login,
            expires_posix_s=round(time.time() + self.sessions.left_s(session)), may=self.room.may(name, roles),
            alarms=alarms(self.sight, roles),
        )  # fmt: skip

    def board(self, session: Session) -> Board:
        """Everything, for one person."""
        self.sight.refresh()
        return views.board(self.sight, self.me(session))

    def ticket(self, what: Literal["login", "enrol"], name: str) -> tuple[str, Ticket]:
        """A fresh question."""
        made = Ticket(what, name, secrets.token_bytes(32), self.wall_s())
        key = _secret()
        self._tickets[key] = made
        while len(self._tickets) > MOST_TICKETS:
            self._tickets.popitem(last=False)
        return key, made

    def take(self, key: str, what: Literal["login", "enrol"]) -> Ticket:
        """A question that is answered once. Raises NotLoggedIn."""
        found = self._tickets.pop(key, None)
        if found is None or found.what != what or self.wall_s() - found.made_s > TICKET_S:
            raise NotLoggedIn("that question was answered or has run out; begin again")
        return found

    def log_in(self, name: str, login: Literal["passkey", "development"], old: str) -> tuple[str, Session]:
        """A new session; one that the same browser had before ends. Raises NotAllowed for a person without a role."""
        roles = self.roles(name)
        if not roles:
            raise NotAllowed(f"{name[:100]}: nobody of that name is known at this console")
        self.sessions.end(old)
        secret, session = self.sessions.begin(name, roles, login)
        self._say(DeskSession(officer=name, roles=roles, action="begin", login=login))
        return secret, session

    def _ended(self, session: Session, how: Literal["end", "expired"]) -> None:
        self._say(DeskSession(officer=session.name, roles=session.roles, action=how, login=session.login))

    def _say(self, body: DeskSession) -> None:
        """Into the own log, also while play stands still; a disk that fails keeps nobody out."""
        try:
            self.host.centre.say(body)
        except TocsinError as error:
            self.host.centre.keep(error)

    def me_bytes(self, session: Session) -> bytes:
        """`me` for the event stream."""
        return msgspec.json.encode(self.me(session))


def _secret() -> str:
    return secrets.token_urlsafe(32)
