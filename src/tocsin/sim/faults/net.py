"""The space between centres: it loses, doubles, delays and reorders messages, and is cut in one or both directions."""

from collections.abc import Callable

import numpy as np
from msgspec import Struct

from tocsin.sim.schedule import Schedule

NS = 1_000_000_000


class Message(Struct, frozen=True, gc=False):
    """Bytes on their way from one party to another."""

    sender: str
    receiver: str
    request: bool
    data: bytes


class Net:
    """`loss` and `double` are probabilities; delays are uniform between two times in seconds."""

    def __init__(
        self, schedule: Schedule, rng: np.random.Generator, deliver: Callable[[Message], None],
        seen: Callable[[Message], None],
    ) -> None:  # fmt: skip
        self._schedule = schedule
        self._rng = rng
        self._deliver = deliver
        self._seen = seen
        self.loss = 0.0
        self.double = 0.0
        self.delay_s = (0.02, 0.06)
        self.cut: dict[tuple[str, str], bool] = {}

    def send(self, message: Message) -> None:
        """Put a message on its way, or lose it."""
        self._seen(message)
        if self.cut.get((message.sender, message.receiver)) or (self.loss and self._rng.random() < self.loss):
            return
        self._fly(message)
        if self.double and self._rng.random() < self.double:
            self._fly(message)

    def heal(self) -> None:
        """Everything that is sent from now on arrives, once and soon."""
        self.loss, self.double, self.delay_s = 0.0, 0.0, (0.02, 0.06)
        self.cut.clear()

    def _fly(self, message: Message) -> None:
        low_s, high_s = self.delay_s
        later = self._schedule.now_tai_ns() + round((low_s + (high_s - low_s) * self._rng.random()) * NS)
        self._schedule.at(later, lambda: self._deliver(message))
