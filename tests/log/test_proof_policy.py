"""tlog-proof files and trust policies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.log.cosignature import sign_checkpoint
from tocsin.log.errors import NoteError, PolicyError, ProofError, SignatureError
from tocsin.log.note import Note, parse_note
from tocsin.log.policy import Group, parse_policy, trust
from tocsin.log.proof import TlogProof, open_proof, parse_proof
from tocsin.log.signers import log_signers, mirror_signers

from .logs import ORIGIN, SEED, keys, some_entries, written

MIRRORS = {name: mirror_signers(f"{name}.example/mirror", SEED) for name in ("x1", "x2", "x3", "y1")}
hashes = st.lists(st.binary(min_size=32, max_size=32), max_size=63).map(tuple)


@given(st.integers(0, 2**62), hashes, st.binary(max_size=99), st.one_of(st.none(), st.binary(min_size=1, max_size=99)))
def test_proof_files_round_trip(index, siblings, checkpoint, extra):
    proof = TlogProof(index, siblings, checkpoint, extra)
    assert parse_proof(proof.encode()) == proof


@pytest.mark.parametrize("count", [1, 2, 255, 257, 700])
def test_a_proof_opens_with_its_entry_and_no_other(count):
    writer = written(count, hybrid=True)
    for index in {0, count // 2, count - 1}:
        entry = some_entries(1, index)[0]
        data = TlogProof(index, tuple(writer.inclusion(index)), writer.checkpoint).encode()
        assert open_proof(data, entry, keys()).checkpoint.size == count
        with pytest.raises(ProofError):
            open_proof(data, entry + b"x", keys())
        with pytest.raises((ProofError, SignatureError)):
            open_proof(data.replace(b"index ", b"index 1"), entry, keys())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"c2sp.org/tlog-proof@v1\nindex 0\n",
        b"c2sp.org/tlog-proof@v2\nindex 0\n\nx",
        b"c2sp.org/tlog-proof@v1\n\nx",
        b"c2sp.org/tlog-proof@v1\nindex 01\n\nx",
        b"c2sp.org/tlog-proof@v1\nindex \n\nx",
        b"c2sp.org/tlog-proof@v1\nindex -1\n\nx",
        b"c2sp.org/tlog-proof@v1\nindex 0\nextra AA==\n\nx",
        b"c2sp.org/tlog-proof@v1\nextra \nindex 0\n\nx",
        b"c2sp.org/tlog-proof@v1\nextra A\nindex 0\n\nx",
        b"c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nx",
        b"c2sp.org/tlog-proof@v1\nindex 0\n" + (b"A" * 43 + b"=\n") * 64 + b"\nx",
        b"c2sp.org/tlog-proof@v1\nindex 0\n" + b"x" * 1_000_000,
    ],
)
def test_what_is_not_a_proof_file_is_refused(data):
    with pytest.raises(ProofError):
        parse_proof(data)


def policy_text(quorum="X-and-Y"):
    ed25519 = {name: made[0].key.text for name, made in MIRRORS.items()}
    return "\n".join(
        [
            "# two organisations",
            *(f"log {key.text} https://west.example/" for key in keys()),
            *(f"  witness\t{name} {text}" for name, text in ed25519.items()),
            "group X 2 x1 x2 x3",
            "group Y any y1",
            "",
            "group X-and-Y all X Y",
            f"quorum {quorum}\n",
        ]
    ).encode()


def cosigned(*names):
    writer = written(3, hybrid=True)
    note = parse_note(writer.checkpoint)
    lines = [sign_checkpoint(writer.head, MIRRORS[name][0], 9) for name in names]
    return Note(note.text, (*note.signatures, *lines)).encode()


@pytest.mark.parametrize(
    ("names", "enough"),
    [
        ((), False),
        (("x1",), False),
        (("x1", "x2", "x3"), False),
        (("x1", "y1"), False),
        (("x1", "x3", "y1"), True),
        (("x1", "x2", "x3", "y1"), True),
    ],
)
def test_quorums_of_groups(names, enough):
    policy = parse_policy(policy_text())
    assert policy.groups["X"] == Group(2, ("x1", "x2", "x3"))
    if enough:
        assert len(policy.open(cosigned(*names)).cosigned) == len(names)
    else:
        with pytest.raises(SignatureError, match="quorum"):
            policy.open(cosigned(*names))


def test_all_log_lines_of_one_name_are_required():
    policy = parse_policy(policy_text("none"))
    assert policy.log_keys(ORIGIN) == tuple(keys())
    note = parse_note(cosigned())
    with pytest.raises(SignatureError, match="0x06"):
        policy.open(Note(note.text, note.signatures[:1]).encode())
    with pytest.raises(PolicyError, match="no log named"):
        policy.log_keys("other")


def test_cosigners_are_grouped_by_key_name():
    policy = trust(keys(), [signer.key for made in MIRRORS.values() for signer in made])
    assert {name: len(found) for name, found in policy.cosigners.items()} == {
        f"{name}.example/mirror": 2 for name in MIRRORS
    }


KEY = log_signers("a", b"")[0].key.text
WITNESS = mirror_signers("w", b"")[0].key.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum none",
        "quorum none\nquorum none\n",
        "quorum w\n",
        f"log {KEY}\n",
        f"log {KEY}\nlog {KEY}\nquorum none\n",
        f"log {WITNESS}\nquorum none\n",
        f"witness w {KEY}\nquorum none\n",
        f"witness none {WITNESS}\nquorum none\n",
        f"witness w {WITNESS}\nwitness v {WITNESS}\nquorum none\n",
        f"witness w {WITNESS}\ngroup w all w\nquorum none\n",
        f"witness w {WITNESS}\ngroup g all w w\nquorum g\n",
        f"witness w {WITNESS}\ngroup g all w\ngroup h all w\nquorum g\n",
        f"witness w {WITNESS}\ngroup g 2 w\nquorum g\n",
        f"witness w {WITNESS}\ngroup g 0 w\nquorum g\n",
        f"witness w {WITNESS}\ngroup g 01 w\nquorum g\n",
        f"witness w {WITNESS}\ngroup g ٣ w\nquorum g\n",
        f"witness w {WITNESS}\ngroup g all\nquorum w\n",
        f"quorum w\nwitness w {WITNESS}\n",
        f"witness w {WITNESS} u r l\nquorum w\n",
        "trust everybody\nquorum none\n",
        "quorum none\r\n",
        "quorum\x0bnone\n",
        "quorum none\x7f\n",
        "#\n" * 5000 + "quorum none\n",
    ],
)
def test_what_is_not_a_policy_is_refused(text):
    with pytest.raises(PolicyError):
        parse_policy(text.encode())


def test_one_public_key_for_two_purposes_is_refused():
    key = log_signers("a", b"")[0].key
    again = type(key)("b", 0x04, key.public)
    with pytest.raises(PolicyError, match="two lines"):
        trust([key], [again])


def test_names_are_bytes_not_text():
    data = b"witness \xff\xe2\x84\xaa " + WITNESS.encode() + b"\nquorum \xff\xe2\x84\xaa\n"
    assert len(parse_policy(data).witnesses) == 1
    with pytest.raises(PolicyError):
        parse_policy(b"witness w " + WITNESS.encode().replace(b"w+", b"\xff+") + b"\nquorum w\n")


def test_an_unreadable_note_is_refused_before_any_key_is_looked_up():
    with pytest.raises(NoteError):
        parse_policy(policy_text()).open(b"garbage")
