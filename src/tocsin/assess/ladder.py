"""A party's national ladder: which level the rules propose for an event, and why. People decide.

After NORAD's practice of displaying first, then assessing a threat (facts of 1979 and 1980 in docs/statements.md).
`attack` is never proposed: there is no rule for it, and a level that people have set that high is theirs to lower.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tocsin.assess.airways import airway, airway_words, nearing
from tocsin.assess.flights import Flight, ground, uncertainty_km
from tocsin.assess.matching import explained
from tocsin.assess.region import probability_inside
from tocsin.assess.seen import seen_s
from tocsin.wire.bodies import Conference, ConferenceLevel, Explanation
from tocsin.wire.values import Area
from tocsin.world.time import clock_text

_LINE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """When the rules propose a step. Assumed values [I], the same for every party in a comparison."""

    existence: float = 0.9
    """Below it a track is shown to analysts and calls nobody: radars make false tracks."""

    explained: float = 0.95
    """From here on a known cause is enough to stand down: an officer would say "almost certain"."""

    threat: float = 0.05
    """Chance of an impact in an own protected area from which a threat is proposed. Low on purpose: early ellipses
    are hundreds of kilometres wide, and the warning time that is lost by waiting does not come back."""

    seen_s: float = 15.0
    """So long an object must have been seen, from its first statement on, before a threat is proposed of it: thousands
    of tracks begin in a day, and the first velocities of some are three sigma off. [I]"""

    outside: float = 0.99
    """Chance that the impact lies outside all own protected areas at which an event stops being a threat."""

    impact_slack_km: float = 15.0
    """Sigma added to a predicted impact for what the forecast leaves out: wind, lift, manoeuvres. Drag and the rest of
    a burn are in its ellipse already (`world.forecast`). [I]"""


DEFAULT_THRESHOLDS = Thresholds()


@dataclass(frozen=True, slots=True)
class Danger:
    """What a flight means for one's own protected areas. `probability` is of an impact in any of them.

    `area` and `seconds_left` are of the likeliest one, None where no impact is predicted or none can lie there.
    """

    probability: float
    area: str | None
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Step:
    """A proposed level with its reason in words for an officer, and what it rests on."""

    level: ConferenceLevel
    reason: str
    danger: Danger

    def record(self, event: str, officer: str) -> Conference:
        """The step as a statement of the person who takes it."""
        return Conference(event=event, level=self.level, reason=self.reason[:_LINE], officer=officer)


@dataclass(frozen=True, slots=True)
class AreaDanger:
    """What a flight means for one protected area: chance of an impact in it, seconds until then, and their sigma."""

    area: str
    probability: float
    seconds_left: float
    sigma_s: float


def impact_probability(flight: Flight, area: Area, slack_km: float = DEFAULT_THRESHOLDS.impact_slack_km) -> float:
    """Probability that a flight comes down in an area; nought where no impact is predicted."""
    if flight.impact is None:
        return 0.0
    return flight.comes_down * probability_inside(ground(flight.impact, slack_km), area)


def danger(
    flight: Flight, protected: Mapping[str, Area], as_of_tai_ns: int, thresholds: Thresholds = DEFAULT_THRESHOLDS
) -> Danger:
    """Probability of an impact in one's own protected areas (summed, at most one), the likeliest and the time left."""
    found = area_dangers(flight, protected, as_of_tai_ns, thresholds)
    if not found:
        return Danger(0.0, None, None)
    return Danger(min(math.fsum(one.probability for one in found), 1.0), found[0].area, found[0].seconds_left)


def area_dangers(
    flight: Flight, protected: Mapping[str, Area], as_of_tai_ns: int, thresholds: Thresholds = DEFAULT_THRESHOLDS
) -> tuple[AreaDanger, ...]:
    """Every protected area with the chance of an impact in it and the time left, the likeliest first; none where no
    impact is predicted."""
    if flight.impact is None:
        return ()
    left_s = (flight.impact.t_tai_ns - as_of_tai_ns) / 1e9
    chances = {name: impact_probability(flight, protected[name], thresholds.impact_slack_km) for name in protected}
    order = sorted(chances, key=lambda name: (-chances[name], name))
    return tuple(AreaDanger(name, chances[name], left_s, flight.impact.time_sigma_s) for name in order)


def time_to_protected_area(
    flight: Flight, protected: Mapping[str, Area], as_of_tai_ns: int, thresholds: Thresholds = DEFAULT_THRESHOLDS
) -> float | None:
    """Seconds until the predicted impact if it threatens a protected area, else None."""
    found = danger(flight, protected, as_of_tai_ns, thresholds)
    return found.seconds_left if found.probability >= thresholds.threat else None


