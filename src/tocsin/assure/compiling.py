"""Compile every kernel of this room ahead: one small use of each, with the types of real ones."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from tocsin.assure.curves import fractions
from tocsin.assure.load import load
from tocsin.assure.model import regions_of
from tocsin.assure.shipped import NAMES, shipped
from tocsin.assure.threshold import LEANS, prove, witness


def compile() -> Iterator[str]:  # noqa: A001  as in track.compile()
    """Yields a line of progress after each part. Fast once the cache is warm."""
    question, delay_s, speed_km_s = load(shipped(NAMES[0])), Fraction(600), Fraction(1)
    prove(question, (delay_s, delay_s), (speed_km_s, speed_km_s), 1, LEANS[:1])
    yield "proofs: search"
    generator = np.random.default_rng(0)
    witness(question, regions_of(question, (delay_s, delay_s))[0], delay_s, generator)
    yield "proofs: engagements"
    fractions(question, generator, samples=1)
    yield "proofs: shares"
