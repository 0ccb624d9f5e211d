"""Where the regime stands, read from every party's signed steps: in force, or suspended for all."""

from collections.abc import Iterable, Sequence

from tocsin.node.custody.roster import Registry, registry_of
from tocsin.node.record import Said
from tocsin.regime import suspended
from tocsin.wire.bodies import Standing


class Standings:
    """Read again only when something was said. Ask with everything that a centre has on record."""

    def __init__(self, parties: Iterable[str]) -> None:
        self._parties = tuple(parties)
        self._registry = Registry()
        self._registry_said = -1
        self._steps: dict[str, list[Standing]] = {}
        self._steps_said = -1

    def registry(self, said: Sequence[Said]) -> Registry:
        """Anchors and rosters as all logs held here show them."""
        if self._registry_said != len(said):
            self._registry = registry_of(said, self._parties)
            self._registry_said = len(said)
        return self._registry

    def suspended(self, said: Sequence[Said], now_tai_us: int) -> bool:
        """Whether any party's signed step has suspended the regime, or left it. The reassurance channel stays open."""
        if self._steps_said != len(said):
            self._steps = {party: [] for party in self._parties}
            for one in said:
                if isinstance(one.body, Standing) and not self.registry(said).objection(one):
                    self._steps.setdefault(one.party, []).append(one.body)
            self._steps_said = len(said)
        return suspended(self._steps, now_tai_us)
