"""What a falling body's unknown drag does to its covariance: it works along the drag, and nowhere else."""

import numpy as np
import twins

from tocsin.track.mixing import predict_tiles
from tocsin.track.settings import Mode
from tocsin.world.constants import OMEGA_RAD_S

DT = 0.5


def grown(tau):
    """(velocity covariance (3, 3) after DT from next to nothing, unit vector along the air) at 20 km, 4 km/s down."""
    state = np.array([6_398e3, 0.0, 0.0, -2_000.0, 3_400.0, 600.0])
    mode = Mode(name="fall", drag_area_m2_kg=1.0 / 3_000.0, drag_noise_s=tau, noise_across_m2_s3=0.0,
                noise_along_m2_s3=0.0)  # fmt: skip
    bank = twins.to_bank(np.repeat(state[None, None], 3, axis=1), np.repeat(1e-6 * np.eye(6)[None, None], 3, axis=1))
    predict_tiles(bank, 1, np.array([mode.row()] * 3), DT, 1)
    air = state[3:] - np.cross([0.0, 0.0, OMEGA_RAD_S], state[:3])
    return twins.from_bank(bank, 1)[1][0, 0][3:, 3:], air / np.linalg.norm(air)


def test_unknown_drag_spreads_along_the_drag_alone():
    spread, air = grown(3.0)
    along = air @ spread @ air
    across = np.trace(spread) - along
    assert along > 100.0
    assert across < 1e-6 * along  # a filter that spread it two degrees aside was wrong by a NEES of 12 here
    assert np.trace(grown(0.0)[0]) < 1e-3
