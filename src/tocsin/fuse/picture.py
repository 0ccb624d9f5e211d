"""The common picture as data, and its digest over rounded values."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from tocsin.fuse.limits import (
    EXISTENCE_STEP,
    FUSE_VERSION,
    POSITION_STEP_M,
    VELOCITY_STEP_M_S,
)
from tocsin.wire.bodies import ClassLikelihood, Phase
from tocsin.world.exact import Array

Method = Literal["sum", "intersection"]
_STATE_STEPS = np.repeat([POSITION_STEP_M, VELOCITY_STEP_M_S], 3)


@dataclass(frozen=True, slots=True)
class Contribution:
    """One party's track within a common track. Times in nanoseconds TAI.

    `coarse`: precision was withheld on purpose. `broken`: later statements of it could not be used, because one
    before them is missing or unsound.
    """

    party: str
    track: str
    first_t_tai_ns: int
    updated_t_tai_ns: int
    coarse: bool
    broken: bool
    ended: bool


@dataclass(frozen=True, slots=True)
class Descent:
    """A party's word that its `track` came from others of its tracks, from the statement of that time (TAI ns)."""

    party: str
    track: str
    kind: Literal["split", "merge", "reidentified"]
    tracks: tuple[str, ...]
    t_tai_ns: int


@dataclass(frozen=True, slots=True, eq=False)
class CommonTrack:
    """One object as all used statements together describe it.

    `state_ecef` (6,): position m and velocity m/s relative to the rotating Earth, ECEF WGS 84, at `t_tai_ns`;
    `covariance_ecef` (6, 6). `t_tai_ns` is the as-of time, unless the track has ended or is `stale` (not updated
    for ten minutes, or less where it may manoeuvre): then it is the time of the last update. `method` says how
    several parties' statements were put together: "sum" equals one centre with all the data; "intersection" is sound
    whatever they have in common. `aliases` are all ids that this track goes by, `id` the first of them: those of its
    members, and of tracks that have gone into it. `gone_into`: the id of the track that goes on with the object of this
    one, empty unless one does; then this is what its party last knew, under a name of its own (`names`).
    `burning_t_tai_ns`: the last time at which a statement said that a motor burns. `lineage`: what the parties say of
    how their tracks came from others of theirs, in order of time.
    """

    id: str
    aliases: tuple[str, ...]
    members: tuple[tuple[str, str], ...]
    parties: tuple[str, ...]
    contributions: tuple[Contribution, ...]
    t_tai_ns: int
    state_ecef: Array
    covariance_ecef: Array
    existence: float
    phase: Phase
    classes: tuple[ClassLikelihood, ...]
    first_t_tai_ns: int
    updated_t_tai_ns: int
    method: Method
    ended: bool
    stale: bool
    burning_t_tai_ns: int | None = None
    lineage: tuple[Descent, ...] = ()
    gone_into: str = ""


@dataclass(frozen=True, slots=True)
class Unused:
    """How many entries of a log were left out for one reason, and the index of the first of them."""

    origin: str
    reason: str
    count: int
    first_index: int


@dataclass(frozen=True, slots=True, eq=False)
class CommonPicture:
    """What a set of verified entries shows at `as_of_tai_ns`: equal sets give equal pictures, bit for bit.

    `digest` is the hex SHA-256 of `digest_text`: what two centres compare (design rule 7).
    """

    as_of_tai_ns: int
    tracks: tuple[CommonTrack, ...]
    unused: tuple[Unused, ...]
    digest: str
    fuse_version: str = FUSE_VERSION

    def track(self, name: str) -> CommonTrack | None:
        """The track of that id, or the one into which it has gone."""
        found = [track for track in self.tracks if name in track.aliases]
        return min(found, key=lambda track: track.id != name) if found else None


@lru_cache(maxsize=4096)
def track_id(party: str, track: str) -> str:
    """Id of a common track whose earliest member is that one: stable while that member persists (`names`)."""
    return "J-" + hashlib.sha256(f"{party} {track}".encode()).hexdigest()[:8]


def digest_text(as_of_tai_ns: int, tracks: tuple[CommonTrack, ...]) -> str:
    """What is hashed: version, time, and of each track its identity and rounded numbers, as compact JSON.

    The identity is that of the earliest member, whatever name the track is shown under.
    """
    identified = sorted(((track_id(*track.members[0]), track) for track in tracks), key=lambda pair: pair[0])
    rows = [
        [
            identity,
            [list(member) for member in track.members],
            track.t_tai_ns,
            track.updated_t_tai_ns,
            np.rint(track.state_ecef / _STATE_STEPS).astype(np.int64).tolist(),
            _sigmas(track.covariance_ecef),
            round(track.existence / EXISTENCE_STEP),
            track.phase,
            track.method,
            [track.ended, track.stale],
        ]
        for identity, track in identified
    ]
    return json.dumps([FUSE_VERSION, as_of_tai_ns, rows], separators=(",", ":"))


def _sigmas(covariance: Array) -> list[int]:
    """One sigma of each component in steps, rounded; square root is exact on every machine."""
    return [int(n) for n in np.rint(np.sqrt(covariance.diagonal()) / _STATE_STEPS).tolist()]


def picture(as_of_tai_ns: int, tracks: tuple[CommonTrack, ...], unused: tuple[Unused, ...]) -> CommonPicture:
    """The picture with its digest."""
    digest = hashlib.sha256(digest_text(as_of_tai_ns, tracks).encode()).hexdigest()
    return CommonPicture(as_of_tai_ns, tracks, unused, digest)
