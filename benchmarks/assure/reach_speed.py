"""Reach evaluation side by side: ours, a vectorised NumPy Lambert solver, scipy's general solvers, the same cases.

    python benchmarks/assure/reach_speed.py

Each answers the same question for each case: can an arc no faster than V get to the point within the time? The
NumPy solver finds the arc's speed by bisection on Lambert's theorem, all cases at once; scipy integrates the motion
(solve_ivp) and finds the velocity with fsolve. Answers must agree.
"""

import json
import time
from math import sqrt

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.optimize import fsolve

from tocsin.assure.ballistic import reaches

Floats = NDArray[np.float64]
CASES, SLOW_CASES, SPEED = 1_000_000, 40, 0.8


@njit(cache=True)
def ours(radius: Floats, distance: Floats, left: Floats, speed: float) -> NDArray[np.bool_]:
    """reaches() over arrays."""
    out = np.empty(radius.shape[0], dtype=np.bool_)
    for n in range(radius.shape[0]):
        out[n] = reaches(speed, radius[n], distance[n], left[n])
    return out


def numpy_lambert(radius: Floats, distance: Floats, left: Floats, speed: float, rounds: int = 20) -> NDArray[np.bool_]:
    """Speed of the quickest arc within the time by vectorised bisection on 1/(2a), then compared."""
    s, q = 0.5 * (1.0 + radius + distance), 0.5 * (1.0 + radius - distance)

    def flight(x: Floats) -> Floats:
        alpha, beta = 2.0 * np.arcsin(np.sqrt(s * x)), 2.0 * np.arcsin(np.sqrt(q * x))
        return ((alpha - np.sin(alpha)) - (beta - np.sin(beta))) / (2.0 * x) ** 1.5

    low, high = np.full_like(s, 1e-6), 1.0 / s
    for _ in range(rounds):
        middle = 0.5 * (low + high)
        late = flight(middle) > left
        high, low = np.where(late, middle, high), np.where(late, low, middle)
    return np.sqrt(2.0 - 2.0 * low) <= speed


def scipy_shooting(radius: float, distance: float, left: float, speed: float) -> bool:
    """Velocity that arrives at the time, from general solvers; one case."""
    cosine = (1.0 + radius**2 - distance**2) / (2.0 * radius)
    target = np.array([radius * cosine, radius * sqrt(max(0.0, 1.0 - cosine**2))])

    def miss(velocity: Floats) -> Floats:
        def fall(_t: float, y: Floats) -> Floats:
            return np.concatenate([y[2:], -y[:2] / np.hypot(y[0], y[1]) ** 3])

        return solve_ivp(fall, (0.0, left), [1.0, 0.0, *velocity], rtol=1e-8, atol=1e-10).y[:2, -1] - target

    guess = (target - np.array([1.0, 0.0])) / left + np.array([0.5 * left, 0.0])
    found = fsolve(miss, guess, xtol=1e-8)
    return bool(np.hypot(*found) <= speed)


def main() -> None:
    """Time the three and print one JSON object a line."""
    generator = np.random.default_rng(5)
    radius = generator.uniform(1.03, 1.2, CASES)
    distance = (radius - 1.0) + generator.uniform(0.1, 0.4, CASES)
    left = generator.uniform(0.3, 0.55, CASES)
    ours(radius[:10], distance[:10], left[:10], SPEED)
    begin = time.process_time()
    mine = ours(radius, distance, left, SPEED)
    each = (time.process_time() - begin) / CASES
    begin = time.process_time()
    theirs = np.concatenate(
        [
            numpy_lambert(radius[n : n + 20_000], distance[n : n + 20_000], left[n : n + 20_000], SPEED)
            for n in range(0, CASES, 20_000)
        ]
    )
    each_numpy = (time.process_time() - begin) / CASES
    begin = time.process_time()
    slow = [scipy_shooting(radius[n], distance[n], left[n], SPEED) for n in range(SLOW_CASES)]
    each_scipy = (time.process_time() - begin) / SLOW_CASES
    rows = (
        ("NumPy Lambert solver", each_numpy, 10, float(np.mean(mine != theirs))),
        ("scipy solve_ivp and fsolve", each_scipy, 200, float(np.mean(mine[:SLOW_CASES] != slow))),
    )
    for against, other, bar, differing in rows:
        row = {
            "name": f"assure: reach evaluation against {against}",
            "ours_ns": round(each * 1e9, 1),
            "other_ns": round(other * 1e9, 1),
            "times": round(other / each),
            "differing_share": differing,
            "bar": f"at least {bar} times",
            "met": other >= bar * each and differing < 1e-4,
        }
        print(json.dumps(row))


if __name__ == "__main__":
    main()
