"""What a new estimate adds to what was said: information-matrix (tracklet) algebra in one frame.

dY = P^-1 - Pc^-1 and dy = P^-1 x - Pc^-1 xc about a reference point, with (xc, Pc) the channel's estimate at the same
time (Frenkel 1995; Chong, Mori, Barker, Chang 2000). Process noise and mixing of models can leave dY slightly
indefinite: what a reader knew from us would then have been too much. First the channel forgets more, by a larger
white acceleration that the tracklet states; the small rest is cut off, so that dY >= 0 always.
"""

from dataclasses import dataclass

import numpy as np

from tocsin.release.ledger import Said, carried
from tocsin.release.reading import US_PER_S
from tocsin.release.settings import TrackletSettings
from tocsin.world.exact import Array
from tocsin.world.motion import process_noise


@dataclass(frozen=True, slots=True, eq=False)
class Gain:
    """dY (6, 6), positive semidefinite, and the channel's (mean, information) it is against; ECI, SI.

    `cut` is the largest relative part of the channel's information that dY would have taken back, 0 if none.
    """

    information: Array
    channel_mean: Array
    channel_information: Array
    process_noise_m2_s3: float
    cut: float


def gain(
    said: Said, t_tai_us: int, mean: Array, covariance: Array, boosting: bool, settings: TrackletSettings
) -> Gain:
    """What (mean, covariance), ECI at `t_tai_us`, adds to what was said; the noise is the least that will do."""
    noise = settings.boost_m2_s3 if boosting else settings.coast_m2_s3
    channel_mean, unforgotten = carried(said, t_tai_us, 0.0)
    step_s = (t_tai_us - said.t_tai_us) / US_PER_S
    away = mean - channel_mean
    while True:
        channel = unforgotten + process_noise(step_s, noise)
        root = np.linalg.cholesky(channel)
        # In axes where the channel's covariance is the identity, the estimate's information is `inside`.
        half = np.linalg.solve(root, np.linalg.cholesky(covariance))
        ratios, axes = np.linalg.eigh(np.linalg.inv(half @ half.T))
        whitened = np.linalg.solve(root, away)
        far = float(whitened @ whitened) > settings.surprise
        if (ratios[0] >= 1.0 - settings.shrink and not far) or noise >= settings.noise_max_m2_s3:
            break
        noise = min(noise * settings.noise_step, settings.noise_max_m2_s3)
    unroot = np.linalg.inv(root)
    gained = axes * np.maximum(ratios - 1.0, 0.0) @ axes.T
    information = unroot.T @ gained @ unroot
    return Gain(
        information=(information + information.T) / 2.0,
        channel_mean=channel_mean,
        channel_information=unroot.T @ unroot,
        process_noise_m2_s3=noise,
        cut=max(0.0, 1.0 - float(ratios[0])),
    )
