"""Do the 95 % ellipses of launch and impact hold the truth, and are they as small as can be?

Each run draws a vehicle (one to three stages, burn, tilt, ballistic coefficients, site, bearing), flies it in
`sim.flight` (stages, U.S. Standard Atmosphere, gravity to J4: not the estimator's model), watches it with two infrared
satellites and a radar through one tracker, and asks for launch and impact at three moments: 30 s after acquisition (the
first confirmed picture; a motor mostly burns), 30 s after burnout, and apogee.

`inside` is the share of runs with the truth in the ellipse, with its 95 % interval; `area` the median and the mean
logarithmic ratio of the ellipse's area to the bound's: the run-conditional Cramer-Rao bound of the state, mode known,
put through the same forecast, with the distribution from which the truth's drag is drawn instead of the prior. Whether
a stage follows is the future's and no part of the state: until 20 s after the burn both take it for possible.

    python -m campaigns.ellipses [runs] [first] [processes]     2,000 runs from 0 on two processes; prints JSON

Finished runs stand in build/campaigns/ellipses.jsonl; a run that was broken off is gone on with.
"""

import json
import math
import sys
from dataclasses import asdict, dataclass

import numpy as np

from campaigns import pieces
from campaigns.bounds import Bound
from tocsin.fuse.predict import STAGING_NS
from tocsin.release.estimates import phases_of
from tocsin.release.settings import TrackletSettings
from tocsin.sim.flight import FlightDesign, FlightError, Stage, Steering, Trajectory, fly
from tocsin.sim.sensing import Flown, Watching, scans
from tocsin.track import Picture, Tracker
from tocsin.world import frames, geodesy
from tocsin.world.ends import CHI2_95_2, End
from tocsin.world.forecast import Drag, expected_impact
from tocsin.world.observation import Infrared, Radar, Sensor
from tocsin.world.origin import expected_launch
from tocsin.world.plane import offset
from tocsin.world.time import parse_utc

NS = 1_000_000_000
T0 = parse_utc("2026-03-20T12:00:00Z")
REENTRY_KG_M2 = (800.0, 10_000.0)  # even in the logarithm
MOMENTS = ("acquisition + 30 s", "burnout + 30 s", "apogee")
SETTINGS = TrackletSettings()


def true_drag() -> Drag:
    """The distribution of the truth's drag, by Gauss-Legendre nodes of three points."""
    low, high = (math.log(x) for x in REENTRY_KG_M2)
    nodes, weights = np.polynomial.legendre.leggauss(3)
    values = tuple(float(math.exp(0.5 * (low + high) + 0.5 * (high - low) * x)) for x in nodes)
    return Drag(values, tuple(float(w) / 2.0 for w in weights))


TRUE_DRAG = true_drag()


def draw(rng: np.random.Generator) -> FlightDesign:
    """A vehicle: burnout speed of 1.5 to 6.8 km/s, even in its logarithm, by one to three stages."""
    speed = math.exp(rng.uniform(math.log(1_500.0), math.log(6_800.0)))
    stages = 1 if speed < 2_500.0 else int(rng.choice([1, 2, 3], p=[0.35, 0.4, 0.25]))
    burns, shares = rng.uniform(45.0, 85.0, stages), rng.dirichlet(np.full(stages, 12.0))
    ignition_s, made = 0.0, []
    for burn_s, share in zip(burns, shares, strict=True):
        gained = (speed + 0.75 * 9.8 * float(burns.sum())) * float(share)
        exhaust = float(rng.uniform(2_300.0, 2_900.0))
        made.append(Stage(ignition_s=ignition_s, burn_s=float(burn_s), delta_v_m_s=gained, exhaust_m_s=exhaust))
        ignition_s += float(burn_s) + float(rng.uniform(0.5, 4.0))
    steering = Steering(
        azimuth_deg=float(rng.uniform(0.0, 360.0)), tilt_deg=float(rng.uniform(30.0, 65.0)),
        start_s=float(rng.uniform(3.0, 10.0)), end_s=float(rng.uniform(0.5, 0.95)) * made[-1].burnout_s,
    )  # fmt: skip
    return FlightDesign(
        latitude_deg=float(rng.uniform(-60.0, 65.0)), longitude_deg=float(rng.uniform(-180.0, 180.0)),
        stages=tuple(made), steering=steering, ascent_kg_m2=float(rng.uniform(5e3, 15e3)),
        reentry_kg_m2=math.exp(rng.uniform(*(math.log(x) for x in REENTRY_KG_M2))),
    )  # fmt: skip


