"""What a hostile partner makes us keep is bounded, over all starts, and never at the cost of what others sent."""

import json

import pytest
from tests.node.two import pass_time, settle, world

from tocsin.errors import BadEvidence
from tocsin.node.adapters import private
from tocsin.node.adapters.private import PrivateFolder


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(private, "MAX_KEPT_BYTES", 20 * private.BLOCK_BYTES)
    monkeypatch.setattr(private, "MAX_LINES", 50)
    monkeypatch.setattr(private, "COUNT_EVERY", 10)


def room(folder):
    return sum(private._room(file.stat().st_size) for file in (folder / "evidence").iterdir())


def test_a_flood_of_new_bytes_is_kept_up_to_its_room(tmp_path, small):
    record = PrivateFolder(tmp_path)
    for number in range(300):
        record.evidence(number, "east", "not a statement", b"%d" % number * (1 + number * 50))
    assert 0 < room(tmp_path) <= private.MAX_KEPT_BYTES
    lines = [json.loads(line) for line in (tmp_path / "evidence.jsonl").read_text().splitlines()]
    assert len(lines) <= 50 + 300 // 10
    assert lines[-1]["so_far"] == 300
    record.evidence(301, "north", "not a statement", b"kept all the same")
    assert b"kept all the same" in [file.read_bytes() for file in (tmp_path / "evidence").iterdir()]


def test_starting_again_makes_no_new_room(tmp_path, small):
    for start in range(6):
        record = PrivateFolder(tmp_path)
        for number in range(8):
            record.evidence(number, "east", "x" * 9_000, b"%d of %d" % (number, start))
        assert room(tmp_path) <= private.MAX_KEPT_BYTES
    assert room(tmp_path) == private.MAX_KEPT_BYTES
    assert (tmp_path / "evidence.jsonl").stat().st_size < 100 * 2 * private.MAX_WORDS


def test_a_centre_under_a_hostile_partner_fills_no_disk(tmp_path, small):
    east, west, clock = world()
    west.private = PrivateFolder(tmp_path)
    west.start()
    for number in range(200):
        pass_time([], clock, 1)
        reply = west.centre.receive("east", b"%d" % number * 5_000)
        assert reply.refused
    assert 0 < room(tmp_path) <= private.MAX_KEPT_BYTES
    settle(east, west)
    west.centre.keep(BadEvidence("our own record still has room", b"ours"))
    assert b"ours" in [file.read_bytes() for file in (tmp_path / "evidence").iterdir()]


def test_a_record_that_cannot_be_read_counts_for_nobody(tmp_path):
    (tmp_path / "evidence.jsonl").write_bytes(b'{"from": 3}\n[]\n{"from": "east", "bytes": "../x"}\n\xff\n')
    record = PrivateFolder(tmp_path)
    record.evidence(1, "east", "why", b"data")
    assert room(tmp_path) == private.BLOCK_BYTES
