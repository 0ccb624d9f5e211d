"""Small lane functions, the refraction table, and the check that LLVM still vectorises the lane loops."""

import math
import re
from collections import Counter

import numpy as np
import pytest
import twins
from numba import njit

from tocsin.track import gating, life, mixing, updating
from tocsin.track.compiling import compile as compile_all
from tocsin.track.jit import FAST, kernel
from tocsin.track.refraction import bending
from tocsin.track.screening import polar
from tocsin.track.sensing import arctan2, arctan_half
from tocsin.world.refraction import true_elevation

PACKED = re.compile(
    r"\bv?(?:fn?m(?:add|sub)\d*|mul|add|sub|div|sqrt)pd\b|\bf(?:mla|mls|mul|add|sub|div|sqrt)\s+v\d+\.2d"
)
# Packed arithmetic instructions when this was written: 187, 658, 529, 203, 289 and 300. [C]
KERNELS = {
    "blend": (mixing.blend, 100),
    "predict": (mixing.predict_tiles, 350),
    "update": (updating.update_tiles, 280),
    "rate": (updating.rate_tile, 100),
    "sight": (gating.predict_sight, 150),
}


@kernel
def angles(xy, out):
    for k in range(len(out)):
        out[k] = arctan2(xy[k, 1], xy[k, 0], math.hypot(xy[k, 0], xy[k, 1]))


@kernel
def halves(t, out):
    for k in range(len(out)):
        out[k] = arctan_half(t[k])


def test_angle_polynomials():
    t = np.linspace(-0.46, 0.46, 20_001)
    out = np.empty_like(t)
    halves(t, out)
    assert np.abs(out - np.arctan(t)).max() < 5e-15
    turn = np.linspace(-math.pi, math.pi, 20_001)[1:]
    xy = np.stack([np.cos(turn), np.sin(turn)], 1) * 7.0
    out = np.empty_like(turn)
    angles(xy, out)
    assert np.abs(out - np.arctan2(xy[:, 1], xy[:, 0])).max() < 2e-14


def test_refraction_table():
    """The tolerance is a twentieth of the error of the refraction model itself (0.2 mrad)."""
    table = bending(10e3, 4e6, 250.0)
    rng = np.random.default_rng(0)
    raw = np.zeros((3000, 3))
    raw[:, 0] = np.exp(rng.uniform(math.log(15e3), math.log(4e6), 3000))
    raw[:, 2] = rng.uniform(math.radians(1.0), 1.5, 3000)
    values = polar(table, twins.radar(), raw, Counter())
    assert np.abs(values[:, 2] - true_elevation(raw[:, 2], raw[:, 0], 250.0)).max() < 1.2e-5


@pytest.fixture(scope="module")
def compiled():
    return list(compile_all())


def packed_instructions(dispatcher):
    text = "".join(dispatcher.inspect_asm().values())
    return len(PACKED.findall(text))


@pytest.mark.parametrize("name", KERNELS)
def test_lane_loops_are_vectorised(compiled, name):
    assert compiled
    dispatcher, least = KERNELS[name]
    # a kernel loaded from the cache brings no text, so compile it anew with the options of `jit.kernel`
    fresh = njit(fastmath=FAST, error_model="numpy", boundscheck=False)(dispatcher.py_func)
    for signature in dispatcher.signatures:
        fresh.compile(signature)
    assert packed_instructions(fresh) >= least


def test_canary_a_loop_with_a_branch_and_a_call_is_not_vectorised():
    @njit(fastmath=FAST, error_model="numpy", boundscheck=False)
    def scalar(x, out):
        for k in range(len(out)):
            out[k] = math.atan2(x[k], 2.0) if x[k] > 0.5 else math.exp(x[k])

    scalar(np.linspace(0.0, 1.0, 16), np.empty(16))
    assert packed_instructions(scalar) < min(least for _, least in KERNELS.values())


def test_twins_layout_round_trip():
    rng = np.random.default_rng(0)
    states, covariance = rng.normal(size=(20, 3, 6)), twins.covariances(rng, 60).reshape(20, 3, 6, 6)
    back, back_p = twins.from_bank(twins.to_bank(states, covariance), 20)
    assert (back == states).all()
    assert back_p == pytest.approx(covariance)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_no_number_of_a_state_may_be_other_than_finite(value):
    """In relaxed arithmetic LLVM folds the test for finite sums away: each row of a state must be seen."""
    rng = np.random.default_rng(1)
    good_state = twins.to_bank(rng.normal(size=(1, 3, 6)), np.broadcast_to(np.eye(6), (1, 3, 6, 6)))[:, 0]
    n = good_state.shape[1]
    mean = np.repeat(good_state, 2, axis=0)
    state, covariance, boost = np.empty((16, 6)), np.empty((16, 6, 6)), np.empty(16)
    for row in range(n):
        bad = mean.copy()
        bad[1, row, 3] = value
        good = np.empty(16, np.bool_)
        slots = np.arange(16, 32)
        bad[1, :, np.arange(16) != 3] = good_state[0, :, 0]
        life.extract(bad, np.full((2, 3, 16), 1 / 3), np.ones(3), slots, state, covariance, boost, good)
        assert np.flatnonzero(~good).tolist() == [3]
