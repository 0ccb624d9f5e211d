"""Everything verified that one centre holds of its partners: mirrors, receipts of everybody, proofs of forks.

Foreign bytes come in here and nowhere else, each through its gate. Raises the four roots of failure; who catches them
is the border.
"""

import base64
import binascii
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress

from tocsin.decide import Receipt
from tocsin.errors import BadEvidence, Outage
from tocsin.log.checkpoint import parse_checkpoint
from tocsin.log.cosignature import open_checkpoint
from tocsin.log.note import parse_note
from tocsin.log.ports import Clock
from tocsin.log.steps import Steps
from tocsin.mirror import Fork, Mirror, parse_fork, verify_fork, verify_receipt
from tocsin.mirror.evidence import prefix_root
from tocsin.mirror.ports import MirrorStore
from tocsin.mirror.receipt import attach, keep_known
from tocsin.mirror.state import fork_cell
from tocsin.node.book import Book, last_within
from tocsin.node.config import SPARE_BYTES, CentreConfig, Partner, Ports
from tocsin.node.exchange import Accuse, Attest, Noted
from tocsin.node.link import receipt_of, stored_receipts
from tocsin.node.opening import Opening

JUMP_MAX_S = 86_400  # no clock of a running centre gains a day between two looks at it


class ClockJump(Outage):
    """The clock went ahead so far that a receipt dated by it would bind us to that future for good."""


