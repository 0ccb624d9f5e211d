"""What each way of releasing a track gives away about the radar, and what it costs the partner's picture.

One radar (50 m, 1 mrad, a look every 2 s, detection 0.9), one coasting object for 200 s, an exact filter, the real gate
(`release.track_drafts`, `publish`) and the real fusion of what came out. Per option: the bound on the radar's place,
noise and rate (`release.disclosure`, prior included); the error of an actual attack (maximum likelihood over the same
statements, from a start 300 km off); and the picture: position error of the shared picture at the time it is asked for,
over that of the radar's own filter, and its mean NEES / 6.

    python -m campaigns.disclosure [runs]      30 runs: some two minutes; prints a table
"""

import hashlib
import math
import sys
from dataclasses import dataclass, replace

import msgspec
import numpy as np
from scipy.optimize import least_squares

from tocsin import regime as regimes
from tocsin.fuse import Fold
from tocsin.regime import Regime
from tocsin.release import Context, Ledger, Released, publish, track_drafts
from tocsin.release.disclosure import Seen, disclosure, model, seen, six, whitener
from tocsin.track.bound import measurement_gradient
from tocsin.track.views import mount, view_of
from tocsin.wire.bodies import Tracklet
from tocsin.world import frames, geodesy, motion
from tocsin.world.exact import Array
from tocsin.world.observation import Radar
from tocsin.world.sensor import site_ecef
from tocsin.world.time import parse_utc

NS = 1_000_000_000
T0 = parse_utc("2026-03-20T12:00:00Z")
PERIOD_S, SECONDS = 2.0, 200
RADAR = Radar(
    id="radar", latitude_deg=45.0, longitude_deg=0.0, height_m=0.0, sigma_range_m=50.0, sigma_azimuth_rad=1e-3,
    sigma_elevation_rad=1e-3, range_max_m=5_000e3, elevation_min_rad=0.0, elevation_max_rad=1.5, azimuth_centre_rad=0.0,
    azimuth_halfwidth_rad=math.pi, period_s=PERIOD_S, detection_probability=0.9,
)  # fmt: skip
THETA = np.concatenate([site_ecef(RADAR), np.log([50.0, 1e-3, 0.9 / PERIOD_S])])


@dataclass(frozen=True)
class Option:
    """A way to release: terms of tracklets, a delay, and a part of the flight that is not told."""

    name: str
    terms: dict[str, float | bool]
    delay_s: float = 0.0
    untold_s: tuple[float, float] = (0.0, 0.0)


PLAIN: dict[str, float | bool] = {"min_interval_s": 5.0, "position_quantum_m": 0.01, "velocity_quantum_m_s": 1e-4}
COARSE: dict[str, float | bool] = {"position_quantum_m": 1_000.0, "velocity_quantum_m_s": 10.0, "coarsen": True}
OPTIONS = (
    Option("every increment, 5 s", PLAIN),
    Option("thinned to 30 s", PLAIN | {"min_interval_s": 30.0}),
    Option("thinned to 90 s", PLAIN | {"min_interval_s": 90.0}),
    Option("delayed by 60 s", PLAIN, delay_s=60.0),
    Option("coarsened, 1 km and 10 m/s", PLAIN | COARSE),
    Option("coarsened, inflated by 4", PLAIN | COARSE | {"inflation": 4.0}),
    Option("coarsened, thinned to 30 s", PLAIN | COARSE | {"min_interval_s": 30.0}),
    Option("fence: the first 100 s untold", PLAIN, untold_s=(0.0, 100.0)),
)


@dataclass
class Logged:
    """Stands for a verified entry."""

    origin: str
    index: int
    data: bytes
    sha256: str


@dataclass(frozen=True, eq=False)
class Picture:
    """What release needs of a tracker's picture."""

    t_tai_ns: int
    id: tuple[int, ...]
    state_eci: Array
    covariance_eci: Array
    existence: Array
    boost_probability: Array
    updated_t_tai_ns: Array
    sensors: tuple[tuple[str, ...], ...]


