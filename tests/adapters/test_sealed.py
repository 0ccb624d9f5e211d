"""Openings fit the seals that they name and nothing else (L8, P12)."""

import hashlib

import msgspec
import pytest

from tocsin.node.custody.sealed import OPENS, in_words, openings
from tocsin.wire.confidential import ObservationOpening, ObservationSeal, observation_commitment
from tocsin.wire.envelope import Reference

from .officers import blank, log_of

CONTENT, SALT = b"what our radar recorded", "5a" * 32
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def seal(origin="tocsin.exercise/west"):
    made = observation_commitment(origin, bytes.fromhex(SALT), DIGEST, len(CONTENT))
    return blank(ObservationSeal(commitment=made, what="a recording"))


def opening(at, **changes):
    """Refers to entry `at` of west's log."""
    body = ObservationOpening(salt=SALT, content_sha256=DIGEST, content_bytes=len(CONTENT))
    name = hashlib.sha256(at.entry.data).hexdigest()
    reference = Reference(role=OPENS, origin=at.entry.origin, epoch=0, index=at.entry.index, sha256=name)
    return msgspec.structs.replace(blank(msgspec.structs.replace(body, **changes)), references=(reference,))


def found(*made):
    return [(fits, in_words(said, held, fits)) for said, held, fits in openings(log_of(*made))]


def test_what_was_sealed_opens():
    (sealed,) = log_of(seal())
    ((fits, words),) = found(seal(), opening(sealed))
    assert fits
    assert "what else was held, nobody can tell" in words


@pytest.mark.parametrize(
    "changes",
    [{"salt": "5b" * 32}, {"content_sha256": "00" * 32}, {"content_bytes": len(CONTENT) + 1}],
)
def test_anything_else_does_not(changes):
    (sealed,) = log_of(seal())
    ((fits, words),) = found(seal(), opening(sealed, **changes))
    assert not fits
    assert "what was not sealed" in words


def test_a_seal_of_another_log_is_none():
    """Copied from a partner's log: the origin is in the hash."""
    (sealed,) = log_of(seal("tocsin.exercise/east"))
    ((fits, _),) = found(seal("tocsin.exercise/east"), opening(sealed))
    assert not fits


def test_an_opening_before_its_seal_is_none():
    (_, sealed) = log_of(seal(), seal())
    ((fits, _),) = found(opening(sealed), seal())
    assert not fits
