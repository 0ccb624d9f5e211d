# %% [markdown]
# # Fusion without double counting
#
# Two parties watch one object. Each says what it has *gained* since it last spoke: a tracklet. Summed, tracklets give
# what one filter with all measurements would know; summing whole estimates again and again counts the same data many
# times, and believes itself far too much.

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
start = parse_utc("2020-01-01T00:00:00Z")


def radar(name, latitude, longitude):
    return Radar(
        id=name, latitude_deg=latitude, longitude_deg=longitude, height_m=100.0, sigma_range_m=30.0,
        sigma_azimuth_rad=1e-3, sigma_elevation_rad=1e-3, range_max_m=3e6, elevation_min_rad=0.0, elevation_max_rad=1.5,
        azimuth_centre_rad=0.0, azimuth_halfwidth_rad=np.pi, period_s=5.0, detection_probability=0.95,
    )


for seed, (party, place) in enumerate({"west": (69.0, 14.0), "east": (69.5, 24.0)}.items()):
    rng, sensor, scans = np.random.default_rng(seed), radar(f"{party}-radar", *place), []
    state = ecef_to_eci(np.array([2.6e6, 8.0e5, 6.05e6, -300.0, 1500.0, 1800.0]), start)[None]
    for k in range(24):
        t = start + k * 5_000_000_000
        state = step(state, 5.0) if k else state
        clean = measure(sensor, eci_to_ecef(state, t))
        scans.append(Scan(sensor=sensor, t_tai_ns=t, measurements=clean + noise(sensor) * rng.standard_normal(3)))
    (folder / f"{party}.jsonl").write_bytes(observations.write([sensor], scans))
    count = tocsin.tracklets_file(folder / f"{party}.jsonl", party, folder / f"{party}.log")
    print(f"{party}: {count} statements")
truth = eci_to_ecef(state, t)[0]

# %% [markdown]
# Each alone, both together, and one of them handed in twice: the same entry counts once, however often it comes.

# %%
def sigma_m(track):
    return float(np.sqrt(np.trace(track.covariance_ecef[:3, :3])))


alone = {party: tocsin.fuse_files(folder / f"{party}.log").tracks[0] for party in ("west", "east")}
both = tocsin.fuse_files(folder / "west.log", folder / "east.log")
again = tocsin.fuse_files(folder / "east.log", folder / "west.log", folder / "west.log")
for name, track in {**alone, "both": both.tracks[0]}.items():
    error = np.linalg.norm(track.state_ecef[:3] - truth[:3])
    print(f"{name:5} error {error:6.0f} m   stated {sigma_m(track):6.0f} m")
assert sigma_m(both.tracks[0]) < min(map(sigma_m, alone.values()))
assert again.digest == both.digest

# %% [markdown]
# The naive way: add the whole information of both estimates ten times, as peers do who pass fused tracks round. The
# error stays, and the claim shrinks.

# %%
information = sum(np.linalg.inv(track.covariance_ecef) for track in alone.values())
naive = np.linalg.inv(10 * information)
print(f"naive stated {np.sqrt(np.trace(naive[:3, :3])):6.0f} m, honest {sigma_m(both.tracks[0]):6.0f} m")
assert np.sqrt(np.trace(naive[:3, :3])) < 0.5 * sigma_m(both.tracks[0])
