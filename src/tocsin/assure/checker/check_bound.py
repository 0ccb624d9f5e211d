"""Stand-alone checker of a bound proof: standard library only, meant to be read by both delegations.

    python check_bound.py PROOF.json [PROOF.json ...]

It answers ACCEPTED or REJECTED, and where. It takes nothing from the proof but the inputs at its top, which it prints.
docs/assurance.md states the theorem. Units: 1 length = the Earth radius R of the proof,
1 time = sqrt(R^3/mu), so that mu = R = 1. Each leaf of the subdivision tree is a box in ten variables:

    0,1 launch latitude, longitude   2,3 aim latitude, inertial longitude   4,5 site latitude, longitude
    6 apogee factor   7 place on the arc (-1 and 1: the two crossings of the least height, 0: the apogee)
    8 commit delay    9 waiting time of the interceptor after the commit delay

Leaves: `T`, `U`, `V` the flight time of every arc within the speed, cut at the first, second or third clip, is longer
than the time there is (waiting never helps, see `Setting`); `L` no time is left at all, `B` too little for a
straight line at full speed; `H` no arc gets so high, or even to the least height; `E` outside the ellipsoid of reach,
`C` longer than the cap (for waiting times that leave enough for a straight line); `S` every arc is back by then.

Arithmetic: integers n stand for n / 2**64 (dyadic rationals). A quantity over a box is a quadratic form (v, c, q, r):
it lies in v + sum(c[i] e[i]) + sum(q[i, j] e[i] e[j]) +- r for some e in [-1, 1]^10, the same e for all quantities;
every rounding is added to r. No binary floating point is used anywhere.
"""

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from math import isqrt
from typing import Any

P = 64
ONE = 1 << P
HALF = ONE >> 1
GUARD = 40
N = 10
ROUND = 70  # more than a form has coefficients, each rounded by less than one unit
MAX_DEPTH = 400
LEAST_HEIGHT = 1 << (P - 12)

Three = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]
Box = list[tuple[Fraction, Fraction]]
Terms = dict[tuple[int, ...], int]


class ProofError(Exception):
    """The proof does not prove its claim; the message says where."""


# Certified elementary functions on integers scaled by ONE; each returns (low, high).
def sqrt_bounds(x: int) -> tuple[int, int]:
    """Bounds of the square root of x >= 0."""
    low = isqrt(x << P)
    return low, low + 1


def atan_bounds(x: int) -> tuple[int, int]:
    """Bounds of atan: four halvings of the argument, then the Taylor series, with GUARD spare bits (errors of a few
    units of 2**-(P+GUARD) grow at most 16-fold, so one unit of 2**-P covers)."""
    if x < 0:
        return -atan_bounds(-x)[1], -atan_bounds(-x)[0]
    q, one, z = P + GUARD, 1 << P + GUARD, x << GUARD
    for _ in range(4):
        z = (z << q) // (one + isqrt((one << q) + z * z))
    square = (z * z) >> q
    total, power, n = z, z, 1
    while power:
        power = -((power * square) >> q) if power > 0 else (-power * square) >> q
        n += 2
        total += power // n
    middle = (16 * total) >> GUARD
    return middle - 1, middle + 2


def cos_sin(x: int) -> tuple[int, int]:
    """Cosine and sine of |x| < 16, each within one unit of 2**-P (Taylor series with GUARD spare bits)."""
    if abs(x) >= 16 * ONE:
        raise ProofError("an angle is out of range")
    q, z = P + GUARD, x << GUARD
    cosine, sine, term, n = 0, 0, 1 << q, 0
    while term:
        cosine += (term, 0, -term, 0)[n % 4]
        sine += (0, term, 0, -term)[n % 4]
        n += 1
        term = ((term * z) >> q) // n
        if abs(term) <= 1 and n > 40:
            break
    return cosine >> GUARD, sine >> GUARD


