"""Both halves of the bargain: ceilings, citations, shares, maps, capacity, the study of rounds, what was shipped."""

import dataclasses
import gzip
import hashlib
import itertools
from fractions import Fraction
from pathlib import Path

import msgspec
import numpy as np
import pytest

from tocsin.assure import QuestionRefused, check, load, shipped, shipped_proofs
from tocsin.assure.capacity import remaining
from tocsin.assure.ceiling import ceiling_lines, cite, parse_speed
from tocsin.assure.curves import fractions, region_speeds
from tocsin.assure.proof import claim_of
from tocsin.assure.question import Question
from tocsin.assure.race import arms_race
from tocsin.assure.result import Bracket
from tocsin.assure.sensitivity import sensitivities
from tocsin.assure.shipped import NAMES
from tocsin.assure.shorter import covers
from tocsin.wire.judging import Attachment, Docket


@pytest.mark.parametrize(
    "text", ["4.5", "4500 m/s", "fast km/s", "0 km/s", "-1 km/s", "nan km/s", "inf km/s", "12 km/s"]
)
def test_a_ceiling_needs_a_unit_and_stays_below_escape(text: str) -> None:
    with pytest.raises(QuestionRefused, match="ceiling"):
        parse_speed(text)


def _bracket(delay_s: float, low: float, high: float) -> Bracket:
    return Bracket(
        delay_s=delay_s, low_km_s=low, high_km_s=high, low_meant_km_s=low, high_meant_km_s=high, width=1 - low / high,
        where="", minutes=None, leaves=1, proof=f"p-{delay_s:04.0f}s.proof.json",
    )  # fmt: skip


def test_what_a_ceiling_commits_to(question: Question) -> None:
    brackets = (_bracket(0.0, 2.6, 2.7), _bracket(300.0, 4.1, 4.3))
    assert parse_speed("2.5 km/s") == 2.5
    assert "at any commit delay" in ceiling_lines(question, brackets, 2.5)[0]
    told = " ".join(ceiling_lines(question, brackets, 4.0))
    assert "no commitment before 300 s" in told
    assert "Committed 0 s after launch or earlier" in told
    assert "no bound proof" in ceiling_lines(question, brackets, 4.2)[0]


def test_a_proof_is_cited_as_an_attachment(proof: bytes) -> None:
    """The docket's `evidence` step carries it, so that it is logged and receipted as any statement is."""
    cited = cite("poland.json", proof)
    assert cited.sha256 == hashlib.sha256(proof).hexdigest()
    assert cited.sha256 in cited.claim
    assert len(cited.claim) <= 500  # a line of a finding's or measure's `void_if`
    attached = Attachment(name=cited.name, sha256=cited.sha256, bytes=cited.bytes)
    said = Docket(case="west-q1", step="evidence", text=cited.claim, attachments=(attached,), officer="A. Officer")
    assert msgspec.json.decode(msgspec.json.encode(said), type=Docket) == said
    with pytest.raises(QuestionRefused, match="rejects"):
        cite("poland.json", proof.replace(b'"4", "4"', b'"7", "7"'))


@pytest.fixture(scope="module")
def small(question: Question) -> Question:
    return dataclasses.replace(question, launches=question.launches[:1], aims=question.aims[:1])


def test_shares_rise_with_speed_and_fall_with_delay(small: Question) -> None:
    curves = fractions(small, np.random.default_rng(1), samples=40)
    assert [c.delay_s for c in curves] == [0.0, 120.0, 300.0, 600.0]
    for curve in curves:
        assert list(curve.shares) == sorted(curve.shares)
        assert 0.0 <= curve.shares[0] <= curve.shares[-1] <= 1.0
    for earlier, later in itertools.pairwise(curves):
        assert all(a >= b for a, b in zip(earlier.shares, later.shares, strict=True))


