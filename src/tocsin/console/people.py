"""Who is known at this console: roles, passkeys, invitations, authentication cards. Kept in one drawer at home.

The roster in the party's log says who may sign. A person of the roster whose passkey is not in it yet can log in and
look; the enrolment is a file for whoever keeps the root keys (`tocsin officer enrol`).
"""

import hashlib
import hmac
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta, Struct

from tocsin.console.codes import Cell, Outcome, judge
from tocsin.console.errors import NotAllowed
from tocsin.console.passkeys import Badge
from tocsin.errors import BadEvidence
from tocsin.node.custody.signatures import key_id
from tocsin.wire.custody import Officer, Roster
from tocsin.wire.envelope import Line, Name

MOST_FAILURES = 3


class Person(Struct, frozen=True, kw_only=True):
    """One person. `invitation_sha256`: of the code that lets him enrol a passkey; `used`: cells already asked."""

    name: Line
    roles: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=8)]
    invitation_sha256: str = ""
    badges: Annotated[tuple[Badge, ...], Meta(max_length=8)] = ()
    card: Annotated[tuple[Cell, ...], Meta(max_length=64)] = ()
    used: tuple[int, ...] = ()
    failures: int = 0


class Drawer(Protocol):
    """Where it is kept."""

    def load(self) -> bytes | None:
        """What was kept last."""
        ...

    def save(self, data: bytes) -> None:
        """Keep it, durably and for the owner's eyes alone."""
        ...

    def held(self) -> AbstractContextManager[object]:
        """While this is open nobody else, in this process or another, changes what is kept."""
        ...


class MemoryDrawer:
    """A drawer without a disk."""

    def __init__(self, data: bytes | None = None) -> None:
        self.data = data

    def load(self) -> bytes | None:
        """What was kept last."""
        return self.data

    def save(self, data: bytes) -> None:
        """Keep it."""
        self.data = data

    def held(self) -> AbstractContextManager[object]:
        """Nobody else knows of it."""
        return nullcontext()


class People:
    """Everybody, by name. `usual` are people that settings name, with their roles.

    The drawer is looked at again before each use: invitations and cards are made beside a running console.
    """

    def __init__(self, drawer: Drawer, usual: Mapping[str, tuple[str, ...]]) -> None:
        self._drawer = drawer
        self._usual = {name: Person(name=name, roles=tuple(roles)) for name, roles in usual.items()}
        self._data: bytes | None = None
        self._held: dict[str, Person] = dict(self._usual)
        self._look()

    def _look(self) -> dict[str, Person]:
        """Everybody as the drawer has them now. Raises BadEvidence."""
        data = self._drawer.load()
        if data == self._data:
            return self._held
        try:
            kept = msgspec.json.decode(data, type=tuple[Person, ...]) if data else ()
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise BadEvidence(f"people of the console: {error}", data or b"") from error
        self._data, self._held = data, {**self._usual, **{one.name: one for one in kept}}
        return self._held

    def of(self, name: str) -> Person | None:
        """A person by name."""
        return self._look().get(name)

    def roles(self) -> dict[str, tuple[str, ...]]:
        """Everybody's roles."""
        return {one.name: one.roles for one in self._look().values()}

    def put(self, person: Person) -> None:
        """Keep a person as he is now."""
        with self._drawer.held():
            kept = {**self._look(), person.name: person}
            self._drawer.save(msgspec.json.encode(tuple(kept[name] for name in sorted(kept))))
            self._look()

    def put_new(self, name: str, roles: tuple[str, ...]) -> Person:
        """Somebody of the roster comes here for the first time."""
        person = Person(name=name, roles=roles)
        self.put(person)
        return person

    def by_credential(self, credential_id: str) -> tuple[Person, Badge] | None:
        """Whose passkey that is."""
        for person in self._look().values():
            for badge in person.badges:
                if badge.credential_id == credential_id:
                    return person, badge
        return None

    def enrolled(self, person: Person, badge: Badge) -> Person:
        """Take in a passkey; its invitation is used up."""
        kept = msgspec.structs.replace(person, badges=(*person.badges, badge)[-8:], invitation_sha256="")
        self.put(kept)
        return kept

    def counted(self, person: Person, badge: Badge) -> None:
        """Keep a passkey's new counter."""
        badges = tuple(badge if one.credential_id == badge.credential_id else one for one in person.badges)
        self.put(msgspec.structs.replace(person, badges=badges))

    def cell(self, person: Person) -> int:
        """Number of the cell to be asked next. Raises NotAllowed without one."""
        if not person.card:
            raise NotAllowed(f"{person.name} has no authentication card; have one made (tocsin officer card)")
        if person.failures >= MOST_FAILURES:
            raise NotAllowed(f"{person.name}: {MOST_FAILURES} wrong answers; a senior officer must clear this first")
        left = [number for number in range(len(person.card)) if number not in person.used]
        if not left:
            raise NotAllowed(f"the card of {person.name} is used up; have a new one made (tocsin officer card)")
        return left[0]

    def answer(self, person: Person, cell: int, said: str) -> Outcome:
        """Judge an answer; the cell is never asked again, whatever it was."""
        outcome = judge(person.card[cell], said)
        failures = person.failures + 1 if outcome == "failed" else 0
        self.put(msgspec.structs.replace(person, used=(*person.used, cell), failures=failures))
        return outcome

    def cleared(self, name: str) -> None:
        """Wrong answers are forgiven."""
        person = self.of(name)
        if person is not None:
            self.put(msgspec.structs.replace(person, failures=0))


def invitation(code: str) -> str:
    """What is kept of an invitation's code."""
    return hashlib.sha256(f"tocsin invitation v1\n{code.strip()}".encode()).hexdigest()


def invited(person: Person | None, code: str) -> bool:
    """Whether a code invites this person."""
    held = person.invitation_sha256 if person is not None else ""
    return bool(held) and hmac.compare_digest(held, invitation(code))


def roles_of(name: str, roster: Roster | None, people: People) -> tuple[str, ...]:
    """A person's roles: the roster's, and those at home that sign nothing."""
    signing = next((one.roles for one in roster.officers if one.name == name), ()) if roster is not None else ()
    person = people.of(name)
    return tuple(dict.fromkeys((*signing, *(person.roles if person is not None else ()))))


def enrolment(person: Person, badge: Badge) -> Officer:
    """The line for the next roster, to be signed by the root keys."""
    return Officer(name=person.name, roles=person.roles, keys=(badge.public,))


def in_roster(badge: Badge, roster: Roster | None) -> bool:
    """Whether a passkey signs under the roster in force."""
    ids = {key_id(key) for one in roster.officers for key in one.keys} if roster is not None else set()
    return key_id(badge.public) in ids
