"""The time line and the comparison table for a terminal; readable at 100 columns and without colour."""

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from tocsin.report import tables, words
from tocsin.study.results import Comparison, RegimeRun, TimelineEntry

TRUTH = "world"


def timeline(run: RegimeRun) -> Group:
    """Every event of a run in order: Zulu time, time after launch, who, what; then what the logs prove."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
    table.add_column("Zulu", no_wrap=True)
    table.add_column("after launch", no_wrap=True, justify="right")
    table.add_column("who", no_wrap=True, max_width=12)
    table.add_column("event", overflow="fold")
    day = run.timeline[-1].utc.partition("T")[0] if run.timeline else ""
    for entry in run.timeline:
        truth = entry.party == TRUTH
        who = Text("(truth)" if truth else words.clean(entry.party), style="" if truth else "bold")
        what = Text.assemble((words.plain_kind(entry.kind) + ": ", "dim"), words.clean(entry.text))
        if entry.index is not None:
            what.append(f"  [entry {entry.index}]", style="dim")
        table.add_row(Text(words.clock(entry.utc, day)), Text(words.moment(entry.t_s)), who, what)
    title = Text.assemble((words.clean(run.regime), "bold"), ": ", words.clean(run.title))
    return Group(title, table if run.timeline else Text("no events"), ending(run))


def heading(regime: str, title: str) -> Text:
    """What stands over a time line."""
    return Text.assemble("\n", (words.clean(regime), "bold"), ": ", words.clean(title))


def line(entry: TimelineEntry, launch_utc: str) -> Text:
    """One event on its own, for a time line that is printed as it happens."""
    truth = entry.party == TRUTH
    who = "(truth)" if truth else words.clean(entry.party)[:12]
    clock = words.clock(entry.utc, launch_utc)
    found = Text.assemble(
        f"{clock:>9}  {words.moment(entry.t_s):>13}  ",
        (f"{who:<12} ", "" if truth else "bold"),
        (words.plain_kind(entry.kind) + ": ", "dim"),
        words.clean(entry.text),
    )
    return found if entry.index is None else found.append(f"  [entry {entry.index}]", style="dim")


def ending(run: RegimeRun) -> Text:
    """Finding, decision and the state of the logs, in plain words."""
    when = "" if run.decision_s is None else f" at {words.moment(run.decision_s)}"
    return Text.assemble(
        f"Finding: {words.clean(run.finding) or 'none'}. Decision: {words.clean(run.decision) or 'none'}{when}.\n",
        ("Logs verified. " if run.verified else "LOGS NOT VERIFIED. ", "bold"),
        f"{words.clean(run.verdict)}\n" if run.verdict else "\n",
        ("Verified means authentic, unaltered, as held; it never means true.", "dim"),
    )


def side_by_side(comparison: Comparison) -> Table:
    """The regimes as columns, measures and parties as rows; the same cells as the page."""
    title = Text(f"{words.clean(comparison.title)}: regimes side by side (seed {comparison.seed})", style="bold")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=title, title_justify="left")
    table.add_column("", max_width=26, overflow="fold")
    for run in comparison.runs:
        table.add_column(Text(words.clean(run.regime), style="bold"), overflow="fold")
    for section in tables.sections(comparison):
        table.add_section()
        table.add_row(Text(section.title, style="bold"))
        for line in section.lines:
            head = f"  {line.head}" + (f", {line.note}" if line.note else "")
            table.add_row(Text(head), *(_cell(cell) for cell in line.cells))
    return table


def _cell(cell: tables.Cell) -> Text:
    style = {"none": "dim", "bad": "bold"}.get(cell.tone, "")
    text = Text(cell.text, style=style)
    return text.append(f"\n{cell.note}", style="dim") if cell.note else text
