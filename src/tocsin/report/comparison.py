"""The report of a comparison: one scenario under several regimes, as one self-contained page."""

from dataclasses import dataclass, replace

from markupsafe import Markup

from tocsin.report import answer, human, page, tables, words
from tocsin.report.figures import accuracy, altitude, belief, budget, defs, knowledge, overview, points
from tocsin.report.moments import flew, parties, picture_source
from tocsin.study.results import Comparison, RegimeRun

MARKS = {
    "S": "stated in the source",
    "C": "computed from stated values",
    "I": "inferred: nobody published it",
    "U": "uncertain, or sources disagree",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """Drawings under one caption; `sources` says whose data it shows."""

    key: str
    title: str
    caption: str
    sources: str
    drawings: tuple[Markup, ...]
    number: int = 0


def comparison_html(comparison: Comparison) -> str:
    """The page. Everything in `comparison` is taken as foreign text and shown as text."""
    order = parties(comparison)
    chips = {party: defs.chip(k) for k, party in enumerate(order)}
    context = {
        "c": comparison,
        "flew": flew(comparison),
        "lead": answer.lead(comparison),
        "changes": answer.changes(comparison),
        "glance": [_glance(run) for run in comparison.runs],
        "sections": tables.sections(comparison),
        "chips": list(chips.values()),
        "chip_of": chips,
        "figures": {figure.key: figure for figure in figures(comparison)},
        "disclosed": tables.disclosure(comparison, "disclosed"),
        "withheld": tables.disclosure(comparison, "withheld"),
        "minutes": human.minute_lines(comparison),
        "minute_marks": human.marks_used(comparison),
        "budget": human.budget_steps(comparison),
        "margins": human.margin_lines(comparison),
        "marks": MARKS,
        "mark_of": mark_letters,
        "fact_counts": fact_counts(comparison),
        "clock": lambda utc: words.clock(utc, comparison.launch_utc),
        "shared": defs.shared(),
    }
    return page.render("comparison.html", context)


def mark_letters(mark: str) -> str:
    """The letters of a mark, '[S]', 'S' or '[S+C]', as 'S' or 'S+C'."""
    return words.clean(mark).replace("[", "").replace("]", "")


def fact_counts(comparison: Comparison) -> str:
    """How many of the facts carry which mark, weakest first: '4 inferred, 2 uncertain ...'."""
    names = {"U": "uncertain", "I": "inferred", "C": "computed", "S": "stated"}
    found = {
        name: sum(letter in mark_letters(fact.mark).split("+") for fact in comparison.facts)
        for letter, name in names.items()
    }
    return words.listed([f"{count} {name}" for name, count in found.items() if count])


@dataclass(frozen=True, kw_only=True, slots=True)
class Glance:
    """A regime in three figures."""

    regime: str
    title: str
    explained: str
    conference: str
    disclosed: str
    finding: str


def _glance(run: RegimeRun) -> Glance:
    count, total = answer.disclosed_total(run)
    return Glance(
        regime=words.clean(run.regime),
        title=words.clean(run.title),
        explained=words.moment(answer.all_explained_s(run)),
        conference=words.duration(answer.conference_total_s(run)),
        disclosed=f"{count:,} ({words.size(total)})" if count else "nothing",
        finding=words.clean(run.finding) or "none",
    )


def _sources(comparison: Comparison) -> str:
    """Whose pictures the charts show: 'own pictures under separate; joint pictures under joint'."""
    found: dict[str, list[str]] = {}
    for run in comparison.runs:
        kinds = {side.party: picture_source(run, side) for side in run.sides}
        apart = [f"{words.clean(party)} {kind}" for party, kind in kinds.items()]
        told = next(iter(kinds.values())) if len(set(kinds.values())) == 1 else words.listed(apart)
        found.setdefault(f"{told} pictures" if kinds else "no pictures", []).append(words.clean(run.regime))
    return "; ".join(f"{told} under {words.listed(regimes)}" for told, regimes in found.items()) or "no pictures"


def figures(comparison: Comparison) -> list[Figure]:
    """All figures, numbered in the order in which the page shows them."""
    against_truth = [*_where(comparison), *_how_good(comparison)] if flew(comparison) else []
    shown = [*_when(comparison), *against_truth]
    return [replace(figure, number=number) for number, figure in enumerate(shown, start=1)]


TRUTH = "truth (simulation)"


def _when(comparison: Comparison) -> list[Figure]:
    """Time lines: knowledge, belief, minutes (only where somebody had some)."""
    found = [
        Figure(
            key="knowledge", title="Who knew what, when, and what each side did",
            caption="One chart a regime, all on the same time axis (after launch, and Zulu). Upper bar of a side: "
            "what its centre knew, while it held a picture. Stairs below it: its national conference.",
            sources=f"each side's own log; impact and apogee: {TRUTH}",
            drawings=(knowledge.legend(), *knowledge.draw(comparison)),
        ),
        Figure(
            key="belief", title="How sure each side was that the object is explained",
            caption="Lines: the probability that a side's centre gave to some explanation other than a launch "
            "nobody announced. Marks: the moment at which its officer put that down. A line that ends has no picture "
            "any more.",
            sources=f"{_sources(comparison)}; marks: each side's own log",
            drawings=(belief.draw(comparison),),
        ),
    ]
    charts = budget.draw(comparison)
    if charts:
        found.append(Figure(
            key="minutes", title="Where the minutes went",
            caption="From launch to impact, party by party: what the centre needed, then officer and capital. "
            "Bars are medians of single steps. The line below a bar shows when all of it was done: the median and the "
            "middle four fifths of the draws. An arrow means that the slow end lies beyond the axis.",
            sources="detect: the side's picture; explain: its own log; people's steps: the time budget, marks "
            f"{human.marks_used(comparison)}; impact: {TRUTH}",
            drawings=(budget.legend(), *charts),
        ))
    return found  # fmt: skip


def _where(comparison: Comparison) -> list[Figure]:
    """Maps."""
    far = [words.clean(s.id) for s in comparison.sensors if not overview.is_ground(s)]
    away = f" Not drawn, because they look down from space: {words.listed(far)}." if far else ""
    return [
        Figure(
            key="map", title="The flight, the sensors and the announced area",
            caption="Orthographic projection, centred on the flight. A sensor's reach is its greatest slant range "
            f"laid on the ground; how much it sees depends on height.{away}",
            sources=f"{TRUTH}; sensor sites and reach: scenario; announced area: notice",
            drawings=(overview.draw(comparison),),
        ),
        Figure(
            key="points", title="Where each side put the launch point and the impact point",
            caption="Launch points above, impact points below, at three moments; mind the scale bars, every row has "
            "its own. Each area is the 95% that the picture itself stated; it should shrink around the truth. Launch "
            "areas are drawn as circles with the stated long half axis. Areas larger than a map run out of it. "
            "The coastline (1:110 million) may be tens of kilometres off and only serves to find one's way.",
            sources=f"{_sources(comparison)}; crosses: {TRUTH}",
            drawings=(points.legend(comparison), points.draw(comparison, "launch"), points.draw(comparison, "impact")),
        ),
    ]  # fmt: skip


def _how_good(comparison: Comparison) -> list[Figure]:
    """Pictures against truth."""
    pictures = _sources(comparison)
    return [
        Figure(
            key="altitude", title="Height against time",
            caption="The band is twice the stated standard deviation of position, so it bounds the height alone "
            "from above.",
            sources=f"{pictures}; wide line: {TRUTH}",
            drawings=(altitude.draw(comparison),),
        ),
        Figure(
            key="accuracy", title="Error and stated uncertainty against time",
            caption="Lines: distance to truth. Shaded areas: what the picture claimed. A line that stays above its "
            "own area means that the picture was surer than it had reason to be. Decades on the vertical axis.",
            sources=f"{pictures}; errors: against {TRUTH}",
            drawings=(accuracy.draw(comparison),),
        ),
    ]  # fmt: skip
