"""Quadratic forms whose coefficients are Arb balls: what forms.py does in floats, proved.

A decision (a sign, which variable takes its worse end) is taken only where it holds for every number in the balls.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from flint import arb

from tocsin.assure.program import ATAN, COS, KEPLER, KEPLER_CUT, N_VARIABLES, SIN, SQR, SQRT

Ball = Any  # flint.arb has no types
Taylor = Callable[[Ball], tuple[Ball, Ball, Ball]]
ZERO: Final[Ball] = arb(0)


class UndefinedError(ArithmeticError):
    """A step is not defined on the whole box."""


@dataclass
class Form:
    """value + sum(linear[i] e[i]) + sum(quad[i, j] e[i] e[j], i <= j) +- radius."""

    value: Ball
    linear: dict[int, Ball] = field(default_factory=dict)
    quad: dict[tuple[int, int], Ball] = field(default_factory=dict)
    radius: Ball = ZERO

    def sizes(self) -> tuple[Ball, Ball]:
        """Bounds of the linear part, and of the rest without the value."""
        first = sum((abs(x) for x in self.linear.values()), ZERO)
        return first, sum((abs(x) for x in self.quad.values()), self.radius)

    def low(self) -> Ball:
        """A lower bound over the box."""
        low = self.value - self.radius
        for i, x in self.linear.items():
            if (i, i) not in self.quad:
                low -= abs(x)
        for (i, j), q in self.quad.items():
            if i != j:
                low -= abs(q)
                continue
            x = abs(self.linear[i]) if i in self.linear else ZERO
            if x >= 2 * q:
                low += q - x
            else:
                low -= x * x / (4 * q) if q > 0 else x + abs(q)
        return low

    def high(self) -> Ball:
        """An upper bound over the box."""
        return -(-self).low()

    def lowest(self) -> Ball:
        """A sharper lower bound: a variable in which the form is monotone over the whole box takes its worse end."""
        rest = Form(self.value, dict(self.linear), dict(self.quad), self.radius)
        todo = set(range(N_VARIABLES))
        moved = True
        while moved:
            moved = False
            for v in sorted(todo):
                mine = {k: q for k, q in rest.quad.items() if v in k}
                slope: Ball = rest.linear.get(v, ZERO)
                bends: Ball = sum((abs(q) * (2 if k == (v, v) else 1) for k, q in mine.items()), ZERO)
                if not (slope >= bends or -slope >= bends):
                    continue
                rest._take(v, -1 if slope >= bends else 1)
                todo.remove(v)
                moved = bool(mine) or moved
        return rest.low()

    def _take(self, v: int, end: int) -> None:
        """Set variable v to one end of its interval."""
        self.value += end * self.linear.pop(v, ZERO)
        for k in [k for k in self.quad if v in k]:
            q, other = self.quad.pop(k), sum(k) - v
            if other == v:
                self.value += q
            else:
                self.linear[other] = self.linear.get(other, ZERO) + end * q

    def __neg__(self) -> Form:
        linear = {i: -x for i, x in self.linear.items()}
        return Form(-self.value, linear, {k: -q for k, q in self.quad.items()}, self.radius)

    def plus(self, other: Form, sign: int) -> Form:
        """self + sign * other"""
        linear, quad = dict(self.linear), dict(self.quad)
        for i, x in other.linear.items():
            linear[i] = linear.get(i, ZERO) + sign * x
        for k, q in other.quad.items():
            quad[k] = quad.get(k, ZERO) + sign * q
        return Form(self.value + sign * other.value, linear, quad, self.radius + other.radius)


def _add_products(quad: dict[tuple[int, int], Ball], a: Form, b: Form, factor: Ball) -> None:
    """Add the product of the linear parts, times a factor."""
    for i, x in a.linear.items():
        for j, y in b.linear.items():
            k = (i, j) if i <= j else (j, i)
            quad[k] = quad.get(k, ZERO) + factor * x * y


def product(a: Form, b: Form) -> Form:
    """a * b; terms of third and fourth order go into the radius."""
    (s, t), (u, w) = a.sizes(), b.sizes()
    linear = {i: b.value * x for i, x in a.linear.items()}
    quad = {k: b.value * q for k, q in a.quad.items()}
    for i, x in b.linear.items():
        linear[i] = linear.get(i, ZERO) + a.value * x
    for k, q in b.quad.items():
        quad[k] = quad.get(k, ZERO) + a.value * q
    _add_products(quad, a, b, arb(1))
    radius = abs(a.value) * b.radius + abs(b.value) * a.radius + s * w + t * u + t * w
    return Form(a.value * b.value, linear, quad, radius)


def _curve(a: Form, value: Ball, slope: Ball, bend: Ball, least: Ball, most: Ball) -> Form:
    """value + slope d + bend d^2 + [least, most], d = a - a.value."""
    s, t = a.sizes()
    quad = {k: slope * q for k, q in a.quad.items()}
    _add_products(quad, a, a, bend)
    radius = abs(slope) * a.radius + abs(bend) * t * (2 * s + t) + (most - least) / 2
    return Form(value + (least + most) / 2, {i: slope * x for i, x in a.linear.items()}, quad, radius)


def _root(x: Ball) -> tuple[Ball, Ball, Ball]:
    value = x.sqrt()
    return value, 1 / (2 * value), -1 / (8 * x * value)


def _inverse(x: Ball) -> tuple[Ball, Ball, Ball]:
    value = 1 / x
    return value, -value * value, value**3


def _kepler(y: Ball) -> tuple[Ball, Ball, Ball]:
    """g, g' and g'' / 2."""
    root = (y * (1 - y)).sqrt()
    return 2 * (y / (1 - y)).sqrt().atan() - 2 * root, 2 * (y / (1 - y)).sqrt(), 1 / (2 * root * (1 - y))