def sensors(flown: Trajectory, rng: np.random.Generator) -> tuple[Sensor, ...]:
    """Two satellites that see the launch from different sides, and a radar 200 to 700 km from it."""
    latitude, longitude = flown.launch
    found: list[Sensor] = []
    for number, (west, east) in enumerate(((-50.0, -10.0), (10.0, 50.0))):
        turn = float(rng.uniform(west, east))
        place = frames.geodetic_to_ecef(0.0, math.radians(longitude + turn), 35_786e3)
        found.append(
            Infrared(
                id=f"infrared-{number}", position_ecef_m=(float(place[0]), float(place[1]), float(place[2])),
                sigma_angle_rad=60e-6, plume_height_min_m=10e3, period_s=10.0, detection_probability=0.95,
            )
        )  # fmt: skip
    spot = geodesy.direct(latitude, longitude, float(rng.uniform(0, 360)), float(rng.uniform(200e3, 700e3)))
    found.append(
        Radar(
            id="radar", latitude_deg=spot[0], longitude_deg=spot[1], height_m=0.0, sigma_range_m=50.0,
            sigma_azimuth_rad=1e-3, sigma_elevation_rad=1e-3, range_max_m=5_000e3,
            elevation_min_rad=math.radians(3.0), elevation_max_rad=math.radians(85.0), azimuth_centre_rad=0.0,
            azimuth_halfwidth_rad=math.pi, period_s=4.0, detection_probability=0.9,
        )
    )  # fmt: skip
    return tuple(found)


@dataclass(frozen=True)
class Judged:
    """One ellipse against the truth: squared distance by its covariance, error, area, the bound's area; km, km2.

    `late` is the error in time by its own sigma."""

    distance2: float
    error_km: float
    area_km2: float
    bound_km2: float
    late: float


def area_km2(end: End) -> float:
    """Area of the 95 % ellipse."""
    return math.pi * CHI2_95_2 * math.sqrt(float(np.linalg.det(end.covariance_en_m2))) / 1e6


def judged(end: End | None, bound: End | None, truth: tuple[float, float], t_tai_ns: int) -> Judged | None:
    """None where there is no ellipse."""
    if end is None or bound is None:
        return None
    d = np.array(offset((end.latitude_deg, end.longitude_deg), truth))
    distance2 = float(d @ np.linalg.solve(end.covariance_en_m2, d))
    late = (t_tai_ns - end.t_tai_ns) / NS / end.time_sigma_s
    return Judged(distance2, float(np.hypot(*d)) / 1e3, area_km2(end), area_km2(bound), late)


def run(seed: int) -> dict[str, Judged | None] | None:
    """Launch and impact at the three moments of one flight; None if the drawn vehicle does not make one."""
    rng = np.random.default_rng([2026, seed])
    try:
        flown = fly(draw(rng))
    except FlightError:
        return None
    watching = sensors(flown, rng)
    seen = scans(
        [Flown(truth=flown, launch_tai_ns=T0)], [Watching(sensor=s) for s in watching], T0,
        T0 + round((flown.apogee_s + 5.0) * NS), rng,
    )  # fmt: skip
    tracker, bound, seen_burning = Tracker("west", watching), Bound(flown, T0), [0]
    due = {"burnout + 30 s": flown.burnout_s + 30.0, "apogee": flown.apogee_s}
    found: dict[str, Judged | None] = {}
    for scan in seen:
        t_s = (scan.t_tai_ns - T0) / NS
        for moment in [name for name, at in due.items() if at <= t_s]:
            found.update(_look(tracker, bound, flown, moment, due.pop(moment), seen_burning[0]))
        picture = tracker.step(scan)
        bound.take(scan)
        if len(picture) and _burning(picture, 0):
            seen_burning[0] = picture.t_tai_ns
        if len(picture) and not found and "acquisition + 30 s" not in due:
            due = {"acquisition + 30 s": t_s + 30.0, **due}
    return found


