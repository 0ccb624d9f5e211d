"""How each inject is checked against the scenario, and what it does to the game."""

from typing import TYPE_CHECKING

from tocsin.errors import TocsinError
from tocsin.exercise import injects
from tocsin.exercise.errors import BadInject
from tocsin.node import commands, council
from tocsin.sim import announce
from tocsin.sim.truths import Flying, check_flight, read_flight
from tocsin.world.time import parse_utc

if TYPE_CHECKING:
    from tocsin.exercise.game import Game

CONTROL = "exercise control"


def check(game: "Game", inject: injects.Inject) -> None:
    """Whether the scenario has what the inject speaks of. Raises BadInject or a scenario error, in one sentence."""
    _known("sensor", _sensors(inject), [one.id for party in game.scenario.party for one in party.sensor])
    _known("party", _parties(inject), list(game.seats))
    if isinstance(inject, injects.CutLink | injects.HealLink) and inject.between[0] == inject.between[1]:
        raise BadInject("inject: between: two different parties expected")
    if isinstance(inject, injects.Flight):
        if inject.name in {one.name for one in game.flying}:
            raise BadInject(f"inject: name: {inject.name!r} flies already; another name expected")
        check_flight(injects.table_of(inject), "inject", "flight")
    if isinstance(inject, injects.Notice):
        for when in (inject.notice.announced, inject.notice.window_start, inject.notice.window_end):
            parse_utc(when)


def happen(game: "Game", inject: injects.Inject) -> None:
    """Do it. What a centre refuses is kept in the journal: the director sees that it did not happen."""
    try:
        _do(game, inject)
    except TocsinError as error:
        game.refused(f"{injects.in_words(inject)}: {error}")


def _do(game: "Game", inject: injects.Inject) -> None:
    match inject:
        case injects.CutLink():
            game.lines.cut.add(frozenset(inject.between))
        case injects.HealLink():
            game.lines.cut.discard(frozenset(inject.between))
        case injects.LateAnswers():
            game.lines.late_ns[inject.party] = round(inject.delay_s * 1e9)
        case injects.FeedOut():
            game.state.silent.add(inject.sensor)
        case injects.FeedBack():
            game.state.silent.discard(inject.sensor)
        case injects.Flight():
            game.add(flown(game, inject))
        case injects.Press():
            game.tell("press", inject.text, inject.to)
        case injects.Cyber():
            game.state.silent.update(inject.sensors)
            game.tell("report to this desk", inject.text, (inject.party,))
        case injects.Notice() | injects.Suspend() | injects.Message():
            _say(game, inject)


def flown(game: "Game", inject: injects.Flight) -> Flying:
    """The inject's flight, flown; it starts now. Raises a flight error when nothing flies like that."""
    table = {**injects.table_of(inject), "after_s": game.t_s}
    return read_flight(table, "inject", "flight", inject.name)


def _say(game: "Game", inject: injects.Notice | injects.Suspend | injects.Message) -> None:
    """A statement in a party's name, through its own release gate."""
    party = inject.notice.by if isinstance(inject, injects.Notice) else inject.by
    seat = game.seats[party]
    centre = seat.centre
    name = f"{CONTROL} for {party}"
    seat.acting = True  # the script's tokens stand for the capital that control plays
    try:
        if isinstance(inject, injects.Notice):
            commands.announce(centre, announce.notification(inject.notice, game.scenario))
        elif isinstance(inject, injects.Suspend):
            commands.stand(centre, inject.does, inject.text, seat.tokens[0].name)
        else:
            council.message(centre, inject.to, inject.text, name)
    finally:
        seat.acting = False
        game.lines.flush(centre)


def _sensors(inject: injects.Inject) -> tuple[str, ...]:
    match inject:
        case injects.FeedOut() | injects.FeedBack():
            return (inject.sensor,)
        case injects.Flight():
            return inject.only_on
        case injects.Cyber():
            return inject.sensors
    return ()


def _parties(inject: injects.Inject) -> tuple[str, ...]:
    match inject:
        case injects.CutLink() | injects.HealLink():
            return inject.between
        case injects.LateAnswers() | injects.Cyber():
            return (inject.party,)
        case injects.Notice():
            return (inject.notice.by, *inject.notice.to)
        case injects.Suspend():
            return (inject.by,)
        case injects.Message():
            return (inject.by, *inject.to)
        case injects.Press():
            return inject.to
    return ()


def _known(what: str, given: tuple[str, ...], known: list[str]) -> None:
    for one in given:
        if one not in known:
            raise BadInject(f"inject: {what}: one of {', '.join(known)} expected, got {one!r}")
