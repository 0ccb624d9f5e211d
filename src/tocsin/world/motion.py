"""The estimator's dynamics: states and covariances carried through gravity, forwards and backwards in time.

Gravity is point mass and J2 (`world.gravity`), stepped by at most 10 s (`world.nystrom`); what the model leaves out
is white acceleration. Everything is exact arithmetic in a fixed order: the same state gives the same bits alone, in
any batch and on any machine, so that fusion may depend on it.
"""

from collections.abc import Sequence
from typing import cast

import numpy as np

from tocsin.world.ends import Impact, Launch, apogee, ellipse95, impact, launch
from tocsin.world.exact import Array, congruence6, matmul
from tocsin.world.nystrom import State, advance, advance_with_jacobian, flat, product

__all__ = [
    "STEP_MAX_S", "Impact", "Launch", "apogee", "ellipse95", "impact", "launch", "process_noise", "propagate",
    "step", "transition",
]  # fmt: skip

STEP_MAX_S = 10.0
# Up to this many states the loop over Python floats is faster than array calls. The bits are the same.
_FEW = 12


def step(state_eci: Array, dt_s: float) -> Array:
    """States (..., 6) after `dt_s` seconds (either sign), in sub-steps of at most 10 s."""
    count, h = _substeps(dt_s)
    rows = np.asarray(state_eci, float).reshape(-1, 6)
    if len(rows) > _FEW:
        columns = _columns(rows)
        for _ in range(count):
            columns = advance(columns, h)
        return np.stack(columns, axis=-1).reshape(state_eci.shape)
    moved = []
    for row in rows.tolist():
        state = cast("State[float]", tuple(row))
        for _ in range(count):
            state = advance(state, h)
        moved.append(state)
    return np.array(moved, float).reshape(state_eci.shape)


def transition(state_eci: Array, dt_s: float) -> tuple[Array, Array]:
    """(states (..., 6) after `dt_s`, Phi (..., 6, 6) = d state' / d state). Phi is the step's own derivative."""
    count, h = _substeps(dt_s)
    states = np.asarray(state_eci, float)
    if count and states.size <= 6 * _FEW:
        return _few(states, count, h)
    phi = np.broadcast_to(np.eye(6), (*states.shape, 6)).copy()
    for i in range(count):
        states, jacobian = _once(states, h)
        phi = jacobian if i == 0 else matmul(jacobian, phi)
    return states, phi


def process_noise(dt_s: float, accel_psd_m2_s3: float) -> Array:
    """(6, 6) covariance that white acceleration of that power spectral density adds in `dt_s`.

    Bar-Shalom, Li, Kirubarajan, Estimation with Applications to Tracking and Navigation, eq. 6.2.2-12, on each axis.
    Backwards in time the position-velocity part changes sign. The gravity gradient within dt is neglected
    (dt^2 * 2e-6 of it: 2 % at 100 s).
    """
    age = abs(dt_s)
    noise = np.zeros((6, 6))
    for axis in range(3):
        noise[axis, axis] = accel_psd_m2_s3 * (age * age * age / 3.0)
        noise[axis, axis + 3] = noise[axis + 3, axis] = accel_psd_m2_s3 * (0.5 * (dt_s * age))
        noise[axis + 3, axis + 3] = accel_psd_m2_s3 * age
    return noise


def propagate(state_eci: Array, covariance_eci: Array, dt_s: float, accel_psd_m2_s3: float) -> tuple[Array, Array]:
    """(states (..., 6), covariances (..., 6, 6)) after `dt_s`: Phi P Phi^T + Q(dt)."""
    states, phi = transition(state_eci, dt_s)
    return states, congruence6(phi, np.asarray(covariance_eci, float)) + process_noise(dt_s, accel_psd_m2_s3)


def _substeps(dt_s: float) -> tuple[int, float]:
    """(count, h): dt in equal parts of at most STEP_MAX_S; no part at all for dt = 0."""
    count = -int(-abs(dt_s) // STEP_MAX_S)
    return count, dt_s / count if count else 0.0


def _columns(rows: Array) -> State[Array]:
    return cast("State[Array]", tuple(np.ascontiguousarray(rows[:, i]) for i in range(6)))


def _once(states: Array, h: float) -> tuple[Array, Array]:
    """One sub-step of states (..., 6), with its Jacobian (..., 6, 6)."""
    columns, blocks = advance_with_jacobian(_columns(states.reshape(-1, 6)), h)
    moved, jacobian = np.stack(columns, axis=-1), np.stack(flat(blocks), axis=-1)
    return moved.reshape(states.shape), jacobian.reshape(*states.shape, 6)


def _few(states: Array, count: int, h: float) -> tuple[Array, Array]:
    """`transition` over Python floats, with the same bits."""
    moved, phis = [], []
    for row in states.reshape(-1, 6).tolist():
        state, blocks = advance_with_jacobian(cast("State[float]", tuple(row)), h)
        phi: Sequence[float] = flat(blocks)
        for _ in range(count - 1):
            state, blocks = advance_with_jacobian(state, h)
            phi = product(flat(blocks), phi)
        moved.append(state)
        phis.append(phi)
    return np.array(moved).reshape(states.shape), np.array(phis).reshape(*states.shape, 6)
