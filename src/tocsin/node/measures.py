"""Measures that all parties signed, as one centre finds them, and what they do there: the regime in force changes.

    adopted(centre)          # by the rules of votes, over everything that the centre holds
    take_effect(centre)      # at every tick: an amendment whose time has come is in force, and our log says so

Two centres that hold the same find the same. One that learns of an adoption late changes late, and to the same regime.
"""

from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from tocsin.node.agreement import agreement_of
from tocsin.node.record import Said
from tocsin.regime import Adopted, Regime, RegimeError, amended, load
from tocsin.wire.bodies import Agreement, Vote
from tocsin.wire.measures import Amend, Measure

if TYPE_CHECKING:
    from tocsin.node.centre import Centre


def adopted(centre: "Centre") -> tuple[Adopted, ...]:
    """Every measure that this centre finds adopted, in the order it heard of them.

    All parties must sign a measure: what we did not sign ourselves, however much a partner proposes, costs nothing.
    """
    from tocsin.node import queries  # it asks centres, and a centre asks here

    own = (said.body for said in centre.said if said.party == centre.config.party)
    signed = {body.proposal_sha256 for body in own if isinstance(body, Vote) and body.choice == "yes"}
    asked = [(said, said.body) for said in centre.said if signed and isinstance(said.body, Measure)]
    return tuple(
        Adopted(body, said.entry.sha256)
        for said, body in asked
        if said.entry.sha256 in signed and queries.decided(centre, said.entry).status == "ADOPTED"
    )


def take_effect(centre: "Centre") -> None:
    """Change to the regime that adopted amendments make of the first one, and log it as all do, once."""
    found = centre.standings.adopted(centre)
    if not found:
        return
    regime = amended(centre.first_regime, found, centre.posix_s())
    if regime.sha256 != centre.config.regime.sha256:
        centre.config = replace(centre.config, regime=regime)
    if regime.sha256 == centre.first_regime.sha256:
        return
    own = (s.body for s in centre.said if s.party == centre.config.party and isinstance(s.body, Agreement))
    if regime.sha256 not in {_hash(body.regime_text) for body in own}:
        centre.say(agreement_of(centre))


def regime_named(centre: "Centre", digest: str) -> Regime:
    """The regime of that hash, if it was in force here or is named in an agreement or an amendment; else the one now.

    What was put to the vote under one regime is decided by it for ever.
    """
    for regime in (centre.config.regime, centre.first_regime):
        if regime.sha256 == digest:
            return regime
    for said in centre.said:
        text = _text(said)
        if text and _hash(text) == digest:
            try:
                return _loaded(text)
            except RegimeError:
                break
    return centre.config.regime


def _text(said: Said) -> str:
    body = said.body
    if isinstance(body, Agreement):
        return body.regime_text
    return body.terms.regime_text if isinstance(body, Measure) and isinstance(body.terms, Amend) else ""


@lru_cache(maxsize=64)
def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@lru_cache(maxsize=16)
def _loaded(text: str) -> Regime:
    return load(text.encode(), "an agreed regime")
