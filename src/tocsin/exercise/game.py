"""One exercise in play: seats, sensors, links and injects on a paced clock. Driven by `advance`; everything else is a
person's or the director's act between two turns.

The wall's clock, the folder and the journal's file are given from outside, so that a test plays hours in a second.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from tocsin.console.host import Press
from tocsin.exercise import injects, putting_in
from tocsin.exercise.errors import NotInPlay
from tocsin.exercise.journal import Act, Journal
from tocsin.exercise.lines import Lines
from tocsin.exercise.pace import Pace
from tocsin.exercise.stand import Seat
from tocsin.regime import Regime
from tocsin.sim import announce, script
from tocsin.sim.build import sensor_of
from tocsin.sim.play import Watcher, scans_of, stream
from tocsin.sim.scenario import Scenario
from tocsin.sim.schedule import Schedule
from tocsin.sim.sensing import Flown, detect
from tocsin.sim.sites import ask_sites
from tocsin.sim.truths import Flying
from tocsin.wire.custody import Officer
from tocsin.world.observation import Scan
from tocsin.world.time import clock_text, parse_utc

NS = 1_000_000_000
SLICE_NS = NS // 4
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class News:
    """A press report, and which consoles show it; empty `to` means all."""

    press: Press
    to: tuple[str, ...]


@dataclass(slots=True)
class Waiting:
    """An inject that has its time."""

    number: int
    t_tai_ns: int
    inject: injects.Inject
    done: bool = False
    withdrawn: bool = False


@dataclass(slots=True)
class State:
    """What is not on record in any log."""

    pace: Pace
    ended: bool = False
    no_duff: str = ""
    silent: set[str] = field(default_factory=set)  # sensors whose feed is out
    heard_tai_ns: dict[str, int] = field(default_factory=dict)  # last scan of each sensor that reached its centre
    news: list[News] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)


class Game:
    """Seats round one scenario. `wall_ns` is a monotonic clock, `posix_s` the time of day."""

    def __init__(
        self, scenario: Scenario, regime: Regime, seed: int, flying: Sequence[Flying], schedule: Schedule,
        seats: Mapping[str, Seat], journal: Journal, wall_ns: Callable[[], int], posix_s: Callable[[], float],
        watchers: Sequence[Watcher] = (),
    ) -> None:  # fmt: skip
        self.scenario, self.regime, self.seed = scenario, regime, seed
        self.launch_tai_ns = parse_utc(scenario.launch)
        self.begin_tai_ns = self.launch_tai_ns + round(scenario.begins_s * NS)
        self.end_tai_ns = self.launch_tai_ns + round(scenario.ends_s * NS)
        self.flying = list(flying)
        self.seats = dict(seats)
        self.journal = journal
        self.state = State(Pace(self.begin_tai_ns, wall_ns()))
        self.version = 0
        self.keeps_up = True
        self._wall_ns, self._posix_s = wall_ns, posix_s
        self._schedule = schedule
        self._added: list[Flown] = []
        self._added_rng = stream(seed, "inject")
        self._clock_offset_ns = {
            file.id: sensor_of(file).clock_offset_ns for party in scenario.party for file in party.sensor
        }
        self._trouble = ""
        self._watchers = tuple(watchers)
        self.lines = Lines(
            schedule, {name: seat.centre for name, seat in self.seats.items()}, round(scenario.link_delay_ms * 1e6)
        )
        self._set_up()

    @property
    def now_tai_ns(self) -> int:
        """Game time."""
        return self._schedule.now_tai_ns()

    @property
    def t_s(self) -> float:
        """Seconds after the scenario's launch."""
        return (self.now_tai_ns - self.launch_tai_ns) / NS

    @property
    def running(self) -> bool:
        """Whether the clock goes."""
        return not (self.state.pace.paused or self.state.ended or self.state.no_duff)

    def advance(self, budget_ns: int = 200_000_000) -> bool:
        """Play up to where the clock stands, for at most `budget_ns` of wall time; whether anything was played.

        A machine that cannot keep up slows the game down instead of losing anything of it.
        """
        began = self._wall_ns()
        target = min(self.state.pace.at(began), self.end_tai_ns)
        if not self.running or target <= self.now_tai_ns:
            return False
        self.keeps_up = True
        while self.now_tai_ns < target:
            self._schedule.run(min(self.now_tai_ns + SLICE_NS, target))
            if self._wall_ns() - began > budget_ns:
                self.keeps_up = self.now_tai_ns >= target
                self.state.pace = self.state.pace.reached(self.now_tai_ns, self._wall_ns())
                break
        self.version += 1
        if self.now_tai_ns >= self.end_tai_ns:
            self.end("the scenario has come to its end")
        return True

    def act(self, party: str, action: Callable[[], T]) -> T:
        """A person's act at a desk: only while the game runs. What it says is put on its way at once."""
        if self.state.no_duff:
            raise NotInPlay(f"NO DUFF: {self.state.no_duff}; play is stopped until the director lifts it")
        if not self.running:
            raise NotInPlay("play stands still; wait for the director to start it")
        centre = self.seats[party].centre
        try:
            return action()
        finally:
            self.lines.flush(centre)
            self.version += 1

    def pace(self, who: str, *, speed: float | None = None, paused: bool | None = None) -> None:
        """Another speed, pause, or go on."""
        if self.state.ended or (paused is False and self.state.no_duff):
            raise NotInPlay("ENDEX was called" if self.state.ended else "NO DUFF stands: lift it first")
        self.state.pace = self.state.pace.paced(self._wall_ns(), speed=speed, paused=paused)
        words = "stands still" if self.state.pace.paused else f"goes at {self.state.pace.speed:g} x"
        self._note(who, "clock", f"the clock {words}")

    def no_duff(self, who: str, text: str) -> None:
        """Stop play for a real matter (text), or lift it (empty text); the clock then waits to be started."""
        self.state.pace = self.state.pace.paced(self._wall_ns(), paused=True)
        self.state.no_duff = text[:500]
        self._note(who, "no-duff", f"NO DUFF: {text}" if text else "NO DUFF lifted; the clock stands still")

    def end(self, why: str, who: str = "clock") -> None:
        """ENDEX."""
        if not self.state.ended:
            self.state.pace = self.state.pace.paced(self._wall_ns(), paused=True)
            self.state.ended = True
            self._note(who, "clock", f"ENDEX: {why}")

    def seat(self, who: str, party: str, *, scripted: bool) -> None:
        """Give a seat to the script, or to people."""
        self._seat(party).scripted = scripted
        self._note(who, "seat", f"the seat of {party} is taken by {'the script' if scripted else 'people'}")

    def enrol(self, party: str, officer: Officer) -> None:
        """Put a person on a party's roster, also while the clock stands still."""
        seat = self._seat(party)
        seat.enrol(officer)
        self.lines.flush(seat.centre)
        self._note("clock", "enrolment", f"{officer.name} ({', '.join(officer.roles)}) of {party}")

    def put(self, who: str, inject: injects.Inject) -> Waiting:
        """Put something into play, now or at its time. Raises BadInject for what the scenario does not have."""
        if self.state.ended:
            raise NotInPlay("ENDEX was called: nothing can be put in any more")
        putting_in.check(self, inject)
        t_tai_ns = self.now_tai_ns if inject.at_s is None else self.launch_tai_ns + round(inject.at_s * NS)
        one = Waiting(len(self.state.waiting), max(t_tai_ns, self.now_tai_ns), inject)
        self.state.waiting.append(one)
        when = "now" if inject.at_s is None else f"at {clock_text(one.t_tai_ns)}"
        self._note(who, "inject", f"{when}: {injects.in_words(inject)}")
        self._schedule.at(one.t_tai_ns, lambda: self._happen(one))
        return one

    def withdraw(self, who: str, number: int) -> None:
        """Take back an inject that has not happened."""
        found = [one for one in self.state.waiting if one.number == number and not one.done and not one.withdrawn]
        if not found:
            raise NotInPlay(f"inject {number}: it has happened already, or there is none of that number")
        found[0].withdrawn = True
        self._note(who, "inject", f"withdrawn: {injects.in_words(found[0].inject)}")

    def note(self, who: str, text: str) -> None:
        """The director's own remark."""
        self._note(who, "note", text)

    def refused(self, text: str) -> None:
        """Something that was put in and did not happen, with the reason."""
        self._note("clock", "refused", text)

    def trouble(self, text: str) -> None:
        """An outage of the machine that plays, said once while it is the same."""
        if text != self._trouble:
            self._trouble = text
            self.refused(text)

    def tell(self, source: str, text: str, to: tuple[str, ...]) -> None:
        """A report from outside every centre, on the consoles of `to` (empty: of all)."""
        self.state.news.append(News(Press(self.now_tai_ns, source, text), to))

    def add(self, one: Flying) -> None:
        """A flight from an inject: sensors see it, or the sensors of its tape show it, from now on."""
        self.flying.append(one)
        begins = self.launch_tai_ns + round(one.after_s * NS)
        self._added.append(Flown(truth=one.truth, launch_tai_ns=begins, tape_on=one.tape_on))
        for seat in self.seats.values():
            seat.officer.sites = ask_sites(tuple(self.flying), self.launch_tai_ns)

    def _happen(self, one: Waiting) -> None:
        if one.withdrawn or one.done:
            return
        one.done = True
        putting_in.happen(self, one.inject)
        self.version += 1

    def _note(self, who: str, act: Act, text: str) -> None:
        self.journal.add(self.now_tai_ns, self._posix_s(), who, act, text)
        self.version += 1

    def _seat(self, party: str) -> Seat:
        if party not in self.seats:
            raise NotInPlay(f"party {party!r}: one of {', '.join(self.seats)} expected")
        return self.seats[party]

    def _set_up(self) -> None:
        """Everything that the scenario brings, on the schedule."""
        begin_ns, end_ns = self.begin_tai_ns, self.end_tai_ns
        for name, seat in self.seats.items():
            centre = seat.centre
            self._schedule.at(begin_ns, self.lines.then(centre, centre.begin))
            self._schedule.at(begin_ns, self.lines.then(centre, lambda seat=seat: seat.centre.publish(seat.roster())))  # type: ignore[misc]
            seat.officer.sites = ask_sites(tuple(self.flying), self.launch_tai_ns)
            for notice in announce.paper(self.scenario, name, self.regime):
                seat.officer.handed(notice)
            for due in (*announce.due(self.scenario, centre, begin_ns), *script.due(self.scenario, centre)):
                self._schedule.at(due.t_tai_ns, self.lines.then(centre, due.action))
            for scan in scans_of(self.scenario, name, self.flying, self.seed, begin_ns, end_ns):
                self._schedule.at(scan.t_tai_ns, self.lines.then(centre, self._observing(seat, scan)))
        for seat in self.seats.values():
            self._schedule.every(NS, self.lines.then(seat.centre, seat.act), end_ns)
        for watcher in self._watchers:
            self._schedule.every(round(watcher.period_s * NS), self._looking(watcher), end_ns)

    def _observing(self, seat: Seat, scan: Scan) -> Callable[[], None]:
        def observe() -> None:
            if scan.sensor.id in self.state.silent:
                return
            self.state.heard_tai_ns[scan.sensor.id] = self.now_tai_ns
            seat.centre.observe(self._with_added(scan))

        return observe

    def _with_added(self, scan: Scan) -> Scan:
        """The scan with what injects put into it."""
        if not self._added:
            return scan
        offset = self._clock_offset_ns[scan.sensor.id]
        rows = [detect(one, scan.sensor, scan.t_tai_ns - offset, self._added_rng) for one in self._added]
        seen = [row for row in rows if row is not None]
        return replace(scan, measurements=np.concatenate([scan.measurements, *seen])) if seen else scan

    def _looking(self, watcher: Watcher) -> Callable[[], None]:
        return lambda: watcher.look(self.t_s, {name: seat.desk for name, seat in self.seats.items()})
