"""Where a common track came from and where it is going: computed only when asked."""

from dataclasses import dataclass

from tocsin.fuse.picture import CommonTrack
from tocsin.world.frames import covariance_to_eci, ecef_to_eci
from tocsin.world.motion import Impact, Launch, apogee, impact, launch

NS_PER_S = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Predictions:
    """Ends of a flight without thrust or drag (`world.motion`), None where it stays up for three hours.

    While the engine burns, `impact` is where the object would fall if thrust stopped now, and `launch` lies ahead of
    the true point. `apogee_height_m` and `apogee_t_tai_ns` are None where none is reached.
    """

    launch: Launch | None
    impact: Impact | None
    apogee_height_m: float | None
    apogee_t_tai_ns: int | None


def predictions(track: CommonTrack) -> Predictions:
    """Launch, impact and apogee of a track's estimate, with the covariance that it implies."""
    state = ecef_to_eci(track.state_ecef, track.t_tai_ns)
    covariance = covariance_to_eci(track.covariance_ecef, track.t_tai_ns)
    height, dt_s = apogee(state)
    reached = dt_s < float("inf")
    return Predictions(
        launch=launch(state, covariance, track.t_tai_ns),
        impact=impact(state, covariance, track.t_tai_ns),
        apogee_height_m=height if reached else None,
        apogee_t_tai_ns=track.t_tai_ns + round(dt_s * NS_PER_S) if reached else None,
    )
