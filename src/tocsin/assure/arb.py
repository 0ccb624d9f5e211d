"""The same program in Arb's ball arithmetic (python-flint): every leaf of a claim proved, not only found.

Arb is rigorous: each ball contains the true value. The affine forms are those of affine.py, their coefficients
balls; the last comparison is true only if it holds for every number in the ball.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from tocsin.assure.errors import ProofRejected
from tocsin.assure.model import MU_KM3_S2, RADIUS_KM, ROTATION_RAD_S, WAITING_UNITS, Clips, Region
from tocsin.assure.program import (
    ADD,
    ATAN,
    CENTRE,
    CONST,
    COS,
    INV,
    KEPLER,
    KEPLER_CUT,
    MUL,
    N_VARIABLES,
    SQR,
    SQRT,
    SUB,
    VAR,
    WAITING,
)
from tocsin.assure.question import Question, Value
from tocsin.assure.reach import Bound, Setting, bound
from tocsin.assure.search import AT_ONCE, LEAVES, TIMED
from tocsin.assure.threshold import Claim

Ball = Any  # flint.arb has no types


class UndefinedError(ArithmeticError):
    """A step is not defined on the whole box."""


def ball(x: Fraction) -> Ball:
    """A rational as a ball."""
    return arb(fmpq(x.numerator, x.denominator))


@dataclass
class Form:
    """value + sum(linear[i] e[i]) +- radius."""

    value: Ball
    linear: list[Ball]
    radius: Ball

    def spread(self) -> Ball:
        """Largest distance from the value."""
        return sum((abs(x) for x in self.linear), self.radius)


def _kepler(y: Ball) -> Ball:
    return 2 * (y / (1 - y)).sqrt().atan() - 2 * (y * (1 - y)).sqrt()


def _kepler_slope(y: Ball) -> Ball:
    return 2 * (y / (1 - y)).sqrt()


def _cut(y: Ball, clip: Ball) -> Ball:
    if y <= clip:
        return _kepler(y)
    return _kepler(clip) + _kepler_slope(clip) * (y - clip)


def _line(a: Form, middle: Ball, value: Ball, slope: Ball, least: Ball, most: Ball) -> Form:
    """value + slope (a - middle) + [least, most]."""
    centre = value + slope * (a.value - middle) + (least + most) / 2
    return Form(centre, [slope * x for x in a.linear], abs(slope) * a.radius + (most - least) / 2)


def _bent(
    a: Form, low: Ball, high: Ball, function: Callable[[Ball], Ball], slope_of: Callable[[Ball], Ball], convex: bool
) -> Form:
    low, high = low.mid(), high.mid()  # exact numbers from here on, so that both ends and the middle are points
    middle = ((low + high) / 2).mid()
    value, slope = function(middle), slope_of(middle)
    at_low = function(low) - (value + slope * (low - middle))
    at_high = function(high) - (value + slope * (high - middle))
    zero = arb(0)
    if convex:
        return _line(a, middle, value, slope, zero, at_low.max(at_high).max(zero))
    return _line(a, middle, value, slope, at_low.min(at_high).min(zero), zero)


def _product(a: Form, b: Form) -> Form:
    diagonal = [x * y for x, y in zip(a.linear, b.linear, strict=True)]
    linear = [a.value * y + b.value * x for x, y in zip(a.linear, b.linear, strict=True)]
    half = sum((abs(x) for x in diagonal), arb(0)) / 2
    radius = abs(a.value) * b.radius + abs(b.value) * a.radius + a.spread() * b.spread() - half
    return Form(a.value * b.value + sum(diagonal, arb(0)) / 2, linear, radius)


def _smooth(operation: int, a: Form, low: Ball, high: Ball) -> Form:
    """Square, arc tangent, sine and cosine: Taylor's formula with the bound on the second derivative."""
    low, high = low.mid(), high.mid()
    middle = ((low + high) / 2).mid()
    width = (high - middle).max(middle - low)
    zero = arb(0)
    if operation == SQR:
        return _line(a, middle, middle * middle, 2 * middle, zero, width * width)
    if operation == ATAN:
        bend = arb("0.65").min(2 * abs(low).max(abs(high)))
        error = bend * width * width / 2
        slope = 1 / (1 + middle * middle)
        return _line(a, middle, middle.atan(), slope, zero if high <= 0 else -error, zero if low >= 0 else error)
    sine, cosine = middle.sin(), middle.cos()
    value, slope = (cosine, -sine) if operation == COS else (sine, cosine)
    error = arb(1).min(abs(value) + width) * width * width / 2
    return _line(a, middle, value, slope, zero if value <= -width else -error, zero if value >= width else error)