def regime_with(option: Option) -> Regime:
    """The shipped `joint`, its terms of tracklets changed."""
    joint = regimes.load(regimes.shipped("joint"), "joint")
    if joint.terms.tracklet is None:
        raise AssertionError("joint shares tracklets")
    terms = msgspec.structs.replace(joint.terms.tracklet, **option.terms)
    return replace(joint, terms=msgspec.structs.replace(joint.terms, tracklet=terms))


Row = tuple[int, Array, Array, Array]


def filtered(rng: np.random.Generator) -> list[Row]:
    """(time, truth, mean, covariance), inertial, after every look: an exact filter, linear about the truth."""
    place = geodesy.direct(45.0, 0.0, float(rng.uniform(0, 360)), float(rng.uniform(400e3, 900e3)))
    lat, lon = math.radians(place[0]), math.radians(place[1])
    course = float(rng.uniform(0, 2 * math.pi))
    enu = np.array([3_500.0 * math.sin(course), 3_500.0 * math.cos(course), 1_500.0])
    start = np.concatenate([frames.geodetic_to_ecef(lat, lon, 200e3), frames.enu_axes(lat, lon).T @ enu])
    truth = frames.ecef_to_eci(start, T0)
    covariance = np.diag([1_000.0] * 3 + [100.0] * 3) ** 2
    mean = truth + np.sqrt(np.diag(covariance)) * rng.standard_normal(6)
    mounted, found = mount(RADAR), []
    for k in range(1, int(SECONDS / PERIOD_S) + 1):
        t_ns = T0 + round(k * PERIOD_S * NS)
        mean, covariance = motion.propagate(mean, covariance, PERIOD_S, 1e-3)
        truth = motion.step(truth, PERIOD_S)
        if rng.random() < RADAR.detection_probability:
            h, variance = (a[0] for a in measurement_gradient(view_of(mounted, t_ns), truth[None]))
            innovation = h @ (truth - mean) + np.sqrt(variance) * rng.standard_normal(len(variance))
            gain = covariance @ h.T @ np.linalg.inv(h @ covariance @ h.T + np.diag(variance))
            mean, covariance = mean + gain @ innovation, covariance - gain @ h @ covariance
            covariance = 0.5 * (covariance + covariance.T)
        found.append((t_ns, truth, mean, covariance))
    return found


def released(option: Option, rows: list[Row]) -> tuple[list[Tracklet], list[float], list[float]]:
    """(statements, squared position errors of the shared picture over the own filter's, NEES / 6)."""
    regime, ledger, fold = regime_with(option), Ledger(), Fold()
    context = Context(
        party="west", partners=("east",), origin="exercise/west", own_origin="exercise/west/own", epoch=0,
        mode="exercise", authority="campaign", clock="simulated", now_tai_ns=T0 + 9_999 * NS,
    )  # fmt: skip
    told: list[Tracklet] = []
    ours, theirs, nees = [], [], []
    waiting: list[tuple[int, Logged]] = []
    for t_ns, truth, mean, covariance in rows:
        since_s = (t_ns - T0) / NS
        if not option.untold_s[0] <= since_s < option.untold_s[1]:
            sure, unlit, when = np.array([0.99]), np.zeros(1), np.array([t_ns])
            picture = Picture(t_ns, (1,), mean[None], covariance[None], sure, unlit, when, (("radar",),))
            for draft in track_drafts(picture, ledger, regime, context):
                outcome = publish(draft, regime, ledger, context)
                if not isinstance(outcome, Released) or not isinstance(outcome.body, Tracklet):
                    raise AssertionError(f"not released: {outcome}")
                index = len(told)
                data = outcome.data(index)
                ledger.add(outcome.group, outcome.statement(index))
                told.append(outcome.body)
                entry = Logged(context.origin, index, data, hashlib.sha256(data).hexdigest())
                waiting.append((t_ns + round(option.delay_s * NS), entry))
        fold.add([entry for due, entry in waiting if due <= t_ns])
        waiting = [(due, entry) for due, entry in waiting if due > t_ns]
        tracks = fold.picture(t_ns).tracks
        if since_s > 60.0 and tracks:
            error = frames.ecef_to_eci(tracks[0].state_ecef, t_ns) - truth
            spread = frames.covariance_to_eci(tracks[0].covariance_ecef, t_ns)
            ours.append(float((mean - truth)[:3] @ (mean - truth)[:3]))
            theirs.append(float(error[:3] @ error[:3]))
            nees.append(float(error @ np.linalg.solve(spread, error)) / 6.0)
    return told, [float(np.mean(theirs)) / float(np.mean(ours))] if ours else [], nees


