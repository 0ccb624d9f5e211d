"""The three instants at which pictures are compared, and what a side's picture was then."""

from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.study.results import Comparison, Estimate, RegimeRun, Side

ACQUISITION_DELAY_S = 30.0
TOLERANCE_S = 20.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """An instant of comparison; `key` names its style in the figures."""

    key: str
    title: str


ACQUISITION = Moment(key="acquisition", title="30 s after first track")
APOGEE = Moment(key="apogee", title="at apogee")
LAST = Moment(key="last", title="last picture")
MOMENTS = (ACQUISITION, APOGEE, LAST)


def apogee_s(comparison: Comparison) -> float:
    """Time of the highest true point, seconds after launch."""
    return max(comparison.truth, key=lambda p: p.height_km).t_s if comparison.truth else 0.0


def nearest(estimates: Sequence[Estimate], t_s: float) -> Estimate | None:
    """The picture closest to `t_s`, or None if there is none within 20 s."""
    best = min(estimates, key=lambda e: abs(e.t_s - t_s), default=None)
    return best if best is not None and abs(best.t_s - t_s) <= TOLERANCE_S else None


def estimate_at(side: Side, moment: Moment, apogee_time_s: float) -> Estimate | None:
    """What the side's picture said at the moment, or None if it had no picture then."""
    if not side.estimates or side.tracked_s is None:
        return None
    if moment is LAST:
        return side.estimates[-1]
    target = side.tracked_s + ACQUISITION_DELAY_S if moment is ACQUISITION else apogee_time_s
    return nearest(side.estimates, target)


def parties(comparison: Comparison) -> tuple[str, ...]:
    """All parties, in order of first appearance; the place in this tuple chooses colour, hatch and dash."""
    names = [side.party for run in comparison.runs for side in run.sides]
    names += [sensor.party for sensor in comparison.sensors]
    return tuple(dict.fromkeys(names))


def side_of(run: RegimeRun, party: str) -> Side | None:
    """The party's side in this run, if it took part."""
    return next((side for side in run.sides if side.party == party), None)


def horizon_s(comparison: Comparison) -> float:
    """End of the common time axis: after the fall, the last conference and the last decision."""
    ends = [comparison.flight_s, *(run.decision_s for run in comparison.runs if run.decision_s is not None)]
    ends += [step.to_s for run in comparison.runs for side in run.sides for step in side.conference]
    return max(*ends, 60.0) * 1.02


def picture_source(run: RegimeRun, side: Side) -> str:
    """Where a side's picture comes from: own sensors alone, or with the partner's statements."""
    others = [other for other in run.sides if other.party != side.party]
    received = any("track" in kind and n for other in others for kind, n in other.disclosed.items())
    if not received:
        return "own"
    return "joint" if run.pictures_agree else "own and partner"


def flew(comparison: Comparison) -> bool:
    """Whether there was an object at all: a tape or a sensor's fault has no flight to hold pictures against."""
    return comparison.flight_s > 0.0
