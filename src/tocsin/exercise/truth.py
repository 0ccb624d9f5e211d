"""What really is in the sky, beside what each side believes. For the director's eyes alone."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from tocsin.node.desk import Desk, EventView
from tocsin.sim.truths import Flying
from tocsin.world.frames import ecef_to_geodetic

NEAR_M = 300e3
EXPLAINED = 0.95


class Belief(msgspec.Struct, frozen=True, kw_only=True):
    """What one side makes of one object: None where it has no track of it."""

    party: str
    event: str | None = None
    error_km: float | None = None
    sigma_km: float | None = None
    phase: str = ""
    benign: float | None = None
    level: str = "none"
    words: str = "not seen"


class Object(msgspec.Struct, frozen=True, kw_only=True):
    """One object of the truth now; without a position before its start and after its end, and on a tape."""

    name: str
    by: str
    attack: bool
    real: bool
    state: str
    lat: float | None = None
    lon: float | None = None
    height_km: float | None = None
    launch: tuple[float, float]
    impact: tuple[float, float]
    ends_s: float
    beliefs: tuple[Belief, ...] = ()


class TruthView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything, and tracks that no object stands behind."""

    objects: tuple[Object, ...]
    groundless: dict[str, tuple[str, ...]]


def truth_now(flying: Sequence[Flying], t_s: float, desks: Mapping[str, Desk]) -> TruthView:
    """Truth and beliefs `t_s` after the scenario's launch."""
    events = {party: desk.events() for party, desk in desks.items()}
    objects = tuple(_object(one, t_s, events) for one in flying)
    backed = {belief.event for one in objects for belief in one.beliefs if belief.event}
    groundless = {
        party: tuple(one.id for one in views if one.id not in backed) for party, views in events.items()
    }
    return TruthView(objects=objects, groundless=groundless)


def _object(one: Flying, t_s: float, events: Mapping[str, Sequence[EventView]]) -> Object:
    since_s = t_s - one.after_s
    state = "flying" if 0.0 <= since_s <= one.truth.flight_s else "not yet" if since_s < 0.0 else "down"
    base = Object(
        name=one.name, by=one.by, attack=one.attack, real=one.real, state=state, launch=one.truth.launch,
        impact=one.truth.impact, ends_s=one.ends_s,
    )  # fmt: skip
    if state != "flying":
        return base
    place = one.truth.state_ecef(since_s)[:3]
    lat, lon, height = (float(v[0]) for v in ecef_to_geodetic(place[None]))
    beliefs = tuple(_belief(party, place, views) for party, views in events.items())
    return msgspec.structs.replace(
        base, lat=float(np.degrees(lat)), lon=float(np.degrees(lon)), height_km=height / 1e3, beliefs=beliefs
    )


def _belief(party: str, place: np.ndarray, views: Sequence[EventView]) -> Belief:
    apart = [float(np.linalg.norm(one.track.state_ecef[:3] - place)) for one in views]
    if not apart or min(apart) > NEAR_M:
        return Belief(party=party)
    view = views[int(np.argmin(apart))]
    sigma = float(np.sqrt(np.trace(view.track.covariance_ecef[:3, :3])))
    known = f"explained as {view.identifier or 'benign'}"
    if view.benign < EXPLAINED:
        known = f"{100 * view.benign:.0f} % explained"
    return Belief(
        party=party, event=view.id, error_km=min(apart) / 1e3, sigma_km=sigma / 1e3, phase=view.track.phase,
        benign=view.benign, level=view.level, words=f"{view.track.phase}, {known}",
    )  # fmt: skip
