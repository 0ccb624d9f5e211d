"""`tocsin live`: a case between two or more real processes over loopback, from making keys to checking the logs."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
from rich.console import Console

from tocsin.app import centre as centres
from tocsin.app.check import show, verify_folder
from tocsin.app.consoles import write_console
from tocsin.app.officers import enrol_officers
from tocsin.app.play import SEED, Settings, load_scenario
from tocsin.errors import Outage
from tocsin.node.adapters import keys
from tocsin.node.adapters.tilefiles import read_file, write_file
from tocsin.node.adapters.tokens import new_token, read_token, write_token

START_S = 8.0  # time for every process to stand before the case begins, on an idle machine
STARTS = 4.0  # and how many times as long as it takes to load the program, on a busy one
SHOW_EVERY_S = 5.0


def live(
    scenario: str,
    *,
    regime: str = "connected",
    speed: float = 60.0,
    seed: int = SEED,
    port: int = 8401,
    out: Path | None = None,
    consoles: bool = False,
    once: bool = False,
    settings: Settings = (),
) -> int:
    """Play a case between real processes on this machine: keys, pairing, servers, logs, verification.

    Parameters
    ----------
    scenario
        Name of a shipped case or a scenario file.
    regime
        Regime that the parties agree on.
    speed
        How many times faster than real time.
    seed
        Seed of sensors and people.
    port
        First of the ports on loopback; as many a party as there are parties.
    out
        Folder for the centres (default: a new temporary one).
    consoles
        Serve every centre's web console as well, and go on serving after the case until Ctrl-C.
    once
        With --consoles: end with the case all the same.
    settings
        Change a value of the scenario; may be repeated.
    """
    console = Console(highlight=False)
    case = load_scenario(scenario, settings)
    folder = out or Path(tempfile.mkdtemp(prefix="tocsin-live-"))
    names = [party.name for party in case.party]
    ports = {name: port + number * len(names) for number, name in enumerate(names)}
    for name in names:
        others = tuple(other for other in names if other != name)
        centres.init(name, folder=folder / name, regime=regime, mode="exercise", port=ports[name], partner=others)
    _pair_all(folder, names)
    for name in names:
        _enrol(folder / name, name)
    _write_exercise(folder, names, scenario, seed, speed, settings, stay=consoles and not once)
    if consoles:
        for name in names:
            write_console(folder / name, ports[name])
    with _serving([folder / name / "CENTRE.toml" for name in names]) as processes:
        _watch(console, ports, processes)
    codes = {name: process.returncode for name, process in zip(names, processes, strict=True)}
    if any(codes.values()):
        raise Outage(f"a centre ended badly ({codes}); its words are above, its files in {folder}")
    logs = _gather(folder, names)
    verdicts = verify_folder(logs)
    for name, verdict in verdicts.items():
        show(console, name, verdict)
    console.print(f"Centres and logs: {folder}", markup=False)
    return 0 if verdicts and all(verdict.ok for verdict in verdicts.values()) else 1


def _pair_all(folder: Path, names: Sequence[str]) -> None:
    """Every party accepts every other's card. Both sides are on one desk here, so the fingerprint is at hand."""
    for name in names:
        for other in names:
            if other != name:
                card = folder / other / "card.json"
                told = keys.fingerprint(keys.parse_card(read_file(card, "a card"), str(card)))
                centres.pair(folder / name / "CENTRE.toml", card, fingerprint=told)


def _enrol(folder: Path, party: str) -> None:
    """Two officers whose keys lie open, because they are scripted; both must sign a vote."""
    people = ((f"officer of the watch, {party}", "watch-officer"), (f"duty officer, {party}", "duty-officer"))
    officers = []
    for number, (name, role) in enumerate(people):
        token = new_token(name, (role,) if number else (role, "duty-officer"), ("p256",) if number else ("ed25519",))
        write_token(token, folder / "officers" / f"{number}.key")
        officers.append(token.officer)
    enrol_officers(folder / "CENTRE.toml", officers, read_token(folder / "root.key"), votes=2)


def _write_exercise(
    folder: Path, names: Sequence[str], scenario: str, seed: int, speed: float, settings: tuple[str, ...],
    *, stay: bool,
) -> None:  # fmt: skip
    begins = time.time() + _time_to_stand_s()
    listed = ", ".join(f'"{one}"' for one in settings)
    path = Path(scenario).resolve() if Path(scenario).exists() else scenario
    text = (
        f'\n[exercise]\nscenario = "{path}"\nseed = {seed}\nbegins_posix_s = {begins:.3f}\n'
        f"speed = {speed}\nsettings = [{listed}]\nstay = {str(stay).lower()}\n"
    )
    for name in names:
        file = folder / name / "CENTRE.toml"
        write_file(file, read_file(file, "settings") + text.encode())


def _time_to_stand_s() -> float:
    """How long the processes will take to stand, by how long this machine takes to load the program now."""
    begun = time.monotonic()
    subprocess.run([sys.executable, "-c", "import tocsin.app.serving, tocsin.track"], check=False)
    return max(START_S, STARTS * (time.monotonic() - begun))


@contextmanager
def _serving(files: Sequence[Path]) -> Iterator[list[subprocess.Popen[bytes]]]:
    """One process a centre; whatever happens, none outlives this."""
    command = [sys.executable, "-m", "tocsin.app", "serve"]
    processes = [subprocess.Popen([*command, str(file)]) for file in files]  # noqa: S603
    try:
        yield processes
    finally:
        for process in processes:
            try:
                process.wait(timeout=30.0)
            except subprocess.TimeoutExpired:
                process.terminate()
        for process in processes:
            try:
                process.wait(timeout=10.0)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _watch(console: Console, ports: dict[str, int], processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Show every centre's state until all have ended."""
    with httpx.Client(timeout=2.0, trust_env=False) as client:
        while any(process.poll() is None for process in processes):
            for port in ports.values():
                try:
                    status = client.get(f"http://127.0.0.1:{port}/status").json()
                except (httpx.HTTPError, ValueError):
                    continue
                console.print(centres.status_line(status), markup=False, soft_wrap=True)
            time.sleep(SHOW_EVERY_S)


def _gather(folder: Path, names: Sequence[str]) -> Path:
    """The folder under which all parties' exported logs lie."""
    logs = folder / "logs"
    for name in names:
        target = logs / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (folder / name / "logs" / name).rename(target)
    return logs
