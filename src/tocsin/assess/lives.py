"""Everything about a notification that a watch must see: where it stands, and each thing about it that is not well.

`notifications.notices` folds the statements; here they are held against time, against the parties who should have read
them, against what flew, and against each other.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from tocsin.assess.notifications import Denial, Notice, Stage
from tocsin.assess.region import centre_of, distance_km
from tocsin.assess.voices import NS_PER_S, NS_PER_US
from tocsin.wire.bodies import Assessment
from tocsin.wire.values import Grouping
from tocsin.world.time import clock_text

State = Literal[
    "announced", "acknowledged", "window-open", "matched", "launched", "expired", "cancelled", "retracted", "extended",
    "late", "duplicate", "contradictory", "unacknowledged", "never-acknowledged", "launched-outside-window", "grouped",
]  # fmt: skip
MATCHED_FROM = 0.5  # an officer held it likelier than everything else together


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a notice is held against. Which limits hold is for the parties' regime to say."""

    lead_s: float = 86_400.0
    """At least 24 hours before the launch: agreement of 31 May 1988. [S]"""

    acknowledge_s: float = 3_600.0
    """A duty officer reads a notice within an hour; no agreement that was found asks for it. [I]"""

    simultaneous_s: float = 300.0
    """Launches less than 5 minutes apart are simultaneous: Russia-China 2009. [S]"""

    near_simultaneous_s: float = 3_600.0
    """Less than 60 minutes apart: near-simultaneous, same agreement. [S]"""


@dataclass(frozen=True, slots=True)
class Life:
    """A notice as it stands: `stage`, every state that holds beside it, and the reasons in words, one a state."""

    notice: Notice
    stage: Stage
    states: tuple[State, ...]
    words: tuple[str, ...]
    events: tuple[str, ...] = ()

    def has(self, state: State) -> bool:
        """Whether a state holds."""
        return state in self.states


def lives(
    notices: Sequence[Notice],
    as_of_tai_ns: int,
    readers: Sequence[str],
    *,
    matched: dict[str, dict[str, str]] | None = None,
    denials: Sequence[Denial] = (),
    expected: Expected | None = None,
) -> tuple[Life, ...]:
    """Every notice with its states. `readers`: parties, by origin, whose officers should acknowledge.

    `matched`: by identifier, who holds which event to be it, see `matches`. `denials`: a party that announces a launch
    and denies it contradicts itself.
    """
    rules = expected or Expected()
    groups = grouping(notices, rules)
    claimed: dict[str, set[str]] = {}
    for notice in notices:
        claimed.setdefault(notice.identifier, set()).add(notice.party)
    return tuple(
        _life(one, as_of_tai_ns, readers, (matched or {}).get(one.identifier, {}), denials, rules,
              groups.get((one.party, one.identifier), "single"), claimed[one.identifier])
        for one in notices
    )  # fmt: skip


def matches(judgements: Iterable[tuple[str, Assessment]]) -> dict[str, dict[str, str]]:
    """By identifier: the party whose officers hold an event to be that launch, and the event; the latest counts.

    `judgements`: (party, assessment) in the order they were made, see `sealed.shown`.
    """
    found: dict[str, dict[str, str]] = {}
    for party, body in judgements:
        for one in body.explanations:
            if one.identifier and one.probability > MATCHED_FROM:
                found.setdefault(one.identifier, {})[party] = body.event
    return found


def grouping(notices: Sequence[Notice], expected: Expected | None = None) -> dict[tuple[str, str], Grouping]:
    """Of launches that took place: which belong to a group, by how far apart one party's launches were."""
    rules = expected or Expected()
    found: dict[tuple[str, str], Grouping] = {}
    for party in sorted({one.party for one in notices}):
        flown = [one for one in notices if one.party == party and one.actual_t_tai_ns is not None]
        for one in flown:
            gaps = [
                abs((one.actual_t_tai_ns or 0) - (other.actual_t_tai_ns or 0)) / NS_PER_S
                for other in flown if other.identifier != one.identifier
            ]  # fmt: skip
            nearest = min(gaps, default=float("inf"))
            if nearest < rules.near_simultaneous_s:
                simultaneous = nearest < rules.simultaneous_s
                found[party, one.identifier] = "simultaneous" if simultaneous else "near-simultaneous"
    return found


