# %% [markdown]
# # The tracker on your own data
#
# A file of observations holds one JSON object a line: sensors, then scans. Here a made-up radar watches a made-up
# ballistic arc; put your own file in its place.

# %%
import tempfile
from pathlib import Path

import numpy as np

import tocsin
from tocsin.formats import observations
from tocsin.world.frames import ecef_to_eci, eci_to_ecef
from tocsin.world.motion import step
from tocsin.world.observation import Radar, Scan
from tocsin.world.sensor import measure, noise
from tocsin.world.time import parse_utc

folder = Path(tempfile.mkdtemp())
radar = Radar(
    id="my-radar", latitude_deg=69.0, longitude_deg=14.0, height_m=100.0, sigma_range_m=30.0, sigma_azimuth_rad=1e-3,
    sigma_elevation_rad=1e-3, range_max_m=3e6, elevation_min_rad=0.0, elevation_max_rad=1.5, azimuth_centre_rad=0.0,
    azimuth_halfwidth_rad=np.pi, period_s=5.0, detection_probability=0.95,
)

# %% [markdown]
# The truth, and what the radar measures of it every five seconds.

# %%
rng = np.random.default_rng(1)
start = parse_utc("2020-01-01T00:00:00Z")
state = ecef_to_eci(np.array([2.6e6, 8.0e5, 6.05e6, -300.0, 1500.0, 1800.0]), start)[None]
scans, truth = [], []
for k in range(36):
    t = start + k * 5_000_000_000
    if k:
        state = step(state, 5.0)
    fixed = eci_to_ecef(state, t)
    truth.append(fixed[0])
    scans.append(Scan(sensor=radar, t_tai_ns=t, measurements=measure(radar, fixed) + noise(radar) * rng.standard_normal(3)))
(folder / "observations.jsonl").write_bytes(observations.write([radar], scans))

# %% [markdown]
# One call tracks the file: a picture after every scan.

# %%
for picture, true in zip(tocsin.track_file(folder / "observations.jsonl"), truth):
    if len(picture):
        where = eci_to_ecef(picture.state_eci, picture.t_tai_ns)[0]
        error = np.linalg.norm(where[:3] - true[:3])
        sigma = np.sqrt(np.trace(picture.covariance_eci[0, :3, :3]))
        print(f"{(picture.t_tai_ns - start) / 1e9:5.0f} s   error {error:7.0f} m   stated {sigma:7.0f} m")
assert error < 3 * sigma
