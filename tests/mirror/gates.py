"""A log of west, its mirror at east, and logs that lie: everything small and in memory."""

from functools import lru_cache

from tocsin.log.memory import ManualClock, MemoryCells, MemoryStore
from tocsin.log.signers import log_signers, mirror_signers
from tocsin.log.writer import LogWriter
from tocsin.mirror import Mirror
from tocsin.mirror.memory import MemoryMirrorStore

ORIGIN = "west.example/log"
MIRROR = "east.example/mirror"
SEED = b"tests of the mirror"


@lru_cache
def log_keys_of(hybrid=False):
    return tuple(signer.key for signer in signers(hybrid))


@lru_cache
def signers(hybrid=False, seed=SEED):
    return log_signers(ORIGIN, seed, hybrid=hybrid)


@lru_cache
def cosigners(hybrid=False):
    return mirror_signers(MIRROR, SEED, hybrid=hybrid)


def mirror_keys(hybrid=False):
    return [signer.key for signer in cosigners(hybrid)]


def some_entries(count, start=0, word=b"entry"):
    return [b"%s %d" % (word, index) for index in range(start, start + count)]


def log(*parts, hybrid=False, seed=SEED, clock=None):
    """A writer whose history is these lists of entries, one commit each."""
    writer = LogWriter.open(ORIGIN, MemoryStore(), MemoryCells(), signers(hybrid, seed), clock or ManualClock(100))
    for part in parts:
        writer.append(part)
        writer.commit()
    return writer


def gate(*, hybrid=False, cosigning=True, clock=None, store=None, cells=None, **options):
    made = cosigners(hybrid) if cosigning else ()
    store = MemoryMirrorStore() if store is None else store
    cells = MemoryCells() if cells is None else cells
    return Mirror(ORIGIN, log_keys_of(hybrid), store, cells, clock or ManualClock(1000), made, **options)


def push(writer, mirror, start=None):
    """What an honest sender offers."""
    start = mirror.size if start is None else start
    proof = writer.consistency(start) if start else []
    return mirror.offer(writer.checkpoint, start, writer.entries(start, writer.size), proof)


def grow(writer, entries):
    writer.append(entries)
    return writer.commit()