def attack(gains: list[Seen], rng: np.random.Generator, start_m: float = 300e3) -> Array:
    """Maximum likelihood of theta, from a start that is `start_m` off and noises wrong by half."""
    away = start_m * rng.standard_normal(3) / math.sqrt(3.0)
    start = THETA + np.concatenate([away, 0.5 * rng.standard_normal(3)])
    scale = np.array([1e5, 1e5, 1e5, 1.0, 1.0, 1.0])

    white = [whitener(THETA, g) for g in gains]

    def residual(x: Array) -> Array:
        theta = x * scale
        pairs = zip(white, gains, strict=True)
        rows = [w @ (six(model(theta, g.place_ecef_m, g.seconds)) - six(g.gain)) for w, g in pairs]
        prior = (theta - THETA) / np.array([3e6] * 3 + [1.0] * 3)
        return np.concatenate([*rows, prior])

    return np.asarray(least_squares(residual, start / scale, method="lm", max_nfev=400).x * scale)


def measure(option: Option, runs: int, seed: int = 1) -> dict[str, float]:
    """One row of the table: over runs, root mean squares of the bound and the picture, median of the attack."""
    bounds, errors, ratios, nees, counts = [], [], [], [], []
    for number in range(runs):
        rng = np.random.default_rng([seed, number])
        told, ratio, squares = released(option, filtered(rng))
        inflation = float(option.terms.get("inflation", 1.0))
        gains = seen(told, inflation)
        counts.append(len(told))
        ratios += ratio
        nees += squares
        if not gains:
            continue
        bound = disclosure(THETA, gains)
        found = attack(gains, rng) - THETA
        up = THETA[:3] / np.linalg.norm(THETA[:3])
        flat = found[:3] - up * (up @ found[:3])
        bounds.append([bound.place_km, bound.range_noise, bound.angle_noise, bound.rate])
        errors.append([float(np.linalg.norm(flat)) / 1e3, *np.abs(found[3:]).tolist()])
    place = np.sqrt(np.mean(np.square(bounds), axis=0)) if bounds else np.full(4, np.nan)
    actual = np.median(errors, axis=0) if errors else np.full(4, np.nan)  # a start may lead astray
    return {
        "statements": float(np.mean(counts)),
        "place_km_bound": float(place[0]), "place_km_attack": float(actual[0]),
        "range_noise_bound": float(place[1]), "angle_noise_bound": float(place[2]), "rate_bound": float(place[3]),
        "picture_error_over_own": math.sqrt(float(np.mean(ratios))) if ratios else math.nan,
        "picture_nees": float(np.mean(nees)) if nees else math.nan,
    }  # fmt: skip


def main(arguments: list[str]) -> None:
    """Print the table."""
    runs = int(arguments[0]) if arguments else 30
    head = "| way of releasing | statements | place, bound km | place, attack km | range noise | angle noise | rate |"
    head += " picture / own | NEES / 6 |"
    sys.stdout.write(head + "\n|" + "---|" * 9 + "\n")
    for option in OPTIONS:
        row = measure(option, runs)
        cells = [f"{row['statements']:.0f}", *(f"{row[name]:.3g}" for name in row if name != "statements")]
        sys.stdout.write(f"| {option.name} | {' | '.join(cells)} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
