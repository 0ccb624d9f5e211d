"""What is the same on every page: the strip at the top, and who is looking."""

from typing import Literal

from msgspec import Struct

Up = Literal["up", "silent", "never", "suspended"]


class Part(Struct, frozen=True, kw_only=True):
    """Base of everything on the board."""


class RegimeLine(Part, frozen=True, kw_only=True):
    """The rules in force. `suspended_by` are parties whose step suspends them, from `effective_utc` on."""

    name: str
    title: str
    status: str
    sha256: str
    suspended: bool
    suspended_by: tuple[str, ...] = ()
    effective_utc: str = ""


class Sentence(Part, frozen=True, kw_only=True):
    """The one sentence: what happened, whether it is explained, how long is left, what is needed from the watch.

    `impact_tai_us` only where an impact can be worked out. `attention` means: now, by a person.
    """

    text: str
    attention: bool
    what: str
    explained: float | None = None
    explained_words: str = ""
    impact_tai_us: int | None = None
    needed: str = ""


class LinkLine(Part, frozen=True, kw_only=True):
    """A partner: when it was last heard, how much of our log it has receipted, how much we hold of its log."""

    party: str
    state: Up
    last_tai_us: int | None = None
    last_utc: str = ""
    receipted: int = 0
    ours: int = 0
    size: int = 0
    held: int = 0
    words: str = ""


class FeedLine(Part, frozen=True, kw_only=True):
    """An own sensor: when its last scan came."""

    sensor: str
    kind: Literal["radar", "infrared"]
    state: Literal["up", "silent", "never"]
    last_tai_us: int | None = None
    last_utc: str = ""
    period_s: float = 0.0


class Sign(Part, frozen=True, kw_only=True):
    """Whether anything can be signed at this centre now."""

    allowed: bool
    why_not: str = ""


class Head(Part, frozen=True, kw_only=True):
    """The strip at the top. `state`: nothing seen, all well, or our own sensors are silent since `frozen_utc`.

    `clock_words` is not empty where our clock and a partner's statements cannot both be right.
    """

    party: str
    parties: tuple[str, ...]
    mode: Literal["exercise", "live"]
    title: str
    regime: RegimeLine
    t_tai_us: int
    utc: str
    speed: float
    paused: bool
    ended: bool
    replay: bool
    no_duff: str
    development: bool
    sentence: Sentence
    links: tuple[LinkLine, ...]
    feed: tuple[FeedLine, ...]
    state: Literal["no-data", "normal", "own-feed-down"]
    frozen_utc: str = ""
    clock_words: str = ""
    sign: Sign
    version: str


class Me(Part, frozen=True, kw_only=True):
    """The person at this page. `may`: verb to the reason why not, empty text where the person may.

    `alarms` reach senior officers and auditors alone.
    """

    name: str
    roles: tuple[str, ...]
    has_watch: bool
    login: Literal["none", "passkey", "development"]
    expires_posix_s: int
    may: dict[str, str]
    alarms: tuple[str, ...] = ()
