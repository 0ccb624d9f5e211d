"""Layout of the filters' memory: tiles of 16 tracks, one row a quantity, one lane a track.

`bank` (tiles, modes, 27, 16) holds a mean and covariance for each mode of each track: rows 0-5 the inertial state,
6-11 the upper triangle of the position covariance, 12-20 the position-velocity block by rows, 21-26 the upper
triangle of the velocity covariance. `odds` (tiles, modes, 16) holds the mode probabilities. Track `slot` lives in
tile slot // 16, lane slot % 16.
"""

import numpy as np
from numpy.typing import NDArray

from tocsin.track.algebra import Matrix, Symmetric, Vector
from tocsin.track.jit import LANES, kernel, lane

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]

STATE = 27
MODES = 3
MEASURED = 7
TINY, HUGE = 1e-300, 1e300


@kernel
def copy(source: Array, target: Array) -> None:
    """Copy a tile (rows, lanes) element by element: cheaper to compile than array assignment."""
    for k in range(source.shape[0]):
        for b in range(LANES):
            target[k, b] = source[k, b]


@lane
def finite(x: float) -> bool:
    """Whether a number is finite, up to HUGE: relaxed arithmetic folds tests against infinity to True (seen)."""
    return abs(x) <= HUGE


@lane
def unpack(t: Array, b: int) -> tuple[Vector, Vector, Symmetric, Matrix, Symmetric]:
    """Mean and covariance blocks of lane b of a local tile (27, lanes)."""
    return (
        (t[0, b], t[1, b], t[2, b]),
        (t[3, b], t[4, b], t[5, b]),
        (t[6, b], t[7, b], t[8, b], t[9, b], t[10, b], t[11, b]),
        (t[12, b], t[13, b], t[14, b], t[15, b], t[16, b], t[17, b], t[18, b], t[19, b], t[20, b]),
        (t[21, b], t[22, b], t[23, b], t[24, b], t[25, b], t[26, b]),
    )


@lane
def pack(t: Array, b: int, p: Vector, v: Vector, pp: Matrix, pv: Matrix, vv: Matrix) -> None:
    """Write lane b of a local tile; of the symmetric blocks the upper triangle."""
    t[0, b], t[1, b], t[2, b] = p
    t[3, b], t[4, b], t[5, b] = v
    t[6, b], t[7, b], t[8, b], t[9, b], t[10, b], t[11, b] = pp[0], pp[1], pp[2], pp[4], pp[5], pp[8]
    t[12, b], t[13, b], t[14, b], t[15, b], t[16, b], t[17, b], t[18, b], t[19, b], t[20, b] = pv
    t[21, b], t[22, b], t[23, b], t[24, b], t[25, b], t[26, b] = vv[0], vv[1], vv[2], vv[4], vv[5], vv[8]
