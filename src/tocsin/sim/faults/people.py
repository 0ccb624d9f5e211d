"""Simulated officers: notices, tracks, proposals, votes, closings, at random times. Everybody acts alike."""

from collections.abc import Callable
from functools import partial

import numpy as np

from tocsin.mirror import Verified
from tocsin.node import commands
from tocsin.node.centre import Centre
from tocsin.wire.bodies import UPPER_COLUMNS, UPPER_ROWS, Notification, Proposal, Tracklet, Vote

NS = 1_000_000_000
FLAT = tuple(1e-4 if row == column else 0.0 for row, column in zip(UPPER_ROWS, UPPER_COLUMNS, strict=True))


class Officer:
    """Of one party. `turn` is called at every tick of its centre."""

    def __init__(self, name: str, rng: np.random.Generator) -> None:
        self._name = name
        self._rng = rng
        self._said = 0
        self._due: dict[str, tuple[int, str]] = {}
        self._looked: dict[str, int] = {}
        self._known: tuple[object, int] = (None, 0)
        self._asked: list[tuple[Verified, Proposal]] = []
        self._mine: set[str] = set()

    def notify(self, centre: Centre) -> None:
        """Give notice of something."""
        self._said += 1
        number = f"{self._said:03d}/{int(self._rng.integers(1000)):03d}"
        code = self._name[:3].upper()
        commands.announce(
            centre, Notification(identifier=f"{code}/XX/1995/{number}/01", format="pre-launch", addressee="all")
        )

    def track(self, centre: Centre) -> None:
        """State a track, coarsely: no tracker runs here."""
        self._said += 1
        t_tai_us = centre.now_tai_ns // 1_000
        x = 6.9e6 + 1e4 * self._rng.random()
        centre.say(
            Tracklet(
                track=f"{self._name}-{self._said:04d}",
                since_tai_us=None,
                t_tai_us=t_tai_us,
                position_ecef_m=(x, 0.0, 1e5),
                velocity_ecef_m_s=(0.0, 5e3, 5e3),
                information=FLAT,
                information_vector=(0.0,) * 6,
                process_noise_m2_s3=0.0,
                existence=0.9,
                phase="coast",
                coarsened=True,
            )
        )

    def propose(self, centre: Centre) -> None:
        """Put a finding to the vote."""
        commands.propose(centre, f"{self._name}-0001", "benign", "officer", "")

    def turn(self, centre: Centre) -> list[Callable[[], object]]:
        """What is due now: votes on what lies on the desk, and what is owed after a deadline."""
        actions: list[Callable[[], object]] = []
        asked, mine = self._read(centre)
        if not asked:
            return actions
        for entry, body in asked:
            name = entry.sha256
            if name not in self._due:
                wait_s, dice = float(self._rng.exponential(5.0)), float(self._rng.random())
                choice = "yes" if dice < 0.86 else "close" if dice < 0.93 else "none"
                self._due[name] = (centre.now_tai_ns + round(wait_s * NS), choice)
            due_ns, choice = self._due[name]
            if centre.posix_s() > body.deadline_s:
                looked = self._looked[name] = self._looked.get(name, -1) + 1
                if looked % 3 == 0:  # at once, and again now and then
                    actions.append(partial(commands.close_overdue, centre, entry))
            elif name not in mine and choice != "none" and centre.now_tai_ns >= due_ns:
                actions.append(partial(commands.vote, centre, entry, choice, "officer"))
        return actions

    def _read(self, centre: Centre) -> tuple[list[tuple[Verified, Proposal]], set[str]]:
        """Proposals, and those about which this party has voted; each statement is read once."""
        place, count = self._known
        if place is not centre.said:
            count, self._asked, self._mine = 0, [], set()
        for said in centre.said[count:]:
            if isinstance(said.body, Proposal):
                self._asked.append((said.entry, said.body))
            elif isinstance(said.body, Vote) and said.party == self._name:
                self._mine.add(said.body.proposal_sha256)
        self._known = centre.said, len(centre.said)
        return self._asked, self._mine
