"""Branching of tentative tracks, aircraft modes and the grids of a radar's field, against slow twins."""

import math

import numpy as np
import pytest
import twins
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.track.branching import CHILDREN, HOPELESS, choices
from tocsin.track.cruising import cruise_tiles
from tocsin.track.grids import AZIMUTHS, CELLS, ELEVATIONS, RANGES, dim, directions, first_few, grid, places, weigh
from tocsin.track.settings import Mode, TrackerSettings
from tocsin.track.tiles import MODES
from tocsin.world.frames import ecef_to_eci, eci_to_ecef


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.booleans())
def test_every_likely_way_on_and_always_the_miss(seed, rows, whole_numbers):
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, 9, rows)
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    index = np.concatenate([rng.permutation(20)[:n] for n in counts] + [np.empty(0)]).astype(np.int64)
    cost = rng.normal(size=len(index)) * 6.0
    cost = np.round(cost) if whole_numbers else cost
    parent, detection = np.empty(rows * (CHILDREN + 1), np.int64), np.empty(rows * (CHILDREN + 1), np.int64)
    n = choices(start, index, cost, 10**6, parent, detection)
    want = []
    for i in range(rows):
        mine = sorted(zip(cost[start[i] : start[i + 1]], index[start[i] : start[i + 1]], strict=True))[:CHILDREN]
        want += [(i, int(j)) for c, j in mine if c <= mine[0][0] + HOPELESS] + [(i, -1)]
    assert list(zip(parent[:n].tolist(), detection[:n].tolist(), strict=True)) == want
    few = choices(start, index, cost, 0, parent, detection)
    assert few == rows
    assert parent[:few].tolist() == list(range(rows))


def flown(state_eci, t_ns, dt, turn, parts=400):
    """Midpoint rule in Earth-fixed axes: the velocity turns about the vertical where the aircraft was at first."""
    x = eci_to_ecef(state_eci, t_ns)
    up = x[:3] / np.linalg.norm(x[:3])
    h = dt / parts
    p, v = x[:3].copy(), x[3:].copy()
    for _ in range(parts):
        middle = v + 0.5 * h * turn * np.cross(up, v)
        p, v = p + h * middle, v + h * turn * np.cross(up, middle)
    return ecef_to_eci(np.concatenate([p, v]), t_ns + round(dt * 1e9))


@pytest.mark.parametrize("turn", [0.0, 0.05, -0.3])
@pytest.mark.parametrize("dt", [1.0, 2.5, -1.0])
def test_aircraft_keep_their_course_over_the_turning_earth(turn, dt):
    """Tolerances: the midpoint rule's own error, and central differences of it."""
    rng = np.random.default_rng(1)
    ecef = np.array([4.2e6, 0.9e6, 4.7e6, 150.0, -120.0, 80.0])
    state = ecef_to_eci(ecef, twins.T_NS)
    covariance = twins.covariances(rng, 1)[0]
    mode = Mode(name="x", carried=True, turn_rad_s=turn, noise_across_m2_s3=4.0, noise_along_m2_s3=4.0)
    bank = twins.to_bank(np.repeat(state[None, None], MODES, 1), np.repeat(covariance[None, None], MODES, 1))
    cruise_tiles(bank, 1, np.array([mode.row()] * MODES), dt, 1)
    got, got_p = twins.from_bank(bank, 1)
    want = flown(state, twins.T_NS, dt, turn)
    assert np.abs(got[0, 0] - want)[:3].max() < 2e-3
    assert np.abs(got[0, 0] - want)[3:].max() < 1e-3
    steps = np.array([10.0] * 3 + [1.0] * 3)
    phi = twins.jacobian(lambda y: flown(y, twins.T_NS, dt, turn, 100), state, steps)
    noise = 4.0 * np.block([[np.eye(3) * abs(dt) ** 3 / 3, np.eye(3) * dt * abs(dt) / 2],
                            [np.eye(3) * dt * abs(dt) / 2, np.eye(3) * abs(dt)]])  # fmt: skip
    want_p = phi @ covariance @ phi.T + noise
    scale = np.sqrt(np.outer(np.diagonal(want_p), np.diagonal(want_p)))
    assert (np.abs(got_p[0, 0] - want_p) / scale).max() < 1e-3


