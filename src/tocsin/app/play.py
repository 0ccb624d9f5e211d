"""`tocsin run`, `tocsin compare`, `tocsin scenarios`, `tocsin kernels`."""

import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from tocsin import regime as regimes
from tocsin.node.adapters.tilefiles import read_file, write_file
from tocsin.sim import scenario as scenarios_room
from tocsin.sim.errors import ScenarioError
from tocsin.sim.scenario import Scenario

Settings = Annotated[tuple[str, ...], Parameter(name=["--set"], negative=(), consume_multiple=False)]
Regimes = Annotated[tuple[str, ...], Parameter(name=["--regime"], negative=(), consume_multiple=False)]
REGIMES = ("separate", "notify", "connected")
SEED = 1995


def load_scenario(name: str, settings: tuple[str, ...] = ()) -> Scenario:
    """A file, or a shipped case by name, with `--set table.field=value` applied."""
    path = Path(name)
    shipped = path.suffix != ".toml" and not path.exists()
    data = scenarios_room.shipped_bytes(name) if shipped else read_file(path, "a scenario file")
    label = f"{name}.toml" if shipped else name
    if not settings:
        return scenarios_room.load(data, label)
    scenarios_room.load(data, label)
    raw = tomllib.loads(data.decode())
    for setting in settings:
        scenarios_room.override(raw, setting)
    return scenarios_room.convert(raw, label, data)


def load_regime(name: str) -> regimes.Regime:
    """A shipped regime by name, or a file."""
    known = (*regimes.SHIPPED, *regimes.CUSTOM)
    if name in known:
        return regimes.load(regimes.shipped(name), f"{name}.toml")
    if not Path(name).exists():
        raise ScenarioError(f"regime {name!r}: one of {', '.join(known)} or a file expected")
    return regimes.load(read_file(Path(name), "a regime file"), name)


def terminal() -> Console:
    """The screen; 110 columns where output goes to a file or a pipe."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=110)


@contextmanager
def progress(console: Console) -> Iterator[Progress]:
    """One bar per regime, on a terminal only."""
    share = TextColumn("{task.percentage:>3.0f}%")
    columns = (TextColumn("{task.description:>10}"), BarColumn(), share, TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield bar


def run(
    scenario: str,
    *,
    regime: str = "connected",
    seed: int = SEED,
    out: Path = Path("runs"),
    settings: Settings = (),
) -> int:
    """Play a scenario through complete centres on virtual time, and print the time line.

    Parameters
    ----------
    scenario
        Name of a shipped case (see `tocsin scenarios`) or a scenario file.
    regime
        separate, notify, connected, sectoral, joint, or a regime file.
    seed
        Same seed, same run, to the last bit of the logs.
    out
        Folder for logs and report.
    settings
        Change a value of the scenario, for example --set defects.post_launch_message=true. May be repeated.
    """
    return _play(scenario, (regime,), seed, out, settings, command="run")


def compare(
    scenario: str = "",
    *,
    all_cases: Annotated[bool, Parameter(name=["--all"], negative=())] = False,
    regimes_to_compare: Regimes = (),
    seed: int = SEED,
    out: Path = Path("runs"),
    pdf: Annotated[bool, Parameter(negative=())] = False,
    settings: Settings = (),
) -> int:
    """The same event under several regimes, side by side: same truth, same sensors, same people.

    Parameters
    ----------
    scenario
        Name of a shipped case (see `tocsin scenarios`) or a scenario file.
    all_cases
        Every shipped case under every shipped regime: one table and one report.
    regimes_to_compare
        Regimes to set side by side; may be repeated.
    seed
        Same seed, same run, to the last bit of the logs.
    out
        Folder for logs and report.
    pdf
        Print the report to report.pdf too, with the Chromium that is here (or that CHROMIUM names).
    settings
        Change a value of the scenario, for example --set defects.wrong_addressee=false. May be repeated.
    """
    if all_cases != (not scenario):
        raise ScenarioError("compare: the name of a case, or --all, expected (and not both)")
    program = ""
    if pdf:
        from tocsin.app.printing import browser

        program = browser()  # before minutes of playing
    if all_cases:
        return _play_all(regimes_to_compare or regimes.SHIPPED, seed, out, settings, program)
    return _play(scenario, regimes_to_compare or REGIMES, seed, out, settings, command="compare", browser=program)


def _play_all(regime_names: tuple[str, ...], seed: int, out: Path, settings: tuple[str, ...], browser: str) -> int:
    from tocsin.app.campaign import Campaign

    cases = [load_scenario(name, settings) for name in scenarios_room.shipped()]
    chosen = [load_regime(one) for one in regime_names]
    words = " ".join(("tocsin compare --all", *_flags(regime_names, seed, settings, "all")))
    if tuple(regime_names) == regimes.SHIPPED:
        words = " ".join(("tocsin compare --all", *_flags((), seed, settings, "all")))
    return Campaign(terminal(), cases, chosen, seed, out, words, browser).run()


def _play(
    name: str, regime_names: tuple[str, ...], seed: int, out: Path, settings: tuple[str, ...], command: str,
    browser: str = "",
) -> int:  # fmt: skip
    console = terminal()
    scenario = load_scenario(name, settings)
    chosen = [load_regime(one) for one in regime_names]
    console.print(f"[bold]{scenario.title}[/bold]: launch {scenario.launch}, seed {seed}")
    from tocsin.app.showing import Showing  # after the first line is on the screen: it loads the tracker

    words = " ".join((f"tocsin {command} {name}", *_flags(regime_names, seed, settings, command)))
    showing = Showing(console, scenario, chosen, seed, out, words, browser)
    with progress(console) as bar:
        comparison = showing.play(bar)
    return showing.finish(comparison)


def _flags(regime_names: tuple[str, ...], seed: int, settings: tuple[str, ...], command: str) -> list[str]:
    usual = command == "compare" and regime_names == REGIMES
    flags = [] if usual else [f"--regime {one}" for one in regime_names]
    if seed != SEED:
        flags.append(f"--seed {seed}")
    return flags + [f"--set {one}" for one in settings]


def scenarios() -> int:
    """List the cases that come with the product."""
    for name in scenarios_room.shipped():
        case = scenarios_room.load(scenarios_room.shipped_bytes(name), name)
        print(f"{name:20} {case.title}")
    return 0


def write_json(path: Path, record: msgspec.Struct) -> None:
    """A record as JSON, for other programs."""
    write_file(path, msgspec.json.format(msgspec.json.encode(record), indent=1))


def fail(message: str) -> int:
    """One sentence on standard error."""
    print(f"tocsin: {message}", file=sys.stderr)
    return 2
