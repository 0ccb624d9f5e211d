"""What single offset between two parties would explain the differences of their tracks: a clock, or a place."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tocsin.fuse import CommonTrack
from tocsin.world.exact import Array

Pair = tuple[CommonTrack, CommonTrack]
"""Our track and theirs of one object, both at one time."""


@dataclass(frozen=True, slots=True, eq=False)
class Offset:
    """Theirs minus ours, by weighted least squares over all pairs, each model for itself.

    `clock_s` with its sigma: their times are that much behind (their object is ahead). `shift_ecef_m` (3,) with
    `shift_covariance_m2` (3, 3): all their positions are displaced. `explained_by_*` is the part of the summed squared
    distance that the model takes away, 0 to 1.
    """

    clock_s: float
    clock_sigma_s: float
    explained_by_clock: float
    shift_ecef_m: Array
    shift_covariance_m2: Array
    explained_by_shift: float


def difference(pair: Pair) -> tuple[Array, Array]:
    """(theirs - ours (6,), covariance (6, 6) of it): position m and velocity m/s, ECEF."""
    ours, theirs = pair
    return theirs.state_ecef - ours.state_ecef, theirs.covariance_ecef + ours.covariance_ecef


def squared_distance(pair: Pair) -> float:
    """Squared Mahalanobis distance of a pair: chi-squared with 6 degrees of freedom if nothing is wrong."""
    d, covariance = difference(pair)
    return float(d @ np.linalg.solve(covariance, d))


def relative_offset(pairs: Sequence[Pair]) -> Offset | None:
    """The best clock offset and the best displacement for some pairs; None without pairs."""
    if not pairs:
        return None
    total = math.fsum(squared_distance(pair) for pair in pairs)
    clock, clock_information, clock_gain = _fit([(pair, _along(pair)) for pair in pairs])
    shift, shift_information, shift_gain = _fit([(pair, np.eye(6)[:, :3]) for pair in pairs])
    return Offset(
        clock_s=float(clock[0]),
        clock_sigma_s=1.0 / math.sqrt(float(clock_information[0, 0])),
        explained_by_clock=clock_gain / total if total > 0.0 else 0.0,
        shift_ecef_m=shift,
        shift_covariance_m2=np.asarray(np.linalg.inv(shift_information), np.float64),
        explained_by_shift=shift_gain / total if total > 0.0 else 0.0,
    )


def _along(pair: Pair) -> Array:
    """(6, 1): how a track moves in a second, from our velocity and the mean pull of gravity."""
    state = pair[0].state_ecef
    radius = math.sqrt(float(state[:3] @ state[:3]))
    pull = -9.81 * (6.371e6 / radius) ** 2 * state[:3] / radius
    moved: Array = np.concatenate([state[3:], pull])[:, None]
    return moved


def _fit(rows: Sequence[tuple[Pair, Array]]) -> tuple[Array, Array, float]:
    """(parameters, their information, squared distance taken away) of d = design @ parameters + noise."""
    size = rows[0][1].shape[1]
    information: Array = np.zeros((size, size))
    vector: Array = np.zeros(size)
    for pair, design in rows:
        d, covariance = difference(pair)
        weighted = np.linalg.solve(covariance, np.column_stack([design, d]))
        information += design.T @ weighted[:, :size]
        vector += design.T @ weighted[:, size]
    parameters: Array = np.asarray(np.linalg.solve(information, vector), np.float64)
    return parameters, information, float(parameters @ vector)