class Floored:
    """The mirrors' clock: never before what we are known to have stated, whatever a backup brought back (V5).

    A reading far ahead of the last one dates no receipt and raises no floor, until the clock is back or a person has
    said that it is right (`confirm`): the floor never comes down again. What we log ourselves goes on.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last_s: int | None = None
        self.floor_s = 0

    def posix_s(self) -> int:
        """Whole POSIX seconds now. Raises ClockJump."""
        now_s, ahead_s = self._clock.posix_s(), self.ahead_s()
        if ahead_s is not None:
            raise ClockJump(
                f"our clock reads {now_s} s, {ahead_s} s after the last look: no receipt is dated so; set it right, or "
                f"confirm it"
            )
        self._last_s = now_s
        return max(now_s, self.floor_s)

    def ahead_s(self) -> int | None:
        """By how many seconds the clock went ahead since the last look, if that is too far to date anything by it."""
        gone_s = 0 if self._last_s is None else self._clock.posix_s() - self._last_s
        return gone_s if gone_s > JUMP_MAX_S else None

    def at_least(self, time_s: int, *, unless_ahead: bool = False) -> None:
        """We have stated this time ourselves: no receipt is dated below it again, whatever a backup brought back.

        `unless_ahead`: not where the clock that stated it was far ahead of what it reads now.
        """
        if not unless_ahead or time_s <= self._clock.posix_s() + JUMP_MAX_S:
            self.floor_s = max(self.floor_s, time_s)

    def confirm(self) -> None:
        """A person has compared the clock: its reading now counts."""
        self._last_s = self._clock.posix_s()


class Gates:
    """Mirrors by party, and what was proved by signatures. `convicted_now` is told of each party whose log forked."""

    def __init__(
        self, config: CentreConfig, ports: Ports, book: Book, clock: Clock, convicted_now: Callable[[str, Fork], None],
        fresh: bool | None = None,
    ) -> None:  # fmt: skip
        """`fresh`: whether an earlier run can have signed nothing; None: if nothing is held."""
        self.config = config
        self.book = book
        self.clock = clock if isinstance(clock, Floored) else Floored(clock)
        self.ports = ports
        self.room = ports.room
        self._convicted_now = convicted_now
        self.partners = {partner.party: partner for partner in config.partners}
        self.by_origin = {partner.origin: partner.party for partner in config.partners}
        self._mirror_names = {one.party: {key.name for key in one.mirror_keys} for one in config.partners}
        self._mirror_names[config.party] = {signer.key.name for signer in ports.mirror_signers}
        self.mirrors = {partner.party: self._mirror(partner) for partner in config.partners}
        wait_s = config.start_wait_s
        now_ns = ports.clock.now_tai_ns()
        self.opening = Opening(now_ns, None if wait_s is None else wait_s * 1_000_000_000)
        empty = not book.writer.size and not any(mirror.size for mirror in self.mirrors.values())
        self.fresh = empty if fresh is None else fresh
        if not self.fresh:
            self.opening.unheard = set(self.partners)
        self.receipts: list[Receipt] = []
        self.convicted: dict[str, Fork] = {}
        self.changes = 0  # moves with every receipt that is taken up
        self._known: dict[tuple[str, str, int, str], list[Receipt]] = {}
        self.settled: dict[str, int] = {}  # by log: up to where its receipts were thinned (node.thinning)
        self.late: set[tuple[str, int]] = set()  # (log, size) of receipts that came for what was thinned
        self._anew: dict[tuple[str, int], dict[str, int]] = {}  # by (log, size), then party: a later time it stated

    def take_up_receipts(self, known: Iterable[Receipt] = ()) -> None:
        """Receipts and proofs of forks as they are stored; what each partner has receipted of our log.

        `known`: receipts that were taken up before, up to some size for each log and cosigner; the later ones are
        verified again.
        """
        last: dict[tuple[str, str], int] = {}
        for receipt in known:
            if self._is_kept(receipt):
                self.add(receipt)
            pair = (receipt.origin, receipt.cosigner)
            last[pair] = max(last.get(pair, -1), receipt.size)
        mine = tuple(signer.key for signer in self.ports.mirror_signers)
        mirrors = {self.config.party: mine, **{name: one.mirror_keys for name, one in self.partners.items()}}
        logs = {self.config.party: (self.config.origin, self.book.writer.keys)}
        logs |= {name: (one.origin, one.log_keys) for name, one in self.partners.items()}
        for owner, (origin, keys) in logs.items():
            held = self.book.size if owner == self.config.party else self.mirrors[owner].size
            for cosigner, cosigner_keys in mirrors.items():
                if cosigner == owner:
                    continue
                ours = self.config.party in (owner, cosigner)
                store = self.ports.store(origin if ours else foreign_shelf(origin))
                above = last.get((origin, cosigner), -1)
                for receipt in stored_receipts(store, keys, cosigner, cosigner_keys, above):
                    if receipt.size > held:
                        continue
                    self.add(receipt)
        for party, mirror in self.mirrors.items():
            fork = mirror.fork
            if fork is not None:
                self.convict(party, fork)

    def attested(self, party: str, request: Attest) -> Noted:
        """Receipts by third parties over a partner's votes: verified and stored like our own (V2)."""
        note, mirror, partner = request.note.encode(), self.mirrors[party], self.partners[party]
        if claimed_size(note) > mirror.size:
            return Noted(later=True)
        head = open_checkpoint(note, partner.log_keys).checkpoint
        if mirror.held.tree.root_at(head.size) != head.root:
            mirror.offer(note, head.size, [])  # raises Equivocation with the proof
        for name, other in self.partners.items():
            known = {(key.name, key.key_id) for key in other.mirror_keys}
            if name != party and known <= {(line.name, line.key_id) for line in parse_note(note).signatures}:
                time_s = verify_receipt(note, partner.log_keys, other.mirror_keys)
                self._keep_foreign(partner, head.size, note)
                self.add(receipt_of(note, name, time_s))
        return Noted()

    def _keep_foreign(self, partner: Partner, size: int, note: bytes) -> None:
        """Receipts by third parties have a shelf of their own: they say nothing about what we receipted."""
        store = self.ports.store(foreign_shelf(partner.origin))
        found = store.first_receipt(size - 1)
        if found is not None and found[0] == size:
            note = attach(found[1], b"".join(line.encode() for line in parse_note(note).signatures))
        store.put_receipt(size, note)

    def accused(self, request: Accuse) -> Noted:
        about = self.by_origin.get(request.origin)
        if about is None:
            raise BadEvidence(f"accusation of {request.origin[:80]}: no log of this agreement")
        try:
            fork = parse_fork(base64.b64decode(request.proof, validate=True))
        except (binascii.Error, ValueError) as error:
            raise BadEvidence("accusation: its proof is not base64", request.proof.encode()) from error
        verify_fork(fork, self.partners[about].log_keys)
        with suppress(Outage):
            self.ports.cells.swap(fork_cell(request.origin), None, fork.encode())
        self.convict(about, fork)
        return Noted()

    def convict(self, party: str, fork: Fork) -> None:
        """A log signed two histories: decisions that rest on it are disputed from now on (T1)."""
        if party in self.convicted:
            return
        self.convicted[party] = fork
        origin = self.partners[party].origin
        for note, nodes in ((fork.first, fork.first_nodes), (fork.second, fork.second_nodes)):
            root = prefix_root(parse_checkpoint(parse_note(note).text), fork.at, nodes)
            self.add(Receipt(cosigner=party, origin=origin, size=fork.at, root=root.hex(), time_s=0))
        self._convicted_now(party, fork)

    def add(self, receipt: Receipt) -> None:
        """Of one checkpoint and one cosigner the earliest and the latest time are all that can ever count (V2, V5).

        What lies between is dropped, so that a partner which dates the same receipt anew for ever fills no memory.
        """
        held = self.receipts_of(receipt)
        if receipt in held or (len(held) == 2 and held[0] < receipt < held[1]):
            return
        held.append(receipt)
        held.sort()
        self.changes += 1
        if len(held) > 2:
            self.receipts.remove(held.pop(1))
        if len(held) > 1:
            self._anew.setdefault((receipt.origin, receipt.size), {})[receipt.cosigner] = held[-1].time_s
        self.receipts.append(receipt)
        if receipt.size <= self.settled.get(receipt.origin, 0):
            self.late.add((receipt.origin, receipt.size))

    def forget(self, origin: str, sizes: Collection[int], *, foreign: bool) -> None:
        """Receipts that were thinned from the stores, of third parties (`foreign`) or the others. Forks stay."""
        roots: dict[int, set[str]] = {}
        for receipt in self.receipts if sizes else ():
            if receipt.origin == origin and receipt.size in sizes:
                roots.setdefault(receipt.size, set()).add(receipt.root)
        gone = {size for size, found in roots.items() if len(found) == 1}
        if not gone:
            return
        kept = []
        for receipt in self.receipts:
            others = foreign == (receipt.cosigner != self.config.party)
            if receipt.origin == origin and receipt.size in gone and (others or origin == self.config.origin):
                self._known.pop((receipt.cosigner, origin, receipt.size, receipt.root), None)
            else:
                kept.append(receipt)
        self.receipts[:] = kept
        for size in gone:
            self._anew.pop((origin, size), None)

    def later_time(self, origin: str, size: int, name: str) -> tuple[int, ...]:
        """A later time that a mirror of this name stated about the same checkpoint, if any."""
        found = self._anew.get((origin, size), {})
        return tuple(found[party] for party, names in self._mirror_names.items() if name in names and party in found)

    def _is_kept(self, receipt: Receipt) -> bool:
        """Whether a receipt of an earlier run was not thinned since: a shortcut may be older than the stores."""
        if receipt.size > self.settled.get(receipt.origin, 0):
            return True
        ours = receipt.cosigner == self.config.party or receipt.origin == self.config.origin
        found = self.ports.store(receipt.origin if ours else foreign_shelf(receipt.origin)).first_receipt(
            receipt.size - 1
        )
        return found is not None and found[0] == receipt.size

    def receipts_of(self, like: Receipt) -> list[Receipt]:
        """What is known of this cosigner about this very checkpoint, the earliest first; at most two."""
        return self._known.setdefault((like.cosigner, like.origin, like.size, like.root), [])

    def offer(
        self, party: str, note: bytes, start: int, entries: Sequence[bytes], proof: Sequence[bytes]
    ) -> Steps[tuple[int, str]]:
        """Through the gate: (size now held, our receipt lines). Mute where a receipt could contradict a lost one."""
        if entries and self.room is not None and self.room() < SPARE_BYTES:
            raise Outage("our disk is all but full: what is left is kept for our own log; free some, then it goes on")
        mirror, partner = self.mirrors[party], self.partners[party]
        before = mirror.size
        if not self.opening.may_receipt(party, claimed_size(note)):
            mute = Mirror(mirror.origin, partner.log_keys, self.store(partner), self.ports.cells, self.clock)
            try:
                mute.offer(note, start, entries, proof)
            finally:
                self.mirrors[party] = self._mirror(partner)
            return self.mirrors[party].size, ""
        receipt = yield from mirror.offer_steps(note, start, entries, proof)
        lines = receipt.lines
        if receipt.size == before:  # a receipt given before says an earlier time, and that is the one that counts (V2)
            lines = self._given_before(mirror, receipt.size) or lines
        if lines == receipt.lines:  # the first for this size, also where the entries came while we were mute
            self.add(receipt_of(receipt.note, self.config.party, receipt.time_s))
        return receipt.size, lines.decode()

    def _given_before(self, mirror: Mirror, size: int) -> bytes:
        found = self.store(self.partners[self.by_origin[mirror.origin]]).first_receipt(size - 1)
        if found is None or found[0] != size:
            return b""
        mine = {(key.name, key.key_id) for key in mirror.cosigner_keys}
        return b"".join(
            line.encode() for line in parse_note(found[1]).signatures if (line.name, line.key_id) in mine
        )

    def remember(self, party: str, note: bytes) -> None:
        """A receipt that we gave, shown to us by its holder: never again below its size or its time (V5)."""
        partner, mine = self.partners[party], [signer.key for signer in self.ports.mirror_signers]
        signed = open_checkpoint(note, partner.log_keys, mine)
        if len(signed.cosigned) < len(mine):
            return
        size, time_s = signed.checkpoint.size, max(time_s for _, time_s in signed.cosigned)
        self.opening.owed[party] = max(self.opening.owed.get(party, 0), size)
        self.clock.at_least(time_s)
        receipt = receipt_of(note, self.config.party, time_s)
        if receipt in self.receipts_of(receipt):
            return
        store = self.store(partner)
        found = store.first_receipt(size - 1)
        if found is None or found[0] != size:
            store.put_receipt(size, keep_known(note, (*partner.log_keys, *mine)))
        self.add(receipt)

    def shown(self, mirror: Mirror, start: int, most: int, *, first: bool) -> tuple[int, bytes]:
        store = self.store(self.partners[self.by_origin[mirror.origin]])
        if first:
            found = store.first_receipt(start)
            if found is not None and found[0] <= start + most:
                return found
        if mirror.size <= start + most:
            return mirror.size, mirror.checkpoint_note
        return last_within(store, start, start + most)

    def store(self, partner: Partner) -> MirrorStore:
        return self.ports.store(partner.origin)

    def _mirror(self, partner: Partner) -> Mirror:
        signers = self.ports.mirror_signers
        return Mirror(partner.origin, partner.log_keys, self.store(partner), self.ports.cells, self.clock, signers)


def foreign_shelf(origin: str) -> str:
    """Name of the store of receipts by third parties; no origin has a space in it."""
    return f"{origin} receipted by others"


def claimed_size(note: bytes) -> int:
    """Size that an unverified note states. Raises LogError."""
    return parse_checkpoint(parse_note(note).text).size
