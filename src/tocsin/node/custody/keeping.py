"""A centre through the lives of its keys: it ends its log where a rotation says, opens the next, follows its partners.

The rules are `custody.epochs` (K1 to K6). What was logged in ended epochs is read up to where it binds, and goes on
counting; pictures begin anew, because tracks are told in full again at the head of a new log.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.decide import Receipt
from tocsin.errors import BadEvidence, TocsinError
from tocsin.log.errors import LogError
from tocsin.log.keys import VerifierKey, parse_vkey
from tocsin.mirror import Mirror
from tocsin.node.centre import Centre
from tocsin.node.config import CentreConfig, Former, Ports
from tocsin.node.custody.confidential import NotForUs
from tocsin.node.custody.epochs import Rotated, epochs, rotated
from tocsin.node.custody.roster import Registry, epoch_of, order_of
from tocsin.node.gates import foreign_shelf
from tocsin.node.link import stored_receipts
from tocsin.node.record import Said, number_of, of_mode
from tocsin.node.standing import Standings
from tocsin.release import Draft, Released, Withheld
from tocsin.wire.bodies import Heartbeat, Proposal, Tracklet
from tocsin.wire.custody import EpochNoted, Rotation, Succession
from tocsin.wire.envelope import OfficerSignature, Record
from tocsin.wire.groups import HiddenHead
from tocsin.wire.measures import Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstEntry:
    """The succession that opens our epoch, and what else the root keys signed for its head."""

    body: Succession
    signatures: tuple[OfficerSignature, ...] = ()
    more: tuple[tuple[Record, tuple[OfficerSignature, ...]], ...] = ()


class Keeping(Centre):
    """A centre that knows earlier epochs. With none, and no rotation in its log, it is a plain one."""

    def __init__(self, config: CentreConfig, ports: Ports, first: FirstEntry | None = None) -> None:
        self._first = first
        self._old_receipted: dict[str, int] = {}
        self._ending: tuple[int, Rotated | None] = (-1, None)
        super().__init__(config, ports)

    @property
    def registry(self) -> Registry:
        """Anchors and rosters as all logs held here show them."""
        return self.standings.registry(self.said)

    @property
    def ending(self) -> Rotated | None:
        """The change of keys that our shared log announces; nothing is logged there from its `end` on."""
        if self._ending[0] != len(self.said):
            self._ending = (len(self.said), self.announced(self.config.party, self.config.origin))
        return self._ending[1]

    @property
    def ended(self) -> bool:
        """Whether our log has reached its announced end, and every partner has receipted it."""
        end = self.ending
        return end is not None and self.books["shared"].size >= end.end and all(
            link.receipted >= end.end for link in self.links.values()
        ) and self.groups.receipted

    def announced(self, party: str, origin: str) -> Rotated | None:
        """The change of keys that a party's log announces."""
        log = [one for one in self.said if one.entry.origin == origin]
        if not any(isinstance(one.body, Rotation) for one in log):
            return None
        return rotated(log, self.registry.anchors.get(party))

    def succession(self) -> Succession:
        """How our next epoch begins after the announced end. Only when `ended`."""
        end = self.ending
        if end is None or not self.ended:
            raise AssertionError(f"log {self.config.origin} has not ended")
        return Succession(
            old_origin=self.config.origin, old_epoch=self.config.epoch, closed_size=end.end,
            closed_root=self.books["shared"].gate.held.tree.root_at(end.end).hex(),
            new_epoch=epoch_of(parse_vkey(end.log_keys[0]).name), log_keys=end.log_keys, mirror_keys=end.mirror_keys,
            because="a planned change of keys",
        )  # fmt: skip

    def begin(self) -> None:
        """As a centre's; in a later epoch, with the succession first (K3)."""
        if self._first is not None and not self.books["shared"].next_index and self.border.opening.ready:
            for body, signatures in ((self._first.body, self._first.signatures), *self._first.more):
                super().publish(Draft(body=body, observed_tai_ns=self.now_tai_ns, signatures=signatures))
        super().begin()

    def tick(self) -> None:
        """As a centre's; and say which partners' new epochs we follow."""
        super().tick()
        self._note()

    def _append(self, draft: Draft) -> Released | Withheld:
        """As a centre's, up to the end that our log has announced."""
        end, index = self.ending, self.books["shared"].next_index
        if end is not None and not draft.private and index >= end.end:
            return self._held_back(draft, f"our log ends at entry {end.end}; the next epoch is about to open")
        if isinstance(draft.body, Rotation) and draft.body.effective_index < index + 2:
            why = f"rotation at entry {draft.body.effective_index}: our log is there already; make another, further on"
            return self._held_back(draft, why, retry=False)
        return super()._append(draft)

    def _take_up(self) -> None:
        for former in self.config.former:
            self._old_receipts(former)
        super()._take_up()
        now = self.said
        self.said = []
        for former in sorted(self.config.former, key=lambda one: (one.epoch, one.party)):
            self._former(former)
        self.said += now
        self.standings = Standings(self.parties)  # reads in order, the ended logs first
        self._base_id = max(self._base_id, self._used_ids)

    def _former(self, former: Former) -> None:
        """Entries of an ended log, as far as they bind."""
        own = former.party == self.config.party
        try:
            gate = self._old_gate(former)
            entries = of_mode(gate.entries(0, min(former.end, gate.size)), self.config.mode)
        except TocsinError as error:
            self._keep(former.party, error)
            return
        for entry in entries:
            try:
                said = self.confidential.read(former.party, entry, self.now_tai_ns)
            except NotForUs:
                self.unread.append(entry)
                continue
            except BadEvidence as error:
                self.unread.append(entry)
                self._keep(former.party, error, entry.data)
                continue
            self._remember(said, own=own)

    def _remember(self, said: Said, *, own: bool) -> None:
        if isinstance(said.body, Tracklet):
            if own:
                self._used_ids = max(self._used_ids, number_of(said.body.track))
            self.marks.add(said, said.body)
        elif not isinstance(said.body, Heartbeat | HiddenHead):
            self.said.append(said)
            if isinstance(said.body, Proposal | Measure):
                self.asked.append(said)
            if own:
                self.ledger.add("own" if said.entry.origin.endswith("/own") else "shared", said.statement)

    def former_entries(self) -> list[Said]:
        """Everything on record from ended logs."""
        ended = {former.origin for former in self.config.former}
        return [one for one in self.said if one.entry.origin in ended]

    def _old_gate(self, former: Former) -> Mirror:
        """A gate that only reads: no cosigner, nothing offered."""
        store, cells = self.ports.store(former.origin), self.ports.cells
        made = Mirror.own if former.party == self.config.party else Mirror
        return made(former.origin, former.log_keys, store, cells, self._posix)

    def _old_receipts(self, former: Former) -> None:
        """Receipts that rest on keys of ended epochs: over the ended log, and by its mirror over all others."""
        everybody = [(one.party, one.mirror_keys) for one in self.config.partners]
        everybody += [(one.party, one.mirror_keys) for one in self.config.former]
        mine = tuple(signer.key for signer in self.ports.mirror_signers)
        for cosigner, keys in (*everybody, (self.config.party, mine)):
            if cosigner != former.party and keys:
                for one in self._stored(former.origin, former.log_keys, cosigner, keys):
                    if one.size <= former.end:
                        self.border.gates.add(one)
        logs = [(one.party, one.origin, one.log_keys) for one in self.config.partners]
        logs.append((self.config.party, self.config.origin, self.books["shared"].writer.keys))
        for party, origin, log_keys in logs:
            if party == former.party or not former.mirror_keys:
                continue
            held = self._stored(origin, log_keys, former.party, former.mirror_keys)
            for one in held:
                self.border.gates.add(one)
            if party == self.config.party:
                self._old_receipted[former.origin] = max((one.size for one in held), default=0)

    def _stored(
        self, origin: str, log_keys: Sequence[VerifierKey], cosigner: str, keys: Sequence[VerifierKey]
    ) -> list[Receipt]:
        found = [*stored_receipts(self.ports.store(origin), log_keys, cosigner, keys)]
        return [*found, *stored_receipts(self.ports.store(foreign_shelf(origin)), log_keys, cosigner, keys)]

    def _note(self) -> None:
        """Put into our log which new epochs of partners we follow, once their first entry shows it (K3, K4)."""
        noted = {one.body.new_origin for one in self.said if isinstance(one.body, EpochNoted)}
        for partner in self.config.partners:
            if not partner.epoch or partner.origin in noted or not self.mirrors[partner.party].size:
                continue
            said = [one for one in self.said if one.party == partner.party]
            logs: dict[str, list[Said]] = {}
            for one in sorted(said, key=order_of):
                logs.setdefault(one.entry.origin, []).append(one)
            found = epochs(logs, self.registry, self.receipts)
            body = logs.get(partner.origin, [None])[0]
            if body is None or not isinstance(body.body, Succession) or partner.origin not in found.keys:
                self._keep(partner.party, LogError(f"{partner.origin}: no succession opens it; it binds nobody (K3)"))
                continue
            made = body.body
            self.publish(
                Draft(
                    body=EpochNoted(
                        old_origin=made.old_origin, new_origin=partner.origin, new_epoch=made.new_epoch,
                        closed_size=made.closed_size, closed_root=made.closed_root,
                        own_receipted=self._old_receipted.get(made.old_origin, 0),
                    ),
                    observed_tai_ns=self.now_tai_ns,
                )
            )  # fmt: skip
