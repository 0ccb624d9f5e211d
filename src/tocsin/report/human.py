"""Tables about people: where the minutes went, what the time budget rests on, and the margins of joint findings."""

from dataclasses import dataclass

from tocsin.report import words
from tocsin.report.moments import parties
from tocsin.study import minutes
from tocsin.study.minutes import Step
from tocsin.study.results import Comparison, Margin, Minutes, Voted


@dataclass(frozen=True, kw_only=True, slots=True)
class MinuteLine:
    """One party and tier under one regime; minutes, medians. `party` is its place among the parties."""

    regime: str
    party: int | None
    who: str
    flight: str
    steps: str
    left: str
    spread: str
    late: str
    tone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MarginLine:
    """One joint finding under one regime."""

    regime: str
    finding: str
    outcome: str
    put: str
    votes: tuple[str, ...]
    decided: str
    deadline: str
    margin: str


def minute_lines(comparison: Comparison) -> list[MinuteLine]:
    """Rows in the order of the regimes and of their minutes."""
    order = parties(comparison)
    return [minute_line(run.regime, one, order) for run in comparison.runs for one in run.minutes]


def minute_line(regime: str, one: Minutes, order: tuple[str, ...] = ()) -> MinuteLine:
    """One row. A share of draws that came too late is never rounded down to none."""
    steps = ", ".join(f"{name} {value:.1f}" for name, value in one.steps.items())
    return MinuteLine(
        regime=words.clean(regime), party=order.index(one.party) if one.party in order else None,
        who=words.clean(f"{one.party}, {one.tier}"), flight=f"{one.flight:.1f}", steps=words.clean(steps),
        left=_signed(one.left), spread=f"{_signed(one.left_low)} to {_signed(one.left_high)}",
        late=share(one.too_late), tone="bad" if one.left < 0 else "",
    )  # fmt: skip


def share(part: float) -> str:
    """'0 %', 'under 1 %', '2 %', 'over 99 %', '100 %'."""
    if 0.0 < part < 0.01:
        return "under 1 %"
    return "over 99 %" if 0.99 < part < 1.0 else f"{100 * part:.0f} %"


def _signed(value: float) -> str:
    return f"{value:.1f}".replace("-", "−")


def marks_used(comparison: Comparison) -> str:
    """The letters that the people's steps carry: 'C, I, S'."""
    letters = {letter for run in comparison.runs for one in run.minutes for letter in one.marks}
    return ", ".join(sorted(map(words.clean, letters)))


def budget_steps(comparison: Comparison) -> tuple[Step, ...]:
    """What the time budget states, if any minutes of this comparison rest on it."""
    return minutes.shipped().step if any(run.minutes for run in comparison.runs) else ()


def margin_lines(comparison: Comparison) -> list[MarginLine]:
    """Every joint finding that was put to the vote."""
    return [_margin(run.regime, one) for run in comparison.runs for one in run.margins]


def _margin(regime: str, one: Margin) -> MarginLine:
    binding = "" if one.binding else ", as advice"
    return MarginLine(
        regime=words.clean(regime), finding=words.clean(one.finding),
        outcome=words.clean(one.outcome) + (binding if one.decided_s is not None else ""),
        put=words.clean(f"{words.moment(one.put_s)} by {one.by}"),
        votes=(*map(_voted, one.votes), *_silent(one)),
        decided="not adopted" if one.decided_s is None else words.moment(one.decided_s),
        deadline=words.moment(one.deadline_s),
        margin="none" if one.decided_s is None else margin_words(one.deadline_s - one.decided_s),
    )  # fmt: skip


def margin_words(left_s: float) -> str:
    """'2 min 17 s', '4 s past it'."""
    return words.duration(left_s) if left_s >= 0 else f"{words.duration(left_s)} past it"


def _voted(vote: Voted) -> str:
    said = {"yes": "signed", "close": "closed it"}.get(vote.choice, vote.choice)
    return words.clean(f"{vote.party} {said} {words.moment(vote.t_s)}")


def _silent(one: Margin) -> tuple[str, ...]:
    voted = {vote.party for vote in one.votes}
    return tuple(words.clean(f"{party} did not vote") for party in one.required if party not in voted)
