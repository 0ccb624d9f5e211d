"""The director's interface: clock, seats, injects, notes, NO DUFF, report, scenario editor. All under /director/api/v1.

Only handlers stand here; who may call them, and with which headers, is the console's business (`console` makes the
application and lets only people with the role `director` through).
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Protocol

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Meta

from tocsin.errors import Refusal, TocsinError
from tocsin.exercise import editor, injects
from tocsin.exercise.game import Game
from tocsin.exercise.overview import JournalLine, Overview, line
from tocsin.node.adapters.tilefiles import write_file
from tocsin.sim.parts import Name
from tocsin.sim.scenario import load, shipped, shipped_bytes

ROOT = "/director/api/v1"
PAGE = 100


class ClockChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is absent stays."""

    paused: bool | None = None
    speed: float | None = None


class Told(msgspec.Struct, forbid_unknown_fields=True):
    """Words of the director."""

    text: Annotated[str, Meta(max_length=2_000)]


class SeatChange(msgspec.Struct, forbid_unknown_fields=True):
    """Who sits there."""

    scripted: bool


class ScenarioText(msgspec.Struct, forbid_unknown_fields=True):
    """A scenario file."""

    toml: Annotated[str, Meta(max_length=200_000)]


class Put(msgspec.Struct):
    """An inject that was taken."""

    number: int
    t_tai_us: int
    words: str


class Listed(msgspec.Struct):
    """A scenario that can be opened; `own` ones lie in the scenarios' folder and can be saved."""

    name: str
    title: str
    own: bool


class ReportState(msgspec.Struct):
    """After ENDEX the report is written once; `files` are its pages and downloads."""

    state: str
    files: dict[str, str] = {}


class JournalPage(msgspec.Struct):
    """A page of the journal; `next` is the cursor of the following one."""

    items: tuple[JournalLine, ...]
    next: str | None


