"""Questions about the common picture: the shared logs of the shipped case, whole and in part."""

import random
from collections.abc import Iterator

from conformance.vector import Vector, ask, b64
from tocsin import regime as regimes
from tocsin.sim import scenario
from tocsin.sim.play import play
from tocsin.wire.envelope import decode

MOST = 45  # tracklets of each log: some minutes of the flight


def vectors() -> Iterator[Vector]:
    """Digests at several times over logs of several lengths; `tracks` so that an empty picture cannot pass for all."""
    chance = random.Random(4)
    case = scenario.load(scenario.shipped_bytes("andoya-1995"), "andoya-1995")
    played = play(case, regimes.load(regimes.shipped("joint"), "joint"), 7, hybrid=False)
    logs = {}
    for centre in played.centres.values():
        book = centre.books["shared"]
        entries = [one.data for one in book.gate.entries(0, book.size)]
        spoken = [number for number, one in enumerate(entries) if decode(one).kind == "tracklet"]
        logs[book.writer.origin] = entries[: spoken[min(MOST, len(spoken) - 1)] + 1]
    last = max(decode(one).observed.t_tai_us for entries in logs.values() for one in entries)
    for number in range(8):
        shown = [
            {"origin": origin, "entries": [b64(one) for one in _cut(entries, number, chance)]}
            for origin, entries in sorted(logs.items())
        ]
        as_of = last - (0 if number < 4 else chance.randrange(200_000_000))
        yield ask("fuse.picture", f"run {number}", logs=shown, as_of_tai_us=as_of)


def _cut(entries: list[bytes], number: int, chance: random.Random) -> list[bytes]:
    """Everything at first, then ever different lengths; at last none at all."""
    if number == 0:
        return entries
    if number == 7:
        return entries[:1]
    return entries[: chance.randrange(len(entries) // 3, len(entries))]
