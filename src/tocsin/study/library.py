"""All cases and regimes in one table: did sharing help, change nothing, or hurt, by a rule that is written down.

Every regime is held against `separate` on the same case and seed.

Helped: a party that could not explain a harmless object or a fault now can, or can at least 30 s earlier; conferences
about what is no attack are at least 60 s shorter, all parties together; a real attack is seen at least 10 s earlier by
a party; the authority model ends better. Hurt: the reverse of any of these, or a real attack explained away. Both:
mixed. Neither: no difference.
"""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from tocsin.study.results import Comparison, Followed, RegimeRun

BASELINE = "separate"
EXPLAINED = 0.95
EARLIER_S, SHORTER_S, SEEN_S = 30.0, 60.0, 10.0
BAD = {"acted twice": 1, "seam": 2, "too late": 2, "unseen": 2, "harmless acted upon": 2}


class Row(Struct, frozen=True, kw_only=True):
    """One case under one regime."""

    scenario: str
    title: str
    nature: str
    regime: str
    effect: str
    reasons: tuple[str, ...]
    explained_s: float | None
    conference_s: float
    disclosed: int
    finding: str
    decided: str
    acted: tuple[str, ...]
    explained_away: tuple[str, ...]
    officer_left_min: float | None
    capital_left_min: float | None
    verified: bool


class Library(Struct, frozen=True, kw_only=True):
    """Every comparison of a campaign, and its rows."""

    comparisons: tuple[Comparison, ...]
    rows: tuple[Row, ...]
    regimes: tuple[str, ...]
    seed: int
    command: str
    version: str


def rows(comparison: Comparison) -> tuple[Row, ...]:
    """One row a regime, each against the baseline of the same case."""
    base = next((run for run in comparison.runs if run.regime == BASELINE), None)
    return tuple(_row(comparison, run, base) for run in comparison.runs)


def explained_away(run: RegimeRun) -> tuple[str, ...]:
    """Real attacks that a party held for almost certainly explained at its last look, or that were found benign."""
    found = {one.object for one in run.followed if one.attack and (one.explained_last or 0.0) >= EXPLAINED}
    attacks = {one.object for one in run.followed if one.attack}
    harmless = {one.object for one in run.followed if not one.attack}
    if attacks and not harmless and run.finding in ("benign", "fault") and run.decision.startswith("adopted"):
        found |= attacks
    return tuple(sorted(found))


def effect(run: RegimeRun, base: RegimeRun) -> tuple[str, tuple[str, ...]]:
    """("helped" | "hurt" | "mixed" | "no difference", reasons in words)."""
    good: list[str] = []
    bad: list[str] = []
    attack = any(one.attack for one in base.followed)
    for side, before in ((s, b) for s in run.sides for b in base.sides if s.party == b.party):
        _compare_explained(side.party, side.explained_s, before.explained_s, good, bad)
    spent = sum(side.conference_s for side in run.sides) - sum(side.conference_s for side in base.sides)
    if not attack and abs(spent) >= SHORTER_S:
        way = "shorter" if spent < 0 else "longer"
        (good if spent < 0 else bad).append(f"conferences {abs(spent) / 60:.0f} min {way}")
    for one, was in _pairs(run.followed, base.followed):
        _compare_seen(one, was, good, bad)
    now, then = (sum(BAD.get(act.outcome, 0) for act in r.acted) for r in (run, base))
    if now != then:
        words = ", ".join(sorted({act.outcome for act in run.acted}))
        (good if now < then else bad).append(f"authority: {words}")
    away = set(explained_away(run)) - set(explained_away(base))
    bad += [f"the attack {name} was explained away" for name in sorted(away)]
    verdict = "mixed" if good and bad else "helped" if good else "hurt" if bad else "no difference"
    return verdict, (*good, *(f"but {one}" if good else one for one in bad))


def _compare_explained(
    party: str, now: float | None, before: float | None, good: list[str], bad: list[str]
) -> None:
    if now is not None and before is None:
        good.append(f"{party} could explain it")
    elif now is None and before is not None:
        bad.append(f"{party} could no longer explain it")
    elif now is not None and before is not None and abs(now - before) >= EARLIER_S:
        way = "earlier" if now < before else "later"
        (good if now < before else bad).append(f"{party} explained it {abs(now - before):.0f} s {way}")


def _pairs(now: Sequence[Followed], before: Sequence[Followed]) -> list[tuple[Followed, Followed]]:
    table = {(one.object, one.party): one for one in before}
    return [(one, table[one.object, one.party]) for one in now if (one.object, one.party) in table]


def _compare_seen(one: Followed, was: Followed, good: list[str], bad: list[str]) -> None:
    """A real attack seen earlier or later by a party."""
    if not one.attack:
        return
    if one.tracked_s is not None and was.tracked_s is None:
        good.append(f"{one.party} saw {one.object} at all")
    elif one.tracked_s is None and was.tracked_s is not None:
        bad.append(f"{one.party} did not see {one.object}")
    elif one.tracked_s is not None and was.tracked_s is not None and abs(one.tracked_s - was.tracked_s) >= SEEN_S:
        gained = was.tracked_s - one.tracked_s
        words = f"{one.party} saw {one.object} {abs(gained):.0f} s {'earlier' if gained > 0 else 'later'}"
        (good if gained > 0 else bad).append(words)


def _row(comparison: Comparison, run: RegimeRun, base: RegimeRun | None) -> Row:
    if base is None or run.regime == BASELINE:
        verdict, reasons = "baseline", tuple[str, ...]()
    else:
        verdict, reasons = effect(run, base)
    times = [side.explained_s for side in run.sides]
    known = [t for t in times if t is not None]
    left = {
        tier: min((m.left for m in run.minutes if m.tier == tier), default=None) for tier in ("officer", "capital")
    }
    return Row(
        scenario=comparison.scenario, title=comparison.title, nature=comparison.nature, regime=run.regime,
        effect=verdict, reasons=reasons, explained_s=max(known) if known and len(known) == len(times) else None,
        conference_s=sum(side.conference_s for side in run.sides),
        disclosed=sum(sum(side.disclosed.values()) for side in run.sides), finding=run.finding, decided=run.decision,
        acted=tuple(f"{act.object}: {act.outcome}" for act in run.acted if act.outcome != "nobody's business"),
        explained_away=explained_away(run), officer_left_min=left["officer"], capital_left_min=left["capital"],
        verified=run.verified,
    )  # fmt: skip


def gather(comparisons: Sequence[Comparison], seed: int, command: str, version: str) -> Library:
    """All comparisons and their rows."""
    found = tuple(row for one in comparisons for row in rows(one))
    regimes = tuple(dict.fromkeys(row.regime for row in found))
    return Library(
        comparisons=tuple(comparisons), rows=found, regimes=regimes, seed=seed, command=command, version=version
    )


def slim(comparison: Comparison) -> Comparison:
    """Without the long series, for a campaign's file."""
    runs = tuple(
        msgspec.structs.replace(
            run, timeline=(), sides=tuple(msgspec.structs.replace(s, estimates=(), picture=()) for s in run.sides)
        )
        for run in comparison.runs
    )
    return msgspec.structs.replace(comparison, runs=runs, truth=())
