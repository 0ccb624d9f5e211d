"""What a mirror must never forget about one log: the last checkpoint it accepted and the time it may not go below."""


from msgspec import Struct

from tocsin.log.note import MAX_NOTE_BYTES
from tocsin.mirror.container import Reader, sized

MAX_FLOOR_S = 2**53 - 1  # exact in every JSON reader, as statements about floors need


class State(Struct, frozen=True, gc=False):
    """`floor_s` is the latest POSIX time stated or passed (V5); `note` the last accepted checkpoint, b"" if none."""

    floor_s: int = 0
    note: bytes = b""

    def encode(self) -> bytes:
        """Value of the state's cell."""
        return b"tocsin-mirror-state v1\n" + f"floor {self.floor_s}\n".encode() + sized("note", self.note)


def parse_state(data: bytes) -> State:
    """Parse a state cell. Raises BundleError."""
    reader = Reader(data, "mirror state", MAX_NOTE_BYTES + 1024)
    reader.expect("tocsin-mirror-state v1")
    (floor_s,) = reader.numbers("floor", 1)
    note = reader.block(*reader.numbers("note", 1))
    reader.finish()
    return State(floor_s, note)


def state_cell(origin: str) -> str:
    """Name of the cell; origins have no spaces, so that no log's own cell has this name."""
    return f"mirror {origin}"


def fork_cell(origin: str) -> str:
    """Name of the cell that keeps the first proof of a fork."""
    return f"fork {origin}"
