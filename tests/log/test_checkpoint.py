"""Checkpoints and the three signature types: what is signed, what is refused, an independent ML-DSA."""

import base64
import struct

import pytest
from dilithium_py.ml_dsa import ML_DSA_44
from hypothesis import given
from hypothesis import strategies as st

from tocsin.log.checkpoint import MAX_TREE_SIZE, Checkpoint, parse_checkpoint
from tocsin.log.cosignature import open_checkpoint, sign_checkpoint, signed_message, verify_line
from tocsin.log.errors import CheckpointError, LogError, SignatureError
from tocsin.log.keys import COSIGNATURE_ED25519, COSIGNATURE_MLDSA44, ED25519
from tocsin.log.note import Note, SignatureLine
from tocsin.log.signers import log_signers, mirror_signers, signer_from_seed

from .logs import ORIGIN, SEED, flipped, keys, signers

HEAD = Checkpoint(ORIGIN, 20852163, bytes(range(32)))
MIRROR = mirror_signers("east.example/mirror", SEED)
MIRROR_KEYS = [signer.key for signer in MIRROR]


def note_of(*made, head=HEAD, time_s=1_700_000_000):
    return Note(head.body, tuple(sign_checkpoint(head, signer, time_s) for signer in made)).encode()


heads = st.builds(
    Checkpoint,
    st.just(ORIGIN),
    st.integers(0, MAX_TREE_SIZE),
    st.binary(min_size=32, max_size=32),
    st.lists(st.text("abc XYZ+", min_size=1, max_size=9), max_size=3).map(tuple),
)


@given(heads)
def test_round_trip(head):
    assert parse_checkpoint(head.body) == head


ROOT = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "text",
    ["", "a\n1\n", f"a\n1\n{ROOT}", f"\n1\n{ROOT}\n", f"a\n\n{ROOT}\n", f"a\n1\n{ROOT}\n\n", f"a b\n1\n{ROOT}\n"]
    + [f"a\n{size}\n{ROOT}\n" for size in ("01", "-1", "+1", "1 ", "", "x", "1_0", "٣", "9" * 19, "9" * 5000)]
    + [f"a\n1\n{ROOT[:-1]}\n", f"a\n1\n{ROOT}A\n", "a\n1\nAAAA\n", f"a\n1\n{ROOT}\n" + "x" * 20_000 + "\n"],
)
def test_what_is_not_a_checkpoint_is_refused(text):
    with pytest.raises(CheckpointError):
        parse_checkpoint(text.encode())


def test_what_each_type_signs():
    """C2SP tlog-cosignature, "Ed25519 signed message" and "ML-DSA-44 signed message", field by field."""
    plain, cosign, subtree = (signer_from_seed("m", t, bytes(32)).key for t in (0x01, 0x04, 0x06))
    assert signed_message(plain, HEAD.body, HEAD, 7) == HEAD.body
    assert signed_message(cosign, HEAD.body, HEAD, 7) == b"cosignature/v1\ntime 7\n" + HEAD.body
    origin = ORIGIN.encode()
    assert signed_message(subtree, HEAD.body, HEAD, 7) == (
        b"subtree/v1\n\0" + b"\x01m" + struct.pack(">Q", 7) + bytes([len(origin)]) + origin
        + struct.pack(">QQ", 0, HEAD.size) + HEAD.root
    )  # fmt: skip


def test_names_too_long_for_a_length_byte_are_refused():
    key = signer_from_seed("m", COSIGNATURE_MLDSA44, bytes(32)).key
    with pytest.raises(SignatureError, match="255"):
        signed_message(key, b"", Checkpoint("x" * 256, 1, bytes(32)), 0)


def test_a_hybrid_checkpoint_with_receipts_opens():
    signed = open_checkpoint(note_of(*signers(), *MIRROR), keys(), MIRROR_KEYS)
    assert signed.checkpoint == HEAD
    assert signed.log_time_s == 1_700_000_000
    assert signed.cosigned == tuple((key, 1_700_000_000) for key in MIRROR_KEYS)


def test_unknown_lines_are_ignored_and_known_ones_verified():
    stranger = mirror_signers("stranger", b"?")
    signed = open_checkpoint(note_of(*signers(), *stranger), keys(), MIRROR_KEYS)
    assert signed.cosigned == ()
    forged = Note(HEAD.body, tuple(sign_checkpoint(HEAD, signer, 5) for signer in signers()))
    forged = Note(
        forged.text, (*forged.signatures, SignatureLine(MIRROR_KEYS[0].name, MIRROR_KEYS[0].key_id, bytes(72)))
    )
    assert open_checkpoint(forged.encode(), keys()).checkpoint == HEAD
    with pytest.raises(SignatureError, match="does not verify"):
        open_checkpoint(forged.encode(), keys(), MIRROR_KEYS)


