"""Verified entries as statements of parties: what every fold of this room begins with."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from tocsin.wire.bodies import body_of
from tocsin.wire.envelope import Record, Statement, decode
from tocsin.wire.errors import WireError

OWN_SUFFIX = "/own"
NS_PER_US = 1_000
NS_PER_S = 1_000_000_000


class Entry(Protocol):
    """What is needed of a `mirror.Verified`: only verified entries are ever passed in."""

    @property
    def origin(self) -> str: ...
    @property
    def index(self) -> int: ...
    @property
    def data(self) -> bytes: ...
    @property
    def sha256(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Place:
    """An entry's place in its log, and its hash."""

    origin: str
    index: int
    sha256: str


def party_of(origin: str) -> str:
    """A party's shared and own logs are one voice."""
    return origin.removesuffix(OWN_SUFFIX)


@dataclass(frozen=True, slots=True)
class Voice:
    """One statement: whose, where it stands, and when the matter was observed by its author's clock."""

    party: str
    place: Place
    statement: Statement
    body: Record

    @property
    def t_tai_ns(self) -> int:
        """Observed time, nanoseconds TAI."""
        return self.statement.observed.t_tai_us * NS_PER_US

    def refers(self, role: str) -> frozenset[Place]:
        """Places that it points at in a role, by hash."""
        return frozenset(Place(r.origin, r.index, r.sha256) for r in self.statement.references if r.role == role)


@lru_cache(maxsize=16384)
def _statement(data: bytes) -> Statement | None:
    """What bytes say, None if they are no statement; remembered, because every look reads the same log again."""
    try:
        return decode(data)
    except WireError:
        return None


@lru_cache(maxsize=16384)
def _body(data: bytes) -> Record | None:
    statement = _statement(data)
    try:
        return None if statement is None else body_of(statement)
    except WireError:
        return None


def voices(entries: Iterable[Entry], kinds: frozenset[str]) -> tuple[Voice, ...]:
    """Readable statements of some kinds, each once, in order of log and index: a function of the set of entries."""
    unique = {(entry.origin, entry.index): entry for entry in entries}
    found = []
    for key in sorted(unique):
        entry = unique[key]
        statement = _statement(entry.data)
        body = _body(entry.data) if statement is not None and statement.kind in kinds else None
        if statement is None:
            continue
        if body is not None and (statement.origin, statement.sequence) == key:
            place = Place(entry.origin, entry.index, entry.sha256)
            found.append(Voice(party_of(entry.origin), place, statement, body))
    return tuple(found)


def standing_voices(entries: Iterable[Entry], kinds: frozenset[str]) -> tuple[Voice, ...]:
    """The same without what its own author has retracted."""
    found = voices(entries, kinds | {"retraction"})
    gone = {(v.party, place) for v in found if v.statement.kind == "retraction" for place in v.refers("retracts")}
    return tuple(v for v in found if v.statement.kind in kinds and (v.party, v.place) not in gone)