def _unary(operation: int, constant: Ball, a: Form) -> Form:
    spread = a.spread()
    low, high = (a.value - spread).lower(), (a.value + spread).upper()
    if operation == SQRT:
        low = low.max(constant.lower())
        if not (low > 0 and low <= high):
            raise UndefinedError("square root")
        return _bent(a, low, high, lambda x: x.sqrt(), lambda x: 1 / (2 * x.sqrt()), convex=False)
    if operation == INV:
        if not low > 0:
            raise UndefinedError("division")
        return _bent(a, low, high, lambda x: 1 / x, lambda x: -1 / (x * x), convex=True)
    if operation == KEPLER:
        low = low.max(arb(0))
        if not (high < 1 and low <= high):
            raise UndefinedError("flight time")
        return _bent(a, low, high, _kepler, _kepler_slope, convex=True)
    if operation == KEPLER_CUT:
        if not low > 0:
            raise UndefinedError("flight time")
        clip = constant
        return _bent(a, low, high, lambda y: _cut(y, clip), lambda y: _kepler_slope(y.min(clip)), convex=True)
    return _smooth(operation, a, low, high)


def run_program(program: Bound, constants: list[Ball], box: list[tuple[Ball, Ball]], timed: bool) -> list[Form]:
    """Every step of the program over a box of balls (low, high); without flight times if not `timed`."""
    forms: list[Form] = []
    zero = arb(0)
    for (operation, first, second), constant in zip(program.steps.tolist(), constants, strict=True):
        if operation == VAR:
            low, high = box[first]
            linear = [zero] * N_VARIABLES
            linear[first] = (high - low) / 2
            forms.append(Form((low + high) / 2, linear, zero))
        elif operation == CONST:
            forms.append(Form(constant, [zero] * N_VARIABLES, zero))
        elif operation == CENTRE:
            forms.append(Form(forms[first].value.mid(), [zero] * N_VARIABLES, zero))
        elif operation in (ADD, SUB):
            a, b = forms[first], forms[second]
            sign = 1 if operation == ADD else -1
            linear = [x + sign * y for x, y in zip(a.linear, b.linear, strict=True)]
            forms.append(Form(a.value + sign * b.value, linear, a.radius + b.radius))
        elif operation in (KEPLER, KEPLER_CUT) and not timed:
            forms.append(Form(zero, [zero] * N_VARIABLES, arb("inf")))
        elif operation == MUL:
            forms.append(_product(forms[first], forms[second]))
        else:
            forms.append(_unary(operation, constant, forms[first]))
    return forms


def _holds(program: Bound, forms: list[Form], mark: str, clips: tuple[Ball, ...], guard: Ball) -> bool:
    def low(n: int) -> Ball:
        return forms[n].value - forms[n].spread()

    def high(n: int) -> Ball:
        return forms[n].value + forms[n].spread()

    if mark in "LB":
        return bool(high(program.left if mark == "L" else program.spare) < 0)
    if mark == "S":
        return bool(low(program.slow) > 0)
    if mark == "H":
        return bool(low(program.height) > 0 or low(program.floor) > 0)
    if mark == "E":
        return bool(low(program.ellipsoid) > 0)
    near, which = high(program.near), max("TUV".find(mark), 0)
    if not (near < clips[which] and near + guard * high(program.left) < clips[which]):
        return False
    return bool(low(program.cap if mark == "C" else program.times[which]) > 0)


def _setting(question: Question, clips: Clips) -> tuple[Setting, Ball, Ball]:
    """Constants of the bound as balls, with the units of time and speed."""
    length = ball(RADIUS_KM)
    time = (length**3 / ball(MU_KM3_S2)).sqrt()
    cap = question.flight_cap_s
    setting = Setting(
        rotation=ball(ROTATION_RAD_S) * time,
        drift=ball(question.drift_km_s2.high) * time * time / length,
        burn_radius=ball(question.burn_radius_km.high) / length,
        altitude_min=ball(question.altitude_min_km.low) / length,
        arc_start_max=ball(question.arc_start_max_s) / time,
        flight_cap=None if cap is None else ball(cap.high) / time,
        clips=(ball(clips[0]), ball(clips[1]), ball(clips[2])),
    )
    return setting, time, length / time


def _rows(question: Question, claim: Claim, region: Region, time: Ball) -> list[tuple[Ball, Ball]]:
    """The ten intervals of a region in radians and time units."""
    degree = arb.pi() / 180

    def angles(value: Value) -> tuple[Ball, Ball]:
        return ball(value.low) * degree, ball(value.high) * degree

    sweep = question.arc_time_s
    aim = angles(region.aim.longitude_deg)
    turn = ball(ROTATION_RAD_S)
    start = ball(abs(question.arc_start_max_s)) / time
    return [
        angles(region.launch.latitude_deg),
        angles(region.launch.longitude_deg),
        angles(region.aim.latitude_deg),
        (aim[0] + turn * ball(sweep.low), aim[1] + turn * ball(sweep.high)),
        angles(region.site.latitude_deg),
        angles(region.site.longitude_deg),
        (ball(question.apogee_factor.low), ball(question.apogee_factor.high)),
        (arb(-1), arb(1)),
        (ball(claim.delays_s[0]) / time, ball(claim.delays_s[1]) / time),
        (arb(0), WAITING_UNITS + start),
    ]