@pytest.mark.parametrize("stripped", [0, 1])
def test_a_stripped_log_signature_is_refused(stripped):
    made = [signer for at, signer in enumerate(signers()) if at != stripped]
    with pytest.raises(SignatureError, match=r"no 0x0[16] log signature"):
        open_checkpoint(note_of(*made), keys())


def test_a_note_signed_by_a_cosigner_alone_is_not_a_checkpoint():
    with pytest.raises(SignatureError, match="no 0x01 and 0x06 log signature"):
        open_checkpoint(note_of(*MIRROR), keys(), MIRROR_KEYS)


def test_wrong_keys_and_wrong_origins_are_refused():
    with pytest.raises(SignatureError, match="no 0x01 and 0x06"):
        open_checkpoint(note_of(*log_signers(ORIGIN, b"other key")), keys())
    elsewhere = Checkpoint("north.example/log", HEAD.size, HEAD.root)
    with pytest.raises(SignatureError, match="origin"):
        open_checkpoint(note_of(*signers(), head=elsewhere), keys())


def test_a_key_that_signs_twice_is_refused():
    with pytest.raises(SignatureError, match="two signatures"):
        open_checkpoint(note_of(*signers(), signers()[0]), keys())


@pytest.mark.parametrize("algorithm", [ED25519, COSIGNATURE_ED25519, COSIGNATURE_MLDSA44])
def test_a_signature_holds_for_one_checkpoint_and_one_time_only(algorithm):
    signer = signer_from_seed("m", algorithm, b"k" * 32)
    line = sign_checkpoint(HEAD, signer, 99)
    assert verify_line(signer.key, line, HEAD.body, HEAD) == (None if algorithm == ED25519 else 99)
    other = Checkpoint(ORIGIN, HEAD.size + 1, HEAD.root)
    with pytest.raises(SignatureError):
        verify_line(signer.key, line, other.body, other)
    for bit in (0, 40, 63, 64, 8 * len(line.signature) - 1):
        with pytest.raises(SignatureError):
            verify_line(signer.key, SignatureLine("m", line.key_id, flipped(line.signature, bit)), HEAD.body, HEAD)
    for cut in (b"", line.signature[:7], line.signature[:-1]):
        with pytest.raises(SignatureError):
            verify_line(signer.key, SignatureLine("m", line.key_id, cut), HEAD.body, HEAD)


def test_times_beyond_the_specification_are_refused():
    signer = signer_from_seed("m", COSIGNATURE_ED25519, bytes(32))
    with pytest.raises(AssertionError):
        sign_checkpoint(HEAD, signer, 2**63)
    raw = signer.sign(signed_message(signer.key, HEAD.body, HEAD, 2**63))
    line = SignatureLine("m", signer.key.key_id, struct.pack(">Q", 2**63) + raw)
    with pytest.raises(SignatureError, match="2\\*\\*63"):
        verify_line(signer.key, line, HEAD.body, HEAD)


def test_an_independent_implementation_verifies_our_mldsa_and_we_verify_its():
    signer = signers()[1]
    message = signed_message(signer.key, HEAD.body, HEAD, 5)
    signature = sign_checkpoint(HEAD, signer, 5).signature[8:]
    assert ML_DSA_44.verify(signer.key.public, message, signature)
    assert not ML_DSA_44.verify(signer.key.public, message + b"x", signature)
    public, private = ML_DSA_44.key_derive(b"z" * 32)
    ours = signer_from_seed("m", COSIGNATURE_MLDSA44, b"z" * 32).key
    assert ours.public == public
    assert ours.verifies(b"theirs", ML_DSA_44.sign(private, b"theirs"))


@given(st.binary(max_size=4000), st.integers(0, 10**6))
def test_a_note_with_any_bit_turned_never_opens_as_the_same(noise, bit):
    data = note_of(signers(hybrid=False)[0])
    damaged = flipped(data, bit % (8 * len(data)))
    try:
        opened = open_checkpoint(damaged, keys(hybrid=False))
    except LogError:
        return
    raise AssertionError(f"opened {opened}")
