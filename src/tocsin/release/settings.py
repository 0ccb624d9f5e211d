"""What the sender of tracklets assumes. None of it is agreed: each tracklet states what its reader needs to know."""

from dataclasses import dataclass

from tocsin.regime import TrackletTerms

# For a log that nobody else reads: as `joint`.
OWN_TERMS = TrackletTerms(
    min_interval_s=5.0, position_quantum_m=0.01, velocity_quantum_m_s=0.0001, coarsen=False
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackletSettings:
    """White acceleration by which an earlier statement is forgotten, and when that must be more.

    The noise is the least of `coast_m2_s3` (or `boost_m2_s3` while the motor burns) times powers of `noise_step` at
    which the new estimate tells as much as the old one in every direction, but for a part `shrink`, and lies where
    the old one may be: squared distance at most `surprise`, the 0.99 quantile of chi-square with 6 degrees of
    freedom. Coast and boost noise are those of the tracker. `shrink` because a tracker that mixes models wavers in
    what it claims: campaigns/release_noise.py compares. Heights and speeds that part the phases are inferred.
    """

    coast_m2_s3: float = 1e-3
    boost_m2_s3: float = 3_000.0
    noise_step: float = 4.0
    noise_max_m2_s3: float = 1e6
    shrink: float = 0.2
    surprise: float = 16.81
    boost_probability: float = 0.5
    reentry_height_m: float = 100e3
    air_height_m: float = 30e3
    air_speed_m_s: float = 900.0
