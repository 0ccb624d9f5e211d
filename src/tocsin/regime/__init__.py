"""The agreed rules as data, and what they permit. See README.md."""

from tocsin.regime.errors import RegimeError
from tocsin.regime.files import REASSURANCE_KINDS, SHIPPED, Regime, load, shipped
from tocsin.regime.rules import (
    Permission,
    delay_s,
    in_force,
    in_scope,
    objections,
    permits,
    recipients,
    required,
    sector_of,
    standing,
    suspended,
)
from tocsin.regime.terms import DecisionRule, Scope, Sector, Source, Terms, TrackletTerms

__all__ = [
    "REASSURANCE_KINDS", "SHIPPED", "DecisionRule", "Permission", "Regime", "RegimeError", "Scope",
    "Sector", "Source", "Terms", "TrackletTerms", "delay_s", "in_force", "in_scope", "load", "objections", "permits",
    "recipients", "required", "sector_of", "shipped", "standing", "suspended",
]  # fmt: skip
