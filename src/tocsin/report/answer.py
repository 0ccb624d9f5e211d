"""The answer in words, made from the figures of a comparison and careful about what they show."""

from dataclasses import dataclass

from tocsin.report import words
from tocsin.report.moments import APOGEE, apogee_s, estimate_at, flew, side_of
from tocsin.study.results import Comparison, RegimeRun, Side

LEVELS = ("none", "display", "threat", "attack")
NOTABLE_S = 1.0
NOTABLE_SHARE = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What one regime did, in sentences; the first regime of a comparison is the baseline."""

    regime: str
    title: str
    sentences: tuple[str, ...]


def all_explained_s(run: RegimeRun) -> float | None:
    """When the last side could explain the object; None if a side never could."""
    times = [side.explained_s for side in run.sides]
    known = [t for t in times if t is not None]
    return max(known) if known and len(known) == len(times) else None


def conference_total_s(run: RegimeRun) -> float:
    return sum(side.conference_s for side in run.sides)


def disclosed_total(run: RegimeRun) -> tuple[int, int]:
    """Statements and bytes that all sides gave away."""
    return sum(sum(s.disclosed.values()) for s in run.sides), sum(s.disclosed_bytes for s in run.sides)


def highest_level(side: Side) -> str:
    """The highest level of the side's ladder; an unknown level counts as display."""
    rank = {name: k for k, name in enumerate(LEVELS)}
    levels = [words.clean(step.level) for step in side.conference]
    return max(levels, key=lambda level: rank.get(level, 1), default="none")


def lead(comparison: Comparison) -> str:
    """What happened, in one paragraph."""
    zero = words.zulu(comparison.launch_utc, 0) or words.clean(comparison.launch_utc)
    sentences = [
        f"At {zero} an object was launched from {words.position(*comparison.launch)}. It rose to "
        f"{words.km(comparison.apogee_km)} and fell {words.duration(comparison.flight_s)} later at "
        f"{words.position(*comparison.impact)}, {words.km(comparison.range_km)} away."
        if flew(comparison)
        else f"Nothing flew: whatever was shown or said from {zero} on was no object."
    ]
    runs = comparison.runs
    if runs:
        sentences.append(_explained_sentence(runs))
        sentences.append(_conference_sentence(runs))
    return " ".join(sentence for sentence in sentences if sentence)


def _explained_sentence(runs: tuple[RegimeRun, ...]) -> str:
    times = [(words.clean(run.regime), all_explained_s(run)) for run in runs]
    known = [f"by {words.moment(t)} under {name}" for name, t in times if t is not None]
    never = [name for name, t in times if t is None]
    if not known:
        return "Under none of these regimes could every side explain it in this run."
    said = f"Every side could explain it {words.listed(known)}"
    return f"{said}; under {words.listed(never)} at least one side never could." if never else f"{said}."


def _conference_sentence(runs: tuple[RegimeRun, ...]) -> str:
    if len(runs) < 2:
        return ""
    ordered = sorted(runs, key=conference_total_s)
    low, high = ordered[0], ordered[-1]
    if conference_total_s(high) - conference_total_s(low) < NOTABLE_S:
        return f"Time in conference was the same under every regime ({words.duration(conference_total_s(low))})."
    return (
        f"Time in conference, summed over the sides, was longest under {words.clean(high.regime)} "
        f"({words.duration(conference_total_s(high))}) and shortest under {words.clean(low.regime)} "
        f"({words.duration(conference_total_s(low))})."
    )


def changes(comparison: Comparison) -> list[Change]:
    """One entry a regime: the first as it was, each further one against the first."""
    if not comparison.runs:
        return []
    baseline, *others = comparison.runs
    t = apogee_s(comparison)
    out = [_change(baseline, _baseline_sentences(baseline))]
    return out + [_change(run, _changed_sentences(baseline, run, t)) for run in others]


def _change(run: RegimeRun, sentences: list[str]) -> Change:
    kept = tuple(sentence for sentence in sentences if sentence)
    return Change(regime=words.clean(run.regime), title=words.clean(run.title), sentences=kept)


