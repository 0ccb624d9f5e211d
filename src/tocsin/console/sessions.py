"""Who sits at which page: tokens, their ends, and what was answered to which key. Clock and chance are ports.

A token is made at log-in and never taken from a request, so that none can be fixed beforehand; only its hash is kept.
"""

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from tocsin.console.errors import NotLoggedIn, OtherBody, TooMuch

MOST_SESSIONS = 500
MOST_ANSWERS = 200
Answer = tuple[int, bytes]


@dataclass(slots=True)
class Session:
    """One person at one browser. `challenges`: the cell asked for each request; `answers`: by idempotency key."""

    name: str
    roles: tuple[str, ...]
    login: Literal["passkey", "development"]
    csrf: str
    began_s: float
    seen_s: float
    challenges: dict[str, int] = field(default_factory=dict)
    answers: OrderedDict[str, tuple[str, Answer]] = field(default_factory=OrderedDict)


class Sessions:
    """Open sessions. `wall_s` is monotonic seconds, `token` makes a fresh secret text; `ended` is told of each end."""

    def __init__(
        self, wall_s: Callable[[], float], token: Callable[[], str], idle_s: float, absolute_s: float,
        ended: Callable[[Session, Literal["end", "expired"]], None],
    ) -> None:  # fmt: skip
        self._wall_s, self._token = wall_s, token
        self.idle_s, self.absolute_s = idle_s, absolute_s
        self._ended = ended
        self._open: dict[str, Session] = {}

    def begin(self, name: str, roles: tuple[str, ...], login: Literal["passkey", "development"]) -> tuple[str, Session]:
        """(secret token, session)."""
        self.sweep()
        if len(self._open) >= MOST_SESSIONS:
            raise TooMuch(f"{MOST_SESSIONS} sessions are open here; log out somewhere first")
        secret, now_s = self._token(), self._wall_s()
        session = Session(name, roles, login, self._token(), now_s, now_s)
        self._open[_name(secret)] = session
        return secret, session

    def of(self, secret: str, *, active: bool = True) -> Session:
        """The session of a token; `active`: a person did something, which keeps it open. Raises NotLoggedIn."""
        session = self._open.get(_name(secret)) if secret else None
        if session is None:
            raise NotLoggedIn("nobody is logged in at this page; log in first")
        if self.left_s(session) <= 0.0:
            self.sweep()
            raise NotLoggedIn("the session has ended after its time; log in again. Nothing that was signed is lost")
        if active:
            session.seen_s = self._wall_s()
        return session

    def left_s(self, session: Session) -> float:
        """Seconds until it ends if nobody does anything."""
        now_s = self._wall_s()
        return min(session.seen_s + self.idle_s, session.began_s + self.absolute_s) - now_s

    def alive(self, session: Session) -> bool:
        """Whether it is open still; one that has run out ends now, with its entry, though nobody asks for anything."""
        if self.left_s(session) <= 0.0:
            self.sweep()
        return session in self._open.values()

    def end(self, secret: str) -> None:
        """Log out; nothing happens for a token that is unknown."""
        session = self._open.pop(_name(secret), None) if secret else None
        if session is not None:
            self._ended(session, "end")

    def sweep(self) -> None:
        """End what has run out."""
        for name, session in list(self._open.items()):
            if self.left_s(session) <= 0.0:
                del self._open[name]
                self._ended(session, "expired")

    @property
    def open(self) -> list[Session]:
        """Everybody who is logged in."""
        return list(self._open.values())


def same_token(session: Session, given: str) -> bool:
    """Whether a request carries the session's CSRF token."""
    return hmac.compare_digest(session.csrf.encode(), given.encode())


def answered(session: Session, key: str, body: bytes) -> Answer | None:
    """What was answered to this key before. Raises OtherBody if it stood for another body."""
    held = session.answers.get(key)
    if held is None:
        return None
    if held[0] != hashlib.sha256(body).hexdigest():
        raise OtherBody("this Idempotency-Key stood for another request; use a fresh one")
    return held[1]


def remember(session: Session, key: str, body: bytes, answer: Answer) -> None:
    """Keep an answer for the same key."""
    session.answers[key] = (hashlib.sha256(body).hexdigest(), answer)
    while len(session.answers) > MOST_ANSWERS:
        session.answers.popitem(last=False)


def _name(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(slots=True)
class Bucket:
    """A token bucket: `burst` at once, `per_s` in the long run."""

    per_s: float
    burst: float
    _held: float | None = None
    _at_s: float = 0.0

    def take(self, now_s: float) -> None:
        """Take one. Raises TooMuch."""
        held = self.burst if self._held is None else self._held + max(0.0, now_s - self._at_s) * self.per_s
        self._held, self._at_s = min(self.burst, held), now_s
        if self._held < 1.0:
            error = TooMuch("too many requests at once; wait a little")
            error.retry_s = max(1, round((1.0 - self._held) / self.per_s + 0.5))
            raise error
        self._held -= 1.0


class Buckets:
    """One bucket a name; the oldest are forgotten."""

    def __init__(self, per_s: float, burst: float, most: int = 2_000) -> None:
        self._per_s, self._burst, self._most = per_s, burst, most
        self._held: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, name: str, now_s: float) -> None:
        """Take one of `name`'s. Raises TooMuch."""
        bucket = self._held.pop(name, None) or Bucket(self._per_s, self._burst)
        self._held[name] = bucket
        while len(self._held) > self._most:
            self._held.popitem(last=False)
        bucket.take(now_s)
