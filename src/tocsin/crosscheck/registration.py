"""Constant biases and the clock of an own sensor, from many objects whose flight somebody else states.

References are known satellites or a partner's tracks. For each, the residuals of all looks are r = G d + B b + v, as in
`innovations`, with one column more: the clock, along which a look moves as the object does. The errors d of the
references are integrated out (they are nuisances of their own, as in a Schmidt-Kalman filter), so that what remains is
information about b alone, summed over references; a wide prior keeps it finite. What the looks leave open shows twice:
a component whose sigma stayed near its prior was not told, and two that are correlated by more than 0.95 were not told
apart (a clock and a bias along the motion of a single pass). Biases are relative: of our sensor against the references.
Bar-Shalom, Li, Kirubarajan 2001; on relative registration Lin, Bar-Shalom, Kirubarajan 2004; from memory [U].
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from tocsin.crosscheck.innovations import HELD_S, LOOKS, carried, columns_of, gain_of, nearest, noise_of, prior_of
from tocsin.world import sensor as geometry
from tocsin.world.exact import Array
from tocsin.world.frames import ecef_to_eci, eci_to_ecef
from tocsin.world.motion import step
from tocsin.world.observation import Infrared, Radar, Scan, Sensor

NS = 1_000_000_000
CLOCK_SIGMA_S = 0.5
"""Prior of a clock's steady error. [I]"""
TOLD = 0.5
"""A component is told where its sigma fell below this part of its prior's."""
APART = 0.95
"""Two components are told apart where their errors correlate less than this."""
_SPAN_S = 0.5


class Reference(Protocol):
    """An object whose flight somebody states: a `fuse.CommonTrack`, or a known satellite."""

    @property
    def id(self) -> str: ...
    @property
    def t_tai_ns(self) -> int: ...
    @property
    def state_ecef(self) -> Array: ...
    @property
    def covariance_ecef(self) -> Array: ...


@dataclass(frozen=True, slots=True, eq=False)
class Registration:
    """What the references say of a sensor: `bias` (k,) with its `covariance` (k, k) by `columns`, the last `clock_s`.

    Ours less theirs; a positive clock: our time stamps are late. `told`: columns of which anything was learnt;
    `together`: pairs of columns that these looks cannot tell apart. `squared` of all residuals once the bias is allowed
    for, with as many degrees of freedom as `numbers`.
    """

    sensor: str
    columns: tuple[str, ...]
    bias: Array
    covariance: Array
    told: tuple[str, ...]
    together: tuple[tuple[str, str], ...]
    references: int
    looks: int
    squared: float
    numbers: int
    words: str


def registration(scans: Sequence[Scan], references: Sequence[Reference]) -> tuple[Registration, ...]:
    """Every sensor with at least four looks at references, by sensor id."""
    sensors = {scan.sensor.id: scan.sensor for scan in scans}
    found = (_of_sensor(sensors[name], [scan for scan in scans if scan.sensor.id == name], references)
             for name in sorted(sensors))  # fmt: skip
    return tuple(one for one in found if one is not None)


def corrected(scan: Scan, found: Registration) -> Scan:
    """A scan with the estimated biases taken out, its sensor stating what is left of them as noise of its own.

    That noise is taken for new in every look, where it is in truth steady: cautious for one look, too hopeful for the
    mean of many. Only radars: a line of sight keeps its own sigma, which the cross-check widens by itself.
    """
    sensor = scan.sensor
    if not isinstance(sensor, Radar):
        return scan
    width = len(found.columns) - 1
    rows = scan.measurements.copy()
    rows[:, :width] -= found.bias[:width]
    rows[:, 1] = np.where(rows[:, 1] < 0.0, rows[:, 1] + 2.0 * math.pi, rows[:, 1]) % (2.0 * math.pi)
    left = np.sqrt(found.covariance.diagonal())
    sigma = np.hypot(geometry.noise(sensor)[:width], left[:width])
    rate = None if sensor.sigma_range_rate_m_s is None else float(sigma[3])
    told = replace(
        sensor, sigma_range_m=float(sigma[0]), sigma_azimuth_rad=float(sigma[1]), sigma_elevation_rad=float(sigma[2]),
        sigma_range_rate_m_s=rate, clock_sigma_ns=round(math.hypot(sensor.clock_sigma_ns, float(left[-1]) * NS)),
    )  # fmt: skip
    return Scan(sensor=told, t_tai_ns=scan.t_tai_ns - round(float(found.bias[-1]) * NS), measurements=rows)


