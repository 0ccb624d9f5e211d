"""The console of a centre that `tocsin serve` runs, from the [console] table of CENTRE.toml."""

from collections.abc import Callable
from pathlib import Path

from tocsin.console.app import Console, console
from tocsin.console.host import CentreHost
from tocsin.console.routes.drawer import FileDrawer
from tocsin.console.settings import ConsoleSettings, HandOf
from tocsin.node.adapters.settings import Settings
from tocsin.node.adapters.tilefiles import read_file, write_file
from tocsin.node.adapters.tokens import read_token
from tocsin.node.centre import Centre
from tocsin.node.desk import Desk

EXTRA = {"Senior officer": ("senior-officer",), "Capital": ("capital",), "Observer": ("observer",),
         "Auditor": ("auditor",)}  # fmt: skip


def console_of(
    centre: Centre, desk: Desk, made: Settings, folder: Path, speed: float, flush: Callable[[], None]
) -> Console | None:
    """The console, if the settings ask for one. Passkeys and people are kept in FOLDER/console.json."""
    table = made.console
    if table is None:
        return None
    case = f" {made.exercise.scenario}" if made.exercise else ""
    host = CentreHost(centre, desk, f"{made.mode}{case}", flush=flush, speed=speed)
    settings = ConsoleSettings(
        relying_party=table.relying_party, hosts=table.hosts, development=table.development, people=table.people,
        web_origins=table.origins or (f"http://{table.relying_party}:{made.port}",),
        codes_required=table.codes_required and not table.development,
        hands=_hands(folder) if table.development else {},
        secure_cookie=all(one.startswith("https://") for one in table.origins) and bool(table.origins),
    )  # fmt: skip
    return console(host, settings, FileDrawer(folder / "console.json"))


def _hands(folder: Path) -> dict[str, HandOf]:
    """Officers whose keys lie open in the folder of an exercise."""
    tokens = [read_token(path) for path in sorted((folder / "officers").glob("*.key"))]
    return {token.name: token.sign for token in tokens}


def write_console(folder: Path, port: int) -> None:
    """A console for development in CENTRE.toml: anybody who reaches the page may say who he is."""
    path = folder / "CENTRE.toml"
    people = "".join(f'"{name}" = {list(roles)}\n' for name, roles in EXTRA.items()).replace("'", '"')
    text = f'\n[console]\norigins = ["http://localhost:{port}"]\ndevelopment = true\n\n[console.people]\n{people}'
    write_file(path, read_file(path, "settings") + text.encode())
