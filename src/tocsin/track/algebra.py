"""Three-vectors, 3x3 and 6x6 block matrices as tuples of scalars: the words in which the lane kernels are written.

A vector is (x, y, z); a matrix nine numbers by rows; a symmetric matrix is spelled out in full, so that every
product is one function. LLVM finds the common subexpressions.
"""

from tocsin.track.jit import lane

Vector = tuple[float, float, float]
Matrix = tuple[float, float, float, float, float, float, float, float, float]
Symmetric = tuple[float, float, float, float, float, float]


@lane
def add(a: Vector, b: Vector) -> Vector:
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


@lane
def subtract(a: Vector, b: Vector) -> Vector:
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


@lane
def scale(s: float, a: Vector) -> Vector:
    return (s * a[0], s * a[1], s * a[2])


@lane
def along(a: Vector, s: float, b: Vector) -> Vector:
    """a + s b."""
    return (a[0] + s * b[0], a[1] + s * b[1], a[2] + s * b[2])


@lane
def dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@lane
def apply(m: Matrix, a: Vector) -> Vector:
    """m a."""
    return (
        m[0] * a[0] + m[1] * a[1] + m[2] * a[2],
        m[3] * a[0] + m[4] * a[1] + m[5] * a[2],
        m[6] * a[0] + m[7] * a[1] + m[8] * a[2],
    )


@lane
def apply_transposed(m: Matrix, a: Vector) -> Vector:
    """m' a."""
    return (
        m[0] * a[0] + m[3] * a[1] + m[6] * a[2],
        m[1] * a[0] + m[4] * a[1] + m[7] * a[2],
        m[2] * a[0] + m[5] * a[1] + m[8] * a[2],
    )


@lane
def full(s: Symmetric) -> Matrix:
    """Upper triangle by rows (xx, xy, xz, yy, yz, zz) to nine numbers."""
    return (s[0], s[1], s[2], s[1], s[3], s[4], s[2], s[4], s[5])


@lane
def diagonal(d: float) -> Matrix:
    return (d, 0.0, 0.0, 0.0, d, 0.0, 0.0, 0.0, d)


@lane
def transpose(m: Matrix) -> Matrix:
    return (m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8])


@lane
def plus(a: Matrix, b: Matrix) -> Matrix:
    return (
        a[0] + b[0], a[1] + b[1], a[2] + b[2],
        a[3] + b[3], a[4] + b[4], a[5] + b[5],
        a[6] + b[6], a[7] + b[7], a[8] + b[8],
    )  # fmt: skip


@lane
def combine(s: float, a: Matrix, t: float, b: Matrix) -> Matrix:
    """s a + t b."""
    return (
        s * a[0] + t * b[0], s * a[1] + t * b[1], s * a[2] + t * b[2],
        s * a[3] + t * b[3], s * a[4] + t * b[4], s * a[5] + t * b[5],
        s * a[6] + t * b[6], s * a[7] + t * b[7], s * a[8] + t * b[8],
    )  # fmt: skip


@lane
def outer(a: Vector, b: Vector) -> Matrix:
    return (
        a[0] * b[0], a[0] * b[1], a[0] * b[2],
        a[1] * b[0], a[1] * b[1], a[1] * b[2],
        a[2] * b[0], a[2] * b[1], a[2] * b[2],
    )  # fmt: skip


@lane
def times(a: Matrix, b: Matrix) -> Matrix:
    return (
        a[0] * b[0] + a[1] * b[3] + a[2] * b[6],
        a[0] * b[1] + a[1] * b[4] + a[2] * b[7],
        a[0] * b[2] + a[1] * b[5] + a[2] * b[8],
        a[3] * b[0] + a[4] * b[3] + a[5] * b[6],
        a[3] * b[1] + a[4] * b[4] + a[5] * b[7],
        a[3] * b[2] + a[4] * b[5] + a[5] * b[8],
        a[6] * b[0] + a[7] * b[3] + a[8] * b[6],
        a[6] * b[1] + a[7] * b[4] + a[8] * b[7],
        a[6] * b[2] + a[7] * b[5] + a[8] * b[8],
    )


@lane
def trace(m: Matrix) -> float:
    return m[0] + m[4] + m[8]


@lane
def inner(a: Matrix, b: Matrix) -> float:
    """Sum of the elementwise products, which is trace(a b')."""
    return (
        a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
        + a[3] * b[3] + a[4] * b[4] + a[5] * b[5]
        + a[6] * b[6] + a[7] * b[7] + a[8] * b[8]
    )  # fmt: skip


@lane
def congruence(
    f: Matrix, g: Matrix, h: Matrix, e: Matrix, pp: Matrix, pv: Matrix, vv: Matrix
) -> tuple[Matrix, Matrix, Matrix]:
    """Blocks of Phi P Phi' for Phi = [[f, g], [h, e]] and P = [[pp, pv], [pv', vv]]."""
    vp = transpose(pv)
    ft, gt, ht, et = transpose(f), transpose(g), transpose(h), transpose(e)
    fp = plus(times(f, pp), times(g, vp))
    fv = plus(times(f, pv), times(g, vv))
    hp = plus(times(h, pp), times(e, vp))
    hv = plus(times(h, pv), times(e, vv))
    return (
        plus(times(fp, ft), times(fv, gt)),
        plus(times(fp, ht), times(fv, et)),
        plus(times(hp, ht), times(hv, et)),
    )
