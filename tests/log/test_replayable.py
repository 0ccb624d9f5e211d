"""The replayable ML-DSA signer against an independent implementation and against the library."""

import numpy as np
import pytest
from dilithium_py.ml_dsa import ML_DSA_44
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.log.replayable import N, Q, inverse_ntt, ntt, replayable_key
from tocsin.log.signers import log_signers, signer_from_seed

from .logs import ORIGIN


@settings(max_examples=15)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_same_bytes_as_the_independent_implementation(seed, message):
    ours, key = replayable_key(seed), signer_from_seed("m", 0x06, seed).key
    public, private = ML_DSA_44.key_derive(seed)
    assert ours.public == public == key.public
    signature = ours.sign(message)
    assert signature == ML_DSA_44.sign(private, message, deterministic=True)
    assert key.verifies(message, signature)
    assert not key.verifies(message + b"x", signature)


def test_replayable_keys_of_a_log_have_its_usual_keys():
    usual, again = log_signers(ORIGIN, b"seed"), log_signers(ORIGIN, b"seed", replayable=True)
    assert [signer.key for signer in usual] == [signer.key for signer in again]
    assert again[1].sign(b"m") == log_signers(ORIGIN, b"seed", replayable=True)[1].sign(b"m")


def test_ntt_multiplies_polynomials():
    """Schoolbook product modulo x**256 + 1."""
    first, second = np.zeros(N, dtype=np.int64), np.zeros(N, dtype=np.int64)
    first[[0, 3, 255]] = 5, Q - 1, 12345
    second[[1, 2, 250]] = 7, 9, Q - 7
    expected = np.zeros(N, dtype=object)
    for i in np.flatnonzero(first):
        for j in np.flatnonzero(second):
            sign = 1 if i + j < N else -1
            expected[(i + j) % N] += sign * int(first[i]) * int(second[j])
    assert (inverse_ntt(ntt(first) * ntt(second) % Q) == [int(value) % Q for value in expected]).all()


def test_a_seed_of_another_length_is_our_bug():
    with pytest.raises(AssertionError):
        replayable_key(b"short")
