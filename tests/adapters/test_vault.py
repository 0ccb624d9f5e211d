"""X-Wing in HPKE against a published vector, and what does not open.

The vector is the base-mode one for KEM 0x647a, KDF 0x0001, AEAD 0x0003 of test-vectors.json in the working repository
of draft-ietf-hpke-pq (commit 74dafaa, 2026-04-17), kept beside this test as data. Tolerance: none, bytes are bytes.
"""

import hashlib
import json
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.errors import BadEvidence, Refusal
from tocsin.node.custody.vault import ReplayableVault, XWingVault, encryption_key_id, xwing_private, xwing_public

VECTOR = json.loads((Path(__file__).parent / "xwing_vector.json").read_text())
WEST = XWingVault("west", b"w" * 32, lambda count: b"r" * count)
EAST = XWingVault("east", b"e" * 32, lambda count: b"r" * count)


def test_a_published_vector():
    private, public = xwing_private(bytes.fromhex(VECTOR["skRm"]))
    assert public == bytes.fromhex(VECTOR["pkRm"])
    suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    parts = (VECTOR["enc"] + VECTOR["ct"], VECTOR["info"], VECTOR["aad"])
    sealed, info, extra = (bytes.fromhex(text) for text in parts)
    assert openssl.hpke._decrypt_with_aad(suite, sealed, private, info, extra) == bytes.fromhex(VECTOR["pt"])


@pytest.mark.parametrize("made", [XWingVault, ReplayableVault])
def test_only_the_right_key_and_purpose_open(made):
    extra = (lambda count: b"r" * count,) if made is XWingVault else ()
    one, other = (made(name, name.encode() * 8, *extra) for name in ("west", "east"))
    wrapped = one.wrap(other.key, b"k" * 32, b"for east")
    assert other.unwrap(wrapped, b"for east") == b"k" * 32
    cut = wrapped[:-1]
    for who, data, info in ((one, wrapped, b"for east"), (other, wrapped, b"for west"), (other, cut, b"for east")):
        with pytest.raises(BadEvidence, match="does not open"):
            who.unwrap(data, info)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_flipped_bit_does_not_open(data):
    wrapped = bytearray(WEST.wrap(EAST.key, hashlib.sha256(b"k").digest(), b"info"))
    assert len(wrapped) == 1_168
    at = data.draw(st.integers(0, len(wrapped) * 8 - 1))
    wrapped[at // 8] ^= 1 << at % 8
    with pytest.raises(BadEvidence):
        EAST.unwrap(bytes(wrapped), b"info")


def test_schemes_do_not_mix():
    replay = ReplayableVault("east", b"e")
    with pytest.raises(Refusal, match="xwing-hpke"):
        WEST.wrap(replay.key, b"k" * 32, b"")
    with pytest.raises(Refusal, match="simulation"):
        replay.wrap(WEST.key, b"k" * 32, b"")
    for text in ("AAAA", "not base64", WEST.key.public[:-4]):
        with pytest.raises(BadEvidence, match="encryption key of west"):
            xwing_public(msgspec.structs.replace(WEST.key, public=text))


def test_replays_and_names():
    one, again, other = (ReplayableVault("a", seed).fresh() for seed in (b"s", b"s", b"t"))
    assert one == again != other
    assert len({encryption_key_id(one.key) for one in (WEST, EAST, ReplayableVault("west", b"w"))}) == 3
