"""A small world for the gate: a ballistic flight, exact Kalman filters of two parties, pictures of them."""

from dataclasses import dataclass

import numpy as np

from tocsin import regime as regimes
from tocsin.release import Context, Ledger, Released, publish
from tocsin.world.frames import ecef_to_eci, geodetic_to_ecef
from tocsin.world.motion import process_noise, propagate, step
from tocsin.world.time import parse_utc

T0 = parse_utc("1995-01-25T06:24:00Z")
S = 1_000_000_000
REGIMES = {name: regimes.load(regimes.shipped(name), name) for name in regimes.SHIPPED}


@dataclass
class Picture:
    """The fields of track.Picture that release uses."""

    t_tai_ns: int
    id: tuple
    state_eci: np.ndarray
    covariance_eci: np.ndarray
    existence: np.ndarray
    boost_probability: np.ndarray
    updated_t_tai_ns: np.ndarray
    sensors: tuple


def picture(t_ns, *tracks, boost=0.0, updated_ns=None):
    """Picture of (id, mean, covariance) at one instant."""
    n = len(tracks)
    return Picture(
        t_tai_ns=t_ns,
        id=tuple(number for number, _, _ in tracks),
        state_eci=np.array([mean for _, mean, _ in tracks]).reshape(n, 6),
        covariance_eci=np.array([covariance for _, _, covariance in tracks]).reshape(n, 6, 6),
        existence=np.full(n, 0.987654),
        boost_probability=np.full(n, boost),
        updated_t_tai_ns=np.full(n, t_ns if updated_ns is None else updated_ns, dtype=np.int64),
        sensors=(("radar-1",),) * n,
    )


def context(party="west", **changes):
    settings = {
        "party": party, "partners": tuple(name for name in ("east", "west") if name != party),
        "origin": f"exercise.example/{party}", "own_origin": f"exercise.example/{party}/own", "epoch": 0,
        "mode": "exercise", "authority": "duty officer", "clock": "gps", "now_tai_ns": T0 + 9_999 * S,
        "clock_sigma_ns": 1_500,
    }  # fmt: skip
    return Context(**(settings | changes))


def start(latitude_deg=69.3, longitude_deg=16.0, height_m=100e3):
    """A state on its way up, ECI at T0."""
    position = geodetic_to_ecef(np.radians(latitude_deg), np.radians(longitude_deg), height_m)
    up = position / np.linalg.norm(position)
    ecef = np.concatenate([position, up * 2500.0 + np.array([-300.0, 100.0, 200.0])])
    return ecef_to_eci(ecef, T0)


def flight(seconds, noise, rng):
    """True states each second, ECI, with white acceleration of that density."""
    state = start()
    states = [state]
    root = np.linalg.cholesky(process_noise(1.0, noise) + 1e-18 * np.eye(6))
    for _ in range(seconds):
        state = step(state, 1.0) + root @ rng.standard_normal(6)
        states.append(state)
    return np.array(states)


class Kalman:
    """Exact filter with position measurements of sigma `sigma_m`: the slow textbook twin of what fusion must find."""

    def __init__(self, mean, covariance, noise, sigma_m):
        self.mean, self.covariance, self.noise, self.sigma_m = mean, covariance, noise, sigma_m

    def predict(self, dt_s):
        self.mean, self.covariance = propagate(self.mean, self.covariance, dt_s, self.noise)

    def update(self, position):
        h = np.eye(6)[:3]
        s = h @ self.covariance @ h.T + self.sigma_m**2 * np.eye(3)
        k = self.covariance @ h.T @ np.linalg.inv(s)
        self.mean = self.mean + k @ (position - h @ self.mean)
        a = np.eye(6) - k @ h
        self.covariance = a @ self.covariance @ a.T + self.sigma_m**2 * k @ k.T


class Desk:
    """One party's gate with its logs as lists of statements."""

    def __init__(self, regime, settings=None, **changes):
        self.regime, self.settings, self.ledger = regime, settings, Ledger()
        self.context = context(**changes)
        self.logs = {"shared": [], "own": []}
        self.withheld = []

    def say(self, draft):
        outcome = publish(draft, self.regime, self.ledger, self.context)
        if not isinstance(outcome, Released):
            self.withheld.append(outcome)
            return outcome
        log = self.logs[outcome.group]
        statement = outcome.statement(len(log))
        log.append(statement)
        self.ledger.add(outcome.group, statement)
        return outcome
