"""The director's interface: clock, seats, injects, notes, NO DUFF, report, scenario editor. All under /director/api/v1.

Only handlers stand here; who may call them, and with which headers, is the console's business (`console` makes the
application and lets only people with the role `director` through).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
from litestar import Request, delete, get, post, put
from litestar.response import ServerSentEvent
from msgspec import Meta

from tocsin.errors import Refusal, TocsinError
from tocsin.exercise import editor, injects
from tocsin.exercise.game import Game
from tocsin.exercise.overview import JournalLine, Overview, line, overview
from tocsin.sim.parts import Name
from tocsin.sim.scenario import load, shipped, shipped_bytes

ROOT = "/director/api/v1"
LOOK_S = 0.25
PING_S = 5.0
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


class Stage:
    """What the handlers need: the game, the consoles' addresses, the scenarios' folder, the report."""

    def __init__(
        self, game: Game, urls: dict[str, str], scenarios: Path | None, report: Callable[[], ReportState]
    ) -> None:
        self.game, self.urls, self.scenarios, self.report = game, urls, scenarios, report

    def seen(self) -> Overview:
        """The board."""
        return overview(self.game, self.urls)

    def sections(self) -> dict[str, bytes]:
        """The board, encoded section by section."""
        board = self.seen()
        return {name: msgspec.json.encode(getattr(board, name)) for name in board.__struct_fields__}

    def own(self) -> dict[str, Path]:
        """Scenario files in the folder, by name."""
        return {one.stem: one for one in sorted(self.scenarios.glob("*.toml"))} if self.scenarios else {}


def handlers(stage: Stage, who: Callable[[Request[Any, Any, Any]], str]) -> Sequence[Any]:
    """Route handlers; `who` names the director of a request."""
    return (*_looking(stage), *_acting(stage, who), *_editing(stage))


def _looking(stage: Stage) -> Sequence[Any]:
    @get(f"{ROOT}/board")
    async def board() -> Overview:
        """Everything at once."""
        return stage.seen()

    @get(f"{ROOT}/events")
    async def events() -> ServerSentEvent:
        """Sections as they change."""
        return ServerSentEvent(_changes(stage))

    @get(f"{ROOT}/journal")
    async def journal(after: int = -1, limit: Annotated[int, Meta(ge=1, le=500)] = PAGE) -> JournalPage:
        """The journal from entry `after` + 1 on."""
        start = max(0, after + 1)
        chosen = stage.game.journal.entries[start : start + limit]
        more = start + limit < len(stage.game.journal.entries)
        return JournalPage(items=tuple(line(one) for one in chosen), next=str(chosen[-1].number) if more else None)

    @get(f"{ROOT}/report")
    async def report() -> ReportState:
        """Whether the after-action report is there, and where."""
        return stage.report()

    return board, events, journal, report


async def _changes(stage: Stage) -> AsyncIterator[dict[str, str]]:
    sent: dict[str, bytes] = {}
    version, quiet_s = -1, 0.0
    while True:
        if stage.game.version != version:
            version = stage.game.version
            for name, data in stage.sections().items():
                if sent.get(name) != data:
                    sent[name] = data
                    yield {"event": name, "data": data.decode()}
                    quiet_s = 0.0
        await asyncio.sleep(LOOK_S)
        quiet_s += LOOK_S
        if quiet_s >= PING_S:
            quiet_s = 0.0
            yield {"comment": "ping"}


def _acting(stage: Stage, who: Callable[[Request[Any, Any, Any]], str]) -> Sequence[Any]:
    game = stage.game

    @post(f"{ROOT}/clock", status_code=200)
    async def clock(request: Request[Any, Any, Any], data: ClockChange) -> Overview:
        """Pause, go on, or another speed."""
        game.pace(who(request), speed=data.speed, paused=data.paused)
        return stage.seen()

    @post(f"{ROOT}/end", status_code=200)
    async def end(request: Request[Any, Any, Any], data: Told) -> Overview:
        """ENDEX."""
        game.end(data.text or "called by the director", who(request))
        return stage.seen()

    @post(f"{ROOT}/no-duff", status_code=200)
    async def no_duff(request: Request[Any, Any, Any], data: Told) -> Overview:
        """Stop play for a real matter; an empty text lifts it."""
        game.no_duff(who(request), data.text)
        return stage.seen()

    @post(f"{ROOT}/seats/{{party:str}}", status_code=200)
    async def seat(request: Request[Any, Any, Any], party: str, data: SeatChange) -> Overview:
        """Script or people."""
        game.seat(who(request), party, scripted=data.scripted)
        return stage.seen()

    @post(f"{ROOT}/notes", status_code=200)
    async def note(request: Request[Any, Any, Any], data: Told) -> Overview:
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
    async def withdraw(request: Request[Any, Any, Any], number: int) -> Overview:
        """Take back what has not happened."""
        game.withdraw(who(request), number)
        return stage.seen()

    return clock, end, no_duff, seat, note, inject, withdraw


def _editing(stage: Stage) -> Sequence[Any]:
    @get(f"{ROOT}/scenarios")
    async def scenarios() -> list[Listed]:
        """Shipped cases and those in the folder."""
        found = [Listed(name=name, title=_title(shipped_bytes(name), name), own=False) for name in shipped()]
        own = [Listed(name=name, title=_title(path.read_bytes(), name), own=True) for name, path in stage.own().items()]
        return [*own, *found]

    @get(f"{ROOT}/scenarios/{{name:str}}")
    async def opened(name: str) -> ScenarioText:
        """A scenario's text."""
        path = stage.own().get(name)
        return ScenarioText(toml=(path.read_bytes() if path else shipped_bytes(name)).decode())

    @post(f"{ROOT}/scenarios/check", status_code=200)
    async def check(data: ScenarioText) -> editor.Checked:
        """What is wrong with it, or how it would fly."""
        return await asyncio.to_thread(editor.check, data.toml)

    @put(f"{ROOT}/scenarios/{{name:str}}", status_code=200)
    async def save(name: str, data: ScenarioText) -> editor.Checked:
        """Save a sound file, as it is, under its own name."""
        found = await asyncio.to_thread(editor.check, data.toml)
        if found.ok:
            _save(stage.scenarios, name, found.name, data.toml)
        return found

    return scenarios, opened, check, save


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
    (folder / f"{name}.toml").write_text(toml, encoding="utf-8", newline="")
