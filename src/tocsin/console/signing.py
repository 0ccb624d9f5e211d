"""Performing a person's act, and collecting the hands that a statement needs.

A console never lets tokens at hand sign for a person who sits at it: what needs hands waits as a request, and each
officer signs it from his own session, with a passkey over the exact statement or, in development, with a key that the
server holds and says so.

Duress. An officer who answers the challenge with the second column of his card is being forced. The page goes on as
after any answer: it shows his signature and waits. The signature is not used, then or later; the request can no longer
become a statement; what happened stands in the own log, and senior officers and auditors are alarmed. Nobody outside is
told anything untrue: no vote is in the record, so the finding stays undetermined, which is acted upon as not adopted.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Literal

from msgspec import Struct

from tocsin.console import rights
from tocsin.console.acts import ACTS, At, lent_to
from tocsin.console.board import RequestLine
from tocsin.console.errors import ConsoleRefusal, NotAllowed, NotFound, WithheldHere
from tocsin.console.forms import Form
from tocsin.console.passkeys import Asserted, Badge, signature_of
from tocsin.console.people import People
from tocsin.console.settings import ConsoleSettings
from tocsin.console.sight import Sight, message_sha256
from tocsin.console.views.proposals import CODED, requests
from tocsin.console.views.watch import holder_of, own_reliefs
from tocsin.node.commands import Outcome
from tocsin.node.custody.staffed import AwaitsOfficers, Request, Staffed, nobody
from tocsin.wire.envelope import OfficerSignature
from tocsin.wire.officer import terms_for
from tocsin.wire.watch import OfficerCheck


class Logged(Struct, frozen=True, kw_only=True):
    """It stands in our log, at `index` of `origin`."""

    state: Literal["logged"] = "logged"
    kind: str
    origin: str
    index: int
    sha256: str


class Waits(Struct, frozen=True, kw_only=True):
    """It waits for hands."""

    state: Literal["waits"] = "waits"
    request: RequestLine


class Hand(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A hand: a passkey's assertion over the request's challenge, or `development`. `code` answers the cell asked."""

    assertion: Asserted | None = None
    development: bool = False
    code: str | None = None


@dataclass(slots=True)
class Room:
    """What performing needs: the sight, the people, the settings."""

    sight: Sight
    people: People
    settings: ConsoleSettings

    def may(self, name: str, roles: tuple[str, ...]) -> dict[str, str]:
        """Every verb with the reason why not."""
        holder, lent = self.holder, lent_to(self.sight, name)
        return {verb: rights.why_not(verb, name, roles, holder, lent) for verb in rights.VERBS}

    def check(self, verb: str, name: str, roles: tuple[str, ...]) -> None:
        """Raises NotAllowed."""
        why = rights.why_not(verb, name, roles, self.holder, lent_to(self.sight, name))
        if why:
            raise NotAllowed(why)

    @property
    def holder(self) -> str:
        """Who has the watch."""
        return holder_of(own_reliefs(self.sight))[0]


def perform(room: Room, verb: str, form: Form, name: str, roles: tuple[str, ...]) -> Logged | Waits:
    """Do it in the centre's turn. Raises Refusal with the reason, in words for the person."""
    room.check(verb, name, roles)
    _, act = ACTS[verb]
    at = At(room.sight, name, roles)
    sight = room.sight
    try:
        with hands_off(sight):
            outcome = sight.host.act(lambda: act(at, form))
    except AwaitsOfficers as waiting:
        return waits(sight, waiting.request)
    return logged(sight, outcome)


@contextmanager
def hands_off(sight: Sight) -> Iterator[None]:
    """While a person acts, no token that lies open signs for anybody."""
    centre = sight.centre
    if not isinstance(centre, Staffed):
        yield
        return
    at_hand, centre.at_hand = centre.at_hand, nobody
    try:
        yield
    finally:
        centre.at_hand = at_hand


def waits(sight: Sight, name: str) -> Waits:
    """A request as it stands. Raises NotFound."""
    found = next((one for one in requests(sight) if one.name == name), None)
    if found is None:
        raise NotFound(f"request {name[:40]}: not open here; it was signed, or fell out of the queue")
    return Waits(request=found)


def logged(sight: Sight, outcome: Outcome) -> Logged:
    """Where an outcome stands. Raises WithheldHere for what the release gate kept."""
    released = getattr(outcome, "template", None)
    if released is None:
        raise WithheldHere(str(getattr(outcome, "reason", "it was not released")))
    found = next(
        (
            said for said in reversed(sight.centre.said)
            if said.party == sight.party and said.kind == released.kind and said.statement.body == released.body
        ),
        None,
    )  # fmt: skip
    if found is None:
        raise ConsoleRefusal(f"{released.kind}: it waits for the log; a disk or the start of the centre holds it up")
    return Logged(kind=found.kind, origin=found.entry.origin, index=found.entry.index, sha256=found.entry.sha256)


