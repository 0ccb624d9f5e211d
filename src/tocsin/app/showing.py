"""Playing a comparison in front of a person: time line as it comes, table, verdict, report."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import Progress

from tocsin.app.parallel import Event, Task, run_all
from tocsin.app.printing import print_pdf
from tocsin.node.adapters.tilefiles import write_file
from tocsin.regime import Regime
from tocsin.report import comparison_html, ending, heading, line, side_by_side
from tocsin.sim.scenario import Scenario, truths
from tocsin.study.compare import assemble
from tocsin.study.results import Comparison, TimelineEntry


class Showing:
    """One call of `tocsin run` or `tocsin compare`. `browser`: the program that prints the report, if it shall."""

    def __init__(
        self, console: Console, scenario: Scenario, regimes: Sequence[Regime], seed: int, out: Path, command: str,
        browser: str = "",
    ) -> None:  # fmt: skip
        self._console = console
        self._browser = browser
        self._scenario = scenario
        self._seed = seed
        self._command = command
        self._folder = out / f"{scenario.name}-{seed}"
        self._tasks = [Task(scenario, regime, seed, self._folder / regime.name) for regime in regimes]
        self._waiting: dict[str, list[TimelineEntry]] = {task.key: [] for task in self._tasks}
        self._shown: str | None = None

    def play(self, bar: Progress) -> Comparison:
        """Play every regime; print the time line of the one whose turn it is, as it comes."""
        bars = {task.key: bar.add_task(task.regime.name, total=1.0) for task in self._tasks}

        def hear(event: Event) -> None:
            key, _, said = event
            if isinstance(said, TimelineEntry):
                self._say(key, said)
            elif key in bars:
                bar.update(bars[key], completed=said)

        runs = []
        self._turn_to(0)
        for number, (task, run) in enumerate(run_all(self._tasks, hear)):
            runs.append(run)
            bar.remove_task(bars.pop(task.key))
            self._console.print(ending(run))
            self._turn_to(number + 1)
        return assemble(self._scenario, truths(self._scenario), self._seed, runs, self._command)

    def _say(self, key: str, said: TimelineEntry) -> None:
        if key == self._shown:
            self._console.print(line(said, self._scenario.launch))
        elif key in self._waiting:
            self._waiting[key].append(said)

    def _turn_to(self, number: int) -> None:
        """Head a regime's time line, with what it said while others were shown."""
        if number >= len(self._tasks):
            return
        task = self._tasks[number]
        self._shown = task.key
        self._console.print(heading(task.regime.name, task.regime.title))
        for said in self._waiting.pop(task.key):
            self._console.print(line(said, self._scenario.launch))

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
        printed(console, report, self._browser)
        return 0 if all(run.verified for run in comparison.runs) else 1


def printed(console: Console, report: Path, browser: str) -> None:
    """The report as PDF beside it, where a browser is named."""
    if browser:
        paper = report.with_suffix(".pdf")
        print_pdf(report, paper, browser)
        console.print(f"PDF:    {paper.resolve()}", markup=False, soft_wrap=True)
