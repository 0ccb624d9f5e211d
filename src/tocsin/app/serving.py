"""A centre from its folder: stores, keys, clock, and in an exercise the scripted sensors and people."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

from tocsin.app.composing import compose_config, keys_now, log_drafts, open_stores, refused_drafts
from tocsin.app.consoles import console_of
from tocsin.app.files import write_former
from tocsin.app.links import card_of_party, line_to, root_is_elsewhere
from tocsin.app.officers import rosters
from tocsin.app.play import load_regime, load_scenario
from tocsin.app.telling import Telling, Told
from tocsin.errors import TocsinError
from tocsin.node import queries
from tocsin.node.adapters import apart, epochfiles, keys, settings
from tocsin.node.adapters.clock import ExerciseClock, SystemClock
from tocsin.node.adapters.outbox import Outbox
from tocsin.node.adapters.private import PrivateFolder
from tocsin.node.adapters.pruning import PruningFolder, kept_bundle
from tocsin.node.adapters.requests import RequestsFolder, tokens_at_hand
from tocsin.node.adapters.runner import Runner
from tocsin.node.adapters.shortcutfile import ShortcutFile
from tocsin.node.adapters.zipped import write_log
from tocsin.node.config import CentreConfig, Ports, TaiClock
from tocsin.node.custody.following import planned
from tocsin.node.custody.staffed import Staffed
from tocsin.node.desk import Desk
from tocsin.release import Draft
from tocsin.sim.cast import Cast, sensors_of
from tocsin.wire.custody import Anchors
from tocsin.world.time import clock_text

NS = 1_000_000_000
LIVE_TICK_S = 1.0
JUDGED = 32  # tracks at once: judging more would hold up the centre
FOLLOW_AFTER_S = 20  # so that a partner whose log ended has surely got our last receipt


class Serving:
    """Everything of one `tocsin serve`."""

    def __init__(self, path: Path, log_json: bool = False) -> None:
        self._folder = path.parent
        self._settings = settings.load(path)
        self.telling = Telling(self._settings.party, log_json)
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
        self._outbox = Outbox(self._folder)
        self._pruning = PruningFolder(self._folder)
        self._due: dict[str, int] = {}
        self._shortcut = ShortcutFile(self._folder / "shortcut")
        self._runner: Runner | None = None
        self.again = False  # a new epoch is on file: serve anew
        self.centre = self._centre(clock)
        self.telling.begin(self.centre)
        self._desk = self._cast.take_place(self.centre) if self._cast else Desk(self.centre, most=JUDGED)

    async def run(self) -> None:
        """Serve until stopped, or until the exercise ends."""
        self.centre.begin()
        tick_s = max(0.02, LIVE_TICK_S / self._speed)
        lines = [line_to(card, self._settings, self._folder) for card in self._cards]
        pages = console_of(self.centre, self._desk, self._settings, self._folder, self._speed, self._flush)
        slow_disk = apart.slow(self._folder)
        runner = Runner(self.centre, self._settings.port, lines, self.status, self._turn, tick_s, pages, slow_disk)
        self._runner = runner
        runner.save = self._shortcut.save
        doors = ", ".join(f"{line.party} at {line.inside or line.port}" for line in lines)
        self.telling.say("serving", f"serving on 127.0.0.1:{self._settings.port}; {doors}", port=self._settings.port)
        if pages is not None:
            self.telling.say("console", f"console at http://localhost:{self._settings.port}/")
        feeds = [self._play] if self._cast else []
        await runner.run(*feeds, *([self._gather] if self._settings.distribution else []))
        epoch = self.centre.config.epoch
        for group in sorted(self.centre.books):
            name = f"{group}-{epoch}" if epoch else group
            write_log(self.centre, group, self._folder / "logs" / self._settings.party / name)
        write_former(self.centre, self._folder / "logs" / self._settings.party)

    def ending(self) -> list[str]:
        """What to say at the end."""
        found = [f"logs written to {self._folder / 'logs'}"]
        return [*found, *(view.decision.status for view in queries.proposals(self.centre))]

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

    def _flush(self) -> None:
        if self._runner is not None:
            self._runner.flush()

    def _turn(self) -> None:
        self._hands.exchange(self.centre)
        self._outbox.exchange(self.centre)
        self._pruning.exchange(self.centre)
        self._keys_change()
        self.telling.news()
        if self._cast:
            self._cast.turn()

    def _keys_change(self) -> None:
        """Write down new epochs that were announced and have come; a partner's only after it can have our receipt."""
        for made in planned(self.centre):
            begun = self._due.setdefault(made.party, self.centre.now_tai_ns)
            if made.party == self._settings.party or self.centre.now_tai_ns - begun > FOLLOW_AFTER_S * NS:
                epochfiles.add(self._folder, self._settings.party, made)
                self.again = True
        if self.again and self._runner is not None:
            self._runner.stop()

    async def _gather(self, runner: Runner) -> None:
        """Log what other processes of this party say, over NATS."""
        from tocsin.node.adapters.nats import Funnel, connect

        chosen, party = self._settings.distribution, self._settings.party
        if chosen is None:
            return
        funnel, client = None, None
        while not runner.stopping:
            try:
                if funnel is None:
                    client = await connect(chosen.nats, party)
                    funnel = Funnel(
                        client, party, self.centre.ports.cells, log_drafts(self.centre), refused_drafts(self.centre)
                    )
                    await funnel.start()
                if await funnel.turn():
                    runner.flush()
            except TocsinError as error:
                self.centre.keep(error)
                await asyncio.sleep(LIVE_TICK_S)
        if client is not None:
            await client.close()

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
        while self._settings.exercise is not None and self._settings.exercise.stay and not runner.stopping:
            await asyncio.sleep(0.2)
        runner.stop()

    def _centre(self, clock: TaiClock) -> Staffed:
        made = self._settings
        secret = keys_now(self._folder, made)
        store, cells = open_stores(self._folder, made.store)
        sealed = epochfiles.encryption_file(self._folder, epochfiles.epoch_now(self._folder))
        config = CentreConfig(
            party=made.party,
            origin=keys.origin_of(made.party, made.mode),
            mode=made.mode,
            regime=load_regime(made.regime),
            partners=tuple(keys.partner_of(card) for card in self._cards),
            sensors=sensors_of(self._cast),
            guarded=(*settings.guarded(made.protects), *(self._cast.guarded if self._cast else ())),
            place_km_min=made.place_km_min,
        )
        config, first = compose_config(self._folder, made, self._cards, config)
        ports = Ports(
            clock=clock,
            store=store,
            cells=cells,
            log_signers=secret.log,
            mirror_signers=secret.mirror,
            private=Told(PrivateFolder(self._folder / "private"), self.telling),
            vault=keys.open_vault(sealed, made.party) if sealed.exists() else None,
            shortcut=self._shortcut.load,
            room=lambda: shutil.disk_usage(self._folder).free,
            kept=lambda digest: kept_bundle(self._folder, digest),
        )
        own = card_of_party(self._folder, made)
        anchors = [anchor for card in (own, *self._cards) if (anchor := keys.anchor_of(card)) is not None]
        return Staffed(
            config,
            ports,
            tokens_at_hand(self._folder, made.mode),
            Anchors(parties=tuple(sorted(anchors, key=lambda one: one.party))),
            [Draft(body=one.roster, observed_tai_ns=0, signatures=one.signatures) for one in rosters(self._folder)],
            first,
        )
