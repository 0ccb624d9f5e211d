"""What `tocsin serve` says while it runs: words for people, or one JSON object a line for machines (--log-json)."""

import json
from typing import Any

from tocsin.node.adapters.private import Remembered
from tocsin.node.centre import Centre
from tocsin.node.config import PrivateRecord
from tocsin.node.record import Said
from tocsin.world.time import utc_text


class Telling:
    """Says on standard output. `now_tai_ns` is asked for the centre's own time, which in an exercise is the case's."""

    def __init__(self, party: str, as_json: bool) -> None:
        self.party, self.as_json = party, as_json
        self._centre: Centre | None = None
        self._told = 0

    def begin(self, centre: Centre) -> None:
        """From here on its time is told; what its logs held before is not told again."""
        self._centre, self._told = centre, len(centre.said)

    def say(self, event: str, words: str, level: str = "info", **more: Any) -> None:
        """One event."""
        if not self.as_json:
            print(f"{self.party}: {words}", flush=True)
            return
        now = {"utc": utc_text(self._centre.now_tai_ns, 3)} if self._centre is not None else {}
        record = {**now, "level": level, "event": event, "party": self.party, "message": words, **more}
        print(json.dumps(record, ensure_ascii=False), flush=True)

    def news(self) -> None:
        """What anybody put on record since: kind, log and entry, not the contents. Machines only."""
        if not self.as_json or self._centre is None:
            return
        said = self._centre.said
        for one in said[min(self._told, len(said)) :]:
            self._statement(one)
        self._told = len(said)

    def _statement(self, one: Said) -> None:
        at = one.entry
        self.say(
            "statement", f"{one.party} logged {one.kind}",
            by=one.party, kind=one.kind, origin=at.origin, entry=at.index, sha256=at.sha256,
        )  # fmt: skip


class Told(Remembered):
    """A private record that says, for machines, that something was refused and where it is kept. Never its bytes."""

    def __init__(self, inner: PrivateRecord, telling: Telling) -> None:
        super().__init__(inner)
        self._telling = telling

    def evidence(self, t_tai_ns: int, source: str, message: str, data: bytes) -> None:
        """As the record's."""
        super().evidence(t_tai_ns, source, message, data)
        if self._telling.as_json:
            self._telling.say("refused", message, "warning", source=source, bytes=len(data))
