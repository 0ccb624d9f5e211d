"""What a declared ceiling would commit a party to, and how a bound proof is cited in a statement."""

import hashlib
import json
from math import isfinite, sqrt

from msgspec import Struct

from tocsin.assure.describe import floored
from tocsin.assure.errors import QuestionRefused
from tocsin.assure.model import MU_KM3_S2, RADIUS_KM
from tocsin.assure.question import Question
from tocsin.assure.result import Bracket
from tocsin.assure.run import check

ESCAPE_KM_S = sqrt(2.0 * float(MU_KM3_S2 / RADIUS_KM))


def parse_speed(text: str) -> float:
    """'4.5 km/s' -> 4.5; refused without its unit, not positive, not a number, or at and above escape speed."""
    number, _, unit = text.strip().partition(" ")
    if unit.strip() != "km/s":
        raise QuestionRefused(f"ceiling {text!r}: a speed with its unit was expected, as in '4.5 km/s'.")
    try:
        speed = float(number)
    except ValueError:
        raise QuestionRefused(f"ceiling {text!r}: {number!r} is no number; '4.5 km/s' would be one.") from None
    if not isfinite(speed) or not 0.0 < speed < ESCAPE_KM_S:
        raise QuestionRefused(
            f"ceiling {text!r}: a speed above 0 and below escape ({ESCAPE_KM_S:.1f} km/s at the surface) was expected."
        )
    return speed


def ceiling_lines(question: Question, brackets: tuple[Bracket, ...], speed_km_s: float) -> tuple[str, ...]:
    """What "no interceptor above V over any part of its flight" at the question's sites would commit its owner to."""
    if question.speed_meaning != "maximum":
        raise QuestionRefused("a ceiling over any part of the flight: the question's speed must mean `maximum`.")
    held = sorted((b for b in brackets if b.low_meant_km_s is not None), key=lambda b: b.delay_s)
    safe = [b for b in held if b.low_meant_km_s is not None and speed_km_s <= b.low_meant_km_s]
    open_to = [b.delay_s for b in brackets if b.high_meant_km_s is not None and b.high_meant_km_s <= speed_km_s]
    declared = f'"No interceptor above {speed_km_s:g} km/s over any part of its flight"'
    if not safe:
        return (f"{declared}: no bound proof covers it at any commit delay of this question.",)
    first = safe[0]
    from_when = "at any commit delay" if first.delay_s <= 0 else f"with no commitment before {first.delay_s:g} s"
    proved = floored(first.low_meant_km_s or 0.0)
    lines = [
        f"{declared}, {from_when}: would commit {question.defender} to a defence at these sites that reaches no "
        f"missile of the stated family of {question.deterrent}. Proved below {proved} km/s ({first.proof})."
    ]
    if open_to:
        lines.append(
            f"Committed {max(open_to):g} s after launch or earlier, the same ceiling leaves something reachable."
        )
    return tuple(lines)


class Citation(Struct, frozen=True, kw_only=True):
    """A checked bound proof as a statement names it: the file, its hash and size, and what it says."""

    name: str
    sha256: str
    bytes: int
    claim: str


def cite(name: str, proof: bytes) -> Citation:
    """What a docket's `attachments` carry, and a sentence that a finding or measure can make a condition of.

    Raises QuestionRefused where the checker does not accept the proof: nothing unproved is cited.
    """
    verdict = check(proof)
    if not verdict.accepted:
        raise QuestionRefused(f"{name}: cannot be cited, the checker rejects it: {verdict.why}")
    digest = hashlib.sha256(proof).hexdigest()
    title = str(json.loads(proof)["title"])
    return Citation(
        name=name, sha256=digest, bytes=len(proof), claim=f"{title}: {verdict.claim} (bound proof sha256:{digest})"
    )