def kepler_slope(y: Ball) -> Ball:
    """g'(y)"""
    return 2 * (y / (1 - y)).sqrt()


def _ends(a: Form, low: Ball, high: Ball, at: Taylor, tangent: bool) -> tuple[Ball, Ball, Ball, Ball, Ball]:
    """The parabola (or tangent) at a.value, and its least and greatest error, which lie at the ends or are 0."""
    value, slope, bend = at(a.value)
    if tangent:
        bend = ZERO
    least = most = ZERO
    for end in (low, high):
        d = end - a.value
        error = at(end)[0] - value - slope * d - bend * d * d
        least, most = least.min(error), most.max(error)
    return value, slope, bend, least, most


def _smooth(operation: int, a: Form) -> Form:
    """Arc tangent, sine and cosine: Taylor's formula with a bound of the third derivative."""
    x = a.value
    width = (a.high() - x).max(x - a.low())
    if operation == ATAN:
        slope = 1 / (1 + x * x)
        value, bend, third = x.atan(), -x * slope * slope, arb(2)
    else:
        sine, cosine = x.sin(), x.cos()
        value, slope = (cosine, -sine) if operation == COS else (sine, cosine)
        bend, third = -value / 2, arb(1)
    error = third * width**3 / 6
    return _curve(a, value, slope, bend, -error, error)


def _cut(a: Form, clip: Ball) -> Form:
    """A lower bound of g up to the clip and its tangent beyond: a tangent, and the least bend there is."""
    low, high = a.low().lower(), a.high().upper()
    if not low > 0:
        raise UndefinedError("flight time")
    at = a.value.min(clip)
    value, slope, _ = _kepler(at)
    bend = ZERO
    if high <= clip:
        bend = _kepler(low)[2].lower() if 4 * low > 1 else arb("1.5")  # g''/2 is nowhere below 8 / sqrt(27)
    return _curve(a, value + slope * (a.value - at), slope, bend, ZERO, ZERO)


def unary(operation: int, constant: Ball, a: Form) -> Form:
    """A function of one form; of a flight time only the side that is needed: g from above, cut g from below."""
    if operation == SQR:
        return product(a, a)
    if operation in (ATAN, COS, SIN):
        return _smooth(operation, a)
    if operation == KEPLER_CUT:
        return _cut(a, constant)
    low, high = a.low().lower(), a.high().upper()
    if operation == KEPLER:
        low = low.max(ZERO)
        if not (high < 1 and a.value > 0):
            raise UndefinedError("flight time")
        one_sided = 4 * low >= 1 or 4 * high <= 1
        value, slope, bend, _, most = _ends(a, low, high, _kepler, not one_sided)
        return _curve(a, value, slope, bend, most, most)
    low = low.max(constant.lower()) if operation == SQRT else low
    if not (low > 0 and low <= a.value):
        raise UndefinedError("square root" if operation == SQRT else "division")
    return _curve(a, *_ends(a, low, high, _root if operation == SQRT else _inverse, False))
