"""Scenarios that our tracker and its peers are given alike: flat axes, one radar at the origin, one scan a second.

Axes x north, y east, z up, metres. A detection is (elevation, azimuth from x towards y, range) with one sigma of
1 mrad, 1 mrad and 20 m; detection probability 0.9. Everything follows from the seed.

plain   objects on nearly straight lines, far apart, clutter 0.3 an object and scan: what every tracker does well
hard    crossing tracks, salvos a few sigma apart, manoeuvres, late births, clutter tenfold, half of it in patches
four    four objects side by side, three sigma of azimuth apart

The hard ones were written before the tracker was tuned on them. Seeds below 1000 judge; tuning uses those from 1000.
"""

from dataclasses import dataclass, field

import numpy as np

SCANS = 60
DETECTED = 0.9
SIGMA = np.array([1e-3, 1e-3, 20.0])
LOW = np.array([0.0, np.deg2rad(-75.0), 10e3])
HIGH = np.array([np.deg2rad(80.0), np.deg2rad(75.0), 200e3])
GRAVITY_M_S2 = 9.81
CUTOFF_M = 1000.0


@dataclass(frozen=True)
class World:
    """truth (scans, n, 3) positions; alive (scans, n); scans: detections (m, 3); clutter a scan.

    origins: of each scan whose detections they are, -1 for clutter; empty where it was not kept.
    """

    truth: np.ndarray
    alive: np.ndarray
    scans: list
    clutter: float
    origins: list = field(default_factory=list)

    def objects(self, k):
        """(numbers, positions) of what is alive at scan k."""
        names = np.flatnonzero(self.alive[k])
        return names, self.truth[k, names]


def polar(p):
    """(..., 3) elevation, azimuth, range of positions."""
    r = np.sqrt(np.sum(p * p, axis=-1))
    return np.stack([np.arcsin(p[..., 2] / r), np.arctan2(p[..., 1], p[..., 0]), r], axis=-1)


def cartesian(e, a, r):
    return np.stack([r * np.cos(e) * np.cos(a), r * np.cos(e) * np.sin(a), r * np.sin(e)], axis=-1)


def inside(p):
    """Whether a whole trajectory (scans, 3) stays in the radar's field."""
    z = polar(p)
    return bool(((z > LOW) & (z < HIGH)).all())


def course(speed, heading, climb=0.0):
    """Velocity (3,)."""
    level = speed * np.cos(climb)
    return np.array([level * np.cos(heading), level * np.sin(heading), speed * np.sin(climb)])


def scanned(truth, alive, clutter, rng, origins=None):
    """Detections of every scan, in random order; `clutter` draws the false ones; `origins` takes whose they are."""
    scans = []
    for p, there in zip(truth, alive, strict=True):
        seen = there & (rng.random(len(there)) < DETECTED)
        z = polar(p[seen]) + rng.standard_normal((int(seen.sum()), 3)) * SIGMA
        false = clutter()
        z, order = np.concatenate([z, false]), rng.permutation(len(z) + len(false))
        scans.append(z[order])
        if origins is not None:
            origins.append(np.concatenate([np.flatnonzero(seen), np.full(len(false), -1)])[order])
    return scans


def plain(n, seed):
    """`n` objects with white acceleration of 1 m2/s3, 200 to 1500 m/s; a fifth of them ends before the run does."""
    rng = np.random.default_rng(seed)
    root = np.linalg.cholesky(np.array([[1 / 3, 1 / 2], [1 / 2, 1.0]]))
    truth = np.empty((SCANS, n, 3))
    done = 0
    while done < n:
        r, a = rng.uniform(40e3, 120e3), rng.uniform(-1.05, 1.05)
        e, speed = rng.uniform(*np.deg2rad([5, 50])), rng.uniform(200, 1500)
        heading, climb = rng.uniform(0, 2 * np.pi), rng.uniform(*np.deg2rad([-20, 20]))
        p, v = cartesian(e, a, r), course(speed, heading, climb)
        kicks = rng.standard_normal((SCANS, 3, 2)) @ root.T
        line = np.empty((SCANS, 3))
        for k in range(SCANS):
            line[k] = p
            p, v = p + v + kicks[k, :, 0], v + kicks[k, :, 1]
        if inside(line):
            truth[:, done] = line
            done += 1
    birth = rng.integers(0, 11, n)
    death = np.where(rng.random(n) < 0.2, rng.integers(40, 56, n), SCANS)
    k = np.arange(SCANS)[:, None]
    alive = (k >= birth) & (k < death)
    rate = max(10.0, 0.3 * n)
    return World(truth, alive, scanned(truth, alive, lambda: rng.uniform(LOW, HIGH, (rng.poisson(rate), 3)), rng), rate)


def straight(p, v, at):
    """(scans, 3): a straight line that is at p at scan `at`."""
    return p + (np.arange(SCANS) - at)[:, None] * v


def somewhere(rng, near=50e3, far=110e3):
    return cartesian(rng.uniform(*np.deg2rad([8, 35])), rng.uniform(-0.9, 0.9), rng.uniform(near, far))