def conference_step(
    flight: Flight,
    explanations: Sequence[Explanation],
    protected: Mapping[str, Area],
    as_of_tai_ns: int,
    current: ConferenceLevel = "none",
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
) -> Step:
    """The level that the rules propose now for an event whose level is `current`.

    In order: people's `attack` stays; explained well enough: none; hardly there: none; flying as aircraft do:
    displayed where it comes near an own area; impact in an own area not unlikely: threat, once it was seen for a
    while; a threat stays until the impact lies outside with near certainty; anything else unexplained is displayed,
    until it is over.
    """
    known = explained(explanations)
    found = danger(flight, protected, as_of_tai_ns, thresholds)
    if current == "attack":
        return Step("attack", "set by people, who alone lower it", found)
    if known >= thresholds.explained and not _in_doubt(found, explanations, thresholds):
        return Step("none", _because(explanations), found)
    if flight.track.existence < thresholds.existence:
        return Step("none", f"probability {flight.track.existence:.2f} that there is an object at all", found)
    if flight.carried:
        return _in_the_air(flight, protected, current, found)
    if _over(flight, as_of_tai_ns):
        return Step("none", "the flight is over", found)
    if flight.may_burn:
        state = "engine burning" if flight.boosting else "engine out, another stage may follow"
        return Step("threat" if current == "threat" else "display", f"{_launch_words(flight)}, {state}", found)
    if flight.impact is None:
        return Step("display", "object that stays up: no impact within three hours", found)
    if found.probability >= thresholds.threat:
        sight_s = seen_s(flight.track)
        if sight_s < thresholds.seen_s and current != "threat":
            short = f"; seen for {sight_s:.0f} s, which is too short to propose a threat"
            return Step("display", _threat_words(found, flight, known) + short, found)
        return Step("threat", _threat_words(found, flight, known), found)
    if found.probability <= 1.0 - thresholds.outside or not protected:
        return Step("display", _outside_words(found, flight, known), found)
    level: ConferenceLevel = "threat" if current == "threat" else "display"
    return Step(level, _threat_words(found, flight, known), found)


def _in_the_air(flight: Flight, protected: Mapping[str, Area], current: ConferenceLevel, found: Danger) -> Step:
    """No impact can be foretold for what the air carries, and by radar alone a cruise missile is no different from an
    airliner: it is shown where it comes near, and what people have called a threat stays one."""
    way = airway(flight.track)
    near = nearing(way, protected)
    level: ConferenceLevel = "threat" if current == "threat" else "none" if near is None else "display"
    return Step(level, airway_words(way, near), found)


def _in_doubt(found: Danger, explanations: Sequence[Explanation], thresholds: Thresholds) -> bool:
    """An impact in an own area is not unlikely, and what explains it rests on words: people lower that, no rule does.

    Only what one's own sensors show to be no object at all (`sensor-fault`) may stand against a predicted impact.
    """
    words = explained(explanations) - sum(e.probability for e in explanations if e.what == "sensor-fault")
    return found.probability >= thresholds.threat and words > 1.0 - thresholds.explained


def _over(flight: Flight, as_of_ns: int) -> bool:
    """Ended by those who tracked it, or its predicted impact has passed by more than its uncertainty."""
    if flight.impact is None or flight.boosting:
        return flight.track.ended and flight.impact is not None
    return as_of_ns > flight.impact.t_tai_ns + int((30.0 + 2.0 * min(flight.impact.time_sigma_s, 600.0)) * 1e9)


def _because(explanations: Sequence[Explanation]) -> str:
    best = max((e for e in explanations if e.what != "unexplained"), key=lambda e: e.probability)
    detail = f": {best.reasons[0]}" if best.reasons else ""
    return f"explained as {best.what.replace('-', ' ')} {best.identifier}".rstrip() + detail


def _launch_words(flight: Flight) -> str:
    if flight.launch is None:
        return "unexplained object"
    launch = flight.launch
    return f"unexplained launch about {clock_text(launch.t_tai_ns)} {position_words(launch)}"


def _threat_words(found: Danger, flight: Flight, known: float) -> str:
    when = "" if flight.impact is None else f", impact about {clock_text(flight.impact.t_tai_ns)}"
    chance = percent(found.probability)
    return f"{chance} chance of an impact in {found.area}{when}, and {percent(1.0 - known)} unexplained"


def _outside_words(found: Danger, flight: Flight, known: float) -> str:
    if flight.impact is None:
        return _launch_words(flight)
    size = uncertainty_km(flight.impact)
    where = f"predicted impact {position_words(flight.impact)}, +/- {size:.0f} km"
    if found.area is None:
        return f"{_launch_words(flight)}; {where}"
    return f"{where}: outside all protected areas ({percent(found.probability)}), {percent(1.0 - known)} unexplained"


def position_words(end: object) -> str:
    """'near 69.3 N 16.0 E'."""
    latitude, longitude = float(getattr(end, "latitude_deg", 0.0)), float(getattr(end, "longitude_deg", 0.0))
    north, east = "N" if latitude >= 0.0 else "S", "E" if longitude >= 0.0 else "W"
    return f"near {abs(latitude):.1f} {north} {abs(longitude):.1f} {east}"


def percent(probability: float) -> str:
    """'12 %'; the ends are never rounded to certainty."""
    if 0.0 < probability < 0.01:
        return "< 1 %"
    if 0.99 < probability < 1.0:
        return "> 99 %"
    return f"{100.0 * probability:.0f} %"
