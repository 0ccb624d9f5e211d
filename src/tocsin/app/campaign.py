"""`tocsin compare --all`: every case under every regime, in worker processes, with one table and one report."""

from collections.abc import Sequence
from itertools import count
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

import tocsin
from tocsin.app.parallel import Event, Task, run_all
from tocsin.app.showing import printed
from tocsin.node.adapters.tilefiles import write_file
from tocsin.regime import Regime
from tocsin.report import library_html, library_table
from tocsin.sim.scenario import Scenario, truths
from tocsin.study.compare import assemble
from tocsin.study.effects_page import page as sharing_page
from tocsin.study.library import Library, gather, slim
from tocsin.study.results import Comparison, RegimeRun


class Campaign:
    """One call. Logs are signed with Ed25519 alone here; the record says no less, and runs are a fifth quicker."""

    def __init__(
        self, console: Console, cases: Sequence[Scenario], regimes: Sequence[Regime], seed: int, out: Path,
        command: str, browser: str = "",
    ) -> None:  # fmt: skip
        self._console = console
        self._browser = browser
        self._cases = cases
        self._seed = seed
        self._command = command
        self._folder = out / f"all-{seed}"
        self._tasks = [
            Task(case, regime, seed, self._folder / case.name / regime.name, hybrid=False, quiet=True)
            for case in cases
            for regime in regimes
        ]

    def run(self) -> int:
        """Play everything, then table and report. Exit 0 if every log verified."""
        runs: dict[str, list[RegimeRun]] = {case.name: [] for case in self._cases}
        columns = (TextColumn("{task.description:>34}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        live = self._console.is_terminal
        with Progress(*columns, console=self._console, transient=True, disable=not live) as bar:
            number = bar.add_task("cases x regimes", total=len(self._tasks))
            done = count(1)

            def hear(event: Event) -> None:
                bar.update(number, advance=1, description=event[0])
                if not live:
                    self._console.print(f"{next(done):4}/{len(self._tasks)}  {event[0]}", markup=False)

            for task, run in run_all(self._tasks, hear):
                runs[task.scenario.name].append(msgspec.structs.replace(run, timeline=()))
        comparisons = [slim(self._comparison(case, runs[case.name])) for case in self._cases]
        return self._finish(gather(comparisons, self._seed, self._command, tocsin.__version__))

    def _comparison(self, case: Scenario, runs: list[RegimeRun]) -> Comparison:
        return assemble(case, truths(case), self._seed, runs, f"tocsin compare {case.name}")

    def _finish(self, library: Library) -> int:
        console, report = self._console, self._folder / "report.html"
        console.print(library_table(library))
        write_file(report, library_html(library).encode())
        write_file(self._folder / "library.json", msgspec.json.format(msgspec.json.encode(library), indent=1))
        write_file(self._folder / "sharing.md", sharing_page(library).encode())
        bad = [f"{row.scenario}/{row.regime}" for row in library.rows if not row.verified]
        said = f"Logs NOT verified: {', '.join(bad)}" if bad else f"All logs of {len(library.rows)} runs verified."
        console.print(said, markup=False, soft_wrap=True)
        console.print(f"\nLogs:   {self._folder}", markup=False)
        console.print(f"Report: {report.resolve()}", markup=False, soft_wrap=True)
        printed(console, report, self._browser)
        return 1 if bad else 0