def crossing(rng, least=10.0, most=40.0):
    """Two straight lines through nearly one point at one instant, 10 to 40 degrees apart: 2, scans, 3."""
    at, p = rng.uniform(20, 45), somewhere(rng)
    heading, angle = rng.uniform(0, 2 * np.pi), rng.uniform(*np.deg2rad([least, most]))
    aside = rng.standard_normal(3)
    aside *= 2e-3 * np.linalg.norm(p) / np.linalg.norm(aside)  # two sigma of angle
    speeds = rng.uniform(250, 600, 2)
    return [straight(p + s * aside, course(speeds[s], heading + s * angle), at) for s in range(2)]


def salvo(rng, n=4):
    """`n` straight lines side by side, three to five sigma of angle apart, the same velocity to 1 m/s."""
    p = somewhere(rng)
    heading = rng.uniform(0, 2 * np.pi)
    v = course(rng.uniform(400, 1200), heading, rng.uniform(-0.1, 0.1))
    gap = rng.uniform(3, 5) * 1e-3 * np.linalg.norm(p)
    across = gap * np.array([-np.sin(heading), np.cos(heading), 0.0])
    return [straight(p + i * across, v + rng.standard_normal(3), 30.0) for i in range(n)]


def turning(rng):
    """One object of 200 to 400 m/s that flies straight, and turns at three to six g for 5 to 12 s, again and again."""
    p, speed, heading = somewhere(rng), rng.uniform(200, 400), rng.uniform(0, 2 * np.pi)
    line, left, rate = np.empty((SCANS, 3)), rng.uniform(5, 15), 0.0
    for k in range(SCANS):
        line[k] = p
        for _ in range(20):
            p = p + course(speed, heading) / 20
            heading += rate / 20
        left -= 1.0
        if left <= 0.0 and rate == 0.0:
            rate = rng.choice([-1.0, 1.0]) * rng.uniform(3, 6) * GRAVITY_M_S2 / speed
            left = rng.uniform(5, 12)
        elif left <= 0.0:
            rate, left = 0.0, rng.uniform(5, 15)
    return line


def tried(draw, rng):
    """Draw until all of it stays in the field."""
    while True:
        lines = draw(rng)
        if all(inside(line) for line in lines):
            return lines


def hard(seed):
    """8 crossings, 3 salvos of 4, 12 turning objects, 8 others; 144 false detections a scan."""
    rng = np.random.default_rng(seed)
    groups = [tried(crossing, rng) for _ in range(8)] + [tried(salvo, rng) for _ in range(3)]
    groups += [tried(lambda r: [turning(r)], rng) for _ in range(12)]
    groups += [tried(lambda r: [straight(somewhere(r), course(r.uniform(200, 1500), r.uniform(0, 7)), 30)], rng)
               for _ in range(8)]  # fmt: skip
    truth = np.stack([line for group in groups for line in group], axis=1)
    n = truth.shape[1]
    together = np.concatenate([np.full(len(g), rng.integers(0, 26)) for g in groups])
    birth = together + rng.integers(0, 3, n)
    death = np.where(rng.random(n) < 0.25, rng.integers(35, 56, n), SCANS)
    k = np.arange(SCANS)[:, None]
    alive = (k >= birth) & (k < death)
    rate = 10.0 * max(10.0, 0.3 * n)
    patches = np.stack([cartesian(*z) for z in rng.uniform([0.1, -1.0, 50e3], [0.6, 1.0, 110e3], (4, 3))])
    half = np.array([0.15, 0.15, 20e3])

    def clutter():
        flat = rng.uniform(LOW, HIGH, (rng.poisson(rate / 2), 3))
        centre = polar(patches)[rng.integers(0, len(patches), rng.poisson(rate / 2))]
        return np.concatenate([flat, np.clip(centre + rng.uniform(-half, half, centre.shape), LOW, HIGH)])

    return World(truth, alive, scanned(truth, alive, clutter, rng), rate)


def crossings(seed):
    """12 crossings of two straight lines at 1 to 6 degrees, and nothing else but 30 false detections a scan."""
    rng = np.random.default_rng(seed)
    groups = [tried(lambda r: crossing(r, 1.0, 6.0), rng) for _ in range(12)]
    truth = np.stack([line for group in groups for line in group], axis=1)
    alive = np.ones(truth.shape[:2], bool)

    def clutter():
        return rng.uniform(LOW, HIGH, (rng.poisson(30.0), 3))

    return World(truth, alive, scanned(truth, alive, clutter, rng), 30.0)


def four(seed, scans=40, spread_m_s=0.0):
    """Four objects side by side at 80 km, three sigma of azimuth apart, 500 m/s on one course; clutter 10 a scan.

    spread_m_s: one sigma of their velocities around the common one.
    """
    rng = np.random.default_rng(seed)
    e, heading = np.deg2rad(20.0), rng.uniform(0, 2 * np.pi)
    place = cartesian(np.full(4, e), np.arange(-1.5, 2.0) * 3e-3, np.full(4, 80e3))
    velocity = course(500.0, heading) + np.zeros((4, 3))
    if spread_m_s:
        velocity += spread_m_s * rng.standard_normal((4, 3))
    truth = place + (np.arange(scans) - 20.0)[:, None, None] * velocity
    alive = np.ones((scans, 4), bool)
    origins = []
    scans = scanned(truth, alive, lambda: rng.uniform(LOW, HIGH, (rng.poisson(10.0), 3)), rng, origins)
    return World(truth, alive, scans, 10.0, origins)
