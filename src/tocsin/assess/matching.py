"""How probable it is that a track is a notified launch, and the reasons in words.

Hypotheses about one track: it is the launch of notice k; it left the announced place in the announced time but is
another launch (imitation: an attacker reads notices too); it is a launch that nobody announced, anywhere. The second
and third together are "unexplained", and part of them may be aimed at what the officer protects. Posterior
probabilities by Bayes' rule with the densities of `compare` and the prior odds of `beliefs`.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tocsin.assess import compare
from tocsin.assess.beliefs import DEFAULT_BELIEFS, Beliefs
from tocsin.assess.classes import normal_cdf
from tocsin.assess.flights import Flight, flight, ground
from tocsin.assess.notifications import Denial, Notice
from tocsin.assess.region import area_km2, distance_km, probability_inside
from tocsin.fuse import CommonTrack
from tocsin.wire.bodies import Explanation
from tocsin.wire.values import Area
from tocsin.world.time import clock_text

_NS = 1e9
_US = 1_000
_DAY_S = 86_400.0
_YEAR_S = 365.25 * _DAY_S
_SHOWN = 8
_WORTH_SHOWING = 0.001
_REASONS_MAX = 12


@dataclass(frozen=True, slots=True)
class _Weighed:
    """One notice: weight of "it is this launch", of "it imitates this launch", and the reasons."""

    notice: Notice
    itself: float
    imitation: float
    reasons: tuple[str, ...]


def match(
    track: CommonTrack | Flight,
    notices: Sequence[Notice],
    as_of_tai_ns: int,
    *,
    available: Callable[[Notice], bool] | None = None,
    others: Sequence[Flight] = (),
    denials: Sequence[Denial] = (),
    protected: Sequence[Area] = (),
    beliefs: Beliefs = DEFAULT_BELIEFS,
) -> tuple[Explanation, ...]:
    """Explanations of a track, the likeliest first; their probabilities sum to one, "unexplained" among them.

    `available`: whether the officer has a notice before him (all, if None); one that went to another office or that
    nobody read does not explain anything to him. `others`: flights of the other tracks, against the number of
    objects announced. `protected`: the officer's own areas; an unexplained launch may be aimed at them, a notified
    one is not, unless its announced impact area says so. Notices that were cancelled or retracted by `as_of_tai_ns`
    count as careless ones.
    """
    known = track if isinstance(track, Flight) else flight(track)
    usable = [notice for notice in notices if available is None or available(notice)]
    harmless = _harmless(known, protected, beliefs)
    weighed = [_weigh(known, notice, as_of_tai_ns, others, beliefs, harmless) for notice in usable]
    aimed = _aimed(known, protected, beliefs)
    nobody = aimed * beliefs.unannounced_per_year / _YEAR_S / beliefs.unannounced_area_km2
    total = nobody + math.fsum(w.itself + aimed * w.imitation for w in weighed)
    ranked = sorted(weighed, key=lambda w: (-w.itself, w.notice.identifier, w.notice.party))
    shown = [
        Explanation(
            what="known-object" if w.notice.announcement.format == "deorbit" else "notified-launch",
            probability=min(w.itself / total, 1.0),
            reasons=w.reasons[:_REASONS_MAX],
            identifier=w.notice.identifier,
        )
        for w in ranked[:_SHOWN]
        if w.itself / total >= _WORTH_SHOWING
    ]
    rest = max(1.0 - math.fsum(e.probability for e in shown), 0.0)
    unexplained = Explanation(
        what="unexplained", probability=rest, reasons=_why_unexplained(known, ranked, notices, usable, denials)
    )
    return tuple(sorted([*shown, unexplained], key=lambda e: -e.probability))


def explained(explanations: Sequence[Explanation]) -> float:
    """Probability that some explanation other than "unexplained" holds."""
    return min(math.fsum(e.probability for e in explanations if e.what != "unexplained"), 1.0)


def _aimed(known: Flight, protected: Sequence[Area], beliefs: Beliefs) -> float:
    """Density of the predicted impact if some launches are aimed, to that of an impact anywhere within reach."""
    if known.boosting or known.impact is None or not protected:
        return 1.0
    point = ground(known.impact, beliefs.impact_slack_km)
    reach = compare.reach_km2(known, point, beliefs)
    aimed = math.fsum(probability_inside(point, area) for area in protected)
    return 1.0 - beliefs.aimed + beliefs.aimed * aimed * reach / math.fsum(max(area_km2(a), 1.0) for a in protected)


def _harmless(known: Flight, protected: Sequence[Area], beliefs: Beliefs) -> float:
    """Factor for "it is the announced launch, and so harmless": what falls on us is not, whatever was announced."""
    if known.boosting or known.impact is None or not protected:
        return 1.0
    point = ground(known.impact, beliefs.impact_slack_km)
    return max(1.0 - math.fsum(probability_inside(point, area) for area in protected), beliefs.careless)


def _weigh(
    known: Flight, notice: Notice, as_of_ns: int, others: Sequence[Flight], beliefs: Beliefs, harmless: float
) -> _Weighed:
    """Weights per second and square kilometre, in the units of the background's rate."""
    body = notice.announcement
    deorbit = body.format == "deorbit"
    where = (compare.landing if deorbit else compare.place)(known, body, beliefs)
    end = known.impact if deorbit else known.launch
    if where is None or end is None:
        return _Weighed(notice, 0.0, 0.0, ("the notice gives no place that could be compared",))
    when, chance_time, other_time = _time(end.t_tai_ns, end.time_sigma_s, notice, beliefs)
    objects = float(body.objects or 1)
    rate = where[0] * beliefs.happens * objects
    figures = [] if deorbit else compare.figures(known, body, beliefs)
    itself = harmless * rate * chance_time * math.prod(ratio for ratio, _ in figures)
    reasons = [where[1], when, *(words for _, words in figures)]
    stage = notice.stage(as_of_ns)
    if stage in ("cancelled", "retracted"):
        itself *= beliefs.careless
        reasons.append(f"the notice was {stage}" + (f": {notice.because}" if notice.because else ""))
    earlier = _launches_before(known, notice, others, beliefs)
    if earlier >= objects:
        itself *= beliefs.extra_object ** (1 + earlier - int(objects))
        reasons.append(f"{earlier} launches from there before this one, {int(objects)} announced")
    reasons.extend(notice.problems)
    return _Weighed(notice, itself, rate * other_time * beliefs.imitation, tuple(reasons))


