"""What to read again at a start: not the state of a centre, but which entries of its logs it still rests on.

Reading a log of a million entries again takes an hour; almost all of them are updates of tracks that ended long ago.
A shortcut names the others, by index, up to a size of each log. At the next start those are read from the log,
checked against the signed tree like all others, and then what came after. It is derived, may be deleted at any time,
and is passed over if version, agreement or any root differ. It holds no statement and no estimate, so that a wrong one
can hide entries but not make any; `tocsin verify` and `fsck` read the logs alone.
"""

from hashlib import sha256
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from tocsin.decide import Receipt
from tocsin.fuse.limits import FUSE_VERSION
from tocsin.mirror import Mirror
from tocsin.node.config import CentreConfig

VERSION = "2"
Size = Annotated[int, Meta(ge=0)]


class LogPart(Struct, frozen=True, array_like=True):
    """Of one log: size and root (hex) up to which it was read, and the indexes of entries to read again, ascending."""

    size: Size
    root: str
    kept: tuple[Size, ...]


class Shortcut(Struct, frozen=True, array_like=True):
    """`agreement` is `fingerprint` of the config; the counts are of our own shared log, `told`
    what it gave away (`release.Meter`). `receipts` as columns."""

    version: str
    agreement: str
    logs: dict[str, LogPart]
    used_ids: Size
    disclosed: dict[str, int]
    disclosed_bytes: Size
    told: dict[str, tuple[Size, tuple[float, ...]]]
    receipts: tuple[tuple[str, str, int, str, int], ...]


_DECODER = msgspec.msgpack.Decoder(Shortcut)


def fingerprint(config: CentreConfig) -> str:
    """Of everything that decides how entries are read: ourselves, the partners' keys, regime, versions."""
    keys = [(p.party, p.origin, *(k.text for k in (*p.log_keys, *p.mirror_keys))) for p in config.partners]
    told = (VERSION, FUSE_VERSION, config.party, config.origin, config.mode, config.epoch, config.regime.sha256, keys)
    return sha256(msgspec.json.encode(told)).hexdigest()


def encode(shortcut: Shortcut) -> bytes:
    """SHA-256 (32 bytes) and what it is of."""
    data = msgspec.msgpack.encode(shortcut)
    return sha256(data).digest() + data


def decode(data: bytes, config: CentreConfig, gates: dict[str, Mirror]) -> Shortcut | None:
    """The shortcut if it is whole, of this agreement, and of the logs as they stand here; None otherwise."""
    if sha256(data[32:]).digest() != data[:32]:
        return None
    try:
        found = _DECODER.decode(data[32:])
    except msgspec.MsgspecError:
        return None
    if found.agreement != fingerprint(config) or set(found.logs) != set(gates):
        return None
    for origin, part in found.logs.items():
        gate = gates[origin]
        if part.size > gate.size or gate.held.tree.root_at(part.size).hex() != part.root:
            return None  # an old copy of the store, or another history
    return found


def packed(receipts: list[Receipt]) -> tuple[tuple[str, str, int, str, int], ...]:
    """Receipts as they are kept."""
    return tuple((one.cosigner, one.origin, one.size, one.root, one.time_s) for one in receipts)


def unpacked(shortcut: Shortcut) -> list[Receipt]:
    """The receipts again."""
    return [
        Receipt(cosigner=cosigner, origin=origin, size=size, root=root, time_s=time_s)
        for cosigner, origin, size, root, time_s in shortcut.receipts
    ]


def runs(indexes: tuple[int, ...], most: int) -> list[tuple[int, int]]:
    """Ascending indexes as ranges [start, end) to read at once; gaps shorter than 16 are read along."""
    found: list[tuple[int, int]] = []
    for index in indexes:
        if found and index < found[-1][1] + 16 and index - found[-1][0] < most:
            found[-1] = (found[-1][0], index + 1)
        else:
            found.append((index, index + 1))
    return found
