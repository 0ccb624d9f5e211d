"""What a check of a stored log found: damages in words for a person, and the report that holds them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tocsin.log.ports import TileId
from tocsin.log.tiles import WIDTH

MAX_DAMAGES = 1000


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as signed, in words for a person. [first, end) are the entries it touches."""

    kind: Literal["checkpoint", "entry", "tile", "bundle"]
    first: int
    end: int
    words: str
    repairable: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """Result of `fsck`. `repair` holds tiles that entries prove right, to be put in place of stored ones."""

    origin: str
    size: int
    damages: tuple[Damage, ...]
    repair: Mapping[TileId, bytes] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether everything under the checkpoint is as signed."""
        return not self.damages

    @property
    def words(self) -> str:
        """The report for a person, one line a finding."""
        head = f"{self.origin}: {self.size} entries, "
        if self.ok:
            return head + "all as signed."
        found = "1 thing is" if len(self.damages) == 1 else f"{len(self.damages)} things are"
        return "\n".join([head + f"{found} not as signed:", *(f"  {damage.words}" for damage in self.damages)])


def span(level: int, index: int, size: int) -> tuple[int, int]:
    """[first, end) entries below a tile."""
    slot = WIDTH ** (level + 1)
    return index * slot, min((index + 1) * slot, size)


def tile_damage(tile_id: TileId, size: int) -> Damage:
    """A tile that differs from what the signed entries lead to."""
    first, end = span(*tile_id, size)
    words = (
        f"tile {tile_id[0]}/{tile_id[1]} (entries {first} to {end - 1}) is damaged or missing; the entries give it back"
    )
    return Damage("tile", first, end, words, repairable=True)
