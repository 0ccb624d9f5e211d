"""The shipped coastline: Natural Earth 1:110 million, see data/land_110m.json for its provenance."""

import json
from functools import cache
from importlib.resources import files

import numpy as np

from tocsin.report.figures.globe import Array, densify, unit

OCEAN_LATITUDE_DEG, OCEAN_LONGITUDE_DEG = -40.0, -130.0  # in the South Pacific, far from any land


@cache
def land() -> tuple[Array, ...]:
    """Closed densified rings (n, 3) of unit vectors, outer rings and holes alike, for an even-odd fill."""
    data = json.loads(files("tocsin.report").joinpath("data/land_110m.json").read_bytes())
    degrees = [np.cumsum(np.reshape(ring, (-1, 2)), axis=0) / data["units_per_deg"] for ring in data["rings"]]
    return tuple(densify(unit(ring[:, 1], ring[:, 0]), closed=True) for ring in degrees)


def ocean() -> Array:
    """A point (3,) outside every ring."""
    return unit(OCEAN_LATITUDE_DEG, OCEAN_LONGITUDE_DEG)
