"""Causes of an event other than a notified launch, each with its odds against "a launch that nobody announced".

Known objects in orbit or falling out of it, late echoes of them (range ambiguity), hazard and exercise notices of other
parties, exercise data on the lines, sites that count something else than the summary shows. `with_causes` puts them
among the explanations of `match`; everything still sums to one and "unexplained" is never left out.

What another party merely says is bounded: alone it never reaches the certainty at which an officer stands down, and an
object that may come down on what the officer protects is not explained by words at all (`Causes.words_limit`,
`danger_limit`). Numbers are assumptions, marked [I].
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tocsin.assess.flights import Flight, ground
from tocsin.assess.region import area_km2, probability_inside
from tocsin.assess.voices import NS_PER_S, NS_PER_US, Entry, Place, Voice, standing_voices
from tocsin.wire.bodies import Explanation
from tocsin.wire.messages import ExerciseNotice, HazardNotice
from tocsin.wire.talk import SiteCheck
from tocsin.wire.values import Area
from tocsin.world.time import clock_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Causes:
    """What the odds rest on."""

    hazard: float = 3.0
    """Odds at the very most that a launch into an announced hazard area and time is what it warns of: the notice names
    no vehicle, and an attacker reads notices. [I]"""

    exercise: float = 1.0
    """The same for a launch out of an announced exercise that speaks of launches. [I]"""

    test_data: float = 30.0
    """Odds that what appears while simulated data are announced on warning systems is such data. [I]"""

    site_denies: float = 300.0
    """Odds of a fault where the site itself counts fewer objects than the summary shows for it, by direct line: of the
    four cases of 1979 and 1980 all were faults. [I]"""

    site_by_voice: float = 60.0
    """The same where somebody asked by telephone. [I]"""

    words_limit: float = 10.0
    """Another party's words alone never weigh more than this: below the 0.95 at which an officer stands down. [I]"""

    danger_limit: float = 0.02
    """Chance of an impact on protected areas above which words explain nothing. [I]"""

    stale_s: float = 900.0
    """A site's count is about its own time; older ones say nothing. [I]"""


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause: odds against an unannounced launch, the wording, and the entry it rests on (None: own computation)."""

    odds: float
    explanation: Explanation
    place: Place | None = None


def stated_causes(
    one: Flight,
    entries: Iterable[Entry],
    as_of_tai_ns: int,
    *,
    protected: Sequence[Area] = (),
    numbers: Causes | None = None,
) -> tuple[Cause, ...]:
    """What parties' own statements say about an event.

    A party's site checks and test data count for tracks that rest on that party's statements alone: who sees the object
    with own sensors is not talked out of it.
    """
    rules = numbers or Causes()
    kinds = frozenset({"hazard-notice", "exercise-notice", "site-check"})
    found: list[Cause] = []
    for voice in standing_voices(entries, kinds):
        made = None
        if isinstance(voice.body, HazardNotice):
            made = _hazard(one, voice, voice.body, protected, rules)
        elif isinstance(voice.body, ExerciseNotice):
            made = _exercise(one, voice, voice.body, protected, rules)
        elif isinstance(voice.body, SiteCheck):
            made = _site(one, voice, voice.body, as_of_tai_ns, rules)
        found += [made] if made else []
    return tuple(found)


def with_causes(
    explanations: Sequence[Explanation], causes: Sequence[Cause], numbers: Causes | None = None
) -> tuple[Explanation, ...]:
    """Explanations with the causes among them, likeliest first, summing to one. Causes compete with "unexplained".

    Of several causes with one name (`what` and identifier) the weightiest is kept: repeated words are no new evidence.
    """
    best: dict[tuple[str, str], Cause] = {}
    for cause in causes:
        key = (cause.explanation.what, cause.explanation.identifier)
        if cause.odds > 0.0 and (key not in best or cause.odds > best[key].odds):
            best[key] = cause
    best = _limited(best, numbers or Causes())
    open_share = math.fsum(e.probability for e in explanations if e.what == "unexplained")
    total = 1.0 + open_share * math.fsum(cause.odds for cause in best.values())
    scaled = [_weighed(e, e.probability / total) for e in explanations]
    scaled += [_weighed(cause.explanation, min(cause.odds * open_share / total, 1.0)) for cause in best.values()]
    return tuple(sorted(scaled, key=lambda e: -e.probability))


def _limited(best: dict[tuple[str, str], Cause], rules: Causes) -> dict[tuple[str, str], Cause]:
    """What parties merely say is limited in sum: ten notices under ten numbers weigh no more than one."""
    said = {key: cause for key, cause in best.items() if key[0] == "partner-statement"}
    total = math.fsum(cause.odds for cause in said.values())
    if total <= rules.words_limit:
        return best
    share = rules.words_limit / total
    return best | {key: Cause(cause.odds * share, cause.explanation, cause.place) for key, cause in said.items()}


def _weighed(one: Explanation, probability: float) -> Explanation:
    return Explanation(what=one.what, probability=probability, reasons=one.reasons, identifier=one.identifier)


def _in_danger(one: Flight, protected: Sequence[Area], rules: Causes) -> bool:
    if one.boosting or one.impact is None:
        return bool(protected)  # nobody knows yet where it goes
    point = ground(one.impact, 30.0)
    return math.fsum(probability_inside(point, area) for area in protected) > rules.danger_limit


def _hazard(one: Flight, voice: Voice, body: HazardNotice, protected: Sequence[Area], rules: Causes) -> Cause | None:
    """The object comes down in an area, at a time, that somebody had warned of."""
    if one.boosting or one.impact is None or _in_danger(one, protected, rules):
        return None
    inside = probability_inside(ground(one.impact, 30.0), body.area)
    if not _within(one.impact.t_tai_ns, body.window.start_tai_us, body.window.end_tai_us) or inside < 0.05:
        return None
    small = min(1.0, 1e6 / max(area_km2(body.area), 1.0))  # a warning over half an ocean fits everything
    words = (
        f"predicted impact {clock_text(one.impact.t_tai_ns)} lies with probability {inside:.2f} in the area of hazard"
        f" notice {body.number}" + ("" if body.nature != "withheld" else ", which does not say what the hazard is"),
    )
    odds = min(rules.hazard * inside * small, rules.words_limit)
    return Cause(odds, wording("partner-statement", words, body.number), voice.place)


def _exercise(
    one: Flight, voice: Voice, body: ExerciseNotice, protected: Sequence[Area], rules: Causes
) -> Cause | None:
    """An announced exercise: simulated data on the lines of its author, or launches that it speaks of."""
    t_ns = one.track.first_t_tai_ns
    if not _within(t_ns, body.window.start_tai_us, body.window.end_tai_us):
        return None
    if body.simulated_data and _alone(one, voice.party):
        words = (f"{voice.party} announced simulated data on its warning systems: {body.name}",)
        # No limit by danger: on a tape anything may be heading anywhere. Only its author's own data are doubted.
        odds = min(rules.test_data, rules.words_limit)
        return Cause(odds, wording("exercise-data", words, body.name), voice.place)
    if not body.launches or one.launch is None or _in_danger(one, protected, rules):
        return None
    inside = probability_inside(ground(one.launch, 30.0), body.area)
    words = (f"launch point in the area of exercise {body.name} with probability {inside:.2f}, which speaks of "
             f"{body.launches} launches",)  # fmt: skip
    odds = min(rules.exercise * inside, rules.words_limit)
    return Cause(odds, wording("partner-statement", words, body.name), voice.place) if inside >= 0.05 else None


def _site(one: Flight, voice: Voice, body: SiteCheck, as_of_ns: int, rules: Causes) -> Cause | None:
    """Raw counts against the summary: the site itself does not hold what is shown for it."""
    age_s = (as_of_ns - body.t_tai_us * NS_PER_US) / NS_PER_S
    about = body.event in (one.track.id, *one.track.aliases) if body.event else True
    if not about or not 0.0 <= age_s <= rules.stale_s or not _alone(one, voice.party):
        return None
    if body.t_tai_us * NS_PER_US < one.track.first_t_tai_ns:
        return None
    short = body.displayed is not None and body.counted < body.displayed
    if not (body.test_data or body.site_report == "anomalous" or short):
        return None
    how = "directly connected" if body.means == "direct-line" else "asked by voice"
    counts = f"counts {body.counted}" + ("" if body.displayed is None else f", the summary shows {body.displayed}")
    words = [f"{body.site}, {how}, {counts} at {clock_text(body.t_tai_us * NS_PER_US)}"]
    if body.test_data:
        words.append("test data run on its lines")
    if body.site_report == "anomalous":
        words.append("the site calls its own data anomalous")
    odds = rules.site_denies if body.means == "direct-line" else rules.site_by_voice
    what = "exercise-data" if body.test_data else "sensor-fault"
    return Cause(odds, wording(what, tuple(words), body.site), voice.place)


def _alone(one: Flight, party: str) -> bool:
    """Whether the track rests on one party's statements."""
    return tuple(one.track.parties) == (party,)


def _within(t_ns: int, start_us: int, end_us: int) -> bool:
    return start_us * NS_PER_US <= t_ns <= end_us * NS_PER_US


def wording(what: str, reasons: tuple[str, ...], identifier: str) -> Explanation:
    """An explanation that is still to be weighed."""
    return Explanation(what=what, probability=0.0, reasons=reasons, identifier=identifier)  # type: ignore[arg-type]
