"""Common picture and notifications to explanations, proposed wording and ladder steps. See README.md."""

from tocsin.assess.beliefs import DEFAULT_BELIEFS, Beliefs
from tocsin.assess.classes import classify
from tocsin.assess.flights import Flight, flight
from tocsin.assess.judgement import assessment, confidence, words
from tocsin.assess.ladder import (
    DEFAULT_THRESHOLDS,
    AreaDanger,
    Danger,
    Step,
    Thresholds,
    area_dangers,
    conference_step,
    danger,
    impact_probability,
    time_to_protected_area,
)
from tocsin.assess.matching import explained, match
from tocsin.assess.notifications import Denial, Notice, acknowledged, denials, notices

__all__ = [
    "DEFAULT_BELIEFS", "DEFAULT_THRESHOLDS", "AreaDanger", "Beliefs", "Danger", "Denial", "Flight", "Notice", "Step",
    "Thresholds", "acknowledged", "area_dangers", "assessment", "classify", "conference_step", "confidence", "danger",
    "denials", "explained", "flight", "impact_probability", "match", "notices", "time_to_protected_area", "words",
]  # fmt: skip
