"""One partner that cheats with its own keys: it forks its log, keeps silence, floods, or dates receipts back."""

from functools import partial
from typing import TYPE_CHECKING

import msgspec

from tocsin.errors import BadEvidence
from tocsin.log.checkpoint import parse_checkpoint
from tocsin.log.cosignature import sign_checkpoint
from tocsin.log.note import parse_note
from tocsin.node import commands
from tocsin.node.exchange import MAX_MESSAGE_BYTES, Answer, encode
from tocsin.sim.faults.net import Message
from tocsin.sim.faults.party import Party
from tocsin.wire.bodies import Proposal

if TYPE_CHECKING:
    from tocsin.sim.faults.world import World

FLOOD = 40


class Cheat:
    """`begin` at some time; `intercepts` sees every message to or from the cheat first."""

    def __init__(self, world: "World", name: str, how: str) -> None:
        self.world = world
        self.name = name
        self.how = how
        self.active = False
        self.victims: list[str] = []
        self.shadow: Party | None = None
        self._captured: list[bytes] = []

    def begin(self) -> None:
        """Start cheating some of the others."""
        party = self.world.parties[self.name]
        others = [name for name in self.world.plan.names if name != self.name]
        self.victims = [name for name in others if self.world.rng.random() < 0.5] or others[:1]
        if self.how == "equivocate":
            self._fork(party)
        self.active = True
        self.world.count(self.how)

    def _fork(self, party: Party) -> None:
        """A second machine with the same keys and the log so far; from now on the victims see that one."""
        if party.centre is None:
            return
        shadow = Party(name=party.name, config=party.config, keys=party.keys, clock=party.clock, honest=False)
        for origin in party.disk.stores:
            shadow.disk.store(origin)
        shadow.disk.restore(party.disk.backup())
        try:
            centre = shadow.boot()
        except BadEvidence:
            return  # its own disk is rotten: no second machine starts from that
        centre.border.opening.unheard.clear()
        for name, link in centre.links.items():
            real = party.centre.links[name]
            link.told, link.session, link.given, link.given_to = True, real.session, real.given, real.given_to
        self.shadow = shadow
        self.world.officers[self.name].notify(centre)
        if party.centre.said and any(isinstance(said.body, Proposal) for said in centre.said):
            self._close_all(shadow)

    def _close_all(self, shadow: Party) -> None:
        centre = shadow.centre
        for said in list(centre.said) if centre else []:
            if centre is not None and isinstance(said.body, Proposal):
                self.world.person(shadow, partial(commands.vote, centre, said.entry, "close", "officer"))

    def turn(self) -> None:
        """At every tick of the cheat."""
        if not self.active:
            return
        if self.shadow is not None and self.shadow.centre is not None:
            centre = self.shadow.centre
            self.world.act(self.shadow, centre.tick)
        if self.how == "flood":
            self._flood()

    def _flood(self) -> None:
        rng, net = self.world.rng, self.world.net
        for victim in self.victims:
            for number in range(FLOOD):
                data = bytes(rng.integers(0, 256, 40, dtype="uint8"))
                if self._captured and number % 4 == 0:
                    data = self._captured[int(rng.integers(len(self._captured)))]
                elif number % 4 == 1:
                    data = b'{"type":"push","checkpoint":"' + b"A" * 500 + b'","start":0,"entries":[],"consistency":[]}'
                party = self.world.parties[victim]
                if party.centre is not None:
                    self.world.handle(party, Message(self.name, victim, True, data))
            if rng.random() < 0.1 and self.world.parties[victim].centre is not None:
                self.world.handle(
                    self.world.parties[victim], Message(self.name, victim, True, bytes(MAX_MESSAGE_BYTES + 1))
                )
            net.send(Message(self.name, victim, True, b"\xff\xfe"))

    def intercepts(self, message: Message) -> bool:
        """Whether the cheat has dealt with a message itself."""
        if message.sender == self.name and message.request and len(self._captured) < 20:
            self._captured.append(message.data)
        if not self.active or self.name not in (message.sender, message.receiver):
            return False
        if self.how == "withhold":
            return message.sender == self.name and message.receiver in self.victims
        if message.receiver != self.name:
            return False
        if self.how == "equivocate" and self.shadow is not None and message.sender in self.victims:
            self.world.handle(self.shadow, message)
            return True
        return self.how == "backdate" and message.request and self._backdate(message)

    def _backdate(self, message: Message) -> bool:
        """A receipt with a time before the deadline, whatever the time is; the centre takes the push besides."""
        party = self.world.parties[self.name]
        try:
            body = msgspec.json.decode(message.data)
            note = parse_note(body["checkpoint"].encode())
        except (msgspec.MsgspecError, KeyError, TypeError):
            return False
        centre = party.centre
        if centre is None:
            return True
        deadlines = [said.body.deadline_s for said in centre.said if isinstance(said.body, Proposal)]
        if not deadlines:
            return False
        self.world.act(party, lambda: centre.receive(message.sender, message.data))
        checkpoint = parse_checkpoint(note.text)
        time_s = min(max(deadlines) - 1, centre.posix_s())
        lines = b"".join(sign_checkpoint(checkpoint, one, time_s).encode() for one in party.keys.mirror)
        answer = Answer(held=checkpoint.size, receipt=lines.decode(), number=body.get("number", 0))
        self.world.net.send(Message(self.name, message.sender, False, encode(answer)))
        return True