def _time(t_ns: int, sigma_s: float, notice: Notice, beliefs: Beliefs) -> tuple[str, float, float]:
    """(words, density 1/s if the notice is meant, density for an imitation) of a launch time."""
    window, actual = notice.window, notice.actual_t_tai_ns
    sigma = math.hypot(sigma_s, beliefs.time_slack_s)
    clock = f"launched about {clock_text(t_ns)}"
    if window is not None:
        start, end = window.start_tai_us * _US, window.end_tai_us * _US
        length = max((end - start) / _NS, 60.0)
        inside = normal_cdf((end - t_ns) / _NS / sigma) - normal_cdf((start - t_ns) / _NS / sigma)
        late = max((start - t_ns) / _NS, (t_ns - end) / _NS, 0.0)
        outside = math.exp(-late / _DAY_S) / (length + 2.0 * _DAY_S)
        meant = (1.0 - beliefs.careless) * inside / length + beliefs.careless * outside
        other = inside / length + (1.0 - inside) * outside
        words = f"{clock}, inside the announced window" if late == 0.0 else _off(clock, t_ns < start, late)
    elif actual is not None:
        meant, other, words = 0.0, 1.0 / _DAY_S, clock
    else:
        return f"{clock}; the notice gives no window", 1.0 / (30.0 * _DAY_S), 1.0 / (30.0 * _DAY_S)
    if actual is not None:
        apart = abs(t_ns - actual) / _NS
        bell = math.exp(-0.5 * (apart / sigma) ** 2) / (math.sqrt(2.0 * math.pi) * sigma)
        meant = (1.0 - beliefs.careless) * bell + beliefs.careless * meant
        other = max(other, (1.0 - beliefs.careless) * bell)  # who hides behind his own notice reports his launch, too
        words = f"{clock}; its launch at {clock_text(actual)} was reported, {apart:.0f} s apart"
    return words, meant, other


def _off(clock: str, before: bool, late_s: float) -> str:
    amount = f"{late_s / 60.0:.0f} min" if late_s < 7_200.0 else f"{late_s / 3_600.0:.0f} h"
    return f"{clock}, {amount} {'before' if before else 'after'} the announced window"


def _launches_before(known: Flight, notice: Notice, others: Sequence[Flight], beliefs: Beliefs) -> int:
    """How many separate launches from the announced area, in its window, precede this one."""
    area, window = notice.announcement.launch_area, notice.window
    if area is None or window is None or known.launch is None:
        return 0
    times: list[int] = []
    for other in others:
        launch = other.launch
        if launch is None or other.track.id == known.track.id or launch.t_tai_ns >= known.launch.t_tai_ns:
            continue
        sigma_km = math.sqrt(float(launch.covariance_en_m2.trace())) / 1e3
        inside = window.start_tai_us * _US <= launch.t_tai_ns <= window.end_tai_us * _US
        if inside and distance_km(area, launch.latitude_deg, launch.longitude_deg) <= 2.0 * sigma_km:
            times.append(launch.t_tai_ns)
    separate = 0
    last = known.launch.t_tai_ns
    for t_ns in sorted(times, reverse=True):
        if (last - t_ns) / _NS > beliefs.same_launch_s:
            separate, last = separate + 1, t_ns
    return separate


def _why_unexplained(
    known: Flight,
    ranked: Sequence[_Weighed],
    notices: Sequence[Notice],
    usable: Sequence[Notice],
    denials: Sequence[Denial],
) -> tuple[str, ...]:
    """What speaks against every notice: the nearest one's reasons, and who denies having launched."""
    reasons: list[str] = []
    if known.launch is None:
        reasons.append("no launch point can be worked out from the track")
    if not usable:
        reasons.append("no launch notification is before the officer" if notices else "no launch notification is known")
    elif ranked and ranked[0].itself > 0.0:
        nearest = ranked[0]
        reasons.append(f"nearest notification {nearest.notice.identifier}: {nearest.reasons[0]}")
    said = [denial.party for denial in denials if _covers(denial, known)]
    reasons.extend(f"{party} states that it launched nothing there and then" for party in said)
    return tuple(reasons[:_REASONS_MAX])


def _covers(denial: Denial, known: Flight) -> bool:
    launch, window = known.launch, denial.statement.window
    if launch is None or not window.start_tai_us * _US <= launch.t_tai_ns <= window.end_tai_us * _US:
        return False
    return distance_km(denial.statement.area, launch.latitude_deg, launch.longitude_deg) == 0.0
