"""A flown flight: conservation, a slow twin, the turning Earth, air, phases."""

import dataclasses
import math

import numpy as np
import pytest

from tocsin.sim.flight import FlightDesign, FlightError, Stage, Steering, fly
from tocsin.sim.flight.forces import gravity, height_m, potential
from tocsin.world import atmosphere, frames, geodesy
from tocsin.world.constants import OMEGA_RAD_S

DESIGN = FlightDesign(
    latitude_deg=39.0,
    longitude_deg=126.0,
    stages=(
        Stage(ignition_s=0.0, burn_s=40.0, delta_v_m_s=1_500.0),
        Stage(ignition_s=45.0, burn_s=40.0, delta_v_m_s=1_900.0),
    ),
    steering=Steering(azimuth_deg=80.0, tilt_deg=40.0, start_s=5.0, end_s=50.0),
    ascent_kg_m2=15_000.0,
    reentry_kg_m2=8_000.0,
)
VACUUM = dataclasses.replace(DESIGN, ascent_kg_m2=math.inf, reentry_kg_m2=math.inf)
FLIGHT = fly(DESIGN)


def steered(design, **changes):
    return dataclasses.replace(design, steering=dataclasses.replace(design.steering, **changes))


def test_energy_is_conserved_without_thrust_and_air():
    flight = fly(VACUUM)
    times = np.linspace(flight.burnout_s, flight.flight_s, 200)
    states = flight.state_ecef(times)
    spin = OMEGA_RAD_S * np.stack([-states[:, 1], states[:, 0], np.zeros(len(times))], axis=1)
    speeds = np.linalg.norm(states[:, 3:] + spin, axis=1)
    energy = 0.5 * speeds**2 + np.array([potential(*p) for p in states[:, :3].tolist()])
    assert np.max(np.abs(energy / energy[0] - 1.0)) < 1e-9


def twin(design, end_s, step_s=0.2):
    """Textbook fourth-order Runge-Kutta in the turning frame, with Coriolis and centrifugal force written out."""
    axes = frames.enu_axes(math.radians(design.latitude_deg), math.radians(design.longitude_deg))
    azimuth = math.radians(design.steering.azimuth_deg)
    along = math.sin(azimuth) * axes[0] + math.cos(azimuth) * axes[1]
    omega = np.array([0.0, 0.0, OMEGA_RAD_S])

    def rates(t, y):
        p, v = y[:3], y[3:]
        a = np.array(gravity(*p.tolist())) - 2.0 * np.cross(omega, v) - np.cross(omega, np.cross(omega, p))
        burning = [s for s in design.stages if s.ignition_s <= t < s.burnout_s]
        boosting = t < design.burnout_s
        coefficient = design.ascent_kg_m2 if boosting else design.reentry_kg_m2
        density = float(atmosphere.density_kg_m3(height_m(*p.tolist())))
        a = a - 0.5 * density / coefficient * np.linalg.norm(v) * v
        if burning:
            stage = burning[0]
            steering = design.steering
            share = min(1.0, max(0.0, (t - steering.start_s) / (steering.end_s - steering.start_s)))
            tilt = math.radians(steering.tilt_deg) * share
            turn = OMEGA_RAD_S * t  # the programme stands still in inertial space
            u = math.cos(tilt) * axes[2] + math.sin(tilt) * along
            u = np.array([
                math.cos(turn) * u[0] + math.sin(turn) * u[1], math.cos(turn) * u[1] - math.sin(turn) * u[0], u[2],
            ])  # fmt: skip
            left = 1.0 - stage.burnt * (t - stage.ignition_s) / stage.burn_s
            a = a + stage.exhaust_m_s * stage.burnt / stage.burn_s / left * u
        return np.concatenate([v, a])

    y = np.zeros(6)
    y[:3] = frames.geodetic_to_ecef(math.radians(design.latitude_deg), math.radians(design.longitude_deg), 0.0)
    tiny = 1e-9  # a step ends just before a jump, as does the smooth piece it integrates
    for number in range(round(end_s / step_s)):
        t = number * step_s
        k1 = rates(t, y)
        k2 = rates(t + 0.5 * step_s, y + 0.5 * step_s * k1)
        k3 = rates(t + 0.5 * step_s, y + 0.5 * step_s * k2)
        k4 = rates(t + step_s - tiny, y + step_s * k3)
        y = y + step_s / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return y


def test_a_slow_twin_in_the_turning_frame_flies_the_same():
    state = FLIGHT.state_ecef(100.0)
    slow = twin(DESIGN, 100.0)
    # the table of densities is 1e-3 off the standard between its lines: centimetres per second of drag
    assert np.linalg.norm(state[:3] - slow[:3]) < 30.0
    assert np.linalg.norm(state[3:] - slow[3:]) < 0.3
    far = fly(VACUUM).state_ecef(100.0)
    assert np.linalg.norm(far[:3] - twin(VACUUM, 100.0)[:3]) < 0.05


def test_velocity_is_the_slope_of_position():
    times = np.linspace(1.0, FLIGHT.flight_s - 1.0, 97)
    step = 1e-2
    ahead, behind = FLIGHT.state_ecef(times + step), FLIGHT.state_ecef(times - step)
    slope = (ahead[:, :3] - behind[:, :3]) / (2.0 * step)
    assert np.max(np.abs(slope - FLIGHT.state_ecef(times)[:, 3:])) < 1e-2


