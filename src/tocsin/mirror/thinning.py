"""Which of the checkpoints that are kept with their receipts may go (L5). Pure: no store, no clock, no key.

A checkpoint with its receipts is 7 KB, and a log in use makes many a second. What can ever matter again is kept:

- steps: from each kept checkpoint the next one is near enough that the entries between them fit into one message, so
  that a partner far behind, or a restored backup, is brought up as before;
- of each cosigner the receipts on both sides of every vote and floor statement (V2), and the first that all gave;
- of each cosigner the receipts on both sides of every deadline, and any two whose times contradict each other (V5);
- of each cosigner, and of all together, the first and the last of every block of entries. Blocks lie alike for
  everybody, so that a log can be closed where its owner and its partners hold the same receipt (K4).

With the times of each cosigner in order, `decide` comes to the same verdict about every deadline before and after;
where they are not in order, what shows it stays.
"""

import base64
import binascii
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Key = tuple[str, bytes]
"""(name, key id) of a signature line."""

BLOCK = 1_024
LEFT_ALONE = 4  # the newest blocks: what is under way is about these


@dataclass(frozen=True, slots=True)
class Short:
    """A kept checkpoint: how many entries, and by each cosigner's key the POSIX times that it stated, ascending."""

    size: int
    times_s: dict[Key, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Needs:
    """What receipts of one log are wanted for.

    `indexes`: of its votes and floor statements; `deadlines_s`: of all proposals (both ascending). `partners`: for
    each partner, sets of keys any of which make its receipt whole. `busy`: sizes that are under way to partners.
    """

    indexes: Sequence[int] = ()
    deadlines_s: Sequence[int] = ()
    partners: Sequence[Sequence[Collection[Key]]] = ()
    busy: Collection[int] = field(default=())


def in_short(size: int, note: bytes, log: str) -> Short:
    """What thinning needs of a stored note. Lines of the log itself, and those that cannot be read, are left out."""
    times_s: dict[Key, tuple[int, ...]] = {}
    for line in note[note.rfind(b"\n\n") + 2 :].split(b"\n"):
        parts = line.split(b" ")
        if len(parts) != 3 or parts[1] == log.encode():
            continue
        try:
            head = base64.b64decode(parts[2][:16], validate=True)  # key id (4), time (8)
            times_s[parts[1].decode(), head[:4]] = (int.from_bytes(head[4:12], "big"),)
        except (binascii.Error, UnicodeDecodeError):
            continue
    return Short(size, times_s)


def superfluous(notes: Sequence[Short], needs: Needs, fits: Callable[[int, int], bool]) -> list[int]:
    """Sizes of those checkpoints of one block, in order, that nothing needs.

    `fits(a, b)`: whether the entries [a, b) go into one message.
    """
    kept = set(needs.busy)
    for key in {key for note in notes for key in note.times_s}:
        kept |= _telling([(note.size, time_s) for note in notes for time_s in note.times_s.get(key, ())], needs)
    kept |= _telling([(note.size, 0) for note in notes if _whole(note, needs)], needs)
    kept |= _telling([(note.size, 0) for note in notes], Needs())
    sizes = [note.size for note in notes]
    anchor = sizes[0] if sizes else 0
    for size, following in pairwise(sizes):
        if size in kept or not fits(anchor, following):
            kept.add(size)
            anchor = size
    return [size for size in sizes if size not in kept]


def _telling(run: Sequence[tuple[int, int]], needs: Needs) -> set[int]:
    """Of (size, time) in order of size: the first, the last, and neighbours with something between them."""
    kept = {size for size, _ in (*run[:1], *run[-1:])}
    for (size, time_s), (later_size, later_s) in pairwise(run):
        apart = _between(needs.indexes, size, later_size) or _between(needs.deadlines_s, time_s, later_s)
        if apart or time_s > later_s:
            kept |= {size, later_size}
    return kept


def _between(ascending: Sequence[int], low: int, high: int) -> bool:
    """Whether any number n has low <= n < high: a vote that the later one covers alone, a deadline it alone is past."""
    return bisect_left(ascending, low) < bisect_left(ascending, high)


def _whole(note: Short, needs: Needs) -> bool:
    """Whether every partner receipted it, under keys of any epoch."""
    keys = note.times_s.keys()
    return bool(needs.partners) and all(any(set(one) <= keys for one in sets) for sets in needs.partners)


def block_of(size: int, block: int = BLOCK) -> int:
    """The block of a checkpoint begins after so many entries."""
    return (size - 1) // block * block


def last_of_blocks(sizes: Iterable[int], block: int = BLOCK) -> set[int]:
    """The largest size in every block: what everybody keeps of a cosigner's receipts."""
    return set({block_of(size, block): size for size in sorted(sizes)}.values())
