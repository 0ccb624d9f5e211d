"""Our own answers are the published ones, from another process; mistakes made in good faith are caught."""

import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
sys.path.insert(0, str(TOP))

from conformance.ours import answer  # noqa: E402
from conformance.run import OURS, VECTORS, Result, compare, judge, load  # noqa: E402
from conformance.wrong import MISTAKES  # noqa: E402

SUITE = {
    "duplicates": "wire.read", "future": "wire.read", "version_1": "wire.message", "one_key": "log.checkpoint",
    "long_proofs": "log.inclusion", "late_receipts": "decide", "last_vote": "decide", "rounding": "fuse",
    "silent": "log",
}  # fmt: skip


@pytest.fixture(autouse=True)
def at_the_top(monkeypatch):
    monkeypatch.chdir(TOP)


def answered(vectors, given):
    return judge(vectors, {one["id"]: given(one["test"], one["input"]) for one in vectors}, Result())


@pytest.mark.parametrize("part", ["wire", "log", "decide", "fuse"])
def test_our_own_answers(part):
    result = answered(load(part), answer)
    assert result.wrong == [] and sum(result.right.values()) >= 8


@pytest.mark.parametrize("mistake", sorted(MISTAKES))
def test_a_wrong_implementation_is_caught(mistake):
    assert answered(load(SUITE[mistake]), MISTAKES[mistake]).wrong, mistake


def test_the_same_from_other_processes():
    vectors = load("log")
    assert not compare(vectors, OURS).wrong
    assert compare(vectors, [sys.executable, "-m", "conformance.wrong", "one_key"]).wrong


def test_a_program_that_says_nothing_is_caught():
    vectors = load("log.root")
    assert len(compare(vectors, [sys.executable, "-c", "print('x')"]).wrong) == len(vectors) + 1


def test_vectors_are_small_and_of_every_test():
    assert sum(path.stat().st_size for path in VECTORS.iterdir()) < 1_000_000
    tests = {one["test"] for one in load()}
    assert tests >= {"wire.read", "log.checkpoint", "log.fork", "log.receipt", "fuse.picture", "decide.decision"}
    assert {one["expected"].get("status") for one in load("decide")} == {"ADOPTED", "CLOSED", "PENDING", "DISPUTED"}


