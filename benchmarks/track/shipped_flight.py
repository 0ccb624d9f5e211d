"""The tracker on the shipped flight of 1995, flown by the simulator's own physics: is the stated error the true one?

NEES / 6 (mean over runs and time; 1 is exact, below 1 cautious) and the median true error, per party and part of the
flight.

    python -m benchmarks.track.shipped_flight [runs]        default 8
"""

import math
import sys

import numpy as np

from benchmarks.track._show import show
from tocsin.sim.flight.table import andoya_1995
from tocsin.track import Tracker
from tocsin.world import sensor as world_sensor
from tocsin.world.constants import DEGREE_RAD as D
from tocsin.world.frames import ecef_to_eci
from tocsin.world.observation import Infrared, Radar, Scan, Sensor

T0_NS = 791_000_000 * 10**9
PARTS = {"boost": (20, 100), "climb": (100, 300), "coast": (300, 1300)}


def infrared(name: str, longitude_deg: float) -> Infrared:
    place = (42164e3 * math.cos(longitude_deg * D), 42164e3 * math.sin(longitude_deg * D), 0.0)
    return Infrared(
        id=name, position_ecef_m=place, sigma_angle_rad=60e-6, plume_height_min_m=10e3, period_s=10.0,
        detection_probability=0.95,
    )  # fmt: skip


def radar(
    name: str, place: tuple[float, float], sigma: tuple[float, float], fan: tuple[float, float], period: float
) -> Radar:
    return Radar(
        id=name, latitude_deg=place[0], longitude_deg=place[1], height_m=100.0, sigma_range_m=sigma[0],
        sigma_azimuth_rad=sigma[1] * D, sigma_elevation_rad=sigma[1] * D, range_max_m=4.6e6, elevation_min_rad=3.0 * D,
        elevation_max_rad=85.0 * D, azimuth_centre_rad=fan[0] * D, azimuth_halfwidth_rad=fan[1] * D, period_s=period,
        detection_probability=0.9, clutter_per_scan=0.1,
    )  # fmt: skip


PARTIES: dict[str, list[Sensor]] = {
    "west": [
        infrared("west-ir", 10.0),
        infrared("west-ir-2", 65.0),
        radar("west-radar", (54.36, -0.67), (150.0, 0.15), (0.0, 180.0), 4.0),
    ],
    "east": [
        radar("east-radar-1", (68.11, 33.91), (400.0, 0.4), (310.0, 60.0), 5.0),
        radar("east-radar-2", (65.21, 57.30), (400.0, 0.4), (320.0, 60.0), 5.0),
    ],
}


def observe(sensor: Sensor, t_s: float, truth: np.ndarray, plume: bool, rng: np.random.Generator) -> Scan:
    t_ns = T0_NS + round(t_s * 1e9)
    seen = world_sensor.visible(sensor, truth[None]) & (rng.random(1) < sensor.detection_probability)
    seen &= plume or isinstance(sensor, Radar)
    z = world_sensor.measure(sensor, truth[None][seen])
    z = z + rng.normal(size=z.shape) * world_sensor.noise(sensor)
    if isinstance(sensor, Infrared):
        z /= np.linalg.norm(z, axis=1)[:, None]
    return Scan(sensor=sensor, t_tai_ns=t_ns, measurements=z)


def run(sensors: list[Sensor], seed: int) -> list[tuple[float, float, float]]:
    """(seconds, NEES / 6, position error) after each scan that left a track."""
    flown = andoya_1995().trajectory()
    rng = np.random.default_rng(seed)
    tracker = Tracker("x", sensors)
    times = sorted((k * s.period_s + 0.3 * i, i) for i, s in enumerate(sensors) for k in range(int(1300 / s.period_s)))
    out = []
    for t, i in times:
        state = flown.state_ecef(t)
        picture = tracker.step(observe(sensors[i], t, state, flown.thrusting(t), rng))
        if len(picture):
            error = picture.state_eci - ecef_to_eci(state, T0_NS + round(t * 1e9))
            k = int(np.argmin(np.linalg.norm(error[:, :3], axis=1)))
            nees = error[k] @ np.linalg.solve(picture.covariance_eci[k], error[k]) / 6.0
            out.append((t, float(nees), float(np.linalg.norm(error[k, :3]))))
    return out


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 8
    for party, sensors in PARTIES.items():
        rows = np.array([row for seed in range(runs) for row in run(sensors, seed)])
        for part, (low, high) in PARTS.items():
            some = rows[(rows[:, 0] >= low) & (rows[:, 0] < high)]
            error = float(np.median(some[:, 2]))
            show(
                f"{party}, {part}: mean NEES / 6",
                float(some[:, 1].mean()),
                "",
                3.0,
                median_error_m=round(error),
                runs=runs,
            )


if __name__ == "__main__":
    main()
