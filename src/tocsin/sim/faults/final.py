"""The last judgement of a run, after everything that can heal has healed."""

from tocsin.fuse import common_picture
from tocsin.mirror import verify_fork
from tocsin.node import queries
from tocsin.sim.faults.party import Party
from tocsin.sim.faults.plan import DROPPING
from tocsin.sim.faults.world import World, heads_of


def judge(world: World) -> None:
    """C5 for honest pairs, C2's evidence, C3's end, C4 once more, and every disk as a whole (C1)."""
    honest = [party for party in world.honest if party.centre is not None]
    if len(honest) < len(world.honest):
        world.violations.append("C5 an honest centre is not up after healing")
        return
    world.violations.extend(undelivered(world, honest))
    _disks(world, honest)
    _evidence(world, honest)
    _disputed(world, honest)
    _pictures(world, honest)
    if any(store.durable.holes for party in honest for store in party.disk.stores.values()):
        world.count(DROPPING)


def _forked(world: World, party: Party) -> bool:
    """An honest party that went on from an old copy without waiting has forked itself: shown, never cured (L10)."""
    centre = party.centre
    return party.name in world.seen.may_fork or centre is None or bool(centre.border.opening.halted)


def calm(world: World) -> bool:
    """Whether honest parties are up and hold everything of each other, with receipts: then nothing is left to heal."""
    return all(party.centre is not None for party in world.honest) and not undelivered(world, world.honest)


def undelivered(world: World, honest: list[Party]) -> list[str]:
    """C5: what an honest party has, and another honest one lacks."""
    found = []
    for sender in honest:
        if sender.centre is not None and sender.centre.waiting and not _forked(world, sender):
            found.append(f"C5 {sender.name} holds {sender.centre.waiting} entries that it has not read")
        for receiver in honest:
            if sender is receiver or _forked(world, sender) or _forked(world, receiver):
                continue
            assert sender.centre is not None and receiver.centre is not None  # noqa: S101
            size = sender.centre.books["shared"].writer.size
            held = receiver.centre.mirrors[sender.name].size
            receipted = sender.centre.links[receiver.name].receipted
            if sender.centre.books["shared"].pending:
                found.append(f"C5 {sender.name} still has something unsigned")
            if not size == held == receipted:
                found.append(f"C5 {sender.name} has {size}, {receiver.name} holds {held} and receipted {receipted}")
    return found


def _disks(world: World, honest: list[Party]) -> None:
    """C1 over everything: what was receipted by anybody honest, and all of every honest log."""
    for (cosigner, origin), given in world.seen.receipts.items():
        party = world.parties[cosigner]
        if party.honest and not _forked(world, party):
            most = max(size for size, _ in given)
            if party.old:
                most = min(most, _obtainable(world, party, origin))
            world.seen.check_disk(cosigner, party.disk.store(origin).durable, origin, 0, most)
    for party in honest:
        history = world.seen.logs.get(party.origin)
        if history is not None and not _forked(world, party):
            end = max(history.roots, default=0)
            if party.old:
                end = min(end, _obtainable(world, party, party.origin))
            world.seen.check_disk(party.name, party.disk.store(party.origin).durable, party.origin, 0, end)


def _obtainable(world: World, party: Party, origin: str) -> int:
    """Entries of a log that somebody honest can give back: what only a cheat holds, it may keep for itself."""
    others = [one for one in world.honest if one is not party]
    owner = next((one for one in others if one.origin == origin and one.centre), None)
    if owner is not None and owner.centre is not None:
        return owner.centre.books["shared"].size
    return max((one.holds(origin) for one in others), default=0)


def _evidence(world: World, honest: list[Party]) -> None:
    """C2: where honest parties hold different histories of a log, each of them has the proof by now."""
    for owner in world.parties.values():
        views: dict[tuple[bytes, ...], list[str]] = {}
        holders = [party for party in honest if party is not owner]
        least = min((party.centre.mirrors[owner.name].size for party in holders if party.centre), default=0)
        stores = {party.name: party.disk.store(owner.origin).durable for party in holders}
        dropped = set[int]().union(*(store.holes for store in stores.values()))
        for name, store in stores.items():
            held = (data for index, data in enumerate(store.held[:least]) if index not in dropped)
            views.setdefault(tuple(held), []).append(name)
        for party in holders if len(views) > 1 else ():
            centre = party.centre
            fork = centre.border.gates.convicted.get(owner.name) if centre else None
            if fork is None:
                world.violations.append(f"C2 {party.name} was shown another log of {owner.name} and has no proof")
            else:
                keys = next(p.log_keys for p in party.config.partners if p.party == owner.name)
                verify_fork(fork, keys)
                world.count("fork proved")


def _disputed(world: World, honest: list[Party]) -> None:
    """C3: those who were parted show DISPUTED in the end."""
    for sha256, names in world.parted.items():
        for party in honest:
            if party.name not in names or party.centre is None:
                continue
            entry = next((s.entry for s in party.centre.said if s.entry.sha256 == sha256), None)
            status = queries.decided(party.centre, entry).status if entry is not None else "none"
            world.ever.add(status)
            if status != "DISPUTED":
                world.violations.append(f"C3 {party.name} shows {status} in the end about {sha256[:8]}")


def _pictures(world: World, honest: list[Party]) -> None:
    """C4: the same checkpoints in the end, and what came step by step equals what is computed at once."""
    for party in honest[:1]:
        centre = party.centre
        if centre is not None:
            at_once = common_picture(queries.shared_entries(centre), world.pictured_tai_ns)
            if at_once.digest != world.digest(centre):
                world.violations.append(f"C4 {party.name}: step by step is not at once")
    centres = [party.centre for party in honest if party.centre is not None]
    if len({heads_of(centre) for centre in centres}) == 1 and not any(log.forked for log in world.seen.logs.values()):
        world.compare(centres)
