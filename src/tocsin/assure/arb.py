"""The same program in Arb's ball arithmetic (python-flint): every leaf of a claim proved, not only found.

Arb is rigorous: each ball contains the true value. The forms are those of forms.py, their coefficients
balls; the last comparison is true only if it holds for every number in the ball.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, fmpq

from tocsin.assure.balls import Ball, Form, UndefinedError, kepler_slope, product, unary
from tocsin.assure.errors import ProofRejected
from tocsin.assure.model import MU_KM3_S2, RADIUS_KM, ROTATION_RAD_S, WAITING_UNITS, Clips, Region
from tocsin.assure.program import (
    ADD,
    CENTRE,
    CONST,
    KEPLER,
    KEPLER_CUT,
    MUL,
    N_VARIABLES,
    SUB,
    VAR,
    WAITING,
)
from tocsin.assure.question import Question, Value
from tocsin.assure.reach import Bound, Setting, bound
from tocsin.assure.search import AT_ONCE, LEAVES, TIMED
from tocsin.assure.threshold import Claim


def ball(x: Fraction) -> Ball:
    """A rational as a ball."""
    return arb(fmpq(x.numerator, x.denominator))


def run_program(program: Bound, constants: list[Ball], box: list[tuple[Ball, Ball]], timed: bool) -> list[Form]:
    """Every step of the program over a box of balls (low, high); without flight times if not `timed`."""
    forms: list[Form] = []
    for (operation, first, second), constant in zip(program.steps.tolist(), constants, strict=True):
        if operation == VAR:
            low, high = box[first]
            same = low.overlaps(high)
            forms.append(Form(low.union(high)) if same else Form((low + high) / 2, {first: (high - low) / 2}))
        elif operation == CONST:
            forms.append(Form(constant))
        elif operation == CENTRE:
            forms.append(Form(forms[first].value.mid()))
        elif operation in (ADD, SUB):
            forms.append(forms[first].plus(forms[second], 1 if operation == ADD else -1))
        elif operation in (KEPLER, KEPLER_CUT) and not timed:
            forms.append(Form(arb(0), radius=arb("inf")))
        elif operation == MUL:
            forms.append(product(forms[first], forms[second]))
        else:
            forms.append(unary(operation, constant, forms[first]))
    return forms


def _holds(program: Bound, forms: list[Form], mark: str, clips: tuple[Ball, ...], guard: Ball) -> bool:
    def low(n: int) -> Ball:
        return forms[n].lowest()

    if mark in "LB":
        return bool((-forms[program.left if mark == "L" else program.spare]).lowest() > 0)
    if mark == "S":
        return bool(low(program.slow) > 0)
    if mark == "H":
        return bool(low(program.height) > 0 or low(program.floor) > 0)
    if mark == "E":
        return bool(low(program.ellipsoid) > 0)
    near, which = -(-forms[program.near]).lowest(), max("TUV".find(mark), 0)
    if not (near < clips[which] and near + guard * -(-forms[program.left]).lowest() < clips[which]):
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
    return bool((setting.rotation * kepler_slope(setting.clips[2])) ** 2 < 8 * (1 - speed * speed / 2))


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
        longest = (-(-spare).lowest()).max(arb(0)) / self.hurry
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
