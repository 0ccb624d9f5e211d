"""Logging in and out, and enrolling a passkey."""

from typing import Annotated, Literal

from litestar import Response, delete, get, post
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody
from msgspec import Meta, Struct

from tocsin.console.board import Me
from tocsin.console.errors import NotAllowed, NotLoggedIn
from tocsin.console.passkeys import ALGORITHMS, Asserted, Attested, logged_in, login_message, register, unpadded
from tocsin.console.people import enrolment, in_roster, invited
from tocsin.console.routes.door import TICKET_S, AnyRequest, Door
from tocsin.console.routes.problems import why
from tocsin.errors import BadEvidence
from tocsin.node.custody.signatures import challenge
from tocsin.wire.custody import Officer

Person = Annotated[str, Meta(min_length=1, max_length=200)]
Secret = Annotated[str, Meta(min_length=1, max_length=100)]
DEVELOPMENT = "Development log-in: the server holds the keys, and anybody who reaches this page may say who he is."


class SessionView(Struct, frozen=True, kw_only=True):
    """Who is logged in, and how one logs in here. `csrf` goes into the header X-Tocsin-CSRF of every act."""

    party: str
    mode: Literal["exercise", "live"]
    title: str
    logins: tuple[str, ...]
    development: str
    names: tuple[str, ...]
    me: Me | None
    csrf: str
    expires_s: int


