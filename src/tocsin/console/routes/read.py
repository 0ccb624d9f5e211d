"""What a page reads: the board, live events, tracks, statements with their proofs, exports."""

from typing import Annotated

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter, QueryParameter
from msgspec import Struct

from tocsin.console.board import Board, RequestLine
from tocsin.console.codebooks import Book, codebooks
from tocsin.console.entries import StatementLine, StatementView, statement_line, statement_view
from tocsin.console.errors import NotAllowed, NotFound
from tocsin.console.rights import SEES_ALARMS
from tocsin.console.routes.door import AnyRequest, Door
from tocsin.console.routes.live import Live
from tocsin.console.routes.problems import why
from tocsin.console.sessions import Session
from tocsin.console.thoughts import Explained
from tocsin.console.trackviews import History, TrackRow, history, track_rows
from tocsin.console.views.proposals import requests
from tocsin.node import shown
from tocsin.node.adapters.zipped import zip_logs

Limit = Annotated[int, QueryParameter(ge=1, le=500, required=False)]
Sha256 = Annotated[str, PathParameter(pattern="^[0-9a-f]{64}$")]
Cursor = Annotated[str, QueryParameter(max_length=100, required=False)]
After = Annotated[int, QueryParameter(ge=0, le=2**53, required=False)]


class TrackPage(Struct, frozen=True, kw_only=True):
    """Rows in order of their ids; `next` is the cursor of the next page, null at the end."""

    items: tuple[TrackRow, ...]
    next: str | None


class StatementPage(Struct, frozen=True, kw_only=True):
    """Entries of one log in order; `next` is the index after the last, null at the end."""

    log: str
    size: int
    items: tuple[StatementLine, ...]
    next: int | None


class Logs(Struct, frozen=True, kw_only=True):
    """Logs that can be read here."""

    items: tuple[str, ...]


def handlers(door: Door) -> list[HTTPRouteHandler]:
    """Routes that read."""
    return [*_live(door), *_tracks(door), *_statements(door)]


def _live(door: Door) -> list[HTTPRouteHandler]:
    @get("/board", summary="The whole board", responses=why(401, 429))
    async def board(request: AnyRequest) -> Board:
        return door.board(door.reader(request))

    @get("/events", summary="Live changes: one event a section, its JSON as data", responses=why(401, 429),
         media_type="text/event-stream")  # fmt: skip
    async def events(request: AnyRequest) -> Response[bytes]:
        session = door.reader(request)
        return Live(door.hub.stream(lambda: door.me_bytes(session), lambda: door.sessions.alive(session)))

    @get("/requests", summary="Statements of ours that wait for hands", responses=why(401, 429))
    async def open_requests(request: AnyRequest) -> tuple[RequestLine, ...]:
        door.reader(request)
        return requests(door.sight)

    return [board, events, open_requests]


def _tracks(door: Door) -> list[HTTPRouteHandler]:
    @get("/tracks", summary="Tracks of the national picture", responses=why(400, 401, 429))
    async def tracks(request: AnyRequest, after: Cursor = "", limit: Limit = 100) -> TrackPage:
        door.reader(request)
        door.sight.refresh()
        rows = [row for row in track_rows(door.sight) if row.id > after]
        page = tuple(rows[:limit])
        return TrackPage(items=page, next=page[-1].id if len(rows) > limit else None)

    @get("/tracks/{name:str}/history", summary="What was said about one track, and what follows from it",
         responses=why(400, 401, 404, 429))  # fmt: skip
    async def track_history(
        request: AnyRequest, name: Annotated[str, PathParameter(pattern="^[A-Za-z0-9-]{1,64}$")]
    ) -> History:
        door.reader(request)
        found = history(door.sight, name)
        if found is None:
            raise NotFound(f"track {name}: not in the picture now")
        return found

    @get("/explained/{event:str}", summary="How far one event was explained over time, as this console saw it",
         responses=why(400, 401, 404, 429))  # fmt: skip
    async def explained(
        request: AnyRequest, event: Annotated[str, PathParameter(pattern="^[A-Za-z0-9-]{1,64}$")]
    ) -> Explained:
        door.reader(request)
        return door.sight.thoughts.of(event)

    @get("/codebooks", summary="Agreed short codes with their texts", responses=why(401, 429))
    async def books(request: AnyRequest) -> tuple[Book, ...]:
        door.reader(request)
        return codebooks(door.sight)

    return [tracks, track_history, explained, books]


def _statements(door: Door) -> list[HTTPRouteHandler]:
    def may_see(session: Session, kind: str) -> bool:
        return kind != "officer-check" or bool(SEES_ALARMS & set(door.roles(session.name)))

    @get("/logs", summary="Logs that are held here", responses=why(401, 429))
    async def logs(request: AnyRequest) -> Logs:
        door.reader(request)
        return Logs(items=tuple(sorted(shown.gates(door.host.centre))))

    @get("/statements", summary="Entries of one log", responses=why(400, 401, 404, 429))
    async def statements(
        request: AnyRequest, log: Annotated[str, QueryParameter(max_length=250, required=False)] = "", after: After = 0,
        limit: Limit = 100,
    ) -> StatementPage:  # fmt: skip
        session = door.reader(request)
        centre = door.host.centre
        origin = log or centre.config.origin
        gate = shown.gates(centre).get(origin)
        if gate is None:
            raise NotFound(f"log {origin[:100]}: not held here; GET /api/v1/logs lists them")
        end = min(after + limit, gate.size)
        found = [shown.read_entry(centre, entry) for entry in gate.entries(after, end)] if after < end else []
        items = tuple(statement_line(one) for one in found if one is not None and may_see(session, one.kind))
        return StatementPage(log=origin, size=gate.size, items=items, next=end if end < gate.size else None)

    @get("/statements/{sha256:str}", summary="One entry with its proofs", responses=why(400, 401, 404, 429))
    async def statement(request: AnyRequest, sha256: Sha256) -> StatementView:
        session = door.reader(request)
        found = shown.find(door.host.centre, sha256)
        if found is None or not may_see(session, found.kind):
            raise NotFound(f"statement {sha256[:12]}: not held here")
        return statement_view(door.sight, found)

    @get("/bundle", summary="Logs, policies and receipts as a zip that `tocsin verify` checks offline",
         media_type="application/zip", responses=why(400, 401, 403, 404, 409, 429))  # fmt: skip
    async def bundle(
        request: AnyRequest, own: Annotated[bool, QueryParameter(required=False)] = False
    ) -> Response[bytes]:
        session = door.reader(request)
        if own and not SEES_ALARMS & set(door.roles(session.name)):
            raise NotAllowed("the own log leaves this console with senior officers and auditors alone")
        data = zip_logs(door.host.centre, own=own)
        name = f"{door.sight.party}-{door.sight.play.mode}-logs.zip"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(data, media_type="application/zip", headers=headers)

    @get("/bundle/{sha256:str}", summary="A proposal with its votes and receipts as one bundle file",
         media_type="application/octet-stream", responses=why(400, 401, 404, 409, 429))  # fmt: skip
    async def decision(request: AnyRequest, sha256: Sha256) -> Response[bytes]:
        door.reader(request)
        found = shown.find(door.host.centre, sha256)
        if found is None or found.kind not in ("proposal", "measure"):
            raise NotFound(f"proposal {sha256[:12]}: not held here")
        headers = {"Content-Disposition": f'attachment; filename="proposal-{sha256[:12]}.tocsin-bundle"'}
        data = shown.decision_bundle(door.host.centre, found)
        return Response(data, media_type="application/octet-stream", headers=headers)

    return [logs, statements, statement, bundle, decision]

