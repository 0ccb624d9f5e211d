"""What a centre is told when it starts: who it is, who its partners are, what it sees with, what it guards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tocsin.log.keys import VerifierKey
from tocsin.log.ports import CheckpointStore, Signer
from tocsin.mirror.ports import MirrorStore
from tocsin.mirror.thinning import BLOCK
from tocsin.node.custody.vault import Vault
from tocsin.regime import Regime
from tocsin.wire.confidential import EncryptionKey
from tocsin.wire.envelope import Mode
from tocsin.wire.values import Area
from tocsin.world.observation import Scan, Sensor

if TYPE_CHECKING:
    from tocsin.track import Picture as Picture

HEARTBEAT_S = 5
MISSED_BEATS = 3  # L4: silence is an alarm after three misses
START_WAIT_S = MISSED_BEATS * HEARTBEAT_S  # L1: how long a start waits for a partner that may be away
SPARE_BYTES = 256 * 1024 * 1024  # of the disk that partners' entries never take: our own warnings must go out (T10)
COMMIT_WINDOW_MS = 50  # L5: at most 20 checkpoints a second for what is not urgent


@dataclass(frozen=True, kw_only=True, slots=True)
class Partner:
    """Another party, as its keys were compared at pairing."""

    party: str
    origin: str
    log_keys: tuple[VerifierKey, ...]
    mirror_keys: tuple[VerifierKey, ...]
    encryption_key: EncryptionKey | None = None
    epoch: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Former:
    """A log of an earlier epoch, ours or a partner's: entries below `end` bind, and it is never written again (K4)."""

    party: str
    origin: str
    epoch: int
    log_keys: tuple[VerifierKey, ...]
    mirror_keys: tuple[VerifierKey, ...]
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Guarded:
    """An area that the party protects; for its own conference ladder only."""

    name: str
    area: Area


@dataclass(frozen=True, kw_only=True, slots=True)
class CentreConfig:
    """One party's centre. `origin` names the shared log; the own log is `origin`/own."""

    party: str
    origin: str
    mode: Mode
    regime: Regime
    partners: tuple[Partner, ...]
    sensors: tuple[Sensor, ...]
    guarded: tuple[Guarded, ...] = ()
    epoch: int = 0
    former: tuple[Former, ...] = ()
    clock_name: str = "utc"
    clock_uncertainty_us: int = 1_000
    heartbeat_s: int = HEARTBEAT_S
    start_wait_s: int | None = START_WAIT_S  # None: wait for every partner, however long
    receipt_block: int = BLOCK  # L5: entries between receipts that are kept of every log; the same for everybody
    place_km_min: float | None = None  # partners are never told so much that they could place a radar of ours closer


class TaiClock(Protocol):
    """Time now."""

    def now_tai_ns(self) -> int:
        """TAI nanoseconds since 1970."""
        ...


class PrivateRecord(Protocol):
    """What never leaves the centre: what was withheld, and foreign bytes that were refused."""

    def withheld(self, t_tai_ns: int, what: str, why: str) -> None:
        """Keep that a draft was not released, and the reason."""
        ...

    def evidence(self, t_tai_ns: int, source: str, message: str, data: bytes) -> None:
        """Keep refused bytes with the sentence that says why."""
        ...


class Tracking(Protocol):
    """What makes the own picture."""

    def step(self, scan: Scan) -> "Picture":
        """Take one scan in; the picture afterwards."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Ports:
    """Everything outside a centre's own reasoning.

    `shortcut` gives what `Centre.shortcut` made in an earlier run, if anything (`node.shortcut`).
    `room` tells how many bytes are free where logs are stored; the last SPARE_BYTES are kept for our own.
    `around` is put around the tracker when it is made: a simulation keeps what several runs would compute alike.
    """

    clock: TaiClock
    store: Callable[[str], MirrorStore]
    cells: CheckpointStore
    log_signers: Callable[[str], Sequence[Signer]]
    mirror_signers: Sequence[Signer]
    private: PrivateRecord
    vault: Vault | None = None  # opens what is meant for this party alone
    around: Callable[[Tracking], Tracking] | None = None
    shortcut: Callable[[], bytes | None] | None = None
    room: Callable[[], int] | None = None
    kept: Callable[[str], bytes] | None = None  # a bundle that stands in for dropped entries, by its SHA-256 (L11)

    def wrapped(self, tracker: Tracking) -> Tracking:
        """The tracker as the centre drives it."""
        return tracker if self.around is None else self.around(tracker)
