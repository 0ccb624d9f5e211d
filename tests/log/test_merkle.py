"""RFC 6962 trees: published vectors, a slow textbook twin, proofs that are refused."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.log.errors import ProofError
from tocsin.log.merkle import (
    EMPTY_ROOT,
    MAX_PROOF_HASHES,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    leaf_hashes,
    prefix_nodes,
    root_of_leaves,
    roots_from_prefix,
    verify_consistency,
    verify_inclusion,
)

# Origin: test vectors of google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc (kInputs, kSHA256Roots,
# kSHA256Paths, kSHA256Proofs), as also used by transparency-dev/merkle. Exact bytes, no tolerance.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
PATHS = {(0, 1): [], (0, 8): [A, B, C], (5, 8): [D, E, ROOTS[3]], (2, 3): [ROOTS[1]], (1, 5): [ROOTS[0], B, D]}
PROOFS = {(1, 1): [], (1, 8): [A, B, C], (6, 8): [F, E, ROOTS[3]], (2, 5): [B, D]}


def mth(leaves):
    """Textbook twin: RFC 6962 section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m, leaves):
    """Textbook twin: RFC 6962 section 2.1.1."""
    n = len(leaves)
    if n == 1:
        return []
    k = 1
    while 2 * k < n:
        k *= 2
    return [*path(m, leaves[:k]), mth(leaves[k:])] if m < k else [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m, leaves, b):
    """Textbook twin: RFC 6962 section 2.1.2."""
    n = len(leaves)
    if m == n:
        return [] if b else [mth(leaves)]
    k = 1
    while 2 * k < n:
        k *= 2
    if m <= k:
        return [*subproof(m, leaves[:k], b), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


def ranges(leaves):
    return lambda start, end: mth(leaves[start:end])


def some_leaves(count):
    return leaf_hashes(b"%d" % index for index in range(count))


def test_published_roots():
    leaves = leaf_hashes(map(bytes.fromhex, INPUTS))
    assert [root_of_leaves(leaves[: n + 1]).hex() for n in range(8)] == ROOTS
    assert root_of_leaves([]) == EMPTY_ROOT == mth([])
    assert leaf_hash(b"").hex() == ROOTS[0]


@pytest.mark.parametrize(("where", "expected"), PATHS.items())
def test_published_inclusion_paths(where, expected):
    index, size = where
    leaves = leaf_hashes(map(bytes.fromhex, INPUTS))[:size]
    proof = inclusion_proof(index, size, ranges(leaves))
    assert [part.hex() for part in proof] == expected
    verify_inclusion(index, size, leaves[index], proof, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("sizes", "expected"), PROOFS.items())
def test_published_consistency_proofs(sizes, expected):
    old, new = sizes
    leaves = leaf_hashes(map(bytes.fromhex, INPUTS))[:new]
    proof = consistency_proof(old, new, ranges(leaves))
    assert [part.hex() for part in proof] == expected
    verify_consistency(old, new, bytes.fromhex(ROOTS[old - 1]), bytes.fromhex(ROOTS[new - 1]), proof)


sizes = st.integers(1, 70)


@given(sizes, st.data())
def test_inclusion_as_in_the_textbook(size, data):
    leaves = some_leaves(size)
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, ranges(leaves))
    assert root_of_leaves(leaves) == mth(leaves)
    assert proof == path(index, leaves)
    verify_inclusion(index, size, leaves[index], proof, mth(leaves))


@given(sizes, st.data())
def test_consistency_as_in_the_textbook(new, data):
    leaves = some_leaves(new)
    old = data.draw(st.integers(1, new))
    proof = consistency_proof(old, new, ranges(leaves))
    assert proof == subproof(old, leaves, True)
    verify_consistency(old, new, mth(leaves[:old]), mth(leaves), proof)
    assert roots_from_prefix(old, new, prefix_nodes(old, new, ranges(leaves))) == (mth(leaves[:old]), mth(leaves))


@given(sizes, st.data())
def test_a_wrong_inclusion_proof_is_refused(size, data):
    leaves = some_leaves(size)
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, ranges(leaves))
    leaf, root = leaves[index], mth(leaves)
    wrong = [
        (index, size, leaf_hash(b"x"), proof, root),
        (index, size, leaf, [*proof, leaf], root),
        (index, size, leaf, proof, leaf_hash(b"x")),
        (size, size, leaf, proof, root),
        (-1, size, leaf, proof, root),
    ]
    wrong += [(index, size, leaf, [*proof[:at], *proof[at + 1 :]], root) for at in range(len(proof))]
    wrong += [(index, size, leaf, [*proof[:at], leaf_hash(b"x"), *proof[at + 1 :]], root) for at in range(len(proof))]
    wrong += [(other, size, leaf, proof, root) for other in range(size) if other != index]
    for case in wrong:
        with pytest.raises(ProofError):
            verify_inclusion(*case)


@given(st.integers(2, 70), st.data())
def test_a_wrong_consistency_proof_is_refused(new, data):
    leaves = some_leaves(new)
    old = data.draw(st.integers(1, new - 1))
    proof = consistency_proof(old, new, ranges(leaves))
    before, after, other = mth(leaves[:old]), mth(leaves), leaf_hash(b"x")
    wrong = [
        (before, other, proof),
        (other, after, proof),
        (before, after, [*proof, other]),
        (before, after, proof[1:]),
    ]
    wrong += [(before, after, [*proof[:at], other, *proof[at + 1 :]]) for at in range(len(proof))]
    for old_root, new_root, nodes in wrong:
        with pytest.raises(ProofError):
            verify_consistency(old, new, old_root, new_root, nodes)


def test_every_tree_extends_the_empty_one_and_itself():
    root = mth(some_leaves(5))
    verify_consistency(0, 5, EMPTY_ROOT, root, [])
    verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
    verify_consistency(5, 5, root, root, [])
    for case in [
        (0, 5, root, root, []),
        (0, 5, EMPTY_ROOT, root, [root]),
        (5, 5, EMPTY_ROOT, root, []),
        (6, 5, root, root, []),
    ]:
        with pytest.raises(ProofError):
            verify_consistency(*case)


def test_proofs_are_bounded():
    hashes = [EMPTY_ROOT] * (MAX_PROOF_HASHES + 1)
    with pytest.raises(ProofError, match="at most 63"):
        verify_inclusion(0, 2**62, EMPTY_ROOT, hashes, EMPTY_ROOT)
    with pytest.raises(ProofError, match="at most 63"):
        verify_consistency(2**61, 2**62, EMPTY_ROOT, EMPTY_ROOT, hashes)
    with pytest.raises(ProofError, match="32-byte"):
        verify_inclusion(0, 2, EMPTY_ROOT, [b"short"], EMPTY_ROOT)
