"""`tocsin exercise`: centres with consoles for people, and a director's page, on this machine."""

import asyncio
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from rich.console import Console

from tocsin.app.play import SEED, Settings, load_regime, load_scenario

if TYPE_CHECKING:
    from tocsin.app.exercising import Rooms

Parties = Annotated[tuple[str, ...], Parameter(negative=(), consume_multiple=False)]


def exercise(
    scenario: str,
    *,
    regime: str = "joint",
    speed: float = 1.0,
    seed: int = SEED,
    port: int = 8440,
    scripted: Parties = (),
    passkeys: bool = False,
    votes: int = 2,
    cards: bool = False,
    scenarios: Path | None = None,
    out: Path | None = None,
    consent: bool = False,
    begin: bool = False,
    once: bool = False,
    settings: Settings = (),
) -> int:
    """Two teams in two rooms, one crisis: a console a party, and a director's page above them. Ctrl-C ends it.

    Parameters
    ----------
    scenario
        Name of a shipped case or a scenario file.
    regime
        Regime that the parties agree on.
    speed
        Game seconds a second; the director may change it.
    seed
        Seed of sensors and scripted people.
    port
        The director's port on loopback; the parties' consoles take the next ones.
    scripted
        A party whose seat the script takes at the start; may be repeated. The director may change it.
    passkeys
        People log in with passkeys that they enrol by a code; without, the server holds keys and says so.
    votes
        How many officers of a party must sign a vote: 1, or 2 for the two-person rule.
    cards
        Officers have authentication cards (in the folder): challenge and response, and a column for duress.
    scenarios
        Folder in which the scenario editor saves.
    out
        Folder for stores, logs and the report (default: a new one below runs).
    consent
        The players agree that their pseudonyms stand in the after-action report.
    begin
        Start the clock at once instead of waiting for the director.
    once
        End when the after-action report is written.
    settings
        Change a value of the scenario; may be repeated.
    """
    from tocsin.app.exercising import Plan, Rooms

    os.umask(0o077)
    case = load_scenario(scenario, settings)
    rules = load_regime(regime)
    folder = out or Path(tempfile.mkdtemp(prefix=f"exercise-{case.name}-", dir=_runs()))
    console = Console(highlight=False)
    source = (scenario, *(f"--set={one}" for one in settings))
    plan = Plan(
        scenario=case, regime=rules, seed=seed, speed=speed, port=port, scripted=scripted, passkeys=passkeys,
        votes=votes, scenarios=scenarios, folder=folder, consent=consent, begin=begin, once=once, source=source,
        regime_named=regime, cards=cards,
    )  # fmt: skip
    with console.status(f"Flying {case.title} and setting up {len(case.party)} centres"):
        rooms = Rooms(plan)
    _open(rooms, console)
    return 0


def _open(rooms: "Rooms", console: Console) -> None:
    for line in rooms.welcome():
        console.print(line, markup=False, soft_wrap=True)
    asyncio.run(rooms.run())
    for line in rooms.ending():
        console.print(line, markup=False, soft_wrap=True)


def kit(
    scenario: str, *, regime: str = "joint", seed: int = SEED, out: Path = Path("kit.html"), quiet: bool = False,
    settings: Settings = (),
) -> int:  # fmt: skip
    """Print the seminar kit of a case: a two-hour plan, role cards, and a paper fallback for a room without computers.

    Parameters
    ----------
    scenario
        Name of a shipped case or a scenario file.
    regime
        Regime that the parties agree on.
    seed
        Seed of the run from which the paper cards come.
    out
        The page to write.
    quiet
        Say nothing.
    settings
        Change a value of the scenario; may be repeated.
    """
    from tocsin.exercise.kit import kit_html
    from tocsin.node.adapters.tilefiles import write_file
    from tocsin.study.compare import run_one

    case, rules = load_scenario(scenario, settings), load_regime(regime)
    run, _ = run_one(case, rules, seed, hybrid=False)
    write_file(out, kit_html(case, rules, run).encode())
    if not quiet:
        print(f"Seminar kit: {out}. Print it, or open it in a browser.")
    return 0


def _runs() -> Path:
    folder = Path("runs")
    folder.mkdir(exist_ok=True)
    return folder
