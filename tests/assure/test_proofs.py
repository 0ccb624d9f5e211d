"""Found, proved with Arb, checked alone: the three agree, and no engagement is ever found inside a proof."""

import dataclasses
import json
from fractions import Fraction

import numpy as np
import pytest
from assure_shooter import Shooter  # tests/assure/assure_shooter.py

from tocsin.assure import ProofRejected
from tocsin.assure.arb import prove_claim
from tocsin.assure.arcs import distance, place
from tocsin.assure.ballistic import quickest_time
from tocsin.assure.forms import evaluate, room
from tocsin.assure.model import ROTATION, UNITS, regions_of, setting_of
from tocsin.assure.question import Question
from tocsin.assure.reach import bound
from tocsin.assure.threshold import Claim, prove, slowest


def test_arb_proves_every_leaf(question: Question, claim: Claim) -> None:
    assert prove_claim(question, claim) == claim.leaves


def test_arb_rejects_a_faster_claim(question: Question, claim: Claim) -> None:
    with pytest.raises(ProofRejected, match="leaf"):
        prove_claim(question, dataclasses.replace(claim, speeds_km_s=(Fraction(7), Fraction(7))))


def test_arb_rejects_a_cut_tree(question: Question, claim: Claim) -> None:
    trees = list(claim.trees)
    trees[0] = dataclasses.replace(trees[0], text="0L")
    with pytest.raises(ProofRejected, match=r"does not exclude|incomplete"):
        prove_claim(question, dataclasses.replace(claim, trees=tuple(trees)))


def test_search_gives_up_above_the_threshold(question: Question) -> None:
    delay = Fraction(600)
    found = slowest(question, delay, np.random.default_rng(7))
    assert found is not None
    above = Fraction(int(found.speed_km_s * 1005), 1000)
    assert prove(question, (delay, delay), (above, above), 300) is None


def test_bound_is_below_the_truth_at_points(question: Question) -> None:
    """The program's bound of the flight time never exceeds the closed form (slow twin), anywhere in the family."""
    delay, speed = Fraction(300), 5.0 / UNITS.speed_km_s
    setting = setting_of(question, (Fraction(31, 32), Fraction(127, 128), Fraction(511, 512)))
    program = bound(setting, (float(delay) / UNITS.time_s,) * 2, (speed, speed))
    size, generator = len(program.steps), np.random.default_rng(3)
    work = room(size)
    value = work[0]
    for region in regions_of(question, (delay, delay)):
        for _ in range(300):
            p = region.box[:, 0] + (region.box[:, 1] - region.box[:, 0]) * generator.random(10)
            p[9] = 0.0
            evaluate(program.steps, np.array(program.constants), p, np.zeros(10), work)
            late = p[8] - setting.arc_start_max
            r, time, _, a, b = place(p, setting.altitude_min)
            chord = distance(p, p[5] + ROTATION * late, a, b)
            assert value[program.left] == pytest.approx(time - late, abs=1e-9)
            truth = quickest_time(speed, r, chord) - (time - late)
            if value[program.near] < 0.96:
                assert max(value[n] for n in program.times) <= truth + 1e-9 or not np.isfinite(truth)


def test_no_engagement_inside_a_proof(question: Question, claim: Claim, proof: bytes) -> None:
    """Random members of the family, flown with rotation, oblateness and finite burn: none can be met below V_lo."""
    shooter = Shooter(question, float(claim.speeds_km_s[0]))
    met, worst_tube, worst_burn = shooter.campaign(24, claim.regions, 600.0, np.random.default_rng(11))
    assert met == 0
    assert worst_tube < 1.0
    assert worst_burn < 1.0


def test_proof_has_no_bare_numbers_and_is_stable(question: Question, claim: Claim, proof: bytes) -> None:
    from tocsin.assure.proof import proof_of

    assert proof_of(question, claim) == proof
    json.loads(proof, parse_float=pytest.fail, parse_int=pytest.fail)


def test_nobody_waits_longer_than_the_straight_line_allows(question: Question) -> None:
    """Lemma 5: wherever an interceptor within the speed still arrives after a wait, the cut keeps that wait."""
    delay, speed = Fraction(120), 5.0 / UNITS.speed_km_s
    setting = setting_of(question)
    program = bound(setting, (float(delay) / UNITS.time_s,) * 2, (speed, speed))
    size, generator = len(program.steps), np.random.default_rng(5)
    work = room(size)
    value = work[0]
    arrived = 0
    for region in regions_of(question, (delay, delay)):
        for _ in range(200):
            p = region.box[:, 0] + (region.box[:, 1] - region.box[:, 0]) * generator.random(10)
            p[9] = 0.0
            evaluate(program.steps, np.array(program.constants), p, np.zeros(10), work)
            longest = value[program.spare] / (1.0 - ROTATION / speed)
            late = p[8] - setting.arc_start_max
            r, time, _, a, b = place(p, setting.altitude_min)
            for wait in np.linspace(0.0, max(0.0, time - late), 12):
                chord = distance(p, p[5] + ROTATION * (late + wait), a, b)
                if quickest_time(speed, r, chord) <= time - late - wait:
                    arrived += 1
                    assert wait <= longest
    assert arrived > 100
