"""Trajectories for tests: made up, anywhere on the Earth, and what a format's resolution lets differ."""

import numpy as np
from hypothesis import strategies as st

from tocsin.formats.trajectories import State, Trajectory
from tocsin.wire.bodies import UPPER_COLUMNS, UPPER_ROWS
from tocsin.world.frames import geodetic_to_ecef
from tocsin.world.time import parse_utc

START = parse_utc("2016-12-31T23:58:00Z")  # a leap second stands at the end of this day


@st.composite
def states(draw, t_tai_ns):
    lat, lon = draw(st.floats(-1.57, 1.57)), draw(st.floats(-3.14, 3.14))
    height = draw(st.floats(0.0, 1.5e6))
    x, y, z = geodetic_to_ecef(lat, lon, height).tolist()
    velocity = tuple(draw(st.floats(-7e3, 7e3)) for _ in range(3))
    seed = draw(st.integers(0, 2**32 - 1))
    root = np.random.default_rng(seed).standard_normal((6, 6)) * np.repeat([200.0, 3.0], 3)[:, None]
    covariance = tuple((root @ root.T + np.diag([1.0] * 6))[UPPER_ROWS, UPPER_COLUMNS].tolist())
    told = covariance if draw(st.booleans()) else None
    return State(t_tai_ns=t_tai_ns, position_ecef_m=(x, y, z), velocity_ecef_m_s=velocity, covariance=told)


@st.composite
def trajectory(draw, name="J-0a1b2c3d"):
    steps = draw(st.lists(st.integers(1, 120_000), min_size=1, max_size=5))
    t, made = START, []
    for step in steps:
        t += step * 1_000_000  # whole milliseconds: every format here writes at least those
        made.append(draw(states(t)))
    parties = draw(st.sampled_from([("west",), ("east",), ("east", "west")]))
    mode = draw(st.sampled_from(["exercise", "live"]))
    return Trajectory(id=name, mode=mode, parties=parties, phase="coast", existence=0.875, states=tuple(made))


trajectories = st.builds(lambda a, b: (a, b), trajectory("J-00000001"), trajectory("J-00000002"))


def apart_m(a, b):
    return float(np.abs(np.array(a.position_ecef_m) - np.array(b.position_ecef_m)).max())


def apart_m_s(a, b):
    return float(np.abs(np.array(a.velocity_ecef_m_s) - np.array(b.velocity_ecef_m_s)).max())
