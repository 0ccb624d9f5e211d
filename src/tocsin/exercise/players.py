"""The people of an exercise: their names and roles at each party, and how they log in.

Names are pseudonyms by default. In development log-in the server holds a key for each of them and says so on every
page; with passkeys each gets an invitation code and enrols a passkey, which goes on the roster at once.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import msgspec

from tocsin.console.codes import make_card, printed_card
from tocsin.console.people import MemoryDrawer, Person, invitation
from tocsin.console.settings import ConsoleSettings
from tocsin.exercise.game import Game
from tocsin.node.adapters.tokens import Token, new_token
from tocsin.wire.envelope import OfficerSignature, Statement

SIGNING: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("first officer", ("watch-officer", "duty-officer")),
    ("second officer", ("watch-officer", "duty-officer")),
    ("senior officer", ("senior-officer", "watch-officer")),
    ("capital", ("capital",)),
)
LOOKING: tuple[tuple[str, tuple[str, ...]], ...] = (("observer", ("observer",)), ("auditor", ("auditor",)))


@dataclass(frozen=True, slots=True)
class Crew:
    """One party's people: the console's settings and drawer, and codes to hand out (none in development).

    `cards`: authentication cards to print, by name; empty where none were asked for.
    """

    settings: ConsoleSettings
    drawer: MemoryDrawer
    codes: dict[str, str]
    cards: dict[str, str]


def crew(game: Game, party: str, *, passkeys: bool, origins: tuple[str, ...], cards: bool = False) -> Crew:
    """Make the people of a party; in development they are put on its roster now."""
    names = {f"{name} of {party}": roles for name, roles in (*SIGNING, *LOOKING)}
    signing = {f"{name} of {party}": roles for name, roles in SIGNING}
    people, printed = _carded(signing) if cards else ((), {})
    if passkeys:
        return _with_passkeys(game, party, names, origins, people, printed)
    tokens = {name: new_token(name, roles) for name, roles in signing.items()}
    game.seats[party].enrolled.extend(token.officer for token in tokens.values())
    settings = ConsoleSettings(
        development=True, hands={name: partial(_sign, token) for name, token in tokens.items()}, people=names,
        web_origins=origins,
    )  # fmt: skip
    return Crew(settings, MemoryDrawer(msgspec.json.encode(people)) if people else MemoryDrawer(), {}, printed)


def _carded(signing: dict[str, tuple[str, ...]]) -> tuple[tuple[Person, ...], dict[str, str]]:
    """A card for everybody whose signature may count: what the console keeps, and what is printed."""
    people, printed = [], {}
    for name, roles in signing.items():
        answers, cells = make_card(secrets.token_bytes(32))
        people.append(Person(name=name, roles=roles, card=cells))
        printed[name] = printed_card(name, answers)
    return tuple(people), printed


def _with_passkeys(
    game: Game, party: str, names: dict[str, tuple[str, ...]], origins: tuple[str, ...], carded: Iterable[Person],
    printed: dict[str, str],
) -> Crew:  # fmt: skip
    codes = {name: secrets.token_hex(4) for name in names}
    cells = {person.name: person.card for person in carded}
    people = tuple(
        Person(name=name, roles=roles, invitation_sha256=invitation(codes[name]), card=cells.get(name, ()))
        for name, roles in names.items()
    )
    signing = {f"{name} of {party}" for name, _ in SIGNING}
    settings = ConsoleSettings(
        people=names, web_origins=origins,
        enrolled=lambda officer: game.enrol(party, officer) if officer.name in signing else None,
    )  # fmt: skip
    return Crew(settings, MemoryDrawer(msgspec.json.encode(people)), codes, printed)


def _sign(token: Token, statement: Statement, role: str) -> tuple[OfficerSignature, ...]:
    return token.sign(statement, role)
