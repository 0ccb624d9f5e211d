"""Two or more centres in memory with real Ed25519 keys, and the few hands that move messages between them."""

from dataclasses import dataclass, field

from tocsin import regime as regimes
from tocsin.errors import Outage
from tocsin.log.memory import MemoryCells
from tocsin.log.signers import log_signers, mirror_signers
from tocsin.mirror.memory import MemoryMirrorStore
from tocsin.node.centre import Centre
from tocsin.node.config import CentreConfig, Partner, Ports
from tocsin.node.exchange import encode
from tocsin.sim.build import PrivateNotes
from tocsin.wire.bodies import Notification
from tocsin.world.time import parse_utc

NS = 1_000_000_000
JOINT = regimes.load(regimes.shipped("joint"), "joint")
BEGIN = parse_utc("1995-01-25T06:00:00Z")


@dataclass
class Clock:
    now: int = BEGIN

    def now_tai_ns(self):
        return self.now


@dataclass
class Disk:
    """Survives the centre. `fail_in` counts calls until one raises Outage; -1 never."""

    stores: dict = field(default_factory=dict)
    cells: MemoryCells = field(default_factory=MemoryCells)
    full: bool = False
    fail_in: int = -1
    calls: int = 0

    def check(self, writes=True):
        self.calls += 1
        if self.fail_in == 0 or (self.full and writes):
            self.fail_in = -1
            raise Outage("the disk is full")
        if self.fail_in > 0:
            self.fail_in -= 1

    def store(self, origin):
        return self.stores.setdefault(origin, Store(self))

    def load(self, name):
        self.check(writes=False)
        return self.cells.load(name)

    def swap(self, name, old, new):
        self.check()
        return self.cells.swap(name, old, new)


class Store(MemoryMirrorStore):
    def __init__(self, disk):
        super().__init__()
        self.disk = disk

    def put_entries(self, start, entries):
        self.disk.check()
        super().put_entries(start, entries)

    def put_tiles(self, tiles):
        self.disk.check()
        super().put_tiles(tiles)

    def sync(self):
        self.disk.check()

    def put_receipt(self, size, note):
        self.disk.check()
        super().put_receipt(size, note)

    def entries(self, start, end):
        self.disk.check(writes=False)
        return super().entries(start, end)

    def tile(self, level, index):
        self.disk.check(writes=False)
        return super().tile(level, index)

    def first_receipt(self, above):
        self.disk.check(writes=False)
        return super().first_receipt(above)


Store.__hash__ = object.__hash__


def origin_of(name):
    return f"tocsin.exercise/test/{name}"


def signers(name, origin=None):
    return log_signers(origin or origin_of(name), name.encode(), hybrid=False)


def cosigners(name):
    return mirror_signers(f"{origin_of(name)}/mirror", name.encode(), hybrid=False)


def partner(name):
    return Partner(
        party=name, origin=origin_of(name), log_keys=tuple(s.key for s in signers(name)),
        mirror_keys=tuple(s.key for s in cosigners(name)),
    )  # fmt: skip


class Side:
    """One party: disk, clock, private record, and the centre that runs now."""

    def __init__(self, name, others, clock, **config):
        self.name, self.clock, self.disk, self.private = name, clock, Disk(), PrivateNotes()
        self.shortcut = None
        self.config = CentreConfig(
            party=name, origin=origin_of(name), mode="exercise", regime=JOINT,
            partners=tuple(partner(other) for other in others), sensors=config.pop("sensors", ()), **config,
        )  # fmt: skip
        self.start()

    def start(self):
        name = self.name
        ports = Ports(
            clock=self.clock, store=self.disk.store, cells=self.disk, log_signers=lambda origin: signers(name, origin),
            mirror_signers=cosigners(name), private=self.private, shortcut=lambda: self.shortcut,
        )  # fmt: skip
        self.centre = Centre(self.config, ports)
        self.centre.begin()
        return self.centre

    @property
    def log(self):
        return self.centre.books["shared"].writer

    @property
    def entries(self):
        return list(self.disk.stores[origin_of(self.name)].held[: self.log.size])

    @property
    def messages(self):
        return [message for _, _, message, _ in self.private.evidence_notes]


def world(*names, begin=True, **config):
    names = names or ("east", "west")
    clock = Clock()
    sides = {name: Side(name, [one for one in names if one != name], clock, **config) for name in names}
    if begin:
        settle(*sides.values())
    return [*sides.values(), clock]


def exchange(sender, receiver):
    """One message and its answer; False if there was nothing to say."""
    data = sender.centre.message(receiver.name)
    if data is None:
        return False
    sender.centre.answered(receiver.name, encode(receiver.centre.receive(sender.name, data)))
    return True


def settle(*sides, rounds=60):
    """Let everybody say everything."""
    for _ in range(rounds):
        said = [exchange(a, b) for a in sides for b in sides if a is not b]
        if not any(said):
            return
    raise AssertionError("they never come to an end")


def pass_time(sides, clock, seconds):
    for _ in range(seconds):
        clock.now += NS
        for side in sides:
            side.centre.tick()
        settle(*sides)


def notice(number=1, code="NOR"):
    return Notification(identifier=f"{code}/XX/1995/001/{number:03d}/01", format="pre-launch", addressee="all")


def in_step(*sides):
    """Everybody holds and has receipted everything of everybody."""
    for one in sides:
        for other in sides:
            if one is not other:
                assert one.log.size == other.centre.mirrors[one.name].size == one.centre.links[other.name].receipted
                assert one.log.head == other.centre.mirrors[one.name].head
