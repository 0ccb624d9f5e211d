"""What a centre's record says by subject: officers, what is about a proposal, and where the regime stands."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tocsin.node.custody.roster import Registry, Uses, registry_of
from tocsin.node.measures import adopted
from tocsin.node.record import Said
from tocsin.regime import Adopted, More, jointly_suspended, last_effective, more_at, suspended
from tocsin.wire.bodies import Floor, Proposal, Standing, Vote
from tocsin.wire.custody import Anchors, Roster
from tocsin.wire.measures import Measure
from tocsin.world.time import posix_s

if TYPE_CHECKING:
    from tocsin.node.centre import Centre


class Standings:
    """Reads each statement once, however many there are: a log's anchors and rosters stand before what they rule.

    Ask with everything that a centre has on record; what is said later stands at its end.
    """

    def __init__(self, parties: Iterable[str]) -> None:
        self._parties = tuple(parties)
        self._registry = Registry()
        self._custody: list[Said] = []
        self._custody_said = 0
        self._used = Uses()
        self._steps: dict[str, list[Standing]] = {party: [] for party in self._parties}
        self._any_measure = False
        self._steps_said = 0
        self._adopted: tuple[Adopted, ...] = ()
        self._adopted_of = (-1, -1)
        self._about: dict[str, list[Said]] = {}
        self._about_said = 0

    def registry(self, said: Sequence[Said]) -> Registry:
        """Anchors and rosters as all logs held here show them."""
        fresh = said[self._custody_said :]
        self._custody_said = len(said)
        for one in fresh:
            self._used.note(one)
        signed = [one for one in fresh if isinstance(one.body, Anchors | Roster)]
        if signed:
            self._custody += signed
            self._registry = registry_of(self._custody, self._parties, self._used)
        return self._registry

    def about(self, said: Sequence[Said], proposal_sha256: str) -> list[Said]:
        """What was put to the vote under that name (SHA-256, hex), and what speaks of it, as it came."""
        fresh = said[self._about_said :]
        self._about_said = len(said)
        for one in fresh:
            if isinstance(one.body, Vote | Floor):
                self._about.setdefault(one.body.proposal_sha256, []).append(one)
            elif isinstance(one.body, Proposal | Measure):
                self._about.setdefault(one.entry.sha256, []).append(one)
        return list(self._about.get(proposal_sha256, ()))

    def adopted(self, centre: "Centre") -> tuple[Adopted, ...]:
        """Joint measures that were adopted, worked out again when something was said or receipted."""
        self._read(centre.said)
        held = (len(centre.said), centre.border.gates.changes) if self._any_measure else (-1, -1)
        if held != self._adopted_of:
            self._adopted, self._adopted_of = adopted(centre), held
        return self._adopted

    def suspended(self, centre: "Centre") -> bool:
        """Whether a party's signed step has suspended the regime, or left it, or all have suspended it together.

        What all resume together ends every suspension before it. The reassurance channel stays open.
        """
        found, now_s = self.adopted(centre), centre.posix_s()
        resumed = last_effective(found, "resume", now_s)
        steps = {
            party: [s for s in held if s.action != "suspend" or resumed is None or _s(s) > resumed]
            for party, held in self._steps.items()
        }
        return jointly_suspended(found, now_s) or suspended(steps, centre.now_tai_ns // 1_000)

    def more(self, centre: "Centre") -> More:
        """What adopted measures share beyond the regime now."""
        return more_at(self.adopted(centre), centre.posix_s())

    def _read(self, said: Sequence[Said]) -> None:
        fresh = said[self._steps_said :]
        self._steps_said = len(said)
        for one in fresh:
            self._any_measure = self._any_measure or isinstance(one.body, Measure)
            if isinstance(one.body, Standing) and not self.registry(said).objection(one):
                self._steps.setdefault(one.party, []).append(one.body)


def _s(step: Standing) -> int:
    return posix_s(step.effective_tai_us * 1_000)
