"""A proposed assessment on its three separate axes, in words for an officer. It proposes nothing and binds nobody."""

from collections.abc import Sequence

from tocsin.assess.flights import Flight, uncertainty_km
from tocsin.assess.ladder import percent, position_words
from tocsin.assess.matching import explained
from tocsin.wire.bodies import Assessment, Confidence, Explanation, SiteReport
from tocsin.world.time import clock_text

_NS = 1_000_000_000


def confidence(flight: Flight) -> Confidence:
    """How sure it is that the object exists and moves as described; says nothing of what it is.

    high: two parties' sensors agree, or one has followed it for two minutes; medium: existence above 0.9 and the
    track at least 20 s old; low: existence above one half; none: less, or nobody has seen it for ten minutes.
    """
    track = flight.track
    age_s = (track.updated_t_tai_ns - track.first_t_tai_ns) / _NS
    if track.stale or track.existence < 0.5:
        return "none"
    if track.existence < 0.9 or age_s < 20.0:
        return "low"
    return "high" if len(track.parties) > 1 or age_s >= 120.0 else "medium"


def assessment(
    flight: Flight,
    explanations: Sequence[Explanation],
    officer: str,
    site_report: SiteReport = "valid",
    text: str = "",
) -> Assessment:
    """The assessment that the picture and the notices suggest, under the event's id (the common track's)."""
    return Assessment(
        event=flight.track.id,
        site_report=site_report,
        confidence=confidence(flight) if site_report != "anomalous" else "none",
        explanations=tuple(explanations),
        officer=officer,
        text=text or words(flight, explanations),
    )


def words(flight: Flight, explanations: Sequence[Explanation]) -> str:
    """One paragraph that a watch officer can read aloud."""
    parts = []
    if flight.launch is not None:
        at = position_words(flight.launch)
        size = uncertainty_km(flight.launch)
        parts.append(f"Launch about {clock_text(flight.launch.t_tai_ns)} {at}, +/- {size:.0f} km.")
    if flight.boosting:
        parts.append("Engine burning: no impact can be predicted yet.")
    elif flight.impact is not None:
        at = position_words(flight.impact)
        size = uncertainty_km(flight.impact)
        parts.append(f"Predicted impact {clock_text(flight.impact.t_tai_ns)} {at}, +/- {size:.0f} km (no drag).")
    else:
        parts.append("No impact predicted within three hours.")
    if flight.apogee_km is not None and not flight.boosting:
        parts.append(f"Apogee {flight.apogee_km:.0f} km.")
    parts.append(f"{likelihood_word(explained(explanations))} explained.")
    best = max(explanations, key=lambda e: e.probability)
    if best.what != "unexplained":
        parts.append(f"{best.identifier}: {percent(best.probability)}; {'; '.join(best.reasons)}.")
    elif best.reasons:
        parts.append(f"{best.reasons[0][:1].upper()}{best.reasons[0][1:]}.")
    return " ".join(parts)


def likelihood_word(probability: float) -> str:
    """Words for officers; the numbers stay beside them for analysts."""
    bounds = ((0.95, "Almost certainly"), (0.8, "Very likely"), (0.55, "Likely"), (0.45, "As likely as not"))
    for bound, word in bounds:
        if probability >= bound:
            return word
    return "Unlikely to be" if probability >= 0.05 else "Not"
