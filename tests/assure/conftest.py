"""One small claim, found once for all tests of this package."""

from fractions import Fraction

import pytest

from tocsin.assure import load, shipped
from tocsin.assure.proof import proof_of
from tocsin.assure.question import Question
from tocsin.assure.threshold import Claim, prove


@pytest.fixture(scope="session")
def question() -> Question:
    return load(shipped("poland-2007"))


@pytest.fixture(scope="session")
def claim(question: Question) -> Claim:
    """Below 4 km/s nothing is reached at 600 s: far below the threshold, so that the proof is short."""
    found = prove(question, (Fraction(600), Fraction(600)), (Fraction(4), Fraction(4)), 5000)
    assert found is not None
    return found


@pytest.fixture(scope="session")
def proof(question: Question, claim: Claim) -> bytes:
    return proof_of(question, claim)
