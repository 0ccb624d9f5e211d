"""Exported logs of one run -> its parties' centres as they stood. Nothing is read that the audit did not pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from tocsin.decide import Receipt
from tocsin.errors import BadEvidence
from tocsin.log.keys import parse_vkey
from tocsin.mirror import Mirror
from tocsin.node.audit import Exported, audited
from tocsin.node.audit_steps import Opened
from tocsin.node.config import CentreConfig, Guarded, Partner
from tocsin.node.past.centre import Past, PastClock
from tocsin.node.past.dating import DELAY_NS, heads_of, held_ns, logged_ns
from tocsin.node.record import read
from tocsin.regime import load
from tocsin.wire.bodies import Agreement
from tocsin.wire.envelope import Statement, decode
from tocsin.wire.errors import WireError
from tocsin.world.observation import Sensor
from tocsin.world.time import from_posix_s


@dataclass(frozen=True, slots=True)
class Told:
    """What stands in no log and a picture needs: a party's sensors and what it guards, as its scenario has them."""

    sensors: tuple[Sensor, ...] = ()
    guarded: tuple[Guarded, ...] = ()


@dataclass(frozen=True, slots=True)
class _Dated:
    """One log: its statements (None: cannot be read) and when each was logged."""

    mirror: Mirror
    statements: tuple[Statement | None, ...]
    logged_ns: tuple[int, ...]
    receipts: tuple[Receipt, ...]


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run whose logs are as signed. `words`: the audit's verdict."""

    words: str
    agreements: Mapping[str, tuple[str, Agreement]]
    """By party: origin of its shared log, and the manifest with which it began."""
    logs: Mapping[str, _Dated]

    @property
    def parties(self) -> tuple[str, ...]:
        """Whose consoles can be shown, sorted."""
        return tuple(sorted(self.agreements))

    @property
    def begins_tai_ns(self) -> int:
        """When the first log began."""
        return min(log.logged_ns[0] for log in self.logs.values())

    @property
    def ends_tai_ns(self) -> int:
        """When the last entry was logged."""
        return max(log.logged_ns[-1] for log in self.logs.values())

    @property
    def heads(self) -> tuple[tuple[str, int, str], ...]:
        """(origin, size, root) of every log that was read."""
        found = ((origin, log.mirror.head) for origin, log in sorted(self.logs.items()))
        return tuple((origin, head.size, head.root.hex()) for origin, head in found)

    def centre(self, party: str, told: Told = Told()) -> Past:
        """A party's centre before its first entry."""
        origin, agreement = self.agreements[party]
        mode = next(one.mode for one in self.logs[self._first(origin)].statements if one is not None)
        partners = tuple(
            Partner(
                party=one.party, origin=one.origin, log_keys=tuple(map(parse_vkey, one.log_keys)),
                mirror_keys=tuple(map(parse_vkey, one.mirror_keys)),
            )
            for one in agreement.parties
            if one.party != party
        )  # fmt: skip
        config = CentreConfig(
            party=party, origin=origin, mode=mode, regime=load(agreement.regime_text.encode(), "an agreed regime"),
            partners=partners, sensors=told.sensors, guarded=told.guarded,
        )  # fmt: skip
        names = [origin, f"{origin}/own", *(one.origin for one in partners)]
        logs = {name: self.logs[name].mirror for name in names if name in self.logs}
        times = {name: self._held(origin, name) for name in logs}
        clock = PastClock(self.begins_tai_ns)
        return Past(config, clock, logs, times, self._receipts(agreement, times))

    def _first(self, origin: str) -> str:
        return origin if origin in self.logs else f"{origin}/own"

    def _held(self, reader: str, origin: str) -> list[int | None]:
        """When the party of the log `reader` held each entry of the log `origin`."""
        log = self.logs[origin]
        if origin.removesuffix("/own") == reader:
            return list(log.logged_ns)
        if reader not in self.logs:
            return [None] * len(log.logged_ns)
        own = self.logs[reader]
        return held_ns(log.logged_ns, heads_of(own.statements, own.logged_ns, origin))

    def _receipts(self, agreement: Agreement, times: Mapping[str, Sequence[int | None]]) -> list[tuple[int, Receipt]]:
        """Receipts with the time from which they were known: that of the entries they are about, or their own."""
        names = {text.split("+", 1)[0]: one.party for one in agreement.parties for text in one.mirror_keys}
        found = list[tuple[int, Receipt]]()
        for origin, log in self.logs.items():
            for one in log.receipts:
                held = times[origin][one.size - 1] if origin in times and one.size else None
                if one.cosigner not in names or (origin in times and held is None):
                    continue
                came = max(from_posix_s(one.time_s), held or 0) + DELAY_NS
                found.append((came, replace(one, cosigner=names[one.cosigner])))
        return found


def past_run(logs: Sequence[Exported]) -> PastRun:
    """Read exported logs that belong together. Raises BadEvidence where a proof does not hold."""
    verdict, opened = audited(logs)
    if not verdict.ok:
        raise BadEvidence(verdict.words)
    dated = {origin: _dated(one) for origin, one in opened.items() if one.mirror is not None and one.mirror.size}
    agreements: dict[str, tuple[str, Agreement]] = {}
    for origin in sorted(dated):
        base = origin.removesuffix("/own")
        agreement = _agreement(dated[origin])
        for one in agreement.parties if agreement is not None else ():
            if agreement is not None and one.origin == base:
                agreements.setdefault(one.party, (base, agreement))
    if not agreements:
        raise BadEvidence("no log here begins with the manifest of its parties: this is no run that can be replayed.")
    return PastRun(verdict.words, agreements, dated)


def _dated(one: Opened) -> _Dated:
    if one.mirror is None:
        raise AssertionError(f"log {one.origin}: not opened")
    statements = tuple(_statement(entry.data) for entry in one.mirror.held.stream(0, one.mirror.size))
    return _Dated(one.mirror, statements, tuple(logged_ns(statements)), tuple(one.receipts))


def _statement(data: bytes) -> Statement | None:
    try:
        return decode(data)
    except WireError:
        return None


def _agreement(log: _Dated) -> Agreement | None:
    """The manifest at the head of a log."""
    for entry in log.mirror.held.stream(0, min(3, log.mirror.size)):
        try:
            body = read("", entry).body
        except WireError:
            continue
        if isinstance(body, Agreement):
            return body
    return None
