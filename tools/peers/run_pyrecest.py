"""PyRecEst's TrackManager on given scans, with its own nearest-neighbour solver and a cost matrix made by array code.

Detections are turned into positions with a covariance of their own, so that its linear filter applies. The cost matrix
(Mahalanobis distances of pairs near enough) is its documented hook; without it each pair costs a Python call.

    .venv-peers/bin/python tools/peers/run_pyrecest.py scans.npz tracks.npz
"""

import warnings

import numpy as np
from _files import SIGMA, read, run

warnings.filterwarnings("ignore")

from pyrecest.filters.track_manager import (  # noqa: E402
    TrackManager,
    TrackStatus,
    build_global_nearest_neighbor_associator,
    build_kalman_measurement_initiator,
    build_linear_gaussian_predictor,
    build_linear_gaussian_updater,
)

NEAR_M = 1200.0  # times the gate: pairs farther apart are not worth a distance


def positions(z):
    """(positions (m, 3), covariances (m, 3, 3)) of detections."""
    e, a, r = z.T
    level = np.cos(e)
    place = np.stack([r * level * np.cos(a), r * level * np.sin(a), r * np.sin(e)], axis=1)
    by = np.zeros((len(z), 3, 3))
    by[:, :, 0] = np.stack([-r * np.sin(e) * np.cos(a), -r * np.sin(e) * np.sin(a), r * level], axis=1)
    by[:, 0, 1], by[:, 1, 1] = -place[:, 1], place[:, 0]
    by[:, :, 2] = place / r[:, None]
    return place, by @ np.diag(SIGMA**2) @ np.swapaxes(by, 1, 2)


def distances(gate):
    """The hook: (tracks, detections) Mahalanobis distances, infinite outside the gate."""

    def cost(tracks, detections):
        mean = np.array([t.single_target_filter.filter_state.mu for t in tracks])[:, 0::2]
        spread = np.array([t.single_target_filter.filter_state.C for t in tracks])[:, 0::2, 0::2]
        place, noise = np.array([d[0] for d in detections]), np.array([d[1] for d in detections])
        gap = place[None] - mean[:, None]
        out = np.full(gap.shape[:2], np.inf)
        i, j = np.nonzero(np.sum(gap * gap, axis=-1) < (gate * NEAR_M) ** 2)
        y = gap[i, j]
        scaled = np.linalg.solve(spread[i] + noise[j], y[..., None])[..., 0]
        d = np.sqrt(np.sum(y * scaled, axis=1))
        near = d < gate
        out[i[near], j[near]] = d[near]
        return out

    return cost


def build(s):
    """The manager with settings `s`."""
    half, one = np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([[1 / 3, 1 / 2], [1 / 2, 1.0]])
    measured = np.zeros((3, 6))
    measured[range(3), range(0, 6, 2)] = 1.0

    def first_covariance(detection, **_):
        c = np.diag([0.0, s["speed_sigma"] ** 2] * 3)
        c[0::2, 0::2] = detection[1]
        return c

    def gone(track):
        confirmed = track.status == TrackStatus.CONFIRMED
        return track.misses >= (s["misses"] if confirmed else s["tentative_misses"])

    def place(d, **_):
        return d[0]

    def noise(d, **_):
        return d[1]

    return TrackManager(
        predictor=build_linear_gaussian_predictor(np.kron(np.eye(3), half), np.kron(np.eye(3), one * s["noise"])),
        updater=build_linear_gaussian_updater(measured, noise, place),
        initiator=build_kalman_measurement_initiator(first_covariance, place, measured.T),
        associator=build_global_nearest_neighbor_associator(distances(s["gate"]), s["gate"], 0.0),
        n_init=s["points"], delete_condition=gone, keep_history=False, log_prior_estimates=False,
        log_posterior_estimates=False,
    )  # fmt: skip


def main():
    scans, settings = read()
    manager = build(settings)

    def step(k):
        place, noise = positions(scans[k])
        manager.step(list(zip(place, noise, strict=True)))
        manager.purge_deleted_tracks()
        held = manager.get_tracks(confirmed_only=True)
        return lambda: ([t.track_id for t in held], [np.asarray(t.get_point_estimate())[0::2] for t in held])

    run(scans, step)


if __name__ == "__main__":
    main()
