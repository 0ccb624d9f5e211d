"""What a console is told, besides its host."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tocsin.wire.custody import Officer
from tocsin.wire.envelope import OfficerSignature, Statement

HandOf = Callable[[Statement, str], tuple[OfficerSignature, ...]]
"""(statement, role): an officer's signatures by keys that the server holds. Development only."""

SHIPPED_PAGES = Path(__file__).parent / "pages"


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsoleSettings:
    """`development`: anybody who reaches the page may say who he is, and `hands` sign for him; never in mode live.

    `relying_party` and `web_origins` are those of WebAuthn; `hosts` the Host headers that are answered (DNS
    rebinding). Times in seconds of the wall. `codes`: whether officers answer a challenge before votes and proposals:
    `required`, or only those to whom a card was issued. `enrolled` is told of every new passkey: an exercise puts it on
    the roster at once; elsewhere the line for the roster goes to whoever keeps the root keys.
    """

    relying_party: str = "localhost"
    web_origins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    development: bool = False
    hands: Mapping[str, HandOf] = field(default_factory=dict)
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    codes_required: bool = False
    idle_s: float = 15 * 60.0
    absolute_s: float = 12 * 3_600.0
    test_every_s: float = 3_600.0
    pages: Path = SHIPPED_PAGES
    acts_per_s: float = 4.0
    acts_burst: float = 40.0
    logins_per_s: float = 0.5
    logins_burst: float = 20.0
    reads_per_s: float = 100.0
    reads_burst: float = 400.0
    secure_cookie: bool = False
    enrolled: Callable[[Officer], None] | None = None
