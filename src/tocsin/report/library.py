"""All cases and regimes on one page and in one table for a terminal."""

from collections import Counter
from dataclasses import dataclass

from rich import box
from rich.table import Table
from rich.text import Text

from tocsin.report import human, page, words
from tocsin.report.figures import defs
from tocsin.report.human import MinuteLine
from tocsin.report.tables import Cell
from tocsin.study.library import BASELINE, Library, Row
from tocsin.study.results import Comparison

TONES = {"hurt": "bad", "mixed": "", "no difference": "none", "baseline": "", "helped": "good"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One case as the page shows it."""

    title: str
    nature: str
    summary: str
    history: tuple[str, ...]
    needed: tuple[str, ...]
    unknown: tuple[str, ...]
    cells: tuple[Cell, ...]
    effects: tuple[str, ...]
    minutes: tuple[MinuteLine, ...]
    marks: str


def library_html(library: Library) -> str:
    """The page. All text of scenarios is foreign text and shown as text."""
    context = {
        "cases": [_case(one, library) for one in library.comparisons],
        "regimes": library.regimes,
        "seed": library.seed,
        "baseline": BASELINE,
        "lead": lead(library),
        "sentences": sentences(library),
        "command": library.command,
        "version": library.version,
        "shared": defs.shared(),
    }
    return page.render("library.html", context)


def lead(library: Library) -> str:
    """The answer in one sentence a regime."""
    found = []
    for regime in library.regimes:
        if regime == BASELINE:
            continue
        count = Counter(row.effect for row in library.rows if row.regime == regime)
        told = [f"{words.several(count[name], 'case')} {name}" for name in TONES if count[name]]
        found.append(f"{words.clean(regime)}: {', '.join(told)}")
    return "; ".join(found) + "." if found else "No regime was held against another."


def sentences(library: Library) -> list[str]:
    """Where sharing hurt or could not help, and attacks, said plainly."""
    worse = [row for kind in ("hurt", "mixed") for row in library.rows if row.effect == kind]
    hurt = [f"{row.title} under {row.regime}: {'; '.join(row.reasons)}" for row in worse]
    by_case: dict[str, set[str]] = {}
    for row in library.rows:
        by_case.setdefault(row.title, set()).add(row.effect)
    never = [title for title, effects in by_case.items() if effects <= {"baseline", "no difference"}]
    attacks = [row for row in library.rows if row.nature == "attack"]
    away = [f"{row.title} under {row.regime}" for row in attacks if row.explained_away]
    found = [f"Sharing hurt, or helped one and hurt another: {one}." for one in hurt]
    if never:
        found.append(f"No regime changed anything that is measured here: {words.listed(never)}.")
    if attacks:
        said = words.listed(away) if away else "none"
        found.append(f"Real attacks explained away, of {len(attacks)} runs with one: {said}.")
    return [words.clean(one) for one in found]


def _case(comparison: Comparison, library: Library) -> Case:
    rows = {row.regime: row for row in library.rows if row.scenario == comparison.scenario}
    minutes = [(run.regime, one) for run in comparison.runs for one in run.minutes]
    return Case(
        title=comparison.title, nature=comparison.nature, summary=comparison.summary, history=comparison.history,
        needed=comparison.needed, unknown=comparison.unknown,
        cells=tuple(_cell(rows[regime]) if regime in rows else Cell(text="not run") for regime in library.regimes),
        effects=tuple(_told(row) for row in rows.values()),
        minutes=tuple(human.minute_line(regime, one) for regime, one in minutes),
        marks=", ".join(sorted({letter for _, one in minutes for letter in one.marks})),
    )  # fmt: skip


def _cell(row: Row) -> Cell:
    explained = "explained " + words.moment(row.explained_s) if row.explained_s is not None else "not explained by all"
    parts = [explained, f"{words.duration(row.conference_s)} in conference"]
    parts += [f"finding {row.finding} ({row.decided})"] if row.finding else []
    parts += list(row.acted)
    tone = "bad" if row.explained_away else TONES.get(row.effect, "")
    return Cell(text=row.effect, note=words.clean("; ".join(parts)), tone=tone)


def _told(row: Row) -> str:
    why = "; ".join(row.reasons)
    return words.clean(f"{row.regime}: {row.effect}{f' ({why})' if why else ''}")


def library_table(library: Library) -> Table:
    """Cases down, regimes across: the verdict, and the first reason."""
    title = Text(f"All cases and regimes (seed {library.seed}), against {BASELINE}", style="bold")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=title, title_justify="left")
    table.add_column("", max_width=26, overflow="fold")
    for regime in library.regimes:
        table.add_column(Text(words.clean(regime), style="bold"), overflow="fold")
    for comparison in library.comparisons:
        rows = {row.regime: row for row in library.rows if row.scenario == comparison.scenario}
        cells = []
        for regime in library.regimes:
            row = rows[regime]
            note = row.reasons[0] if row.reasons else f"{words.duration(row.conference_s)} in conference"
            style = {"hurt": "bold", "no difference": "dim"}.get(row.effect, "")
            cells.append(Text(row.effect, style=style).append(f"\n{words.clean(note)}", style="dim"))
        table.add_row(Text(words.clean(comparison.scenario)), *cells)
    return table