def over(top: int, low: int, high: int) -> tuple[int, int]:
    """Bounds of top / x for every x > 0 in [low, high]."""
    if low <= 0:
        raise ProofError("a root, a division or a flight time is not defined on this leaf")
    ends = top // low, top // high
    return min(ends), max(ends) + 1


# Functions of a number: bounds of the value, the slope and half the second derivative.
def root_at(x: int) -> Three:
    """Square root of x > 0."""
    low, high = sqrt_bounds(x)
    return (low, high), over(ONE**2, 2 * low, 2 * high), over(-(ONE**3), 8 * x * low, 8 * x * high)


def inverse_at(x: int) -> Three:
    """1 / x, x > 0."""
    return over(ONE**2, x, x), over(-(ONE**3), x**2, x**2), over(ONE**4, x**3, x**3)


def kepler_at(y: int) -> Three:
    """g(y) = alpha - sin(alpha), alpha = 2 asin(sqrt(y)), 0 <= y < 1: convex and rising; g'' least at y = 1/4.

    g' = 2 sqrt(y / (1 - y)), g'' / 2 = 1 / (2 (1 - y) sqrt(y (1 - y))).
    """
    if y >= ONE:
        raise ProofError("the flight time is not defined on this leaf")
    rest, ratio, product = ONE - y, (y << P) // (ONE - y), (y * (ONE - y)) >> P
    low, high = sqrt_bounds(ratio)[0], sqrt_bounds(ratio + 1)[1]
    root_low, root_high = sqrt_bounds(product)[0], sqrt_bounds(product + 1)[1]
    value = 2 * (atan_bounds(low)[0] - root_high), 2 * (atan_bounds(high)[1] - root_low)
    return value, (2 * low, 2 * high), over(ONE**3, 2 * max(root_low, 1) * rest, 2 * root_high * rest)


