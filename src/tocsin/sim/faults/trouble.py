"""Faults of a plan, each at its own random times; and the healing of everything that can be healed."""

from collections.abc import Callable
from functools import partial

from tocsin.sim.faults.party import Party
from tocsin.sim.faults.plan import TROUBLE_S
from tocsin.sim.faults.repair import repair
from tocsin.sim.faults.world import NS, World


def make_trouble(world: World) -> None:
    """Put the plan's faults on the schedule."""
    for fault in world.plan.faults:
        _FAULTS[fault](world)
    if world.cheat is not None:
        cheat = world.cheat
        world.at(8.0 + 35.0 * world.rng.random(), cheat.begin)
        for t_s in range(10, 120, 8):
            world.at(float(t_s), cheat.turn)


def mend(world: World) -> None:
    """Network whole, disks whole and empty enough, machines on; clocks stay as wrong as they are."""
    world.healed = True
    world.net.heal()
    for party in world.parties.values():
        power = party.disk.power
        power.cut_in, power.full, power.failing = None, False, False
        if party.rotten:
            party.centre = None
            repair(world, party)
        if party.centre is None:
            world.step(partial(world.boot, party))


def _some(world: World) -> Party:
    return world.parties[world.plan.names[int(world.rng.integers(len(world.plan.names)))]]


def _span(world: World, least_s: float, most_s: float) -> tuple[float, float]:
    begin_s = 5.0 + (TROUBLE_S - 20.0) * float(world.rng.random())
    return begin_s, begin_s + least_s + (most_s - least_s) * float(world.rng.random())


def _between(world: World, fault: str, begin: Callable[[], None], end: Callable[[], None], most_s: float) -> None:
    begin_s, end_s = _span(world, 3.0, most_s)

    def start() -> None:
        world.count(fault)
        begin()

    def stop() -> None:
        if not world.healed:
            end()

    world.at(begin_s, start)
    world.at(min(end_s, TROUBLE_S), stop)


def _partition(world: World) -> None:
    """Some on one side, some on the other; nothing passes."""
    for _ in range(2):
        names = world.plan.names
        side = {name: bool(world.rng.random() < 0.5) for name in names}
        side[names[0]], side[names[-1]] = True, False
        pairs = [(a, b) for a in names for b in names if side[a] != side[b]]
        _between(world, "partition", _cutting(world, pairs), _joining(world, pairs), 60.0)


def _one_way(world: World) -> None:
    one, other = (_some(world).name for _ in range(2))
    if one == other:
        other = next(name for name in world.plan.names if name != one)
    pairs = [(one, other)]
    _between(world, "one-way", _cutting(world, pairs), _joining(world, pairs), 60.0)


def _cutting(world: World, pairs: list[tuple[str, str]]) -> Callable[[], None]:
    return lambda: world.net.cut.update(dict.fromkeys(pairs, True))


def _joining(world: World, pairs: list[tuple[str, str]]) -> Callable[[], None]:
    return lambda: world.net.cut.update(dict.fromkeys(pairs, False))


def _loss(world: World) -> None:
    def begin() -> None:
        world.net.loss = 0.3

    def end() -> None:
        world.net.loss = 0.0

    _between(world, "loss", begin, end, 60.0)


def _slow(world: World) -> None:
    _delays(world, "slow", (2.0, 5.0))


def _reorder(world: World) -> None:
    _delays(world, "reorder", (0.02, 6.0))


def _delays(world: World, fault: str, delay_s: tuple[float, float]) -> None:
    def begin() -> None:
        world.net.delay_s = delay_s

    def end() -> None:
        world.net.delay_s = (0.02, 0.06)

    _between(world, fault, begin, end, 60.0)


def _duplicate(world: World) -> None:
    def begin() -> None:
        world.net.double = 0.5

    def end() -> None:
        world.net.double = 0.0

    _between(world, "duplicate", begin, end, 80.0)


def _power_cut(world: World) -> None:
    """At any call of the disk, soon."""
    for _ in range(2):
        party = _some(world)
        calls = int(world.rng.integers(0, 60))
        world.at(_span(world, 0.0, 1.0)[0], partial(_cut_in, world, party, calls))


