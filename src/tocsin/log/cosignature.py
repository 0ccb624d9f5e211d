"""What each signature type signs, and how a signed checkpoint is made and opened (proof steps P1 to P3).

C2SP tlog-cosignature at 5ba5ee8. 0x01 carries no time; 0x04 and 0x06 carry whole POSIX seconds. A log signs with
0x01 and 0x06 under its origin as key name, a mirror with 0x04 and 0x06 under its own name and keys.
"""

import struct
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from tocsin.log.checkpoint import Checkpoint, parse_checkpoint
from tocsin.log.errors import SignatureError
from tocsin.log.keys import COSIGNATURE_ED25519, ED25519, VerifierKey
from tocsin.log.note import MAX_NAME_BYTES, Note, SignatureLine, parse_note
from tocsin.log.ports import Signer

MAX_TIME_S = 2**63 - 1
REMEMBERED_BYTES = 16_384  # the longest note that is kept opened: some with each party's hybrid lines are 7 KB
_U64 = struct.Struct(">Q")


class SignedCheckpoint(Struct, frozen=True, gc=False):
    """A checkpoint whose required log signatures were verified.

    `log_time_s` is the latest time in the log's own signatures (0x06), None if they carry none; `cosigned` holds
    each known cosigner key that signed, with its time in POSIX seconds.
    """

    checkpoint: Checkpoint
    note: bytes
    log_time_s: int | None
    cosigned: tuple[tuple[VerifierKey, int], ...]


def signed_message(key: VerifierKey, text: bytes, checkpoint: Checkpoint, time_s: int) -> bytes:
    """The bytes that a signature of `key`'s type covers."""
    if key.algorithm == ED25519:
        return text
    if key.algorithm == COSIGNATURE_ED25519:
        return b"cosignature/v1\ntime %d\n" % time_s + text
    name, origin = key.name.encode(), checkpoint.origin.encode()
    if len(name) > MAX_NAME_BYTES or len(origin) > MAX_NAME_BYTES:
        raise SignatureError("cosignature: name or origin longer than 255 bytes", text)
    return b"".join(
        (
            b"subtree/v1\n\0",
            bytes([len(name)]),
            name,
            _U64.pack(time_s),
            bytes([len(origin)]),
            origin,
            _U64.pack(0),
            _U64.pack(checkpoint.size),
            checkpoint.root,
        )
    )


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer, time_s: int, text: bytes = b"") -> SignatureLine:
    """A signature line over `checkpoint`; `text` is the note text as received, when another log made it."""
    if not 0 <= time_s <= MAX_TIME_S:
        raise AssertionError(f"cosignature time {time_s} is outside 0 to 2**63-1")
    key = signer.key
    signature = signer.sign(signed_message(key, text or checkpoint.body, checkpoint, time_s))
    if key.algorithm != ED25519:
        signature = _U64.pack(time_s) + signature
    return SignatureLine(key.name, key.key_id, signature)


@lru_cache(maxsize=512)  # a signature that was good stays good: the same key, bytes and checkpoint
def verify_line(key: VerifierKey, line: SignatureLine, text: bytes, checkpoint: Checkpoint) -> int | None:
    """Time in POSIX seconds that the line states, None for 0x01. Raises SignatureError."""
    signature, time_s = line.signature, None
    if key.algorithm != ED25519:
        if len(signature) < _U64.size:
            raise SignatureError(f"signature of {key.name}: too short for a time", line.encode())
        time_s = _U64.unpack_from(signature)[0]
        signature = signature[_U64.size :]
        if time_s > MAX_TIME_S:
            raise SignatureError(f"signature of {key.name}: time beyond 2**63-1", line.encode())
    if not key.verifies(signed_message(key, text, checkpoint, time_s or 0), signature):
        raise SignatureError(f"signature of {key.name} (type 0x{key.algorithm:02x}) does not verify", line.encode())
    return time_s


def verify_known(note: Note, keys: Sequence[VerifierKey], checkpoint: Checkpoint) -> dict[VerifierKey, int | None]:
    """P2: verify every line that belongs to one of `keys`; unknown lines are ignored, a bad known line raises.

    A key that signs twice is refused: other readers keep the first line only, and both would then read one note
    in two ways.
    """
    known = {(key.name, key.key_id): key for key in keys}
    found: dict[VerifierKey, int | None] = {}
    for line in note.signatures:
        key = known.get((line.name, line.key_id))
        if key is None:
            continue
        if key in found:
            raise SignatureError(f"note: two signatures by {key.name}", note.encode())
        found[key] = verify_line(key, line, note.text, checkpoint)
    return found


def open_checkpoint(
    data: bytes, log_keys: Sequence[VerifierKey], cosigner_keys: Sequence[VerifierKey] = ()
) -> SignedCheckpoint:
    """Open a signed checkpoint: every one of `log_keys` must have signed, and its name must be the origin.

    P1 the note and checkpoint parse; P2 every signature of a known key verifies; P3 all log keys signed and are
    named as the origin. Cosignatures are optional here; what is there is verified. Raises LogError.
    """
    if not log_keys:
        raise AssertionError("open_checkpoint needs at least one log key")
    if len(data) > REMEMBERED_BYTES:
        return _opened(data, tuple(log_keys), tuple(cosigner_keys))
    return _remembered(data, tuple(log_keys), tuple(cosigner_keys))


def _opened(
    data: bytes, log_keys: tuple[VerifierKey, ...], cosigner_keys: tuple[VerifierKey, ...]
) -> SignedCheckpoint:
    note = parse_note(data)
    checkpoint = parse_checkpoint(note.text)
    for key in log_keys:
        if key.name != checkpoint.origin:
            raise SignatureError(f"checkpoint: origin {checkpoint.origin!r}, expected {key.name!r}", data)
    times = verify_known(note, (*log_keys, *cosigner_keys), checkpoint)
    missing = [f"0x{key.algorithm:02x}" for key in log_keys if key not in times]
    if missing:
        raise SignatureError(f"checkpoint of {checkpoint.origin}: no {' and '.join(missing)} log signature", data)
    log_times = [time for key in log_keys if (time := times[key]) is not None]
    cosigned = [(key, time) for key in cosigner_keys if (time := times.get(key)) is not None]
    return SignedCheckpoint(checkpoint, data, max(log_times, default=None), tuple(cosigned))


_remembered = lru_cache(maxsize=256)(_opened)  # what was good stays good: the same bytes and the same keys
