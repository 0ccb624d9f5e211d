"""Gaussian estimates of one object in inertial axes, and the few things fusion does with them.

Only `world.exact` and `world.motion`: the same bits alone, in a batch and on every machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tocsin.fuse.limits import NEGATIVE_PART, NS_PER_S, RADIUS_MAX_M, RADIUS_MIN_M, SPEED_MAX_M_S
from tocsin.fuse.small import inverse, positive
from tocsin.world.exact import Array, det6, matvec6
from tocsin.world.motion import propagate

_SPEED_ECI_MAX_M_S = 1.5 * SPEED_MAX_M_S  # what is within bounds over the turning Earth, with room to spare
_GRID = 9  # points of one pass of the search for the intersection's weight
_PASSES = 4  # each pass narrows the interval to a quarter: the weight is found to 0.002


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """Mean (6,) and covariance (6, 6), position m and velocity m/s, ECI at `t_ns` (nanoseconds TAI)."""

    t_ns: int
    mean: Array
    covariance: Array


def carried(estimate: Estimate, t_ns: int, process_noise_m2_s3: float) -> Estimate:
    """The estimate at another time, through gravity and white acceleration."""
    return carried_all([(estimate, t_ns, process_noise_m2_s3)])[0]


def carried_all(requests: Sequence[tuple[Estimate, int, float]]) -> list[Estimate]:
    """Many at once; those with equal step and noise share one call."""
    result: list[Estimate | None] = [e if e.t_ns == t_ns else None for e, t_ns, _ in requests]
    batches: dict[tuple[int, float], list[int]] = {}
    for i, (estimate, t_ns, noise) in enumerate(requests):
        if result[i] is None:
            batches.setdefault((t_ns - estimate.t_ns, noise), []).append(i)
    for (step_ns, noise), members in batches.items():
        if len(members) == 1:
            estimate, t_ns, _ = requests[members[0]]
            moved = _alone(estimate.mean.tobytes(), estimate.covariance.tobytes(), step_ns, noise)
            result[members[0]] = Estimate(t_ns, *moved)
            continue
        means = np.stack([requests[i][0].mean for i in members])
        covariances = np.stack([requests[i][0].covariance for i in members])
        means, covariances = propagate(means, covariances, step_ns / NS_PER_S, noise)
        for row, i in enumerate(members):
            result[i] = Estimate(requests[i][1], means[row], covariances[row])
    return [estimate for estimate in result if estimate is not None]


@lru_cache(maxsize=256)  # by their bits: a party's own picture and the common one carry the same estimates
def _alone(mean: bytes, covariance: bytes, step_ns: int, noise: float) -> tuple[Array, Array]:
    moved, spread = propagate(np.frombuffer(mean), np.frombuffer(covariance).reshape(6, 6), step_ns / NS_PER_S, noise)
    moved.flags.writeable = spread.flags.writeable = False
    return moved, spread


def added(
    prior: Estimate, reference: Array, information: Array, vector: Array, negative_part: float = NEGATIVE_PART
) -> Estimate | None:
    """The prior with an increment of information at the same time; None if the sum is no sound estimate.

    Y' = Y + dY and, about the reference point, y' = Y (x - x_ref) + dy (Tracklet's docstring). An increment that
    takes back more than `negative_part` of the prior is refused.
    """
    before = inverse(prior.covariance)
    if before is None or not positive(information + negative_part * before):
        return None
    after = before + information
    covariance = inverse(after)
    if covariance is None:
        return None
    mean = reference + matvec6(covariance, matvec6(before, prior.mean - reference) + vector)
    return sound(Estimate(prior.t_ns, mean, covariance))


def gained(prior: Estimate, posterior: Estimate) -> tuple[Array, Array, Array] | None:
    """(reference, information, vector) that lead from one estimate to another at the same time.

    The information may be indefinite: what the second has forgotten counts negative.
    """
    before, after = inverse(prior.covariance), inverse(posterior.covariance)
    if before is None or after is None:
        return None
    return posterior.mean, after - before, matvec6(before, posterior.mean - prior.mean)


def stated(t_ns: int, reference: Array, information: Array, vector: Array) -> Estimate | None:
    """The estimate that a full statement makes alone."""
    covariance = inverse(information)
    if covariance is None:
        return None
    return sound(Estimate(t_ns, reference + matvec6(covariance, vector), covariance))


def sound(estimate: Estimate) -> Estimate | None:
    """The estimate itself if it is finite, positive definite and near the Earth, else None."""
    r, v = lengths_squared(estimate.mean)
    near = RADIUS_MIN_M * RADIUS_MIN_M <= r <= RADIUS_MAX_M * RADIUS_MAX_M
    if not near or not v <= _SPEED_ECI_MAX_M_S * _SPEED_ECI_MAX_M_S:
        return None
    return estimate if positive(estimate.covariance) else None


def lengths_squared(state: Array) -> tuple[float, float]:
    """Squared lengths of position (m^2) and velocity (m^2/s^2) of a state (6,), in fixed order."""
    x, y, z, vx, vy, vz = state.tolist()
    return x * x + y * y + z * z, vx * vx + vy * vy + vz * vz


def intersected(a: Estimate, b: Estimate) -> Estimate | None:
    """Covariance intersection of two estimates at one time, of least determinant; None if either is unsound.

    Julier and Uhlmann 1997: Y = w Ya + (1 - w) Yb, sound whatever the two have in common. The determinant is
    log-concave in w; the weight is the best point of a grid, narrowed in a fixed number of passes.
    """
    ya, yb = inverse(a.covariance), inverse(b.covariance)
    if ya is None or yb is None:
        return None
    low, high = 0.0, 1.0
    weight = 0.5
    for _ in range(_PASSES):
        step = (high - low) / (_GRID - 1)
        weights = low + step * np.arange(_GRID)
        values = det6(weights[:, None, None] * ya + (1.0 - weights[:, None, None]) * yb).tolist()
        weight = float(weights[values.index(max(values))])
        low, high = max(weight - step, 0.0), min(weight + step, 1.0)
    covariance = inverse(weight * ya + (1.0 - weight) * yb)
    if covariance is None:
        return None
    pull = (1.0 - weight) * matvec6(yb, b.mean - a.mean)
    return Estimate(a.t_ns, a.mean + matvec6(covariance, pull), covariance)
