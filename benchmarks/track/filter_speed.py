"""Track updates a second of the lane kernels: prediction and update of 10,000 tracks with one and with three modes.

python -m benchmarks.track.filter_speed
"""

import time
from collections.abc import Callable

import numpy as np

from benchmarks.track._scenes import primed, scans
from benchmarks.track._show import show
from tocsin.track.gating import predict_sight
from tocsin.track.mixing import advance, combine_tiles, mix, predict_tiles
from tocsin.track.tiles import MEASURED
from tocsin.track.updating import update_tiles
from tocsin.track.views import mount, view_of

TRACKS = 10_000


def best(work: Callable[[], object], repeats: int = 25) -> float:
    """Least processor time of some calls, seconds."""
    spent = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def main() -> None:
    sensor, first, todo = scans("sparse", TRACKS, 1)
    tracker = primed(sensor, first, np.random.default_rng(0))
    engine = tracker._engine
    pool, view = engine._pool, view_of(mount(sensor), todo[0].t_tai_ns)
    switch, table, tiles = engine._switch.over(1.0), engine._table, pool.tiles
    combine_tiles(pool.bank, pool.odds, tiles, pool.mean)
    predict_sight(pool.mean, tiles, view, 4.5, pool.sight, view.rated)
    z = np.zeros((tiles, MEASURED, 16))
    azimuth, elevation = pool.sight[:tiles, 1], pool.sight[:tiles, 2]
    z[:, 0], z[:, 1], z[:, 2] = pool.sight[:tiles, 0], np.cos(azimuth), np.sin(azimuth)
    z[:, 3], z[:, 4], z[:, 6] = np.cos(elevation), np.sin(elevation), 1.0
    still = np.zeros((3, 7))
    parts = {
        "interaction": lambda: mix(pool.bank, pool.odds, tiles, switch),
        "prediction": lambda: predict_tiles(pool.bank, tiles, still, 0.0, 1),
        "update": lambda: update_tiles(pool.bank, tiles, view, z, pool.fit, None, None),
        "unscented update": lambda: update_tiles(pool.bank, tiles, view, z, pool.fit, None, True),
        "combination": lambda: combine_tiles(pool.bank, pool.odds, tiles, pool.mean),
    }
    spent = {name: best(work) for name, work in parts.items()}
    for name, seconds in spent.items():
        show(f"{name}, three modes", seconds / TRACKS * 1e9, "ns/track")
    whole = best(
        lambda: (
            advance(pool.bank, pool.odds, tiles, switch, table, 0.0, 1),
            update_tiles(pool.bank, tiles, view, z, pool.fit, None, None),
        )
    )
    rate = TRACKS / whole / 1e6
    show("three-mode updates", whole / TRACKS * 1e9, "ns/track", 400.0, million_per_s=round(rate, 2))
    one = (spent["prediction"] + spent["update"]) / 3.0
    show("one-mode updates", one / TRACKS * 1e9, "ns/track", 100.0, million_per_s=round(TRACKS / one / 1e6, 2))


if __name__ == "__main__":
    main()
