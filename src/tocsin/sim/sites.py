"""Sensor sites that an officer can ask by voice: do you really hold this object, or is it only on the display?

A site knows whether its lines carry recorded data; it does not know that what it really sees is the Moon.
"""

from collections.abc import Callable, Sequence

import numpy as np

from tocsin.fuse import CommonTrack
from tocsin.sim.truths import Flying

NEAR_M = 300e3
NS = 1_000_000_000
Sites = Callable[[CommonTrack], str]


def ask_sites(flying: Sequence[Flying], launch_tai_ns: int) -> Sites:
    """Answers for a track at a time: "exercise data" if a tape shows it there and nothing real does, else ""."""

    def answer(track: CommonTrack) -> str:
        near: dict[bool, float] = {}
        for one in flying:
            t_s = (track.t_tai_ns - launch_tai_ns) / NS - one.after_s
            if 0.0 <= t_s <= one.truth.flight_s:
                apart = float(np.linalg.norm(one.truth.state_ecef(t_s)[:3] - track.state_ecef[:3]))
                near[one.real] = min(apart, near.get(one.real, apart))
        on_tape, real = near.get(False, np.inf), near.get(True, np.inf)
        return "exercise data" if on_tape < NEAR_M and on_tape <= real else ""

    return answer
