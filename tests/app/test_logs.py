"""`tocsin log show|tail|prove` on an exported log, whole and damaged."""

import json

import pytest

from tocsin.app.logs import open_folder, prove, show, tail
from tocsin.errors import BadEvidence, Refusal
from tocsin.log.fsck import fsck
from tocsin.log.memory import ManualClock, MemoryCells, MemoryStore
from tocsin.log.proof import open_proof
from tocsin.log.signers import log_signers
from tocsin.log.writer import LogWriter
from tocsin.node.adapters.tilefiles import folder_reader, publish, write_file
from tocsin.node.export import policy_text

ORIGIN = "tocsin.exercise/test/east"
HEAD = {
    "tocsin": 1, "schema": 1, "origin": ORIGIN, "epoch": 0, "mode": "exercise", "regime": "0" * 64,
    "marking": {"releasable_to": [], "originator": "east", "authority": "x", "language": "en"},
    "observed": {"t_tai_us": 0, "uncertainty_us": 0, "clock": "utc"}, "references": [], "encryption": None,
    "signatures": [],
}  # fmt: skip


def entry(number):
    body = {"because": f"reason {number}", "text": ""}
    return json.dumps(HEAD | {"kind": "retraction", "sequence": number, "body": body}).encode()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("log")
    store = MemoryStore()
    writer = LogWriter.open(ORIGIN, store, MemoryCells(), log_signers(ORIGIN, b"x"), ManualClock(1))
    writer.append([*(entry(number) for number in range(299)), b"\xff no statement"])
    writer.commit()
    publish(store, 0, writer.size, writer.checkpoint, path)
    write_file(path / "policy", policy_text(writer.keys, ()))
    return path


def test_show_says_every_entry_in_words(folder, capsys):
    assert show(folder) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 300
    assert "reason 17" in lines[17]
    assert "not a statement" in lines[299]


def test_show_one_entry_whole(folder, capsys):
    assert show(folder, 5) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(entry(5))
    assert show(folder, 299) == 0
    assert "no statement" in capsys.readouterr().out
    with pytest.raises(Refusal):
        show(folder, 300)


def test_show_some(folder, capsys):
    show(folder, first=3, last=4, kind="retraction")
    assert len(capsys.readouterr().out.splitlines()) == 2
    show(folder, kind="vote")
    assert capsys.readouterr().out == ""


def test_tail_ends_with_the_last(folder, capsys):
    tail(folder, lines=3)
    lines = capsys.readouterr().out.splitlines()
    assert "300 entries" in lines[0]
    assert "reason 298" in lines[2]


@pytest.mark.parametrize("index", [0, 1, 255, 256, 299])
def test_prove_writes_what_any_verifier_opens(folder, tmp_path, index, capsys):
    assert prove(folder, index, out=tmp_path / "one.tlog-proof") == 0
    data, body = (tmp_path / "one.tlog-proof").read_bytes(), (tmp_path / "one.entry").read_bytes()
    keys = [signer.key for signer in log_signers(ORIGIN, b"x")]
    assert open_proof(data, body, keys).checkpoint.size == 300
    with pytest.raises(BadEvidence):
        open_proof(data, body + b" ", keys)
    assert "does not show that what it says is true" in capsys.readouterr().out


def test_a_changed_entry_is_named_and_not_shown(folder, capsys):
    bundle = folder / "tile/entries/000"
    whole = bundle.read_bytes()
    try:
        bundle.write_bytes(whole.replace(b"reason 7 ".strip() + b'"', b'reason 8"', 1))
        with pytest.raises(BadEvidence, match="entry 7"):
            show(folder)
        keys = [signer.key for signer in log_signers(ORIGIN, b"x")]
        report = fsck(folder_reader(folder, 300), (folder / "checkpoint").read_bytes(), keys)
        assert [(damage.first, damage.end) for damage in report.damages] == [(7, 8)]
    finally:
        bundle.write_bytes(whole)
    assert open_folder(folder).head.size == 300
