"""What released statements give away about the sensor behind them: Fisher information of its place, noise and rate.

The information that a track gained between two statements is, up to chance, that of the detections in between,

    D = n (u u' / sigma_r^2 + (1 - u u') / (r sigma_a)^2),   n = rate x seconds,

with u the line of sight and r the distance: its axes point at the sensor, its sizes tell range noise, angle noise and
rate. A partner who reads D off our tracklets (position block of the increment, or the difference of whole ones) can
fit the sensor. What blurs D: chance in how many detections there were, digits that were not told, and what a filter
makes of its data (MODEL, relative, inferred [I] and checked by an attack: campaigns/disclosure.py). The bound is for a
partner who knows that one radar made the track; more than one makes it harder. Rates and noises trade against each
other: a weak prior on their logarithms keeps the bound finite.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tocsin.release.reading import US_PER_S, information_matrix
from tocsin.wire.bodies import Tracklet
from tocsin.world.exact import Array
from tocsin.world.frames import rotation6, rotation6_inverse
from tocsin.world.motion import process_noise, transition

MODEL = 0.003
"""Relative error of D as a partner models it: linearisation, forgetting, mixing of models. [I]"""
PRIOR_PLACE_M = 3_000e3
PRIOR_LOG = 1.0
"""Before any statement a partner knows the sensor within a continent, and noise and rate within a factor e. [I]"""
COARSE_DIGITS, FINE_DIGITS = 3, 12
PLACE, RANGE_NOISE, ANGLE_NOISE, RATE = slice(0, 3), 3, 4, 5


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One gain as a partner reads it: object (3,) ECEF m, seconds, D (3, 3) 1/m2, one sigma of its digits (3, 3)."""

    place_ecef_m: Array
    seconds: float
    gain: Array
    digits: Array


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What a partner can know, one sigma: the sensor's place on the ground (root of the summed variances along east
    and north, km) and the logarithms of its range noise, angle noise and rate (0.1: to ten per cent)."""

    place_km: float
    range_noise: float
    angle_noise: float
    rate: float
    statements: int


Last = tuple[int, Array]
"""Time (us) and information (6, 6) of a track's last whole statement."""


def seen(statements: Sequence[Tracklet], inflation: float = 1.0) -> list[Seen]:
    """The gains in one track's statements, in order. `inflation`: of coarsened ones; the regime tells it."""
    found: list[Seen] = []
    last: Last | None = None
    for body in statements:
        last, one = next_seen(last, body, inflation)
        if one is not None:
            found.append(one)
    return found


def next_seen(last: Last | None, body: Tracklet, inflation: float = 1.0) -> tuple[Last | None, Seen | None]:
    """(the last whole statement from now on, the gain that a track's next statement tells, None if none)."""
    if body.ended:
        return last, None
    told = information_matrix(body.information) * (inflation if body.coarsened else 1.0)
    state = np.array([*body.position_ecef_m, *body.velocity_ecef_m_s])
    if body.since_tai_us is not None:
        if body.t_tai_us <= body.since_tai_us:
            return last, None
        digits = 10.0**-FINE_DIGITS
        return last, _seen(state, body.t_tai_us - body.since_tai_us, told, digits * np.abs(told))
    now = (body.t_tai_us, told)
    if last is None or body.t_tai_us <= last[0]:
        return now, None
    before = _carried(last[1], state, last[0], body.t_tai_us)
    digits = 10.0 ** -(COARSE_DIGITS if body.coarsened else FINE_DIGITS) / math.sqrt(3.0)
    return now, _seen(state, body.t_tai_us - last[0], told - before, digits * np.abs(told))


def _seen(state: Array, span_us: int, gain: Array, digits: Array) -> Seen:
    return Seen(state[:3], span_us / US_PER_S, gain[:3, :3], digits[:3, :3])


