"""People, scripted: they read, judge, convene and sign after the delays a scenario gives them. Every party's are alike.

They see only what `node.queries` shows and act only through `node.commands`, as a person at a console would. What
they decide follows from the room `assess`; what is simulated here is the time it takes them.
"""

from collections.abc import Callable

import numpy as np

from tocsin.errors import Refusal
from tocsin.node import commands, queries
from tocsin.node.centre import Centre
from tocsin.node.desk import Desk, EventView
from tocsin.sim.parts import OfficerFile
from tocsin.sim.sites import Sites
from tocsin.wire.bodies import Notification
from tocsin.wire.measures import measure_kind

NS = 1_000_000_000
AGREES_AT = 0.95  # probability of a benign explanation from which an officer proposes or signs `benign`


class ScriptedOfficer:
    """The watch of one centre. `act` is called every second of virtual time."""

    def __init__(self, centre: Centre, times: OfficerFile, rng: np.random.Generator) -> None:
        self.reads_notices = True
        self._centre = centre
        self.desk = Desk(centre)
        self._times = times
        self._rng = rng
        self._name = f"officer of the watch, {centre.config.party}"
        self._due_ns: dict[tuple[str, ...], int] = {}
        self._judged: dict[str, float] = {}
        self._overdue: set[str] = set()
        self._asked: set[str] = set()
        self._open: dict[str, EventView] = {}
        self.sites: Sites | None = None

    @property
    def now_tai_ns(self) -> int:
        """Time at this desk."""
        return self._centre.now_tai_ns

    def handed(self, notice: Notification) -> None:
        """A notice that came on paper, outside the system, and reached this desk."""
        self._centre.papers.append(notice)

    def act(self) -> None:
        """Do whatever is due now."""
        if self.reads_notices:
            self._acknowledge()
        for event in self.desk.events():
            self._judge(event)
            self._convene(event)
            self._ask_sites(event)
            self._propose(event)
        self._stand_down()
        for view in self.desk.proposals():
            self._vote(view)
        for measure in self.desk.measures():
            self._vote_measure(measure)

    def _stand_down(self) -> None:
        """End conferences about what is no longer seen."""
        events = self.desk.events()
        live = {name for event in events for name in event.names}
        self._open.update({event.id: event for event in events if event.level != "none"})
        for event_id, event in list(self._open.items()):
            now = next((one for one in events if event_id in one.names), None)
            if now is not None and now.level == "none":
                del self._open[event_id]
            elif live.isdisjoint(event.names) and self._after(("down", event_id), self._times.convene_s):
                del self._open[event_id]
                reason = "the track has ended and nothing more is seen"
                if queries.conference_level(self._centre, event.names) != "none":
                    commands.convene(self._centre, event_id, "none", reason, self._name)

    def _after(self, key: tuple[str, ...], mean_s: float) -> bool:
        """True once the time this takes has passed since it was first asked."""
        if key not in self._due_ns:
            spread = self._times.spread
            takes_s = mean_s * (1.0 + spread * float(self._rng.uniform(-1.0, 1.0)))
            self._due_ns[key] = self._centre.now_tai_ns + round(takes_s * NS)
        return self._centre.now_tai_ns >= self._due_ns[key]

    def _acknowledge(self) -> None:
        for said in self.desk.unacknowledged():
            key = ("acknowledge", said.entry.sha256)
            if self._after(key, self._times.acknowledge_s):
                commands.acknowledge(self._centre, said, self._name)

    def _judge(self, event: EventView) -> None:
        """Put down an assessment when the event is new and when the explanation has become clear."""
        stage = "clear" if event.benign >= AGREES_AT else "new"
        if self._judged.get(event.id, -1.0) >= {"new": 0.0, "clear": 1.0}[stage]:
            return
        if self._after(("judge", event.id, stage), self._times.judge_s):
            self._judged[event.id] = {"new": 0.0, "clear": 1.0}[stage]
            commands.assess(self._centre, self.desk.draft_assessment(event, self._name))

    def _convene(self, event: EventView) -> None:
        if event.proposed_level == event.level:
            self._due_ns.pop(("convene", event.id), None)
            return
        if self._after(("convene", event.id), self._times.convene_s):
            self._due_ns.pop(("convene", event.id), None)
            commands.convene(self._centre, event.id, event.proposed_level, event.reason, self._name)

    def _ask_sites(self, event: EventView) -> None:
        """Once a conference sits, ask the sensor sites by voice what they hold, if people here ever do."""
        wait_s = self._times.check_s
        if self.sites is None or wait_s is None or event.level == "none" or event.id in self._asked:
            return
        if self._after(("sites", event.id), wait_s):
            self._asked.add(event.id)
            answer = self.sites(event.track)
            if answer:
                self.desk.site_says(event, answer)

    def _propose(self, event: EventView) -> None:
        regime = self._centre.config.regime
        if not self._centre.links or regime.finding.required == "none" or event.benign < AGREES_AT:
            return
        if self.desk.asked_about(event) or event.id not in self._judged:
            return
        if self._withhold(event.finding):
            return
        if self._after(("propose", event.id), self._times.signing_s(self._times.sign_s)):
            text = f"{event.id} is the launch announced in {event.identifier}." if event.identifier else event.id
            self._try(lambda: commands.propose(self._centre, event.id, event.finding, self._name, text))

    def _vote(self, view: queries.ProposalView) -> None:
        centre = self._centre
        if view.decision.status != "PENDING" or centre.config.party in view.voted:
            return
        if self._overdue_now(view):
            return
        event = self.desk.event(view.body.event)
        if event is None or event.benign < AGREES_AT or self._withhold(view.body.finding):
            return
        own = view.said.party == centre.config.party
        if own or self._after(("vote", view.said.entry.sha256), self._times.signing_s(self._times.sign_s)):
            self._try(lambda: commands.vote(centre, view.said.entry, "yes", self._name))

    def _overdue_now(self, view: queries.ProposalView | queries.MeasureView) -> bool:
        """Whether the deadline has passed; if so, what we owe the others has been said (V3)."""
        centre, name = self._centre, view.said.entry.sha256
        if centre.posix_s() <= view.body.deadline_s:
            return False
        if name not in self._overdue:
            self._overdue.add(name)
            self._try(lambda: commands.close_overdue(centre, view.said.entry))
        return True

    def _vote_measure(self, view: queries.MeasureView) -> None:
        """Sign a measure as soon as all members could be asked; close it where one of them does not consent."""
        centre, entry = self._centre, view.said.entry
        if view.decision.status != "PENDING" or centre.config.party in view.voted or self._overdue_now(view):
            return
        own = view.said.party == centre.config.party
        if own or self._after(("vote", entry.sha256), self._times.signing_s(self._times.measure_s)):
            choice = "close" if self._withhold(measure_kind(view.body)) else "yes"
            self._try(lambda: commands.vote(centre, entry, choice, self._name))

    def _withhold(self, what: str) -> bool:
        """Whether a member of a composite party does not consent: then the party does not sign."""
        return bool(self._times.withhold(what))

    def _try(self, action: Callable[[], object]) -> None:
        """A refusal is said and remembered; the officer tries again at the next turn."""
        try:
            action()
        except Refusal as refusal:
            self._centre.ports.private.withheld(self._centre.now_tai_ns, "command", str(refusal))
