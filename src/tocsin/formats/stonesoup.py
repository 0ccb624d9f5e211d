"""Stone Soup (MIT), both ways: its detections to our scans and ours to its, tracks either way, its metrics on ours.

Needs `pip install tocsin[stonesoup]`; nothing is imported before it is used. Stone Soup's times are UTC without a zone,
to the microsecond; its states here are (x, vx, y, vy, z, vz), Earth-fixed, metres and m/s. Its bearings run from the
first axis against the clock; ours from north with it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from math import pi
from typing import Any

import numpy as np

from tocsin.errors import Refusal
from tocsin.formats.trajectories import State, Trajectory
from tocsin.wire.bodies import UPPER_COLUMNS, UPPER_ROWS
from tocsin.world.exact import Array
from tocsin.world.observation import Radar, Scan
from tocsin.world.sensor import radar_position, site_axes, site_ecef
from tocsin.world.time import parse_utc, utc_text

INTERLEAVED = (0, 3, 1, 4, 2, 5)
POSITIONS = (0, 2, 4)


def _soup(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(f"stonesoup.{name}")
    except ImportError as error:
        raise Refusal("Stone Soup is not here: pip install 'tocsin[stonesoup]'") from error


def when(t_tai_ns: int) -> datetime:
    """UTC without a zone, as Stone Soup has it; a leap second is the first moment of the next day."""
    text = utc_text(t_tai_ns, 6).removesuffix("Z")
    if ":60" in text:
        return datetime.fromisoformat(text.replace(":60", ":59")) + timedelta(seconds=1)
    return datetime.fromisoformat(text)


def instant(moment: datetime) -> int:
    """TAI nanoseconds of Stone Soup's time."""
    plain = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return parse_utc(plain.isoformat(timespec="microseconds") + "Z")


def detections(scans: Iterable[Scan]) -> Iterator[tuple[datetime, set[Any]]]:
    """Scans of radars as sets of detections: Earth-fixed places, each with its covariance."""
    kind = _soup("types.detection").Detection
    for scan in scans:
        if not isinstance(scan.sensor, Radar):
            continue
        moment = when(scan.t_tai_ns)
        yield moment, {
            kind(state_vector=place[:, None], timestamp=moment, measurement_model=_linear(covariance))
            for place, covariance in _places(scan.sensor, scan.measurements)
        }


def _linear(covariance: Array) -> Any:
    return _soup("models.measurement.linear").LinearGaussian(
        ndim_state=6, mapping=POSITIONS, noise_covar=covariance
    )


def _places(sensor: Radar, rows: Array) -> Iterator[tuple[Array, Array]]:
    """Place (3,) and covariance (3, 3) of each row, by the Jacobian at it."""
    sigmas = np.array([sensor.sigma_range_m, sensor.sigma_azimuth_rad, sensor.sigma_elevation_rad])
    for row in rows[:, :3]:
        middle = radar_position(sensor, row[None])[0]
        steps = np.array([1.0, 1e-6, 1e-6])
        jacobian = np.stack(
            [(radar_position(sensor, (row + step)[None])[0] - middle) / size for step, size in
             zip(np.diag(steps), steps, strict=True)], axis=-1,
        )  # fmt: skip
        yield middle, jacobian @ np.diag(sigmas**2) @ jacobian.T


def scans(found: Iterable[tuple[datetime, Iterable[Any]]], sensor: Radar) -> Iterator[Scan]:
    """Stone Soup's detections as scans of a radar.

    Taken are those with a model of elevation, bearing and range in axes east, north, up at the radar, and those with
    a linear model of Earth-fixed places. Others are passed over.
    """
    for moment, some in sorted(found, key=lambda one: one[0]):
        rows = [row for one in some if (row := _row(one, sensor)) is not None]
        yield Scan(sensor=sensor, t_tai_ns=instant(moment), measurements=np.array(rows).reshape(-1, 3))


