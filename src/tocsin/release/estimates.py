"""Own picture, one record a track, at the whole microseconds of the wire."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tocsin.release.settings import TrackletSettings
from tocsin.wire.bodies import ClassLikelihood, Phase
from tocsin.world.exact import Array
from tocsin.world.frames import ecef_to_geodetic, eci_to_ecef
from tocsin.world.geodesy import inverse as geodesic
from tocsin.world.motion import apogee, impact, launch
from tocsin.world.vehicles import likelihoods

CLASSES_MAX, CLASS_LEAST = 4, 0.01


class PictureLike(Protocol):
    """What is needed of a `track.Picture`: n confirmed tracks at one instant, ECI, SI."""

    @property
    def t_tai_ns(self) -> int: ...
    @property
    def id(self) -> tuple[int, ...]: ...
    @property
    def state_eci(self) -> Array: ...
    @property
    def covariance_eci(self) -> Array: ...
    @property
    def existence(self) -> Array: ...
    @property
    def boost_probability(self) -> Array: ...
    @property
    def updated_t_tai_ns(self) -> NDArray[np.int64]: ...
    @property
    def sensors(self) -> tuple[tuple[str, ...], ...]: ...


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Estimate:
    """Mean (6,) and covariance (6, 6) of one track, ECI, SI, and the rest that its tracklet says."""

    track: str
    t_tai_us: int
    mean: Array
    covariance: Array
    updated_tai_us: int
    phase: Phase
    existence: float
    sensors: int


def track_name(party: str, number: int) -> str:
    """Name of a tracker's track in the party's logs."""
    return f"{party}-{number:04d}"


def estimates(picture: PictureLike, party: str, settings: TrackletSettings) -> Iterator[Estimate]:
    """The picture's tracks in their order. States step back by the part of a microsecond that the wire drops."""
    t_tai_us, rest_ns = divmod(picture.t_tai_ns, 1_000)
    means = picture.state_eci.copy()
    means[:, :3] -= means[:, 3:] * (rest_ns * 1e-9)
    phases = phases_of(means, t_tai_us * 1_000, picture.boost_probability, settings)
    for row, number in enumerate(picture.id):
        yield Estimate(
            track=track_name(party, number),
            t_tai_us=t_tai_us,
            mean=means[row],
            covariance=picture.covariance_eci[row],
            updated_tai_us=int(picture.updated_t_tai_ns[row]) // 1_000,
            phase=phases[row],
            existence=min(1.0, max(0.0, round(float(picture.existence[row]), 3))),
            sensors=len(picture.sensors[row]),
        )


def phases_of(means: Array, t_tai_ns: int, boost_probability: Array, settings: TrackletSettings) -> list[Phase]:
    """Phases of flight of states (n, 6), ECI: by the tracker's word on thrust, and by height and speed."""
    if not len(means):
        return []
    heights_m = ecef_to_geodetic(means[:, :3])[2]
    velocities = eci_to_ecef(means, t_tai_ns)[:, 3:]
    slow = (velocities * velocities).sum(axis=1) < settings.air_speed_m_s**2
    falling = (means[:, :3] * means[:, 3:]).sum(axis=1) < 0.0
    phases: list[Phase] = []
    for row in range(len(means)):
        if boost_probability[row] > settings.boost_probability:
            phases.append("boost")
        elif heights_m[row] < settings.air_height_m and slow[row]:
            phases.append("air")
        else:
            phases.append("reentry" if falling[row] and heights_m[row] < settings.reentry_height_m else "coast")
    return phases


def classes(estimate: Estimate) -> tuple[ClassLikelihood, ...]:
    """What our own track looks like: the likeliest classes, to two digits; nothing while a motor burns.

    Only those within a hundredth of the likeliest, four at most: the rest is as good as excluded, and every number
    costs partners' bytes.
    """
    if estimate.phase == "air":
        return (ClassLikelihood(vehicle="aircraft", likelihood=1.0),)
    if estimate.phase == "boost":
        return ()
    found = likelihoods(estimate.mean, estimate.covariance)
    best = sorted(found, key=lambda vehicle: (-found[vehicle], vehicle))[:CLASSES_MAX]
    return tuple(
        ClassLikelihood(vehicle=vehicle, likelihood=round(found[vehicle], 2))  # type: ignore[arg-type]
        for vehicle in sorted(best)
        if found[vehicle] >= CLASS_LEAST
    )


def extent(estimate: Estimate) -> tuple[float | None, float | None]:
    """(range_km from launch to impact, apogee_km) of the flight that the estimate foretells; None where it does not."""
    t_tai_ns = estimate.t_tai_us * 1_000
    height_m, _ = apogee(estimate.mean)
    begin = launch(estimate.mean, estimate.covariance, t_tai_ns)
    end = impact(estimate.mean, estimate.covariance, t_tai_ns)
    apogee_km = height_m / 1e3 if math.isfinite(height_m) else None
    if begin is None or end is None:
        return None, apogee_km
    range_m, _ = geodesic(begin.latitude_deg, begin.longitude_deg, end.latitude_deg, end.longitude_deg)
    return range_m / 1e3, apogee_km