def _carried(information_ecef: Array, state_ecef: Array, from_us: int, to_us: int) -> Array:
    """What a whole statement still says at a later one's time, as a partner would carry it."""
    span_s = (to_us - from_us) / US_PER_S
    turn = rotation6(to_us * 1_000)
    _, back = transition(turn @ state_ecef, -span_s)
    covariance = np.linalg.inv(information_ecef)
    start = rotation6(from_us * 1_000)
    phi = np.linalg.inv(back)
    inertial = phi @ start @ covariance @ start.T @ phi.T + process_noise(span_s, 1e-3)
    end = rotation6_inverse(to_us * 1_000)
    return np.asarray(np.linalg.inv(end @ inertial @ end.T))


def model(theta: Array, place_ecef_m: Array, seconds: float) -> Array:
    """D (3, 3) of a sensor: theta is (place ECEF m (3,), ln sigma_r m, ln sigma_a rad, ln detections a second)."""
    away = place_ecef_m - theta[PLACE]
    distance = float(np.sqrt(away @ away))
    along = np.outer(away, away) / distance**2
    across = math.exp(-2.0 * theta[ANGLE_NOISE]) / distance**2
    return np.asarray(
        seconds * math.exp(theta[RATE]) * (math.exp(-2.0 * theta[RANGE_NOISE]) * along + across * (np.eye(3) - along))
    )


def whitener(theta: Array, one: Seen, missed: float = 0.1) -> Array:
    """(6, 6) by which the six numbers of D are divided into unit noise: chance of detection, digits, model."""
    expected = model(theta, one.place_ecef_m, one.seconds)
    flat = six(expected)
    count = max(one.seconds * math.exp(theta[RATE]), 1.0)
    size = math.sqrt(float(np.sum(expected * expected)))
    spread = missed / count * np.outer(flat, flat) + np.diag((MODEL * np.abs(flat)) ** 2 + six(one.digits) ** 2)
    spread += np.eye(6) * (1e-6 * size) ** 2
    return np.asarray(np.linalg.inv(np.linalg.cholesky(spread)))


def six(matrix: Array) -> Array:
    """Upper triangle of a symmetric (3, 3)."""
    return np.asarray(matrix[np.triu_indices(3)])


STEPS = np.array([10.0, 10.0, 10.0, 1e-4, 1e-4, 1e-4])


def prior() -> Array:
    """Information (6, 6) about a sensor before any statement."""
    return np.diag(np.array([PRIOR_PLACE_M] * 3 + [PRIOR_LOG] * 3) ** -2.0)


def gained(theta: Array, one: Seen) -> Array:
    """Fisher information (6, 6) of theta in one gain."""
    white = whitener(theta, one)
    columns = []
    for number, step in enumerate(STEPS):
        near = np.zeros(6)
        near[number] = step
        up, down = (six(model(theta + sign * near, one.place_ecef_m, one.seconds)) for sign in (1.0, -1.0))
        columns.append((up - down) / (2.0 * step))
    slope = white @ np.stack(columns, axis=1)
    return np.asarray(slope.T @ slope)


def fisher(theta: Array, gains: Sequence[Seen]) -> Array:
    """Fisher information (6, 6) of theta in the gains, with the prior."""
    total = prior()
    for one in gains:
        total = total + gained(theta, one)
    return total


def disclosure(theta: Array, gains: Sequence[Seen]) -> Disclosure:
    """The bound on what anybody can infer about the sensor `theta` from the gains of its track."""
    return known_from(theta, fisher(theta, gains), len(gains))


def known_from(theta: Array, information: Array, statements: int) -> Disclosure:
    """The bound that an information (6, 6) about a sensor gives."""
    covariance = np.linalg.inv(information)
    up = theta[PLACE] / np.linalg.norm(theta[PLACE])
    flat = np.eye(3) - np.outer(up, up)
    place = math.sqrt(max(float(np.trace(flat @ covariance[:3, :3] @ flat)), 0.0))
    sigma = np.sqrt(np.diag(covariance))
    return Disclosure(
        place / 1e3, float(sigma[RANGE_NOISE]), float(sigma[ANGLE_NOISE]), float(sigma[RATE]), statements
    )
