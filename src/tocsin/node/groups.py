"""Logs of release groups (L6): ours, and those of the other members, beside the shared ones and over the same links.

A group's log is opened by an entry in `shared` that names its members and keys; once every member's shared log has
one, the group has a border of its own: mirrors, receipts and L1 as for the shared logs, for its members alone. With
every heartbeat `shared` gets one hidden head of each (docs/decisions/0014). A group's log never makes the shared one
move: nothing that is said in it changes when, or in what company, anything is signed in `shared`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from tocsin.errors import BadEvidence, Refusal, TocsinError
from tocsin.log.keys import VerifierKey, parse_vkey
from tocsin.log.steps import Steps
from tocsin.mirror import Mirror
from tocsin.node.book import Book
from tocsin.node.border import Border, Keep
from tocsin.node.custody.heads import WINDOW, GroupTree, Heads, RootAt
from tocsin.node.record import Said, read
from tocsin.node.thinning import Thinning, shelf_of
from tocsin.regime import own_logs
from tocsin.release import Draft, Released, Withheld
from tocsin.release.records import GroupPlace, group_log
from tocsin.wire.confidential import MAY_BE_CONFIDENTIAL
from tocsin.wire.envelope import Reference
from tocsin.wire.errors import WireError
from tocsin.wire.groups import GroupLog, GroupSecret, HiddenHead, group_origin, split_group

if TYPE_CHECKING:
    from tocsin.node.centre import Centre

READ_KINDS = MAY_BE_CONFIDENTIAL | {"group-secret", "key-wrap"}
"""What counts in a group's log. All else stands in `shared`, where everybody must see the same of it."""
OPENS = "opens"


@dataclass(slots=True)
class Room:
    """Our log of one group. `new`: it was opened in this run, so that no earlier one can have signed in it.

    `border` is there once every member has named its keys. `secrets` by member, ourselves included.
    """

    group: str
    parties: tuple[str, ...]
    book: Book
    new: bool
    border: Border | None = None
    thinning: Thinning | None = None
    committing: bool = False
    secrets: dict[str, str] = field(default_factory=dict)
    roots: dict[str, RootAt] = field(default_factory=dict)  # a log only grows: what a root was, it stays

    def gate(self, party: str) -> Mirror | None:
        """A member's log of the group as it is held here."""
        if self.border is not None and party in self.border.mirrors:
            return self.border.mirrors[party]
        return None


