"""Do the stated probabilities of explanations mean what they say? Random simulated launches, held against frequencies.

The generator's numbers differ from the model's (`tocsin.assess.beliefs`) on purpose: how often notices are careless,
how far launches miss their window, azimuth and apogee, how many are imitations, how much worse a track is than it
says. An event is one launch, seen as a common track after burnout, with the notices that an officer holds then.

    python -m campaigns.calibration             2,000 events and 500 real attacks, some minutes
    python -m campaigns.calibration --reduced   what the tests run
"""

import json
import math
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

import numpy as np

from tocsin.assess import Notice, explained, match
from tocsin.assess.notifications import Place
from tocsin.fuse import CommonTrack, track_id
from tocsin.sim.flight import kepler
from tocsin.wire.bodies import Circle, Notification, VehicleClass, Window
from tocsin.world import frames, geodesy, motion
from tocsin.world.time import parse_utc

SECOND_NS = 10**9
BEGIN_NS = parse_utc("2030-03-01T00:00:00Z")
HOME = Circle(latitude_deg=50.0, longitude_deg=30.0, radius_km=400.0)
EXPLAINED = 0.95


@dataclass(frozen=True, kw_only=True)
class Nature:
    """How the generated world is. Beside each number, the model's belief about the same thing."""

    announced: float = 0.55  # share of launches seen that are the notified one
    imitation: float = 0.06  # share from the announced place and time that is something else (belief: odds of 0.1)
    near_miss: float = 0.04  # share from within 300 km of an announced place, in its window (belief: none such)
    careless: float = 0.03  # chance that a stated figure is wrong (belief: 0.01)
    place_sigma_km: float = 8.0  # pads about the announced area (belief: 5)
    late: float = 0.02  # launches after the window, by hours (belief: 0.01)
    apogee_sigma: float = 0.07  # relative (belief: 0.1)
    azimuth_sigma_deg: float = 3.0  # about the announced direction, within tolerance (belief: even over tolerance)
    overconfident: float = 1.3  # true errors of tracks over stated ones (belief: 1)
    terse: float = 0.35  # chance that direction, height or impact area is left out of a notice
    aimed: float = 0.3  # share of other launches aimed at home (belief: 0.5)


@dataclass(frozen=True, kw_only=True)
class Event:
    """What the officer sees, and what it was."""

    track: CommonTrack
    notices: tuple[Notice, ...]
    benign: bool
    attack: bool
    how: str


@dataclass
class Result:
    """Figures of a campaign; deciles are (low edge, events, mean stated, observed share)."""

    seed: int
    events: int
    deciles: list[tuple[float, int, float, float]] = field(default_factory=list)
    worst: float = 0.0
    brier: float = 0.0
    skill: float = 0.0
    attacks: int = 0
    explained_away: int = 0
    most_explained: float = 0.0


@dataclass(frozen=True)
class _Plan:
    place: tuple[float, float]
    bearing: float
    reach_km: float
    apogee_km: float
    vehicle: VehicleClass


def plan(rng: np.random.Generator, place: tuple[float, float] | None = None) -> _Plan:
    """A flight from some place of the middle latitudes: a sounding rocket or a missile of three classes."""
    where = place or (float(rng.uniform(30, 65)), float(rng.uniform(-20, 90)))
    vehicle = str(rng.choice(["sounding-rocket", "ballistic-short", "ballistic-medium", "ballistic-intermediate"]))
    low, high = {"sounding-rocket": (100, 900), "ballistic-short": (300, 950), "ballistic-medium": (1100, 2800),
                 "ballistic-intermediate": (3100, 5200)}[vehicle]  # fmt: skip
    reach = float(rng.uniform(low, high))
    usual = 0.25 * reach if vehicle != "sounding-rocket" else float(rng.uniform(0.8, 2.5)) * reach
    apogee = max(usual * float(np.exp(0.2 * rng.standard_normal())), 90.0)
    return _Plan(where, float(rng.uniform(0, 360)), reach, apogee, vehicle)  # type: ignore[arg-type]