def _row(detection: Any, sensor: Radar) -> list[float] | None:
    vector = np.array(detection.state_vector, float).ravel()
    name = type(detection.measurement_model).__name__
    if name == "CartesianToElevationBearingRange":
        elevation, bearing, distance = vector[:3]
        return [float(distance), (pi / 2 - float(bearing)) % (2 * pi), float(elevation)]
    if name == "LinearGaussian" and len(vector) == 3:
        from tocsin.world.refraction import apparent_elevation

        east, north, up = site_axes(sensor) @ (vector - site_ecef(sensor))
        distance = float(np.sqrt(east * east + north * north + up * up))
        true = np.arcsin(np.array([up / distance]))
        seen = apparent_elevation(true, np.array([distance]), sensor.height_m)
        return [distance, float(np.arctan2(east, north)) % (2 * pi), float(seen[0])]
    return None


def tracks(found: Iterable[Trajectory]) -> set[Any]:
    """Trajectories as Stone Soup's tracks of Gaussian states; the name is kept as the track's id."""
    track, gaussian = _soup("types.track").Track, _soup("types.state").GaussianState
    made = set()
    for one in found:
        states = []
        for state in one.states:
            covariance = state.matrix()
            states.append(
                gaussian(
                    state_vector=state.vector()[list(INTERLEAVED)][:, None],
                    covar=_mixed(np.eye(6) if covariance is None else covariance),
                    timestamp=when(state.t_tai_ns),
                )
            )
        made.add(track(states=states, id=one.id))
    return made


def _mixed(covariance: Array) -> Array:
    mixed: Array = covariance[np.ix_(INTERLEAVED, INTERLEAVED)]
    return mixed


def trajectories(found: Iterable[Any], mode: str = "exercise") -> tuple[Trajectory, ...]:
    """Stone Soup's tracks of (x, vx, y, vy, z, vz) as trajectories, by id; several states at one time: the last."""
    return tuple(sorted((_trajectory(one, mode) for one in found), key=lambda one: one.id))


def _trajectory(track: Any, mode: str) -> Trajectory:
    states = {}
    for state in track.states:
        vector = np.array(state.state_vector, float).ravel()[[0, 2, 4, 1, 3, 5]]
        x, y, z, vx, vy, vz = vector.tolist()
        covariance = getattr(state, "covar", None)
        upper = None
        if covariance is not None:
            back = np.array(covariance, float)[np.ix_([0, 2, 4, 1, 3, 5], [0, 2, 4, 1, 3, 5])]
            upper = tuple(back[UPPER_ROWS, UPPER_COLUMNS].tolist())
        t = instant(state.timestamp)
        states[t] = State(t_tai_ns=t, position_ecef_m=(x, y, z), velocity_ecef_m_s=(vx, vy, vz), covariance=upper)
    ordered = tuple(states[t] for t in sorted(states))
    return Trajectory(id=str(track.id), mode=mode, parties=(), phase="unknown", existence=1.0, states=ordered)


def ospa(ours: Sequence[Trajectory], truth: Sequence[Trajectory], cutoff_m: float = 10_000.0) -> float:
    """Stone Soup's OSPA distance (p = 2, positions) of tracks against truth, mean over the times of both, metres."""
    metrics = _soup("metricgenerator.ospametric")
    manager = _soup("metricgenerator.manager").MultiManager([_generator(metrics, cutoff_m)])
    manager.add_data({"tracks": tracks(ours), "truth": tracks(truth)})
    values = [float(one.value) for one in _values(manager.generate_metrics())]
    return float(np.mean(values))


def _generator(metrics: Any, cutoff_m: float) -> Any:
    euclidean = _soup("measures").Euclidean(mapping=POSITIONS)
    return metrics.OSPAMetric(
        c=cutoff_m, p=2, measure=euclidean, generator_name="ospa", tracks_key="tracks", truths_key="truth"
    )


def _values(generated: Any) -> list[Any]:
    found: list[Any] = generated["ospa"]["OSPA distances"].value
    return found
