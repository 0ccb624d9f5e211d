"""The least error that any unbiased tracker could have: the Cramer-Rao bound, conditional on a run.

For additive Gaussian noise J' = (Q + Phi J^-1 Phi')^-1 + H' R^-1 H (Tichavsky, Muravchik & Nehorai, IEEE Trans. Signal
Processing 46(5), 1998), with Phi and H taken on the true trajectory and H' R^-1 H added only where the run really had a
detection. Averaging the information over runs instead would be optimistic: runs that pass close to a sensor dominate.
With a wide prior the bound may be beaten in the first few scans, because the prior itself is information.
"""

import numpy as np

from tocsin.track.sensing import View
from tocsin.track.tiles import Array, Flags
from tocsin.world.motion import process_noise, transition


def measurement_gradient(view: View, state_eci: Array) -> tuple[Array, Array]:
    """(H (n, k, 6), variances (n, k)) of what the sensor measures at states (n, 6): k of 2, 3 or 4 components."""
    axes = np.array(view.axes).reshape(3, 3)
    e = (state_eci[:, :3] - np.array(view.site)) @ axes.T
    plane2 = e[:, 0] ** 2 + e[:, 1] ** 2
    plane, distance2 = np.sqrt(plane2), plane2 + e[:, 2] ** 2
    distance = np.sqrt(distance2)
    unit = e / distance[:, None]
    by_azimuth = np.stack([e[:, 1], -e[:, 0], np.zeros(len(e))], axis=-1) / plane2[:, None]
    by_elevation = np.stack([-e[:, 0] * e[:, 2], -e[:, 1] * e[:, 2], plane2], axis=-1)
    by_elevation /= (distance2 * plane)[:, None]
    rows = [by_azimuth, by_elevation]
    variance = [
        view.variance_azimuth * (1.0 + view.isotropic * e[:, 2] ** 2 / plane2),
        np.full(len(e), view.variance_elevation),
    ]
    if view.has_range:
        rows.append(unit)
        variance.append(np.full(len(e), view.variance_range))
    h = np.zeros((len(e), len(rows), 6))
    h[:, :, :3] = np.stack(rows, axis=1) @ axes
    if view.has_rate:
        relative = (state_eci[:, 3:] - np.array(view.site_velocity)) @ axes.T
        rate = np.sum(relative * unit, axis=1)
        last = np.concatenate([(relative - rate[:, None] * unit) / distance[:, None] @ axes, unit @ axes], axis=1)
        h = np.concatenate([h, last[:, None]], axis=1)
        variance.append(np.full(len(e), view.variance_rate))
    return h, np.stack(variance, axis=1)


def information(view: View, state_eci: Array) -> Array:
    """H' R^-1 H (n, 6, 6) of one detection at true states (n, 6)."""
    h, variance = measurement_gradient(view, state_eci)
    gained: Array = np.einsum("nki,nk,nkj->nij", h, 1.0 / variance, h)
    return gained


def carried(information_before: Array, state_before_eci: Array, dt_s: float, accel_psd_m2_s3: float) -> Array:
    """Information (n, 6, 6) about the state dt_s later, along the true trajectory."""
    _, phi = transition(state_before_eci, dt_s)
    covariance = phi @ _inverse(information_before) @ np.swapaxes(phi, 1, 2)
    return _inverse(covariance + process_noise(dt_s, accel_psd_m2_s3))


def _inverse(matrix: Array) -> Array:
    inverse: Array = np.linalg.inv(matrix).astype(np.float64)
    return inverse


def conditional_bound(
    views: list[View], truth_eci: Array, dt_s: float, accel_psd_m2_s3: float, first: Array, detected: Flags
) -> Array:
    """Covariances (k, n, 6, 6) that bound n runs at k instants dt_s apart.

    truth_eci (k, n, 6): the trajectories. first (n, 6, 6): information at the first instant, its detection included.
    detected (k, n): which run was detected when, by the sensor `views[k]`; row 0 is not used.
    """
    current = first
    bound = np.empty((*truth_eci.shape, 6))
    bound[0] = _inverse(current)
    for k in range(1, len(truth_eci)):
        current = carried(current, truth_eci[k - 1], dt_s, accel_psd_m2_s3)
        current = current + information(views[k], truth_eci[k]) * detected[k][:, None, None]
        bound[k] = _inverse(current)
    return bound