def seen(rng: np.random.Generator, p: _Plan, t_ns: int, nature: Nature, name: str) -> CommonTrack:
    """The flight as a common track says it some time after burnout: with stated errors, and worse true ones."""
    arc = kepler.arc(p.place, p.bearing, p.apogee_km, p.reach_km)
    latitude, longitude = (math.radians(a) for a in p.place)
    climb, azimuth = math.radians(arc.elevation_deg), math.radians(arc.azimuth_deg)
    flat = math.cos(climb)
    enu = arc.speed_m_s * np.array([flat * math.sin(azimuth), flat * math.cos(azimuth), math.sin(climb)])
    velocity = frames.enu_axes(latitude, longitude).T @ enu
    start = np.concatenate([np.asarray(frames.geodetic_to_ecef(latitude, longitude, 0.0)), velocity])
    after_s = float(rng.uniform(0.15, 0.4)) * arc.flight_s
    now_ns = t_ns + round(after_s * SECOND_NS)
    state = frames.eci_to_ecef(motion.step(frames.ecef_to_eci(start, t_ns), after_s), now_ns)
    sigma_m, sigma_v = float(np.exp(rng.uniform(5.0, 7.6))), float(np.exp(rng.uniform(0.7, 2.7)))
    sigmas = np.repeat([sigma_m, sigma_v], 3)
    state = state + nature.overconfident * sigmas * rng.standard_normal(6)
    return CommonTrack(
        id=track_id("watch", name), aliases=(track_id("watch", name),), members=(("watch", name),), parties=("watch",),
        contributions=(), t_tai_ns=now_ns, state_ecef=state, covariance_ecef=np.diag(sigmas**2), existence=0.99,
        phase="coast", classes=(), first_t_tai_ns=t_ns + 60 * SECOND_NS, updated_t_tai_ns=now_ns, method="sum",
        ended=False, stale=False,
    )  # fmt: skip


