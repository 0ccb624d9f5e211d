"""What each side's picture says, held against truth, at fixed times. Only the study knows truth; no centre does."""

from dataclasses import dataclass, field
from math import hypot, radians, sqrt

import numpy as np

from tocsin.node.desk import Desk, EventView
from tocsin.sim.truths import Flying, Truth
from tocsin.study.results import Estimate, TrackPoint
from tocsin.world.ends import End
from tocsin.world.frames import ecef_to_geodetic
from tocsin.world.geodesy import inverse
from tocsin.world.motion import ellipse95
from tocsin.world.observation import Array

CHI2_95_2 = 5.991464547107979  # 95% quantile of chi-square with 2 degrees of freedom
NS = 1_000_000_000
NEAR_M = 300e3  # a track farther than this from truth is not of this object


@dataclass(slots=True)
class Measured:
    """One side's series."""

    estimates: list[Estimate] = field(default_factory=list)
    picture: list[TrackPoint] = field(default_factory=list)
    tracked_s: float | None = None
    best_launch: End | None = None


class Measurer:
    """A `sim.play.Watcher` that holds every centre's national picture against truth.

    The series are about the first real object of the case (`principal`); a case without one has none.
    """

    def __init__(
        self, principal: Flying | None, launch_tai_ns: int, parties: tuple[str, ...], period_s: float = 5.0
    ) -> None:
        self.period_s = period_s
        self.sides = {party: Measured() for party in parties}
        self._principal = principal
        self._launch_tai_ns = launch_tai_ns + (round(principal.after_s * NS) if principal else 0)
        self._offset_s = principal.after_s if principal else 0.0

    def look(self, t_s: float, desks: dict[str, Desk]) -> None:
        """Measure all sides at `t_s` after the scenario's launch."""
        if self._principal is None:
            return
        truth, since_s = self._principal.truth, t_s - self._offset_s
        if not 0.0 <= since_s <= truth.flight_s:
            return
        state = truth.state_ecef(since_s)
        for party, desk in desks.items():
            event = nearest(desk.events(), state)
            if event is not None:
                self._measure(truth, self.sides[party], since_s, event)

    def _measure(self, truth: Truth, side: Measured, now_s: float, event: EventView) -> None:
        """Hold what the desk saw, at the time it was computed for, against truth at that time."""
        track = event.track
        t_s = now_s if track.stale else (track.t_tai_ns - self._launch_tai_ns) / NS
        if not 0.0 <= t_s <= truth.flight_s or (side.estimates and side.estimates[-1].t_s == t_s):
            return
        state = truth.state_ecef(t_s)
        if side.tracked_s is None:
            side.tracked_s = now_s
        side.best_launch = _better(side.best_launch, event.flight.launch)
        launch = _point(side.best_launch, truth.launch)
        fall = _point(event.flight.impact, truth.impact)
        latitude, longitude, height = ecef_to_geodetic(track.state_ecef[None, :3])
        side.picture.append(
            TrackPoint(
                t_s=t_s,
                latitude_deg=float(np.degrees(latitude[0])),
                longitude_deg=float(np.degrees(longitude[0])),
                height_km=float(height[0]) / 1e3,
            )
        )
        side.estimates.append(
            Estimate(
                t_s=t_s,
                position_error_km=float(np.linalg.norm(track.state_ecef[:3] - state[:3])) / 1e3,
                position_sigma_km=sqrt(float(np.trace(track.covariance_ecef[:3, :3]))) / 1e3,
                launch_latitude_deg=launch.latitude_deg,
                launch_longitude_deg=launch.longitude_deg,
                launch_error_km=launch.error_km,
                launch_semi_major_km=launch.semi_major_km,
                launch_inside=launch.inside,
                impact_latitude_deg=fall.latitude_deg,
                impact_longitude_deg=fall.longitude_deg,
                impact_error_km=fall.error_km,
                impact_semi_major_km=fall.semi_major_km,
                impact_semi_minor_km=fall.semi_minor_km,
                impact_orientation_deg=fall.orientation_deg,
                impact_inside=fall.inside,
                apogee_km=event.flight.apogee_km,
                explained_probability=event.benign,
            )
        )


@dataclass(frozen=True, slots=True)
class _Against:
    """A predicted end against the true one; all None where nothing was predicted."""

    latitude_deg: float | None = None
    longitude_deg: float | None = None
    error_km: float | None = None
    semi_major_km: float | None = None
    semi_minor_km: float | None = None
    orientation_deg: float | None = None
    inside: bool | None = None


def _point(end: End | None, truth: tuple[float, float]) -> _Against:
    if end is None:
        return _Against()
    major, minor, bearing = ellipse95(end.covariance_en_m2)
    distance, azimuth = inverse(end.latitude_deg, end.longitude_deg, *truth)
    east, north = distance * np.sin(radians(azimuth)), distance * np.cos(radians(azimuth))
    offset = np.array([east, north])
    inside = float(offset @ np.linalg.solve(end.covariance_en_m2, offset)) <= CHI2_95_2
    return _Against(
        end.latitude_deg, end.longitude_deg, hypot(east, north) / 1e3, major / 1e3, minor / 1e3, bearing, inside
    )


def _better(held: End | None, new: End | None) -> End | None:
    """The one whose own ellipse is smaller: a launch point does not move, so the best estimate so far stands."""
    if held is None or new is None:
        return held or new
    return new if np.linalg.det(new.covariance_en_m2) < np.linalg.det(held.covariance_en_m2) else held


def nearest(events: tuple[EventView, ...], state_ecef: Array) -> EventView | None:
    """The event nearest to a true state, if one is near at all."""
    if not events:
        return None
    best = min(events, key=lambda one: float(np.linalg.norm(one.track.state_ecef[:3] - state_ecef[:3])))
    return best if float(np.linalg.norm(best.track.state_ecef[:3] - state_ecef[:3])) < NEAR_M else None