class GroupLogs:
    """All of them at one centre; none where the regime has none."""

    def __init__(
        self, centre: "Centre", book: Callable[[str], Book], *, taken: Callable[[str], None],
        recovered: Callable[[], None], keep: Keep,
    ) -> None:  # fmt: skip
        """`book` opens a log of ours; the others are those of a `Border`."""
        self._centre, self._book = centre, book
        self._taken, self._recovered, self._keep = taken, recovered, keep
        self.rooms: dict[str, Room] = {}
        self.origins: set[str] = set()  # of all logs of groups that are held here
        self._named: dict[str, dict[str, tuple[tuple[str, ...], tuple[VerifierKey, ...]]]] = {}
        self._heads: dict[tuple[str, str], Heads] = {}  # by group and member, ourselves included
        self._announced: set[str] = set()
        self._turns: dict[str, int] = {}  # by partner: whose turn it is, so that no log waits for ever

    def clear(self) -> None:
        """Forget what follows from the logs."""
        self._named.clear()
        self._heads.clear()
        for room in self.rooms.values():
            room.secrets.clear()
            room.roots.clear()

    @property
    def places(self) -> dict[str, GroupPlace]:
        """Our logs by group, for the gate of release."""
        me = self._centre.config.party
        return {
            name: GroupPlace(room.book.gate.origin, tuple(one for one in room.parties if one != me))
            for name, room in self.rooms.items()
        }

    def mirrors(self, party: str) -> list[Mirror]:
        """A partner's logs of groups as they are held here."""
        found = (room.gate(party) for room in self.rooms.values())
        return [gate for gate in found if gate is not None]

    def borders(self, party: str) -> list[Border]:
        """Of the groups that we share with a partner."""
        held = [room.border for _, room in sorted(self.rooms.items()) if room.border is not None]
        return [border for border in held if party in border.links]

    @property
    def receipted(self) -> bool:
        """Whether every member has receipted all that stands in our logs of groups."""
        held = [(room.book, room.border) for room in self.rooms.values() if room.border is not None]
        return all(
            not book.pending and link.receipted >= book.size for book, border in held for link in border.links.values()
        )

    def message(self, party: str, now_tai_ns: int) -> bytes | None:
        """Next message for a partner, about the shared logs or a group's: one in flight, and one that is urgent."""
        borders = [self._centre.border, *self.borders(party)]
        flying = [border.links[party].flying(now_tai_ns) for border in borders]
        turn = self._turns.get(party, 0)
        for at in (*range(turn, len(borders)), *range(min(turn, len(borders)))):
            data: bytes | None = borders[at].message(party, now_tai_ns, sum(flying) - flying[at])
            if data is not None:
                self._turns[party] = at + 1 if at + 1 < len(borders) else 0
                return data
        return None

    def members(self, log: str) -> Room | None:
        """The room of a log by its name in `Centre.books`."""
        return next((room for name, room in self.rooms.items() if group_log(name) == log), None)

    def why_not(self, log: str, *, begins: bool = False) -> str:
        """Why nothing may be said in our log of a group now, empty if it may. `begins`: its first entry."""
        room, opening = self.members(log), self._centre.border.opening
        if room is None or not opening.ready:
            return opening.why_not
        if begins == bool(room.book.next_index):
            return f"the log of group {room.group} begins with its secret, and has one"
        if room.border is None:
            named = f"not every member of group {room.group} has named the keys of its log yet"
            return "" if begins and room.new else named
        return room.border.opening.halted

    def objection(self, said: Said) -> str:
        """Why an entry of a group's log counts for nothing, empty if it counts."""
        return "" if said.kind in READ_KINDS else f"stands in the log of a group, where {said.kind} counts for nothing"

    def take(self, said: Said, body: GroupLog | GroupSecret | HiddenHead) -> bool:
        """Keys, secrets and hidden heads; whether it goes on record: heads come as often as heartbeats."""
        shared = said.entry.origin == self._shared(said.party)
        room = self.rooms.get(body.group)
        if isinstance(body, GroupLog):
            try:
                if shared:
                    self._name(said, body)
            except BadEvidence as error:
                self._keep(said.party, error, said.entry.data)
            return True
        parties, _ = self._named.get(body.group, {}).get(said.party, ((), ()))
        if isinstance(body, HiddenHead) and shared and self._centre.config.party in parties:
            heads = self._heads.setdefault((body.group, said.party), Heads())
            heads.waiting.append((said.entry.index, body.commitment))
        place = (said.entry.origin, said.entry.index)
        if room is not None and isinstance(body, GroupSecret) and place == (self._log_of(said.party, body.group), 0):
            room.secrets[said.party] = body.secret
        return False

    def _log_of(self, party: str, group: str) -> str:
        """Origin of a party's log of a group."""
        return group_origin(self._shared(party), group)

    def _shared(self, party: str) -> str:
        """Origin of a party's shared log."""
        config = self._centre.config
        return config.origin if party == config.party else self._centre.border.gates.partners[party].origin

    def lost(self, party: str) -> None:
        """No answer came to a request of a partner's."""
        for border in (self._centre.border, *self.borders(party)):
            border.links[party].lost()

    def announce(self) -> None:
        """Open our log of each group that the regime gives one and that we belong to."""
        centre = self._centre
        if centre.ports.vault is None or not centre.border.opening.ready or not centre.books["shared"].next_index:
            return
        me = centre.config.party
        for name, members in own_logs(centre.config.regime, me).items():
            known = me in self._named.get(name, ()) or name in self._announced
            if not known and set(members) <= set(centre.parties):
                self._announced.add(name)
                signers = centre.ports.log_signers(group_origin(centre.config.origin, name))
                keys = tuple(signer.key.text for signer in signers)
                centre.say(GroupLog(group=name, parties=members, log_keys=keys))

    def turn(self) -> None:
        """At every tick."""
        self.announce()
        vault = self._centre.ports.vault
        for name, room in sorted(self.rooms.items()):
            if room.border is not None:
                room.border.tick()
            if vault is not None and not self.why_not(group_log(name), begins=True):
                body = GroupSecret(group=name, secret=vault.fresh().hex())
                self._centre.publish(Draft(body=body, observed_tai_ns=self._centre.now_tai_ns, log_of=name))
            self.commit(group_log(name), wait=False)
            self._check(room)
            if room.thinning is not None:
                room.thinning.turn()

    def beat(self) -> Iterator[HiddenHead]:
        """One hidden head for each of our logs, to be logged in `shared` one by one as they come."""
        centre, me = self._centre, self._centre.config.party
        for _, room in sorted(self.rooms.items()):
            tree = self._tree(room, me)
            if tree is not None and room.book.size:
                index = centre.books["shared"].next_index
                yield HiddenHead(group=room.group, commitment=tree.commitment(index, room.book.size))

    def commit(self, log: str, *, wait: bool = True) -> None:
        """Sign what is pending in our log of a group, and nothing else."""
        room = self.members(log)
        if wait:
            self._centre.courses.settle()
        if room is None or not room.book.pending or room.committing:
            return
        if room.border is not None and room.border.opening.halted:
            return
        room.committing = True
        if wait:
            self._centre.courses.now(self._commit(room))
        else:
            self._centre.courses.begin(self._commit(room))

    def _commit(self, room: Room) -> Steps[None]:
        try:
            while room.book.pending:
                yield from room.book.commit_steps()
                room.book.urgent = room.book.size
        except TocsinError as error:
            self._centre.keep(error)
        finally:
            room.committing = False
        self._taken(self._centre.config.party)

    def open_head(self, origin: str, index: int) -> Released | Withheld:
        """Show everybody what a hidden head holds: entry `index` of a shared log. Raises Refusal."""
        centre = self._centre
        gates = {gate.origin: gate for gate in (centre.books["shared"].gate, *centre.mirrors.values())}
        party = next((name for name in centre.parties if self._shared(name) == origin), "")
        if not party or not 0 <= index < gates[origin].size:
            raise Refusal(f"entry {index} of {origin[:200]}: an entry of a shared log that is held here was expected")
        (entry,) = gates[origin].entries(index, index + 1)
        said = read(party, entry)
        room = self.rooms.get(said.body.group) if isinstance(said.body, HiddenHead) else None
        tree = self._tree(room, party) if room is not None else None
        made = tree.opened(index, said.body) if tree is not None and isinstance(said.body, HiddenHead) else None
        if made is None:
            raise Refusal(f"entry {index} of {origin}: no hidden head of a log that is held here")
        place = Reference(
            role=OPENS, origin=origin, epoch=said.statement.epoch, index=index, sha256=entry.sha256
        )
        return centre.publish(Draft(body=made, observed_tai_ns=centre.now_tai_ns, references=(place,)))

    def _name(self, said: Said, body: GroupLog) -> None:
        known, me = self._named.setdefault(body.group, {}), self._centre.config.party
        words = f"entry {said.entry.index} of {said.entry.origin}: group {body.group}"
        if said.party in known:
            raise WireError(f"{words} has a log already; it stays as it was opened", said.entry.data)
        keys = tuple(parse_vkey(text) for text in body.log_keys)
        if any(key.name != group_origin(said.entry.origin, body.group) for key in keys):
            raise WireError(f"{words}: keys that carry the name of its log were expected", said.entry.data)
        if said.party != me and not self._sound(said.party, keys):
            raise WireError(f"{words}: a key of each kind, used for nothing else, was expected", said.entry.data)
        known[said.party] = (body.parties, keys)
        if said.party == me:
            self._open(body, keys)
        self._connect(body.group)

    def _sound(self, party: str, keys: tuple[VerifierKey, ...]) -> bool:
        """As many kinds of keys as the party's shared log has (L9), and no public key that serves twice."""
        partners = self._centre.config.partners
        used = {key.public for one in partners for key in (*one.log_keys, *one.mirror_keys)}
        used |= {key.public for known in self._named.values() for _, held in known.values() for key in held}
        kinds = next(sorted(key.algorithm for key in one.log_keys) for one in partners if one.party == party)
        return sorted(key.algorithm for key in keys) == kinds and not used & {key.public for key in keys}

    def _open(self, body: GroupLog, keys: tuple[VerifierKey, ...]) -> None:
        centre, name = self._centre, group_log(body.group)
        if name in centre.books:
            return
        book = self._book(group_origin(centre.config.origin, body.group))
        if {key.text for key in book.writer.keys} != {key.text for key in keys}:
            return  # not with the keys that we have: nothing is signed there
        centre.books[name], centre.origins[name] = book, book.gate.origin
        self.origins.add(book.gate.origin)
        self.rooms[body.group] = Room(body.group, body.parties, book, new=body.group in self._announced)

    def _connect(self, group: str) -> None:
        """Once every member has named the same members and its keys."""
        room, known, centre = self.rooms.get(group), self._named[group], self._centre
        if room is None or room.border is not None:
            return
        if any(known.get(party, ((), ()))[0] != room.parties for party in room.parties):
            return
        partners = tuple(
            replace(one, origin=group_origin(one.origin, group), log_keys=known[one.party][1])
            for one in centre.config.partners
            if one.party in room.parties
        )
        config = replace(centre.config, origin=room.book.gate.origin, partners=partners, former=())
        room.border = border = Border(
            config, centre.ports, room.book, centre.border.gates.clock, taken=self._taken,
            recovered=self._recovered, keep=self._keep, log=group, fresh=room.new,
        )  # fmt: skip
        for party, link in border.links.items():
            link.intake = centre.links[party].intake  # what a partner may send is one quota
        self.origins |= {partner.origin for partner in partners}
        centre.border.opening.others.append(border.opening)
        border.take_up()
        shelves = [shelf_of(name, centre.ports) for name in (config.origin, *(one.origin for one in partners))]
        room.thinning = Thinning(centre, shelves, border)

    def _tree(self, room: Room, party: str) -> GroupTree | None:
        gate = room.book.gate if party == self._centre.config.party else room.gate(party)
        secret = room.secrets.get(party)
        if gate is None or secret is None or not gate.size:
            return None
        if party not in room.roots:
            room.roots[party] = lru_cache(2 * WINDOW)(partial(self._root, room, party))
        return GroupTree(split_group(gate.origin)[0], room.group, secret, gate.size, room.roots[party])

    def _root(self, room: Room, party: str, size: int) -> bytes:
        gate = room.gate(party)
        return (room.book.gate if gate is None else gate).held.tree.root_at(size)

    def _check(self, room: Room) -> None:
        """Every hidden head against what we hold; what is not here yet is asked for."""
        for party in room.parties:
            heads, tree, gate = self._heads.get((room.group, party)), self._tree(room, party), room.gate(party)
            if tree is not None and heads is not None:
                for words in heads.check(tree):
                    self._keep(party, BadEvidence(words), b"")
            elif tree is None and gate is not None and self._centre.taken(gate.origin):
                self._keep(party, BadEvidence(f"{gate.origin}: it does not begin with its secret"), b"")
            if heads is not None and len(heads.waiting) > 1 and gate is not None and room.border is not None:
                room.border.catch_up(party)
