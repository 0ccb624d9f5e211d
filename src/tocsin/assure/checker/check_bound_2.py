"""Stand-alone checker of a bound proof: standard library only, meant to be read by both delegations.

    python check_bound.py PROOF.json [PROOF.json ...]

It answers ACCEPTED or REJECTED, and where. It takes nothing from the proof but the inputs at its top, which it prints.
docs/assurance.md states the theorem. Units: 1 length = the Earth radius R of the proof,
1 time = sqrt(R^3/mu), so that mu = R = 1. Each leaf of the subdivision tree is a box in ten variables:

    0,1 launch latitude, longitude   2,3 aim latitude, inertial longitude   4,5 site latitude, longitude
    6 apogee factor   7 place on the arc (-1 and 1: the two crossings of the least height, 0: the apogee)
    8 commit delay    9 waiting time of the interceptor after the commit delay

Leaves: `T`, `U`, `V` the flight time of every arc within the speed, cut at the first, second or third clip, is longer
than the time there is (waiting never helps, see `waiting_slope`); `L` no time is left at all, `B` too little for a
straight line at full speed; `H` no arc gets so high, or even to the least height; `E` outside the ellipsoid of reach,
`C` longer than the cap (for waiting times that leave enough for a straight line); `S` every arc is back by then.

Arithmetic: integers n stand for n / 2**64 (dyadic rationals). A quantity over a box is an affine form
(v, c, r): it lies in v + sum(c[i] * e[i]) +- r for some e in [-1, 1]^10, the same e for all quantities; every
rounding is added to r. No binary floating point is used anywhere.
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
GUARD = 40
N = 10
MAX_DEPTH = 400
LEAST_HEIGHT = 1 << (P - 12)

Bounds = Callable[[int], tuple[int, int]]
Box = list[tuple[Fraction, Fraction]]


class ProofError(Exception):
    """The proof does not prove its claim; the message says where."""


# Certified elementary functions on integers scaled by ONE; each returns (low, high).
def sqrt_bounds(x: int) -> tuple[int, int]:
    """Bounds of the square root of x >= 0."""
    low = isqrt(x << P)
    return low, low + 1


def atan_bounds(x: int) -> tuple[int, int]:
    """Bounds of atan: four halvings of the argument, then the Taylor series, with GUARD spare bits.

    Each step errs by a few units of 2**-(P+GUARD) and errors grow at most 16-fold, so one unit of 2**-P covers.
    """
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


def pi_bounds() -> tuple[Fraction, Fraction]:
    """Rational bounds of pi, from Machin's formula 16 atan(1/5) - 4 atan(1/239)."""

    def series(d: int, terms: int) -> tuple[Fraction, Fraction]:
        total = sum(Fraction((-1) ** k, (2 * k + 1) * d ** (2 * k + 1)) for k in range(terms))
        tail = Fraction(1, (2 * terms + 1) * d ** (2 * terms + 1))
        return total - tail, total + tail

    a, b = series(5, 40), series(239, 12)
    return 16 * a[0] - 4 * b[1], 16 * a[1] - 4 * b[0]


def kepler_bounds(y: int) -> tuple[int, int]:
    """Bounds of g(y) = alpha - sin(alpha), alpha = 2 asin(sqrt(y)), 0 <= y < 1; g is convex and rising."""
    rest, ratio = ONE - y, (y << P) // (ONE - y)
    angle_low, angle_high = atan_bounds(sqrt_bounds(ratio)[0])[0], atan_bounds(sqrt_bounds(ratio + 1)[1])[1]
    root_low, root_high = sqrt_bounds((y * rest) >> P)[0], sqrt_bounds(((y * rest) >> P) + 1)[1]
    return 2 * (angle_low - root_high), 2 * (angle_high - root_low)


def kepler_slope(y: int) -> tuple[int, int]:
    """Bounds of g'(y) = 2 sqrt(y / (1 - y))."""
    ratio = (y << P) // (ONE - y)
    return 2 * sqrt_bounds(ratio)[0], 2 * sqrt_bounds(ratio + 1)[1]


