"""The link to one partner: what it holds of our log, what is in flight, what it may send, when it was last heard.

One request is in flight at a time, and one more for what is urgent. Each answer says by itself what it is about, so
that one that comes late, twice or not at all does no harm: what counts is what was proved by a receipt, and only the
answer to a request in flight makes way for the next. After answers that bring nothing the link waits, longer each
time, so that a partner that refuses cannot make us send without end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from tocsin.decide import Receipt
from tocsin.errors import BadEvidence
from tocsin.log.checkpoint import Checkpoint, parse_checkpoint
from tocsin.log.keys import VerifierKey
from tocsin.log.note import parse_note
from tocsin.log.steps import Steps
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
    Push,
    Request,
    encode,
    numbered,
    push_of,
)
from tocsin.node.intake import Intake

NS = 1_000_000_000
RETRY_NS = 3 * NS
WAIT_MAX_NS = 30 * NS
PATIENCE = 2  # fruitless answers that are followed up at once: one tells where to start, one more may be stale
LANES = 2  # requests in flight: one, and one more for what is urgent


class StaleAnswer(BadEvidence):
    """An answer to a request that this run never made, or that an earlier run of the partner gave."""


class Flight(Struct, frozen=True, gc=False):
    """A request on its way. `upto`: how far a push would bring the partner, 0 for everything else."""

    sent_tai_ns: int
    session: int
    upto: int
    asked: Pull | Attest | Accuse | None

    @property
    def only_asks(self) -> bool:
        """Whether it is an Ask."""
        return not self.upto and self.asked is None


@dataclass(slots=True)
class Link:
    """One partner. `held` is how many of our entries it says it holds; `receipted` is how many it proved.

    `number` is that of our last request, and `run` what it was when this centre started: an answer to an earlier one
    was meant for another run. `session` is what the partner told us, `given` what we told it (0: nothing yet).
    """

    partner: Partner
    log: str = ""  # the release group whose logs it is about; without one, the shared logs
    held: int = 0
    receipted: int = 0
    heard_tai_ns: int | None = None
    grew_tai_ns: int | None = None
    refused: str = ""
    told: bool = True
    wanted: list[Pull | Attest | Accuse] = field(default_factory=list)
    intake: Intake = field(default_factory=Intake)
    run: int = 0
    number: int = 0
    session: int = 0
    told_number: int = 0
    given: int = 0
    given_to: int = 0
    shown: int = 0  # the last checkpoint of ours that it pulled
    _since: int = 0
    _flights: dict[int, Flight] = field(default_factory=dict)
    _opened_tai_ns: int = 0
    _waits_since_ns: int = 0
    _wait_ns: int = 0
    _fruitless: int = 0
    _entries_next: bool = False
    _urged: int = 0  # up to where something urgent went in spite of a wait

    def flying(self, now_tai_ns: int) -> int:
        """Requests that may still be answered. A clock that was set back does not stop the link."""
        if not self._flights:
            return 0
        limit_ns = max(RETRY_NS, self._wait_ns)
        for one in self._flights.values():
            if not 0 <= now_tai_ns - one.sent_tai_ns < limit_ns:
                self._flights = {
                    number: one for number, one in self._flights.items() if 0 <= now_tai_ns - one.sent_tai_ns < limit_ns
                }
                break
        return len(self._flights)

    def push(self, book: Book, now_tai_ns: int, elsewhere: int = 0) -> bytes | None:
        """Next message to send; None if there is nothing to say or what was said is still in flight.

        First what L1 asks, then what we lack, then our entries: many checkpoints at a time, as much as a message holds.
        What is urgent does not wait for the answer to what went before, nor, the first time, for a partner whose
        answers brought nothing. `elsewhere`: requests in flight to the same partner about other logs.
        """
        flying = self.flying(now_tai_ns) + elsewhere
        waits = 0 <= now_tai_ns - self._waits_since_ns < self._wait_ns
        if waits and book.urgent <= max(self._urged, self.held):
            return None
        if not flying and self.told and not self.wanted and self.receipted >= book.size:
            self._entries_next = False
            return None
        self._entries_next = self._entries_next or waits
        request = self._urgent(book, flying) if flying else self._next(book) if self.told else Ask(run=self.run)
        if waits and request is not None:
            self._urged = book.urgent
        return None if request is None else self._numbered(request, now_tai_ns)

    def _numbered(self, request: Request, now_tai_ns: int) -> bytes:
        self.number = max(self.number + 1, now_tai_ns)
        upto = request.start + len(request.entries) if isinstance(request, Push) else 0
        asked = request if isinstance(request, Pull | Attest | Accuse) else None
        self._flights[self.number] = Flight(now_tai_ns, self.session, upto, asked)
        return encode(numbered(request, self.number, self.session, self.log))

    def _next(self, book: Book) -> Request | None:
        """Entries and what else is wanted take turns."""
        request: Request | None = self._entries(book) if self._entries_next or not self.wanted else None
        self._entries_next = False
        if request is None and self.wanted:
            request, self._entries_next = self.wanted[0], True
        return request

    def _urgent(self, book: Book, count: int) -> Push | None:
        """What must not wait, after what is in flight: the partner takes them one after the other."""
        if book.urgent <= self.held or not self.told or count >= LANES:
            return None
        flying = max((one.upto for one in self._flights.values()), default=0)
        return self._entries(book, flying) if book.urgent > flying else None

    def _entries(self, book: Book, flying: int = 0) -> Push | None:
        if self.receipted >= book.size:
            return None
        start = min(max(self.held, flying), book.size)
        if start == book.size:  # held, but the receipt was lost: ask for it again
            size, note = book.checkpoint_after(start - 1)
            return push_of(note, size, [], [])
        gone = book.gate.held.dropped.at
        if start < gone:
            self.refused = f"it holds {start} entries of ours; those before {gone} were dropped as agreed (L11)"
            return None
        entries = book.writer.fresh(start, min(start + MAX_ENTRIES, book.size))
        size, note = book.checkpoint_after(start, fitting(entries))
        if size - start > len(entries):
            raise BadEvidence(f"link to {self.partner.party}: no checkpoint is kept from {start} to {size}; run fsck")
        return push_of(note, start, entries[: size - start], book.writer.consistency(start, size) if start else [])

    def open_session(self, run: int, now_tai_ns: int) -> int:
        """The partner's run asks: from now on nothing counts that it said, or answered, in an earlier one."""
        if run != self.given_to or not self.given:
            self.given = max(self.given + 1, now_tai_ns)
            self.given_to, self._since = run, self.number + 1
            self._flights = {number: one for number, one in self._flights.items() if one.only_asks}
        return self.given

    def opened(self, number: int, session: int, now_tai_ns: int) -> None:
        """The partner has told us. A new session is a new beginning, though not more often than we would repeat."""
        self.told = True
        if number < self.told_number:
            return
        if session != self.session and not 0 <= now_tai_ns - self._opened_tai_ns < RETRY_NS:
            self._opened_tai_ns = now_tai_ns
            self.fruitful(fruit=True, now_tai_ns=now_tai_ns)
        self.told_number, self.session = number, session

    def takes(self, session: int) -> bool:
        """Whether a request is of the session that we opened."""
        return session == self.given != 0

    def landed(self, number: int, *, told: bool) -> Flight | None:
        """What an answer belongs to. Raises StaleAnswer for one of another run; None for one that came before."""
        first = self.run if told else max(self.run, self._since)
        if not first <= number <= self.number or number == 0:
            raise StaleAnswer(f"answer of {self.partner.party} to request {number}: none of this run")
        return self._flights.pop(number, None)

    def under_way(self) -> set[int]:
        """Sizes of our log that the partner was sent, and may still receipt."""
        return {one.upto for one in self._flights.values()} | {self.shown}

    def want(self, request: Pull | Attest | Accuse) -> None:
        """Say this in between; a pull takes the place of an earlier one of the same log."""
        if isinstance(request, Pull):
            self.wanted = [one for one in self.wanted if not isinstance(one, Pull) or one.origin != request.origin]
        if request not in self.wanted:
            self.wanted.append(request)

    def noted(self, flight: Flight | None, *, later: bool, now_tai_ns: int) -> None:
        """What we said was taken, or is to be said again after everything else."""
        said = flight.asked if flight is not None else None
        if said in self.wanted and not isinstance(said, Pull):
            self.wanted.remove(said)
            if later:
                self.wanted.append(said)
        self.fruitful(fruit=not later, now_tai_ns=now_tai_ns)

    def lost(self) -> None:
        """No answer came: the next message may go at once."""
        self._flights.clear()
        self._wait_ns = 0

    def fruitful(self, *, fruit: bool, now_tai_ns: int) -> None:
        """An answer came; without fruit several times running, wait before the next message."""
        self._fruitless = 0 if fruit else self._fruitless + 1
        self._wait_ns = 0
        if self._fruitless > PATIENCE:
            self._waits_since_ns = now_tai_ns
            self._wait_ns = min(RETRY_NS << min(self._fruitless - PATIENCE - 1, 8), WAIT_MAX_NS)

    def answered(self, answer: Answer, flight: Flight | None, book: Book, now_tai_ns: int) -> Steps[Receipt | None]:
        """Go on from what the partner says it holds. Raises BadEvidence for a receipt that is none."""
        if flight is not None:
            self.refused = answer.refused
            self.fruitful(fruit=bool(answer.receipt), now_tai_ns=now_tai_ns)
        if answer.ask:
            if flight is not None and flight.session == self.session:
                self.told, self._wait_ns = False, min(self._wait_ns, RETRY_NS)
            return None
        if not answer.receipt:
            if flight is not None and not answer.refused:
                self.held = min(answer.held, book.size)
            return None
        receipt = yield from self.accept(answer.held, answer.receipt, book)
        self.heard_tai_ns = now_tai_ns
        return receipt

    def accept(self, size: int, lines: str, book: Book) -> Steps[Receipt]:
        """Keep a receipt for our checkpoint of `size`. Raises BadEvidence."""
        note = book.note_of(size) if size <= book.size else None
        if note is None and size <= book.thinned:
            raise StaleAnswer(f"answer of {self.partner.party}: a receipt for size {size}, which is not kept any more")
        if note is None:
            raise BadEvidence(f"answer of {self.partner.party}: a receipt for size {size}, which was never offered")
        time_s = yield from book.gate.accept_steps(note, lines.encode(), self.partner.mirror_keys)
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
    store: MirrorStore, log_keys: Sequence[VerifierKey], cosigner: str, cosigner_keys: Sequence[VerifierKey],
    above: int = -1,
) -> Iterator[Receipt]:  # fmt: skip
    """Receipts by one cosigner as kept beside a log past a size, verified again: for taking up after a restart."""
    size, wanted = above, {(key.name, key.key_id) for key in cosigner_keys}
    while (found := store.first_receipt(size)) is not None:
        size, note = found
        try:
            if not wanted <= {(line.name, line.key_id) for line in parse_note(note).signatures}:
                continue  # not receipted by this cosigner: nothing to verify
            yield receipt_of(note, cosigner, verify_receipt(note, log_keys, cosigner_keys))
        except BadEvidence:
            continue  # damaged: a receipt can be asked for again