def noticed(rng: np.random.Generator, p: _Plan, window_ns: tuple[int, int], nature: Nature, number: int) -> Notice:
    """A notice of a planned flight; some figures are wrong, some are left out."""

    def wrong() -> bool:
        return bool(rng.random() < nature.careless)

    def terse() -> bool:
        return bool(rng.random() < nature.terse)

    tolerance = float(rng.uniform(5, 20))
    bearing = float(rng.uniform(0, 360)) if wrong() else p.bearing
    apogee = p.apogee_km * (float(rng.uniform(0.3, 3.0)) if wrong() else 1.0)
    end = geodesy.direct(*p.place, float(rng.uniform(0, 360)) if wrong() else p.bearing, p.reach_km * 1e3)
    body = Notification(
        identifier=f"PLN/AB/2030/001/{number % 1000:03d}/01", format="pre-launch", addressee="officers on watch",
        vehicle=p.vehicle,
        window=Window(start_tai_us=window_ns[0] // 1_000, end_tai_us=window_ns[1] // 1_000),
        launch_area=Circle(latitude_deg=p.place[0], longitude_deg=p.place[1], radius_km=15.0),
        azimuth_deg=None if terse() else bearing % 360.0, azimuth_tolerance_deg=tolerance,
        apogee_km=None if terse() else apogee,
        impact_area=None if terse() else Circle(
            latitude_deg=end[0], longitude_deg=end[1], radius_km=0.12 * p.reach_km + 60.0
        ),
    )  # fmt: skip
    return Notice(body.identifier, "there", Place("there", number, ""), body, window_ns[0] - 86_400 * SECOND_NS)


def event(rng: np.random.Generator, nature: Nature, number: int, how: str = "") -> Event:
    """One launch with the notices of the day: one about it or about its like, and others."""
    kinds = ["announced", "imitation", "near-miss", "elsewhere"]
    shares = [nature.announced, nature.imitation, nature.near_miss]
    how = how or str(rng.choice(kinds, p=[*shares, 1.0 - sum(shares)]))
    intended = plan(rng)
    t_ns = BEGIN_NS + int(rng.integers(0, 300 * 86_400)) * SECOND_NS
    length_s = float(np.exp(rng.uniform(math.log(3_600.0), math.log(10 * 86_400.0))))
    begin_ns = t_ns - round(float(rng.random()) * length_s * SECOND_NS)
    if how == "announced" and rng.random() < nature.late:
        begin_ns = t_ns - round((length_s + float(rng.uniform(1, 12)) * 3_600.0) * SECOND_NS)
    window = (begin_ns, begin_ns + round(length_s * SECOND_NS))
    notices = [noticed(rng, intended, window, nature, number)]
    others = range(int(rng.integers(0, 3)))
    notices += [noticed(rng, plan(rng), window, nature, number + 400 + extra) for extra in others]
    flown = _flown(rng, intended, nature, how)
    track = seen(rng, flown, t_ns, nature, f"watch-{number:04d}")
    return Event(track=track, notices=tuple(notices), benign=how == "announced", attack=how != "announced", how=how)


def _flown(rng: np.random.Generator, p: _Plan, nature: Nature, how: str) -> _Plan:
    """What really flies, given what was announced."""
    if how == "announced":
        away = abs(float(rng.standard_normal())) * nature.place_sigma_km * 1e3
        place = geodesy.direct(*p.place, float(rng.uniform(0, 360)), away)
        bearing = (p.bearing + nature.azimuth_sigma_deg * float(rng.standard_normal())) % 360.0
        apogee = p.apogee_km * math.exp(nature.apogee_sigma * float(rng.standard_normal()))
        return _Plan(place, bearing, p.reach_km * math.exp(0.03 * float(rng.standard_normal())), apogee, p.vehicle)
    place = p.place
    if how == "near-miss":
        place = geodesy.direct(*p.place, float(rng.uniform(0, 360)), float(rng.uniform(60e3, 300e3)))
    other = plan(rng, None if how == "elsewhere" else place)
    if rng.random() >= nature.aimed:
        return other
    distance, bearing = geodesy.inverse(*other.place, HOME.latitude_deg, HOME.longitude_deg)
    reach = min(max(distance / 1e3, 250.0), 6_000.0)
    return _Plan(other.place, bearing % 360.0, reach, max(0.25 * reach, 90.0), other.vehicle)


def stated(one: Event) -> float:
    """Probability that the officer's program states for "this is explained"."""
    return explained(match(one.track, one.notices, one.track.t_tai_ns, protected=(HOME,)))


def measure(seed: int, events: int, attacks: int, nature: Nature | None = None) -> Result:
    """Reliability and skill over random events, and real attacks explained away."""
    nature = nature or Nature()
    rng = np.random.default_rng(seed)
    drawn = [event(rng, nature, number) for number in range(events)]
    result = scored(seed, [(stated(one), one.benign) for one in drawn])
    for number in range(attacks):
        how = ("imitation", "near-miss", "elsewhere")[number % 3]
        said = stated(event(rng, Nature(aimed=1.0), number, how))
        result.attacks += 1
        result.explained_away += said >= EXPLAINED
        result.most_explained = max(result.most_explained, said)
    return result


def scored(seed: int, pairs: Sequence[tuple[float, bool]]) -> Result:
    """Deciles, the worst gap in one that holds at least 50 events, Brier score and skill against the base rate."""
    p, y = np.array([a for a, _ in pairs]), np.array([float(b) for _, b in pairs])
    result = Result(seed=seed, events=len(pairs))
    for k in range(10):
        inside = (p >= k / 10) & ((p < (k + 1) / 10) | (k == 9))
        if inside.any():
            mean, share = float(p[inside].mean()), float(y[inside].mean())
            result.deciles.append((k / 10, int(inside.sum()), round(mean, 4), round(share, 4)))
            if inside.sum() >= 50:
                result.worst = max(result.worst, abs(mean - share))
    result.brier = float(np.mean((p - y) ** 2))
    base = float(y.mean())
    result.skill = 1.0 - result.brier / (base * (1.0 - base)) if 0.0 < base < 1.0 else 0.0
    return result


def main(arguments: Sequence[str]) -> int:
    """Run and print. Exit 0 if the bars hold: 0.05 in every decile of 50, skill 0.5, no attack explained away."""
    reduced = "--reduced" in arguments
    result = measure(20300301, 200 if reduced else 2_000, 50 if reduced else 500)
    print(json.dumps(asdict(result), indent=1))
    return 0 if result.worst <= 0.05 and result.skill >= 0.5 and result.explained_away == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
