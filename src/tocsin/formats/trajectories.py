"""Tracks over time, as every format out of here takes them and every reader gives them back."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tocsin.fuse import CommonPicture, CommonTrack
from tocsin.wire.bodies import UPPER_COLUMNS, UPPER_ROWS
from tocsin.world.exact import Array

Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Position (m) and velocity (m/s) relative to the rotating Earth, ECEF WGS 84, TAI nanoseconds.

    `covariance` is the upper triangle by rows (21 numbers, SI), or None where it is not told.
    """

    t_tai_ns: int
    position_ecef_m: Vector
    velocity_ecef_m_s: Vector
    covariance: tuple[float, ...] | None = None

    def vector(self) -> Array:
        """(6,) position and velocity."""
        return np.array([*self.position_ecef_m, *self.velocity_ecef_m_s])

    def matrix(self) -> Array | None:
        """(6, 6) covariance."""
        if self.covariance is None:
            return None
        full = np.zeros((6, 6))
        full[UPPER_ROWS, UPPER_COLUMNS] = self.covariance
        full[UPPER_COLUMNS, UPPER_ROWS] = self.covariance
        return full


@dataclass(frozen=True, slots=True, kw_only=True)
class Trajectory:
    """One track: its id, whose statements made it, and its states in order of time. `mode`: exercise or live."""

    id: str
    mode: str
    parties: tuple[str, ...]
    phase: str
    existence: float
    states: tuple[State, ...]


def state_of(track: CommonTrack) -> State:
    """The state of a common track."""
    x, y, z, vx, vy, vz = track.state_ecef.tolist()
    covariance: list[float] = track.covariance_ecef[UPPER_ROWS, UPPER_COLUMNS].tolist()
    return State(
        t_tai_ns=track.t_tai_ns,
        position_ecef_m=(x, y, z),
        velocity_ecef_m_s=(vx, vy, vz),
        covariance=tuple(covariance),
    )


def trajectories(pictures: Iterable[CommonPicture], mode: str) -> tuple[Trajectory, ...]:
    """Tracks of pictures in order of time, under the names that the last picture with them gives them.

    A picture adds a state to a track only where the track had news or was carried to its time: never twice the same.
    """
    pictures = list(pictures)
    last: dict[str, CommonTrack] = {}
    for picture in pictures:
        for track in (one for one in picture.tracks if not one.gone_into):
            for name in track.aliases:
                last.pop(name, None)
            last[track.id] = track
    found = []
    for name, final in sorted(last.items()):
        states: dict[int, State] = {}
        for picture in pictures:
            seen = picture.track(name)
            if seen is not None:
                states[seen.t_tai_ns] = state_of(seen)
        ordered = tuple(states[t] for t in sorted(states))
        found.append(
            Trajectory(
                id=name, mode=mode, parties=final.parties, phase=final.phase, existence=final.existence, states=ordered
            )
        )
    return tuple(found)
