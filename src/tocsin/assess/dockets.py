"""The clarification docket: what one party asked another, what came back, by when, and how it ended.

As in a consultative commission: nobody rules. A case is closed when asker and all who were asked close it; whoever
disagrees says so, and it stays on record as disagreed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from tocsin.assess.voices import NS_PER_S, Entry, Place, Voice, standing_voices
from tocsin.wire.judging import Docket
from tocsin.world.time import posix_s

State = Literal["open", "answered", "overdue", "closed", "disagreed"]
_ANSWERS = ("reply", "evidence")


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a case."""

    party: str
    place: Place
    t_tai_ns: int
    body: Docket


@dataclass(frozen=True, slots=True)
class Case:
    """One question with everything that followed. `asked` and `asker` are parties as in the logs' origins.

    `deadline_s` (POSIX) is as last extended by the asker. `waiting`: who was asked and has not answered.
    `answer_s`: by party, seconds from the query to its first answer, by the answerer's clock.
    """

    case: str
    asker: str
    asked: tuple[str, ...]
    event: str
    question: str
    opened_tai_ns: int
    deadline_s: int
    state: State
    waiting: tuple[str, ...]
    answer_s: tuple[tuple[str, float], ...]
    steps: tuple[Step, ...]
    ignored: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """For an officer."""
        who = f"; {', '.join(self.waiting)} has not answered" if self.waiting else ""
        return f"{self.case}: {self.asker} asks {', '.join(self.asked)}: {self.state}{who}"


def cases(entries: Iterable[Entry], as_of_tai_ns: int, origins: dict[str, str]) -> tuple[Case, ...]:
    """Every case, sorted by name; a function of the set of entries. `origins`: log origin by party's name.

    The first query under a name opens the case. Steps of those who are neither asker nor asked change nothing.
    """
    said = [v for v in standing_voices(entries, frozenset({"docket"})) if v.t_tai_ns <= as_of_tai_ns]
    names: dict[str, list[Voice]] = {}
    for voice in sorted(said, key=lambda v: (v.t_tai_ns, v.place.origin, v.place.index)):
        if isinstance(voice.body, Docket):
            names.setdefault(voice.body.case, []).append(voice)
    found = (_case(names[name], as_of_tai_ns, origins) for name in sorted(names))
    return tuple(case for case in found if case is not None)


def _case(said: list[Voice], as_of_ns: int, origins: dict[str, str]) -> Case | None:
    steps = [Step(v.party, v.place, v.t_tai_ns, v.body) for v in said if isinstance(v.body, Docket)]
    query = next((one for one in steps if one.body.step == "query"), None)
    if query is None:
        return None
    asked = tuple(sorted({origins.get(name, name) for name in query.body.to} - {query.party}))
    case = Case(
        query.body.case, query.party, asked, query.body.event or "", query.body.text, query.t_tai_ns,
        query.body.deadline_s or 0, "open", asked, (), (query,),
    )  # fmt: skip
    for one in steps:
        if one is not query:
            case = _step(case, one)
    return replace(case, state=_state(case, as_of_ns))


def _step(case: Case, one: Step) -> Case:
    if one.party not in (case.asker, *case.asked):
        return replace(case, ignored=(*case.ignored, f"{one.party} is no party to {case.case}"))
    if one.body.step == "query":
        return replace(case, ignored=(*case.ignored, f"{one.party} asks again under the same name"))
    if one.body.step == "extend" and one.party != case.asker:
        return replace(case, ignored=(*case.ignored, f"only {case.asker} sets the deadline"))
    case = replace(case, steps=(*case.steps, one))
    if one.body.step == "extend":
        return replace(case, deadline_s=max(case.deadline_s, one.body.deadline_s or 0))
    if one.party in case.waiting and one.body.step in (*_ANSWERS, "close", "disagree"):
        took_s = (one.t_tai_ns - case.opened_tai_ns) / NS_PER_S
        waiting = tuple(party for party in case.waiting if party != one.party)
        return replace(case, waiting=waiting, answer_s=(*case.answer_s, (one.party, took_s)))
    return case


def _state(case: Case, as_of_ns: int) -> State:
    """The last word of each side counts: `reply` or `evidence` after `close` opens the case again."""
    last = {one.party: one.body.step for one in case.steps if one.body.step != "extend"}
    words = [last.get(party, "") for party in (case.asker, *case.asked)]
    if all(word == "close" for word in words):
        return "closed"
    if "disagree" in words:
        return "disagreed"
    if case.waiting:
        return "overdue" if posix_s(as_of_ns) > case.deadline_s else "open"
    return "answered"