def _baseline_sentences(run: RegimeRun) -> list[str]:
    out = []
    for side in run.sides:
        in_conference = f"{words.duration(side.conference_s)} in conference (highest level: {highest_level(side)})"
        out.append(
            f"{words.clean(side.party)}: {_event('tracked', side.tracked_s)}; {_event('explained', side.explained_s)}; "
            f"{in_conference if side.conference_s >= NOTABLE_S else 'no conference'}."
        )
    return [*out, _gave(run), _decided(run)]


def _changed_sentences(baseline: RegimeRun, run: RegimeRun, apogee_time_s: float) -> list[str]:
    out = []
    for side in run.sides:
        before = side_of(baseline, side.party)
        parts = [p for p in _side_changes(before, side, baseline, apogee_time_s) if p] if before else []
        said = "; ".join(parts) or f"no change against {words.clean(baseline.regime)} in these measures"
        out.append(f"{words.clean(side.party)}: {said}.")
    return [*out, _gave(run), _decided(run)]


def _side_changes(before: Side, after: Side, baseline: RegimeRun, apogee_time_s: float) -> list[str]:
    name = words.clean(baseline.regime)
    return [
        _time_change("tracked", before.tracked_s, after.tracked_s, name),
        _time_change("explained", before.explained_s, after.explained_s, name),
        _conference_change(before, after, name),
        _impact_change(before, after, apogee_time_s, name),
    ]


def _event(what: str, t_s: float | None) -> str:
    """'tracked T+41 s', 'never tracked in this run'."""
    return f"never {what} in this run" if t_s is None else f"{what} {words.moment(t_s)}"


def _time_change(what: str, before: float | None, after: float | None, baseline: str) -> str:
    if before is None and after is None:
        return ""
    if before is not None and after is not None:
        if abs(after - before) < NOTABLE_S:
            return ""
        way = "earlier" if after < before else "later"
        return f"{what} {words.moment(after)}, {words.duration(after - before)} {way} than under {baseline}"
    was = "never" if before is None else words.moment(before)
    return f"{_event(what, after)} ({baseline}: {was})"


def _conference_change(before: Side, after: Side, baseline: str) -> str:
    if abs(before.conference_s - after.conference_s) < NOTABLE_S:
        return ""
    now, was = (words.duration(s.conference_s) if s.conference_s >= NOTABLE_S else "none" for s in (after, before))
    now = f"{now} in conference" if now != "none" else "no conference"
    levels = [highest_level(side) for side in (after, before)]
    if levels[0] != levels[1]:
        return f"{now}, highest level {levels[0]} ({baseline}: {was}, {levels[1]})"
    return f"{now} ({baseline}: {was})"


def _impact_change(before: Side, after: Side, apogee_time_s: float, baseline: str) -> str:
    old, new = (estimate_at(side, APOGEE, apogee_time_s) for side in (before, after))
    old_km, new_km = (e.impact_error_km if e else None for e in (old, new))
    if new_km is None:
        return "" if old_km is None else f"no impact point at apogee ({baseline}: {words.km(old_km)} off)"
    if old_km is None:
        return f"impact point at apogee {words.km(new_km)} off ({baseline}: none)"
    if abs(new_km - old_km) <= NOTABLE_SHARE * old_km:
        return ""
    return f"impact point at apogee {words.km(new_km)} off ({baseline}: {words.km(old_km)})"


def _gave(run: RegimeRun) -> str:
    if not disclosed_total(run)[0]:
        return "No side gave anything away."
    given = [
        f"{words.clean(s.party)} {words.several(sum(s.disclosed.values()), 'statement')} "
        f"({words.size(s.disclosed_bytes)})"
        for s in run.sides
    ]
    return f"Given away: {words.listed(given)}."


def _decided(run: RegimeRun) -> str:
    if not run.finding and run.decision_s is None:
        return ""
    when = f" {words.moment(run.decision_s)}" if run.decision_s is not None else ""
    finding = f"finding “{words.clean(run.finding)}”" if run.finding else "no finding"
    return f"Joint {finding}: {words.clean(run.decision) or 'no decision'}{when}."
