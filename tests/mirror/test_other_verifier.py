"""The Go verifier reads what a mirror holds: its copy of a log, its receipts, proofs out of its bundles."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tocsin.log.files import export
from tocsin.mirror.memory import MemoryMirrorStore

from .gates import gate, grow, log, log_keys_of, mirror_keys, push, some_entries

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.servers


def tlogcheck(*arguments):
    if shutil.which("go") is None:
        pytest.skip("Go is not installed: apt-get install golang golang-golang-x-mod-dev")
    built = subprocess.run([ROOT / "tools/tlogcheck/build"], capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    keys = ("-log", log_keys_of(True)[0].text, "-cosigners", mirror_keys(True)[0].text, "-need", "1")
    done = subprocess.run([ROOT / "build/tlogcheck", *keys, *arguments], capture_output=True, text=True)
    return done.returncode, done.stdout


def test_it_accepts_what_a_mirror_holds_and_says(tmp_path):
    store = MemoryMirrorStore()
    writer, mirror = log(some_entries(300), hybrid=True), gate(hybrid=True, store=store)
    (tmp_path / "old").write_bytes(push(writer, mirror).note)
    grow(writer, some_entries(400, 300))
    receipt = push(writer, mirror)
    for path, data in [*export(store, 700), ("checkpoint", receipt.note)]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    code, words = tlogcheck("-dir", str(tmp_path), "-old", str(tmp_path / "old"))
    assert (code, "consistency ok: 300 -> 700" in words) == (0, True), words
    bundle = mirror.held.bundle([432])
    (tmp_path / "proof").write_bytes(bundle.tlog_proof(0).encode())
    (tmp_path / "entry").write_bytes(bundle.entries[0].data)
    code, words = tlogcheck("-proof", str(tmp_path / "proof"), "-leaf", str(tmp_path / "entry"))
    assert (code, "proof ok: index 432" in words) == (0, True), words
    (tmp_path / "entry").write_bytes(b"forged")
    assert tlogcheck("-proof", str(tmp_path / "proof"), "-leaf", str(tmp_path / "entry"))[0] == 1
