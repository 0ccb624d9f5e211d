"""After healing, everybody agrees to drop the first heartbeats of one log, and drops them (L11); power cuts meanwhile.

Only where all are honest and hold everything: whoever lacks an entry that the others dropped must ask an export for it.
"""

from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from tocsin.node.centre import Centre
from tocsin.node.custody.retention import kept_indexes
from tocsin.sim.faults import final
from tocsin.sim.faults.party import Party
from tocsin.wire.custody import Retention

if TYPE_CHECKING:
    from tocsin.sim.faults.world import World

AGREE_S = 0.5
BEGIN_S = (6.0, 13.0)  # whoever lost power before the first is asked again
RESTART_S = 14.0
LAST_CALL = 16  # of the disk, by which the power goes


def drop_after(world: "World", seed: int, healed_s: float) -> None:
    """Put it on the schedule, if it can be done then. What chance decides here moves no other dice."""
    if world.cheat is None and not world.seen.may_fork:
        rng = np.random.default_rng(np.random.SeedSequence((0xD509, seed)))
        world.at(healed_s + AGREE_S, partial(_agree, world, rng, healed_s))


def _agree(world: "World", rng: np.random.Generator, healed_s: float) -> None:
    """The same terms in every log, and the same file in every hand."""
    if not final.calm(world):
        return
    owner, before = max(((party, _quiet(world, party)) for party in world.honest), key=lambda one: one[1])
    centre = owner.centre
    if centre is None or not before:
        return
    held = centre.books["shared"].gate.held
    bundle = held.bundle(kept_indexes(held.stream(0, before), before)).encode()
    terms = terms_of(owner.origin, before, bundle)
    victim = world.honest[int(rng.integers(len(world.honest)))]
    calls = int(rng.integers(LAST_CALL))
    for party in world.honest:
        world.person(party, partial(_say, party, terms))
        for begin_s in BEGIN_S:
            cut = calls if party is victim and begin_s == BEGIN_S[0] else None
            world.at(healed_s + begin_s, partial(_begin, world, party, terms, bundle, cut))
    world.at(healed_s + RESTART_S, partial(_restart, world, victim))


def terms_of(origin: str, before: int, bundle: bytes) -> Retention:
    """What everybody logs."""
    return Retention(
        origin=origin, before_index=before, not_before_tai_us=0, bundle_sha256=sha256(bundle).hexdigest(),
        because="heartbeats of an exercise",
    )  # fmt: skip


def _say(party: Party, terms: Retention) -> None:
    if party.centre is not None:
        party.centre.say(terms)


def _quiet(world: "World", party: Party) -> int:
    """Entries of its log before its first track, if there are heartbeats among them: a live track keeps all it said."""
    kinds = []
    for entry in world.seen.logs[party.origin].entries:
        kinds.append(msgspec.json.decode(entry)["kind"])
        if kinds[-1] == "tracklet":
            break
    return max((index + 1 for index, kind in enumerate(kinds) if kind == "heartbeat"), default=0)


def _begin(world: "World", party: Party, terms: Retention, bundle: bytes, cut_in: int | None) -> None:
    centre = party.centre
    if centre is not None:
        party.disk.power.cut_in = cut_in
        world.person(party, partial(_drop, centre, terms, bundle))


def _drop(centre: Centre, terms: Retention, bundle: bytes) -> None:
    centre.pruning.begin(terms.origin, terms.before_index, bundle)


def _restart(world: "World", party: Party) -> None:
    """A start from what is left."""
    if party.centre is not None:
        world.crash(party)
