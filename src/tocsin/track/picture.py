"""What the tracker says: confirmed tracks at an instant."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Times = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Picture:
    """Confirmed tracks, by ascending id. SI units; inertial frame (ECI) of `world.frames` at `t_tai_ns`.

    id counts from 1 and is never used again. state_eci (n, 6); covariance_eci (n, 6, 6), always finite and positive;
    existence (n,) probability that it is a flight; boost_probability (n,) that its motor burns; hits (n,) detections
    used; first_t_tai_ns and updated_t_tai_ns (n,) the first and last of them; sensors: ids that contributed, in the
    tracker's order. dropped: how many records were not used since the tracker began, by reason.
    """

    t_tai_ns: int
    id: tuple[int, ...]
    state_eci: Array
    covariance_eci: Array
    existence: Array
    boost_probability: Array
    first_t_tai_ns: Times
    updated_t_tai_ns: Times
    hits: Times
    sensors: tuple[tuple[str, ...], ...]
    dropped: dict[str, int]

    def __len__(self) -> int:
        return len(self.id)