def _of_sensor(sensor: Sensor, scans: Sequence[Scan], references: Sequence[Reference]) -> Registration | None:
    names = (*columns_of(sensor), "clock_s")
    prior = np.zeros((len(names), len(names)))
    prior[:-1, :-1], prior[-1, -1] = prior_of(sensor), CLOCK_SIGMA_S**2
    information, vector = np.linalg.inv(prior), np.zeros(len(names))
    squared, numbers, looks, seen = 0.0, 0, 0, 0
    for reference in references:
        block = _residuals(sensor, scans, reference, prior)
        if block is None:
            continue
        r, g, b = block
        spread = np.kron(np.eye(len(r) // noise_of(sensor).shape[0]), noise_of(sensor))
        spread = spread + g @ reference.covariance_ecef @ g.T
        weighted = np.linalg.solve(spread, np.column_stack([b, r]))
        information = information + b.T @ weighted[:, :-1]
        vector = vector + b.T @ weighted[:, -1]
        squared += float(r @ weighted[:, -1])
        numbers, looks, seen = numbers + len(r), looks + len(r) // noise_of(sensor).shape[0], seen + 1
    if looks < LOOKS:
        return None
    covariance = np.asarray(np.linalg.inv(information))
    bias = covariance @ vector
    told, together = _told(names, covariance, prior)
    words = _words(names, bias, covariance, told, together, seen)
    return Registration(
        sensor.id, names, bias, covariance, told, together, seen, looks, squared - float(vector @ bias), numbers,
        f"{sensor.id}, {looks} looks: {words}",
    )  # fmt: skip


def _residuals(
    sensor: Sensor, scans: Sequence[Scan], reference: Reference, prior: Array
) -> tuple[Array, Array, Array] | None:
    """(residuals (n,), G (n, 6), B (n, k)) of all looks in which a detection fits the reference."""
    rows, gains, designs = [], [], []
    for scan in scans:
        if abs(scan.t_tai_ns - reference.t_tai_ns) > HELD_S * NS:
            continue
        states = carried(reference, scan.t_tai_ns)
        if not bool(geometry.visible(sensor, states[:1])[0]):
            continue
        gain = gain_of(sensor, states)
        design = np.column_stack([np.eye(len(gain)), -_moving(sensor, states[0], scan.t_tai_ns)])
        spread = gain @ reference.covariance_ecef @ gain.T + noise_of(sensor) + design @ prior @ design.T
        residual = nearest(sensor, scan, states[0], spread)
        if residual is not None:
            rows.append(residual)
            gains.append(gain)
            designs.append(design)
    return (np.concatenate(rows), np.vstack(gains), np.vstack(designs)) if rows else None


def _moving(sensor: Sensor, state_ecef: Array, t_ns: int) -> Array:
    """(columns,): how a look changes in a second."""
    span_ns = round(_SPAN_S * NS)
    here = ecef_to_eci(state_ecef, t_ns)
    ends = [eci_to_ecef(step(here, sign * _SPAN_S), t_ns + sign * span_ns) for sign in (1, -1)]
    seen = geometry.measure(sensor, np.array([state_ecef, *ends]))
    if isinstance(sensor, Infrared):
        first = np.cross(seen[0], [0.0, 0.0, 1.0])
        first = first / np.linalg.norm(first)
        return np.asarray(np.stack([first, np.cross(seen[0], first)]) @ (seen[1] - seen[2]) / (2.0 * _SPAN_S))
    change = seen[1] - seen[2]
    change[1] = float(geometry.wrap_rad(change[1:2])[0])
    return np.asarray(change / (2.0 * _SPAN_S))


def _told(names: Sequence[str], covariance: Array, prior: Array) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    sigma = np.sqrt(covariance.diagonal())
    told = tuple(name for name, s, p in zip(names, sigma, np.sqrt(prior.diagonal()), strict=True) if s < TOLD * p)
    alike = np.abs(covariance / np.outer(sigma, sigma))
    pairs = tuple(
        (names[i], names[j]) for i in range(len(names)) for j in range(i + 1, len(names)) if alike[i, j] > APART
    )
    return told, pairs


def _words(
    names: Sequence[str], bias: Array, covariance: Array, told: Sequence[str], together: Sequence[tuple[str, str]],
    references: int,
) -> str:  # fmt: skip
    sigma = np.sqrt(covariance.diagonal())
    parts = []
    for name, value, spread in zip(names, bias.tolist(), sigma.tolist(), strict=True):
        scale, unit = (180.0 / math.pi, "deg") if name.endswith("_rad") else (1.0, "m/s" if "rate" in name else "m")
        unit = "s" if name == "clock_s" else unit
        plain = name.removesuffix("_rad").removesuffix("_m_s").removesuffix("_m").removesuffix("_s").replace("_", " ")
        said = f"{scale * value:+.3g} +/- {2 * scale * spread:.2g} {unit}" if name in told else "not told"
        parts.append(f"{plain} {said}")
    words = f"against {references} reference{'s' * (references != 1)}: " + ", ".join(parts)
    for one, other in together:
        plain_one, plain_other = (name.split("_")[0] for name in (one, other))
        words += f"; {plain_one} and {plain_other} cannot be told apart by these looks"
    return words
