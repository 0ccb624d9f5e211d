"""Which receipts can change what a centre shows: those over a vote, or a floor statement, earlier than any before.

So that a proposal is decided again when something about it came, and not at every receipt for anything. What lies
between (contradictory times, the proof of a cheat) is looked at with every eighth receipt, and in the last judgement.
"""

from tocsin.node.centre import Centre
from tocsin.node.record import Said
from tocsin.wire.bodies import Floor, Notification, Proposal, Vote

EVERY = 8


class Known:
    """What of a centre's record can bear on a proposal, read as it comes. `weighty` counts all but notices."""

    def __init__(self) -> None:
        self.boots = self.weighty = self._said = 0
        self.proposals: list[tuple[Said, str, Proposal]] = []
        self.places: dict[str, list[tuple[str, int]]] = {}  # votes and floors by proposal: (origin, index)

    def read(self, centre: Centre, boots: int) -> None:
        """What was said since the last look. `boots`: which start of the machine it is."""
        said = centre.said
        if boots != self.boots or len(said) < self._said:
            self.__init__()  # type: ignore[misc]
            self.boots = boots
        for one in said[self._said :]:
            body = one.body
            self.weighty += not isinstance(body, Notification)
            if isinstance(body, Proposal):
                self.proposals.append((one, one.entry.sha256, body))
            elif isinstance(body, Vote | Floor):
                self.places.setdefault(body.proposal_sha256, []).append((one.entry.origin, one.entry.index))
        self._said = len(said)


class Telling:
    """Of one party: how many of its centre's receipts told something about each proposal, as they came."""

    def __init__(self) -> None:
        self._of: tuple[object, ...] = ()
        self._seen = self._changes = 0
        self._count: dict[str, int] = {}
        self._earliest: dict[tuple[str, int, str, str], int] = {}

    def of(self, centre: Centre, known: Known) -> dict[str, int]:
        """By proposal. A number that stands still says that nothing came about it."""
        said, gates = (known.boots, known.weighty), centre.border.gates
        fresh = gates.changes - self._changes
        if said != self._of or not 0 <= fresh == len(gates.receipts) - self._seen:  # said more, or one was replaced
            self._of, self._seen, self._count, self._earliest = said, 0, {}, {}
        for receipt in gates.receipts[self._seen :]:
            for proposal, places in known.places.items():
                for origin, index in places:
                    key = (proposal, index, receipt.cosigner, origin)
                    covers = receipt.origin == origin and receipt.size > index
                    if covers and receipt.time_s < self._earliest.get(key, receipt.time_s + 1):
                        self._earliest[key] = receipt.time_s
                        self._count[proposal] = self._count.get(proposal, 0) + 1
        self._seen, self._changes = len(gates.receipts), gates.changes
        return self._count
