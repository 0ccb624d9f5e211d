"""What a person does: one POST a verb, and signing what waits for hands. The same key brings the same answer, once."""

from typing import Annotated, Any

import msgspec
from litestar import Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, JSONBody, PathParameter
from msgspec import Struct

from tocsin.console.acts import ACTS
from tocsin.console.forms import Form
from tocsin.console.routes.door import AnyRequest, Door
from tocsin.console.routes.problems import of_error, why
from tocsin.console.sessions import Answer, answered, remember
from tocsin.console.signing import Hand, Logged, Waits, challenge, perform, sign
from tocsin.errors import TocsinError

Key = Annotated[str, HeaderParameter(name="Idempotency-Key", min_length=8, max_length=100, pattern="^[A-Za-z0-9_-]+$")]
Csrf = Annotated[str, HeaderParameter(name="X-Tocsin-CSRF", max_length=200)]
RequestName = Annotated[str, PathParameter(pattern="^[0-9a-f]{16}$")]
FAILURES = (400, 401, 403, 404, 409, 415, 422, 429, 503)
MAY_WAIT = {202: ResponseSpec(data_container=Waits, description="It waits for hands."), **why(*FAILURES)}


class Cell(Struct, frozen=True, kw_only=True):
    """The cell of the officer's card that is asked, counted from 1; null where none is asked of him."""

    cell: int | None


def handlers(door: Door) -> list[HTTPRouteHandler]:
    """One route a verb, and the requests."""
    return [*(_verb(door, verb, form) for verb, (form, _) in ACTS.items()), *_requests(door)]


def _verb(door: Door, verb: str, form: type[Form]) -> HTTPRouteHandler:
    async def act(request: AnyRequest, data: Any, key: Key, csrf: Csrf) -> Response[Logged]:
        del csrf  # compared with the session's by the door
        session = door.actor(request)
        body = verb.encode() + await request.body()
        before = answered(session, key, body)
        if before is not None:
            return _again(before)
        try:
            done = perform(door.room, verb, data, session.name, door.roles(session.name) or session.roles)
        except TocsinError as error:
            return of_error(error)
        made = _answer(done)
        remember(session, key, body, made)
        return _again(made)

    act.__annotations__["data"] = JSONBody[form]  # type: ignore[misc,valid-type]
    summary = (form.__doc__ or verb).split("\n")[0]
    return post(f"/actions/{verb}", status_code=201, summary=summary, operation_id=f"act-{verb}", name=verb,
                responses=MAY_WAIT)(act)  # fmt: skip


def _answer(done: Logged | Waits) -> Answer:
    """201 for what stands in the log, 202 for what waits."""
    return (201 if isinstance(done, Logged) else 202), msgspec.json.encode(done)


def _again(answer: Answer) -> Response[Any]:
    return Response(answer[1], status_code=answer[0], media_type="application/json")


def _requests(door: Door) -> list[HTTPRouteHandler]:
    @post("/requests/{name:str}/challenge", status_code=200, summary="Which cell of my card is asked before I sign",
          responses=why(*FAILURES))  # fmt: skip
    async def ask(request: AnyRequest, name: RequestName, csrf: Csrf) -> Cell:
        del csrf
        session = door.actor(request)
        cell = challenge(door.room, name, session.name)
        if cell is not None:
            session.challenges[name] = cell
        return Cell(cell=None if cell is None else cell + 1)

    @post("/requests/{name:str}/sign", status_code=201, summary="Sign what waits", responses=MAY_WAIT)
    async def sign_it(
        request: AnyRequest, data: JSONBody[Hand], name: RequestName, key: Key, csrf: Csrf
    ) -> Response[Logged]:
        del csrf
        session = door.actor(request)
        body = name.encode() + await request.body()
        before = answered(session, key, body)
        if before is not None:
            return _again(before)
        cell = session.challenges.pop(name, None)
        roles = door.roles(session.name) or session.roles
        made = _answer(sign(door.room, name, data, session.name, roles, cell))
        remember(session, key, body, made)
        return _again(made)

    return [ask, sign_it]


