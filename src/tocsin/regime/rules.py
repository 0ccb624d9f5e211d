"""What a regime permits: pure questions and answers. An answer carries its reason, in words for a person."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tocsin.regime.files import Regime
from tocsin.regime.measures import measure_objections
from tocsin.regime.terms import Sector
from tocsin.wire.bodies import Proposal, Standing
from tocsin.wire.measures import Measure


@dataclass(frozen=True, slots=True)
class Permission:
    """Yes or no, and the rule that says so."""

    allowed: bool
    reason: str


def permits(regime: Regime, kind: str, *, suspended: bool = False, more: Collection[str] = ()) -> Permission:
    """Whether a statement of `kind` may cross the border now. `more`: kinds that an adopted measure adds."""
    if kind in more and not regime.shares(kind) and not suspended:
        return Permission(True, f"a joint measure shares {kind} for a time")
    if not regime.shares(kind):
        return Permission(False, f"regime {regime.name} does not share {kind}")
    if suspended and kind not in regime.terms.reassurance and not regime.ties(kind):
        return Permission(False, f"regime {regime.name} is suspended, and {kind} is not of the reassurance channel")
    return Permission(True, f"regime {regime.name} shares {kind}")


def delay_s(regime: Regime, kind: str) -> float:
    """Seconds by which a statement of `kind` is held back on purpose; the reassurance channel never is."""
    return 0.0 if kind in regime.terms.reassurance else regime.terms.shares.delay_s.get(kind, 0.0)


def recipients(regime: Regime, kind: str, author: str, asked: Iterable[str] = ()) -> tuple[tuple[str, ...], str]:
    """(who alone may read it, why not). Nobody named: all parties may; a reason: it may not go out like this.

    `asked` are the readers that the author wishes. Without a wish the one release group of the kind that the author
    belongs to decides; with several the author must say.
    """
    wish = set(asked)
    groups = [g for g in regime.terms.release_groups if kind in g.kinds and author in g.parties]
    fitting = [g for g in groups if not wish or set(g.parties) - {author} == wish]
    if wish and not fitting:
        return (), f"regime {regime.name} has no release group of {', '.join(sorted(wish))} with {author} for {kind}"
    if len({frozenset(g.parties) for g in fitting}) > 1:
        return (), f"{kind}: {author} is in several release groups for it; say who may read it"
    return (tuple(sorted(set(fitting[0].parties) - {author})) if fitting else ()), ""


def own_log(regime: Regime, kind: str, author: str, readers: Collection[str]) -> str:
    """The release group in whose own log an author's entry for these readers alone stands; empty: in `shared`."""
    found = [g.name for g in regime.terms.release_groups if g.own_log and kind in g.kinds and author in g.parties]
    return min((name for name in found if set(_members(regime, name)) - {author} == set(readers)), default="")


def own_logs(regime: Regime, party: str) -> dict[str, tuple[str, ...]]:
    """Release groups with logs of their own to which a party belongs: their members, sorted."""
    found = [g.name for g in regime.terms.release_groups if g.own_log and party in g.parties]
    return {name: _members(regime, name) for name in sorted(found)}


def _members(regime: Regime, name: str) -> tuple[str, ...]:
    return next(tuple(sorted(group.parties)) for group in regime.terms.release_groups if group.name == name)


def in_scope(regime: Regime, kind: str, *, range_km: float | None, apogee_km: float | None) -> Permission:
    """Whether an object of this range and apogee is one that the regime speaks of. Unknown counts as inside."""
    scope = regime.terms.scope
    if scope is None or kind not in scope.kinds or range_km is None or apogee_km is None:
        return Permission(True, f"regime {regime.name} sets no scope that would leave this out")
    if range_km > scope.range_min_km or apogee_km > scope.apogee_min_km:
        return Permission(True, f"range {range_km:.0f} km, apogee {apogee_km:.0f} km: inside the scope")
    return Permission(
        False,
        f"range {range_km:.0f} km and apogee {apogee_km:.0f} km: regime {regime.name} speaks of more than "
        f"{scope.range_min_km:.0f} km range or {scope.apogee_min_km:.0f} km apogee",
    )


