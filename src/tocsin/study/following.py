"""What every party made of every real object, and whether authority over it would have stood in time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from tocsin.node.desk import Desk, EventView
from tocsin.regime import Regime
from tocsin.sim.engagement import KIND, Doomed, View, judge
from tocsin.sim.parts import CircleArea
from tocsin.sim.play import Watcher
from tocsin.sim.scenario import Scenario
from tocsin.sim.truths import Flying
from tocsin.study.measure import nearest
from tocsin.study.results import Acted, Followed
from tocsin.world.geodesy import inverse

EXPLAINED = 0.95


@dataclass(slots=True)
class _Kept:
    """One party's dealings with one object so far."""

    tracked_s: float | None = None
    explained_s: float | None = None
    explained_last: float | None = None
    threat_s: float | None = None
    wants_since_s: float | None = None
    targets: tuple[str, ...] = ()
    fall: tuple[float, float] | None = None
    last: View = field(default_factory=lambda: View(wants_since_s=None, targets=(), fall=None))


class Follower:
    """A `sim.play.Watcher`; ask `followed` and `acted` when the run has ended."""

    def __init__(self, scenario: Scenario, flying: Sequence[Flying], period_s: float = 5.0) -> None:
        self.period_s = period_s
        self._scenario = scenario
        self._real = tuple(one for one in flying if one.real)
        self._areas = tuple((party.name, area) for party in scenario.party for area in party.protects)
        self._kept = {(one.name, party): _Kept() for one in self._real for party in scenario.parties}

    def look(self, t_s: float, desks: dict[str, Desk]) -> None:
        """Note what all desks make of all objects at `t_s` after the scenario's launch."""
        for one in self._real:
            since_s = t_s - one.after_s
            if not 0.0 <= since_s <= one.truth.flight_s:
                continue
            state = one.truth.state_ecef(since_s)
            counts = one.ends_s - t_s >= self._scenario.engagement.authority_before_s
            for party, desk in desks.items():
                kept = self._kept[one.name, party]
                self._note(kept, t_s, nearest(desk.events(), state))
                if counts:
                    kept.last = View(wants_since_s=kept.wants_since_s, targets=kept.targets, fall=kept.fall)

    def _note(self, kept: _Kept, t_s: float, event: EventView | None) -> None:
        if event is None:
            kept.wants_since_s = None
            return
        kept.tracked_s = t_s if kept.tracked_s is None else kept.tracked_s
        kept.explained_last = event.benign
        if event.benign >= EXPLAINED and kept.explained_s is None:
            kept.explained_s = t_s
        if event.level == "threat" and kept.threat_s is None:
            kept.threat_s = t_s
        end = event.flight.impact
        kept.targets, kept.fall = (), None
        if end is not None and not event.flight.boosting:
            kept.fall = (end.latitude_deg, end.longitude_deg)
            kept.targets = tuple(sorted({party for party, area in self._areas if _inside(area, *kept.fall)}))
        wants = bool(kept.targets) and event.benign < EXPLAINED
        kept.wants_since_s = (t_s if kept.wants_since_s is None else kept.wants_since_s) if wants else None

    def followed(self) -> tuple[Followed, ...]:
        """Every party with every real object."""
        return tuple(
            Followed(
                object=one.name, party=party, attack=one.attack, aimed_at=one.aimed_at, ends_s=one.ends_s,
                tracked_s=kept.tracked_s, explained_s=kept.explained_s, explained_last=kept.explained_last,
                threat_s=kept.threat_s,
            )
            for one in self._real
            for party in self._scenario.parties
            for kept in (self._kept[one.name, party],)
        )  # fmt: skip

    def acted(self, regime: Regime) -> tuple[Acted, ...]:
        """The abstract engagement model over every real object."""
        people = {party.name: party.officers for party in self._scenario.party}
        signing = {name: one.signing_s(one.sign_s) for name, one in people.items()}
        abstaining = tuple(name for name, one in people.items() if one.withhold(KIND))
        delay_s = self._scenario.link_delay_ms / 1e3
        found = []
        for one in self._real:
            views = {party: self._kept[one.name, party].last for party in self._scenario.parties}
            doomed = Doomed(name=one.name, attack=one.attack, aimed_at=one.aimed_at, ends_s=one.ends_s, views=views)
            r = judge(regime, doomed, self._scenario.engagement, signing, delay_s, abstaining)
            found.append(
                Acted(
                    object=r.object, attack=r.attack, aimed_at=r.aimed_at, authority=r.authority,
                    by_reserved_right=r.by_reserved_right, outcome=r.outcome, double=r.double,
                )
            )  # fmt: skip
        return tuple(found)


@lru_cache(maxsize=4096)  # a desk shows the same prediction for several looks
def _inside(area: CircleArea, latitude_deg: float, longitude_deg: float) -> bool:
    return inverse(area.latitude_deg, area.longitude_deg, latitude_deg, longitude_deg)[0] <= area.radius_km * 1e3


@dataclass(frozen=True, slots=True)
class Together:
    """Several watchers as one; they share a period."""

    watchers: Sequence[Watcher]
    period_s: float = 5.0

    def look(self, t_s: float, desks: dict[str, Desk]) -> None:
        """Let every one look."""
        for one in self.watchers:
            one.look(t_s, desks)
