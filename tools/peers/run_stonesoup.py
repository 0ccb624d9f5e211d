"""Stone Soup's multi-target tracker on given scans: extended Kalman filter, nearly constant velocity, exact nearest
neighbour over a KD tree used as a range gate (its fastest setting that loses nothing).

    .venv-peers/bin/python tools/peers/run_stonesoup.py scans.npz tracks.npz
"""

import datetime
import warnings

import numpy as np
from _files import SIGMA, read, run
from stonesoup.dataassociator.neighbour import GNNWith2DAssignment
from stonesoup.dataassociator.tree import DetectionKDTreeGNN2D
from stonesoup.deleter.time import UpdateTimeStepsDeleter
from stonesoup.hypothesiser.distance import DistanceHypothesiser
from stonesoup.initiator.simple import MultiMeasurementInitiator, SimpleMeasurementInitiator
from stonesoup.measures import Mahalanobis
from stonesoup.models.measurement.nonlinear import CartesianToElevationBearingRange
from stonesoup.models.transition.linear import CombinedLinearGaussianTransitionModel, ConstantVelocity
from stonesoup.predictor.kalman import ExtendedKalmanPredictor
from stonesoup.tracker.simple import MultiTargetTracker
from stonesoup.types.angle import Bearing, Elevation
from stonesoup.types.array import StateVector
from stonesoup.types.detection import Detection
from stonesoup.types.state import GaussianState
from stonesoup.updater.kalman import ExtendedKalmanUpdater

START = datetime.datetime(2026, 1, 1)  # noqa: DTZ001 (Stone Soup keeps its times without a zone)


class Polar(CartesianToElevationBearingRange):
    """Stone Soup's own model with the gradient in closed form; its own is by finite differences."""

    def jacobian(self, state, **_):
        x, y, z = (float(state.state_vector[i, 0]) for i in self.mapping)
        flat2 = x * x + y * y
        flat, far2 = np.sqrt(flat2), flat2 + z * z
        rows = np.zeros((3, self.ndim_state))
        rows[0, list(self.mapping)] = -x * z / (far2 * flat), -y * z / (far2 * flat), flat / far2
        rows[1, list(self.mapping)] = -y / flat2, x / flat2, 0.0
        rows[2, list(self.mapping)] = np.array([x, y, z]) / np.sqrt(far2)
        return rows


def build(detections, model, s):
    """The tracker with settings `s`."""
    speed2 = s["speed_sigma"] ** 2
    prior = GaussianState(np.zeros((6, 1)), np.diag([0, speed2] * 3), timestamp=START)
    motion = CombinedLinearGaussianTransitionModel([ConstantVelocity(s["noise"])] * 3)
    predictor, updater = ExtendedKalmanPredictor(motion), ExtendedKalmanUpdater(None)
    hypotheses = DistanceHypothesiser(predictor, updater, Mahalanobis(), missed_distance=s["gate"])

    def nearest(reach_m):
        if not s["tree"]:
            return GNNWith2DAssignment(hypotheses)
        return DetectionKDTreeGNN2D(hypotheses, predictor, updater, max_distance=reach_m)

    initiator = MultiMeasurementInitiator(
        prior_state=prior, deleter=UpdateTimeStepsDeleter(s["tentative_misses"]), data_associator=nearest(3000.0),
        updater=updater, min_points=s["points"], initiator=SimpleMeasurementInitiator(prior, model),
    )  # fmt: skip
    return MultiTargetTracker(
        initiator=initiator, deleter=UpdateTimeStepsDeleter(s["misses"]), detector=detections,
        data_associator=nearest(s["reach"]), updater=updater,
    )  # fmt: skip


def main():
    warnings.filterwarnings("ignore")
    scans, settings = read()
    kind = Polar if settings["closed_form"] else CartesianToElevationBearingRange
    model = kind(6, (0, 2, 4), np.diag(SIGMA**2))
    stream = []
    for k, z in enumerate(scans):
        t = START + datetime.timedelta(seconds=k)
        found = {Detection(StateVector([[Elevation(e)], [Bearing(a)], [r]]), timestamp=t, measurement_model=model)
                 for e, a, r in z}  # fmt: skip
        stream.append((t, found))
    moving = iter(build(stream, model, settings))

    def step(_):
        _, tracks = next(moving)
        held = list(tracks)
        return lambda: ([t.id for t in held], [np.asarray(t.state.mean, float).ravel()[0::2] for t in held])

    run(scans, step)


if __name__ == "__main__":
    main()
