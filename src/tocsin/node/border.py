"""The border of one centre: what comes in through the gates, what goes out to each partner. No input or output.

Never raises for what a partner sent: evidence is kept, outages and refusals are answered in a few words.
"""

import base64
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

import msgspec

from tocsin.decide import Receipt
from tocsin.errors import Outage, Refusal, TocsinError
from tocsin.log.checkpoint import parse_checkpoint
from tocsin.log.errors import BehindPartner
from tocsin.log.note import parse_note
from tocsin.log.ports import Clock
from tocsin.log.steps import Steps
from tocsin.log.writer import refuse_if_behind
from tocsin.mirror import Fork
from tocsin.mirror.errors import Inconsistent, OutOfStep
from tocsin.mirror.evidence import Equivocation
from tocsin.node.book import Book
from tocsin.node.config import CentreConfig, Ports
from tocsin.node.exchange import (
    MAX_ENTRIES,
    MAX_MESSAGE_BYTES,
    MAX_TOLD,
    Accuse,
    Answer,
    Ask,
    Attest,
    Noted,
    Pull,
    Pulled,
    Push,
    Reply,
    Request,
    Told,
    answering,
    decode_reply,
    decode_request,
    no_such_log,
)
from tocsin.node.gates import Gates
from tocsin.node.giving import show
from tocsin.node.link import Flight, Link, StaleAnswer
from tocsin.wire.bodies import Head

Keep = Callable[[str, TocsinError, bytes], None]


