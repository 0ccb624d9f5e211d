"""A centre that asks its officers: what the roster says needs hands is not logged before it has them.

Statement, message and words are fixed when the request is made; officers sign exactly that. Signatures come at once
from tokens at hand (`Hands`), or later one by one through `sign`. A request that nobody signs is never logged.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

import msgspec

from tocsin.errors import BadEvidence, Refusal
from tocsin.node.config import CentreConfig, Ports
from tocsin.node.custody.keeping import FirstEntry, Keeping
from tocsin.node.custody.roster import hands, needed
from tocsin.node.judging import put_down
from tocsin.release import Draft, Released, Withheld, publish
from tocsin.wire.bodies import Assessment
from tocsin.wire.confidential import EncryptionKeys
from tocsin.wire.custody import Anchors, Roster
from tocsin.wire.envelope import OfficerSignature, Statement

MAX_REQUESTS = 200

Hands = Callable[[Statement, Roster, int], tuple[OfficerSignature, ...]]
"""(what is to be signed, roster, how many officers): signatures that could be had at once, perhaps none."""


class AwaitsOfficers(Refusal):
    """Not refused for good: it is logged as soon as its officers have signed. `request` names it."""

    def __init__(self, message: str, request: str) -> None:
        super().__init__(message)
        self.request = request


@dataclass(slots=True)
class Request:
    """One statement that waits for hands. `statement` lacks only its sequence; `message` is what is signed."""

    name: str
    draft: Draft
    statement: Statement
    message: bytes
    officers: int
    signatures: list[OfficerSignature] = field(default_factory=list)


def nobody(statement: Statement, roster: Roster, count: int) -> tuple[OfficerSignature, ...]:
    """No token is plugged in."""
    del statement, roster, count
    return ()


class Staffed(Keeping):
    """A centre with officers. Without a roster in force it is a plain one."""

    def __init__(
        self, config: CentreConfig, ports: Ports, at_hand: Hands = nobody, anchors: Anchors | None = None,
        rosters: Sequence[Draft] = (), first: FirstEntry | None = None,
    ) -> None:  # fmt: skip
        """`anchors` are what was compared at pairing; `rosters` come signed by the root keys, oldest first."""
        self.at_hand = at_hand
        self._anchors = anchors
        self._rosters = tuple(rosters)
        self.requests: dict[str, Request] = {}
        super().__init__(config, ports, first)

    def begin(self) -> None:
        """As a centre's; then what was compared at pairing, and the officers."""
        super().begin()
        self._enrol()

    def tick(self) -> None:
        """As a centre's."""
        super().tick()
        self._enrol()

    def _enrol(self) -> None:
        """Log anchors and rosters that our log lacks, once it has begun."""
        own = [one for one in self.said if one.party == self.config.party]
        if self._anchors is None or not any(one.kind == "agreement" for one in own):
            return
        if not any(one.kind == "anchors" for one in own):
            super().publish(Draft(body=self._anchors, observed_tai_ns=self.now_tai_ns))
        known = [one.encryption_key for one in self.config.partners] + [self.ports.vault and self.ports.vault.key]
        keys = tuple(sorted((key for key in known if key), key=lambda one: one.party))
        shared = self.config.regime.shares("encryption-keys")
        if keys and shared and not any(one.kind == "encryption-keys" for one in own):
            super().publish(Draft(body=EncryptionKeys(keys=keys), observed_tai_ns=self.now_tai_ns))
        numbers = {one.body.number for one in own if isinstance(one.body, Roster)}
        for draft in self._rosters:
            if isinstance(draft.body, Roster) and draft.body.number not in numbers:
                super().publish(replace(draft, observed_tai_ns=self.now_tai_ns))

    def _roster(self) -> Roster | None:
        """The roster in force for our next entry."""
        return self.registry.roster_at(self.config.party, self.books["shared"].next_index, self.config.epoch)

    def publish(self, draft: Draft) -> Released | Withheld:
        """As a centre's; what needs officers gets their signatures first, or waits. Raises AwaitsOfficers."""
        roster = self._roster()
        count = needed(roster, draft.kind) if roster is not None else 0
        if roster is None or not count:
            return super().publish(draft)
        outcome = publish(draft, self.config.regime, self.ledger, self._context())
        if isinstance(outcome, Withheld):
            return super().publish(draft)  # it says why, and keeps that
        statement = outcome.statement(self.books[outcome.group].next_index)
        given = (*draft.signatures, *self.at_hand(statement, roster, count))
        request = Request(request_name(outcome.message()), draft, statement, outcome.message(), count, list(given))
        if self._complete(request, roster):
            return super().publish(replace(draft, signatures=tuple(request.signatures)))
        if len(self.requests) >= MAX_REQUESTS:
            self.requests.pop(next(iter(self.requests)))
        self.requests.setdefault(request.name, request)
        raise AwaitsOfficers(f"{draft.kind} {request.name} waits for {count} officers to sign it", request.name)

    def sign(self, name: str, signature: OfficerSignature) -> Released | Withheld | None:
        """Add an officer's signature to a request; the outcome once it has enough, None before.

        Raises Refusal for a request that is not open, BadEvidence for a signature that is not one of its officers.
        """
        request = self.requests.get(name)
        roster = self._roster()
        if request is None or roster is None:
            raise Refusal(f"request {name[:40]}: not open here; it was signed, or fell out of the queue")
        one = replace_signatures(request.statement, (signature,))
        found = hands(one, roster)
        if found.bad or found.unknown:
            raise BadEvidence(f"request {name}: not the signature of an officer of roster {roster.number}")
        if signature.key_id not in {held.key_id for held in request.signatures}:
            request.signatures.append(signature)
        if not self._complete(request, roster):
            return None
        del self.requests[name]
        signed = replace(request.draft, signatures=tuple(request.signatures), observed_tai_ns=self.now_tai_ns)
        outcome = super().publish(signed)
        return put_down(self, signed.body, outcome) if isinstance(signed.body, Assessment) else outcome

    def _complete(self, request: Request, roster: Roster) -> bool:
        signed = hands(replace_signatures(request.statement, tuple(request.signatures)), roster)
        return len(signed.officers) >= request.officers


def replace_signatures(statement: Statement, signatures: tuple[OfficerSignature, ...]) -> Statement:
    """The statement with these signatures and no others."""
    return msgspec.structs.replace(statement, signatures=signatures)


def request_name(message: bytes) -> str:
    """The name of a request: the first 16 hex digits of SHA-256 over what is signed."""
    return sha256(message).hexdigest()[:16]