class Stage(Protocol):
    """What the handlers need: the game, what the director sees, the scenarios' folder, the report."""

    game: Game
    scenarios: Path | None

    def seen(self) -> Overview:
        """The board."""
        ...

    def listen(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        """The stream of changes."""
        ...

    def board_of(self, party: str) -> bytes:
        """A party's board, encoded. Raises Refusal for a party that there is not."""
        ...

    def report(self) -> ReportState:
        """Whether the after-action report is there."""
        ...


def handlers(stage: Stage, who: Callable[[Request[Any, Any, Any]], str]) -> Sequence[Any]:
    """Route handlers; `who` names the director of a request."""
    return (*_looking(stage), *_acting(stage, who), *_editing(stage))


def _looking(stage: Stage) -> Sequence[Any]:
    @get(f"{ROOT}/board")
    async def board() -> Overview:
        """Everything at once."""
        return stage.seen()

    @get(f"{ROOT}/events", media_type="text/event-stream")
    async def events(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Sections as they change."""
        return stage.listen(request)

    @get(f"{ROOT}/parties/{{party:str}}/board")
    async def party_board(party: FromPath[str]) -> Response[bytes]:
        """One side's board as an observer there would see it."""
        return Response(stage.board_of(party), media_type="application/json")

    @get(f"{ROOT}/journal")
    async def journal(after: FromQuery[int] = -1, limit: FromQuery[int] = PAGE) -> JournalPage:
        """The journal from entry `after` + 1 on."""
        start, limit = max(0, after + 1), max(1, min(limit, 500))
        chosen = stage.game.journal.entries[start : start + limit]
        more = start + limit < len(stage.game.journal.entries)
        return JournalPage(items=tuple(line(one) for one in chosen), next=str(chosen[-1].number) if more else None)

    @get(f"{ROOT}/report")
    async def report() -> ReportState:
        """Whether the after-action report is there, and where."""
        return stage.report()

    return board, events, party_board, journal, report


def _acting(stage: Stage, who: Callable[[Request[Any, Any, Any]], str]) -> Sequence[Any]:
    game = stage.game

    @post(f"{ROOT}/clock", status_code=200)
    async def clock(request: Request[Any, Any, Any], data: JSONBody[ClockChange]) -> Overview:
        """Pause, go on, or another speed."""
        game.pace(who(request), speed=data.speed, paused=data.paused)
        return stage.seen()

    @post(f"{ROOT}/end", status_code=200)
    async def end(request: Request[Any, Any, Any], data: JSONBody[Told]) -> Overview:
        """ENDEX."""
        game.end(data.text or "called by the director", who(request))
        return stage.seen()

    @post(f"{ROOT}/no-duff", status_code=200)
    async def no_duff(request: Request[Any, Any, Any], data: JSONBody[Told]) -> Overview:
        """Stop play for a real matter; an empty text lifts it."""
        game.no_duff(who(request), data.text)
        return stage.seen()

    @post(f"{ROOT}/seats/{{party:str}}", status_code=200)
    async def seat(request: Request[Any, Any, Any], party: FromPath[str], data: JSONBody[SeatChange]) -> Overview:
        """Script or people."""
        game.seat(who(request), party, scripted=data.scripted)
        return stage.seen()

    @post(f"{ROOT}/notes", status_code=200)
    async def note(request: Request[Any, Any, Any], data: JSONBody[Told]) -> Overview:
        """A remark for the report."""
        game.note(who(request), data.text)
        return stage.seen()

    @post(f"{ROOT}/injects", status_code=201)
    async def inject(request: Request[Any, Any, Any]) -> Put:
        """Put something into play, now or at its time."""
        found = injects.read_inject(await request.body())
        one = game.put(who(request), found)
        return Put(number=one.number, t_tai_us=one.t_tai_ns // 1_000, words=injects.in_words(found))

    @delete(f"{ROOT}/injects/{{number:int}}", status_code=200)
    async def withdraw(request: Request[Any, Any, Any], number: FromPath[int]) -> Overview:
        """Take back what has not happened."""
        game.withdraw(who(request), number)
        return stage.seen()

    return clock, end, no_duff, seat, note, inject, withdraw


def _editing(stage: Stage) -> Sequence[Any]:
    @get(f"{ROOT}/scenarios")
    async def scenarios() -> list[Listed]:
        """Shipped cases and those in the folder."""
        found = [Listed(name=name, title=_title(shipped_bytes(name), name), own=False) for name in shipped()]
        files = _own(stage.scenarios)
        own = [Listed(name=name, title=_title(path.read_bytes(), name), own=True) for name, path in files.items()]
        return [*own, *found]

    @get(f"{ROOT}/scenarios/{{name:str}}")
    async def opened(name: FromPath[str]) -> ScenarioText:
        """A scenario's text."""
        path = _own(stage.scenarios).get(name)
        return ScenarioText(toml=(path.read_bytes() if path else shipped_bytes(name)).decode())

    @post(f"{ROOT}/scenarios/check", status_code=200)
    async def check(data: JSONBody[ScenarioText]) -> editor.Checked:
        """What is wrong with it, or how it would fly."""
        return await asyncio.to_thread(editor.check, data.toml)

    @put(f"{ROOT}/scenarios/{{name:str}}", status_code=200)
    async def save(name: FromPath[str], data: JSONBody[ScenarioText]) -> editor.Checked:
        """Save a sound file, as it is, under its own name."""
        found = await asyncio.to_thread(editor.check, data.toml)
        if found.ok:
            _save(stage.scenarios, name, found.name, data.toml)
        return found

    return scenarios, opened, check, save


def _own(folder: Path | None) -> dict[str, Path]:
    """Scenario files in the folder, by name."""
    return {one.stem: one for one in sorted(folder.glob("*.toml"))} if folder else {}


def _title(data: bytes, name: str) -> str:
    try:
        return load(data, name).title
    except TocsinError:  # a file that somebody is writing now is listed by its name
        return name


def _save(folder: Path | None, name: str, inside: str, toml: str) -> None:
    if folder is None:
        raise Refusal("nothing can be saved: start the exercise with --scenarios FOLDER")
    if name != inside:
        raise Refusal(f"the file says name = {inside!r}; it is saved as {inside}.toml, not {name}.toml")
    try:
        msgspec.convert(name, Name)
    except msgspec.ValidationError as error:
        raise Refusal(f"{name!r}: a name of small letters, digits and dashes expected") from error
    write_file(folder / f"{name}.toml", toml.encode())