class Form:
    """value + sum(linear[i] e[i]) +- radius, all in units of 2**-P; whole numbers may be added and multiplied.

    `low` and `high` bound the quantity over the box; `spread` is its largest distance from `value`.
    """

    __slots__ = ("linear", "radius", "value")

    def __init__(self, value: int, linear: list[int], radius: int) -> None:
        self.value, self.linear, self.radius = value, linear, radius

    def spread(self) -> int:
        return sum(map(abs, self.linear)) + self.radius

    def low(self) -> int:
        return self.value - self.spread()

    def high(self) -> int:
        return self.value + self.spread()

    def __neg__(self) -> "Form":
        return Form(-self.value, [-x for x in self.linear], self.radius)

    def __add__(self, other: "Form | int") -> "Form":
        if isinstance(other, int):
            return Form(self.value + other * ONE, self.linear, self.radius)
        linear = [x + y for x, y in zip(self.linear, other.linear, strict=True)]
        return Form(self.value + other.value, linear, self.radius + other.radius)

    def __sub__(self, other: "Form | int") -> "Form":
        return self + (-other)

    def __mul__(self, other: "Form | int") -> "Form":
        """The product; the squares e[i]**2 lie in [0, 1], which halves their part of the error."""
        if isinstance(other, int):
            return Form(other * self.value, [other * x for x in self.linear], abs(other) * self.radius)
        a, b = self.value, other.value
        diagonal = [x * y for x, y in zip(self.linear, other.linear, strict=True)]
        linear = [(a * y + b * x) >> P for x, y in zip(self.linear, other.linear, strict=True)]
        error = abs(a) * other.radius + abs(b) * self.radius + self.spread() * other.spread()
        error -= sum(map(abs, diagonal)) // 2
        return Form((a * b + sum(diagonal) // 2) >> P, linear, (error >> P) + N + 5)

    def half(self) -> "Form":
        """Half of the quantity."""
        return Form(self.value >> 1, [x >> 1 for x in self.linear], (self.radius >> 1) + N + 2)

    def scale(self, n: int) -> "Form":
        """The quantity times the number n / ONE."""
        return Form((self.value * n) >> P, [(x * n) >> P for x in self.linear], ((self.radius * abs(n)) >> P) + N + 3)


def between(low: Fraction, high: Fraction) -> Form:
    """A constant known only to lie between two rationals (or equal to both)."""
    middle = (low + high) / 2
    return Form((middle.numerator << P) // middle.denominator, [0] * N, 2 + int((high - low) * ONE))


def line(a: Form, middle: int, value: int, slope: int, low: int, high: int) -> Form:
    """value + slope (a - middle) + [low, high]: a function replaced by a line with a known error."""
    centre = value + ((slope * (a.value - middle)) >> P) + ((low + high) >> 1)
    radius = ((abs(slope) * a.radius) >> P) + ((high - low) >> 1) + N + 4
    return Form(centre, [(slope * x) >> P for x in a.linear], radius)


def bent(a: Form, low: int, high: int, bounds: Bounds, slopes: Bounds, convex: bool) -> Form:
    """A convex or concave function of a on [low, high]: the tangent in the middle, errors largest at the ends."""
    middle, width = (low + high) // 2, (high - low) // 2 + 1
    value, slope = bounds(middle), slopes(middle)
    slack = (value[1] - value[0]) + (((slope[1] - slope[0]) * width) >> P) + 4
    at_low = value[0] + ((slope[0] * (low - middle)) >> P)
    at_high = value[0] + ((slope[0] * (high - middle)) >> P)
    if convex:
        worst = max(bounds(low)[1] - at_low, bounds(high)[1] - at_high, 0) + 2
        return line(a, middle, value[0], slope[0], -slack, worst)
    worst = min(bounds(low)[0] - at_low, bounds(high)[0] - at_high, 0) - 2
    return line(a, middle, value[0], slope[0], worst, slack)


def root_slope(x: int) -> tuple[int, int]:
    return ONE * ONE // (2 * sqrt_bounds(x)[1]), ONE * ONE // (2 * sqrt_bounds(x)[0]) + 1


def root(a: Form) -> Form:
    """Square root of a positive quantity."""
    if a.low() <= 0:
        raise ProofError("a square root of a quantity that may be negative")
    return bent(a, a.low(), a.high(), sqrt_bounds, root_slope, convex=False)


def inverse(a: Form) -> Form:
    """1 / a for a positive quantity."""
    if a.low() <= 0:
        raise ProofError("a division by a quantity that may be zero")
    slope: Bounds = lambda x: (-(ONE**3) // (x * x), -(ONE**3) // (x * x) + 1)  # noqa: E731
    return bent(a, a.low(), a.high(), lambda x: (ONE * ONE // x, ONE * ONE // x + 1), slope, convex=True)


def square(a: Form) -> Form:
    """a**2"""
    low, high = a.low(), a.high()
    middle, width = (low + high) // 2, (high - low) // 2 + 1
    return line(a, middle, (middle * middle) >> P, 2 * middle, -2, ((width * width) >> P) + 4)


def arctan(a: Form) -> Form:
    """atan a; |atan''| <= min(0.65, 2 |x|), with the sign of -x."""
    low, high = a.low(), a.high()
    middle, width = (low + high) // 2, (high - low) // 2 + 1
    bend = min((65 * ONE) // 100, 2 * max(abs(low), abs(high)))
    error = ((bend * width >> P) * width >> P) // 2 + 4
    slope = (ONE * ONE * ONE) // (ONE * ONE + middle * middle)
    slack = (width >> P) + 6
    down, up = -slack - (0 if high <= 0 else error), slack + (0 if low >= 0 else error)
    return line(a, middle, atan_bounds(middle)[0], slope, down, up)


def turn(a: Form) -> tuple[Form, Form]:
    """Cosine and sine of a; |f''| <= |f(middle)| + width, with the sign of -f where f keeps its sign."""
    low, high = a.low(), a.high()
    middle, width = (low + high) // 2, (high - low) // 2 + 1
    c, s = cos_sin(middle)
    slack = (2 * width >> P) + 8

    def taylor(value: int, slope: int) -> Form:
        bend = min(ONE, abs(value) + width + 2)
        error = ((bend * width >> P) * width >> P) // 2 + 4
        down, up = 0 if value <= -width - 2 else error, 0 if value >= width + 2 else error
        return line(a, middle, value, slope, -slack - down, slack + up)

    return taylor(c, -s), taylor(s, c)


def kepler(a: Form) -> Form:
    """g(a) for a quantity that is never negative and stays below 1."""
    low, high = max(a.low(), 0), a.high()
    if high >= ONE or high <= low:
        raise ProofError("the flight time is not defined on this leaf")
    return bent(a, low, high, kepler_bounds, kepler_slope, convex=True)


def kepler_cut(a: Form, clip: int) -> Form:
    """g(a) up to `clip`, its tangent beyond: a convex lower bound of g that stays finite."""
    low, high = a.low(), a.high()
    if low <= 0:
        raise ProofError("the flight time is not defined on this leaf")
    base, rise = kepler_bounds(clip), kepler_slope(clip)

    def value(y: int) -> tuple[int, int]:
        if y <= clip:
            return kepler_bounds(y)
        beyond = y - clip
        return base[0] + (rise[0] * beyond >> P), base[1] + (rise[1] * beyond >> P) + 1

    return bent(a, low, high, value, lambda y: kepler_slope(min(y, clip)), convex=True)


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
        self.pi = pi_bounds()
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
        self.waiting_slope(max(v0, v1) ** 2 / (mu / radius))
        v = Fraction(max(self.speed0.high(), self.speed1.high()), ONE)
        self.aloft = None if v * v > Fraction(1, 4) else between(*[2 * v / ((1 - v * v) * (1 - v * v / 2) ** 2)] * 2)

    def seconds(self, t: Fraction) -> Form:
        """A time in seconds, in the unit of the proof."""
        return between(*sorted((t / self.time[0], t / self.time[1])))

    def waiting_slope(self, speed2: Fraction) -> None:
        """Waiting never helps: what the turning Earth brings nearer saves less flight time than was waited.

        The cut flight time rises with the chord by at most g'(clip) / sqrt(8 (1 - V^2/2)), the site moves by at
        most omega; their product must stay below 1.
        """
        slope = Fraction(kepler_slope(max(self.clips))[1], ONE) * Fraction(self.omega.high(), ONE)
        if slope**2 >= 8 * (1 - speed2 / 2):
            raise ProofError("model: clip is too near to 1 for this speed (waiting could help)")


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
    """Variable i of a box, from low to high."""
    return Form((low + high) // 2, [(high - low) // 2 + 1 if n == i else 0 for n in range(N)], 8)


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
        self.cos_half = root((apart + 1).half())
        sine = root((-self.cos_half + 1).half())
        self.cos_quarter = root((self.cos_half + 1).half())
        height = v[6] * (sine * (self.cos_quarter - sine))
        depth = -inverse(height + 1) + 1
        least = self.setting.least
        self.reach = root(-(least * inverse(depth)) + 1)
        place = v[7] * self.reach * sine
        self.place2 = square(place)
        self.cos_place = root(-self.place2 + 1)
        self.radius = inverse(-depth + 1 + (depth - least) * square(v[7]))
        ratio = v[6] * (self.cos_quarter * inverse(sine) - 1) + 1
        stretch = root(ratio)
        eccentricity = inverse(ratio + 1) * -2 + 1
        axis = ((height + 1) * (inverse(ratio) + 1)).half()
        period = axis * root(axis) * 2
        whole = self.kepler_time(stretch * (sine * inverse(self.cos_quarter)), eccentricity)
        part = self.kepler_time(stretch * (place * inverse(self.cos_place)), eccentricity)
        self.time, self.rest = period * (whole + part), period * (whole - part)
        late = v[8] - self.setting.start + v[9]  # launch of the interceptor after the arc's start
        self.left = self.time - late
        self.site_longitude = v[5] + self.setting.omega * late

    @staticmethod
    def kepler_time(tangent: Form, eccentricity: Form) -> Form:
        """(E + e sin E) / 2 of the anomaly E counted from the apogee with tan(E/2) = tangent."""
        return arctan(tangent) + eccentricity * (tangent * inverse(square(tangent) + 1))

    def chord(self, v: list[Form]) -> None:
        """A lower bound of the distance from the site to the place: its component along a unit vector."""
        (cos_s, sin_s), (cl, sl), (cm, sm) = (
            turn(a) for a in (v[4], v[1] - self.site_longitude, v[3] - self.site_longitude)
        )
        along = self.radius * (self.place2 * -2 + 1) * inverse(self.cos_half * 2)
        across = self.radius * (v[7] * self.reach * (self.cos_place * inverse(self.cos_quarter * 2)))
        launch, aim = (self.cos_l * cl, self.cos_l * sl, self.sin_l), (self.cos_m * cm, self.cos_m * sm, self.sin_m)
        site = (cos_s, Form(0, [0] * N, 0), sin_s)
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
        return self.setting.half_drift * (self.time * self.rest + square(flown))

    def spare(self) -> Form:
        """The time left after the time that the straight line takes at full speed, which every arc needs at least."""
        s = self.setting
        straight = self.distance - s.half_burn * 2 - self.error(s.aloft or self.left)
        return self.left - straight * inverse(self.speed)

    def longest_wait(self) -> int:
        """How much longer than this an interceptor can wait; the site moves by at most omega in a unit of time."""
        s = self.setting
        slowest = min(s.speed0.low(), s.speed1.low())
        gain = ONE - (s.omega.high() * ONE // slowest + 1)
        return max(0, self.spare().high()) * ONE // gain + 8 if gain > 0 else 100 * ONE

    def holds(self, kind: str) -> bool:
        """Whether the bound named by the leaf excludes every engagement in the box."""
        s = self.setting
        if kind in "LB":
            return (self.left if kind == "L" else self.spare()).high() < 0
        if kind == "S":  # every arc is back on the ground by then (lemma 4)
            return s.aloft is not None and (self.left - s.aloft).low() > 0
        energy = -square(self.speed).half() + 1  # 1 / (2 a)
        error = self.error(s.aloft if kind in "EH" and s.aloft is not None else self.left)
        if kind == "H":
            return max(((r - error) * energy).low() for r in (self.radius, s.floor)) > ONE
        far = ((self.radius + 1 + self.distance).half() - error - s.half_burn) * energy
        if kind == "E":
            return far.low() > ONE
        near = ((self.radius + 1 - self.distance).half() + s.half_burn) * energy
        drifted = near.high() + max(0, (s.omega * energy * self.left).high() // 2 + 1)
        clip = s.clips[max("TUV".find(kind), 0)]
        if drifted > clip:
            raise ProofError("the near part of the flight time is out of range")
        double = energy * 2
        flight = inverse(double * root(double)) * (kepler_cut(far, clip) - kepler(near))
        if kind != "C":
            return (flight - self.left).low() > 0
        return s.cap is not None and (flight - s.cap).low() > 0


def root_box(setting: Setting, proof: dict[str, Any], node: dict[str, Any], where: str) -> Box:
    """The ten intervals of one combination of site, launch region and aim region."""
    box: Box = []
    for role in ("launch", "aim", "site"):
        for axis in ("latitude_deg", "longitude_deg"):
            box.append(pair(node[role][axis], f"{where}: {role} {axis}"))
    for low, high in box[::2]:
        if not -90 < low < high < 90:
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
    start = rational(proof["model"]["arc_start_max_s"])
    waiting = 9 * setting.time[1] + abs(start)  # longer than any arc of the family lasts
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
            low, high = box[int(mark)]
            if low == high or depth >= MAX_DEPTH:
                raise ProofError(f"{where}: variable {mark} cannot be split at place {position}")
            middle = (low + high) / 2
            for part in ((middle, high), (low, middle)):
                child = list(box)
                child[int(mark)] = part
                stack.append((child, depth + 1))
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
    if not isinstance(proof, dict) or set(proof) != names or proof["format"] != "tocsin-bound-proof/2":
        raise ProofError("not a bound proof of format tocsin-bound-proof/2")
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