def test_it_starts_at_rest_on_the_pad_and_ends_on_the_ellipsoid():
    first = FLIGHT.state_ecef(0.0)
    assert first.shape == (6,)
    assert np.allclose(first[:3], frames.geodetic_to_ecef(math.radians(39.0), math.radians(126.0), 0.0))
    assert np.linalg.norm(first[3:]) < 1e-9
    assert abs(FLIGHT.geodetic([FLIGHT.flight_s])[2][0]) < 0.01
    assert FLIGHT.range_km == pytest.approx(geodesy.inverse(*FLIGHT.launch, *FLIGHT.impact)[0] / 1e3)


def test_phases_follow_each_other_and_apogee_is_the_highest_point():
    boost, coast, reentry = FLIGHT.phases
    assert (boost.begin_s, boost.end_s, coast.end_s, reentry.end_s) == (
        0.0, 85.0, reentry.begin_s, FLIGHT.flight_s,
    )  # fmt: skip
    assert FLIGHT.geodetic([reentry.begin_s])[2][0] == pytest.approx(100e3, abs=2.0)
    heights = FLIGHT.geodetic(np.linspace(0.0, FLIGHT.flight_s, 5_000))[2]
    assert FLIGHT.apogee_km == pytest.approx(heights.max() / 1e3, abs=1e-3)
    assert [FLIGHT.thrusting(t) for t in (0.0, 39.9, 40.0, 44.9, 45.0, 84.9, 85.0)] == [
        True, True, False, False, True, True, False,
    ]  # fmt: skip


def test_a_stone_thrown_straight_up_falls_to_the_west():
    """Drift 4/3 omega cos(latitude) v^3 / g^2 without air and boost (Goldstein, Classical Mechanics, chapter 4)."""
    up = FlightDesign(
        latitude_deg=30.0, longitude_deg=0.0,
        stages=(Stage(ignition_s=0.0, burn_s=0.5, delta_v_m_s=1_000.0),),
        steering=Steering(azimuth_deg=0.0, tilt_deg=0.0, start_s=0.0, end_s=0.0),
    )  # fmt: skip
    flight = fly(up)
    drift_m, azimuth_deg = geodesy.inverse(*flight.launch, *flight.impact)
    expected_m = 4.0 / 3.0 * OMEGA_RAD_S * math.cos(math.radians(30.0)) * 1_000.0**3 / 9.79**2
    assert drift_m == pytest.approx(expected_m, rel=0.06)  # g falls by 3 % on the way up
    assert azimuth_deg == pytest.approx(270.0, abs=10.0)


def test_eastwards_is_not_westwards():
    east, west = fly(steered(VACUUM, azimuth_deg=90.0)), fly(steered(VACUUM, azimuth_deg=270.0))
    assert east.apogee_km > west.apogee_km + 5.0  # the part of weight that the Earth's turn lifts (Eotvos)


def test_more_air_costs_height_and_reach_and_time():
    thin = [fly(dataclasses.replace(DESIGN, ascent_kg_m2=b)) for b in (3_000.0, 15_000.0, math.inf)]
    assert thin[0].apogee_km < thin[1].apogee_km < thin[2].apogee_km
    assert thin[0].range_km < thin[1].range_km < thin[2].range_km
    fall = [fly(dataclasses.replace(DESIGN, reentry_kg_m2=b)) for b in (300.0, 3_000.0, 30_000.0, math.inf)]
    assert [f.flight_s for f in fall] == sorted((f.flight_s for f in fall), reverse=True)
    assert [f.range_km for f in fall] == sorted(f.range_km for f in fall)


def test_a_gravity_turn_keeps_thrust_along_the_velocity():
    turning = fly(steered(DESIGN, start_s=3.0, end_s=6.0, tilt_deg=6.0, gravity_turn_s=8.0))
    before, after = turning.state_ecef([60.0, 61.0])
    gained = after[3:] - before[3:]
    up = before[:3] / np.linalg.norm(before[:3])
    pushed = gained + 9.6 * up  # what gravity took in that second
    cosine = pushed @ before[3:] / np.linalg.norm(pushed) / np.linalg.norm(before[3:])
    assert cosine > 0.999


def test_what_does_not_fly_says_why():
    weak = dataclasses.replace(DESIGN, stages=(Stage(ignition_s=0.0, burn_s=300.0, delta_v_m_s=500.0),))
    with pytest.raises(FlightError, match="does not lift off"):
        fly(weak)
    fast = DESIGN.scaled(4.0)
    with pytest.raises(FlightError, match="does not come down"):
        fly(fast)
    tired = dataclasses.replace(
        DESIGN, stages=(Stage(ignition_s=0.0, burn_s=5.0, delta_v_m_s=100.0), DESIGN.stages[1])
    )
    with pytest.raises(FlightError, match="falls back to the ground"):
        fly(tired)


@pytest.mark.parametrize("t_s", [-0.001, FLIGHT.flight_s + 0.001, math.nan])
def test_times_outside_the_flight_are_the_callers_mistake(t_s):
    with pytest.raises(AssertionError, match="t_s"):
        FLIGHT.state_ecef(t_s)


def test_the_same_design_gives_the_same_bits():
    times = np.linspace(0.0, FLIGHT.flight_s, 501)
    assert np.array_equal(fly(DESIGN).state_ecef(times), FLIGHT.state_ecef(times))
    assert FLIGHT.state_ecef(times).shape == (501, 6)
