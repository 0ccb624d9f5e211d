"""The director's board: clock, seats, truth beside beliefs, injects, journal. Built anew at every change."""

import msgspec

from tocsin.exercise import injects
from tocsin.exercise.game import Game
from tocsin.exercise.journal import Entry
from tocsin.exercise.truth import TruthView, truth_now
from tocsin.world.time import clock_text, utc_text

NS = 1_000_000_000
JOURNAL_SHOWN = 200


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Base of everything on the director's board."""


class Clock(Part, frozen=True, kw_only=True):
    """`t_s` is seconds after the scenario's launch; `keeps_up` is False where the machine plays slower than asked."""

    scenario: str
    title: str
    summary: str
    regime: str
    t_tai_us: int
    utc: str
    t_s: float
    begins_s: float
    ends_s: float
    speed: float
    paused: bool
    ended: bool
    no_duff: str
    keeps_up: bool


class Enrolled(Part, frozen=True, kw_only=True):
    """A person on a party's roster."""

    name: str
    roles: tuple[str, ...]


class SeatView(Part, frozen=True, kw_only=True):
    """One party: who sits there, and what its strip says."""

    party: str
    scripted: bool
    url: str
    enrolled: tuple[Enrolled, ...]
    sentence: str
    events: int
    silent_sensors: tuple[str, ...]
    sensors: tuple[str, ...]


class InjectView(Part, frozen=True, kw_only=True):
    """One inject and what became of it."""

    number: int
    utc: str
    t_s: float
    kind: str
    words: str
    done: bool
    withdrawn: bool


class LinksView(Part, frozen=True, kw_only=True):
    """Lines that are cut or slow."""

    cut: tuple[tuple[str, ...], ...]
    late_s: dict[str, float]


class JournalLine(Part, frozen=True, kw_only=True):
    """An act of the director."""

    number: int
    utc: str
    wall_posix_s: float
    who: str
    act: str
    text: str


class Overview(Part, frozen=True, kw_only=True):
    """The whole."""

    clock: Clock
    seats: tuple[SeatView, ...]
    truth: TruthView
    injects: tuple[InjectView, ...]
    links: LinksView
    journal: tuple[JournalLine, ...]
    version: int


def overview(game: Game, urls: dict[str, str]) -> Overview:
    """What the director sees now. `urls` are the consoles' addresses by party."""
    desks = {name: seat.desk for name, seat in game.seats.items()}
    return Overview(
        clock=_clock(game),
        seats=tuple(_seat(game, name, urls.get(name, "")) for name in game.seats),
        truth=truth_now(game.flying, game.t_s, desks),
        injects=tuple(_inject(game, number) for number in range(len(game.state.waiting))),
        links=LinksView(
            cut=tuple(sorted(tuple(sorted(pair)) for pair in game.lines.cut)),
            late_s={party: late / NS for party, late in game.lines.late_ns.items() if late},
        ),
        journal=tuple(line(entry) for entry in game.journal.entries[-JOURNAL_SHOWN:]),
        version=game.version,
    )


def line(entry: Entry) -> JournalLine:
    """A journal's entry as pages show it."""
    return JournalLine(
        number=entry.number, utc=clock_text(entry.t_tai_us * 1_000), wall_posix_s=entry.wall_posix_s, who=entry.who,
        act=entry.act, text=entry.text,
    )  # fmt: skip


def _clock(game: Game) -> Clock:
    state, scenario = game.state, game.scenario
    return Clock(
        scenario=scenario.name, title=scenario.title, summary=" ".join(scenario.summary.split()),
        regime=game.regime.name, t_tai_us=game.now_tai_ns // 1_000, utc=utc_text(game.now_tai_ns), t_s=game.t_s,
        begins_s=scenario.begins_s, ends_s=scenario.ends_s, speed=state.pace.speed, paused=state.pace.paused,
        ended=state.ended, no_duff=state.no_duff, keeps_up=game.keeps_up,
    )  # fmt: skip


def _seat(game: Game, party: str, url: str) -> SeatView:
    seat = game.seats[party]
    sensors = tuple(one.id for one in seat.centre.config.sensors)
    return SeatView(
        party=party, scripted=seat.scripted, url=url,
        enrolled=tuple(Enrolled(name=one.name, roles=one.roles) for one in seat.enrolled),
        sentence=seat.desk.sentence(), events=len(seat.desk.events()),
        silent_sensors=tuple(one for one in sensors if one in game.state.silent), sensors=sensors,
    )  # fmt: skip


def _inject(game: Game, number: int) -> InjectView:
    one = game.state.waiting[number]
    return InjectView(
        number=one.number, utc=clock_text(one.t_tai_ns), t_s=(one.t_tai_ns - game.launch_tai_ns) / NS,
        kind=str(one.inject.__struct_config__.tag), words=injects.in_words(one.inject), done=one.done,
        withdrawn=one.withdrawn,
    )  # fmt: skip
