"""`tocsin replay`: a finished run as a folder of static files that plays in the console, and a server to look at it."""

import asyncio
import gzip
import hashlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from tocsin import __version__
from tocsin.app.check import exported, logs_below
from tocsin.app.parallel import end_with_parent, workers
from tocsin.app.play import load_scenario, terminal
from tocsin.console.replay import Recorder, ReplayHost
from tocsin.errors import BadEvidence, Refusal
from tocsin.node.adapters.tilefiles import write_file
from tocsin.node.past import PastRun, past_run
from tocsin.node.past.run import Told
from tocsin.sim.build import guarded_of, sensor_of
from tocsin.sim.errors import ScenarioError
from tocsin.sim.scenario import Scenario
from tocsin.world.time import utc_text

PAGES = Path(__file__).parents[1] / "console" / "pages"
MANIFEST, PAGE = "replay.json", "replay.html"
PORT = 8450


@dataclass(frozen=True, slots=True)
class Task:
    """One console to record: the logs of one run, whose console, where its files go."""

    run: Path
    name: str
    party: str
    scenario: Scenario | None
    step_s: float
    out: Path


def replay(
    run: Path, *, out: Path | None = None, scenario: str = "", step: float = 2.0, port: int = PORT, serve: bool = False
) -> int:
    """Make a finished run a folder of static files that plays in the console; or look at such a folder.

    Boards are worked out again from the signed logs; nothing is made from a log that is not as signed. Any static file
    server can publish the folder. Given a folder that was made so, it is served on loopback until Ctrl-C.

    Parameters
    ----------
    run
        Folder of a run (`tocsin run`, `tocsin compare`, `tocsin exercise`), or one that this command made.
    out
        Folder for the files (default: RUN/replay).
    scenario
        Case or scenario file that says where the sensors stand (default: the case that the logs name).
    step
        Seconds of the run between two boards.
    port
        Port on loopback for looking.
    serve
        Look at it as soon as it is made.
    """
    if (run / MANIFEST).is_file():
        return _serve(run, port)
    folder = out or run / "replay"
    made = make(run, folder, scenario, step)
    print(f"Replay: {folder}  ({made} files; put the folder on any web server, or look: tocsin replay {folder})")
    return _serve(folder, port) if serve else 0


def make(run: Path, out: Path, scenario: str = "", step_s: float = 2.0) -> int:
    """Write the folder; how many files. Raises Refusal, BadEvidence, Outage."""
    if not 0.25 <= step_s <= 60.0:
        raise Refusal(f"--step {step_s:g}: 0.25 to 60 seconds expected")
    if out.exists() and any(out.iterdir()) and not (out / MANIFEST).is_file():
        raise Refusal(f"{out}: not empty, and nothing that this command made; name another folder with --out")
    found = runs_below(run, out)
    case = _scenario(scenario, next(iter(found.values())))
    tasks = [
        Task(top, name, party, case, step_s, out)
        for (name, top), past in found.items() for party in past.parties
    ]  # fmt: skip
    console = terminal()
    with console.status(f"Reading {len(tasks)} consoles again from the logs"):
        lines = _recorded(tasks)
    runs = [
        _run_line(name, past, [line for task, line in zip(tasks, lines, strict=True) if task.run == top], step_s)
        for (name, top), past in found.items()
    ]  # fmt: skip
    title = case.title if case is not None else run.resolve().name
    return publish(out, title, runs) + sum(len(line["parts"]) + 2 for line in lines)


def publish(out: Path, title: str, runs: Sequence[dict[str, Any]]) -> int:
    """The page beside recorded files, and the list of them; how many files that is."""
    pages = _pages(out)
    manifest = {"format": "tocsin-replay", "version": 1, "tocsin": __version__, "title": title, "runs": runs}
    write_file(out / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1))
    return pages + 1


def runs_below(run: Path, out: Path) -> dict[tuple[str, Path], PastRun]:
    """Every run below a folder, by its name and folder. Raises BadEvidence where one does not hold."""
    if not run.is_dir():
        raise Refusal(f"{run}: no such folder; the folder of a finished run was expected")
    top = run / "logs" if (run / "logs").is_dir() else run
    folders: dict[Path, list[Path]] = {}
    for folder in logs_below(top):
        if out not in folder.parents and len(folder.relative_to(top).parts) >= 2:
            folders.setdefault(folder.parent.parent, []).append(folder)
    if not folders:
        raise Refusal(f"{run}: no exported logs here; RUN/PARTY/shared/checkpoint or RUN/logs/PARTY/... was expected")
    found = {}
    for place, logs in sorted(folders.items()):
        name = place.relative_to(top).as_posix()
        try:
            found[("play" if name == "." else name, place)] = past_run([exported(one, place) for one in logs])
        except BadEvidence as error:
            raise BadEvidence(f"{place}: {error} Nothing is replayed that is not as signed.") from error
    return found


