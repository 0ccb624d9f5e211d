"""The links between the centres of one exercise: messages take their time, and the director may cut or slow them."""

from collections.abc import Callable, Mapping

from tocsin.errors import TocsinError
from tocsin.node.centre import Centre
from tocsin.node.exchange import encode
from tocsin.sim.schedule import Schedule

NS = 1_000_000_000
GIVEN_UP_NS = 2 * NS  # a message over a cut line is given up after this long, as a real link's timeout would


class Lines:
    """`then` wraps an act at a centre so that what it has to say is put on its way."""

    def __init__(self, schedule: Schedule, centres: Mapping[str, Centre], delay_ns: int) -> None:
        self._schedule = schedule
        self._centres = centres
        self._delay_ns = delay_ns
        self.cut: set[frozenset[str]] = set()
        self.late_ns: dict[str, int] = {}

    def then(self, centre: Centre, action: Callable[[], object]) -> Callable[[], None]:
        """`action`, and after it whatever the centre then has for its partners. A failure is kept, not raised."""

        def act() -> None:
            try:
                action()
            except TocsinError as error:
                centre.keep(error)
            self.flush(centre)

        return act

    def flush(self, centre: Centre) -> None:
        """Put a centre's messages on their way."""
        for partner, data in centre.outgoing():
            self._send(centre, partner, data)

    def _send(self, centre: Centre, partner: str, data: bytes) -> None:
        name = centre.config.party
        if frozenset((name, partner)) in self.cut:
            self._after(GIVEN_UP_NS, lambda: centre.lost(partner))
            return
        self._after(self._delay(name), lambda: self._arrive(centre, partner, data))

    def _arrive(self, sender: Centre, partner: str, data: bytes) -> None:
        name, receiver = sender.config.party, self._centres[partner]
        if frozenset((name, partner)) in self.cut:  # cut while on its way
            self._after(GIVEN_UP_NS, lambda: sender.lost(partner))
            return
        answer = encode(receiver.receive(name, data))
        self.flush(receiver)
        self._after(self._delay(partner), self.then(sender, lambda: sender.answered(partner, answer)))

    def _delay(self, party: str) -> int:
        return self._delay_ns + self.late_ns.get(party, 0)

    def _after(self, delay_ns: int, action: Callable[[], object]) -> None:
        self._schedule.at(self._schedule.now_tai_ns() + delay_ns, lambda: _do(action))


def _do(action: Callable[[], object]) -> None:
    action()
