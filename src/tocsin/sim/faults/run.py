"""`run(seed)`: one history of a few minutes with its faults, then healing, then the last judgement."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from tocsin.node.centre import Centre
from tocsin.sim.faults import final
from tocsin.sim.faults.dropping import drop_after
from tocsin.sim.faults.party import Party
from tocsin.sim.faults.plan import CHEATS, DROPPING, FAULTS, HEALED_S, SETTLE_S, TROUBLE_S, draw
from tocsin.sim.faults.trouble import make_trouble, mend
from tocsin.sim.faults.world import BEGIN_TAI_NS, NS, World

LEAST_STEPS = 200
LONGER_NS = 10 * NS
WHOLE = 8  # every eighth run goes on to its end; the others end when everybody has everything
OUTCOMES = ("ADOPTED", "CLOSED", "PENDING", "DISPUTED")

__all__ = ["CHEATS", "DROPPING", "FAULTS", "OUTCOMES", "Result", "begin", "run"]


@dataclass(frozen=True, slots=True)
class Result:
    """What one run was and what was found. `roots` are the last roots of all logs, to compare replays."""

    seed: int
    steps: int
    faults: tuple[str, ...]
    outcomes: tuple[str, ...]
    parted: int
    happened: dict[str, int]
    violations: tuple[str, ...]
    roots: tuple[str, ...]


def run(seed: int, *, real: bool = False, whole: bool = False) -> Result:
    """Replay seed `seed`: the same steps, roots and violations every time. `whole`: to the last second."""
    whole = whole or seed % WHOLE == 0
    rng = np.random.default_rng(np.random.SeedSequence((0x7075, seed)))
    world = World(seed, draw(rng, real=real), rng)
    begin(world)
    make_trouble(world)
    world.schedule.run(BEGIN_TAI_NS + round(TROUBLE_S * NS))
    mend(world)
    if whole:
        drop_after(world, seed, TROUBLE_S + HEALED_S)
    end_tai_ns = BEGIN_TAI_NS + round((TROUBLE_S + HEALED_S) * NS)
    world.schedule.run(end_tai_ns)
    last_tai_ns = BEGIN_TAI_NS + round((TROUBLE_S + SETTLE_S) * NS)
    while end_tai_ns < last_tai_ns and (whole or not final.calm(world)):
        end_tai_ns += LONGER_NS
        world.schedule.run(end_tai_ns)
    while world.steps < LEAST_STEPS:  # two parties on a quiet day have little to do
        end_tai_ns += LONGER_NS
        world.schedule.run(end_tai_ns)
    world.judge_everything()
    final.judge(world)
    faults = (*world.plan.faults, *(how for how in (world.plan.cheat[1],) if how))
    return Result(
        seed=seed,
        steps=world.steps,
        faults=faults,
        outcomes=tuple(sorted(world.ever)),
        parted=len(world.parted),
        happened=dict(sorted(world.happened.items())),
        violations=tuple(dict.fromkeys(world.violations)),
        roots=tuple(
            party.centre.books["shared"].writer.head.root.hex() if party.centre else ""
            for party in world.parties.values()
        ),
    )


def begin(world: World) -> None:
    """Machines on, officers at their desks."""
    rng = world.rng
    for party in world.parties.values():
        world.at(0.5 * rng.random(), partial(world.boot, party))
        world.at(1.0 + 3.0 * rng.random(), partial(world.tick, party))
        officer = world.officers[party.name]
        for deed in (officer.notify, officer.notify, officer.track):
            world.at(2.0 + 55.0 * rng.random(), partial(_do, world, party, deed))
    for _ in range(int(rng.integers(1, 3))):
        asker = world.parties[world.plan.names[int(rng.integers(len(world.plan.names)))]]
        deed = world.officers[asker.name].propose
        world.at(4.0 + 35.0 * rng.random(), partial(_do, world, asker, deed))


def _do(world: World, party: Party, deed: Callable[[Centre], None]) -> None:
    centre = party.centre
    if centre is not None:
        world.person(party, lambda: deed(centre))
