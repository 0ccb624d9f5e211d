"""RMSE against the run-conditional Cramer-Rao bound, and consistency, of the filter kernels. One JSON line a case.

One coasting object (200 km high, 900 km away, 4 km/s, flight path 30 degrees, closing) seen once a second for 300 s by
one radar at 45 N with detection probability 0.9 and known association.

    python -m benchmarks.track.accuracy [runs [cases]]      default 300 ABCDFE
    python -m benchmarks.track.accuracy 300 ADFE --unscented        the unscented update, without windows
"""

import math
import sys

import numpy as np

from benchmarks.track._show import show
from tocsin.track import birth, life
from tocsin.track.bound import conditional_bound, information
from tocsin.track.jit import LANES
from tocsin.track.mixing import combine_tiles, predict_tiles
from tocsin.track.pool import Pool
from tocsin.track.settings import BOOST, HARD_BOOST, Mode, TrackerSettings
from tocsin.track.tiles import STATE
from tocsin.track.updating import update_tiles
from tocsin.track.views import mount, view_of
from tocsin.track.windows import Windows
from tocsin.world.constants import MEAN_RADIUS_M
from tocsin.world.motion import process_noise, step
from tocsin.world.observation import Radar

T0_NS = 1_500_000_000 * 10**9
SPEED_SIGMA = 1500.0
# sigma range m, sigma angle rad, acceleration density m2/s3, start
CASES = {
    "A": (20.0, 1e-3, 0.0, "prior"),
    "B": (20.0, 1e-3, 1e-2, "prior"),
    "C": (20.0, 1e-3, 0.0, "one point"),
    "D": (5.0, 2e-4, 1e-3, "one point"),
    "E": (1.0, 5e-3, 1e-3, "one point"),
    "F": (5.0, 2e-3, 1e-3, "one point"),
}


def radar(sigma_range, sigma_angle):
    return Radar(
        id="r", latitude_deg=45.0, longitude_deg=0.0, height_m=0.0, sigma_range_m=sigma_range,
        sigma_azimuth_rad=sigma_angle, sigma_elevation_rad=sigma_angle, range_max_m=5e6, elevation_min_rad=0.0,
        elevation_max_rad=1.5, azimuth_centre_rad=0.0, azimuth_halfwidth_rad=math.pi, period_s=1.0,
        detection_probability=0.9,
    )  # fmt: skip


def first_truth(view):
    """(6,) inertial state: to the north of the radar, flying back to it and 0.15 rad to the east."""
    east, _, up = np.array(view.axes).reshape(3, 3)
    north = np.array(view.axes).reshape(3, 3)[1]
    c = 900e3 / MEAN_RADIUS_M
    out = up * math.cos(c) + north * math.sin(c)
    back = -(north * math.cos(c) - up * math.sin(c))
    back = back * math.cos(0.15) + east * math.sin(0.15)
    velocity = 4000.0 * (math.cos(math.radians(30)) * back + math.sin(math.radians(30)) * out)
    return np.concatenate([(6378137.0 + 200e3) * out, velocity])


def polar(view, state):
    """(n, 4) true range, azimuth, elevation, range rate."""
    e = (state[:, :3] - np.array(view.site)) @ np.array(view.axes).reshape(3, 3).T
    r = np.sqrt(np.sum(e * e, axis=1))
    unit = (state[:, :3] - np.array(view.site)) / r[:, None]
    rate = np.sum(unit * (state[:, 3:] - np.array(view.site_velocity)), axis=1)
    return np.stack([r, np.arctan2(e[:, 0], e[:, 1]), np.arcsin(e[:, 2] / r), rate], axis=1)


class Run:
    """Truth, detections and bound of one case; rows are runs, index 0 is the start."""

    def __init__(self, case, runs, seconds=300, seed=0):
        sr, sa, q, start = CASES[case]
        rng = np.random.default_rng(seed)
        m = mount(radar(sr, sa))
        self.q, self.views = q, [view_of(m, T0_NS + k * 10**9) for k in range(seconds + 1)]
        base = first_truth(self.views[0])
        self.prior = np.diag([1000.0**2] * 3 + [100.0**2] * 3)
        spread = rng.normal(size=(runs, 6)) * np.sqrt(np.diag(self.prior)) * (start == "prior")
        truth = [base + spread]
        noise = np.linalg.cholesky(process_noise(1.0, q) + 1e-18 * np.eye(6)) * (q > 0.0)
        for _ in range(seconds):
            truth.append(step(truth[-1], 1.0) + rng.normal(size=(runs, 6)) @ noise.T)
        self.truth = np.array(truth)
        sigma = np.array([sr, sa, sa, 0.0])
        self.z = np.array([polar(v, x) for v, x in zip(self.views, truth, strict=True)])
        self.z = self.z + rng.normal(size=self.z.shape) * sigma
        self.detected = rng.random((seconds + 1, runs)) < 0.9
        if start == "prior":
            self.mean, self.covariance = np.repeat(base[None], runs, 0), np.repeat(self.prior[None], runs, 0)
            first = np.repeat(np.linalg.inv(self.prior)[None], runs, 0)
        else:
            settings = TrackerSettings(birth_speed_sigma_m_s=SPEED_SIGMA)
            self.mean, self.covariance = birth.from_radar(self.views[0], self.z[0], settings)
            self.mean[:, 3:] = 0.8 * base[3:]
            first = information(self.views[0], self.truth[0])
            first[:, 3:, 3:] += np.eye(3) / SPEED_SIGMA**2
        self.bound = conditional_bound(self.views, self.truth, 1.0, q, first, self.detected)


