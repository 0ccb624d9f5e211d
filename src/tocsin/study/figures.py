"""Figures of a study, each with its interval: shares after Wilson, medians by order statistics, base rates.

Wilson, E. B. (1927), J. Am. Stat. Assoc. 22, 209. The interval of a median from order statistics assumes no shape:
David and Nagaraja, Order Statistics (2003), section 7.1. All at 95%.
"""

from collections.abc import Callable, Sequence
from math import inf, sqrt

from msgspec import Struct
from scipy.stats import binom

from tocsin.study.many import ALARM, BaseRate, Outcome, Study

Z95 = 1.959963984540054


class Share(Struct, frozen=True, kw_only=True):
    """`k` of `n` runs, and the interval of the probability behind it."""

    k: int
    n: int
    low: float
    high: float


class Median(Struct, frozen=True, kw_only=True):
    """Median of `n` times, seconds; a run in which it never happened counts as later than any. None: never."""

    n: int
    median: float | None
    low: float | None
    high: float | None


class Row(Struct, frozen=True, kw_only=True):
    """All runs of one case, point and regime."""

    case: str
    point: str
    regime: str
    tracked: Share
    explained: Share
    alarm: Share
    adopted: Share
    explained_away: Share
    explained_s: Median
    conference_s: Median


class Expected(Struct, frozen=True, kw_only=True):
    """Alarms of one party in the counted months under one regime and point: middle and interval."""

    regime: str
    point: str
    alarms: float
    low: float
    high: float
    counted: int | None


def wilson(k: int, n: int) -> Share:
    """Interval of a share. Any k of n, also 0 and n; n of at least 1."""
    middle = (k + Z95**2 / 2) / (n + Z95**2)
    half = Z95 / (n + Z95**2) * sqrt(k * (n - k) / n + Z95**2 / 4)
    return Share(k=k, n=n, low=0.0 if k == 0 else middle - half, high=1.0 if k == n else middle + half)


def median(values: Sequence[float | None]) -> Median:
    """Median and the pair of order statistics that holds it with at least 95%; None where that is 'never'."""
    times = sorted(inf if value is None else value for value in values)
    n = len(times)
    rank = int(binom.ppf(0.025, n, 0.5)) - 1  # counted from 0: P(the median lies below) is at most 2.5%
    low, high = (times[rank], times[n - 1 - rank]) if rank >= 0 else (-inf, inf)
    middle = times[n // 2] if n % 2 else (times[n // 2 - 1] + times[n // 2]) / 2
    return Median(n=n, median=_known(middle), low=_known(low), high=_known(high))


def _known(value: float) -> float | None:
    return value if abs(value) < inf else None


def rows(outcomes: Sequence[Outcome]) -> tuple[Row, ...]:
    """One row a case, point and regime, in the order in which they first come."""
    groups: dict[tuple[str, str, str], list[Outcome]] = {}
    for one in outcomes:
        groups.setdefault((one.case, one.point, one.regime), []).append(one)
    return tuple(_row(*names, group) for names, group in groups.items())


def _row(case: str, point: str, regime: str, group: list[Outcome]) -> Row:
    def share(holds: Callable[[Outcome], bool]) -> Share:
        return wilson(sum(holds(one) for one in group), len(group))

    return Row(
        case=case, point=point, regime=regime,
        tracked=share(lambda one: any(t is not None for t in one.tracked_s.values())),
        explained=share(lambda one: None not in one.explained_s.values()),
        alarm=share(lambda one: any(alarmed(one, party) for party in one.levels)),
        adopted=share(lambda one: one.adopted), explained_away=share(lambda one: bool(one.explained_away)),
        explained_s=median([_last(one) for one in group]),
        conference_s=median([sum(one.conference_s.values()) for one in group]),
    )  # fmt: skip


def _last(one: Outcome) -> float | None:
    times = list(one.explained_s.values())
    known = [t for t in times if t is not None]
    return max(known) if known and len(known) == len(times) else None


def alarmed(one: Outcome, party: str) -> bool:
    """Whether the party's ladder rose above a routine conference."""
    return any(level in ALARM for level in one.levels.get(party, ()))


def base_rates(study: Study, counted: BaseRate, outcomes: Sequence[Outcome]) -> tuple[Expected, ...]:
    """Alarms to expect where as many events come as were counted: sum over cases of their share times P(alarm).

    The number of events is the counted number of routine conferences, and the cases' weights are inputs: what is held
    against the count is the number of alarms under the regime of the time. The interval adds those of the cases.
    """
    weights = {one.scenario: one.weight for one in study.case}
    total = sum(weights.values())
    found = []
    for point in study.vary:
        for regime in study.regimes:
            some = [one for one in outcomes if one.point == point.label and one.regime == regime]
            sums = [0.0, 0.0, 0.0]
            for case, weight in weights.items():
                runs = [alarmed(one, counted.party) for one in some if one.case == case]
                if runs:
                    share = wilson(sum(runs), len(runs))
                    parts = (share.k / share.n, share.low, share.high)
                    sums = [a + counted.routine * weight / total * b for a, b in zip(sums, parts, strict=True)]
            known = counted.alarms if regime == counted.regime else None
            found.append(Expected(regime=regime, point=point.label, alarms=sums[0], low=sums[1], high=sums[2],
                                  counted=known))  # fmt: skip
    return tuple(found)
