"""Rounding of numbers before they are said. What was rounded away is withheld, not merely unprinted."""

from tocsin.world.exact import Array


def significant(value: float, digits: int = 12) -> float:
    """`value` to so many significant decimal digits."""
    return float(f"{value:.{digits - 1}e}")


def rounded(values: Array, quantum: float) -> tuple[float, ...]:
    """Each value to the nearest multiple of `quantum`, written without the dust of binary fractions."""
    return tuple(significant(round(float(value) / quantum) * quantum, 15) for value in values)
