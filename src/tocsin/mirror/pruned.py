"""What of a log was dropped here by agreement (L11): a cell of its own, written before anything is dropped.

Tiles and the entries that decisions rest on stay. So every entry that is still there is checked as ever, and whatever
anybody else kept of the others can be held against the log.
"""

from dataclasses import dataclass

from tocsin.errors import Refusal
from tocsin.mirror.container import Reader, sized
from tocsin.mirror.errors import BundleError

MAX_CARRIED_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Dropped:
    """Below `before` entries are dropped, below `at` they are by now; `kept` of those stay.

    `bundle_sha256` (hex) names the file that was agreed to be kept. `carried` is for whoever drops: what followed from
    the entries that are gone.
    """

    before: int = 0
    at: int = 0
    kept: int = 0
    bundle_sha256: str = ""
    carried: bytes = b""

    def encode(self) -> bytes:
        """Value of the cell."""
        head = f"before {self.before}\nat {self.at}\nkept {self.kept}\nbundle\n"
        return b"tocsin-dropped v1\n" + head.encode() + f"{self.bundle_sha256}\n".encode() + sized(
            "carried", self.carried
        )

    def refuse(self, origin: str, index: int) -> None:
        """Raises Refusal for what may have been dropped."""
        if index < self.at:
            raise Refusal(
                f"log {origin}: entry {index} is one of those before {self.at}, which were dropped here as every party "
                f"agreed; ask whoever keeps an export from before (L11)"
            )


def parse_dropped(data: bytes) -> Dropped:
    """Parse the cell. Raises BundleError."""
    reader = Reader(data, "what was dropped", MAX_CARRIED_BYTES + 1024)
    reader.expect("tocsin-dropped v1")
    (before,), (at,), (kept,) = (reader.numbers(word, 1) for word in ("before", "at", "kept"))
    reader.expect("bundle")
    digest = reader.line()
    carried = reader.block(*reader.numbers("carried", 1))
    reader.finish()
    if at > before or kept > at:
        raise BundleError(f"what was dropped: {kept} kept of {at}, up to {before}", data[:1024])
    return Dropped(before, at, kept, digest, carried)


def dropped_cell(origin: str) -> str:
    """Name of the cell; origins have no spaces, so that no log's own cell has this name."""
    return f"dropped {origin}"
