"""Independent judgements: who sealed what, who opened it, whether it fits, and whom it cannot have been drawn from.

A judgement is independent of another's when its seal is referred to by the other's opening: the seal then was in the
record before anybody could read the other judgement. That follows from the logs alone, without clocks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from tocsin.assess.matching import explained
from tocsin.assess.voices import NS_PER_US, Entry, Place, Voice, voices
from tocsin.wire.bodies import Assessment
from tocsin.wire.errors import WireError
from tocsin.wire.judging import OpenedJudgement, SealedJudgement
from tocsin.wire.sealing import fits, judgement_of

State = Literal["sealed", "opened", "overdue", "false"]
_SEALS = frozenset({"sealed-judgement", "opened-judgement"})


@dataclass(frozen=True, slots=True)
class Sealed:
    """One sealed judgement. `false`: what was opened is not what was sealed, or no judgement at all.

    `before`: parties (within a panel, officers) whose opened judgement was made when this seal was already on record,
    so that this judgement owes nothing to theirs, nor theirs to a view of this one.
    """

    party: str
    event: str
    panel: str
    officer: str
    place: Place
    sealed_tai_ns: int
    opens_tai_ns: int
    state: State
    judgement: Assessment | None = None
    opened: Place | None = None
    before: tuple[str, ...] = ()

    @property
    def voice(self) -> str:
        """Who judges: the party, or within a panel the officer."""
        return self.officer if self.panel else self.party


@dataclass(frozen=True, slots=True)
class Spread:
    """How far independent judgements of one event lie apart. `explained` are the probabilities, ascending.

    `site_reports` and `confidences`: how many said what, in the words of the statements.
    """

    event: str
    voices: tuple[str, ...]
    explained: tuple[float, ...]
    site_reports: tuple[tuple[str, int], ...]
    confidences: tuple[tuple[str, int], ...]
    independent: bool

    @property
    def middle(self) -> float:
        """Median probability that the event is explained."""
        return median(self.explained)

    @property
    def width(self) -> float:
        """Largest less smallest of these probabilities."""
        return self.explained[-1] - self.explained[0]

    @property
    def words(self) -> str:
        """For an officer."""
        low, high = (f"{100.0 * p:.0f}" for p in (self.explained[0], self.explained[-1]))
        who = f"{len(self.voices)} judgement{'s' * (len(self.voices) != 1)}"
        kind = "independent" if self.independent else "not all independent"
        text = f"{who} ({kind}): explained {low} % to {high} %, middle {100.0 * self.middle:.0f} %"
        return text if len(self.site_reports) == 1 else f"{text}; the site reports differ"


def seals(entries: Iterable[Entry], as_of_tai_ns: int) -> tuple[Sealed, ...]:
    """Every sealed judgement with what became of it, in order of log and index; a function of the set of entries."""
    said = voices(entries, _SEALS)
    openings = [v for v in said if isinstance(v.body, OpenedJudgement)]
    found: dict[tuple[str, str, str, str], Sealed] = {}
    for voice in said:
        body = voice.body
        if isinstance(body, SealedJudgement):
            panel = body.panel or ""
            key = (voice.party, body.event, panel, body.officer if panel else "")
            found.setdefault(key, _sealed(voice, body, openings, as_of_tai_ns))  # a party's first seal is its seal
    return tuple(found.values())


def comparable(found: Sequence[Sealed], names: Iterable[str], panel: str = "") -> tuple[Sealed, ...]:
    """Seals of one event by any of its names: the parties', or one panel's."""
    wanted = set(names)
    return tuple(one for one in found if one.event in wanted and one.panel == panel)


def spread(found: Sequence[Sealed]) -> Spread | None:
    """How far opened judgements lie apart; None without any."""
    opened = [one for one in found if one.state == "opened" and one.judgement is not None]
    bodies = [one.judgement for one in opened if one.judgement is not None]
    if not bodies:
        return None
    everyone = {one.voice for one in opened}
    return Spread(
        event=opened[0].event,
        voices=tuple(sorted(everyone)),
        explained=tuple(sorted(explained(body.explanations) for body in bodies)),
        site_reports=_counted([body.site_report for body in bodies]),
        confidences=_counted([body.confidence for body in bodies]),
        independent=all(set(one.before) >= everyone - {one.voice} for one in opened),
    )


def may_open(own: Sealed, found: Sequence[Sealed], others: Iterable[str], now_tai_ns: int) -> bool:
    """Whether it is time to open: everybody else has sealed (or spoken), or the time named in the seal has come."""
    committed = {one.voice for one in found if one.place != own.place}
    return own.state in ("sealed", "overdue") and (set(others) <= committed or now_tai_ns >= own.opens_tai_ns)


def shown(entries: Iterable[Entry]) -> tuple[tuple[str, Assessment], ...]:
    """(party, assessment) of every judgement that was put down openly or opened, by observed time.

    What stands in an assessment and in the opening of the same judgement is listed once. Panels are left out.
    """
    entries = list(entries)
    listed: list[tuple[int, str, Assessment]] = []
    for voice in voices(entries, frozenset({"assessment", "opened-judgement"})):
        body: Assessment | None = voice.body if isinstance(voice.body, Assessment) else None
        if isinstance(voice.body, OpenedJudgement) and not voice.body.panel:
            body = _read(voice.body)
        if body is not None and (voice.party, body) not in [(party, other) for _, party, other in listed]:
            listed.append((voice.t_tai_ns, voice.party, body))
    listed.sort(key=lambda one: one[:2])
    return tuple((party, body) for _, party, body in listed)


def _sealed(voice: Voice, body: SealedJudgement, openings: Sequence[Voice], as_of_ns: int) -> Sealed:
    name = body.officer if body.panel else voice.party
    # Only in the log where the seal stands: what a party keeps for itself is not open to those who read the seal.
    same_log = (v for v in openings if v.place.origin == voice.place.origin)
    opening = next((v for v in same_log if voice.place in v.refers("opens")), None)
    before = [
        other.body.officer if other.body.panel else other.party
        for other in openings
        if isinstance(other.body, OpenedJudgement) and voice.place in other.refers("saw")
    ]
    state: State = "overdue" if as_of_ns > body.opens_tai_us * NS_PER_US else "sealed"
    judgement = None
    if opening is not None and isinstance(opening.body, OpenedJudgement):
        judgement = _read(opening.body) if fits(voice.party, body, opening.body) else None
        state = "opened" if judgement is not None else "false"
    return Sealed(
        party=voice.party, event=body.event, panel=body.panel or "", officer=body.officer, place=voice.place,
        sealed_tai_ns=voice.t_tai_ns, opens_tai_ns=body.opens_tai_us * NS_PER_US, state=state, judgement=judgement,
        opened=opening.place if opening else None, before=tuple(sorted(set(before) - {name})),
    )  # fmt: skip


def _read(body: OpenedJudgement) -> Assessment | None:
    try:
        return judgement_of(body)
    except WireError:
        return None


def _counted(words: Sequence[str]) -> tuple[tuple[str, int], ...]:
    return tuple((word, words.count(word)) for word in sorted(set(words)))
