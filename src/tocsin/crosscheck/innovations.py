"""A partner's track against what own sensors measured: does it predict our detections, and with what bias.

All residuals r of one sensor are taken together: r = G d + B b + v, where d ~ N(0, P) is the error of the stated
estimate at its own time, carried to every look, b a constant bias of the sensor's columns relative to the partner
(range, angles, range rate; wide prior), v the sensor's noise. Then r has covariance R + G P G' + B L B', its squared
length is chi-squared, and the bias is the posterior mean of b (Bar-Shalom, Li, Kirubarajan 2001, ch. 5 on consistency
of innovations; on relative registration Lin, Bar-Shalom, Kirubarajan 2004; cited from memory [U]).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from tocsin.fuse import CommonTrack
from tocsin.world import motion
from tocsin.world import sensor as geometry
from tocsin.world.exact import Array
from tocsin.world.frames import ecef_to_eci, eci_to_ecef
from tocsin.world.observation import Infrared, Radar, Scan, Sensor

NS = 1e9
Verdict = Literal["agrees", "biased", "incompatible", "unseen"]
GATE = 30.0
"""Squared distance within which a detection may be the partner's object, bias allowed for. [I]"""
LOOKS = 4
"""Fewer matched looks than this say nothing; so many missed ones do. [I]"""
HELD_S = 300.0
"""Looks farther than this from the stated time are left out: what drag does is not in the model. [I]"""
BIAS_SIGMAS = {"range_m": 3e3, "angle_rad": 0.02, "range_rate_m_s": 50.0}
"""Prior of a relative bias, one sigma. [I]"""
_STEPS = np.array([10.0, 10.0, 10.0, 0.1, 0.1, 0.1])


class Stated(Protocol):
    """A flight as somebody states it."""

    @property
    def t_tai_ns(self) -> int: ...
    @property
    def state_ecef(self) -> Array: ...


@dataclass(frozen=True, slots=True, eq=False)
class SensorCheck:
    """One own sensor against one of the partner's tracks.

    `looks`: how often it should have seen the object; `matched`: how often a detection fits. `squared` and `limit`:
    squared length of all residuals without any bias and its 0.999 quantile; `squared_biased` with the bias allowed for.
    `bias` and `bias_sigma` by column (see `columns`): ours less what the partner's track predicts.
    """

    sensor: str
    track: str
    verdict: Verdict
    looks: int
    matched: int
    squared: float
    squared_biased: float
    limit: float
    columns: tuple[str, ...]
    bias: Array
    bias_sigma: Array
    words: str


def check_track(scans: Sequence[Scan], theirs: CommonTrack) -> tuple[SensorCheck, ...]:
    """Every own sensor that should have seen the object within five minutes of the stated time, by sensor id.

    Nothing is said while the engine burns or of what is stale: there is no model to hold it against.
    """
    if theirs.phase == "boost" or theirs.stale or theirs.ended:
        return ()
    by_sensor: dict[str, list[Scan]] = {}
    for scan in sorted(scans, key=lambda scan: scan.t_tai_ns):
        if abs(scan.t_tai_ns - theirs.t_tai_ns) / NS <= HELD_S:
            by_sensor.setdefault(scan.sensor.id, []).append(scan)
    found = (_check(by_sensor[name], theirs) for name in sorted(by_sensor))
    return tuple(one for one in found if one is not None)


def quantile_999(degrees: int) -> float:
    """0.999 quantile of chi-squared (Wilson and Hilferty 1931): within 1 % from six degrees of freedom on."""
    c = 2.0 / (9.0 * degrees)
    return float(degrees * (1.0 - c + 3.0902 * math.sqrt(c)) ** 3)


def columns_of(sensor: Sensor) -> tuple[str, ...]:
    """Names of the columns that residuals are taken in."""
    if isinstance(sensor, Infrared):
        return ("across_1_rad", "across_2_rad")
    names = ("range_m", "azimuth_rad", "elevation_rad")
    return (*names, "range_rate_m_s") if sensor.sigma_range_rate_m_s is not None else names


def _check(scans: Sequence[Scan], theirs: CommonTrack) -> SensorCheck | None:
    sensor = scans[0].sensor
    residuals, gains, looks = [], [], 0
    prior, noise = prior_of(sensor), noise_of(sensor)
    for scan in scans:
        states = carried(theirs, scan.t_tai_ns)
        if not bool(geometry.visible(sensor, states[:1])[0]):
            continue
        looks += 1
        gain = gain_of(sensor, states)
        spread = gain @ theirs.covariance_ecef @ gain.T + noise + prior
        fits = nearest(sensor, scan, states[0], spread)
        if fits is not None:
            residuals.append(fits)
            gains.append(gain)
    if looks < LOOKS:
        return None
    return _verdict(sensor, theirs, looks, residuals, gains)


