"""What an operator does after damage: fsck, tiles rebuilt, damaged entries fetched from whoever mirrors the log."""

from typing import TYPE_CHECKING

from tocsin.log.fsck import fsck
from tocsin.log.fsck import repair as put_tiles
from tocsin.log.keys import VerifierKey
from tocsin.mirror.state import parse_state, state_cell
from tocsin.sim.faults.disk import FaultyStore, copy_of
from tocsin.sim.faults.party import Party

if TYPE_CHECKING:
    from tocsin.sim.faults.world import World


def repair(world: "World", party: Party) -> None:
    """Check every log on a machine and mend what fsck names; the mended log must be whole."""
    cells = party.disk.cells.cells
    for origin in sorted(party.disk.stores):
        store = party.disk.stores[origin]
        state = cells.get(state_cell(origin))
        note = cells.get(origin) or (parse_state(state).note if state else b"")
        if not note:
            continue
        keys = [signer.key for signer in party.keys.log(origin)]
        for partner in party.config.partners:
            if partner.origin == origin:
                keys = list(partner.log_keys)
        _mend(world, party, store, note, keys)
    party.rotten = False
    for store in party.disk.stores.values():
        party.disk.power.touched[store.name] = 0


def _mend(world: "World", party: Party, store: FaultyStore, note: bytes, keys: list[VerifierKey]) -> None:
    report = fsck(store.durable, note, keys)
    if report.ok:
        return
    history = world.seen.logs.get(store.name)
    for damage in report.damages:
        if damage.kind in ("entry", "bundle"):
            for index in range(damage.first, min(damage.end, len(store.durable.held))):
                if history is not None and index < len(history.entries):
                    store.durable.held[index] = history.entries[index]
                elif (store.name, index) in party.spared:  # never sent, so that no mirror holds it
                    store.durable.held[index] = party.spared[store.name, index]
    report = fsck(store.durable, note, keys)
    put_tiles(store.durable, report)
    report = fsck(store.durable, note, keys)
    if not report.ok and party.honest:
        world.violations.append(f"C1 {party.name}: fsck could not mend {store.name}: {report.words}")
    store.seen = copy_of(store.durable)
