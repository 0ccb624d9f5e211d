"""Joint measures about the agreement itself: when one is void, and what the adopted ones do at a time."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.regime.errors import RegimeError
from tocsin.regime.files import Regime, load
from tocsin.wire.bodies import KINDS
from tocsin.wire.measures import Amend, Measure, MeasureKind, ShareMore, measure_kind

_KINDS = frozenset(kind for kind, _ in KINDS)


@dataclass(frozen=True, slots=True)
class Adopted:
    """A measure that all parties signed, and the SHA-256 of its entry: ties of time are broken by it, alike for all."""

    measure: Measure
    sha256: str


@dataclass(frozen=True, slots=True)
class More:
    """What adopted measures share beyond the regime at a time. `every_s`: least time between statements on a track."""

    kinds: frozenset[str] = frozenset()
    every_s: float | None = None


def measure_objections(regime: Regime, body: Measure, parties: Iterable[str]) -> tuple[str, ...]:
    """Why a measure is void under this regime; empty when it may be decided. Pure: every reader finds the same."""
    everyone, rule, kind = tuple(sorted(set(parties))), regime.terms.decides.measures, measure_kind(body)
    found = []
    if rule is None or kind not in rule.kinds:
        found.append(f"regime {regime.name} does not decide {kind} jointly")
    for name, stated in (("parties", body.parties), ("required", body.required)):
        if tuple(sorted(stated)) != everyone:
            found.append(f"{name} {', '.join(stated)}: {', '.join(everyone)} expected")
    if body.terms.effective_s <= body.deadline_s:
        found.append("effective before the deadline has passed: a later time expected, when no vote can change")
    if isinstance(body.terms, ShareMore):
        found += [f"kind {one!r}: a kind of statement expected" for one in body.terms.kinds if one not in _KINDS]
    if isinstance(body.terms, Amend):
        found += _amend_objections(regime, body.terms)
    return tuple(found)


def _amend_objections(regime: Regime, terms: Amend) -> list[str]:
    data = terms.regime_text.encode()
    found = []
    if hashlib.sha256(data).hexdigest() != terms.regime_sha256:
        found.append(f"regime text whose hash is not {terms.regime_sha256[:12]}")
    if terms.regime_sha256 == regime.sha256:
        found.append(f"regime {regime.name} is in force already")
    try:
        load(data, "amendment")
    except RegimeError as error:
        found.append(str(error))
    return found


def more_at(adopted: Iterable[Adopted], now_s: int) -> More:
    """All that is shared more now: the union of the kinds, the shortest interval."""
    held = [one.measure.terms for one in adopted]
    running = [one for one in held if isinstance(one, ShareMore) and one.effective_s <= now_s < one.until_s]
    intervals = [one.every_s for one in running if one.every_s is not None]
    return More(frozenset(kind for one in running for kind in one.kinds), min(intervals, default=None))


def last_effective(adopted: Iterable[Adopted], kind: MeasureKind, now_s: int) -> int | None:
    """When the latest measure of a kind took effect, None if none has."""
    times = [one.measure.terms.effective_s for one in adopted if measure_kind(one.measure) == kind]
    return max((t_s for t_s in times if t_s <= now_s), default=None)


def amended(first: Regime, adopted: Iterable[Adopted], now_s: int) -> Regime:
    """The regime in force: the first, or what amendments one after the other made of it.

    An amendment changes the regime under which it was put to the vote, and no other: of two against the same, the
    earlier stands. A fold over the whole set: whoever learns of an adoption late finds what the others found.
    """
    regime = first
    changes = [(one.measure.terms.effective_s, one.sha256, one.measure) for one in adopted]
    for effective_s, _, body in sorted(changes, key=lambda change: change[:2]):
        if isinstance(body.terms, Amend) and effective_s <= now_s and body.policy_sha256 == regime.sha256:
            regime = load(body.terms.regime_text.encode(), "amendment")
    return regime


def jointly_suspended(adopted: Iterable[Adopted], now_s: int) -> bool:
    """Whether all have suspended together, and not resumed since."""
    held = tuple(adopted)
    halted, resumed = last_effective(held, "suspend", now_s), last_effective(held, "resume", now_s)
    return halted is not None and (resumed is None or resumed < halted)
