"""Flights that several tests share, and an oracle that flies them."""

import numpy as np
from scipy.integrate import solve_ivp

from tocsin.world import frames, gravity, time

T0 = time.parse_utc("2017-07-04T00:40:00Z")


def flight(lat_deg: float, lon_deg: float, height_m: float, east: float, north: float, up: float) -> np.ndarray:
    """An inertial state from a place and a velocity over the ground."""
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    velocity = frames.enu_axes(lat, lon).T @ np.array([east, north, up])
    return frames.ecef_to_eci(np.concatenate([frames.geodetic_to_ecef(lat, lon, height_m), velocity]), T0)


# (state, error allowed to the 30 s steps of impact and launch in metres)
FLIGHTS = {
    "sounding rocket, lofted": (flight(69.3, 16.0, 200e3, 300.0, 700.0, 4300.0), 0.5),
    "intercontinental": (flight(40.0, 125.0, 150e3, 0.0, 6500.0, 3000.0), 1.0),
    "intercontinental, lofted": (flight(39.3, 125.9, 150e3, 300.0, 100.0, 6600.0), 5.0),
    "short": (flight(-33.0, 20.0, 60e3, 2000.0, -500.0, 1200.0), 0.05),
}


def flown(state: np.ndarray) -> tuple[float, np.ndarray]:
    """(seconds, state) at the ground, by an adaptive integrator of order 8 with its own root finder."""

    def rates(_: float, y: np.ndarray) -> np.ndarray:
        return np.concatenate([y[3:], gravity.acceleration_eci(y[:3])])

    def height(_: float, y: np.ndarray) -> float:
        return float(frames.ecef_to_geodetic(y[:3])[2])

    height.terminal, height.direction = True, -1.0  # type: ignore[attr-defined]
    found = solve_ivp(rates, (0.0, 9000.0), state, method="DOP853", rtol=1e-13, atol=1e-6, events=height)
    return float(found.t_events[0][0]), found.y_events[0][0]
