"""The agreed rules as data, and what they permit. See README.md."""

from tocsin.regime.errors import RegimeError
from tocsin.regime.files import CUSTOM, REASSURANCE_KINDS, SHIPPED, Regime, load, shipped
from tocsin.regime.measures import Adopted, More, amended, jointly_suspended, last_effective, more_at
from tocsin.regime.rules import (
    Permission,
    delay_s,
    in_force,
    in_scope,
    objections,
    own_log,
    own_logs,
    permits,
    recipients,
    required,
    sector_of,
    standing,
    suspended,
)
from tocsin.regime.terms import DecisionRule, MeasureRule, Scope, Sector, Source, Terms, TrackletTerms

__all__ = [
    "CUSTOM", "REASSURANCE_KINDS", "SHIPPED", "Adopted", "DecisionRule", "MeasureRule", "More", "Permission", "Regime",
    "RegimeError", "Scope", "Sector", "Source", "Terms", "TrackletTerms", "amended", "delay_s", "in_force",
    "in_scope", "jointly_suspended", "last_effective", "load", "more_at", "objections", "own_log", "own_logs",
    "permits", "recipients", "required", "sector_of", "shipped", "standing", "suspended",
]  # fmt: skip