def sector_of(regime: Regime, latitude_deg: float, longitude_deg: float) -> Sector | None:
    """The one sector with this point, or None: in no sector or in several nobody decides alone."""
    found = [sector for sector in regime.terms.sectors if sector.contains(latitude_deg, longitude_deg)]
    return found[0] if len(found) == 1 else None


def required(regime: Regime, parties: Iterable[str], *, owner: str | None = None) -> tuple[str, ...]:
    """Who must sign a joint finding, sorted; empty where the regime knows no joint finding.

    Under `owner`, the owner of the sector; everybody where the place belongs to nobody alone (`owner` None).
    """
    everyone = tuple(sorted(set(parties)))
    rule = regime.finding.required
    if rule == "none":
        return ()
    if rule == "owner" and owner is not None:
        return (owner,) if owner in everyone else ()
    return everyone


def objections(regime: Regime, proposal: Proposal | Measure, parties: Iterable[str]) -> tuple[str, ...]:
    """Why a proposal is void under this regime; empty when it may be decided. Pure: every reader finds the same.

    The owner of a sector is checked to be an owner; whether the object comes down there is for the pictures.
    """
    if isinstance(proposal, Measure):
        return measure_objections(regime, proposal, parties)
    everyone = tuple(sorted(set(parties)))
    rule = regime.finding
    found = []
    if rule.required == "none":
        found.append(f"regime {regime.name} knows no joint finding: each party decides alone")
    if proposal.finding not in rule.values:
        found.append(f"finding {proposal.finding!r}: one of {', '.join(rule.values)} expected")
    if tuple(sorted(proposal.parties)) != everyone:
        found.append(f"parties {', '.join(proposal.parties)}: {', '.join(everyone)} expected")
    accepted = {required(regime, everyone)}
    accepted |= {required(regime, everyone, owner=sector.owner) for sector in regime.terms.sectors}
    if rule.required != "none" and tuple(sorted(proposal.required)) not in accepted - {()}:
        found.append(f"required {', '.join(proposal.required)}: not who regime {regime.name} requires")
    if proposal.picture.fuse_version != regime.fuse_version:
        found.append(f"fuse version {proposal.picture.fuse_version!r}: {regime.fuse_version!r} expected")
    return tuple(found)


def standing(steps: Mapping[str, Sequence[Standing]], now_tai_us: int) -> dict[str, str]:
    """Where each party stands: `in force`, `suspended` or `withdrawn`, from its own steps in the order of its log.

    A step counts from its effective time. Leaving is final: coming back is a new agreement.
    """
    found = {}
    for party in sorted(steps):
        state = "in force"
        for step in steps[party]:
            if state != "withdrawn" and step.effective_tai_us <= now_tai_us:
                state = {"suspend": "suspended", "resume": "in force", "withdraw": "withdrawn"}[step.action]
        found[party] = state
    return found


def suspended(steps: Mapping[str, Sequence[Standing]], now_tai_us: int) -> bool:
    """One party's suspension or withdrawal suspends the regime for all: sharing is mutual or it is not."""
    return any(state != "in force" for state in standing(steps, now_tai_us).values())


def in_force(agreed: Mapping[str, Sequence[str]]) -> str | None:
    """SHA-256 of the regime in force: the last that every party has logged, if all logs say the same one.

    `agreed` holds, by party, the regime hashes of its agreements in the order of its log. A new regime holds once
    every party has logged it (amendment by all); until then the one before it stays. None: there is none.
    """
    if not agreed:
        return None
    common = set.intersection(*(set(hashes) for hashes in agreed.values()))
    last = {[digest for digest in hashes if digest in common][-1] for hashes in agreed.values()} if common else set()
    return last.pop() if len(last) == 1 else None
