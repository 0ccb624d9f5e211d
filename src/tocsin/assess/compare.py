"""One figure of a flight against one figure of a notice: a likelihood ratio, and the reason in words.

Each function answers with (ratio, words). The ratio is of the density of what was observed if the flight is the
notified one, to its density for any other launch from there. 1 means that it tells nothing; where either side
leaves the figure out, there is no answer at all.
"""

import math

from tocsin.assess.beliefs import Beliefs
from tocsin.assess.classes import classify, normal_cdf
from tocsin.assess.flights import Flight, ground, uncertainty_km
from tocsin.assess.region import GroundPoint, area_km2, contains, density_per_km2, distance_km, probability_inside
from tocsin.wire.bodies import Notification

Finding = tuple[float, str]
_APOGEE_LOG_SPAN = math.log(2_000.0 / 100.0)


def figures(flight: Flight, notice: Notification, beliefs: Beliefs) -> list[Finding]:
    """Every comparison that flight and notice allow."""
    answers = [direction(flight, notice, beliefs)]
    if not flight.boosting:
        answers += [apogee(flight, notice, beliefs), vehicle(flight, notice), impact(flight, notice, beliefs)]
    return [((1.0 - beliefs.careless) * answer[0] + beliefs.careless, answer[1]) for answer in answers if answer]


def direction(flight: Flight, notice: Notification, beliefs: Beliefs) -> Finding | None:
    """Azimuth: evenly spread over the stated tolerance, blurred by what we know; else anywhere on the compass."""
    stated, seen = notice.azimuth_deg, flight.azimuth_deg
    if stated is None or seen is None:
        return None
    tolerance = notice.azimuth_tolerance_deg
    half = max(beliefs.azimuth_default_tolerance_deg if tolerance is None else tolerance, 0.5)
    sigma = math.hypot(flight.azimuth_sigma_deg, beliefs.azimuth_slack_deg)
    apart = (seen - stated + 180.0) % 360.0 - 180.0
    blur = 2.0 * flight.azimuth_sigma_deg
    words = f"direction {seen:03.0f} deg +/- {blur:.0f}, announced {stated:03.0f} +/- {half:.0f}"
    if sigma > 90.0:
        return 1.0, words + ": not known well enough to tell"
    chance = sum(
        normal_cdf((apart + turn + half) / sigma) - normal_cdf((apart + turn - half) / sigma) for turn in (-360, 0, 360)
    )
    agrees = abs(apart) <= half + 2.0 * sigma
    return 360.0 * chance / (2.0 * half), words + (": agrees" if agrees else f": off by {abs(apart):.0f} deg")


def apogee(flight: Flight, notice: Notification, beliefs: Beliefs) -> Finding | None:
    """Apogee: the stated one within a tenth; else anything from 100 to 2,000 km, evenly in its logarithm."""
    stated, seen = notice.apogee_km, flight.apogee_km
    if stated is None or seen is None or stated <= 0.0:
        return None
    sigma = math.hypot(beliefs.apogee_slack * stated, flight.apogee_sigma_km)
    z = (seen - stated) / sigma
    other = 1.0 / (_APOGEE_LOG_SPAN * stated + math.sqrt(2.0 * math.pi) * sigma)
    ratio = math.exp(-0.5 * z * z) / (math.sqrt(2.0 * math.pi) * sigma) / other
    words = f"apogee {seen:.0f} km (sigma {flight.apogee_sigma_km:.0f}), announced {stated:.0f} km"
    return ratio, words + (": agrees" if abs(z) <= 2.0 else ": does not agree")


def vehicle(flight: Flight, notice: Notification) -> Finding | None:
    """Class: its likelihood against the mean over all classes that the flight could be."""
    table = {c.vehicle: c.likelihood for c in classify(flight)}
    if notice.vehicle in (None, "unknown") or "unknown" in table:
        return None
    likelihood = table.get(notice.vehicle, 0.0)
    best = max(table, key=lambda name: table[name])
    words = f"flies like {_a(best)}, announced {_a(notice.vehicle)}"
    return likelihood * len(table) / sum(table.values()), words


def impact(flight: Flight, notice: Notification, beliefs: Beliefs) -> Finding | None:
    """Impact: evenly over the announced area; else evenly within reach."""
    if notice.impact_area is None or flight.impact is None:
        return None
    point = ground(flight.impact, beliefs.impact_slack_km)
    away = distance_km(notice.impact_area, point.latitude_deg, point.longitude_deg)
    where = f"predicted impact {away:.0f} km from" if away > 0.0 else "predicted impact inside"
    words = f"{where} the announced impact area, uncertainty {uncertainty_km(flight.impact):.0f} km (95 %)"
    return density_per_km2(point, notice.impact_area) * reach_km2(flight, point, beliefs), words


def reach_km2(flight: Flight, point: GroundPoint, beliefs: Beliefs) -> float:
    """Area over which an impact could lie if nothing were announced, blurred like the prediction."""
    reach_km = max(beliefs.impact_reach_km, 2.0 * (flight.range_km or 0.0))
    c = point.covariance_en_m2 / 1e6
    blur = math.sqrt(max(float(c[0, 0] * c[1, 1] - c[0, 1] * c[1, 0]), 0.0))
    return math.pi * reach_km * reach_km + 2.0 * math.pi * blur


def place(flight: Flight, notice: Notification, beliefs: Beliefs) -> Finding | None:
    """Density of the launch point (1 / km^2) if the notice is meant, and how far it lies from the area."""
    if notice.launch_area is None or flight.launch is None:
        return None
    near = density_per_km2(ground(flight.launch, beliefs.place_slack_km), notice.launch_area)
    wide = density_per_km2(ground(flight.launch, beliefs.place_careless_km), notice.launch_area)
    density = (1.0 - beliefs.careless) * near + beliefs.careless * wide
    at = (flight.launch.latitude_deg, flight.launch.longitude_deg)
    sigma = uncertainty_km(flight.launch)
    if contains(notice.launch_area, *at):
        return density, f"launch point inside the announced area, uncertainty {sigma:.0f} km (95 %)"
    away = distance_km(notice.launch_area, *at)
    judged = "within" if away <= sigma else "beyond"
    return density, f"launch point {away:.0f} km from the announced area, {judged} the uncertainty of {sigma:.0f} km"


def landing(flight: Flight, notice: Notification, beliefs: Beliefs) -> Finding | None:
    """For a deorbit: density of the impact (1 / km^2) if the notice is meant."""
    if notice.impact_area is None or flight.impact is None:
        return None
    point = ground(flight.impact, beliefs.place_careless_km)
    inside = probability_inside(point, notice.impact_area)
    words = f"predicted impact in the announced area with probability {inside:.2f}"
    return inside / max(area_km2(notice.impact_area), 1.0), words


def _a(name: str | None) -> str:
    words = (name or "unknown").replace("-", " ")
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"
