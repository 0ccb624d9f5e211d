"""`tocsin study FILE.toml`: many runs on local processes or on a Dask cluster; stopped at any time, it goes on later.

One JSON line a run, in the order of the study, so that the file is the same on any number of workers.
"""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from rich.progress import track as shown
from rich.table import Table

import tocsin
from tocsin.app.fingerprint import hashes, lines
from tocsin.app.parallel import pool, workers
from tocsin.app.play import load_regime, load_scenario, terminal
from tocsin.errors import Outage, Refusal
from tocsin.node.adapters.tilefiles import read_file, write_file
from tocsin.study import figures
from tocsin.study.many import Bundle, Outcome, Study, digest, load, play_bundle, varied

if TYPE_CHECKING:
    from concurrent.futures import Future

Submit = Callable[[Bundle], "Future[list[bytes]]"]
AHEAD = 4  # bundles given out for every worker, so that none waits
RUNS = "runs.jsonl"


def bundles_of(study: Study, folder: Path) -> list[Bundle]:
    """Every run of a study, in its order. Files are looked for beside the study's. Raises ScenarioError."""
    regimes = tuple(load_regime(_beside(folder, name)) for name in study.regimes)
    found = []
    for case in study.case:
        for point in study.vary:
            scenario = varied(load_scenario(_beside(folder, case.scenario), point.set), point)
            found += [
                Bundle(case=case.scenario, point=point.label, scenario=scenario, regimes=regimes, seed=seed)
                for seed in range(study.seeds.first, study.seeds.first + study.seeds.count)
            ]
    return found


def _beside(folder: Path, name: str) -> str:
    return str(folder / name) if name.endswith(".toml") else name


def ordered(submit: Submit, bundles: Iterable[Bundle], ahead: int) -> Iterator[list[bytes]]:
    """Results in the order of the bundles, with so many given out at once."""
    out: deque[Future[list[bytes]]] = deque()
    for bundle in bundles:
        out.append(submit(bundle))
        if len(out) >= ahead:
            yield out.popleft().result()
    while out:
        yield out.popleft().result()


@contextmanager
def dask(address: str) -> Iterator[tuple[Submit, int]]:
    """An existing cluster. Raises Outage if it is away, Refusal where its workers hold another tocsin than ours."""
    try:
        from distributed import Client
    except ImportError as error:
        raise Refusal("--dask needs the extra: pip install 'tocsin[dask]', here and on every worker") from error
    try:
        made: Callable[..., Any] = Client
        client = made(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise Outage(f"no Dask scheduler at {address}: {error}; tcp://HOST:8786 or the like expected") from error
    with client:
        ours, theirs = installed(), client.run(installed)
        wrong = sorted(worker for worker, found in theirs.items() if found != ours)
        if not theirs or wrong:
            what = f"another tocsin than here: {', '.join(wrong)}" if wrong else "no workers"
            raise Refusal(f"the cluster at {address} has {what}; `tocsin fingerprint` must say the same everywhere")
        size = sum(client.nthreads().values())
        yield (lambda bundle: client.submit(play_bundle, bundle, pure=False)), size


def installed() -> str:
    """One hash over the package that is imported here."""
    return lines(hashes(Path(tocsin.__file__).parent))[-1]


def kept(path: Path, head: bytes) -> list[Outcome]:
    """Whole lines of an earlier start of the same study; a last line that was cut off does not count."""
    if not path.exists():
        return []
    first, *rest = path.read_bytes().split(b"\n")[:-1] or [b""]
    if first != head:
        raise Refusal(f"{path}: of another study, or of another version of tocsin or a case; choose another --out")
    return [msgspec.json.decode(line, type=Outcome) for line in rest]


def run_study(file: Path, out: Path, size: int | None, address: str) -> int:
    """Play what is missing, then print and write the figures."""
    data = read_file(file, "a study file")
    study = load(data, str(file))
    bundles = bundles_of(study, file.parent)
    folder = out / study.name
    head = json.dumps({"study": study.name, "sha256": digest(data, bundles), "version": tocsin.__version__}).encode()
    per = len(study.regimes)
    before = kept(folder / RUNS, head)
    whole = len(before) // per  # a bundle that was cut in the middle is played again
    outcomes = before[: whole * per]
    write_file(folder / RUNS, b"".join(line + b"\n" for line in (head, *map(msgspec.json.encode, outcomes))))
    console, due = terminal(), bundles[whole:]
    console.print(f"[bold]{study.title}[/bold]: {len(bundles) * per} runs, {len(outcomes)} of them on file")
    with (folder / RUNS).open("ab") as sink:
        results = _played(due, size, address)
        for found in shown(results, "runs", len(due), console=console, disable=not console.is_terminal):
            sink.write(b"".join(line + b"\n" for line in found))
            sink.flush()
            outcomes += [msgspec.json.decode(line, type=Outcome) for line in found]
    _finish(study, outcomes, folder)
    return 0


def _played(due: list[Bundle], size: int | None, address: str) -> Iterator[list[bytes]]:
    if not due:
        return
    if address:
        with dask(address) as (submit, threads):
            yield from ordered(submit, due, AHEAD * threads)
        return
    size = min(size or workers(), len(due))
    if size == 1:
        yield from map(play_bundle, due)
        return
    with pool(size) as (executor, _):
        yield from ordered(lambda bundle: executor.submit(play_bundle, bundle), due, AHEAD * size)


def _finish(study: Study, outcomes: list[Outcome], folder: Path) -> None:
    console, rows = terminal(), figures.rows(outcomes)
    table = Table("case", "point", "regime", "alarm", "all explain", "after s (median)", "joint finding")
    for row in rows:
        cells = [_share(row.alarm), _share(row.explained), _times(row.explained_s), _share(row.adopted)]
        table.add_row(row.case.removesuffix(".toml"), row.point, row.regime, *cells)
    console.print(table)
    rates = figures.base_rates(study, study.base_rate, outcomes) if study.base_rate is not None else ()
    for one in rates:
        counted = f"; counted: {one.counted}" if one.counted is not None else ""
        words = f"{one.alarms:.0f} alarms expected ({one.low:.0f} to {one.high:.0f}){counted}"
        console.print(f"{one.regime}, {one.point}: {words}")
    found = {"study": study, "rows": rows, "base_rates": rates}
    write_file(folder / "figures.json", msgspec.json.format(msgspec.json.encode(found), indent=1))
    console.print(f"Runs and figures in {folder}")


def _share(one: figures.Share) -> str:
    return f"{one.k}/{one.n} ({one.low:.0%} to {one.high:.0%})"


def _times(one: figures.Median) -> str:
    if one.median is None:
        return "never"
    low, high = ("?" if t is None else f"{t:.0f}" for t in (one.low, one.high))
    return f"{one.median:.0f} ({low} to {high})"
