"""An abstract model of acting on an object, for comparing regimes in simulation. It holds no weapon.

It knows no interceptor, no geometry of one, no chance of success. It asks only who has authority over an object, by
when, under the rules of a regime: authority must stand `authority_before_s` before the object comes down. The same
numbers serve every regime, and each regime can lose: two parties act on one object, nobody does because it comes
down where the rules leave a seam, authority comes too late, or something harmless is acted upon. It exists in the
simulation alone: no centre, no page and no statement on the wire knows of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tocsin.regime import Regime, sector_of
from tocsin.sim.parts import EngagementFile
from tocsin.sim.responses import KIND, exercised_response

__all__ = ["KIND", "Doomed", "Result", "View", "exercised_response", "judge", "rule_of"]
Rule = Literal["alone", "owner", "all"]


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What one party's officers hold of one object at the last moment that counts.

    `wants_since_s`: since when, without a break, it was unexplained to them and predicted to come down in a protected
    area; None: it is not. `targets`: whose areas those are, by their own estimate. `fall`: latitude and longitude.
    """

    wants_since_s: float | None
    targets: tuple[str, ...]
    fall: tuple[float, float] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Doomed:
    """One real object, when it comes down, whether it is an attack and on whom."""

    name: str
    attack: bool
    aimed_at: str
    ends_s: float
    views: Mapping[str, View]


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What the rules made of one object."""

    object: str
    attack: bool
    aimed_at: str
    authority: tuple[str, ...]
    by_reserved_right: tuple[str, ...]
    outcome: Literal["nobody's business", "acted", "acted twice", "too late", "seam", "unseen", "harmless acted upon"]
    double: float


def rule_of(regime: Regime) -> Rule:
    """Who holds authority: advice binds nobody, so each acts alone for its own areas."""
    if regime.finding.required == "none" or regime.finding.effect == "advice":
        return "alone"
    return "owner" if regime.finding.required == "owner" else "all"


def judge(
    regime: Regime, one: Doomed, model: EngagementFile, sign_s: Mapping[str, float], delay_s: float = 0.0,
    abstaining: Collection[str] = (),
) -> Result:  # fmt: skip
    """Authority over an object at the last moment.

    `sign_s`: how long each party takes to sign, mean. `delay_s`: of the links between the parties. `abstaining`:
    parties that do not sign jointly, because a member does not consent.
    """
    last_s = one.ends_s - model.authority_before_s
    ready = {
        party: view.wants_since_s + sign_s[party]
        for party, view in sorted(one.views.items())
        if view.wants_since_s is not None
    }
    in_time = [party for party, t_s in ready.items() if t_s <= last_s]
    signed = {party: t_s for party, t_s in ready.items() if party not in abstaining}
    all_signed = exercised_response(one.name, tuple(one.views), signed, last_s, delay_s) == "ADOPTED"
    holders, seam = _holders(regime, one, in_time, tuple(sorted(one.views)), all_signed=all_signed)
    own = [party for party in in_time if party in one.views[party].targets]
    reserved = () if holders else tuple(own)
    acting = sorted({*holders, *reserved})
    together = rule_of(regime) == "all" and bool(holders)  # one decision of all is one act
    return Result(
        object=one.name, attack=one.attack, aimed_at=one.aimed_at, authority=tuple(holders),
        by_reserved_right=reserved, outcome=_outcome(one, acting, ready, seam, tuple(one.views), together=together),
        double=model.double_probability if len(acting) > 1 and not together else 0.0,
    )  # fmt: skip


def _holders(
    regime: Regime, one: Doomed, in_time: Sequence[str], everyone: tuple[str, ...], *, all_signed: bool
) -> tuple[tuple[str, ...], bool]:
    """(who holds authority, whether the rules leave a seam here)."""
    rule = rule_of(regime)
    if rule == "alone":
        return tuple(party for party in in_time if party in one.views[party].targets), False
    if rule == "all":
        return (everyone if all_signed else ()), False
    owners: dict[str, str | None] = {}
    for party in in_time:
        fall = one.views[party].fall
        sector = sector_of(regime, *fall) if fall else None
        owners[party] = sector.owner if sector else None
    holding = tuple(party for party, owner in owners.items() if owner == party)
    agree = len({*owners.values()}) <= 1
    if holding or not owners:
        return holding, not agree
    nobody = all(owner is None or owner not in everyone for owner in owners.values())
    if nobody and all_signed:
        return everyone, True
    return (), True


def _outcome(
    one: Doomed, acting: Sequence[str], ready: Mapping[str, float], seam: bool, everyone: tuple[str, ...], *,
    together: bool,
) -> Literal["nobody's business", "acted", "acted twice", "too late", "seam", "unseen", "harmless acted upon"]:
    if not one.attack:
        return "harmless acted upon" if acting else "nobody's business"
    if one.aimed_at not in everyone:
        return "nobody's business" if not acting else "acted"
    if len(acting) > 1 and not together:
        return "acted twice"
    if acting:
        return "acted"
    if not ready:
        return "unseen"
    return "seam" if seam else "too late"