def _verdict(
    sensor: Sensor, theirs: CommonTrack, looks: int, residuals: Sequence[Array], gains: Sequence[Array]
) -> SensorCheck | None:
    names, width = columns_of(sensor), len(columns_of(sensor))
    if len(residuals) < LOOKS:
        chance = getattr(sensor, "detection_probability", 1.0)
        missed = looks * chance - len(residuals)
        if missed < LOOKS:
            return None
        words = f"{sensor.id} should have seen it {looks} times; {len(residuals)} detections fit"
        nothing: Array = np.zeros(width)
        return SensorCheck(
            sensor.id, theirs.id, "unseen", looks, len(residuals), 0.0, 0.0, 0.0, names, nothing, nothing, words
        )
    r, g = np.concatenate(list(residuals)), np.vstack(list(gains))
    b = np.vstack([np.eye(width)] * len(residuals))
    plain = np.kron(np.eye(len(residuals)), noise_of(sensor)) + g @ theirs.covariance_ecef @ g.T
    prior = prior_of(sensor)
    full = plain + b @ prior @ b.T
    squared = float(r @ np.linalg.solve(plain, r))
    weighted = np.linalg.solve(full, np.column_stack([r, b @ prior]))
    squared_biased = float(r @ weighted[:, 0])
    bias: Array = prior @ b.T @ weighted[:, 0]
    covariance = prior - prior @ b.T @ weighted[:, 1:]
    sigma: Array = np.sqrt(np.maximum(covariance.diagonal(), 0.0))
    limit = quantile_999(len(r))
    verdict: Verdict = "agrees" if squared <= limit else "biased" if squared_biased <= limit else "incompatible"
    words = f"{len(residuals)} of {looks} looks of {sensor.id} fit: {_words(verdict, names, bias, sigma)}"
    return SensorCheck(
        sensor.id, theirs.id, verdict, looks, len(residuals), squared, squared_biased, limit, names, bias, sigma, words
    )


def _words(verdict: Verdict, names: Sequence[str], bias: Array, sigma: Array) -> str:
    if verdict == "agrees":
        return "their track predicts them within what both state"
    if verdict == "incompatible":
        return "their track does not predict them, and no constant bias would mend it"
    worst = max(range(len(names)), key=lambda k: abs(float(bias[k])) / max(float(sigma[k]), 1e-12))
    value, spread, name = float(bias[worst]), float(sigma[worst]), names[worst]
    column, unit = name.removesuffix("_rad").removesuffix("_m_s").removesuffix("_m").replace("_", " "), "m"
    if name.endswith("_rad"):
        value, spread, unit = math.degrees(value), math.degrees(spread), "deg"
    elif name.endswith("_m_s"):
        unit = "m/s"
    return f"a bias of {value:+.3g} +/- {2 * spread:.2g} {unit} in {column} between us would explain it"


def carried(theirs: Stated, t_ns: int) -> Array:
    """(13, 6): the stated state at a look, and those of small steps up and down in each of its components."""
    steps = np.vstack([np.zeros(6), np.diag(_STEPS), -np.diag(_STEPS)])
    moved = motion.step(ecef_to_eci(theirs.state_ecef + steps, theirs.t_tai_ns), (t_ns - theirs.t_tai_ns) / NS)
    return eci_to_ecef(moved, t_ns)


def gain_of(sensor: Sensor, states: Array) -> Array:
    """(columns, 6): derivative of a look by the stated state, by central differences."""
    seen = geometry.measure(sensor, states)
    rows = [_difference(sensor, seen[1 + k], seen[7 + k], seen[0]) / (2.0 * _STEPS[k]) for k in range(6)]
    gain: Array = np.stack(rows, axis=1)
    return gain


def nearest(sensor: Sensor, scan: Scan, state: Array, spread: Array) -> Array | None:
    """Residual of the detection nearest to what is predicted, None if none lies in the gate."""
    predicted = geometry.measure(sensor, state[None, :])[0]
    best, least = None, GATE
    for row in scan.measurements[:, : len(predicted)]:
        residual = _difference(sensor, row, predicted, predicted)
        squared = float(residual @ np.linalg.solve(spread, residual))
        if squared < least:
            best, least = residual, squared
    return best


def _difference(sensor: Sensor, a: Array, b: Array, about: Array) -> Array:
    """a - b in the columns of residuals: angles wrapped; lines of sight across the one they are `about`."""
    if isinstance(sensor, Radar):
        d: Array = a - b
        d[1] = float(geometry.wrap_rad(d[1:2])[0])
        return d
    first = np.cross(about, [0.0, 0.0, 1.0])
    first = first / np.linalg.norm(first)
    across: Array = np.stack([first, np.cross(about, first)]) @ (a - b)
    return across


def noise_of(sensor: Sensor) -> Array:
    sigmas = geometry.noise(sensor)[: len(columns_of(sensor))]
    matrix: Array = np.diag(sigmas * sigmas)
    return matrix


def prior_of(sensor: Sensor) -> Array:
    kinds = {"range_m": "range_m", "range_rate_m_s": "range_rate_m_s"}
    sigmas = np.array([BIAS_SIGMAS[kinds.get(name, "angle_rad")] for name in columns_of(sensor)])
    matrix: Array = np.diag(sigmas * sigmas)
    return matrix
