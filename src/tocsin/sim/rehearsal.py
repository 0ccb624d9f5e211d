"""What every run of one case and seed has in common, computed once: truth, scans, and each party's own pictures.

A party's own picture hangs on its sensors' scans alone, and those on the seed: no regime changes either. So the regimes
of a comparison share them; everything that crosses a border, and everything said about it, is played anew.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tocsin.node.config import Tracking
from tocsin.sim.scenario import Scenario, truths
from tocsin.sim.truths import Flying
from tocsin.world.observation import Scan

if TYPE_CHECKING:
    from tocsin.node.config import Picture

Kept = list[tuple[Scan, "Picture"]]


@dataclass(slots=True)
class Rehearsal:
    """Give one to every `play` of the same scenario and seed. It holds results, not state: order changes nothing."""

    scenario: Scenario
    seed: int
    flying: tuple[Flying, ...]
    scans: dict[str, list[Scan]] = field(default_factory=dict)
    pictures: dict[str, Kept] = field(default_factory=dict)

    @staticmethod
    def of(scenario: Scenario, seed: int, flying: tuple[Flying, ...] | None = None) -> "Rehearsal":
        """Nothing computed yet but what flies."""
        return Rehearsal(scenario, seed, truths(scenario) if flying is None else flying)

    def around(self, party: str, tracker: Tracking) -> Tracking:
        """A tracker that computes what is new and repeats what was computed before."""
        return _Repeating(tracker, self.pictures.setdefault(party, []))


class _Repeating:
    """`node.config.Tracking`: the same scans in the same order have the same pictures."""

    def __init__(self, tracker: Tracking, kept: Kept) -> None:
        self._tracker = tracker
        self._kept = kept
        self._taken = 0  # scans seen by this centre
        self._stepped = 0  # of them, those that its own tracker has taken in

    def step(self, scan: Scan) -> "Picture":
        """The kept picture, or a new one that is kept."""
        if self._taken < len(self._kept) and self._kept[self._taken][0] is scan:
            found = self._kept[self._taken][1]
        else:
            for missed, _ in self._kept[self._stepped : self._taken]:
                self._tracker.step(missed)
            del self._kept[self._taken :]
            found = self._tracker.step(scan)
            self._kept.append((scan, found))
            self._stepped = self._taken + 1
        self._taken += 1
        return found