class Begin(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """I am `name`."""

    name: Person


class Question(Struct, frozen=True, kw_only=True):
    """What the browser's passkey is asked: `navigator.credentials.get`, all binary parts base64url."""

    ticket: str
    development: str
    challenge: str
    relying_party: str
    credentials: tuple[str, ...]
    timeout_s: float


class Finish(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The passkey's answer; none in development."""

    ticket: Secret
    assertion: Asserted | None = None


class BeginEnrolment(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """I am `name`, and this is the code of my invitation (not needed in development)."""

    name: Person
    invitation: Annotated[str, Meta(max_length=100)] = ""


class EnrolmentQuestion(Struct, frozen=True, kw_only=True):
    """What the browser is asked to make: `navigator.credentials.create`, attestation `none`, the person verified."""

    ticket: str
    challenge: str
    relying_party: str
    user_id: str
    name: str
    algorithms: tuple[int, ...]
    exclude: tuple[str, ...]
    timeout_s: float


class FinishEnrolment(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the browser made."""

    ticket: Secret
    credential: Attested


class Enrolled(Struct, frozen=True, kw_only=True):
    """A passkey is known here. `officer` is the line for the next roster; until it stands there, it signs nothing."""

    name: str
    officer: Officer
    in_roster: bool


def handlers(door: Door) -> list[HTTPRouteHandler]:
    """Routes under /session."""
    return [*_entering(door), *_enrolling(door)]


def _entering(door: Door) -> list[HTTPRouteHandler]:
    settings = door.settings

    def view(request: AnyRequest, secret: str = "") -> SessionView:
        me, csrf, left = None, "", 0
        try:
            session = door.sessions.of(secret or door.secret(request), active=False)
            me, csrf, left = door.me(session), session.csrf, int(door.sessions.left_s(session))
        except NotLoggedIn:
            pass  # nobody is logged in: that is an answer, too
        play = door.host.play()
        return SessionView(
            party=door.sight.party, mode=play.mode, title=door.host.title,
            logins=("passkey", *(("development",) if settings.development else ())),
            development=DEVELOPMENT if settings.development else "",
            names=tuple(sorted(_names(door))) if settings.development else (), me=me, csrf=csrf, expires_s=left,
        )  # fmt: skip

    @get("/session", summary="Who am I", responses=why(429))
    async def session_view(request: AnyRequest) -> SessionView:
        return view(request)

    @post("/session/begin", status_code=200, summary="Begin to log in", responses=why(400, 429))
    async def begin(request: AnyRequest, data: JSONBody[Begin]) -> Question:
        door.knock(request)
        person = door.people.of(data.name)
        ticket, made = door.ticket("login", data.name)
        return Question(
            ticket=ticket, development=DEVELOPMENT if settings.development else "",
            challenge=challenge(login_message(made.nonce)), relying_party=settings.relying_party,
            credentials=tuple(one.credential_id for one in person.badges) if person else (), timeout_s=TICKET_S,
        )  # fmt: skip

    @post("/session/finish", status_code=200, summary="Log in", responses=why(400, 401, 403, 422, 429))
    async def finish(request: AnyRequest, data: JSONBody[Finish]) -> Response[SessionView]:
        door.knock(request)
        made = door.take(data.ticket, "login")
        if data.assertion is not None:
            found = door.people.by_credential(data.assertion.credential_id)
            if found is None or found[0].name != made.name:
                raise NotAllowed("that passkey is not known for this name")
            badge = logged_in(data.assertion, found[1], made.nonce, settings.relying_party, settings.web_origins)
            door.people.counted(found[0], badge)
        elif not settings.development:
            raise NotAllowed("a passkey's assertion was expected")
        login: Literal["passkey", "development"] = "passkey" if data.assertion is not None else "development"
        secret, _ = door.log_in(made.name, login, door.secret(request))
        cookie = Cookie(
            key=door.cookie, value=secret, path="/", httponly=True, samesite="strict", secure=settings.secure_cookie
        )
        return Response(view(request, secret), cookies=[cookie])

    @delete("/session", summary="Log out", responses=why(401, 403, 429))
    async def log_out(request: AnyRequest) -> None:
        door.actor(request)
        door.sessions.end(door.secret(request))

    return [session_view, begin, finish, log_out]


def _enrolling(door: Door) -> list[HTTPRouteHandler]:
    settings = door.settings

    @post("/session/enrol/begin", status_code=200, summary="Begin to enrol a passkey", responses=why(400, 403, 429))
    async def enrol_begin(request: AnyRequest, data: JSONBody[BeginEnrolment]) -> EnrolmentQuestion:
        door.knock(request)
        person = door.people.of(data.name)
        if person is None and door.roles(data.name):
            person = door.people.put_new(data.name, door.roles(data.name))
        if person is None or not (settings.development or invited(person, data.invitation)):
            raise NotAllowed("no invitation fits this name and code")
        ticket, made = door.ticket("enrol", data.name)
        return EnrolmentQuestion(
            ticket=ticket, challenge=unpadded(made.nonce), relying_party=settings.relying_party,
            user_id=unpadded(data.name.encode()[:64]), name=data.name,
            algorithms=tuple(int(str(one["alg"])) for one in ALGORITHMS),
            exclude=tuple(one.credential_id for one in person.badges), timeout_s=TICKET_S,
        )  # fmt: skip

    @post("/session/enrol/finish", status_code=201, summary="Enrol a passkey", responses=why(400, 401, 403, 422, 429))
    async def enrol_finish(request: AnyRequest, data: JSONBody[FinishEnrolment]) -> Enrolled:
        door.knock(request)
        made = door.take(data.ticket, "enrol")
        person = door.people.of(made.name)
        if person is None:
            raise BadEvidence(f"{made.name}: gone meanwhile")
        badge = register(data.credential, made.nonce, settings.relying_party, settings.web_origins)
        if door.people.by_credential(badge.credential_id) is not None:
            raise NotAllowed("that passkey is enrolled already")
        person = door.people.enrolled(person, badge)
        officer = enrolment(person, badge)
        if settings.enrolled is not None:
            settings.enrolled(officer)
        return Enrolled(name=person.name, officer=officer, in_roster=in_roster(badge, door.roster))

    return [enrol_begin, enrol_finish]


def _names(door: Door) -> set[str]:
    roster = door.roster
    return {*door.people.roles(), *(one.name for one in (roster.officers if roster is not None else ()))}
