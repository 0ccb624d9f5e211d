"""One simulated party: its machine (disk, clock), its keys, and the centre that runs there now, if one does."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tocsin.log.keys import VerifierKey
from tocsin.mirror.state import parse_state, state_cell
from tocsin.node.centre import Centre
from tocsin.node.config import CentreConfig, Partner, Ports
from tocsin.regime import Regime
from tocsin.sim.build import PrivateNotes
from tocsin.sim.faults import checks
from tocsin.sim.faults.disk import Backup, Disk
from tocsin.sim.faults.keys import Keys
from tocsin.sim.schedule import Schedule

NS = 1_000_000_000


@dataclass(slots=True)
class PartyClock:
    """A machine's clock: off by `offset_ns`, gaining `drift_ppm` since `begin_tai_ns`."""

    schedule: Schedule
    begin_tai_ns: int
    offset_ns: int = 0
    drift_ppm: int = 0

    def now_tai_ns(self) -> int:
        """What this machine believes."""
        now_ns = self.schedule.t_tai_ns + self.offset_ns
        if self.drift_ppm:
            now_ns += (self.schedule.t_tai_ns - self.begin_tai_ns) * self.drift_ppm // 1_000_000
        return now_ns


@dataclass(slots=True)
class Party:
    """`honest` parties follow the program on machines that may fail. `old`: its disk came back from a backup."""

    name: str
    config: CentreConfig
    keys: Keys
    clock: PartyClock
    disk: Disk = field(default_factory=Disk)
    private: PrivateNotes = field(default_factory=PrivateNotes)
    honest: bool = True
    centre: Centre | None = None
    boots: int = 0  # how often its program was started
    backup: Backup | None = None
    old: bool = False
    restored_tai_ns: int = 0
    rotten: bool = False
    shortens: bool = False
    shortcut: bytes | None = None
    spared: dict[tuple[str, int], bytes] = field(default_factory=dict)  # entries before they rotted: a copy elsewhere

    @property
    def origin(self) -> str:
        """Of its shared log."""
        return self.config.origin

    def holds(self, origin: str) -> int:
        """Entries of a log that its disk holds under a checkpoint; what lies beyond was never accepted, or signed."""
        state = self.disk.cells.cells.get(state_cell(origin))
        note = parse_state(state).note if state else self.disk.cells.cells.get(origin, b"")
        return checks.read_checkpoint(note.decode())[1] if note else 0

    def boot(self) -> Centre:
        """Start the program on this machine. Raises what the product raises, and PowerCut."""
        self.boots += 1
        ports = Ports(
            clock=self.clock, store=self.disk.store, cells=self.disk.cells, log_signers=self.keys.log,
            mirror_signers=self.keys.mirror, private=self.private, shortcut=lambda: self.shortcut,
        )  # fmt: skip
        self.centre = Centre(self.config, ports)
        return self.centre

    def keep_shortcut(self) -> None:
        """Every other party starts by shortcuts; they outlive the machine, and backups know nothing of them."""
        if self.shortens and self.centre is not None:
            self.shortcut = self.centre.shortcut()


def origin_of(name: str) -> str:
    """Log origin of a simulated party."""
    return f"tocsin.exercise/faults/{name}"


def parties(
    names: tuple[str, ...], seed: int, regime: Regime, schedule: Schedule, *, patient: bool, real: bool
) -> dict[str, Party]:
    """Machines of everybody, paired with each other, switched off."""
    keys = {name: Keys(seed.to_bytes(8, "big") + name.encode(), origin_of(name), real) for name in names}
    cards = {name: (public(keys[name].log(origin_of(name))), public(keys[name].mirror)) for name in names}
    found = {}
    for name in names:
        partners = tuple(
            Partner(party=other, origin=origin_of(other), log_keys=cards[other][0], mirror_keys=cards[other][1])
            for other in names
            if other != name
        )
        config = CentreConfig(
            party=name, origin=origin_of(name), mode="exercise", regime=regime, partners=partners, sensors=(),
            heartbeat_s=20, start_wait_s=None if patient else 10, receipt_block=4,
        )  # fmt: skip
        clock = PartyClock(schedule, schedule.now_tai_ns())
        found[name] = Party(name=name, config=config, keys=keys[name], clock=clock, shortens=name in names[::2])
    return found


def public(signers: object) -> tuple[VerifierKey, ...]:
    """Public halves."""
    return tuple(signer.key for signer in signers)  # type: ignore[attr-defined]


Action = Callable[[Centre], object]
