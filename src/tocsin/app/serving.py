"""A centre from its folder: stores, keys, clock, and in an exercise the scripted sensors and people."""

import asyncio
from pathlib import Path
from typing import Any

from tocsin.app.files import write_log
from tocsin.app.links import card_of_party, line_to, root_is_elsewhere
from tocsin.app.officers import rosters
from tocsin.app.play import load_regime, load_scenario
from tocsin.node import queries
from tocsin.node.adapters import keys, settings
from tocsin.node.adapters.clock import ExerciseClock, SystemClock
from tocsin.node.adapters.private import PrivateFolder
from tocsin.node.adapters.requests import RequestsFolder, tokens_at_hand
from tocsin.node.adapters.runner import Runner
from tocsin.node.adapters.sqlite import Database, SqliteCells, SqliteLog
from tocsin.node.config import CentreConfig, Ports, TaiClock
from tocsin.node.custody.staffed import Staffed
from tocsin.node.desk import Desk
from tocsin.release import Draft
from tocsin.sim.cast import Cast, sensors_of
from tocsin.wire.custody import Anchors
from tocsin.world.time import clock_text

NS = 1_000_000_000
LIVE_TICK_S = 1.0


class Serving:
    """Everything of one `tocsin serve`."""

    def __init__(self, path: Path) -> None:
        self._folder = path.parent
        self._settings = settings.load(path)
        root_is_elsewhere(self._folder, self._settings)
        self._cards = settings.cards(self._folder)
        exercise = self._settings.exercise
        scenario = load_scenario(exercise.scenario, exercise.settings) if exercise else None
        self._cast = Cast(scenario, self._settings.party, exercise.seed) if scenario and exercise else None
        clock: TaiClock = SystemClock()
        if exercise and self._cast:
            clock = ExerciseClock(self._cast.begin_tai_ns, exercise.begins_posix_s, exercise.speed)
        self._speed = exercise.speed if exercise else 1.0
        self._hands = RequestsFolder(self._folder / "requests")
        self.centre = self._centre(clock)
        self._desk = self._cast.take_place(self.centre) if self._cast else Desk(self.centre)

    async def run(self) -> None:
        """Serve until stopped, or until the exercise ends."""
        self.centre.begin()
        tick_s = max(0.02, LIVE_TICK_S / self._speed)
        lines = [line_to(card, self._settings, self._folder) for card in self._cards]
        runner = Runner(self.centre, self._settings.port, lines, self.status, self._turn, tick_s)
        doors = ", ".join(f"{line.party} at {line.inside or line.port}" for line in lines)
        print(f"{self._settings.party}: serving on 127.0.0.1:{self._settings.port}; {doors}", flush=True)
        await runner.run(*([self._play] if self._cast else []))
        for group in sorted(self.centre.books):
            write_log(self.centre, group, self._folder / "logs" / self._settings.party / group)

    def ending(self) -> list[str]:
        """What to say at the end."""
        found = [f"{self._settings.party}: logs written to {self._folder / 'logs'}"]
        return [*found, *(f"{self._settings.party}: {view.decision.status}" for view in queries.proposals(self.centre))]

    def status(self) -> dict[str, Any]:
        """A few numbers and one sentence."""
        centre = self.centre
        return {
            "party": centre.config.party,
            "utc": clock_text(centre.now_tai_ns),
            "mode": centre.config.mode,
            "entries": centre.books["shared"].writer.size,
            "receipted": min((link.receipted for link in centre.links.values()), default=0),
            "silent": list(centre.silent()),
            "sentence": self._desk.sentence(),
            "decisions": [view.decision.status for view in queries.proposals(centre)],
        }

    def _turn(self) -> None:
        self._hands.exchange(self.centre)
        if self._cast:
            self._cast.turn()

    async def _play(self, runner: Runner) -> None:
        """Feed the case's scans at their times; end with it."""
        cast = self._cast
        if cast is None:
            return
        for scan in cast.scans:
            while self.centre.now_tai_ns < scan.t_tai_ns:
                await asyncio.sleep(min(1.0, (scan.t_tai_ns - self.centre.now_tai_ns) / NS / self._speed))
            self.centre.observe(scan)
            runner.flush()
            await asyncio.sleep(0)
        while self.centre.now_tai_ns < cast.end_tai_ns:
            await asyncio.sleep(0.05)
        await asyncio.sleep(1.0)  # let the last receipts arrive
        runner.stop()

    def _centre(self, clock: TaiClock) -> Staffed:
        made = self._settings
        secret = keys.PartyKeys(keys.read_secret(self._folder / "secret.key"), made.party, made.mode)
        database = Database(self._folder / "store.db")
        sealed = self._folder / "encryption.key"
        config = CentreConfig(
            party=made.party,
            origin=keys.origin_of(made.party, made.mode),
            mode=made.mode,
            regime=load_regime(made.regime),
            partners=tuple(keys.partner_of(card) for card in self._cards),
            sensors=sensors_of(self._cast),
            guarded=self._cast.guarded if self._cast else (),
        )
        ports = Ports(
            clock=clock,
            store=lambda origin: SqliteLog(database, origin),
            cells=SqliteCells(self._folder / "checkpoints.db"),
            log_signers=secret.log,
            mirror_signers=secret.mirror,
            private=PrivateFolder(self._folder / "private"),
            vault=keys.open_vault(sealed, made.party) if sealed.exists() else None,
        )
        own = card_of_party(self._folder, made)
        anchors = [anchor for card in (own, *self._cards) if (anchor := keys.anchor_of(card)) is not None]
        return Staffed(
            config,
            ports,
            tokens_at_hand(self._folder, made.mode),
            Anchors(parties=tuple(sorted(anchors, key=lambda one: one.party))),
            [Draft(body=one.roster, observed_tai_ns=0, signatures=one.signatures) for one in rosters(self._folder)],
        )
