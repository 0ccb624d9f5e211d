"""The Go verifier (tools/tlogcheck) reads what we write and refuses what was tampered with."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tocsin.log.cosignature import sign_checkpoint
from tocsin.log.files import export
from tocsin.log.memory import MemoryStore
from tocsin.log.merkle import leaf_hash
from tocsin.log.note import Note, parse_note
from tocsin.log.proof import TlogProof
from tocsin.log.signers import log_signers, mirror_signers

from .logs import ORIGIN, SEED, flipped, keys, some_entries, written

ROOT = Path(__file__).parents[2]
MIRROR = mirror_signers("east.example/mirror", SEED)[0]
LOG_KEY = keys()[0].text

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def tlogcheck():
    if shutil.which("go") is None:
        pytest.skip("Go is not installed: apt-get install golang golang-golang-x-mod-dev")
    built = subprocess.run([ROOT / "tools/tlogcheck/build"], capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr

    def run(*arguments):
        done = subprocess.run([ROOT / "build/tlogcheck", *arguments], capture_output=True, text=True)
        return done.returncode, done.stdout

    return run


def receipted(writer, *extra):
    note = parse_note(writer.checkpoint)
    return Note(note.text, (*note.signatures, sign_checkpoint(writer.head, MIRROR, 1234), *extra)).encode()


def put(folder, store, size, note):
    for path, data in [*export(store, size), ("checkpoint", note)]:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return folder


def check(tlogcheck, folder, *more):
    return tlogcheck("-log", LOG_KEY, "-cosigners", MIRROR.key.text, "-need", "1", "-dir", str(folder), *more)


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 1000, 65_535, 65_536, 65_537])
def test_it_accepts_our_logs_and_their_growth(tlogcheck, tmp_path, count):
    store = MemoryStore()
    writer = written(count, hybrid=True, store=store)
    old = tmp_path / "old"
    old.write_bytes(writer.checkpoint)
    writer.append(some_entries(300, count))
    writer.commit()
    put(tmp_path, store, writer.size, receipted(writer))
    code, words = check(tlogcheck, tmp_path, "-old", str(old))
    assert code == 0, words
    assert f"inclusion ok: {count + 300} entries" in words
    assert f"consistency ok: {count} -> {count + 300}" in words


def test_it_accepts_our_proof_files_and_refuses_other_entries(tlogcheck, tmp_path):
    writer = written(700, hybrid=True)
    proof, leaf = tmp_path / "a.tlog-proof", tmp_path / "entry"
    proof.write_bytes(TlogProof(432, tuple(writer.inclusion(432)), receipted(writer), b"extra").encode())
    arguments = ("-log", LOG_KEY, "-cosigners", MIRROR.key.text, "-need", "1", "-proof", str(proof), "-leaf", str(leaf))
    leaf.write_bytes(some_entries(1, 432)[0])
    code, words = tlogcheck(*arguments)
    assert (code, "proof ok: index 432" in words) == (0, True), words
    leaf.write_bytes(b"another")
    assert tlogcheck(*arguments)[0] == 1


def change_entry(store):
    store.held[513] = b"forged"


def change_tile(store):
    store.tiles[0, 2] = flipped(store.tiles[0, 2], 256 + 3)


def change_both(store):
    """Entry and tile agree with each other: the case of CVE-2026-56865."""
    change_entry(store)
    tile = store.tiles[0, 2]
    store.tiles[0, 2] = tile[:32] + leaf_hash(store.held[513]) + tile[64:]


@pytest.mark.parametrize("count", [514, 700, 1000])
@pytest.mark.parametrize("tamper", [change_entry, change_tile, change_both])
def test_it_refuses_changed_entries_and_tiles(tlogcheck, tmp_path, count, tamper):
    store = MemoryStore()
    writer = written(count, hybrid=True, store=store)
    tamper(store)
    put(tmp_path, store, count, receipted(writer))
    code, words = check(tlogcheck, tmp_path)
    assert (code, "FAIL" in words) == (1, True)


def test_it_refuses_forged_and_missing_signatures(tlogcheck, tmp_path):
    store = MemoryStore()
    writer = written(300, hybrid=True, store=store)
    note = parse_note(receipted(writer))
    later = sign_checkpoint(writer.head, MIRROR, 1235).signature
    moved = Note(
        note.text,
        (
            *note.signatures[:-1],
            note.signatures[-1].__class__(
                MIRROR.key.name, MIRROR.key.key_id, later[:8] + note.signatures[-1].signature[8:]
            ),
        ),
    )
    stranger = sign_checkpoint(writer.head, log_signers(ORIGIN, b"?")[0], 0)
    for wrong in (
        writer.checkpoint,  # no receipt
        Note(note.text, note.signatures[-1:]).encode(),  # the mirror alone
        Note(note.text, (stranger, note.signatures[-1])).encode(),  # another log's key
        moved.encode(),  # a receipt with another time
        receipted(writer).replace(b"\n300\n", b"\n299\n"),
    ):
        put(tmp_path, store, 300, wrong)
        code, words = check(tlogcheck, tmp_path)
        assert (code, "FAIL" in words) == (1, True), words


def test_it_refuses_a_fork(tlogcheck, tmp_path):
    store = MemoryStore()
    writer, other = written(300, hybrid=True, store=store), written(0, hybrid=True)
    other.append([b"other"] * 200)
    old = tmp_path / "old"
    old.write_bytes(other.commit())
    put(tmp_path, store, 300, receipted(writer))
    code, words = check(tlogcheck, tmp_path, "-old", str(old))
    assert (code, "EQUIVOCATION" in words) == (1, True)