def _scenario(wanted: str, past: PastRun) -> Scenario | None:
    """The case that was asked for, else the shipped one that the logs name; None where there is none."""
    if wanted:
        return load_scenario(wanted)
    parts = next(iter(past.logs)).split("/")
    try:
        return load_scenario(parts[1]) if len(parts) > 2 and parts[0] == "tocsin.exercise" else None
    except ScenarioError:
        return None


def _recorded(tasks: list[Task]) -> list[dict[str, Any]]:
    size = min(workers(), len(tasks))
    if size <= 1:
        return [carry_out(task) for task in tasks]
    with ProcessPoolExecutor(size, initializer=end_with_parent) as executor:
        return list(executor.map(carry_out, tasks))


def carry_out(task: Task) -> dict[str, Any]:
    """Record one console and write its files; its line of the manifest."""
    past = past_run([exported(folder, task.run) for folder in logs_below(task.run) if task.out not in folder.parents])
    centre = past.centre(task.party, _told(task.scenario, task.party))
    title = task.scenario.title if task.scenario is not None else task.name
    recorder = Recorder(ReplayHost(centre, title, past.ends_tai_ns), past.begins_tai_ns, past.ends_tai_ns, task.step_s)
    made = recorder.record()
    place = f"boards/{task.name}/{task.party}"
    parts = [
        {**kept(task.out, f"{place}/{number:04d}.frames", part.data()), "from_tai_us": part.from_tai_us}
        for number, part in enumerate(made.parts)
    ]  # fmt: skip
    return {
        "party": task.party, "marks": made.marks, "parts": parts,
        "charts": kept(task.out, f"{place}/charts.frames", made.charts),
        "statements": kept(task.out, f"{place}/statements.frames", made.statements),
    }  # fmt: skip


def _told(scenario: Scenario | None, party: str) -> Told:
    found = next((one for one in scenario.party if one.name == party), None) if scenario is not None else None
    if found is None:
        return Told()
    return Told(tuple(sensor_of(one).sensor for one in found.sensor), guarded_of(found))


def kept(out: Path, name: str, data: bytes) -> dict[str, Any]:
    """A file of the recording, packed; its name, hash and size."""
    packed = gzip.compress(data, 9, mtime=0)
    write_file(out / name, packed)
    return {"file": name, "sha256": hashlib.sha256(packed).hexdigest(), "bytes": len(packed)}


def _run_line(name: str, past: PastRun, consoles: list[dict[str, Any]], step_s: float) -> dict[str, Any]:
    regime = next(iter(past.agreements.values()))[1]
    return {
        "name": name, "verdict": past.words, "begins_tai_us": past.begins_tai_ns // 1_000,
        "ends_tai_us": past.ends_tai_ns // 1_000, "begins_utc": utc_text(past.begins_tai_ns), "step_s": step_s,
        "regime_sha256": hashlib.sha256(regime.regime_text.encode()).hexdigest(),
        "logs": [{"origin": origin, "size": size, "root": root} for origin, size, root in past.heads],
        "consoles": consoles,
    }  # fmt: skip


def _pages(out: Path) -> int:
    """The page and what it needs, by the names that stand in it; how many files."""
    if not (PAGES / PAGE).is_file():
        raise Refusal(f"{PAGES / PAGE}: the pages are not built here; run make web")
    page = (PAGES / PAGE).read_bytes()
    write_file(out / "index.html", page)
    assets = {one.name: one for one in (PAGES / "assets").iterdir()}
    wanted, texts = set[str](), [page]
    while texts:
        text = texts.pop()
        for name, path in assets.items():
            if name not in wanted and name.encode() in text:
                wanted.add(name)
                data = path.read_bytes()
                write_file(out / "assets" / name, data)
                texts.append(data)
    return 1 + len(wanted)


def _serve(folder: Path, port: int) -> int:
    from tocsin.console.routes.guard import guarded
    from tocsin.console.routes.pages import Pages, nothing_else, with_pages
    from tocsin.node.adapters.listening import MOST_PAGES, Listener, serve

    app = guarded(with_pages(nothing_else, Pages(folder)), ("localhost", "127.0.0.1"))
    listener = Listener(app, port=port, most=MOST_PAGES)
    print(f"Replay of {folder}: http://localhost:{port}/  Ctrl-C ends it.", flush=True)

    def stop() -> None:
        listener.should_exit = True

    asyncio.run(serve([listener], stop))
    return 0
