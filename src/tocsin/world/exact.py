"""Elementary functions and small matrices with one fixed order of + - * / and square root.

IEEE 754 fixes those five operations to the last bit, so the results here are the same on every such machine and
for every batch: no libm, no BLAS, no sums whose order a library may choose, no fused multiply-add. Code that must
give two centres the same digest computes with these alone.

`X` is a Python float or an array: the same source serves both, with equal bits (Python's and NumPy's + - * / sqrt
are the machine's). Matrices have shape (..., 6, 6) and everything is elementwise over the leading axes.
"""

import math
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
X = TypeVar("X", float, Array)

_ROUNDER = 6_755_399_441_055_744.0  # 1.5 * 2**52: adding and subtracting it rounds to the nearest integer
_TWO_OVER_PI = 0.6366197723675814
# pi/2 in three parts of 33, 33 and 53 bits: k * head is exact for |k| < 2**20 (Cody and Waite 1980).
_HALF_PI_HEAD = 1.5707963267341256
_HALF_PI_MIDDLE = 6.077100506303966e-11
_HALF_PI_TAIL = 2.0222662487959506e-21
_PI = 3.141592653589793
_HALF_PI = 1.5707963267948966

# ln 2 in two parts, the first of 32 bits: k * head is exact for |k| < 2**20.
_PER_LN2 = 1.4426950408889634
_LN2_HEAD = 0.6931471803691238
_LN2_TAIL = 1.9082149292705877e-10
_EXP = tuple(1.0 / math.factorial(k) for k in range(14))  # on |r| <= ln 2 / 2 the first term left out is below 5e-18

# Taylor coefficients. On |r| <= pi/4 the first term left out is below 1e-19 for both series.
_SIN = tuple((-1.0) ** k / math.factorial(2 * k + 1) for k in range(1, 9))
_COS = tuple((-1.0) ** k / math.factorial(2 * k) for k in range(2, 10))
# atan on |x| <= tan(pi/16), after two halvings of the angle; the first term left out is below 1e-19.
_ATAN = tuple((-1.0) ** k / (2 * k + 1) for k in range(1, 13))


def root(x: X) -> X:
    """Square root, correctly rounded as IEEE 754 demands."""
    return math.sqrt(x) if isinstance(x, float) else cast(X, np.sqrt(x))


def sincos(x: Array) -> tuple[Array, Array]:
    """(sin x, cos x) of radians, elementwise; error below 3e-16 for |x| <= 10 and 1e-15 for |x| <= 1e5."""
    quarter = (x * _TWO_OVER_PI + _ROUNDER) - _ROUNDER
    sine, cosine = _sincos_reduced(_reduce(x, quarter))
    k = quarter.astype(np.int64) & 3
    swap = (k & 1) == 1
    s = np.where(swap, cosine, sine)
    c = np.where(swap, sine, cosine)
    return np.where(k >= 2, -s, s), np.where((k == 1) | (k == 2), -c, c)


def sincos_float(x: float) -> tuple[float, float]:
    """The same for one Python float, with the same bits."""
    quarter = (x * _TWO_OVER_PI + _ROUNDER) - _ROUNDER
    sine, cosine = _sincos_reduced(_reduce(x, quarter))
    k = int(quarter) & 3
    if k == 0:
        return sine, cosine
    if k == 1:
        return cosine, -sine
    return (-sine, -cosine) if k == 2 else (-cosine, sine)


def _reduce(x: X, quarter: X) -> X:
    return ((x - quarter * _HALF_PI_HEAD) - quarter * _HALF_PI_MIDDLE) - quarter * _HALF_PI_TAIL


def _sincos_reduced(r: X) -> tuple[X, X]:
    z = r * r
    s = z * _SIN[7]
    c = z * _COS[7]
    for i in range(6, -1, -1):
        s = z * (s + _SIN[i])
        c = z * (c + _COS[i])
    return r + r * s, 1.0 - z * (0.5 - c)


def atan2(y: Array, x: Array) -> Array:
    """Angle of (x, y) in [-pi, pi], elementwise; error below 1e-15. atan2(0, 0) is 0."""
    ax, ay = np.abs(x), np.abs(y)
    steep = ay > ax
    longer = np.where(steep, ay, ax)
    ratio = np.where(steep, ax, ay) / np.where(longer > 0.0, longer, 1.0)
    angle = _atan_unit(ratio)
    angle = np.where(steep, _HALF_PI - angle, angle)
    angle = np.where(x < 0.0, _PI - angle, angle)
    return np.where(y < 0.0, -angle, angle)


def atan2_float(y: float, x: float) -> float:
    """The same for Python floats, with the same bits."""
    ax, ay = abs(x), abs(y)
    steep = ay > ax
    longer = ay if steep else ax
    angle = _atan_unit((ax if steep else ay) / (longer if longer > 0.0 else 1.0))
    if steep:
        angle = _HALF_PI - angle
    if x < 0.0:
        angle = _PI - angle
    return -angle if y < 0.0 else angle


def exp_float(x: float) -> float:
    """e^x for a Python float in -700 to 700; relative error below 1e-15. Halved to |r| <= ln 2 / 2, then the series."""
    whole = (x * _PER_LN2 + _ROUNDER) - _ROUNDER
    r = (x - whole * _LN2_HEAD) - whole * _LN2_TAIL
    s = _EXP[13]
    for i in range(12, -1, -1):
        s = s * r + _EXP[i]
    return math.ldexp(s, int(whole))  # a power of two: exact