def _walk(tree: str) -> Iterator[tuple[str, tuple[tuple[Fraction, Fraction], ...]]]:
    """Leaves of a tree with their boxes as shares of the root's intervals."""
    whole = ((Fraction(0), Fraction(1)),) * N_VARIABLES
    stack = [whole]
    for mark in tree:
        if not stack:
            raise ProofRejected("the tree goes on after its last leaf.")
        box = stack.pop()
        if mark in LEAVES:
            yield mark, box
            continue
        v = int(mark)
        low, high = box[v]
        middle = (low + high) / 2
        stack.append((*box[:v], (middle, high), *box[v + 1 :]))
        stack.append((*box[:v], (low, middle), *box[v + 1 :]))
    if stack:
        raise ProofRejected(f"the tree is incomplete: {len(stack)} boxes are not covered.")


def waiting_lemma(setting: Setting, speed: Ball) -> bool:
    """Whether waiting can never help at this speed and the greatest clip (docs/assurance.md, lemma 3)."""
    return bool((setting.rotation * _kepler_slope(setting.clips[2])) ** 2 < 8 * (1 - speed * speed / 2))


@dataclass(frozen=True)
class _Case:
    """One claim ready to be proved: the program, its constants as balls, the clips and the two guards of waiting."""

    program: Bound
    constants: list[Ball]
    clips: tuple[Ball, Ball, Ball]
    guard: Ball
    hurry: Ball  # 1 - rotation / speed

    def cut(self, box: list[tuple[Ball, Ball]]) -> list[tuple[Ball, Ball]]:
        """The box without waiting times that leave too little for the straight line (docs/assurance.md, lemma 5)."""
        low, high = box[WAITING]
        if not self.hurry > 0:
            return box
        once = [*box[:WAITING], (low, low)]
        spare = run_program(self.program, self.constants, once, False)[self.program.spare]
        longest = (spare.value + spare.spread()).max(arb(0)) / self.hurry
        return [*box[:WAITING], (low, high.min(low + longest))]

    def holds(self, box: list[tuple[Ball, Ball]], mark: str) -> bool:
        """Whether the bound named by the mark excludes the box; raises UndefinedError."""
        if mark in AT_ONCE:
            box = [*box[:WAITING], (box[WAITING][0], box[WAITING][0])]
        elif mark in "EC":
            box = self.cut(box)
        forms = run_program(self.program, self.constants, box, mark in TIMED)
        return _holds(self.program, forms, mark, self.clips, self.guard)


def _case(question: Question, claim: Claim) -> tuple[_Case, Ball]:
    """The claim's case, and the unit of time."""
    setting, time, unit = _setting(question, claim.clips)
    speeds = tuple(ball(v) / unit for v in claim.speeds_km_s)
    delays = tuple(ball(t) / time for t in claim.delays_s)
    if not all(waiting_lemma(setting, v) for v in speeds):
        raise ProofRejected("waiting could help at this speed: the clip is too near to 1.")
    varies = claim.delays_s[0] < claim.delays_s[1]
    program = bound(setting, (delays[0], delays[1]), (speeds[0], speeds[1]), varies)
    constants = [c if isinstance(c, arb) else arb(c) for c in program.constants]
    slowest = speeds[0].min(speeds[1])
    guard = setting.rotation * (1 - slowest * slowest / 2) / 2
    return _Case(program, constants, setting.clips, guard, 1 - setting.rotation / slowest), time


def prove_claim(question: Question, claim: Claim, progress: Callable[[str, float], None] | None = None) -> int:
    """Prove every leaf of every tree of a claim, return their number; raises ProofRejected at the first that fails."""
    case, time = _case(question, claim)
    count = 0
    for region, tree in zip(claim.regions, claim.trees, strict=True):
        rows = _rows(question, claim, region, time)
        for mark, shares in _walk(tree.text):
            box = [
                (low + (high - low) * ball(a), low + (high - low) * ball(b))
                for (low, high), (a, b) in zip(rows, shares, strict=True)
            ]
            where = f"{region.name}: leaf {count} ({mark})"
            try:
                good = case.holds(box, mark)
            except UndefinedError as why:
                raise ProofRejected(f"{where}: {why} is not defined on the whole box.") from None
            if not good:
                raise ProofRejected(f"{where} does not exclude an engagement.")
            count += 1
            if progress is not None and count % 200 == 0:
                progress("Arb", count / claim.leaves)
    return count
