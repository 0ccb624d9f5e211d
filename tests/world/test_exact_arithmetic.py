"""Exact arithmetic against libm, LAPACK and itself: accuracy, and equal bits alone and in any batch."""

import math

import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import given
from hypothesis import strategies as st

from tocsin.world import exact

angles = st.floats(-10.0, 10.0)
coordinates = st.floats(-1e9, 1e9).map(lambda x: x if abs(x) > 1e-300 else 0.0)


def spd(seed: int, n: int) -> np.ndarray:
    """Covariances of the estimator's kind: metres and metres a second, condition up to 1e10."""
    rng = np.random.default_rng(seed)
    root = (
        rng.normal(size=(n, 6, 6)) * 10.0 ** rng.uniform(-1, 1, (n, 6, 1)) * np.array([1e3] * 3 + [10.0] * 3)[:, None]
    )
    return root @ root.transpose(0, 2, 1)


@given(angles)
def test_sincos_is_within_three_ulp_of_the_true_value(x):
    ctx.prec = 120
    sine, cosine = exact.sincos_float(x)
    assert abs(float(arb(x).sin() - arb(sine))) < 3e-16
    assert abs(float(arb(x).cos() - arb(cosine))) < 3e-16


def test_sincos_at_large_arguments_and_quarter_turns():
    x = np.concatenate([np.linspace(-1e5, 1e5, 20_001), np.arange(-64, 65) * (math.pi / 4)])
    sine, cosine = exact.sincos(x)
    assert np.max(np.abs(sine - np.sin(x))) < 1e-15
    assert np.max(np.abs(cosine - np.cos(x))) < 1e-15


@given(st.lists(angles, min_size=1, max_size=20))
def test_sincos_has_the_same_bits_alone_and_in_a_batch(values):
    sine, cosine = exact.sincos(np.array(values))
    assert [(s, c) for s, c in zip(sine.tolist(), cosine.tolist(), strict=True)] == [
        exact.sincos_float(v) for v in values
    ]


@given(coordinates, coordinates)
def test_atan2_against_libm_and_itself(y, x):
    angle = exact.atan2_float(y, x)
    expected = math.atan2(y + 0.0, x + 0.0) if (y or x) else 0.0
    assert abs(angle - expected) < 1e-15
    assert float(exact.atan2(np.array([y]), np.array([x]))[0]) == angle


@pytest.mark.parametrize(
    ("y", "x", "angle"),
    [
        (0.0, 1.0, 0.0),
        (0.0, -1.0, math.pi),
        (1.0, 0.0, math.pi / 2),
        (-1.0, 0.0, -math.pi / 2),
        (1.0, 1.0, math.pi / 4),
    ],
)
def test_atan2_on_the_axes(y, x, angle):
    assert abs(exact.atan2_float(y, x) - angle) <= 2.3e-16


@given(st.integers(0, 2**32), st.integers(1, 12))
def test_matrices_against_the_textbook(seed, n):
    a = spd(seed, n)
    rng = np.random.default_rng(seed)
    f, b = rng.normal(size=(n, 6, 6)), rng.normal(size=(n, 6))
    scale = np.sqrt(np.einsum("nii->ni", a))
    whiten = scale[:, :, None] * scale[:, None, :]
    np.testing.assert_allclose(exact.matmul6(f, a), f @ a, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(exact.matvec6(f, b), np.einsum("nij,nj->ni", f, b), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(exact.congruence6(f, a), f @ a @ f.transpose(0, 2, 1), rtol=1e-9, atol=1e-6)
    condition = np.linalg.cond(a / whiten).max()
    lower, d = exact.ldl6(a)
    np.testing.assert_allclose((lower * d[:, None, :] @ lower.transpose(0, 2, 1)) / whiten, a / whiten, atol=1e-13)
    np.testing.assert_allclose((exact.inverse6(a) @ a)[:, 0, 0], 1.0, atol=1e-14 * condition + 1e-12)
    np.testing.assert_allclose(
        exact.solve6(a, b) * scale, np.linalg.solve(a / whiten, (b / scale)[..., None])[..., 0],
        rtol=1e-14 * condition + 1e-12, atol=1e-14 * condition,
    )  # fmt: skip
    np.testing.assert_allclose(exact.det6(a), np.linalg.det(a), rtol=1e-14 * condition + 1e-11)
    assert exact.positive6(a).all()


@given(st.integers(0, 2**32))
def test_matrices_have_the_same_bits_alone_and_in_a_batch(seed):
    a = spd(seed, 9)
    f = np.random.default_rng(seed + 1).normal(size=(9, 6, 6))
    together = [exact.inverse6(a), exact.congruence6(f, a), exact.matmul6(f, a), *exact.ldl6(a), exact.det6(a)]
    alone = [
        [exact.inverse6(m), exact.congruence6(g, m), exact.matmul6(g, m), *exact.ldl6(m), exact.det6(m)]
        for m, g in zip(a, f, strict=True)
    ]
    for k, batch in enumerate(together):
        assert np.array_equal(batch, np.stack([row[k] for row in alone]))
    # memory order does not matter either
    assert np.array_equal(exact.inverse6(np.asfortranarray(a)), together[0])


@given(st.integers(0, 2**32))
def test_inverse_and_congruence_are_exactly_symmetric(seed):
    a = spd(seed, 3)
    f = np.random.default_rng(seed).normal(size=(3, 6, 6))
    for m in (exact.inverse6(a), exact.congruence6(f, a)):
        assert np.array_equal(m, m.transpose(0, 2, 1))


def test_what_is_not_positive_definite_is_told_and_refused():
    a = np.stack([np.eye(6), np.diag([1.0, 1, 1, 1, 1, -1]), np.zeros((6, 6)), np.full((6, 6), np.nan)])
    assert exact.positive6(a).tolist() == [True, False, False, False]
    with pytest.raises(AssertionError, match="positive definite"):
        exact.inverse6(a[1])


def test_bits_are_pinned():
    """Generator: this module on x86-64, NumPy 2.4. Any machine must give these bits: no tolerance."""
    assert [v.hex() for v in exact.sincos_float(1.0)] == ["0x1.aed548f090ceep-1", "0x1.14a280fb5068cp-1"]
    assert exact.atan2_float(2.0, 1.0).hex() == "0x1.1b6e192ebbe44p+0"
