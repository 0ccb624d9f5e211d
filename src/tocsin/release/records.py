"""What goes into the gate and what comes out of it, as frozen records."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import msgspec

from tocsin.regime import More
from tocsin.wire import bodies
from tocsin.wire.envelope import (
    Mode,
    OfficerSignature,
    Record,
    Reference,
    Statement,
    encode,
    officer_message,
)

Group = Literal["shared", "own"] | str
"""Name of a log: `shared`, `own`, or that of a release group (`group_log`)."""
NOTHING_MORE = More()


def group_log(name: str) -> Group:
    """Name of our log of a release group."""
    return f"group-{name}"


@dataclass(frozen=True, slots=True)
class GroupPlace:
    """Our log of a release group: its origin, and who beside us holds it."""

    origin: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Whose gate it is and what holds at this moment. `now_tai_ns` comes from the centre's clock port.

    `epoch` and `origin` name the party's shared log, `own_origin` its log for itself. `authority` is who lets
    statements go; `clock` and `clock_sigma_ns` describe the clock behind observed times. `more` is what adopted
    measures share beyond the regime. `groups`: our logs of release groups, by the group's name.
    """

    party: str
    partners: tuple[str, ...]
    origin: str
    own_origin: str
    epoch: int
    mode: Mode
    authority: str
    clock: str
    now_tai_ns: int
    clock_sigma_ns: int = 0
    suspended: bool = False
    more: More = NOTHING_MORE
    groups: Mapping[str, GroupPlace] = field(default_factory=dict)
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Something that a person or the centre wants to say. `mode` set: it was made in that mode and stays in it.

    `range_km` and `apogee_km` of the object spoken of, where known, are held against the regime's scope.
    `remark` is for the private record and never leaves. `private`: for the own log, whatever the regime allows.
    `recipients`: for these partners alone, if a release group of the regime has it so; empty: as the regime says.
    `log_of`: the release group in whose log a key or a secret of the group stands.
    """

    body: Record
    observed_tai_ns: int
    uncertainty_ns: int = 0
    references: tuple[Reference, ...] = ()
    signatures: tuple[OfficerSignature, ...] = ()
    mode: Mode | None = None
    range_km: float | None = None
    apogee_km: float | None = None
    remark: str = ""
    private: bool = False
    recipients: tuple[str, ...] = ()
    log_of: str = ""

    @property
    def kind(self) -> str:
        """Kind of statement it would become."""
        return bodies.kind_of(self.body)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithheldRecord:
    """Line of the private record: what was not sent to partners, about which object, when and why."""

    what: str
    about: str
    t_tai_ns: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """It does not leave and is not logged. `retry_tai_ns` is set where only time is missing."""

    record: WithheldRecord
    retry_tai_ns: int | None = None

    @property
    def reason(self) -> str:
        """Why, in words for a person."""
        return self.record.why


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """It may be logged in the log of `group`. The statement lacks only its sequence, which the log gives.

    `withheld` is set where the partners do not get it (group "own"). `recipients`: the only partners that may read
    it; empty: all. Who appends it must encrypt it for them.
    """

    group: Group
    template: Statement
    body: Record
    reason: str
    withheld: WithheldRecord | None = None
    recipients: tuple[str, ...] = ()

    def message(self) -> bytes:
        """What officers sign: bound to this log, mode and regime, not to the sequence."""
        return officer_message(self.template)

    def signed(self, *signatures: OfficerSignature) -> "Released":
        """With these officers' signatures after those it has."""
        both = (*self.template.signatures, *signatures)
        return replace(self, template=msgspec.structs.replace(self.template, signatures=both))

    def statement(self, sequence: int) -> Statement:
        """The statement at this index of its log."""
        return msgspec.structs.replace(self.template, sequence=sequence)

    def data(self, sequence: int) -> bytes:
        """Bytes to be logged at this index. Raises WireError if an entry cannot hold them."""
        return encode(self.statement(sequence))


def about(body: Record) -> str:
    """Short name of what a body speaks about, for the private record."""
    for name in ("track", "identifier", "event", "proposal_sha256", "party"):
        value = getattr(body, name, None)
        if value:
            return str(value)
    return "-"
