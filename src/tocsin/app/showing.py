"""Playing a comparison in front of a person: time line as it comes, table, verdict, report."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import Progress, TaskID

from tocsin.app.check import verify_folder
from tocsin.app.files import write_logs
from tocsin.node.adapters.tilefiles import write_file
from tocsin.regime import Regime
from tocsin.report import comparison_html, side_by_side, timeline
from tocsin.sim.flight.table import read_table
from tocsin.sim.scenario import Scenario
from tocsin.study.compare import assemble, run_one
from tocsin.study.results import Comparison, RegimeRun


def _advance(bar: Progress, task: TaskID, regime: str, share: float) -> None:
    bar.update(task, description=regime, completed=share)


class Showing:
    """One call of `tocsin run` or `tocsin compare`."""

    def __init__(
        self, console: Console, scenario: Scenario, regimes: Sequence[Regime], seed: int, out: Path, command: str
    ) -> None:
        self._console = console
        self._scenario = scenario
        self._regimes = regimes
        self._seed = seed
        self._command = command
        self._folder = out / f"{scenario.name}-{seed}"

    def play(self, bar: Progress) -> Comparison:
        """Play every regime; print each time line as soon as it is there."""
        truth = read_table(self._scenario.flight, self._scenario.name).trajectory()
        runs = []
        for regime in self._regimes:
            task = bar.add_task(regime.name, total=1.0)
            run, played = run_one(self._scenario, regime, self._seed, truth, partial(_advance, bar, task))
            folder = self._folder / regime.name
            write_logs(played, folder)
            runs.append(self._verified(run, folder))
            bar.remove_task(task)
            self._console.print(timeline(runs[-1]))
        return assemble(self._scenario, truth, self._seed, runs, self._command)

    def finish(self, comparison: Comparison) -> int:
        """Table, verdict, report. Exit 0 if every log verified."""
        console = self._console
        console.print(side_by_side(comparison))
        for run in comparison.runs:
            console.print(f"{run.regime}: {run.verdict}", markup=False, soft_wrap=True)
        report = self._folder / "report.html"
        write_file(report, comparison_html(comparison).encode())
        write_file(self._folder / "comparison.json", msgspec.json.format(msgspec.json.encode(comparison), indent=1))
        console.print(f"\nLogs:   {self._folder}  (check them: tocsin verify {self._folder})", markup=False)
        console.print(f"Report: {report.resolve()}", markup=False, soft_wrap=True)
        return 0 if all(run.verified for run in comparison.runs) else 1

    def _verified(self, run: RegimeRun, folder: Path) -> RegimeRun:
        verdicts = list(verify_folder(folder).values())
        words = " ".join(verdict.words for verdict in verdicts) or "No log was written, so nothing was verified."
        ok = bool(verdicts) and all(verdict.ok for verdict in verdicts)
        return msgspec.structs.replace(run, logs=str(folder), verdict=words, verified=ok)