def _burning(picture: Picture, row: int) -> bool:
    """As a released track's phase would say it."""
    means, odds = picture.state_eci[row : row + 1], picture.boost_probability[row : row + 1]
    return phases_of(means, picture.t_tai_ns, odds, SETTINGS)[0] == "boost"


def _look(
    tracker: Tracker, bound: Bound, flown: Trajectory, moment: str, at_s: float, burnt_t_tai_ns: int
) -> dict[str, Judged | None]:
    """Both ellipses at a moment, from the tracker's picture and from the bound."""
    t_ns = T0 + round(at_s * NS)
    picture = tracker.picture(t_ns)
    ends: dict[str, Judged | None] = {f"launch, {moment}": None, f"impact, {moment}": None}
    if not len(picture):
        return ends
    true = bound.state(at_s)
    best = int(np.argmin(np.linalg.norm(picture.state_eci[:, :3] - true[:3], axis=1)))
    mean, covariance = picture.state_eci[best], picture.covariance_eci[best]
    burning = _burning(picture, best) or t_ns - burnt_t_tai_ns < STAGING_NS
    least, burns = bound.to(at_s), at_s < flown.burnout_s + STAGING_NS / NS
    ends[f"launch, {moment}"] = judged(
        expected_launch(mean, covariance, t_ns, burning=burning), expected_launch(true, least, t_ns, burning=burns),
        flown.launch, T0,
    )  # fmt: skip
    ends[f"impact, {moment}"] = judged(
        expected_impact(mean, covariance, t_ns, burning=burning),
        expected_impact(true, least, t_ns, burning=burns, drag=TRUE_DRAG),
        flown.impact, T0 + round(flown.flight_s * NS),
    )  # fmt: skip
    return ends


def summary(results: list[dict[str, Judged | None]]) -> dict[str, dict[str, object]]:
    """A row an ellipse and moment."""
    table: dict[str, dict[str, object]] = {}
    for name in [f"{what}, {moment}" for what in ("launch", "impact") for moment in MOMENTS]:
        held = [result[name] for result in results if name in result]
        good = [one for one in held if one is not None]
        if not good:
            continue
        inside = float(np.mean([one.distance2 <= CHI2_95_2 for one in good]))
        ratio = np.log([one.area_km2 / one.bound_km2 for one in good])
        table[name] = {
            "runs": len(good),
            "without": len(held) - len(good),
            "inside": round(inside, 4),
            "interval": round(1.96 * math.sqrt(inside * (1.0 - inside) / len(good)), 4),
            "area_over_bound_median": round(float(np.exp(np.median(ratio))), 3),
            "area_over_bound_mean": round(float(np.exp(np.mean(ratio))), 3),
            "error_km_median": round(float(np.median([one.error_km for one in good])), 2),
            "area_km2_median": round(float(np.median([one.area_km2 for one in good])), 1),
            "time_error_in_sigmas": round(float(np.sqrt(np.mean([one.late**2 for one in good]))), 2),
        }
    return table


def piece(seed: pieces.Piece) -> pieces.Result:
    """One run as JSON."""
    found = run(int(seed))
    return found and {name: one and asdict(one) for name, one in found.items()}


def unpacked(results: dict[pieces.Piece, pieces.Result]) -> list[dict[str, Judged | None]]:
    """Runs that flew, back from JSON."""
    flown = [one for one in results.values() if isinstance(one, dict)]
    return [{name: Judged(**one) if one else None for name, one in found.items()} for found in flown]


def main(arguments: list[str]) -> None:
    """Run and print."""
    runs, first, processes = (int(a) for a in (*arguments, *("2000", "0", "2")[len(arguments) :]))

    def told(results: dict[pieces.Piece, pieces.Result]) -> str:
        return str({name: row["inside"] for name, row in summary(unpacked(results)).items()})

    key = pieces.program(("world", "track", "sim", "release", "fuse"), __file__)
    path = pieces.BUILD / "ellipses.jsonl"
    results = unpacked(pieces.play(piece, range(first, first + runs), path, key, processes, told))
    sys.stdout.write(json.dumps({"runs": len(results), "table": summary(results)}, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
