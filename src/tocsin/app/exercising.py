"""One `tocsin exercise`: the game, a console a party, the director's desk, and the report after ENDEX."""

import asyncio
import shutil
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

from tocsin.app.check import verify_folder
from tocsin.console.app import Console, console
from tocsin.errors import Refusal, TocsinError
from tocsin.exercise import stand
from tocsin.exercise.codes import with_codes
from tocsin.exercise.directing import Desk, directing
from tocsin.exercise.game import Game
from tocsin.exercise.host import SeatHost
from tocsin.exercise.journal import Journal
from tocsin.exercise.players import Crew, crew
from tocsin.exercise.review import review
from tocsin.exercise.review_page import review_html
from tocsin.node.adapters.listening import MOST_PAGES, Listener, serve
from tocsin.node.adapters.tilefiles import append_file, write_file
from tocsin.node.adapters.zipped import write_log
from tocsin.regime import Regime
from tocsin.report.comparison import comparison_html
from tocsin.sim.scenario import Scenario, truths
from tocsin.sim.schedule import Schedule
from tocsin.study.compare import principal_of
from tocsin.study.following import Follower
from tocsin.study.measure import Measurer
from tocsin.world.time import parse_utc

NS = 1_000_000_000
TURN_S = 0.03
BUDGET_NS = 50_000_000  # of wall time in one turn, so that pages are answered in between


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What was asked for; see `tocsin exercise --help`."""

    scenario: Scenario
    regime: Regime
    seed: int
    speed: float
    port: int
    scripted: tuple[str, ...]
    passkeys: bool
    votes: int
    scenarios: Path | None
    folder: Path
    consent: bool
    begin: bool
    once: bool
    source: tuple[str, ...]
    regime_named: str
    cards: bool = False


class Rooms:
    """Everything of one exercise in this process."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        unknown = sorted(set(plan.scripted) - set(plan.scenario.parties))
        if unknown:
            raise Refusal(f"--scripted {unknown[0]}: one of {', '.join(plan.scenario.parties)} expected")
        self._folder = stand.make_folder(plan.folder)
        self._reports = self._folder / "report"
        self._reports.mkdir()
        self.urls = {
            party: f"http://localhost:{plan.port + 1 + number}/" for number, party in enumerate(plan.scenario.parties)
        }
        self.game, self._measurer, self._follower = self._game()
        self.crews: dict[str, Crew] = {}
        self.consoles: dict[str, Console] = {}
        self._listeners: list[Listener] = []
        self._open_consoles()
        self.desk = Desk(self.game, self.urls, plan.scenarios, self._reports)
        self._listeners.append(Listener(directing(self.desk), port=plan.port, most=MOST_PAGES))
        self._stopping = False
        self._reporting: asyncio.Task[None] | None = None
        self._said: list[str] = []

    def _game(self) -> tuple[Game, Measurer, Follower]:
        plan = self.plan
        scenario = plan.scenario
        flying = truths(scenario)
        launch = parse_utc(scenario.launch)
        schedule = Schedule(launch + round(scenario.begins_s * NS))
        origins = {party: (url.rstrip("/"),) for party, url in self.urls.items()}
        seats = stand.seats(
            scenario, plan.regime, plan.seed, schedule, self._folder / "centres", votes=plan.votes,
            web_origins=origins.__getitem__,
        )  # fmt: skip
        for party, seat in seats.items():
            seat.scripted = party in plan.scripted
        measurer = Measurer(principal_of(flying), launch, scenario.parties)
        follower = Follower(scenario, flying)
        journal = Journal(self._write_journal)
        game = Game(
            with_codes(scenario), plan.regime, plan.seed, flying, schedule, seats, journal, time.monotonic_ns,
            time.time, [measurer, follower],
        )  # fmt: skip
        return game, measurer, follower

    def _open_consoles(self) -> None:
        for number, party in enumerate(self.plan.scenario.parties):
            origin = (self.urls[party].rstrip("/"),)
            made = crew(self.game, party, passkeys=self.plan.passkeys, origins=origin, cards=self.plan.cards)
            self.crews[party] = made
            if made.cards:
                write_file(self._folder / "cards" / f"{party}.txt", "\n\f".join(made.cards.values()).encode())
            app = self.consoles[party] = console(SeatHost(self.game, party), made.settings, made.drawer)
            self._listeners.append(Listener(app, port=self.plan.port + 1 + number, most=MOST_PAGES))

    def welcome(self) -> list[str]:
        """Where everybody goes, and with what."""
        title = f"EXERCISE {self.plan.scenario.title} under {self.plan.regime.name}"
        lines = [title, f"  director  http://localhost:{self.plan.port}/"]
        for party, url in self.urls.items():
            who = "script" if self.game.seats[party].scripted else "people"
            lines.append(f"  {party:9} {url}  ({who})")
            lines += [f"      {name}: invitation {code}" for name, code in self.crews[party].codes.items()]
        if not self.plan.passkeys:
            lines.append("  Development log-in: choose a name on the page. Signatures prove nothing about a person.")
        if self.plan.cards:
            lines.append(f"  Authentication cards to hand out: {self._folder / 'cards'}")
        waits = "The clock runs." if self.plan.begin else "The clock waits for the director."
        return [*lines, f"  {waits} Ctrl-C ends everything. Files: {self._folder}"]

    def ending(self) -> list[str]:
        """What to say at the end."""
        return [*self._said, f"Logs, journal and report: {self._folder}"]

    async def run(self) -> None:
        """Play until ENDEX and the report, then serve on until stopped."""
        tasks = [asyncio.create_task(self._play()), asyncio.create_task(self._kit())]
        for task in tasks:
            task.add_done_callback(self._ended)
        if self.plan.begin:
            self.game.pace("clock", speed=self.plan.speed, paused=False)
        else:
            self.game.pace("clock", speed=self.plan.speed)
        try:
            await serve(self._listeners, self.stop)
        finally:
            self.stop()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        self.game.end("the exercise was stopped")
        await self._report_once()

    def stop(self) -> None:
        """End at the next turn."""
        self._stopping = True
        for listener in self._listeners:
            listener.should_exit = True

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """A loop that ends by a mistake of ours is shown, and ends the exercise where everybody sees it."""
        if not task.cancelled() and (error := task.exception()) is not None:
            traceback.print_exception(error)
            self.stop()

    async def _play(self) -> None:
        while not self._stopping:
            try:
                self.game.advance(BUDGET_NS)
            except TocsinError as error:  # an outage, of a disk say: play goes on, and the director is told
                self.game.trouble(str(error))
            if self.game.state.ended and self._reporting is None:
                await self._report_once()
                if self.plan.once:
                    self.stop()
            await asyncio.sleep(TURN_S)

    async def _report_once(self) -> None:
        """Write the report, or wait until it is written: a Ctrl-C meanwhile does not begin a second one."""
        if self._reporting is None:
            self.desk.state = "working"
            self.game.version += 1
            self._reporting = asyncio.create_task(asyncio.to_thread(self._report))
        await asyncio.shield(self._reporting)
        self.game.version += 1

    async def _kit(self) -> None:
        """The seminar kit, in a process of its own: it plays the case once by script."""
        words = ("kit", *self.plan.source, "--regime", self.plan.regime_named, "--out", str(self._reports / "kit.html"))
        made = await asyncio.create_subprocess_exec(sys.executable, "-m", "tocsin.app", *words, "--quiet")
        try:
            await made.wait()
        except asyncio.CancelledError:
            if made.returncode is None:
                made.terminate()
                await made.wait()
            raise

    def _report(self) -> None:
        try:
            self._write_report()
        except (TocsinError, OSError) as error:  # a full disk: the stores hold everything
            kept = f"every entry lies in the stores of {self._folder / 'centres'}"
            self._said.append(f"After-action report: {error}; {kept}")
            self.game.trouble(f"the report could not be written: {error}")
        self.desk.state = "ready"

    def _write_report(self) -> None:
        logs = self._folder / "logs"
        for party, seat in self.game.seats.items():
            for group in sorted(seat.centre.books):
                write_log(seat.centre, group, logs / party / group)
        verdicts = verify_folder(logs)
        verdict = " ".join(one.words for one in verdicts.values()) or "There is no log to verify."
        self._said.append(f"Logs: {verdict}")
        try:
            found = review(self.game, self._measurer, self._follower, consent=self.plan.consent)
            write_file(self._reports / "after-action.html", review_html(found, verdict).encode())
            write_file(self._reports / "comparison.html", comparison_html(found.comparison).encode())
            self._said.append(f"After-action report: {self._reports / 'after-action.html'}")
        except TocsinError as error:
            self._said.append(f"After-action report: {error}")
        self._zip(logs)
        self.desk.state = "ready"

    def _zip(self, logs: Path) -> None:
        if logs.is_dir():
            shutil.make_archive(str(self._reports / "logs"), "zip", logs)

    def _write_journal(self, line: bytes) -> None:
        append_file(self._reports / "journal.jsonl", line)