def _torn_write(world: World) -> None:
    """Between a write and its sync."""
    for _ in range(3):
        party = _some(world)
        world.at(_span(world, 0.0, 1.0)[0], partial(_tear, world, party))


def _cut_in(world: World, party: Party, calls: int) -> None:
    if party.centre is not None and not world.healed:
        party.disk.power.cut_in = calls


def _tear(world: World, party: Party) -> None:
    if party.centre is None or world.healed:
        return
    world.count("torn-write")
    centre = party.centre
    party.disk.power.cut_in = int(world.rng.integers(0, 12))
    world.person(party, lambda: world.officers[party.name].notify(centre))


def _disk_full(world: World) -> None:
    power = _some(world).disk.power
    _between(world, "disk-full", lambda: setattr(power, "full", True), lambda: setattr(power, "full", False), 40.0)


def _disk_failing(world: World) -> None:
    power = _some(world).disk.power
    _between(
        world, "disk-failing", lambda: setattr(power, "failing", True), lambda: setattr(power, "failing", False), 20.0
    )


def _bit_rot(world: World) -> None:
    party = _some(world)
    world.at(_span(world, 0.0, 1.0)[0], lambda: rot(world, party))


def rot(world: World, party: Party) -> None:
    """Flip one bit of an entry or a tile."""
    rng, stores = world.rng, [store for _, store in sorted(party.disk.stores.items()) if store.durable.held]
    if not stores:
        return
    world.count("bit-rot")
    party.rotten = True
    store = stores[int(rng.integers(len(stores)))]
    tiles = sorted(store.durable.tiles)
    if tiles and rng.random() < 0.4:
        tile_id = tiles[int(rng.integers(len(tiles)))]
        store.durable.tiles[tile_id] = store.seen.tiles[tile_id] = flipped(store.durable.tiles[tile_id], rng.random())
    else:
        index = int(rng.integers(len(store.durable.held)))
        party.spared.setdefault((store.name, index), store.durable.held[index])
        store.durable.held[index] = store.seen.held[index] = flipped(store.durable.held[index], rng.random())


def flipped(data: bytes, where: float) -> bytes:
    """The same with one bit turned."""
    at = min(int(where * len(data)), len(data) - 1)
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def _clock_step(world: World) -> None:
    for _ in range(2):
        party, step_ns = _some(world), round(float(world.rng.normal(0.0, 30.0)) * NS)
        world.at(_span(world, 0.0, 1.0)[0], partial(_set_clock, world, party, step_ns))


def _set_clock(world: World, party: Party, step_ns: int) -> None:
    world.count("clock-step")
    party.clock.offset_ns += step_ns


def _clock_drift(world: World) -> None:
    party = _some(world)
    party.clock.drift_ppm = int(world.rng.integers(-200_000, 200_000))
    world.count("clock-drift")


def _old_backup(world: World) -> None:
    party = _some(world)
    begin_s, end_s = _span(world, 5.0, 50.0)
    world.at(begin_s, lambda: _copy(party))
    world.at(min(end_s, TROUBLE_S - 10.0), lambda: _bring_back(world, party))


def _copy(party: Party) -> None:
    backup = party.disk.backup()
    if backup.cells.get(party.origin) is not None:
        party.backup = backup


def _bring_back(world: World, party: Party) -> None:
    """The machine burns down; its successor starts from the backup, cells and all."""
    if party.backup is None or world.healed:
        return
    world.count("old-backup")
    party.centre = None
    party.old, party.restored_tai_ns = True, party.clock.now_tai_ns()
    if not world.plan.patient:
        world.seen.may_fork.add(party.name)
    party.disk.power.cut_in = None
    party.disk.restore(party.backup)
    world.forget(party)
    world.later(8.0, lambda: world.boot(party))


_FAULTS: dict[str, Callable[[World], None]] = {
    "partition": _partition, "one-way": _one_way, "loss": _loss, "slow": _slow, "reorder": _reorder,
    "duplicate": _duplicate, "power-cut": _power_cut, "torn-write": _torn_write, "disk-full": _disk_full,
    "disk-failing": _disk_failing, "bit-rot": _bit_rot, "clock-step": _clock_step, "clock-drift": _clock_drift,
    "old-backup": _old_backup,
}  # fmt: skip
