"""The link to one partner: what it holds of our log, what is in flight, and when it was last heard."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tocsin.decide import Receipt
from tocsin.errors import BadEvidence
from tocsin.log.checkpoint import Checkpoint, parse_checkpoint
from tocsin.log.keys import VerifierKey
from tocsin.log.note import parse_note
from tocsin.mirror.errors import ReceiptError
from tocsin.mirror.ports import MirrorStore
from tocsin.mirror.receipt import verify_receipt
from tocsin.node.config import Partner
from tocsin.node.exchange import MAX_ENTRIES, Answer, encode_push

if TYPE_CHECKING:
    from tocsin.node.book import Book

NS = 1_000_000_000
RETRY_NS = 3 * NS


@dataclass(slots=True)
class Link:
    """One partner. `held` is how many of our entries it says it holds; `receipted` is how many it proved."""

    partner: Partner
    held: int = 0
    receipted: int = 0
    heard_tai_ns: int | None = None
    refused: str = ""
    _sent_tai_ns: int | None = None
    _note: bytes = b""

    def push(self, book: "Book", now_tai_ns: int) -> bytes | None:
        """Next message to send; None if the partner is up to date or one is still in flight.

        A partner far behind is brought up checkpoint by checkpoint, so that no message grows with the gap.
        """
        if self.receipted >= book.writer.size:
            return None
        if self._sent_tai_ns is not None and now_tai_ns - self._sent_tai_ns < RETRY_NS:
            return None
        start = min(self.held, book.writer.size)
        size, note = book.checkpoint_after(start if start < book.writer.size else start - 1, MAX_ENTRIES)
        self._sent_tai_ns, self._note = now_tai_ns, note
        entries = book.writer.entries(start, size)
        return encode_push(note, start, entries, book.writer.consistency(start, size) if 0 < start < size else [])

    def lost(self) -> None:
        """No answer came: the next push may go at once."""
        self._sent_tai_ns, self._note = None, b""

    def answered(self, answer: Answer, book: "Book", now_tai_ns: int) -> Receipt | None:
        """Go on from what the partner says it holds. Raises BadEvidence for a receipt that is none."""
        note, self._note, self._sent_tai_ns = self._note, b"", None
        self.heard_tai_ns = now_tai_ns
        self.refused = answer.refused
        if not answer.receipt:
            self.held = min(answer.held, book.writer.size)
            return None
        if not note:
            raise BadEvidence(f"answer of {self.partner.party}: a receipt for nothing that was sent")
        time_s = book.gate.accept_receipt(note, answer.receipt.encode(), self.partner.mirror_keys)
        self.held = self.receipted = read_head(note).size
        return receipt_of(note, self.partner.party, time_s)


def read_head(note: bytes) -> Checkpoint:
    """Origin, size and root of a note that was verified before."""
    return parse_checkpoint(parse_note(note).text)


def receipt_of(note: bytes, cosigner: str, time_s: int) -> Receipt:
    """What `decide` needs of a verified receipt."""
    head = read_head(note)
    return Receipt(cosigner=cosigner, origin=head.origin, size=head.size, root=head.root.hex(), time_s=time_s)


def stored_receipts(
    store: MirrorStore, log_keys: Sequence[VerifierKey], cosigner: str, cosigner_keys: Sequence[VerifierKey]
) -> Iterator[Receipt]:
    """Receipts by one cosigner as kept beside a log, verified again: for taking up after a restart."""
    size = -1
    while (found := store.first_receipt(size)) is not None:
        size, note = found
        try:
            yield receipt_of(note, cosigner, verify_receipt(note, log_keys, cosigner_keys))
        except ReceiptError:
            continue  # a checkpoint that this cosigner has not receipted