class Border:
    """Mirrors of the partners' logs and links to the partners. `taken` is called when a mirror holds more than before.

    `recovered` is called when our own log was taken back from a partner.
    """

    def __init__(
        self, config: CentreConfig, ports: Ports, book: Book, clock: Clock, *, taken: Callable[[str], None],
        recovered: Callable[[], None], keep: Keep, log: str = "", fresh: bool | None = None,
    ) -> None:  # fmt: skip
        """`log`: the release group whose logs these are. `fresh`: no earlier run can have signed in ours."""
        self.config, self.book, self.log = config, book, log
        self.beside: Callable[[str], Sequence[Border]] = lambda _: ()  # of the groups shared with a partner
        self._taken, self._recovered, self._keep = taken, recovered, keep
        self._clock = ports.clock
        self.gates = Gates(config, ports, book, clock, self._spread, fresh)
        self.mirrors = self.gates.mirrors  # verified copies of the partners' logs
        self.opening = self.gates.opening
        run = self.now_tai_ns
        self.links = {one.party: Link(one, log, told=False, run=run, number=run) for one in config.partners}
        self._votes: set[int] = set()
        self._shown_votes: set[tuple[str, int]] = set()
        self._lagging: dict[str, int] = {}
        self._opened_size = book.writer.size

    @property
    def now_tai_ns(self) -> int:
        """Time now."""
        return self._clock.now_tai_ns()

    @property
    def remembers(self) -> bool:
        """Whether all receipts that we ever gave are known here, as conclusions from our own time floor need (V3)."""
        if self.gates.fresh:
            return True
        caught_up = all(self.mirrors[party].size >= size for party, size in self.opening.owed.items())
        return caught_up and all(link.told for link in self.links.values())

    def tick(self) -> None:
        """Give up waiting for partners that stay away."""
        for party in self.opening.overdue(self.now_tai_ns):
            self.opening.unheard.discard(party)
            words = f"{party} did not answer at the start: were our store an old copy, we would not know (L1, T9)"
            self._keep(self.config.party, Outage(words), b"")
        if self.opening.behind is not None:  # of everybody: whoever told us of it may keep it to itself
            for link in self.links.values():
                link.want(Pull(origin=self.config.origin, start=self.book.writer.size))
        if self.log:
            return  # no heartbeats come in a group's log; hidden heads tell what there is to ask for
        now_ns, beat_ns = self.now_tai_ns, self.config.heartbeat_s * 1_000_000_000
        for party, link in self.links.items():
            if link.grew_tai_ns is None or link.grew_tai_ns > now_ns:
                link.grew_tai_ns = now_ns
            if now_ns - link.grew_tai_ns > 2 * beat_ns:
                link.grew_tai_ns = now_ns - beat_ns  # ask again in a beat
                self.catch_up(party)

    def catch_up(self, party: str) -> None:
        """Pull what a partner may have logged: perhaps only its own calls do not get through."""
        link, mirror = self.links[party], self.mirrors[party]
        if not any(isinstance(one, Pull) and one.origin == mirror.origin for one in link.wanted):
            link.want(Pull(origin=mirror.origin, start=mirror.size))

    def message(self, party: str, now_tai_ns: int | None = None, elsewhere: int = 0) -> bytes | None:
        """Next message for a partner. Never raises: what our own store cannot give now is retried."""
        link = self.links[party]
        try:
            return link.push(self.book, self.now_tai_ns if now_tai_ns is None else now_tai_ns, elsewhere)
        except TocsinError as error:
            self._keep(self.config.party, error, b"")
            link.fruitful(fruit=False, now_tai_ns=self.now_tai_ns)
            return None

    def receive(self, party: str, data: bytes) -> Steps[Reply]:
        """A partner's request. The quota comes first (T10), then the syntax, then the gate."""
        mirror, link = self.mirrors.get(party), self.links.get(party)
        if mirror is None or link is None:
            return Answer(held=0, refused=f"{party[:40]}: not a party of this agreement")
        if len(data) > MAX_MESSAGE_BYTES or not link.intake.takes(len(data), self.now_tai_ns):
            return Answer(held=mirror.size, refused="too much at once: send less, and later")
        return (yield from self._deal(party, data))

    def _deal(self, party: str, data: bytes, decoded: Request | None = None) -> Steps[Reply]:
        number, log = 0, self.log
        try:
            request = decode_request(data) if decoded is None else decoded
            number = request.number
            if request.log != log:
                return (yield from self._elsewhere(party, data, request))
            reply = yield from self._reply(party, request)
            return answering(reply, number, log)
        except OutOfStep as step:
            return Answer(held=step.held_size, number=number, log=log)
        except Outage as outage:
            self._keep(self.config.party, outage, b"")
            return Answer(held=self.mirrors[party].size, refused="not now: an outage here", number=number, log=log)
        except TocsinError as error:
            self._keep(party, error, data)
            self._after(party, error)
            return Answer(held=self.mirrors[party].size, refused=str(error)[:2_000], number=number, log=log)
        finally:
            self._taken(party)  # also what was stored before a failure

    def _elsewhere(self, party: str, data: bytes, request: Request) -> Steps[Reply]:
        """About logs of a group: whoever is not of it hears what is said of groups that there are not."""
        for one in self.beside(party):
            if one.log == request.log:
                return (yield from one._deal(party, data, request))
        return no_such_log(request)

    def _reply(self, party: str, request: Request) -> Steps[Reply]:
        if isinstance(request, Ask):
            return self._tell(party, request.run)
        if isinstance(request, Attest):
            return self.gates.attested(party, request)
        if isinstance(request, Accuse):
            return self.gates.accused(request)
        if not self.links[party].takes(request.session):
            return Answer(held=self.mirrors[party].size, ask=True)
        if isinstance(request, Push):
            return (yield from self._take(party, request))
        shown = show(self, party, request)
        self.links[party].intake.charge(sum(map(len, shown.entries)) * 4 // 3)
        return shown

    def answered(self, party: str, data: bytes) -> Steps[None]:
        """A partner's answer."""
        yield from self._heed(party, data)

    def _heed(self, party: str, data: bytes, decoded: Reply | None = None) -> Steps[None]:
        link = self.links[party]
        try:
            reply = decode_reply(data) if decoded is None else decoded
            for one in self.beside(party):
                unread = not reply.log and not reply.number and one.links[party].flying(self.now_tai_ns)
                if one.log == reply.log or unread:
                    return (yield from one._heed(party, data, msgspec.structs.replace(reply, log=one.log)))
            if reply.log != self.log:
                return
            if isinstance(reply, Answer) and reply.refused and not reply.number:
                link.refused = reply.refused  # before it was read: too much, or not what the partner understands
                link.fruitful(fruit=False, now_tai_ns=self.now_tai_ns)
                return
            yield from self._understood(party, reply, link.landed(reply.number, told=isinstance(reply, Told)))
        except StaleAnswer:
            return
        except Outage as outage:
            link.fruitful(fruit=False, now_tai_ns=self.now_tai_ns)  # not again at once: our own disk cannot take it
            self._keep(self.config.party, outage, b"")
        except TocsinError as error:
            link.fruitful(fruit=False, now_tai_ns=self.now_tai_ns)
            self._keep(party, error, data)
        finally:
            self._taken(party)

    def _understood(self, party: str, reply: Reply, flight: Flight | None) -> Steps[None]:
        link = self.links[party]
        if isinstance(reply, Told):
            self._hear(party, reply)
        elif isinstance(reply, Pulled):
            yield from self._pulled(party, reply)
        elif isinstance(reply, Noted):
            link.noted(flight, later=reply.later, now_tai_ns=self.now_tai_ns)
        else:
            receipt = yield from link.answered(reply, flight, self.book, self.now_tai_ns)
            if receipt is not None:
                self.got(party, receipt)

    def compare(self, party: str, heads: Sequence[Head]) -> None:
        """What a partner says it holds of other logs, against what we hold (L3, T1): two views are a fork.

        The heads are its word alone, so the signed note behind a difference is asked for; that note is the proof.
        What a third party keeps from us, we ask of whoever has it.
        """
        for head in heads:
            if head.origin == self.config.origin:
                if head.size > self.book.writer.size and self.opening.asks_again(party, head.size):
                    self.links[party].told = False  # it says that it holds more of our log than we do: ask (L1)
                continue
            about = self.gates.by_origin.get(head.origin)
            if about is None or about == party or not head.size:
                continue
            mirror = self.mirrors[about]
            if head.size <= mirror.size:
                if mirror.fork is None and mirror.held.tree.root_at(head.size).hex() != head.root:
                    self.links[party].want(Pull(origin=head.origin, start=head.size - 1))
            elif self._lagging.get(about, -1) == mirror.size:
                self.links[party].want(Pull(origin=head.origin, start=mirror.size))
            else:
                self._lagging[about] = mirror.size

    def voted(self, index: int) -> None:
        """Entry `index` of our log is a vote: partners need the receipts that others give for it (V2)."""
        self._votes.add(index)

    def take_up(self, known: Iterable[Receipt] = ()) -> None:
        """After a start or a recovery: what partners have receipted of our log, and what of it others must see."""
        self.gates.take_up_receipts(known)
        for receipt in list(self.gates.receipts):
            if receipt.origin == self.config.origin and receipt.cosigner in self.links:
                link = self.links[receipt.cosigner]
                link.held = link.receipted = max(link.receipted, receipt.size)
                self._pass_on(receipt.cosigner, receipt.size)

    def _spread(self, party: str, fork: Fork) -> None:
        """Whoever may hold the other history gets the proof (T1)."""
        proof = base64.b64encode(fork.encode()).decode()
        for other, link in self.links.items():
            if other != party:
                link.want(Accuse(origin=self.gates.partners[party].origin, proof=proof))

    def got(self, party: str, receipt: Receipt) -> None:
        """A partner's receipt for our log; what it says about our votes is passed on to the others."""
        self.gates.add(receipt)
        self._pass_on(party, receipt.size)

    def _pass_on(self, party: str, size: int) -> None:
        if len(self.links) < 2 or not any(index < size for index in self._votes):
            return
        covered = {index for index in self._votes if index < size and (party, index) not in self._shown_votes}
        if not covered:
            return
        self._shown_votes |= {(party, index) for index in covered}
        note = self.book.note_of(size)
        if note is not None:
            for other, link in self.links.items():
                if other != party:
                    link.want(Attest(note=note.decode()))

    def _take(self, party: str, push: Push) -> Steps[Answer]:
        note = push.checkpoint.encode()
        held, lines = yield from self._offer(party, note, push.start, push.entries, push.consistency)
        return Answer(held=held, receipt=lines)

    def _offer(
        self, about: str, note: bytes, start: int, entries: Sequence[bytes], proof: Sequence[bytes]
    ) -> Steps[tuple[int, str]]:
        before = self.mirrors[about].size
        size, lines = yield from self.gates.offer(about, note, start, entries, proof)
        if size > before:  # not for what we have seen before: a replay is no sign of life
            self.links[about].heard_tai_ns = self.links[about].grew_tai_ns = self.now_tai_ns
        return size, lines

    def _tell(self, party: str, run: int) -> Told:
        """L1, for a partner that starts: the last checkpoint of its log that we hold, and the receipts it gave.

        What it sent before, and what it answers to what we sent before, is not taken after this.
        """
        session = self.links[party].open_session(run, self.now_tai_ns)
        wanted = [index + 1 for index in sorted(self._votes)[1 - MAX_TOLD :]]
        given = sorted(receipt.size for receipt in self.gates.receipts if self._is(receipt, party))
        sizes = {given[at] for size in wanted if (at := bisect_left(given, size)) < len(given)} | set(given[-1:])
        notes = (self.book.note_of(size) for size in sorted(sizes))
        return Told(
            yours=self.mirrors[party].checkpoint_note.decode(), mine=tuple(note.decode() for note in notes if note),
            session=session,
        )  # fmt: skip

    def _is(self, receipt: Receipt, cosigner: str) -> bool:
        return receipt.origin == self.config.origin and receipt.cosigner == cosigner

    def _hear(self, party: str, told: Told) -> None:
        """A partner's answer to our question at the start. Only what our own keys signed counts: it cannot stop us."""
        link = self.links[party]
        for text in told.mine:
            self.gates.remember(party, text.encode())
        link.opened(told.number, told.session, self.now_tai_ns)
        if told.yours:
            self._weigh(party, told.yours.encode())
        self.opening.unheard.discard(party)
        if self.mirrors[party].size < self.opening.owed.get(party, 0):
            self.catch_up(party)  # it believes that we hold this, and would not send it again

    def _weigh(self, party: str, note: bytes) -> None:
        writer = self.book.writer
        try:
            refuse_if_behind(writer, [note])
        except BehindPartner as error:
            size = parse_checkpoint(parse_note(note).text).size
            if size <= writer.size or self.book.next_index != self._opened_size:
                self._halt(error)  # we have gone on from an old copy: both histories are signed, or one waits to be
                return
            if self.opening.behind is None or self.opening.behind[1] < size:
                self.opening.behind = (party, size)
            self.links[party].want(Pull(origin=self.config.origin, start=writer.size))

    def _halt(self, error: TocsinError) -> None:
        self.opening.halted = f"{error}; nothing more is signed in this epoch (L10)"
        self._keep(self.config.party, Refusal(self.opening.halted), b"")

    def _pulled(self, party: str, reply: Pulled) -> Steps[None]:
        """Entries that we asked for: our own that a backup lost, a partner's, or the proof of a third one's fork."""
        link = self.links[party]
        asked = [one for one in link.wanted if isinstance(one, Pull) and one.origin == reply.origin]
        link.wanted = [one for one in link.wanted if one not in asked]
        link.fruitful(fruit=bool(reply.checkpoint) and bool(asked), now_tai_ns=self.now_tai_ns)
        if not reply.checkpoint or not asked:
            return
        note = reply.checkpoint.encode()
        if reply.origin == self.config.origin:
            self._take_back(party, note, reply.start, reply.entries)
            return
        about = self.gates.by_origin.get(reply.origin)
        if about is None:
            return
        before = self.mirrors[about].size
        try:
            size, lines = yield from self._offer(about, note, reply.start, reply.entries, reply.consistency)
        except OutOfStep:
            return
        except TocsinError as error:
            self._keep(about, error, note)
            self._after(about, error, party)
            return
        finally:
            self._taken(about)
        if about == party:
            link.want(Pull(origin=reply.origin, start=size, receipt=lines))
        elif size > before:  # one checkpoint at a time: there may be more of what the third keeps from us
            link.want(Pull(origin=reply.origin, start=size))

    def _take_back(self, party: str, note: bytes, start: int, entries: Sequence[bytes]) -> None:
        """L1: our own signed history from a partner that holds it. Nothing is signed anew."""
        behind = self.opening.behind
        if behind is None or self.book.next_index != self._opened_size:
            return
        if start == self.book.writer.size:
            self.book.recover(note, entries)
            self._opened_size = self.book.writer.size
            self.book.commit()
        if self.book.writer.size < behind[1]:
            self.links[party].want(Pull(origin=self.config.origin, start=self.book.writer.size))
            return
        self.opening.behind = None
        self._recovered()

    def _after(self, about: str, error: TocsinError, giver: str = "") -> None:
        """What follows from bad evidence about a log: a conviction, or a question from further back."""
        mirror = self.mirrors[about]
        if isinstance(error, Equivocation):
            self.gates.convict(about, error.fork)
        elif isinstance(error, Inconsistent):
            start = max(0, mirror.size - MAX_ENTRIES // 2)
            self.links[giver or about].want(Pull(origin=mirror.origin, start=start))