def density_over(field, s):
    """(CELLS,) clutter in the middle of each cell over the stated one, undone from the log density of detections."""
    i, j, k = np.unravel_index(np.arange(CELLS), (RANGES, AZIMUTHS, ELEVATIONS))
    values = np.zeros((CELLS, 5))
    values[:, :3] = field.frame[:3] + (np.stack([i, j, k], 1) + 0.5) / field.frame[3:]
    weigh(field, s, 7.0, values)
    return (np.exp(values[:, 4]) * 7.0 - s.births_per_scan) / field.rate


def test_the_detection_factor_is_that_of_the_tracks_cell():
    field, s = grid(twins.radar(), TrackerSettings()), TrackerSettings()
    sight = np.zeros((1, 21, 16))
    sight[0, :3] = np.array([[2e6, 0.31, 0.5]] * 16).T
    sight[0, 18], sight[0, 20] = 1.0, 0.5
    cells = np.empty(1, np.int64)
    places(field.frame, np.array([[2e6, 0.31, 0.5]]), cells)
    want = 1.0
    for hits, looks in ((0.0, 0.0), (10.0, 60.0), (0.0, 1e6), (1e6, 1e6)):
        field.hits[cells], field.looks[cells] = hits, looks
        factor = (s.detection_prior_looks * 0.9 + hits) / (s.detection_prior_looks + looks) / 0.9
        dim(field.frame, field.hits, field.looks, float(s.detection_prior_looks), 0.9, sight, np.array([3]))
        want *= min(max(factor, 0.3), 1.0 / 0.9)
        assert sight[0, 18, 3] == pytest.approx(want)
        assert sight[0, 20, 3] == pytest.approx(0.5 * want)
    assert sight[0, 18, 4] == 1.0


def test_a_grid_learns_where_clutter_is_and_forgets():
    radar = twins.radar(clutter_per_scan=50.0)
    s = TrackerSettings()
    field = grid(radar, s)
    rng = np.random.default_rng(0)
    assert field.share.sum() == pytest.approx(1.0, rel=1e-6)
    assert density_over(field, s) == pytest.approx(np.ones(CELLS))
    cells = np.empty(1, np.int64)
    places(field.frame, np.array([[2e6, 0.31, 0.5]]), cells)
    for _ in range(400):
        field.found[cells[0]] += rng.poisson(3.0)
        field.fade(s)
    learned = density_over(field, s)
    weight = s.memory_scans / (s.memory_scans + s.clutter_prior_scans)
    expected = 50.0 * field.share[cells[0]]
    assert learned[cells[0]] == pytest.approx((3.0 * weight + expected * (1 - weight)) / expected, rel=0.2)
    assert np.delete(learned, cells[0]) == pytest.approx(np.full(CELLS - 1, 1 - weight), rel=0.05)


def test_cells_cover_the_field_and_its_edges():
    radar = twins.radar(azimuth_centre_rad=math.pi, azimuth_halfwidth_rad=0.5)
    field = grid(radar, TrackerSettings())
    rng = np.random.default_rng(2)
    z = rng.uniform([1e4, math.pi - 0.5, 0.02], [4e6, math.pi + 0.5, 1.5], (2000, 3))
    cells = np.empty(len(z), np.int64)
    places(field.frame, z - [0.0, 2 * math.pi, 0.0], cells)
    i = ((z[:, 0] - 1e4) / (4e6 - 1e4) * RANGES).astype(int)
    j = ((z[:, 1] - math.pi + 0.5) * AZIMUTHS).astype(int)
    k = ((z[:, 2] - 0.02) / 1.48 * ELEVATIONS).astype(int)
    assert (cells == (i * AZIMUTHS + j) * ELEVATIONS + k).mean() > 0.999
    far = np.array([[9e9, 1.0, 3.0], [-5.0, 0.0, -3.0]])
    edge = np.empty(2, np.int64)
    places(field.frame, far, edge)
    assert ((edge >= 0) & (edge < CELLS)).all()


@given(st.lists(st.integers(-3, 3), max_size=60), st.integers(1, 5))
def test_the_first_few_of_every_place(where, most):
    want = [i for i, place in enumerate(where) if where[:i].count(place) < most]
    assert first_few(np.array(where, np.int64), most).tolist() == want


def test_directions_are_squares_of_half_a_degree():
    degrees = np.array([[0.1, 0.1], [0.4, 0.4], [0.6, 0.1], [-0.1, 0.1], [0.1, -0.1], [-90.0, 60.0]])
    found = directions(np.radians(np.pad(degrees, ((0, 0), (1, 2))))).tolist()
    assert found[0] == found[1]
    assert len(set(found)) == 5