def test_regions_are_slower_to_reach_when_committed_later(small: Question, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.assure.threshold._SAMPLES", 600)
    monkeypatch.setattr("tocsin.assure.threshold._STARTS", 2)
    small = dataclasses.replace(small, delay_step_s=dataclasses.replace(small.delay_step_s, low=Fraction(300)))
    found = region_speeds(small, np.random.default_rng(1))
    speeds = [r.speed_km_s for r in found]
    assert {(r.site, r.launch, r.aim) for r in found} == {
        ("northern Poland", "western Russia", "eastern United States")
    }
    assert None not in speeds
    assert speeds == sorted(speeds, key=lambda v: v or 0.0)


def test_what_moves_the_answer(small: Question, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each row against the same start: a wider family is reached sooner, a narrower one or a later commitment later."""
    monkeypatch.setattr("tocsin.assure.threshold._SAMPLES", 400)
    monkeypatch.setattr("tocsin.assure.threshold._STARTS", 2)
    rows = {(r.what, r.change): r for r in sensitivities(small)}
    assert {(r.delay_s, r.from_km_s) for r in rows.values()} == {(300.0, rows["commit delay", "+30 s"].from_km_s)}
    start = rows["commit delay", "+30 s"].from_km_s
    speed = {key: row.to_km_s for key, row in rows.items()}
    assert start is not None and None not in speed.values()
    later = [speed["commit delay", f"{step:+d} s"] for step in (-120, -60, -30, 30, 60, 120)]
    assert later == sorted(later)
    assert later[2] < start < later[3]
    assert speed["boost time", "longest boost 60 s longer"] < start < speed["boost time", "longest boost 60 s shorter"]
    assert speed["apogee factor", "0.1 wider on both sides"] < start < speed["apogee factor", "minimum energy only"]
    assert speed["least height of an engagement", "50 km higher"] >= start
    assert speed["flight-time cap", "300 s"] >= start


def test_cover_grows_with_speed(small: Question, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.assure.shorter.CELL_DEG", 10.0)
    monkeypatch.setattr("tocsin.assure.shorter.DIRECTIONS", 8)
    slow, fast = (covers(small, v)[0] for v in (1.5, 4.5))
    assert sum(c.share for c in slow.cells) < sum(c.share for c in fast.cells)
    assert all(0.0 <= c.share <= 1.0 for c in fast.cells)


def test_capacity_falls_with_interceptors_and_shots() -> None:
    left = [remaining(100, n, 1, 0.5) for n in range(0, 250, 10)]
    assert left == sorted(left, reverse=True)
    assert left[-1] == 50
    assert remaining(100, 20, 2, 0.5) > remaining(100, 20, 1, 0.5)


def test_rounds_are_read_and_numbers_must_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.assure.race.slowest", lambda *_: None)
    rounds = arms_race()
    assert rounds[0].left == rounds[-1].left
    outside = [r.left[-1].left for r in rounds]
    assert outside[3] < outside[0]
    text = Path("src/tocsin/assure/studies/arms-race.toml").read_bytes()
    with pytest.raises(QuestionRefused, match="one number for each"):
        arms_race(text.replace(b"[48, 68, 68]", b"[48, 68]", 1))
    with pytest.raises(QuestionRefused, match="negative"):
        arms_race(text.replace(b"[48, 68, 68]", b"[-48, 68, 68]", 1))
    with pytest.raises(QuestionRefused, match="TOML"):
        arms_race(b"[")


@pytest.mark.parametrize("name", NAMES)
def test_shipped_proofs_are_about_the_shipped_question(name: str) -> None:
    question = load(shipped(name))
    for data in shipped_proofs(name).values():
        assert claim_of(question, data) is not None


def test_the_smallest_shipped_proofs_hold() -> None:
    every = sorted((data for name in NAMES for data in shipped_proofs(name).values()), key=len)
    for data in every[:2]:
        assert check(data).accepted
        assert gzip.decompress(gzip.compress(data, mtime=0)) == data


def test_a_proof_of_other_inputs_is_not_taken(question: Question, proof: bytes) -> None:
    assert claim_of(question, proof) is not None
    assert claim_of(question, proof.replace(b'"54.2"', b'"54.1"').replace(b"271/5", b"541/10")) is None
    assert claim_of(question, b"{}") is None
