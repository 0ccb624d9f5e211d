"""A tracklet's numbers as any reader takes them."""

import numpy as np

from tocsin.wire.bodies import UPPER_COLUMNS, UPPER_ROWS
from tocsin.world.exact import Array

US_PER_S = 1_000_000


def information_matrix(upper: tuple[float, ...]) -> Array:
    """(6, 6) of the 21 numbers on the wire."""
    matrix = np.empty((6, 6))
    matrix[UPPER_ROWS, UPPER_COLUMNS] = upper
    matrix[UPPER_COLUMNS, UPPER_ROWS] = upper
    return matrix
