"""Which speed is meant: the arc's speed at the surface, the greatest over the flight; inertial or Earth-fixed."""

from math import cos, radians, sqrt

from tocsin.assure.model import MU_KM3_S2, RADIUS_KM, ROTATION_RAD_S
from tocsin.assure.question import Question


def _burnout(speed_km_s: float, question: Question) -> float:
    """Least speed at burnout of an arc that has `speed_km_s` at the surface; 0 where it does not climb so high.

    Burnout is no higher than the question says, and no higher than the longest burn carries at that speed.
    """
    highest = float(question.burnout_height_max_km.high)
    longest = question.burn_time_max_s
    if longest is None:
        return sqrt(max(0.0, speed_km_s**2 - _lost(highest)))
    low, high = 0.0, speed_km_s
    for _ in range(60):
        middle = 0.5 * (low + high)
        if middle**2 + _lost(min(highest, middle * float(longest.high))) < speed_km_s**2:
            low = middle
        else:
            high = middle
    return low


def _lost(height_km: float) -> float:
    """What the climb to a height takes off the square of the speed, km^2/s^2."""
    radius = float(RADIUS_KM)
    return 2.0 * float(MU_KM3_S2) * (1.0 / radius - 1.0 / (radius + height_km))


def _turning(question: Question) -> float:
    """Greatest speed of the ground under any site."""
    latitude = min(min(abs(float(s.latitude_deg.low)), abs(float(s.latitude_deg.high))) for s in question.sites)
    if any(float(s.latitude_deg.low) < 0.0 < float(s.latitude_deg.high) for s in question.sites):
        latitude = 0.0
    return float(ROTATION_RAD_S * RADIUS_KM) * cos(radians(latitude))


def meant_low(question: Question, speed_km_s: float) -> float:
    """A speed, in the question's meaning and frame, below which the arc's speed stays below `speed_km_s`."""
    if question.speed_meaning == "maximum":
        speed_km_s = _burnout(speed_km_s, question)
    if question.speed_frame == "earth-fixed":
        speed_km_s = max(0.0, speed_km_s - _turning(question))
    return speed_km_s


def meant_high(question: Question, speed_km_s: float) -> float:
    """A speed, in the question's meaning and frame, at which the arc's speed reaches `speed_km_s`."""
    if question.speed_meaning == "maximum":
        speed_km_s = _burnout(speed_km_s, question)
    if question.speed_frame == "earth-fixed":
        speed_km_s += _turning(question)
    return speed_km_s
