"""Whatever the bytes, a parser returns or raises what it declares; what it returns encodes to the same bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.log.checkpoint import parse_checkpoint
from tocsin.log.cosignature import open_checkpoint
from tocsin.log.errors import CheckpointError, LogError, NoteError, PolicyError, ProofError, TileError
from tocsin.log.fsck import fsck
from tocsin.log.keys import parse_vkey
from tocsin.log.memory import MemoryStore
from tocsin.log.note import Note, parse_note, parse_signature_lines
from tocsin.log.policy import parse_policy
from tocsin.log.proof import TlogProof, parse_proof
from tocsin.log.tiles import encode_bundle, parse_bundle, parse_path, split_hashes

from .logs import keys, signers, written

SMALL = written(5)
NOTE = written(5, hybrid=True).checkpoint
PROOF = TlogProof(3, tuple(SMALL.inclusion(3)), SMALL.checkpoint, b"extra").encode()
POLICY = f"log {keys()[0].text}\nquorum none\n".encode()
BUNDLE = encode_bundle(SMALL.entries(0, 5))
KEYS = keys(hybrid=False)

PARSERS = {
    "note": (parse_note, Note.encode, SMALL.checkpoint, NoteError),
    "lines": (
        parse_signature_lines,
        lambda found: b"".join(x.encode() for x in found),
        NOTE.split(b"\n\n")[1],
        NoteError,
    ),
    "checkpoint": (parse_checkpoint, lambda found: found.body, SMALL.head.body, CheckpointError),
    "vkey": (
        lambda data: parse_vkey(data.decode("latin-1")),
        lambda k: k.text.encode(),
        KEYS[0].text.encode(),
        NoteError,
    ),
    "path": (
        lambda data: parse_path(data.decode("latin-1")),
        lambda n: n.path.encode(),
        b"tile/0/x001/000.p/7",
        TileError,
    ),
    "bundle": (lambda data: parse_bundle(data, 5), encode_bundle, BUNDLE, TileError),
    "tile": (split_hashes, b"".join, SMALL.tree.edge.partial[0], TileError),
    "proof": (parse_proof, TlogProof.encode, PROOF, ProofError),
    "policy": (parse_policy, None, POLICY, PolicyError),
}


@st.composite
def mangled(draw, seed):
    """`seed` with a few cuts, copies, turned bytes and insertions; or bytes out of nowhere."""
    if draw(st.integers(0, 5)) == 0:
        return draw(st.binary(max_size=300))
    data = seed
    for _ in range(draw(st.integers(1, 4))):
        start, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
        middle = draw(st.one_of(st.just(b""), st.just(data[start:end] * 2), st.binary(max_size=8)))
        data = data[:start] + middle + data[min(end, start + draw(st.integers(0, 8))) :]
    return data


@pytest.mark.parametrize("name", PARSERS)
@settings(max_examples=120)
@given(st.data())
def test_parsers(name, data):
    parse, encode, seed, declared = PARSERS[name]
    raw = data.draw(mangled(seed))
    try:
        found = parse(raw)
    except declared:
        return
    if encode is not None and name != "vkey":
        assert encode(found) == raw
    if name == "vkey":
        assert encode(found).decode().encode("latin-1") == raw


@pytest.mark.parametrize("name", PARSERS)
def test_the_seeds_themselves_are_accepted(name):
    PARSERS[name][0](PARSERS[name][2])


@given(mangled(NOTE))
def test_opening_raises_only_what_it_declares(data):
    try:
        opened = open_checkpoint(data, keys(), [signer.key for signer in signers("other", False)])
    except LogError:
        return
    assert opened.checkpoint == SMALL.head


@given(mangled(SMALL.checkpoint), st.lists(st.binary(max_size=9), max_size=6), st.binary(max_size=200))
def test_fsck_never_raises(note, entries, tile):
    store = MemoryStore(entries, {(0, 0): tile})
    assert fsck(store, note, KEYS).words
    fsck(store, SMALL.checkpoint, KEYS)
