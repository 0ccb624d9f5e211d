"""The two ways in: run a question, check a proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tocsin.assure.arb import prove_claim
from tocsin.assure.capacity import capacity
from tocsin.assure.checker import check_bound
from tocsin.assure.curves import fractions, region_speeds
from tocsin.assure.describe import areas, compare_lines, disputes, inputs
from tocsin.assure.load import load
from tocsin.assure.meaning import meant_high, meant_low
from tocsin.assure.model import CEILING_KM_S
from tocsin.assure.proof import proof_of
from tocsin.assure.question import Question
from tocsin.assure.result import AssuranceResult, Bracket, Verdict
from tocsin.assure.sensitivity import sensitivities
from tocsin.assure.shorter import covers
from tocsin.assure.threshold import Claim, Witness, highest_claim, slowest

Progress = Callable[[str, float], None]
SEED = 1997
KEEP_WIDTH = 0.02  # a bracket no wider than this is kept from an earlier commit delay


@dataclass(frozen=True)
class Depth:
    """How much to compute. `max_leaves` limits each proof."""

    max_leaves: int = 10_000
    more: bool = True
    prove: bool = True


def _silent(_what: str, _share: float) -> None:
    return None


def _enough(earlier: Claim, found: Witness | None) -> bool:
    """Whether an earlier commit delay's claim, which holds for later ones too, is good enough here."""
    high = CEILING_KM_S if found is None else found.speed_km_s
    return float(earlier.speeds_km_s[0]) >= (1.0 - KEEP_WIDTH) * high


def _bracket(
    question: Question, delay_s: Fraction, depth: Depth, earlier: Claim | None, progress: Progress
) -> tuple[Bracket, Claim | None, bytes]:
    """Threshold at one delay: found with fast arithmetic, every leaf proved with Arb, written as a proof."""
    generator = np.random.default_rng(SEED)
    found = slowest(question, delay_s, generator)
    if earlier is not None and _enough(earlier, found):
        claim: Claim | None = earlier
        fresh = False
    else:
        claim, fresh = highest_claim(question, delay_s, found, depth.max_leaves), True
    high = None if found is None else found.speed_km_s
    low = None if claim is None else float(claim.speeds_km_s[0])
    data = b""
    name = f"{question.name}-{int(claim.delays_s[0] if claim else delay_s):04d}s.proof.json"
    if claim is not None:
        if depth.prove and fresh:
            prove_claim(question, claim, progress)
        data = proof_of(question, claim)
    bracket = Bracket(
        delay_s=float(delay_s),
        low_km_s=low,
        high_km_s=high,
        low_meant_km_s=None if low is None else meant_low(question, low),
        high_meant_km_s=None if high is None else meant_high(question, high),
        width=None if low is None or high is None else 1.0 - low / high,
        where="" if found is None else found.region.name,
        minutes=None if found is None else round((found.arc_time_s + float(question.arc_start_max_s)) / 60.0),
        leaves=0 if claim is None else claim.leaves,
        proof=name if data else "",
    )
    return bracket, claim, data


def run(question_bytes: bytes, progress: Progress | None = None, depth: Depth | None = None) -> AssuranceResult:
    """Thresholds, proofs and what moves them, for a question file's bytes.

    `progress(what, share)` is called with a share between 0 and 1. Raises QuestionRefused with the reason.
    """
    say, depth = progress or _silent, depth or Depth()
    question = load(question_bytes)
    brackets: list[Bracket] = []
    proofs: dict[str, bytes] = {}
    earlier: Claim | None = None
    for n, delay in enumerate(question.delays_s):
        say(f"threshold at {float(delay):.0f} s", n / len(question.delays_s))
        bracket, earlier, data = _bracket(question, delay, depth, earlier, _silent)
        brackets.append(bracket)
        if data:
            proofs[bracket.proof] = data
    say("curves", 1.0)
    generator = np.random.default_rng(SEED)
    speed = max((b.low_km_s for b in brackets if b.low_km_s is not None), default=CEILING_KM_S)
    return AssuranceResult(
        name=question.name,
        title=question.title,
        summary=question.summary,
        defender=question.defender,
        deterrent=question.deterrent,
        question_sha256=question.sha256,
        speed_meaning=question.speed_meaning,
        speed_frame=question.speed_frame,
        inputs=inputs(question),
        areas=areas(question),
        disputes=disputes(question),
        brackets=tuple(brackets),
        regions=region_speeds(question, generator) if depth.more else (),
        fractions=fractions(question, generator) if depth.more else (),
        sensitivities=sensitivities(question) if depth.more else (),
        capacities=tuple(capacity(force) for force in question.forces),
        covers=covers(question, speed) if depth.more else (),
        compare=compare_lines(question, tuple(brackets)),
        proofs=proofs,
    )


def check(proof_bytes: bytes) -> Verdict:
    """Check a proof with the stand-alone checker; never raises for a bad proof, but says why."""
    try:
        summary = check_bound.check(proof_bytes)
    except check_bound.ProofError as why:
        return Verdict(accepted=False, claim="", leaves=0, why=str(why))
    claim = summary["claim"]
    delays, speeds = claim["commit_delay_s"], claim["speed_km_s"]
    words = (
        f"no interceptor whose traced-back arc is no faster than {float(min(map(Fraction, speeds))):g} km/s at the "
        f"surface, launched {float(Fraction(delays[0])):g} s or more after the missile, meets an arc of the family"
    )
    return Verdict(accepted=True, claim=words, leaves=sum(summary["leaves"].values()), why="")
