"""The bound as a straight-line program: one list of steps, run by fast floats (search) and by Arb (proof).

The stand-alone checker does not use this file: it writes the same formulas out by itself, so that a mistake here
is found there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

VARIABLES: Final = (
    "launch latitude",
    "launch longitude",
    "aim latitude",
    "aim longitude",
    "site latitude",
    "site longitude",
    "apogee factor",
    "place on the arc",
    "commit delay",
    "waiting",
)
Number = Any  # a float in the search, an Arb ball in the proof

N_VARIABLES: Final = len(VARIABLES)
WAITING: Final = 9

(VAR, CONST, ADD, SUB, MUL, SQRT, INV, SIN, COS, ATAN, SQR, KEPLER, KEPLER_CUT, CENTRE) = range(14)


@dataclass
class Program:
    """Steps (operation, first, second) with a constant each; a step refers to earlier steps by number."""

    steps: list[tuple[int, int, int]] = field(default_factory=list)
    constants: list[Number] = field(default_factory=list)

    def emit(self, operation: int, first: int = 0, second: int = 0, constant: Number = 0.0) -> Expression:
        """Append a step."""
        self.steps.append((operation, first, second))
        self.constants.append(constant)
        return Expression(self, len(self.steps) - 1)

    def variable(self, number: int) -> Expression:
        """Variable `number` of VARIABLES."""
        return self.emit(VAR, number)

    def constant(self, value: Number) -> Expression:
        """A number."""
        return self.emit(CONST, constant=value)


@dataclass(frozen=True)
class Expression:
    """The result of one step."""

    program: Program
    number: int

    def _lift(self, other: Expression | Number) -> Expression:
        return other if isinstance(other, Expression) else self.program.constant(other)

    def _two(self, operation: int, other: Expression | Number) -> Expression:
        return self.program.emit(operation, self.number, self._lift(other).number)

    def _one(self, operation: int, constant: Number = 0.0) -> Expression:
        return self.program.emit(operation, self.number, constant=constant)

    def __add__(self, other: Expression | Number) -> Expression:
        return self._two(ADD, other)

    __radd__ = __add__

    def __sub__(self, other: Expression | Number) -> Expression:
        return self._two(SUB, other)

    def __rsub__(self, other: Number) -> Expression:
        return self._lift(other)._two(SUB, self)

    def __mul__(self, other: Expression | Number) -> Expression:
        return self._two(MUL, other)

    __rmul__ = __mul__

    def __truediv__(self, other: Expression) -> Expression:
        return self._two(MUL, other.inverse())

    def inverse(self) -> Expression:
        """1 / self, for a positive quantity."""
        return self._one(INV)

    def sqrt(self, floor: Number = 0.0) -> Expression:
        """Square root of a quantity known to be at least `floor`."""
        return self._one(SQRT, floor)

    def sin(self) -> Expression:
        """Sine."""
        return self._one(SIN)

    def cos(self) -> Expression:
        """Cosine."""
        return self._one(COS)

    def atan(self) -> Expression:
        """Arc tangent."""
        return self._one(ATAN)

    def square(self) -> Expression:
        """Square."""
        return self._one(SQR)

    def centre(self) -> Expression:
        """The middle value over the box, as a number."""
        return self._one(CENTRE)

    def kepler(self) -> Expression:
        """g(y) = alpha - sin alpha with alpha = 2 asin sqrt(y), for 0 <= y < 1."""
        return self._one(KEPLER)

    def kepler_cut(self, clip: Number) -> Expression:
        """g(y) up to `clip`, its tangent beyond."""
        return self._one(KEPLER_CUT, clip)