def natural_log(x: float) -> float:
    """ln x for finite x > 0, with + - * / alone; error below 1e-14 relative to |ln x| + 1."""
    exponent = 0
    while x >= 1.8446744073709552e19:
        x, exponent = x / 1.8446744073709552e19, exponent + 64
    while x < 5.421010862427522e-20:
        x, exponent = x * 1.8446744073709552e19, exponent - 64
    while x >= 1.4142135623730951:
        x, exponent = 0.5 * x, exponent + 1
    while x < 0.7071067811865476:
        x, exponent = 2.0 * x, exponent - 1
    z = (x - 1.0) / (x + 1.0)
    square = z * z
    total = 0.0
    for k in range(23, 0, -2):
        total = total * square + 1.0 / k
    return exponent * 0.6931471805599453 + 2.0 * z * total


def _atan_unit(x: X) -> X:
    """atan of 0 <= x <= 1: atan x = 2 atan(x / (1 + sqrt(1 + x^2))), twice, then the series."""
    x = x / (1.0 + root(1.0 + x * x))
    x = x / (1.0 + root(1.0 + x * x))
    z = x * x
    s = z * _ATAN[11]
    for i in range(10, -1, -1):
        s = z * (s + _ATAN[i])
    return 4.0 * (x + x * s)


def matmul(a: Array, b: Array) -> Array:
    """a @ b for (..., p, q) and (..., q, r), terms added in the order of q."""
    if a.ndim == 2 and b.ndim == 2:  # running sums have one order; four times as fast as the loop where few numbers are
        return cast(Array, np.add.accumulate(a.T[:, :, None] * b[:, None, :])[-1])
    total = a[..., :, 0, None] * b[..., None, 0, :]
    for k in range(1, a.shape[-1]):
        total = total + a[..., :, k, None] * b[..., None, k, :]
    return total


matmul6 = matmul


def matvec(a: Array, x: Array) -> Array:
    """a @ x for (..., p, q) and (..., q), terms added in the order of q."""
    if a.ndim == 2 and x.ndim == 1:
        return cast(Array, np.add.accumulate(a.T * x[:, None])[-1])
    total = a[..., :, 0] * x[..., None, 0]
    for k in range(1, a.shape[-1]):
        total = total + a[..., :, k] * x[..., None, k]
    return total


matvec6 = matvec


def symmetric(p: Array) -> Array:
    """(p + p^T) / 2."""
    return 0.5 * (p + np.swapaxes(p, -1, -2))


def congruence6(f: Array, p: Array) -> Array:
    """f p f^T, exactly symmetric."""
    return symmetric(matmul(matmul(f, p), np.swapaxes(f, -1, -2)))


def ldl6(a: Array) -> tuple[Array, Array]:
    """(L, d) with a = L diag(d) L^T, L unit lower triangular; a (..., n, n) symmetric. No pivoting.

    Wherever `a` is not positive definite some d is not positive (or not a number); ask `positive6`.
    """
    size = a.shape[-1]
    rest = a.copy()
    lower = np.zeros_like(a)
    d = np.empty_like(a[..., 0])
    with np.errstate(all="ignore"):
        for k in range(size):
            d[..., k] = rest[..., k, k]
            lower[..., k, k] = 1.0
            column = rest[..., k + 1 :, k] / d[..., k, None]
            lower[..., k + 1 :, k] = column
            rest[..., k + 1 :, k + 1 :] -= column[..., :, None] * rest[..., None, k + 1 :, k]
    return lower, d


def positive6(a: Array) -> NDArray[np.bool_]:
    """True where a symmetric (..., n, n) is positive definite and finite in this arithmetic."""
    lower, d = ldl6(a)
    good = np.all(d > 0.0, axis=-1) & np.all(np.isfinite(d), axis=-1)
    return cast(NDArray[np.bool_], good & np.all(np.isfinite(lower), axis=(-1, -2)))


def det6(a: Array) -> Array:
    """Determinant of a symmetric positive definite (..., n, n)."""
    _, d = ldl6(a)
    product = d[..., 0]
    for k in range(1, d.shape[-1]):
        product = product * d[..., k]
    return product


def solve6(a: Array, b: Array) -> Array:
    """x with a x = b for symmetric positive definite a (..., n, n) and b (..., n)."""
    lower, d = ldl6(a)
    return solve_ldl6(lower, d, b)


def solve_ldl6(lower: Array, d: Array, b: Array) -> Array:
    """x with L diag(d) L^T x = b, for (L, d) of `ldl6`."""
    size = d.shape[-1]
    x = b.copy() if b.shape == d.shape else np.broadcast_to(b, d.shape).copy()
    for k in range(size - 1):
        x[..., k + 1 :] -= lower[..., k + 1 :, k] * x[..., k, None]
    x = x / d
    for k in range(size - 1, 0, -1):
        x[..., :k] -= lower[..., k, :k] * x[..., k, None]
    return x


def inverse6(a: Array) -> Array:
    """Inverse of a symmetric positive definite (..., n, n), exactly symmetric.

    The caller answers for positive definiteness (`positive6`); anything else is our bug.
    """
    lower, d = ldl6(a)
    if not np.all(d > 0.0):
        raise AssertionError("inverse6 of a matrix that is not positive definite")
    size = a.shape[-1]
    w = np.zeros_like(a)  # becomes the inverse of L
    for k in range(size):
        w[..., k, k] = 1.0
    for k in range(size - 1):
        w[..., k + 1 :, : k + 1] -= lower[..., k + 1 :, k, None] * w[..., None, k, : k + 1]
    return symmetric(matmul(np.swapaxes(w / d[..., :, None], -1, -2), w))