def lanes(run, windows=None, points=None):
    """Estimates of the tracker's own kernels with one mode: (means (k, n, 6), covariances (k, n, 6, 6))."""
    runs = run.truth.shape[1]
    pool = Pool(runs)
    slots = pool.take(runs)
    pool.count[life.STAGE, slots] = life.CONFIRMED
    life.plant(pool.bank, pool.odds, slots, run.mean, run.covariance, np.array([1.0, 0.0, 0.0]))
    table = np.array([[0.0, 0.0, run.q, run.q, 0.0, 0.0, 0.0]] * 3)
    means, covariances = [run.mean], [run.covariance]
    tiles = pool.tiles
    if windows is not None:
        windows.begin(run.views[0], run.z[0], slots, T0_NS)
        for slot, window in windows._open.items():
            window.line[0, 3:] = window.prior[0, 3:] = run.mean[slot, 3:]
    for k in range(1, len(run.truth)):
        predict_tiles(pool.bank, tiles, table, 1.0, 1)
        chosen = np.where(run.detected[k], np.arange(runs), -1)
        life.gather(tiles, slots, chosen, run.z[k], pool.measured)
        update_tiles(pool.bank, tiles, run.views[k], pool.measured, pool.fit, None, points)
        if windows is not None:
            windows.follow(pool, run.views[k], run.z[k], slots, chosen, T0_NS + k * 10**9)
        mean = np.empty((tiles, STATE, LANES))
        combine_tiles(pool.bank, pool.odds, tiles, mean)
        x, p = np.empty((runs, 6)), np.empty((runs, 6, 6))
        life.extract(mean, pool.odds, np.zeros(3), slots, x, p, np.empty(runs), np.empty(runs, bool))
        means.append(x)
        covariances.append(p)
    return np.array(means), np.array(covariances)


def tracked(run):
    """Like `lanes`, with the windows that the tracker opens for a sharp lens."""
    modes = (Mode(name="coast", noise_across_m2_s3=run.q, noise_along_m2_s3=run.q), BOOST, HARD_BOOST)
    windows = Windows(TrackerSettings(modes=modes, birth_speed_sigma_m_s=SPEED_SIGMA))
    return lanes(run, windows)


def judge(run, means, covariances):
    """Ratios of position and velocity RMSE to the bound over k >= 50, and NEES / 6 at some instants."""
    error = means - run.truth
    out = {}
    for name, part in (("position", slice(0, 3)), ("velocity", slice(3, 6))):
        rmse2 = np.mean(np.sum(error[..., part] ** 2, axis=-1), axis=1)
        bound2 = np.mean(np.trace(run.bound[..., part, part], axis1=-2, axis2=-1), axis=1)
        out[f"{name}_ratio"] = round(float(np.sqrt(np.mean((rmse2 / bound2)[50:]))), 4)
        if name == "position":
            out["early_ratio"] = {k: round(float(np.sqrt(rmse2[k] / bound2[k])), 3) for k in (2, 5, 10, 20)}
    nees = np.einsum("kni,knij,knj->kn", error, np.linalg.inv(covariances), error) / 6.0
    at = [k for k in (2, 5, 10, 20, 50, 100, 200, 300) if k < len(nees)]
    out["nees"] = {k: round(float(np.mean(nees[k])), 3) for k in at}
    out["nees_50_300"] = round(float(np.mean(nees[50:])), 4)
    return out


def main():
    words = [a for a in sys.argv[1:] if not a.startswith("--")]
    runs = int(words[0]) if words else 300
    cases = words[1] if len(words) > 1 else "ABCDFE"
    unscented = "--unscented" in sys.argv
    for case in cases:
        run = Run(case, runs)
        found = judge(run, *(lanes(run, points=True) if unscented else tracked(run)))
        bar = None if unscented else 1.10 if case == "E" else 1.05
        kind = ", unscented and without windows" if unscented else ""
        show(f"case {case}{kind}, position error over bound", found["position_ratio"], "", bar, runs=runs, **found)
        off = abs(found["nees_50_300"] - 1.0)
        show(f"case {case}{kind}, mean NEES / 6 away from 1", off, "", None if unscented else 0.05, runs=runs)


if __name__ == "__main__":
    main()
