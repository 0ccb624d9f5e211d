"""The tables of a comparison as plain cells; the page and the terminal show the same ones."""

from collections.abc import Callable
from dataclasses import dataclass

from tocsin.report import answer, words
from tocsin.report.moments import MOMENTS, Moment, apogee_s, estimate_at, flew, parties, side_of
from tocsin.study.results import Comparison, RegimeRun, Side


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """A value, and a smaller note under it. `tone`: '' ordinary, 'none' nothing there, 'good', 'bad'."""

    text: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A row: its head (with the party's place, if it is about a party) and one cell a regime."""

    head: str
    party: int | None = None
    note: str = ""
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """Rows under one heading."""

    title: str
    lines: tuple[Line, ...]


NO_SIDE = Cell(text="not a party", tone="none")


def sections(comparison: Comparison) -> list[Section]:
    """The comparison table: regimes across, measures and parties down."""
    t = apogee_s(comparison)
    against_truth = [
        _by_moment(comparison, "Launch point: error against truth", lambda s, m: _launch(s, m, t)),
        _by_moment(comparison, "Impact point: error against truth", lambda s, m: _impact(s, m, t)),
    ]
    return [
        _by_party(comparison, "Tracked for the first time", lambda s: _time(s.tracked_s)),
        _by_party(comparison, "Explained: track and notice put together", lambda s: _time(s.explained_s)),
        _by_party(comparison, "National conference: time in all, highest level", _conference),
        *(against_truth if flew(comparison) else ()),
        _by_party(comparison, "Given away to the other side", _disclosed),
        Section(title="Together", lines=_joint(comparison)),
    ]


def _members(comparison: Comparison) -> list[tuple[int, str]]:
    present = {side.party for run in comparison.runs for side in run.sides}
    return [(k, party) for k, party in enumerate(parties(comparison)) if party in present]


def _by_party(comparison: Comparison, title: str, cell: Callable[[Side], Cell]) -> Section:
    lines = [
        Line(head=words.clean(party), party=k, cells=tuple(
            cell(side) if (side := side_of(run, party)) else NO_SIDE for run in comparison.runs
        ))
        for k, party in _members(comparison)
    ]  # fmt: skip
    return Section(title=title, lines=tuple(lines))


def _by_moment(comparison: Comparison, title: str, cell: Callable[[Side, Moment], Cell]) -> Section:
    lines = [
        Line(head=words.clean(party), party=k, note=moment.title, cells=tuple(
            cell(side, moment) if (side := side_of(run, party)) else NO_SIDE for run in comparison.runs
        ))
        for k, party in _members(comparison)
        for moment in MOMENTS
    ]  # fmt: skip
    return Section(title=title, lines=tuple(lines))


def _time(t_s: float | None) -> Cell:
    return Cell(text=words.moment(t_s), tone="none" if t_s is None else "")


def _conference(side: Side) -> Cell:
    held = [step for step in side.conference if step.level != "none"]
    if not held and side.conference_s <= 0:
        return Cell(text="none convened", tone="none")
    span = f"{words.moment(held[0].from_s)} to {words.moment(held[-1].to_s)}" if held else ""
    return Cell(text=f"{words.duration(side.conference_s)}, {answer.highest_level(side)}", note=span)


def _launch(side: Side, moment: Moment, apogee_time_s: float) -> Cell:
    e = estimate_at(side, moment, apogee_time_s)
    return _error(e is not None, *((e.launch_error_km, e.launch_semi_major_km, e.launch_inside) if e else _NOTHING))


def _impact(side: Side, moment: Moment, apogee_time_s: float) -> Cell:
    e = estimate_at(side, moment, apogee_time_s)
    return _error(e is not None, *((e.impact_error_km, e.impact_semi_major_km, e.impact_inside) if e else _NOTHING))


_NOTHING = (None, None, None)


def _error(picture: bool, error_km: float | None, stated_km: float | None, inside: bool | None) -> Cell:
    if not picture:
        return Cell(text=words.NO_PICTURE, tone="none")
    if error_km is None:
        return Cell(text="no estimate", tone="none")
    if stated_km is None:
        return Cell(text=words.km(error_km), note="95% not stated")
    where = "" if inside is None else ", truth inside" if inside else ", truth outside"
    tone = "bad" if inside is False else ""
    return Cell(text=words.km(error_km), note=f"95%: {words.km(stated_km)}{where}", tone=tone)


def _disclosed(side: Side) -> Cell:
    count, kept = sum(side.disclosed.values()), sum(side.withheld.values())
    note = f"{kept:,} withheld" if kept else ""
    if not count:
        return Cell(text="nothing", note=note, tone="none")
    return Cell(text=f"{words.several(count, 'statement')}, {words.size(side.disclosed_bytes)}", note=note)


def _joint(comparison: Comparison) -> tuple[Line, ...]:
    def line(head: str, cell: Callable[[RegimeRun], Cell]) -> Line:
        return Line(head=head, cells=tuple(cell(run) for run in comparison.runs))

    return (
        line("finding", lambda r: Cell(text=words.clean(r.finding)) if r.finding else Cell(text="none", tone="none")),
        line("decision", _decision),
        line("same picture on every side", lambda r: Cell(text="yes" if r.pictures_agree else "no")),
        line("logs verified", lambda r: Cell(text="yes", tone="good") if r.verified else Cell(text="NO", tone="bad")),
    )


def _decision(run: RegimeRun) -> Cell:
    if not run.decision:
        return Cell(text="none", tone="none")
    return Cell(text=words.clean(run.decision), note="" if run.decision_s is None else words.moment(run.decision_s))


@dataclass(frozen=True, kw_only=True, slots=True)
class DisclosureLine:
    """One kind of statement: a count for every side of every regime, in the order of the columns."""

    kind: str
    counts: tuple[int, ...]


def disclosure(comparison: Comparison, field: str) -> list[DisclosureLine]:
    """Rows of the `disclosed` or `withheld` counts, kinds in order of first appearance."""
    sides = [side for run in comparison.runs for side in run.sides]
    counts: list[dict[str, int]] = [getattr(side, field) for side in sides]
    kinds = dict.fromkeys(kind for count in counts for kind in count)
    return [
        DisclosureLine(kind=words.plain_kind(kind), counts=tuple(count.get(kind, 0) for count in counts))
        for kind in kinds
    ]
