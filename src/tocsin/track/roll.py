"""Who is on the roll: lists of slots in use, of free ones, and of those that end. Small loops instead of array algebra,
whose every step costs more than the whole loop when tracks are few.
"""

from tocsin.track import life
from tocsin.track.jit import plain
from tocsin.track.tiles import Array, Indices


@plain
def call(count: Indices, live: Indices, sure: Indices, young: Indices) -> tuple[int, int]:
    """Slots in use, ascending: all, confirmed and tentative; returns how many are confirmed and tentative.

    `live` is as long as the slots to be looked at, the others at least as long.
    """
    confirmed, tentative = 0, 0
    for slot in range(live.shape[0]):
        stage = count[life.STAGE, slot]
        if stage != life.FREE:
            live[confirmed + tentative] = slot
        if stage == life.CONFIRMED:
            sure[confirmed] = slot
            confirmed += 1
        elif stage != life.FREE:
            young[tentative] = slot
            tentative += 1
    return confirmed, tentative


@plain
def vacate(count: Indices, trail: Indices, slots: Indices) -> int:
    """The lowest free slots, wiped, into `slots`; returns how many there were, at most as many as are asked for."""
    n = 0
    for slot in range(count.shape[1]):
        if n == slots.shape[0]:
            break
        if count[life.STAGE, slot] == life.FREE:
            slots[n] = slot
            n += 1
            for k in range(life.COUNTS):
                count[k, slot] = 0
            for k in range(trail.shape[1]):
                trail[slot, k] = -1
    return n


@plain
def release(count: Indices, live: Indices, verdict: Indices, ended: Indices, slots: int) -> tuple[int, int, int]:
    """Free the slots that failed or ended, listed in `ended`: (how many, how many failed, slots up to the last in use).

    slots: as many as may be in use.
    """
    n, failed = 0, 0
    for i in range(live.shape[0]):
        if verdict[i] == life.FAILED or verdict[i] == life.ENDED:
            failed += verdict[i] == life.FAILED
            ended[n] = live[i]
            n += 1
            count[life.STAGE, live[i]] = life.FREE
    while slots > 0 and count[life.STAGE, slots - 1] == life.FREE:
        slots -= 1
    return n, failed, slots


@plain
def shown(count: Indices, existence: Array, least: float, slots: Indices) -> tuple[int, bool]:
    """Confirmed slots that exist with at least that probability: (how many, whether their numbers rise)."""
    n, last, rising = 0, 0, True
    for slot in range(slots.shape[0]):
        stage = count[life.STAGE, slot]
        if (stage == life.CONFIRMED or stage == life.LEADING) and existence[slot] >= least:
            slots[n] = slot
            n += 1
            rising = rising and count[life.NUMBER, slot] > last
            last = count[life.NUMBER, slot]
    return n, rising
