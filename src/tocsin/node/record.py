"""Verified entries, read: who said what when, and the same in words for people."""

from collections.abc import Callable, Iterable

from msgspec import Struct

from tocsin.mirror import Verified
from tocsin.node.council_words import COUNCIL_WORDS
from tocsin.node.watch_words import WATCH_WORDS
from tocsin.wire import bodies
from tocsin.wire.envelope import Mode, Record, Statement, decode, mode_of
from tocsin.wire.errors import WireError
from tocsin.wire.reading import parsed

FINDING_WORDS = {
    "benign": "benign: not an attack, and explained",
    "fault": "a fault of sensors or data",
    "unexplained": "unexplained",
}


class Said(Struct, frozen=True, gc=False):
    """A verified entry with its envelope and typed body. `party` is whose log it stands in."""

    party: str
    entry: Verified
    statement: Statement
    body: Record
    logged_tai_ns: int

    @property
    def t_tai_us(self) -> int:
        """When the matter was observed, by the speaker's clock."""
        return self.statement.observed.t_tai_us

    @property
    def kind(self) -> str:
        """Kind of statement."""
        return self.statement.kind


def read(
    party: str, entry: Verified, now_tai_ns: int = 0, envelope: Statement | None = None, body: Record | None = None
) -> Said:
    """Envelope and body of a verified entry. Raises WireError (UnknownKind for another version's).

    `now_tai_ns` is when this reader took it in; `envelope` and `body` are the entry's, where they were decoded before.
    """
    statement = envelope
    if statement is None:
        try:
            statement, body = parsed(entry.data)
        except WireError:
            statement = decode(entry.data)
    if statement.origin != entry.origin or statement.sequence != entry.index:
        raise WireError(
            f"entry {entry.index} of {entry.origin} says it is {statement.sequence} of {statement.origin}", entry.data
        )
    if statement.mode != mode_of(entry.origin, statement.mode):
        words = f"entry {entry.index} of {entry.origin} is marked {statement.mode}: exercise and live never meet"
        raise WireError(words, entry.data)
    return Said(party, entry, statement, body or bodies.body_of(statement), now_tai_ns)


def of_mode(entries: Iterable[Verified], mode: Mode) -> list[Verified]:
    """Entries without those of the other mode: exercise and live never meet (design rule 9; 9 November 1979).

    What cannot be read stays: it is refused, kept and shown where it is read.
    """
    return [entry for entry in entries if _mode(entry) in (mode, None)]


def _mode(entry: Verified) -> Mode | None:
    try:
        return parsed(entry.data)[0].mode
    except WireError:
        pass  # its body, perhaps
    try:
        return decode(entry.data).mode
    except WireError:
        return None


def in_words(said: Said) -> str:
    """One line for the time line."""
    return body_in_words(said.body, said.kind)


def body_in_words(body: Record, kind: str) -> str:
    """The same for a body that was read apart from a centre."""
    writer = _WORDS.get(type(body))
    return writer(body) if writer else kind


def _tracklet(body: bodies.Tracklet) -> str:
    if body.ended:
        return f"{body.track} ended"
    if body.since_tai_us is None:
        return f"{body.track} is new, {body.phase}, seen by {body.sensors} sensor{'s' * (body.sensors != 1)}"
    return f"{body.track} updated, {body.phase}"


def _notification(body: bodies.Notification) -> str:
    count = f"{body.objects} x " if body.objects and body.objects > 1 else ""
    what = f"{count}{body.vehicle or 'launch'}"
    return f"{body.identifier} ({body.format}): {what}, to {body.addressee}"


def _acknowledgement(body: bodies.Acknowledgement) -> str:
    return f"by {body.officer} ({body.role}){': ' + body.text if body.text else ''}"


def _assessment(body: bodies.Assessment) -> str:
    best = max(body.explanations, key=lambda one: one.probability, default=None)
    if best is None:
        return f"{body.event}: assessed, no explanation, confidence {body.confidence}"
    name = f" {best.identifier}" if best.identifier else ""
    words = best.what.replace("-", " ")
    return f"{body.event}: {words}{name}, probability {best.probability:.2f}, confidence {body.confidence}"


def _conference(body: bodies.Conference) -> str:
    return f"{body.level.upper()}: {body.reason}"


def _proposal(body: bodies.Proposal) -> str:
    return f"joint finding that {body.event} is {FINDING_WORDS[body.finding]}"


def _vote(body: bodies.Vote) -> str:
    said = "signs YES to" if body.choice == "yes" else "closes"
    return f"{body.officer} {said} proposal {body.proposal_sha256[:8]}"


def _floor(body: bodies.Floor) -> str:
    return f"deadline passed for {body.proposal_sha256[:8]}; no receipt in time for {', '.join(body.unreceipted)}"


def _agreement(body: bodies.Agreement) -> str:
    return f"agreement of {', '.join(party.party for party in body.parties)}"


def _retraction(body: bodies.Retraction) -> str:
    return body.because


def _negative(body: bodies.NegativeStatement) -> str:
    return f"nothing was launched by us there and then. {body.text}".strip()


_WORDS: dict[type[Record], Callable[..., str]] = {
    bodies.Tracklet: _tracklet,
    bodies.Notification: _notification,
    bodies.Acknowledgement: _acknowledgement,
    bodies.Assessment: _assessment,
    bodies.Conference: _conference,
    bodies.Proposal: _proposal,
    bodies.Vote: _vote,
    bodies.Floor: _floor,
    bodies.Agreement: _agreement,
    bodies.Retraction: _retraction,
    bodies.NegativeStatement: _negative,
    bodies.Notification2: _notification,
    **COUNCIL_WORDS,
    **WATCH_WORDS,
}


def number_of(track: str) -> int:
    """Number at the end of a track's name."""
    tail = track.rpartition("-")[2]
    return int(tail) if tail.isdecimal() else 0
