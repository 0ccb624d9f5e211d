"""One run: parties, network, faults and cheats on virtual time, judged after every step."""

from collections.abc import Callable

import numpy as np

from tocsin import regime as regimes
from tocsin.errors import BadEvidence, Outage, Refusal, TocsinError
from tocsin.node import queries
from tocsin.node.centre import Centre
from tocsin.node.exchange import encode
from tocsin.sim.faults import checks
from tocsin.sim.faults.cheats import Cheat
from tocsin.sim.faults.disk import PowerCut
from tocsin.sim.faults.net import Message, Net
from tocsin.sim.faults.party import Party, parties
from tocsin.sim.faults.people import Officer
from tocsin.sim.faults.plan import DEADLINE_S, Plan
from tocsin.sim.faults.repair import repair
from tocsin.sim.faults.telling import EVERY, Known, Telling
from tocsin.sim.schedule import Schedule
from tocsin.wire.bodies import Proposal
from tocsin.world.time import parse_utc

NS = 1_000_000_000
BEGIN_TAI_NS = parse_utc("2000-06-04T00:00:00Z")
TICK_NS = 5 * NS
AFRESH = 100  # steps between two judgements that trust no earlier look
PICTURED_TAI_NS = BEGIN_TAI_NS + 300 * NS  # past every track, whatever the clocks: they are stated in the first minute
PICTURED_STEP_NS = 100 * NS

Heads = tuple[int, ...]


def short_regime() -> regimes.Regime:
    """The shipped joint regime with a deadline that a run can outlive."""
    text = regimes.shipped("joint").replace(b"deadline_s = 180", b"deadline_s = %d" % DEADLINE_S)
    return regimes.load(text, "joint with a short deadline")


REGIME = short_regime()