def challenge(room: Room, request_name: str, name: str) -> int | None:
    """The cell of a person's card that is asked before he signs; None where none is asked. Raises NotAllowed."""
    request = _request(room.sight, request_name)
    person = room.people.of(name)
    if request.statement.kind not in CODED:
        return None
    if person is None or not person.card:
        if room.settings.codes_required:
            raise NotAllowed(f"{name} has no authentication card, and this centre asks for one (tocsin officer card)")
        return None
    return room.people.cell(person)


def sign(
    room: Room, request_name: str, form: Hand, name: str, roles: tuple[str, ...], cell: int | None
) -> Logged | Waits:
    """One officer's hand. `cell`: what was asked of him. Raises Refusal, or BadEvidence for a bad signature."""
    room.check("sign", name, roles)
    sight = room.sight
    request = _request(sight, request_name)
    signature = _signature(room, request, form, name, roles)
    outcome = _answered(room, request, form, name, cell)
    if outcome == "duress" or request_name in sight.held_back:
        given = sight.held_back.get(request_name, ())
        sight.held_back[request_name] = tuple(dict.fromkeys((*given, name)))
        return waits(sight, request_name)
    centre = sight.centre
    done: Outcome | None = None
    for one in signature:
        if isinstance(centre, Staffed) and done is None:
            done = sight.host.act(partial(centre.sign, request_name, one))
    return waits(sight, request_name) if done is None else logged(sight, done)


def _request(sight: Sight, name: str) -> Request:
    found = sight.requests.get(name)
    if found is None:
        raise NotFound(f"request {name[:40]}: not open here; it was signed, or fell out of the queue")
    return found


def _signature(
    room: Room, request: Request, form: Hand, name: str, roles: tuple[str, ...]
) -> tuple[OfficerSignature, ...]:
    """The signatures that the form brings, in the role that the statement names if the officer has it."""
    role = _role(room.sight, request, name, roles)
    if form.assertion is not None:
        found = room.people.by_credential(form.assertion.credential_id)
        if found is None or found[0].name != name:
            raise NotAllowed("that passkey is not one of yours")
        badge: Badge = found[1]
        return (signature_of(form.assertion, badge, role, terms_for(request.statement)),)
    hand = room.settings.hands.get(name)
    if not form.development or not room.settings.development:
        raise NotAllowed("a passkey's assertion was expected")
    if hand is None:
        raise NotAllowed(f"the server holds no key for {name}; in development it signs for {_names(room)}")
    return hand(request.statement, role)


def _names(room: Room) -> str:
    return ", ".join(sorted(room.settings.hands)) or "nobody"


def _role(sight: Sight, request: Request, name: str, roles: tuple[str, ...]) -> str:
    roster = sight.registry.roster_at(sight.party, sight.centre.books["shared"].next_index)
    signing = next((one.roles for one in roster.officers if one.name == name), ()) if roster is not None else ()
    if not signing:
        raise NotAllowed(f"{name} does not stand in the roster in force, so this signature would count for nothing")
    wanted = str(getattr(request.draft.body, "role", ""))
    return wanted if wanted in signing else next((one for one in roles if one in signing), signing[0])


def _answered(room: Room, request: Request, form: Hand, name: str, cell: int | None) -> str:
    """Judge the answer to the cell that was asked, and put it on record. Raises NotAllowed for a wrong one."""
    if challenge(room, request.name, name) is None:
        return "passed"
    person = room.people.of(name)
    if cell is None or form.code is None or person is None:
        raise NotAllowed("answer the challenge first: ask for a cell, then send its code with the signature")
    outcome = room.people.answer(person, cell, form.code)
    body = OfficerCheck(officer=name, about=message_sha256(request.statement), outcome=outcome)
    room.sight.host.act(lambda: room.sight.centre.say(body))
    if outcome == "failed":
        raise NotAllowed("that is not the answer of this cell; ask for another")
    return outcome


def alarms(sight: Sight, roles: tuple[str, ...]) -> tuple[str, ...]:
    """What senior officers and auditors are told about checks of persons; nobody else."""
    if not rights.SEES_ALARMS & set(roles):
        return ()
    found: dict[str, str] = {}
    for said in sight.centre.said:
        body = said.body
        if isinstance(body, OfficerCheck) and said.party == sight.party:
            if body.outcome == "duress":
                found[body.officer] = f"DURESS: {body.officer} answered that he is forced; what he signed was not sent"
            elif body.outcome == "cleared":
                found.pop(body.officer, None)
    return tuple(found[name] for name in sorted(found))


