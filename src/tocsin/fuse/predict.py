"""Where a common track came from and where it is going: computed only when asked."""

from dataclasses import dataclass

from tocsin.fuse.limits import NS_PER_S
from tocsin.fuse.picture import CommonTrack
from tocsin.world.forecast import expected_impact
from tocsin.world.frames import covariance_to_eci, ecef_to_eci
from tocsin.world.motion import Impact, Launch, apogee
from tocsin.world.origin import expected_launch

STAGING_NS = 20 * NS_PER_S
"""So long after the last word of a burning motor another stage may still follow. [I]"""


@dataclass(frozen=True, slots=True)
class Predictions:
    """Ends of a flight, None where it stays up for three hours.

    `burning`: a motor burns, or did so short of 20 s ago and may have a stage to follow. Nobody then knows where the
    flight ends: `impact` is an ellipse of thousands of kilometres, and the apogee is that of a burn that stops now.
    `apogee_height_m` and `apogee_t_tai_ns` are None where none is reached.
    """

    launch: Launch | None
    impact: Impact | None
    apogee_height_m: float | None
    apogee_t_tai_ns: int | None
    burning: bool


def predictions(track: CommonTrack) -> Predictions:
    """Launch, impact and apogee of a track's estimate, with drag, boost and staging among what is not known."""
    state = ecef_to_eci(track.state_ecef, track.t_tai_ns)
    covariance = covariance_to_eci(track.covariance_ecef, track.t_tai_ns)
    burning = is_burning(track)
    height, dt_s = apogee(state)
    reached = dt_s < float("inf")
    return Predictions(
        launch=expected_launch(state, covariance, track.t_tai_ns, burning=burning),
        impact=expected_impact(state, covariance, track.t_tai_ns, burning=burning),
        apogee_height_m=height if reached else None,
        apogee_t_tai_ns=track.t_tai_ns + round(dt_s * NS_PER_S) if reached else None,
        burning=burning,
    )


def is_burning(track: CommonTrack) -> bool:
    """Whether a motor burns or may burn again."""
    last = track.burning_t_tai_ns
    return track.phase == "boost" or (last is not None and track.t_tai_ns - last < STAGING_NS)
