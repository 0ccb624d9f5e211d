"""The record that is kept of a party: counts, each with its reasons, and what the party says to them.

There is no score and no ranking, and nothing here weighs anybody's statements: a count without its reasons misleads,
and one number for a party would soon be the only thing read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tocsin.assess.dockets import Case
from tocsin.assess.lives import Life, State
from tocsin.assess.notifications import Denial
from tocsin.assess.sealed import Sealed
from tocsin.assess.voices import NS_PER_S, Entry, Place, voices
from tocsin.wire.bodies import Retraction
from tocsin.wire.judging import Measure, RecordRemark


@dataclass(frozen=True, slots=True)
class Reason:
    """One case behind a count: what, and which entry says so (None where none does)."""

    words: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """One count of a party's record with its reasons, and the party's own remarks on it."""

    measure: Measure
    what: str
    reasons: tuple[Reason, ...]
    remarks: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How often."""
        return len(self.reasons)


@dataclass(frozen=True, slots=True)
class PartyRecord:
    """What the logs say about how a party kept its word. `answers_s`: seconds to each of its answers, ascending."""

    party: str
    entered: tuple[Entered, ...]
    answers_s: tuple[float, ...]

    def of(self, measure: Measure) -> tuple[Entered, ...]:
        """Counts under one heading."""
        return tuple(one for one in self.entered if one.measure == measure)


def party_record(
    party: str,
    entries: Iterable[Entry],
    lives: Sequence[Life],
    denials: Sequence[Denial] = (),
    contradicted: Sequence[tuple[Denial, str]] = (),
    cases: Sequence[Case] = (),
    sealed: Sequence[Sealed] = (),
) -> PartyRecord:
    """The record of `party` (by log origin). `contradicted`: denials, each with what own sensors saw there and then."""
    entries = list(entries)
    own = [one for one in lives if one.notice.party == party]
    found = [
        Entered("announced", "launches announced in time", _with(own, "late", absent=True)),
        Entered("late", "announced late", _with(own, "late")),
        Entered("proved-right", "announced launches that were seen as announced", _with(own, "matched")),
        Entered("contradicted", "announcements that contradict each other", _with(own, "contradictory")),
        Entered("contradicted", "launched outside the announced window", _with(own, "launched-outside-window")),
        Entered("contradicted", "denials against what sensors saw", tuple(
            Reason(f"{denial.party} denied; {words}", denial.place)
            for denial, words in contradicted if denial.party == party
        )),
        Entered("proved-right", "denials that nothing speaks against", tuple(
            Reason(denial.statement.text or "nothing was launched there and then", denial.place)
            for denial in denials
            if denial.party == party and denial.place not in {other.place for other, _ in contradicted}
        )),
        Entered("retracted", "statements taken back", _retractions(party, entries)),
        *_answers(party, lives, cases),
        *_judgements(party, sealed),
    ]  # fmt: skip
    remarks = _remarks(party, entries)
    entered = tuple(
        Entered(one.measure, one.what, one.reasons, remarks.get(one.measure, ())) for one in found
    )
    return PartyRecord(party, entered, _times(party, lives, cases))


def _with(lives: Sequence[Life], state: State, absent: bool = False) -> tuple[Reason, ...]:
    return tuple(
        Reason(f"{one.notice.identifier}: {'; '.join(one.words)}", one.notice.place)
        for one in lives
        if one.has(state) != absent
    )


def _retractions(party: str, entries: Sequence[Entry]) -> tuple[Reason, ...]:
    said = voices(entries, frozenset({"retraction"}))
    return tuple(
        Reason(v.body.because, v.place) for v in said if v.party == party and isinstance(v.body, Retraction)
    )


def _answers(party: str, lives: Sequence[Life], cases: Sequence[Case]) -> list[Entered]:
    others = [one for one in lives if one.notice.party != party]
    read = tuple(
        Reason(f"{one.notice.identifier} read after {_minutes(t_s)}", one.notice.place)
        for one in others for t_s in _read_after_s(one, party)[:1]
    )  # fmt: skip
    never = tuple(
        Reason(one.notice.identifier, one.notice.place)
        for one in others if one.has("never-acknowledged") and not one.notice.read_by(party)
    )  # fmt: skip
    asked = [case for case in cases if party in case.asked]
    answered = tuple(
        Reason(f"{case.case} answered after {_minutes(t_s)}", case.steps[0].place)
        for case in asked for who, t_s in case.answer_s if who == party
    )  # fmt: skip
    overdue = tuple(
        Reason(case.words, case.steps[0].place) for case in asked if case.state == "overdue" and party in case.waiting
    )
    ended = [case for case in cases if party in (case.asker, *case.asked)]
    return [
        Entered("answers", "notices read by an officer", read),
        Entered("answers", "notices never read by an officer", never),
        Entered("dockets", "questions answered", answered),
        Entered("dockets", "questions overdue", overdue),
        Entered("dockets", "questions closed by all", _ended(ended, "closed")),
        Entered("dockets", "questions that ended in disagreement", _ended(ended, "disagreed")),
    ]


def _ended(cases: Sequence[Case], state: str) -> tuple[Reason, ...]:
    return tuple(Reason(case.words, case.steps[0].place) for case in cases if case.state == state)


def _judgements(party: str, sealed: Sequence[Sealed]) -> list[Entered]:
    own = [one for one in sealed if one.party == party and not one.panel]
    wanted = (
        ("judgements opened as sealed", "opened"), ("judgements never opened", "overdue"),
        ("openings that do not fit their seal", "false"),
    )  # fmt: skip
    return [
        Entered("judgements", what, tuple(Reason(one.event, one.place) for one in own if one.state == state))
        for what, state in wanted
    ]


def _times(party: str, lives: Sequence[Life], cases: Sequence[Case]) -> tuple[float, ...]:
    found = [t_s for one in lives if one.notice.party != party for t_s in _read_after_s(one, party)[:1]]
    found += [t_s for case in cases for who, t_s in case.answer_s if who == party]
    return tuple(sorted(found))


def _read_after_s(one: Life, party: str) -> list[float]:
    reads = sorted(read.t_tai_ns for read in one.notice.read if read.party == party)
    return [max(t_ns - one.notice.announced_t_tai_ns, 0) / NS_PER_S for t_ns in reads]


def _remarks(party: str, entries: Sequence[Entry]) -> dict[str, tuple[str, ...]]:
    """The right of reply: remarks of the party concerned, by heading; what others say about it is not entered."""
    found: dict[str, tuple[str, ...]] = {}
    for voice in voices(entries, frozenset({"record-remark"})):
        if isinstance(voice.body, RecordRemark) and voice.party == party:
            found[voice.body.measure] = (*found.get(voice.body.measure, ()), voice.body.text)
    return found


def _minutes(t_s: float) -> str:
    return f"{t_s:.0f} s" if t_s < 120.0 else f"{t_s / 60.0:.0f} min"
