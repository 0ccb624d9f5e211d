"""The two ways in: run a question, check a proof."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tocsin.assure.arb import prove_claim
from tocsin.assure.capacity import capacity
from tocsin.assure.checker import check_bound, check_bound_2
from tocsin.assure.curves import fractions, region_speeds
from tocsin.assure.describe import areas, compare_lines, disputes, inputs
from tocsin.assure.load import load
from tocsin.assure.meaning import meant_high, meant_low
from tocsin.assure.model import CEILING_KM_S
from tocsin.assure.proof import claim_of, proof_of
from tocsin.assure.question import Question
from tocsin.assure.result import AssuranceResult, Bracket, Verdict
from tocsin.assure.sensitivity import sensitivities
from tocsin.assure.shorter import covers
from tocsin.assure.threshold import LEANS, Claim, Witness, highest_claim, slowest, speed_for_width

Progress = Callable[[str, float], None]
SEED = 1997


@dataclass(frozen=True)
class Depth:
    """How much to compute. `max_leaves` limits each proof; `target` is the width of a bracket that is aimed at.

    A bracket no wider than `keep_width` is kept as it is, or from an earlier commit delay, without a search; a proof at
    hand for the same delay is kept in any case, except to `improve` on it. `leans`: each tree is the smallest of a
    search with each; with one alone it is found in a third of the time, and is somewhat larger.
    """

    max_leaves: int = 10_000
    target: float = 0.02
    keep_width: float = 0.02
    improve: bool = False
    more: bool = True
    prove: bool = True
    leans: tuple[float, ...] = LEANS


def _silent(_what: str, _share: float) -> None:
    return None


def _found(question: Question, progress: Progress) -> list[Witness | None]:
    """The slowest engagement at each commit delay; one at a later delay is open to every earlier one, too."""
    delays = question.delays_s
    out: list[Witness | None] = []
    for n, delay in enumerate(delays):
        progress(f"slowest engagement at {float(delay):.0f} s", 0.1 * n / len(delays))
        out.append(slowest(question, delay, np.random.default_rng(SEED)))
    for n in reversed(range(len(out) - 1)):
        here, later = out[n], out[n + 1]
        if later is not None and (here is None or later.speed_km_s < here.speed_km_s):
            out[n] = later
    return out


def _speed(claim: Claim | None) -> float:
    return 0.0 if claim is None else float(claim.speeds_km_s[0])


def _enough(question: Question, found: Witness | None, width: float) -> float:
    """Speed on the arc from which on a claim leaves no more than `width` of the question's own speed open."""
    return CEILING_KM_S if found is None else float(speed_for_width(question, found.speed_km_s, width))


def _claim(
    question: Question, delay_s: Fraction, found: Witness | None, depth: Depth, given: Sequence[Claim | None]
) -> Claim | None:
    """The best of the claims at hand, for this delay or an earlier one, if that is good enough; else a new one."""
    best = max(given, key=_speed)
    at_hand = best is not None and best.delays_s[0] == delay_s and not depth.improve
    if best is not None and (at_hand or _speed(best) >= _enough(question, found, depth.keep_width)):
        return best
    fresh = highest_claim(question, delay_s, found, depth.max_leaves, depth.target, _speed(best), depth.leans)
    if fresh is not None and depth.prove:
        prove_claim(question, fresh)
    return max((best, fresh), key=_speed)


def _bracket(question: Question, delay_s: Fraction, found: Witness | None, claim: Claim | None) -> Bracket:
    """The threshold at one delay in numbers."""
    high = None if found is None else found.speed_km_s
    low = None if claim is None else float(claim.speeds_km_s[0])
    meant = None if low is None else meant_low(question, low), None if high is None else meant_high(question, high)
    return Bracket(
        delay_s=float(delay_s),
        low_km_s=low,
        high_km_s=high,
        low_meant_km_s=meant[0],
        high_meant_km_s=meant[1],
        width=_width(low, high),
        meant_width=_width(*meant),
        where="" if found is None else found.region.name,
        minutes=None if found is None else round((found.arc_time_s + float(question.arc_start_max_s)) / 60.0),
        leaves=0 if claim is None else claim.leaves,
        proof="" if claim is None else f"{question.name}-{int(claim.delays_s[0]):04d}s.proof.json",
    )


def _width(low: float | None, high: float | None) -> float | None:
    return None if low is None or high is None else 1.0 - low / high


def thresholds(
    question: Question,
    known: Iterable[bytes] = (),
    depth: Depth | None = None,
    progress: Progress | None = None,
    keep: Callable[[str, bytes], None] | None = None,
) -> tuple[tuple[Bracket, ...], dict[str, bytes]]:
    """Brackets at every commit delay, and their proofs by file name.

    `known`: proofs at hand. Those made for the same inputs are taken instead of a search and are not proved again
    here: `check` does that. New ones are proved with Arb. `keep(file name, proof)` is called with each as soon as it
    stands.
    """
    say, depth = progress or _silent, depth or Depth()
    earlier: Claim | None = None
    at_hand = {c.delays_s[0]: c for c in (claim_of(question, data) for data in known) if c is not None}
    brackets: list[Bracket] = []
    proofs: dict[str, bytes] = {}
    for n, (delay, found) in enumerate(zip(question.delays_s, _found(question, say), strict=True)):
        say(f"threshold at {float(delay):.0f} s", 0.1 + 0.7 * n / len(question.delays_s))
        earlier = _claim(question, delay, found, depth, (at_hand.get(delay), earlier))
        brackets.append(_bracket(question, delay, found, earlier))
        if earlier is not None:
            name, data = brackets[-1].proof, proof_of(question, earlier)
            if keep is not None and name not in proofs:
                keep(name, data)
            proofs[name] = data
    return tuple(brackets), proofs


def run(
    question_bytes: bytes,
    progress: Progress | None = None,
    depth: Depth | None = None,
    known: Iterable[bytes] = (),
) -> AssuranceResult:
    """Thresholds, proofs and what moves them, for a question file's bytes.

    `progress(what, share)` is called with a share between 0 and 1; `known` as in `thresholds`. Raises QuestionRefused
    with the reason.
    """
    say, depth = progress or _silent, depth or Depth()
    question = load(question_bytes)
    brackets, proofs = thresholds(question, known, depth, say)
    say("curves", 0.8)
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
        brackets=brackets,
        regions=region_speeds(question, generator) if depth.more else (),
        fractions=fractions(question, generator) if depth.more else (),
        sensitivities=sensitivities(question) if depth.more else (),
        capacities=tuple(capacity(force) for force in question.forces),
        covers=covers(question, speed) if depth.more else (),
        compare=compare_lines(question, brackets),
        proofs=proofs,
    )


def check(proof_bytes: bytes) -> Verdict:
    """Check a proof with the stand-alone checker of its format; never raises for a bad proof, but says why."""
    checker = check_bound_2 if b'"tocsin-bound-proof/2"' in proof_bytes[:200] else check_bound
    try:
        summary = checker.check(proof_bytes)
    except (check_bound.ProofError, check_bound_2.ProofError) as why:
        return Verdict(accepted=False, claim="", leaves=0, why=str(why))
    claim = summary["claim"]
    delays, speeds = claim["commit_delay_s"], claim["speed_km_s"]
    words = (
        f"no interceptor whose traced-back arc is no faster than {float(min(map(Fraction, speeds))):g} km/s at the "
        f"surface, launched {float(Fraction(delays[0])):g} s or more after the missile, meets an arc of the family"
    )
    return Verdict(accepted=True, claim=words, leaves=sum(summary["leaves"].values()), why="")
