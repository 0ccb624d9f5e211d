"""tlog-proof files (C2SP tlog-proof at 5ba5ee8): an entry's index, inclusion proof and signed checkpoint.

The file does not contain the entry, says nothing about time, and its `extra` is authenticated by nobody.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.log.checkpoint import parse_size
from tocsin.log.cosignature import SignedCheckpoint, open_checkpoint
from tocsin.log.errors import LogError, ProofError
from tocsin.log.keys import VerifierKey
from tocsin.log.merkle import MAX_PROOF_HASHES, leaf_hash, verify_inclusion
from tocsin.log.note import MAX_NOTE_BYTES, decode_base64

HEADER = "c2sp.org/tlog-proof@v1"
MAX_EXTRA_BYTES = 64 * 1024
MAX_FILE_BYTES = MAX_NOTE_BYTES + 2 * MAX_EXTRA_BYTES


@dataclass(frozen=True, slots=True)
class TlogProof:
    """Content of a .tlog-proof file; `checkpoint` is the signed note, `hashes` run from the leaf's sibling up."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def encode(self) -> bytes:
        """The file's bytes; `parse_proof` returns an equal proof."""
        lines = [HEADER]
        if self.extra is not None:
            lines.append("extra " + base64.b64encode(self.extra).decode())
        lines.append(f"index {self.index}")
        lines += [base64.b64encode(part).decode() for part in self.hashes]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.checkpoint


def parse_proof(data: bytes) -> TlogProof:
    """Parse a tlog-proof file. Raises ProofError; nothing is verified, the checkpoint is not looked at."""
    if len(data) > MAX_FILE_BYTES:
        raise ProofError(f"proof file: {len(data)} bytes, expected at most {MAX_FILE_BYTES}", data[:1024])
    head, blank, checkpoint = data.partition(b"\n\n")
    if not blank or not head.isascii():
        raise ProofError("proof file: expected ASCII lines, a blank line and a checkpoint", data)
    lines = head.decode("ascii").split("\n")
    if lines.pop(0) != HEADER:
        raise ProofError(f"proof file: expected the header {HEADER}", data)
    try:
        extra = decode_base64(lines.pop(0)[6:].encode(), "extra") if lines and lines[0].startswith("extra ") else None
        index = parse_size(lines.pop(0)[6:], "index") if lines and lines[0].startswith("index ") else -1
        hashes = tuple(decode_base64(line.encode(), "proof hash") for line in lines[: MAX_PROOF_HASHES + 1])
    except LogError as error:
        raise ProofError(f"proof file: {error}", data) from error
    if index < 0 or extra == b"":
        raise ProofError("proof file: expected an index line, and an extra line only with content", data)
    if len(lines) > MAX_PROOF_HASHES or any(len(part) != 32 for part in hashes):
        raise ProofError(f"proof file: expected at most {MAX_PROOF_HASHES} hashes of 32 bytes", data)
    return TlogProof(index, hashes, checkpoint, extra)


def open_proof(
    data: bytes, entry: bytes, log_keys: Sequence[VerifierKey], cosigner_keys: Sequence[VerifierKey] = ()
) -> SignedCheckpoint:
    """The checkpoint under which the proof shows `entry`, all log keys required (P1 to P4). Raises LogError."""
    proof = parse_proof(data)
    signed = open_checkpoint(proof.checkpoint, log_keys, cosigner_keys)
    verify_inclusion(proof.index, signed.checkpoint.size, leaf_hash(entry), proof.hashes, signed.checkpoint.root)
    return signed