class Form:
    """value + sum(terms[i,] e[i]) + sum(terms[i, j] e[i] e[j], i <= j) +- radius, in units of 2**-P."""

    __slots__ = ("radius", "terms", "value")

    def __init__(self, value: int, terms: Terms, radius: int) -> None:
        self.value, self.terms, self.radius = value, terms, radius

    def sizes(self) -> tuple[int, int]:
        """Bounds of the linear part, and of the rest without the value."""
        first = sum(abs(x) for k, x in self.terms.items() if len(k) == 1)
        return first, sum(map(abs, self.terms.values())) - first + self.radius

    def low(self) -> int:
        """A lower bound over the box."""
        low = self.value - self.radius - sum(map(abs, self.terms.values()))
        for k, q in self.terms.items():
            if len(k) == 2 and k[0] == k[1]:  # instead of -|x| - |q| the least value of x e + q e**2
                x = abs(self.terms.get(k[:1], 0))
                low += x + abs(q) - (x * x // (4 * q) + 1 if x < 2 * q else x - q)
        return low

    def high(self) -> int:
        """An upper bound over the box."""
        return -(-self).low()

    def least(self) -> int:
        """A sharper lower bound: a variable in which the form is monotone over the whole box takes its worse end."""
        form, todo = Form(self.value, dict(self.terms), self.radius), list(range(N))
        while todo:
            v = todo.pop(0)
            slope, mine = form.terms.get((v,), 0), {k: q for k, q in form.terms.items() if len(k) == 2 and v in k}
            if abs(slope) < sum(abs(q) * (2 if k[0] == k[1] else 1) for k, q in mine.items()):
                continue
            end = -1 if slope > 0 else 1
            form.value += end * form.terms.pop((v,), 0)
            for k, q in mine.items():
                del form.terms[k]
                if k[0] == k[1]:
                    form.value += q
                else:
                    other = (k[0] + k[1] - v,)
                    form.terms[other] = form.terms.get(other, 0) + end * q
            todo = [u for u in range(N) if (u,) in form.terms] if mine else todo
        return form.low()

    def __neg__(self) -> "Form":
        return Form(-self.value, {k: -x for k, x in self.terms.items()}, self.radius)

    def __add__(self, other: "Form | int") -> "Form":
        if isinstance(other, int):
            return Form(self.value + other * ONE, self.terms, self.radius)
        terms = dict(self.terms)
        for k, x in other.terms.items():
            terms[k] = terms.get(k, 0) + x
        return Form(self.value + other.value, terms, self.radius + other.radius)

    def __sub__(self, other: "Form | int") -> "Form":
        return self + (-other)

    def __mul__(self, other: "Form | int") -> "Form":
        """The product; terms of third and fourth order go into the radius."""
        if isinstance(other, int):
            return self.scale(other * ONE)
        a, b = self.value, other.value
        (s, t), (u, w) = self.sizes(), other.sizes()
        terms = {k: b * x for k, x in self.terms.items()}
        for k, x in other.terms.items():
            terms[k] = terms.get(k, 0) + a * x
        add_products(terms, self, other, 1)
        error = abs(a) * other.radius + abs(b) * self.radius + s * w + t * u + t * w
        return Form(a * b >> P, {k: x >> P for k, x in terms.items()}, (error >> P) + ROUND)

    def scale(self, n: int) -> "Form":
        """The quantity times the number n / ONE."""
        terms = {k: x * n >> P for k, x in self.terms.items()}
        return Form(self.value * n >> P, terms, (self.radius * abs(n) >> P) + ROUND)


def add_products(terms: Terms, a: Form, b: Form, factor: int) -> None:
    """Add the product of the linear parts, times a factor, to the terms."""
    others = [(j, y) for j, y in b.terms.items() if len(j) == 1]
    for i, x in a.terms.items():
        if len(i) == 1:
            for j, y in others:
                k = i + j if i <= j else j + i
                terms[k] = terms.get(k, 0) + factor * x * y


def between(low: Fraction, high: Fraction) -> Form:
    """A constant known only to lie between two rationals (or equal to both)."""
    return Form(int((low + high) / 2 * ONE), {}, 3 + int((high - low) * ONE))


def curve(a: Form, value: int, slope: int, bend: int, low: int, high: int) -> Form:
    """value + slope d + bend d**2 + [low, high], with d = a - a.value: a function replaced by a parabola."""
    s, t = a.sizes()
    terms = {k: slope * x << P for k, x in a.terms.items()}
    add_products(terms, a, a, bend)
    radius = (abs(slope) * a.radius >> P) + (abs(bend) * t * (2 * s + t) >> 2 * P) + ((high - low) >> 1) + ROUND
    return Form(value + ((low + high) >> 1), {k: x >> 2 * P for k, x in terms.items()}, radius)


def bent(a: Form, at: Callable[[int], Three]) -> Form:
    """A function of a: the parabola that touches it at a.value to second order.

    Where the third derivative keeps its sign, the difference only rises or only falls and is largest at an end. Else
    (g at both sides of 1/4) the tangent, and the same by convexity. Of g only the upper bound is wanted and kept.
    """
    x, low, high = a.value, max(a.low(), 0), a.high()
    if not low <= x <= high:
        raise ProofError("a quantity is negative that cannot be")
    value, slope, bend = at(x)
    if at is kepler_at and low < ONE // 4 < high:
        bend = (0, 0)
    width = max(high - x, x - low)
    slack = value[1] - value[0] + ((slope[1] - slope[0]) * width >> P) + ((bend[1] - bend[0]) * width**2 >> 2 * P) + 4
    least = most = 0
    for end in (low, high):
        line = value[0] + (slope[0] * (end - x) >> P) + (bend[0] * (end - x) ** 2 >> 2 * P)
        least, most = min(least, at(end)[0][0] - line - slack), max(most, at(end)[0][1] - line + slack)
    return curve(a, value[0], slope[0], bend[0], (most if at is kepler_at else least) - slack, most + slack)


def smooth(a: Form, value: int, slope: int, bend: int, third: int) -> Form:
    """Taylor's formula at a.value: half the second derivative there, and a bound of a sixth of the third anywhere."""
    width = max(a.high() - a.value, a.value - a.low())
    error = (third * width**3 >> 3 * P) + (width >> P) + (width * width >> 2 * P) + 8
    return curve(a, value, slope, bend, -error, error)


def arctan(a: Form) -> Form:
    """atan a, whose third derivative is at most 2."""
    x, one = a.value, ONE * ONE + a.value * a.value
    return smooth(a, atan_bounds(x)[0], ONE**3 // one, -x * ONE**4 // (one * one), ONE // 3 + 1)


def turn(a: Form) -> tuple[Form, Form]:
    """Cosine and sine of a."""
    c, s = cos_sin(a.value)
    return smooth(a, c, -s, -c // 2, ONE // 6 + 1), smooth(a, s, c, -s // 2, ONE // 6 + 1)


def kepler_cut(a: Form, clip: int) -> Form:
    """A lower bound of g(a) up to `clip`, of its tangent beyond: the tangent at a.value and the least bend there is."""
    low, high, at = a.low(), a.high(), min(a.value, clip)
    if low <= 0:
        raise ProofError("the flight time is not defined on this leaf")
    bend = 0
    if high <= clip:
        bend = kepler_at(low)[2][0] if low > ONE // 4 else 3 * ONE // 2  # g''/2 is nowhere below 8 / sqrt(27)
    value, slope, _ = kepler_at(at)
    slack = ((slope[1] - slope[0]) * (high - low + a.value - at) >> P) + 8
    return curve(a, value[0] + (slope[0] * (a.value - at) >> P), slope[0], bend, -slack, -slack)


class Setting:
    """The constants of one proof as forms, in units of R and sqrt(R^3/mu)."""

    def __init__(self, proof: dict[str, Any]) -> None:
        model, claim = proof["model"], proof["claim"]
        radius, mu = rational(model["radius_km"]), rational(model["mu_km3_s2"])
        if radius <= 0 or mu <= 0:
            raise ProofError("model: radius and mu must be positive")
        scale = 10**24
        whole = isqrt(int(radius**3 / mu * scale**2))
        self.time = (Fraction(whole, scale), Fraction(whole + 1, scale))
        self.pi = tuple(Fraction(4 * x, ONE) for x in atan_bounds(ONE))
        scales = ((self.pi[0] / 180, self.pi[1] / 180), (Fraction(1),) * 2, (1 / self.time[1], 1 / self.time[0]))
        self.factors = [(int(a * ONE), int(b * ONE) + 1) for a, b in scales]
        omega = rational(model["rotation_rad_s"])
        self.omega = between(omega * self.time[0], omega * self.time[1])
        drift = rational(model["drift_km_s2"])
        if min(omega, drift, rational(model["burn_radius_km"])) < 0:
            raise ProofError("model: rotation, drift and burn radius must not be negative")
        self.half_drift = between(*[drift * radius * radius / mu / 2] * 2)  # unit of acceleration: mu / R^2
        self.half_burn = between(*[rational(model["burn_radius_km"]) / radius / 2] * 2)
        least = rational(model["altitude_min_km"]) / radius
        if least * ONE < LEAST_HEIGHT:
            raise ProofError("model: the least height of an engagement is too small")
        self.least, self.floor = between(*[least / (1 + least)] * 2), between(*[1 + least] * 2)
        self.start = self.seconds(rational(model["arc_start_max_s"]))
        cap = model["flight_cap_s"]
        self.cap = None if cap is None else self.seconds(rational(cap))
        clips = [rational(y) for y in model["clips"]]
        if len(clips) != 3 or not Fraction(1, 2) <= min(clips) <= max(clips) <= 1 - Fraction(1, 1 << 20):
            raise ProofError("model: three clips must lie between 1/2 and 1 - 2**-20")
        self.clips = [int(y * ONE) for y in clips]
        self.delays = pair(claim["commit_delay_s"], "claim: commit delay")
        v0, v1 = (rational(v) for v in claim["speed_km_s"])
        if not (v0 > 0 and v1 > 0 and max(v0, v1) ** 2 < 2 * mu / radius):
            raise ProofError("claim: speeds must be positive and below escape")
        unit = Fraction(isqrt(int(mu / radius * scale * scale)), scale)
        self.speed0, self.speed1 = (between(v / (unit + Fraction(1, scale)), v / unit) for v in (v0, v1))
        if self.delays[0] == self.delays[1] and v0 != v1:
            raise ProofError("claim: two speeds at one delay")
        # Waiting never helps (lemma 3): the cut flight time rises with the chord by at most g'(clip) / sqrt(8 - 4 V^2),
        # the site moves by at most omega; their product must stay below 1.
        slope = Fraction(kepler_at(max(self.clips))[1][1], ONE) * Fraction(self.omega.high(), ONE)
        if slope**2 >= 8 * (1 - max(v0, v1) ** 2 / (mu / radius) / 2):
            raise ProofError("model: clip is too near to 1 for this speed (waiting could help)")
        v = Fraction(max(self.speed0.high(), self.speed1.high()), ONE)
        self.aloft = None if v * v > Fraction(1, 4) else between(*[2 * v / ((1 - v * v) * (1 - v * v / 2) ** 2)] * 2)

    def seconds(self, t: Fraction) -> Form:
        """A time in seconds, in the unit of the proof."""
        return between(*sorted((t / self.time[0], t / self.time[1])))


def rational(text: Any) -> Fraction:
    """A decimal or a fraction, written as a string; nothing else is accepted."""
    try:
        if isinstance(text, str) and len(text) <= 60 and all(c in "0123456789./-" for c in text):
            return Fraction(text)
    except (ValueError, ZeroDivisionError):
        pass
    raise ProofError(f"not a plain decimal or fraction in quotes: {text!r}")


def pair(texts: Any, where: str) -> tuple[Fraction, Fraction]:
    """An interval [low, high]."""
    ends = [rational(x) for x in texts] if isinstance(texts, list) else []
    if len(ends) != 2 or ends[0] > ends[1]:
        raise ProofError(f"{where}: an interval has two ends and is not empty")
    return ends[0], ends[1]


def variable(i: int, low: int, high: int) -> Form:
    """Variable i of a box, from low to high; one that does not vary is a constant with an error."""
    half = (high - low) // 2 + 1
    return Form((low + high) // 2, {(i,): half}, 8) if half > 64 else Form((low + high) // 2, {}, half + 8)


class Leaf:
    """The quantities of one box, computed in the order of docs/assurance.md section 4."""

    def __init__(self, setting: Setting, box: Box, kind: str) -> None:
        self.setting = setting
        v = [variable(i, *self.scaled(i, low, high)) for i, (low, high) in enumerate(box[:9])]
        (low, high), least = self.scaled(9, *box[9]), self.scaled(9, box[9][0], box[9][0])[1]
        if kind in "TUVLBH":  # waiting never helps (T), or leaves still less time: only the least waiting time counts
            high = least
        elif kind in "EC":
            high = min(high, least + Leaf(setting, box, "B").longest_wait())
        v.append(variable(9, low, high))
        delays = setting.delays
        self.speed = setting.speed0
        if delays[0] < delays[1]:
            a, b = ((x - delays[0]) / (delays[1] - delays[0]) for x in box[8])
            share = variable(8, int(a * ONE), int(b * ONE) + 1)
            self.speed = setting.speed0 + (setting.speed1 - setting.speed0) * share
        self.arc(v)
        self.chord(v)

    def scaled(self, i: int, low: Fraction, high: Fraction) -> tuple[int, int]:
        """Box ends in radians or time units, rounded outwards."""
        small, large = self.setting.factors[0 if i < 6 else 1 if i < 8 else 2]
        ends = [x.numerator * f // x.denominator for x in (low, high) for f in (small, large)]
        return min(ends) - 2, max(ends) + 2

    def arc(self, v: list[Form]) -> None:
        """The threat: an arc over the launch and aim points with its apogee, and the place on it."""
        (self.cos_l, self.sin_l), (self.cos_m, self.sin_m) = turn(v[0]), turn(v[2])
        apart = self.sin_l * self.sin_m + self.cos_l * self.cos_m * turn(v[1] - v[3])[0]
        self.cos_half = bent((apart + 1).scale(HALF), root_at)
        sine = bent((-self.cos_half + 1).scale(HALF), root_at)
        self.cos_quarter = bent((self.cos_half + 1).scale(HALF), root_at)
        height = v[6] * (sine * (self.cos_quarter - sine))
        depth = -bent(height + 1, inverse_at) + 1
        least = self.setting.least
        self.reach = bent(-(least * bent(depth, inverse_at)) + 1, root_at)
        place = v[7] * self.reach * sine
        self.place2 = place * place
        self.cos_place = bent(-self.place2 + 1, root_at)
        self.radius = bent(-depth + 1 + (depth - least) * (v[7] * v[7]), inverse_at)
        ratio = v[6] * (self.cos_quarter * bent(sine, inverse_at) - 1) + 1
        stretch = bent(ratio, root_at)
        eccentricity = bent(ratio + 1, inverse_at) * -2 + 1
        axis = ((height + 1) * (bent(ratio, inverse_at) + 1)).scale(HALF)
        period = axis * bent(axis, root_at) * 2
        whole = self.kepler_time(stretch * (sine * bent(self.cos_quarter, inverse_at)), eccentricity)
        part = self.kepler_time(stretch * (place * bent(self.cos_place, inverse_at)), eccentricity)
        self.time, self.rest = period * (whole + part), period * (whole - part)
        late = v[8] - self.setting.start + v[9]  # launch of the interceptor after the arc's start
        self.left = self.time - late
        self.site_longitude = v[5] + self.setting.omega * late

    @staticmethod
    def kepler_time(tangent: Form, eccentricity: Form) -> Form:
        """(E + e sin E) / 2 of the anomaly E counted from the apogee with tan(E/2) = tangent."""
        return arctan(tangent) + eccentricity * (tangent * bent(tangent * tangent + 1, inverse_at))

    def chord(self, v: list[Form]) -> None:
        """A lower bound of the distance from the site to the place: its component along a unit vector."""
        (cos_s, sin_s), (cl, sl), (cm, sm) = (
            turn(a) for a in (v[4], v[1] - self.site_longitude, v[3] - self.site_longitude)
        )
        along = self.radius * (self.place2 * -2 + 1) * bent(self.cos_half * 2, inverse_at)
        across = self.radius * (v[7] * self.reach * (self.cos_place * bent(self.cos_quarter * 2, inverse_at)))
        launch, aim = (self.cos_l * cl, self.cos_l * sl, self.sin_l), (self.cos_m * cm, self.cos_m * sm, self.sin_m)
        site = (cos_s, Form(0, {}, 0), sin_s)
        toward = [
            ((along.value * (b.value + a.value) + across.value * (b.value - a.value)) >> P) - s.value
            for a, b, s in zip(launch, aim, site, strict=True)
        ]
        size = isqrt(sum(x * x for x in toward)) + 1
        unit = [abs(x) * ONE // size * (1 if x > 0 else -1) for x in toward]  # rounded inwards: never longer than 1
        on_launch, on_aim, on_site = (
            a[0].scale(unit[0]) + a[1].scale(unit[1]) + a[2].scale(unit[2]) for a in (launch, aim, site)
        )
        self.distance = along * (on_launch + on_aim) + across * (on_aim - on_launch) - on_site

    def error(self, flown: Form) -> Form:
        """How far both vehicles together can be from their arcs, after a flight of the interceptor of that time."""
        return self.setting.half_drift * (self.time * self.rest + flown * flown)

    def spare(self) -> Form:
        """The time left after the time that the straight line takes at full speed, which every arc needs at least."""
        s = self.setting
        straight = self.distance - s.half_burn * 2 - self.error(s.aloft or self.left)
        return self.left - straight * bent(self.speed, inverse_at)

    def longest_wait(self) -> int:
        """How much longer than this an interceptor can wait; the site moves by at most omega in a unit of time."""
        s = self.setting
        slowest = min(s.speed0.low(), s.speed1.low())
        gain = ONE - (s.omega.high() * ONE // slowest + 1)
        return max(0, -(-self.spare()).least()) * ONE // gain + 8 if gain > 0 else 100 * ONE

    def holds(self, kind: str) -> bool:
        """Whether the bound named by the leaf excludes every engagement in the box."""
        s = self.setting
        if kind in "LB":
            return (-(self.left if kind == "L" else self.spare())).least() > 0
        if kind == "S":  # every arc is back on the ground by then (lemma 4)
            return s.aloft is not None and (self.left - s.aloft).least() > 0
        energy = -(self.speed * self.speed).scale(HALF) + 1  # 1 / (2 a)
        error = self.error(s.aloft if kind in "EH" and s.aloft is not None else self.left)
        if kind == "H":
            return max(((r - error) * energy).least() for r in (self.radius, s.floor)) > ONE
        far = ((self.radius + 1 + self.distance).scale(HALF) - error - s.half_burn) * energy
        if kind == "E":
            return far.least() > ONE
        near = ((self.radius + 1 - self.distance).scale(HALF) + s.half_burn) * energy
        drift = -(-(s.omega * energy * self.left)).least()
        drifted = -(-near).least() + max(0, drift // 2 + 1)
        clip = s.clips[max("TUV".find(kind), 0)]
        if drifted > clip:
            raise ProofError("the near part of the flight time is out of range")
        double = energy * 2
        flight = bent(double * bent(double, root_at), inverse_at) * (kepler_cut(far, clip) - bent(near, kepler_at))
        if kind != "C":
            return (flight - self.left).least() > 0
        return s.cap is not None and (flight - s.cap).least() > 0


def root_box(setting: Setting, proof: dict[str, Any], node: dict[str, Any], where: str) -> Box:
    """The ten intervals of one combination of site, launch region and aim region."""
    box: Box = []
    for role in ("launch", "aim", "site"):
        for axis in ("latitude_deg", "longitude_deg"):
            box.append(pair(node[role][axis], f"{where}: {role} {axis}"))
    if not all(-90 < low < high < 90 for low, high in box[::2]):
        raise ProofError(f"{where}: latitudes must lie between the poles")
    if not all(-360 <= low < high <= 540 and high - low < 360 for low, high in box[1::2]):
        raise ProofError(f"{where}: longitudes out of range")
    early, late = pair(proof["family"]["arc_time_s"], "family: arc time")
    if early < 0:
        raise ProofError("family: an arc time is not negative")
    turn_deg = rational(proof["model"]["rotation_rad_s"]) * 180
    grain = 10**12  # the aim region, swept by the Earth's turn; rounded outwards
    west = (box[3][0] + early * turn_deg / setting.pi[1]) * grain // 1
    east = -((-box[3][1] - late * turn_deg / setting.pi[0]) * grain // 1)
    box[3] = (Fraction(west, grain), Fraction(east, grain))
    factor = pair(proof["family"]["apogee_factor"], "family: apogee factor")
    if not Fraction(1, 4) <= factor[0] <= factor[1] <= 2:
        raise ProofError("family: the apogee factor must lie between 1/4 and 2")
    if setting.delays[0] < 0:
        raise ProofError("claim: a commit delay is not negative")
    waiting = 9 * setting.time[1] + abs(rational(proof["model"]["arc_start_max_s"]))  # longer than any arc lasts
    return [*box, factor, (Fraction(-1), Fraction(1)), setting.delays, (Fraction(0), waiting)]


def check_tree(setting: Setting, top: Box, tree: str, where: str) -> dict[str, int]:
    """Walk the tree in preorder: a digit splits that variable in the middle, a letter ends in a leaf."""
    counts: dict[str, int] = {}
    stack = [(top, 0)]
    for position, mark in enumerate(tree):
        if not stack:
            raise ProofError(f"{where}: the tree goes on after its last leaf, at place {position}")
        box, depth = stack.pop()
        if mark in "0123456789":
            v = int(mark)
            low, high = box[v]
            if low == high or depth >= MAX_DEPTH:
                raise ProofError(f"{where}: variable {mark} cannot be split at place {position}")
            middle = (low + high) / 2
            stack += [([*box[:v], part, *box[v + 1 :]], depth + 1) for part in ((middle, high), (low, middle))]
        elif mark in "TUVLBHECS":
            leaf = sum(counts.values())
            try:
                if not Leaf(setting, box, mark).holds(mark):
                    raise ProofError("it does not exclude an engagement")
            except ProofError as why:
                raise ProofError(f"{where}: leaf {leaf} ({mark}): {why}") from None
            counts[mark] = counts.get(mark, 0) + 1
        else:
            raise ProofError(f"{where}: unknown mark {mark!r} at place {position}")
    if stack:
        raise ProofError(f"{where}: the tree is incomplete, {len(stack)} boxes are not covered")
    return counts


def no_number(text: str) -> Any:
    """Numbers outside quotes (floats, NaN, Infinity) are not accepted."""
    raise ProofError(f"a bare number in the proof: {text}")


def no_double(items: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name that occurs twice in one object is not accepted."""
    if len(dict(items)) != len(items):
        raise ProofError("a name occurs twice in one object")
    return dict(items)


def read(data: bytes) -> dict[str, Any]:
    """The proof as plain dictionaries, with every name that is needed and no other at the top."""
    try:
        proof = json.loads(
            data, object_pairs_hook=no_double, parse_float=no_number, parse_int=no_number, parse_constant=no_number
        )
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as why:
        raise ProofError(f"not a JSON text: {why}") from None
    names = {"format", "question_sha256", "title", "model", "family", "claim", "roots"}
    if not isinstance(proof, dict) or set(proof) != names or proof["format"] != "tocsin-bound-proof/3":
        raise ProofError("not a bound proof of format tocsin-bound-proof/3")
    return proof


def check(data: bytes) -> dict[str, Any]:
    """Check one proof; returns a summary, or raises ProofError."""
    try:
        proof = read(data)
        setting = Setting(proof)
        if not isinstance(proof["roots"], list) or not proof["roots"]:
            raise ProofError("the proof covers nothing")
        counts: Counter[str] = Counter()
        for number, node in enumerate(proof["roots"]):
            where = f"root {number} ({'/'.join(str(node[role]['name']) for role in ('site', 'launch', 'aim'))})"
            counts.update(check_tree(setting, root_box(setting, proof, node, where), str(node["tree"]), where))
    except (KeyError, TypeError, IndexError, AttributeError) as why:
        raise ProofError(f"a part of the proof is missing or of the wrong kind: {why!r}") from None
    return {"leaves": dict(counts), "claim": proof["claim"], "model": proof["model"], "family": proof["family"]}


def main(paths: list[str]) -> int:
    """Check files given on the command line."""
    bad = 0
    for path in paths:
        with open(path, "rb") as file:  # noqa: PTH123
            data = file.read()
        lines = [path, f"sha256 {hashlib.sha256(data).hexdigest()}"]
        try:
            summary = check(data)
            lines += [f"{name}: {json.dumps(summary[name])}" for name in ("claim", "family", "model")]
            lines.append(f"ACCEPTED: {sum(summary['leaves'].values())} leaves {summary['leaves']}")
        except ProofError as why:
            bad += 1
            lines.append(f"REJECTED: {why}")
        print("\n  ".join(lines))  # noqa: T201
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