class World:
    """`violations` stays empty unless a check finds something. `happened` counts faults that took effect."""

    def __init__(self, seed: int, plan: Plan, rng: np.random.Generator) -> None:
        self.plan = plan
        self.rng = rng
        self.schedule = Schedule(BEGIN_TAI_NS)
        self.steps = self.ticks = 0
        self.happened: dict[str, int] = {}
        self.healed = False
        self.parties = parties(plan.names, seed, REGIME, self.schedule, patient=plan.patient, real=plan.real)
        for name, how in (plan.cheat,):
            if how:
                self.parties[name].honest = False
        self.honest = [party for party in self.parties.values() if party.honest]
        self.seen = checks.Seen(
            {name: party.honest for name, party in self.parties.items()},
            {name: party.origin for name, party in self.parties.items()},
        )
        self.net = Net(self.schedule, rng, self._arrive, self._sent)
        self.officers = {name: Officer(name, rng) for name in plan.names}
        self.cheat = Cheat(self, *plan.cheat) if plan.cheat[1] else None
        self._promised: dict[checks.Pair, int] = {}
        self._statuses: dict[str, dict[str, str]] = {}  # by proposal, then party
        self._read: dict[tuple[str, str], tuple[object, ...]] = {}
        self._telling = {name: Telling() for name in plan.names}
        self._known: dict[str, Known] = {name: Known() for name in plan.names}
        self.parted: dict[str, set[str]] = {}
        self._acted: set[str] = set()  # whose centre did anything since the last judgement
        self._heads: dict[str, Heads] = {}
        self._compared: set[Heads] = set()
        self._compare_at = 0
        self._compare_due = False
        self.ever: set[str] = set()
        self._handling: Message | None = None

    @property
    def violations(self) -> list[str]:
        """What the checks found."""
        return self.seen.violations

    def count(self, what: str) -> None:
        """Something of this kind happened."""
        self.happened[what] = self.happened.get(what, 0) + 1

    def at(self, t_s: float, action: Callable[[], object]) -> None:
        """Run an action at a time since the beginning, and judge after it."""
        self.schedule.at(BEGIN_TAI_NS + round(t_s * NS), lambda: self.step(action))

    def later(self, wait_s: float, action: Callable[[], object]) -> None:
        """Run an action after a while."""
        self.schedule.at(self.schedule.now_tai_ns() + round(wait_s * NS), lambda: self.step(action))

    def step(self, action: Callable[[], object]) -> None:
        """One step: act, then every check; now and then as if nothing had been looked at before."""
        self.steps += 1
        action()
        if self.steps % AFRESH == 0:
            self.judge_everything()
        else:
            self.judge()

    def boot(self, party: Party) -> None:
        """Start a centre; a machine that cannot start is repaired or tried again."""
        if party.centre is not None:
            return
        try:
            centre = party.boot()
        except PowerCut:
            self.crash(party)
        except Outage:
            party.centre = None
            self.later(2.0, lambda: self.boot(party))
        except BadEvidence:
            party.centre = None
            self.count("fsck")
            repair(self, party)
            self.later(1.0, lambda: self.boot(party))
        else:
            self.act(party, centre.begin)

    def crash(self, party: Party) -> None:
        """The power went; it comes back after a while."""
        self.count("power-cut")
        party.centre = None
        party.disk.lose_power(self.rng)
        self.later(1.0 + 8.0 * self.rng.random(), lambda: self.boot(party))

    def forget(self, party: Party) -> None:
        """What a burnt machine signed and nobody holds, its backup included, never was: only that can disagree."""
        held = max(one.holds(party.origin) for one in self.parties.values())
        history = self.seen.logs.get(party.origin)
        if history is not None:
            history.forget(held)

    def tick(self, party: Party) -> None:
        """The centre's own clock work and its officer's."""
        centre = party.centre
        if centre is not None:
            self.act(party, centre.tick)
            self.ticks += 1
            if self.ticks % 4 == 0:
                self.person(party, party.keep_shortcut)
            for action in self._asked(party, centre):
                self.person(party, action)
        self.schedule.at(self.schedule.now_tai_ns() + TICK_NS, lambda: self.step(lambda: self.tick(party)))

    def _asked(self, party: Party, centre: Centre) -> list[Callable[[], object]]:
        return self.officers[party.name].turn(centre) if party.centre is centre else []

    def person(self, party: Party, action: Callable[[], object]) -> None:
        """What a person does may be refused, or fail for now."""

        def attempt() -> None:
            try:
                action()
            except (Refusal, Outage, BadEvidence):
                self.count("refused")

        if party.centre is not None:
            self.act(party, attempt)

    def act(self, party: Party, action: Callable[[], object]) -> object:
        """Let a centre act, then send what it has to say. No failure may leave it (C6)."""
        self._acted.add(party.name)
        try:
            result = action()
            self._flush(party)
        except PowerCut:
            self.crash(party)
            return None
        except (TocsinError, AssertionError, LookupError, TypeError, ValueError, ArithmeticError) as error:
            if party.honest:
                self.violations.append(f"C6 {party.name}: {type(error).__name__}: {error}")
            party.centre = None
            self.later(1.0, lambda: self.boot(party))
            return None
        return result

    def _flush(self, party: Party) -> None:
        if party.centre is None:
            return
        for partner, data in party.centre.outgoing():
            self.net.send(Message(party.name, partner, True, data))

    def _sent(self, message: Message) -> None:
        party = self.parties[message.sender]
        if self._handling is not None and not message.request:
            self._arrived(receipted=b'"receipt"' in message.data)  # before the receipt for it is judged
        read = self.seen.request if message.request else self.seen.reply
        if party.old and message.request and b'"type":"push"' in message.data:
            return  # counted when it arrives
        given = read(message.sender, message.receiver, message.data)
        if given is not None and party.honest:
            origin, size = given
            start = self._promised.get((party.name, origin), 0)
            self.seen.check_disk(party.name, party.disk.store(origin).durable, origin, start, size)
            self._promised[party.name, origin] = max(start, size)

    def _arrive(self, message: Message) -> None:
        self.step(lambda: self._handle(message))

    def _handle(self, message: Message) -> None:
        self._handling = message if message.request and self.parties[message.sender].old else None
        if self.cheat is None or not self.cheat.intercepts(message):
            self.handle(self.parties[message.receiver], message)
        self._arrived()

    def _arrived(self, *, receipted: bool = False) -> None:
        """What a burnt machine, or its successor, said counts once a disk holds it, or a cheat says that it does."""
        message, self._handling = self._handling, None
        if message is None:
            return
        party, origin = self.parties[message.receiver], self.parties[message.sender].origin
        held = party.disk.store(origin).durable.held[: party.holds(origin)]
        start, entries, number = checks.pushed(message.data)
        receipted = receipted and number >= self.parties[message.sender].restored_tai_ns
        if entries and (receipted or held[start : start + len(entries)] == entries):
            self.seen.request(message.sender, message.receiver, message.data)

    def handle(self, party: Party, message: Message) -> None:
        """A message at its receiver."""
        centre = party.centre
        if centre is None:
            return
        if not message.request:
            self.act(party, lambda: centre.answered(message.sender, message.data))
            return
        reply = self.act(party, lambda: centre.receive(message.sender, message.data))
        if reply is not None:
            data = encode(reply)  # type: ignore[arg-type]
            self.net.send(Message(party.name, message.sender, False, data))

    def judge(self) -> None:
        """Every check that can be made now. What a centre shows is looked at again only where a centre acted."""
        for party in self.honest:
            touched = party.disk.power.touched
            if touched and not party.old and not party.rotten:
                for name, start in sorted(touched.items()):
                    end = self._promised.get((party.name, name), 0)
                    if start < end:
                        self.seen.check_disk(party.name, party.disk.store(name).durable, name, start, end)
                touched.clear()
        if self._acted:
            acted = [party for party in self.honest if party.name in self._acted]
            self._acted.clear()
            for party in acted:
                self._decisions(party)
            for party in acted:
                self._headed(party)
        if self._compare_due and self.steps >= self._compare_at:
            self._pictures()

    def judge_everything(self) -> None:
        """As if every centre had acted, and nothing had been read before."""
        self._acted = {party.name for party in self.honest}
        self._read.clear()
        self.judge()

    def _decisions(self, party: Party) -> None:
        """C3, for whoever may have learned something since the last time."""
        centre = party.centre
        if centre is None:
            return
        known = self._known[party.name]
        known.read(centre, party.boots)
        if not known.proposals:
            return
        told = self._telling[party.name].of(centre, known)
        for one, sha256, body in known.proposals:
            about = (known.boots, known.weighty, told.get(sha256, 0))
            state = (*about, len(centre.receipts) // EVERY, centre.conclusions.count)
            if self._read.get((party.name, sha256)) != state:
                self._read[party.name, sha256] = state
                try:
                    status = queries.decided(centre, one.entry).status
                except PowerCut:  # it reads what was concluded
                    self.crash(party)
                    break
                self._status(party, sha256, status, body)

    def _status(self, party: Party, sha256: str, status: str, body: Proposal) -> None:
        statuses = self._statuses.setdefault(sha256, {})
        before = statuses.get(party.name, "PENDING")
        centre = party.centre
        unsure = centre is not None and not centre.remembers and (party.old or (party.rotten and centre.waiting > 0))
        if status == "PENDING" and unsure:
            return  # until partners have told, or what rotted and it says it cannot read is mended: not known yet
        statuses[party.name] = status
        self.ever.add(status)
        if before == status:
            return
        turned = {before, status} == {"ADOPTED", "CLOSED"}  # what an old copy does not know it must never deny
        if checks.flipped(before, status) and (turned or not party.old) and not self._misconduct():
            self.violations.append(f"C3 {party.name} went from {before} to {status}")
        if status == "ADOPTED" and not any(log.forked for log in self.seen.logs.values()):
            missing = checks.certificate(self.seen, list(body.required), body.deadline_s, sha256, party.name)
            if missing:
                self.violations.append(f"C3 {party.name} adopted without a certificate: {missing}")
        if checks.parted(statuses) and sha256 not in self.parted:
            self.parted[sha256] = {name for name, one in statuses.items() if one in ("ADOPTED", "CLOSED")}
            if not self._misconduct():
                self.violations.append(f"C3 {statuses} about {sha256[:8]} and nobody cheated")

    def _misconduct(self) -> bool:
        return self.plan.cheat[1] in ("equivocate", "backdate") or bool(self.seen.may_fork)

    def _headed(self, party: Party) -> None:
        """Whether a centre holds other checkpoints than before."""
        heads = heads_of(party.centre) if party.centre is not None else ()
        if heads != self._heads.get(party.name):
            self._heads[party.name] = heads
            self._compare_due = True

    def _pictures(self) -> None:
        """C4: centres with the same checkpoints compute the same digest, however their entries came."""
        self._compare_due = False
        if any(log.forked for log in self.seen.logs.values()):
            return
        found: dict[Heads, list[Centre]] = {}
        for party in self.honest:
            if party.centre is not None:
                found.setdefault(self._heads[party.name], []).append(party.centre)
        for heads, centres in found.items():
            if len(centres) > 1 and heads not in self._compared:
                self._compared.add(heads)
                self._compare_at = self.steps + 25  # a picture costs more than a step
                self.compare(centres)

    def compare(self, centres: list[Centre]) -> None:
        """C4 for these, which hold the same checkpoints."""
        digests = {self.digest(centre) for centre in centres}
        if len(digests) > 1:
            self.violations.append(f"C4 {len(digests)} pictures of the same checkpoints")

    def digest(self, centre: Centre) -> str:
        """Of a centre's common picture of everything said so far."""
        return centre.common.picture(self.pictured_tai_ns).digest

    @property
    def pictured_tai_ns(self) -> int:
        """Of which time pictures are compared: mostly one and the same, to which each track is carried once."""
        later_ns = max(0, self.schedule.t_tai_ns - PICTURED_TAI_NS)
        return PICTURED_TAI_NS + -(-later_ns // PICTURED_STEP_NS) * PICTURED_STEP_NS


def heads_of(centre: Centre) -> Heads:
    """How much of every log a centre's picture rests on, by party: the same entries wherever no log has forked.

    What it holds and cannot read (its disk has rotted) it says itself that it lacks: `waiting`.
    """
    mirrors, own = centre.mirrors, centre.books["shared"].gate
    return tuple(centre.taken((mirrors.get(party) or own).origin) for party in centre.parties)
