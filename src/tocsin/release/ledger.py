"""What this party has said, as a fold over its own log entries: the same after a restart as before it.

For each track the ledger holds the estimate that a reader of our statements alone would have: the channel filter of
the link (Grime and Durrant-Whyte 1994; Nicholson, Lloyd, Julier, Uhlmann 2002). It is computed from the numbers as
sent, with exact arithmetic: the same bits live and from the log.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np

from tocsin.release.meter import Meter
from tocsin.release.reading import US_PER_S, information_matrix
from tocsin.release.records import Group
from tocsin.wire.bodies import Notification, Phase, Retraction, Tracklet, Vote, body_of
from tocsin.wire.envelope import Statement
from tocsin.wire.judging import OpenedJudgement, SealedJudgement
from tocsin.wire.talk import Codebook
from tocsin.world.exact import Array, congruence6, inverse6, matvec
from tocsin.world.frames import rotation6, rotation6_inverse
from tocsin.world.motion import propagate

RETRACTS = "retracts"
"""Role of a reference from a retraction to what was wrong."""


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What our statements say about one track: mean (6,) and covariance (6, 6), ECI, SI, at `t_tai_us`.

    `restart`: one of them was retracted, so that the next must carry everything again.
    """

    t_tai_us: int
    state_eci: Array
    covariance_eci: Array
    phase: Phase
    coarsened: bool
    ended: bool
    restart: bool = False

    def same(self, other: "Said") -> bool:
        """Equal to the last bit."""
        return (
            (self.t_tai_us, self.phase, self.coarsened, self.ended, self.restart)
            == (other.t_tai_us, other.phase, other.coarsened, other.ended, other.restart)
            and self.state_eci.tobytes() == other.state_eci.tobytes()
            and self.covariance_eci.tobytes() == other.covariance_eci.tobytes()
        )


class Ledger:
    """Add every own entry once, in the order of its log, after it has been logged."""

    def __init__(self, meter: Meter | None = None) -> None:
        """`meter` counts what the shared log gives away about our sensors, and may set a limit."""
        self.meter = meter or Meter()
        self.votes: dict[str, str] = {}
        self.notifications: dict[str, str] = {}
        self.seals: dict[tuple[str, str, str], SealedJudgement] = {}
        self.opened: set[str] = set()
        """Events of which our judgement has been opened to partners."""
        self.codebooks: set[str] = set()
        """SHA-256 of the bodies of our code books."""
        self._said: dict[tuple[Group, str], Said] = {}
        self._open: dict[tuple[Group, str], None] = {}
        self._tracks: dict[tuple[str, int], tuple[Group, str]] = {}

    def add(self, group: Group, statement: Statement) -> None:
        """An entry of our shared or own log. Kinds about which nothing needs remembering are passed over."""
        body = body_of(statement)
        if isinstance(body, Tracklet):
            self._said[group, body.track] = after(self._said.get((group, body.track)), body)
            self._open[group, body.track] = None
            if group == "shared":
                self.meter.add(body)
            if body.ended:
                del self._open[group, body.track]
            self._tracks[statement.origin, statement.sequence] = (group, body.track)
        elif isinstance(body, Vote):
            self.votes.setdefault(body.proposal_sha256, body.choice)
        elif isinstance(body, Notification):
            self.notifications.setdefault(body.identifier, body.format)
        elif isinstance(body, SealedJudgement):
            self.seals.setdefault(seal_name(body), body)
        elif isinstance(body, OpenedJudgement):
            if group == "shared":
                self.opened.add(body.event)
        elif isinstance(body, Codebook):
            self.codebooks.add(sha256(bytes(statement.body)).hexdigest())
        elif isinstance(body, Retraction):
            for reference in statement.references:
                key = self._tracks.get((reference.origin, reference.index))
                if reference.role == RETRACTS and key is not None:
                    self._said[key] = replace(self._said[key], restart=True)

    def said(self, group: Group, track: str) -> Said | None:
        """What the log of `group` says about a track, None if nothing yet."""
        return self._said.get((group, track))

    def open(self, group: Group) -> Iterable[str]:
        """Tracks that the log of `group` speaks of and has not ended, in the order of their first statement."""
        return [track for where, track in self._open if where == group]

    def same(self, other: "Ledger") -> bool:
        """Equal to the last bit."""
        return (
            (self.votes, self.notifications, self._tracks) == (other.votes, other.notifications, other._tracks)
            and (self.seals, self.opened, self.codebooks) == (other.seals, other.opened, other.codebooks)
            and list(self._said) == list(other._said)
            and all(said.same(other._said[key]) for key, said in self._said.items())
        )


def seal_name(body: SealedJudgement | OpenedJudgement) -> tuple[str, str, str]:
    """Event, panel and, within a panel, officer: each seals once."""
    return body.event, body.panel or "", body.officer if body.panel else ""


def after(said: Said | None, body: Tracklet) -> Said:
    """What our statements say once `body` is added: Y' = Y + dY, y' = Y (x - x_ref) + dy about its reference."""
    t_tai_ns = body.t_tai_us * 1_000
    turn, back = rotation6(t_tai_ns), rotation6_inverse(t_tai_ns)
    reference = matvec(turn, np.array([*body.position_ecef_m, *body.velocity_ecef_m_s]))
    information = congruence6(back.T, information_matrix(body.information))
    vector = matvec(back.T, np.array(body.information_vector))
    if body.since_tai_us is not None:
        if said is None or said.t_tai_us != body.since_tai_us:
            raise AssertionError(f"tracklet of {body.track} since {body.since_tai_us} does not follow our own log")
        mean, covariance = carried(said, body.t_tai_us, body.process_noise_m2_s3)
        before = inverse6(covariance)
        information = information + before
        vector = vector + matvec(before, mean - reference)
    covariance = inverse6(information)
    mean = reference + matvec(covariance, vector)
    return Said(body.t_tai_us, mean, covariance, body.phase, body.coarsened, body.ended)


def carried(said: Said, t_tai_us: int, process_noise_m2_s3: float) -> tuple[Array, Array]:
    """(mean (6,), covariance (6, 6)) of what was said, at a later time, as every reader computes it."""
    step_s = (t_tai_us - said.t_tai_us) / US_PER_S
    return propagate(said.state_eci, said.covariance_eci, step_s, process_noise_m2_s3)