def _life(
    notice: Notice, as_of_ns: int, readers: Sequence[str], held: dict[str, str], denials: Sequence[Denial],
    rules: Expected, group: Grouping, claimed: Collection[str],
) -> Life:  # fmt: skip
    stage = notice.stage(as_of_ns)
    found: list[tuple[State, str]] = [_where(notice, stage)]
    found += [("matched", f"{party} holds {event} to be it") for party, event in sorted(held.items())]
    found += _reading(notice, stage, as_of_ns, readers, rules)
    found += _lateness(notice, rules)
    found += [(state, text) for text in notice.problems for state in (_PROBLEMS.get(text),) if state is not None]
    if group != "single":
        found.append(("grouped", f"one of a {group} group"))
    found += [("contradictory", text) for text in _contradictions(notice, denials, claimed)]
    states = tuple(dict.fromkeys(state for state, _ in found))
    return Life(notice, stage, states, tuple(text for _, text in found), tuple(sorted(set(held.values()))))


_PROBLEMS: dict[str, State] = {
    "announced after its window had begun": "late",
    "announced twice": "duplicate",
    "announced again with other content: the first is kept": "contradictory",
    "extended after its window had ended": "late",
    "launched twice by its messages: the first is kept": "contradictory",
    "launched after it had been cancelled": "contradictory",
    "launched outside its window": "launched-outside-window",
}


def _where(notice: Notice, stage: Stage) -> tuple[State, str]:
    window = notice.window
    ends = f"until {clock_text(window.end_tai_us * NS_PER_US)}" if window else "without a window"
    if stage == "open":
        return "window-open", f"window open {ends}"
    if stage == "launched":
        return "launched", f"launched at {clock_text(notice.actual_t_tai_ns or 0)} by its author's message"
    if stage == "retracted":
        return "retracted", f"retracted: {notice.because}" if notice.because else "retracted"
    return stage, f"{stage} {ends}" if stage == "announced" else stage


def _reading(
    notice: Notice, stage: Stage, as_of_ns: int, readers: Sequence[str], rules: Expected
) -> list[tuple[State, str]]:
    found: list[tuple[State, str]] = []
    for party in sorted(set(readers) - {notice.party}):
        read = [one for one in notice.read if one.party == party and one.t_tai_ns <= as_of_ns]
        waited_s = (as_of_ns - notice.announced_t_tai_ns) / NS_PER_S
        if read:
            first = min(read, key=lambda one: one.t_tai_ns)
            found.append(("acknowledged", f"read by {first.officer} of {party} at {clock_text(first.t_tai_ns)}"))
        elif stage in ("expired", "launched"):
            found.append(("never-acknowledged", f"{stage}, and no officer of {party} ever read it"))
        elif waited_s > rules.acknowledge_s and stage in ("announced", "open"):
            found.append(("unacknowledged", f"not read by any officer of {party} for {waited_s / 60.0:.0f} min"))
    return found


def _lateness(notice: Notice, rules: Expected) -> list[tuple[State, str]]:
    window, first = notice.first_window or notice.window, notice.announced_t_tai_ns
    found: list[tuple[State, str]] = []
    if window is not None and notice.announcement.format != "post-launch":
        lead_s = window.start_tai_us * NS_PER_US / NS_PER_S - first / NS_PER_S
        if 0.0 <= lead_s < rules.lead_s:
            wanted_h = rules.lead_s / 3_600.0
            found.append(("late", f"announced {lead_s / 3_600.0:.1f} h before its window, {wanted_h:.0f} h expected"))
    if notice.extensions:
        times = f" {notice.extensions} times" if notice.extensions > 1 else ""
        found.append(("extended", f"window extended{times}"))
    return found


def _contradictions(notice: Notice, denials: Sequence[Denial], claimed: Collection[str]) -> list[str]:
    """The same identifier used by others, and the author's own statement that it launched nothing there and then."""
    found = []
    others = sorted(set(claimed) - {notice.party})
    if others:
        found.append(f"{', '.join(others)} uses the same identifier")
    area, t_ns = notice.announcement.launch_area, notice.actual_t_tai_ns
    for denial in denials:
        if denial.party != notice.party or area is None or t_ns is None:
            continue
        window = denial.statement.window
        inside = window.start_tai_us * NS_PER_US <= t_ns <= window.end_tai_us * NS_PER_US
        if inside and distance_km(denial.statement.area, *centre_of(area)) == 0.0:
            found.append(f"{notice.party} also states that it launched nothing there and then")
    return found
