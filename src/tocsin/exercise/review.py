"""After the exercise: what happened, who knew what when, what was decided with how much time to spare, from the logs.

Two runs are held side by side: as played, and the same flights with scripted officers under the same regime. The second
is no ideal: it is what a watch that only follows the picture would have done, links whole and nobody distracted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from tocsin.exercise.game import Game
from tocsin.exercise.journal import Entry
from tocsin.node import queries
from tocsin.node.record import Said, in_words
from tocsin.sim.play import Played
from tocsin.study.compare import as_run, assemble, run_one
from tocsin.study.following import Follower
from tocsin.study.measure import Measurer
from tocsin.study.results import Comparison
from tocsin.wire.bodies import Vote
from tocsin.world.time import clock_text, from_posix_s

NS = 1_000_000_000
ATTRIBUTED = ("officer", "duty_officer", "by")
OUTCOMES = {
    "ADOPTED": "adopted", "CLOSED": "closed, not adopted", "DISPUTED": "disputed: see the logs",
    "PENDING": "undetermined: not adopted",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Someone who played, by pseudonym. `named` only with consent."""

    party: str
    pseudonym: str
    roles: tuple[str, ...]
    acts: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One thing that somebody put on record, or that the director did."""

    t_s: float
    utc: str
    who: str
    party: str
    kind: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """One proposal: what became of it, and how long before its deadline the last needed signature came."""

    event: str
    text: str
    by: str
    outcome: str
    margin_s: float | None
    signed: tuple[tuple[str, str], ...]
    still_needed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """Everything that the page shows."""

    comparison: Comparison
    people: tuple[Person, ...]
    acts: tuple[Act, ...]
    journal: tuple[Entry, ...]
    decided: tuple[Decided, ...]
    ended_utc: str
    played_s: float
    refused: int
    consent: bool


def review(game: Game, measurer: Measurer, follower: Follower, *, consent: bool) -> Review:
    """Read the logs of a game that has ended. Plays the scripted run beside it: some seconds of work."""
    centres = {name: seat.centre for name, seat in game.seats.items()}
    flying = tuple(game.flying)
    played = Played(game.scenario, game.regime, game.seed, game.launch_tai_ns, flying, dict(centres))
    people_played = as_run(played, measurer, follower)
    people_played = msgspec.structs.replace(people_played, regime=f"{game.regime.name}, as played")
    scripted, _ = run_one(game.scenario, game.regime, game.seed, flying, hybrid=False)
    scripted = msgspec.structs.replace(scripted, regime=f"{game.regime.name}, by script")
    comparison = assemble(
        game.scenario, flying, game.seed, [people_played, scripted], f"tocsin exercise {game.scenario.name}"
    )
    return Review(
        comparison=comparison,
        people=_people(game, consent=consent),
        acts=_acts(game),
        journal=tuple(game.journal.entries),
        decided=_decided(game),
        ended_utc=clock_text(game.now_tai_ns),
        played_s=(game.now_tai_ns - game.begin_tai_ns) / NS,
        refused=sum(entry.act == "refused" for entry in game.journal.entries),
        consent=consent,
    )


def _people(game: Game, *, consent: bool) -> tuple[Person, ...]:
    """Without consent people appear as `officer 1 of west`; the logs hold the pseudonyms that they chose."""
    found = []
    for party, seat in game.seats.items():
        for number, one in enumerate(seat.enrolled):
            acts = sum(_author(said.body) == one.name for said in _own(game, party))
            name = one.name if consent else f"officer {number + 1} of {party}"
            found.append(Person(party=party, pseudonym=name, roles=tuple(one.roles), acts=acts))
    return tuple(found)


def _own(game: Game, party: str) -> list[Said]:
    return [said for said in game.seats[party].centre.said if said.party == party]


def _author(body: object) -> str:
    return next((str(getattr(body, name)) for name in ATTRIBUTED if getattr(body, name, "")), "")


def _acts(game: Game) -> tuple[Act, ...]:
    """What every side put on record, in the order in which it was logged."""
    found = []
    for party in game.seats:
        for said in _own(game, party):
            if said.kind in ("agreement", "anchors", "roster"):
                continue
            t_ns = queries.logged_tai_ns(said)
            found.append(
                Act(
                    t_s=(t_ns - game.launch_tai_ns) / NS, utc=clock_text(t_ns), who=_author(said.body), party=party,
                    kind=said.kind, text=in_words(said),
                )
            )  # fmt: skip
    return tuple(sorted(found, key=lambda act: (act.t_s, act.party)))


def _decided(game: Game) -> tuple[Decided, ...]:
    found: dict[str, Decided] = {}
    for seat in game.seats.values():
        for view in queries.proposals(seat.centre):
            key = view.said.entry.sha256
            signed = _signatures(game, key)
            late = view.body.deadline_s
            times = [t_ns for _, t_ns in signed]
            whole = view.decision.status == "ADOPTED" and times
            margin = (from_posix_s(late) - max(times)) / NS if whole else None
            found[key] = Decided(
                event=view.body.event, text=view.body.text, by=f"{view.body.officer} ({view.said.party})",
                outcome=OUTCOMES[view.decision.status], margin_s=margin,
                signed=tuple((party, clock_text(t_ns)) for party, t_ns in signed),
                still_needed=tuple(sorted(set(view.body.required) - {party for party, _ in signed})),
            )  # fmt: skip
    return tuple(found.values())


def _signatures(game: Game, proposal_sha256: str) -> list[tuple[str, int]]:
    """(party, logged) of every yes."""
    return [
        (party, queries.logged_tai_ns(said))
        for party in game.seats
        for said in _own(game, party)
        if isinstance(said.body, Vote) and said.body.choice == "yes" and said.body.proposal_sha256 == proposal_sha256
    ]


def missed(decided: Sequence[Decided]) -> int:
    """How many proposals were left without all the signatures that they needed."""
    return sum(bool(one.still_needed) for one in decided)
