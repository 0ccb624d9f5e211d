"""Signed notes and verifier keys: published examples, round trips, refusals."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.log.errors import NoteError
from tocsin.log.keys import COSIGNATURE_MLDSA44, ED25519, VerifierKey, parse_vkey
from tocsin.log.note import MAX_NOTE_BYTES, MAX_SIGNATURES, Note, SignatureLine, parse_note, parse_signature_lines
from tocsin.log.signers import signer_from_seed

from .logs import ORIGIN, flipped, signers

# Origin: the example of C2SP signed-note, section "Verifier keys, Example" (commit 5ba5ee8). Exact bytes, no tolerance.
C2SP_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
C2SP_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()

names = st.text(
    st.characters(exclude_categories=["Cs", "Zs", "Zl", "Zp", "Cc"], exclude_characters="+"), min_size=1, max_size=40
)
lines = st.builds(SignatureLine, names, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=80))
texts = st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs"]), max_size=60).map(lambda s: s + "\n")
notes = st.builds(Note, texts.map(str.encode), st.lists(lines, min_size=1, max_size=20).map(tuple))


def test_published_example_verifies():
    key, note = parse_vkey(C2SP_VKEY), parse_note(C2SP_NOTE)
    (line,) = note.signatures
    assert (line.name, line.key_id) == (key.name, key.key_id)
    assert key.verifies(note.text, line.signature)
    assert not key.verifies(note.text + b"x\n", line.signature)


@given(notes)
def test_round_trip(note):
    assert parse_note(note.encode()) == note


@given(notes)
def test_text_with_blank_lines_is_split_at_the_last_one(note):
    longer = Note(b"first\n\nsecond\n\n" + note.text, note.signatures)
    assert parse_note(longer.encode()) == longer


@pytest.mark.parametrize("control", [b"\x00", b"\t", b"\r", b"\x0b", b"\x1f"])
@pytest.mark.parametrize("place", ["text", "signature"])
def test_control_characters_are_refused(control, place):
    at = 3 if place == "text" else len(C2SP_NOTE) - 3
    with pytest.raises(NoteError, match="control character"):
        parse_note(C2SP_NOTE[:at] + control + C2SP_NOTE[at:])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"\n\n",
        C2SP_NOTE[:-1],
        C2SP_NOTE + b"\n",
        C2SP_NOTE + b"more\n",
        C2SP_NOTE.replace("— ".encode(), b"-- "),
        C2SP_NOTE.replace(b"example.com/foo ", b"example.com/foo  "),
        C2SP_NOTE.replace(b"example.com/foo ", b"example.com+foo "),
        C2SP_NOTE.replace(b"example.com/foo ", "\u00a0 ".encode()),
        C2SP_NOTE.replace(b"example.com/foo ", "a\u2003b ".encode()),
        C2SP_NOTE.replace(b"example", b"\xff"),
        C2SP_NOTE.replace(b"aQM=", b"aQN="),  # the same bytes for a lax decoder
        C2SP_NOTE.replace(b"aQM=", b"aQM"),
        C2SP_NOTE.replace(b"aQM=", b"aQM=="),
        C2SP_NOTE.replace(b"Uw2Q", b"Uw-Q"),
        "text\n\n— a AAAAAA==\n".encode(),
    ],
)
def test_what_is_not_a_note_is_refused(data):
    with pytest.raises(NoteError):
        parse_note(data)


def test_sizes_are_bounded():
    line = SignatureLine("a", b"1234", b"5")
    assert len(parse_note(Note(b"t\n", (line,) * MAX_SIGNATURES).encode()).signatures) == MAX_SIGNATURES
    with pytest.raises(NoteError, match="at most 100"):
        parse_note(Note(b"t\n", (line,) * (MAX_SIGNATURES + 1)).encode())
    with pytest.raises(NoteError, match="expected at most"):
        parse_note(b"x" * MAX_NOTE_BYTES + C2SP_NOTE)
    with pytest.raises(NoteError):
        parse_signature_lines(b"")


def test_vkeys_round_trip_and_name_their_type():
    for signer in (*signers(), signer_from_seed("m", 4, bytes(32))):
        assert parse_vkey(signer.key.text) == signer.key
        assert len(signer.key.key_id) == 4


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a+b",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        C2SP_VKEY.replace("530d903a", "530d903b"),
        C2SP_VKEY.replace("530d903a", "530D903A"),
        C2SP_VKEY.replace("example.com/foo", "example.com/fop"),
        C2SP_VKEY[:-1],
        C2SP_VKEY + "=",
        C2SP_VKEY.replace("Aeky", "Äeky"),
        C2SP_VKEY + " " * 100_000,
        "a+00000000+" + base64.b64encode(b"\x02" + bytes(32)).decode(),
        "a+00000000+" + base64.b64encode(b"\x01" + bytes(31)).decode(),
        "a+00000000+AQ==",
    ],
)
def test_what_is_not_a_vkey_is_refused(text):
    with pytest.raises(NoteError):
        parse_vkey(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\x01", "a\u00a0b", "x" * 256, "\ud800"])
def test_names_that_cannot_be_written_are_refused(name):
    with pytest.raises(NoteError):
        VerifierKey(name, ED25519, bytes(32))


@given(st.integers(0, 511))
def test_a_signature_with_any_bit_turned_does_not_verify(bit):
    signer = signers(ORIGIN, hybrid=False)[0]
    signature = signer.sign(b"message")
    assert signer.key.verifies(b"message", signature)
    assert not signer.key.verifies(b"message", flipped(signature, bit))


def test_signatures_of_a_wrong_length_do_not_verify():
    ed25519, mldsa = signers()
    assert mldsa.key.algorithm == COSIGNATURE_MLDSA44
    for signer in (ed25519, mldsa):
        signature = signer.sign(b"message")
        assert not signer.key.verifies(b"message", signature[:-1])
        assert not signer.key.verifies(b"message", signature + b"\0")
        assert not signer.key.verifies(b"message", b"")
