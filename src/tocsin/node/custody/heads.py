"""Hidden heads in a shared log held against the log of the group, by whoever holds both (L6). Pure."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tocsin.wire.groups import HeadOpening, HiddenHead, group_origin, head_commitment, head_salt

WINDOW = 8_192  # sizes that are tried for one head, up and down
MISSES = 4  # heads in one call that are found nowhere: whoever hides nonsense costs no more than that (T10)
KEPT = 65_536  # heads that wait
RootAt = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class GroupTree:
    """One party's log of a group: the shared log it belongs to, its secret (hex), and its roots up to a size."""

    shared: str
    group: str
    secret: str
    size: int
    root_at: RootAt

    @property
    def origin(self) -> str:
        """Origin of the group's log."""
        return group_origin(self.shared, self.group)

    def commitment(self, index: int, size: int) -> str:
        """What entry `index` of the shared log says where it hides the head of `size` entries."""
        salt = head_salt(self.secret, self.shared, index)
        return head_commitment(self.shared, salt, self.origin, size, self.root_at(size))

    def find(self, index: int, commitment: str, start: int, end: int) -> int | None:
        """The first size in [start, end] whose head entry `index` of the shared log hides."""
        salt = head_salt(self.secret, self.shared, index)
        for size in range(max(start, 1), min(end, self.size) + 1):
            if head_commitment(self.shared, salt, self.origin, size, self.root_at(size)) == commitment:
                return size
        return None

    def opened(self, index: int, hidden: HiddenHead) -> HeadOpening | None:
        """What a hidden head holds; None where it is of no head that is held."""
        size = self.find(index, hidden.commitment, 1, self.size)
        if size is None:
            return None
        salt = head_salt(self.secret, self.shared, index)
        return HeadOpening(
            group=self.group, salt=salt.hex(), origin=self.origin, size=size, root=self.root_at(size).hex()
        )


@dataclass(slots=True)
class Heads:
    """Heads of one party's log of one group as they come, each checked once it can be. Ask with `check`."""

    size: int = 0  # of the last head that was found
    waiting: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=KEPT))
    _tried: int = 0

    def check(self, tree: GroupTree) -> list[str]:
        """What does not fit, in words. A head of more entries than are held waits; it is an open question."""
        wrong: list[str] = []
        misses = 0
        while self.waiting and misses < MISSES:
            first, last = self.waiting[0], self.waiting[-1]
            found = tree.find(*first, max(self.size, self._tried), self.size + WINDOW)
            if found is None and not self._tried:
                found = tree.find(*first, self.size - WINDOW, self.size - 1)
            if found is None:
                misses += 1
                self._tried = tree.size + 1
                if tree.find(*last, self.size, self.size + WINDOW) is None:
                    break  # both may be of entries that are not here yet
                wrong.append(f"entry {first[0]} of {tree.shared} hides no head of {tree.origin} as it is held here")
            elif found < self.size:
                words = f"entry {first[0]} of {tree.shared} hides a head of {found} entries"
                wrong.append(f"{words}, after one of {self.size}: {tree.origin} was cut back")
            self.size, self._tried = found or self.size, 0
            self.waiting.popleft()
        return wrong
