"""Body of a statement about an attack on, or through, the computers that warning rests on.

Who fears that his warning is being blinded or fed may take a fault for the opening of an attack; so this says first
whether the party's own warning is still sound. There is no field for who did it: an accusation is made elsewhere.
"""

from typing import Annotated, Literal

from msgspec import Meta

from tocsin.wire.envelope import Line, Record, TaiUs, Text
from tocsin.wire.values import TrackName, Window

CyberNature = Literal[
    "intrusion", "denial-of-service", "false-data", "malware", "disruption", "insider", "supply-chain", "unknown"
]
Affected = Literal[
    "radar", "infrared-satellite", "communications", "warning-centre", "exchange-link", "notification-centre",
    "time-source", "power", "other"
]  # fmt: skip


class Indicator(Record, frozen=True, kw_only=True):
    """Something by which others may find the same at their own: never where our own machines stand."""

    kind: Literal["sha256", "ipv4", "ipv6", "domain", "url", "email", "filename"]
    value: Annotated[str, Meta(min_length=1, max_length=500)]


class CyberIncident(Record, frozen=True, kw_only=True):
    """An attack, or what may be one, on systems of warning and of this exchange.

    `incident` names the matter for later statements about it. `warning`: what the author's own warning is worth
    meanwhile; `doubtful` and `unavailable` ask everybody to weigh its silence, and its alarms, accordingly.
    """

    incident: TrackName
    nature: CyberNature
    affected: Annotated[tuple[Affected, ...], Meta(min_length=1, max_length=16)]
    warning: Literal["sound", "doubtful", "unavailable"]
    state: Literal["suspected", "confirmed", "contained", "over", "mistaken"]
    discovered_tai_us: TaiUs
    window: Window | None = None
    indicators: Annotated[tuple[Indicator, ...], Meta(max_length=64)] = ()
    wants: Literal["nothing", "information", "help"] = "nothing"
    officer: Line
    text: Text = ""


CYBER_KINDS: dict[tuple[str, int], type[Record]] = {("cyber-incident", 1): CyberIncident}
