"""Small logs for tests: keys from fixed seeds, stores in memory, entries that differ from each other."""

from functools import lru_cache

from tocsin.log.memory import ManualClock, MemoryCells, MemoryStore
from tocsin.log.signers import SoftwareSigner, log_signers
from tocsin.log.writer import LogWriter

ORIGIN = "west.example/log"
SEED = b"tests of the log"


@lru_cache
def signers(origin: str = ORIGIN, hybrid: bool = True) -> tuple[SoftwareSigner, ...]:
    return log_signers(origin, SEED, hybrid=hybrid)


def keys(hybrid: bool = True):
    return [signer.key for signer in signers(hybrid=hybrid)]


def some_entries(count: int, start: int = 0, width: int = 24) -> list[bytes]:
    return [b"entry %d " % index + b"." * (index % width) for index in range(start, start + count)]


def written(count: int, *, hybrid: bool = False, clock_s: int = 1000, store=None, cells=None) -> LogWriter:
    """A writer with `count` committed entries (and its store and cells as attributes of the test's making)."""
    store = MemoryStore() if store is None else store
    cells = MemoryCells() if cells is None else cells
    writer = LogWriter.open(ORIGIN, store, cells, signers(hybrid=hybrid), ManualClock(clock_s))
    writer.append(some_entries(count))
    writer.commit()
    return writer


def flipped(data: bytes, bit: int) -> bytes:
    """`data` with one bit turned."""
    at = bit // 8
    return data[:at] + bytes([data[at] ^ 1 << bit % 8]) + data[at + 1 :]
