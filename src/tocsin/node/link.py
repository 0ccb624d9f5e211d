"""The link to one partner: what it holds of our log, what is in flight, what it may send, when it was last heard.

One request is in flight at a time. Each answer says by itself what it is about, so that one that comes late, twice or
not at all does no harm: what counts is what was proved by a receipt. After answers that bring nothing the link waits,
longer each time, so that a partner that refuses cannot make us send without end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tocsin.decide import Receipt
from tocsin.errors import BadEvidence
from tocsin.log.checkpoint import Checkpoint, parse_checkpoint
from tocsin.log.keys import VerifierKey
from tocsin.log.note import parse_note
from tocsin.mirror.ports import MirrorStore
from tocsin.mirror.receipt import verify_receipt
from tocsin.node.book import Book
from tocsin.node.config import Partner
from tocsin.node.exchange import (
    MAX_ENTRIES,
    MAX_ENTRY_TOTAL,
    Accuse,
    Answer,
    Ask,
    Attest,
    Pull,
    encode,
    encode_push,
)
from tocsin.node.intake import Intake

NS = 1_000_000_000
RETRY_NS = 3 * NS
WAIT_MAX_NS = 30 * NS
PATIENCE = 2  # fruitless answers that are followed up at once: one tells where to start, one more may be stale


@dataclass(slots=True)
class Link:
    """One partner. `held` is how many of our entries it says it holds; `receipted` is how many it proved."""

    partner: Partner
    held: int = 0
    receipted: int = 0
    heard_tai_ns: int | None = None
    grew_tai_ns: int | None = None
    refused: str = ""
    told: bool = True
    wanted: list[Pull | Attest | Accuse] = field(default_factory=list)
    intake: Intake = field(default_factory=Intake)
    _sent_tai_ns: int | None = None
    _wait_ns: int = 0
    _fruitless: int = 0
    _asked: Pull | Attest | Accuse | None = None
    _entries_next: bool = False

    def push(self, book: Book, now_tai_ns: int) -> bytes | None:
        """Next message to send; None if there is nothing to say or one is still in flight.

        First what L1 asks, then what we lack, then our entries: many checkpoints at a time, as much as a message holds.
        """
        if self._sent_tai_ns is not None and 0 <= now_tai_ns - self._sent_tai_ns < max(RETRY_NS, self._wait_ns):
            return None  # a clock that was set back does not stop the link
        data = self._next(book) if self.told else encode(Ask())
        if data is not None:
            self._sent_tai_ns = now_tai_ns
        return data

    def _next(self, book: Book) -> bytes | None:
        """Entries and what else is wanted take turns."""
        self._asked = None
        data = self._entries(book) if self._entries_next or not self.wanted else None
        self._entries_next = False
        if data is None and self.wanted:
            self._asked, self._entries_next = self.wanted[0], True
            data = encode(self._asked)
        return data

    def _entries(self, book: Book) -> bytes | None:
        if self.receipted >= book.size:
            return None
        start = min(self.held, book.size)
        if start == book.size:  # held, but the receipt was lost: ask for it again
            size, note = book.checkpoint_after(start - 1)
            return encode_push(note, size, [], [])
        entries = book.writer.entries(start, min(start + MAX_ENTRIES, book.size))
        size, note = book.checkpoint_after(start, fitting(entries))
        if size - start > len(entries):
            raise BadEvidence(f"link to {self.partner.party}: no checkpoint is kept from {start} to {size}; run fsck")
        return encode_push(note, start, entries[: size - start], book.writer.consistency(start, size) if start else [])

    def want(self, request: Pull | Attest | Accuse) -> None:
        """Say this in between; a pull takes the place of an earlier one of the same log."""
        if isinstance(request, Pull):
            self.wanted = [one for one in self.wanted if not isinstance(one, Pull) or one.origin != request.origin]
        if request not in self.wanted:
            self.wanted.append(request)

    def noted(self, *, later: bool, now_tai_ns: int) -> None:
        """What we said was taken, or is to be said again after everything else."""
        said, self._asked = self._asked, None
        if said in self.wanted and not isinstance(said, Pull):
            self.wanted.remove(said)
            if later:
                self.wanted.append(said)
        self.fruitful(fruit=not later, now_tai_ns=now_tai_ns)

    def lost(self) -> None:
        """No answer came: the next message may go at once."""
        self._sent_tai_ns, self._wait_ns = None, 0

    def fruitful(self, *, fruit: bool, now_tai_ns: int) -> None:
        """An answer came; without fruit several times running, wait before the next message."""
        self._sent_tai_ns = None
        self._fruitless = 0 if fruit else self._fruitless + 1
        self._wait_ns = 0
        if self._fruitless > PATIENCE:
            self._sent_tai_ns = now_tai_ns
            self._wait_ns = min(RETRY_NS << min(self._fruitless - PATIENCE - 1, 8), WAIT_MAX_NS)

    def answered(self, answer: Answer, book: Book, now_tai_ns: int) -> Receipt | None:
        """Go on from what the partner says it holds. Raises BadEvidence for a receipt that is none."""
        self.refused = answer.refused
        moved = not answer.refused and min(answer.held, book.size) != self.held
        self.fruitful(fruit=bool(answer.receipt), now_tai_ns=now_tai_ns)
        if not answer.receipt:
            if moved:
                self.held = min(answer.held, book.size)
            return None
        receipt = self.accept(answer.held, answer.receipt, book)
        self.heard_tai_ns = now_tai_ns
        return receipt

    def accept(self, size: int, lines: str, book: Book) -> Receipt:
        """Keep a receipt for our checkpoint of `size`. Raises BadEvidence."""
        note = book.note_of(size) if size <= book.size else None
        if note is None:
            raise BadEvidence(f"answer of {self.partner.party}: a receipt for size {size}, which was never offered")
        time_s = book.gate.accept_receipt(note, lines.encode(), self.partner.mirror_keys)
        self.held, self.receipted = max(self.held, size), max(self.receipted, size)
        return receipt_of(note, self.partner.party, time_s)


def fitting(entries: Sequence[bytes]) -> int:
    """How many of the entries one message holds; at least one."""
    total = 0
    for count, entry in enumerate(entries):
        total += len(entry)
        if total > MAX_ENTRY_TOTAL:
            return max(1, count)
    return max(1, len(entries))


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
        except BadEvidence:
            continue  # not receipted by this cosigner, or damaged: a receipt can be asked for again
