"""Refraction against a traced ray, a published fit, and its own inverse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from tocsin.world import refraction
from tocsin.world.constants import MEAN_RADIUS_M


def traced(apparent: float, site_m: float, length_m: float) -> tuple[float, float]:
    """(true elevation, straight range) of the end of a ray of that length: the ray equation d(n u)/ds = grad n."""

    def rates(_: float, y: np.ndarray) -> np.ndarray:
        radius = np.hypot(y[0], y[1])
        excess = refraction.N0 * 1e-6 * np.exp(-(radius - MEAN_RADIUS_M) / refraction.SCALE_HEIGHT_M)
        slope = -excess / refraction.SCALE_HEIGHT_M * y[:2] / radius
        u = y[2:]
        return np.concatenate([u, (slope - u * (slope @ u)) / (1.0 + excess)])

    start = [0.0, MEAN_RADIUS_M + site_m, np.cos(apparent), np.sin(apparent)]
    x, y = solve_ivp(rates, (0.0, length_m), start, rtol=1e-10, atol=1e-8).y[:2, -1]
    y -= MEAN_RADIUS_M + site_m
    return float(np.arctan2(y, x)), float(np.hypot(x, y))


@pytest.mark.parametrize("site_m", [0.0, 1500.0])
@pytest.mark.parametrize("degrees", [0.3, 1.0, 2.0, 5.0, 20.0, 60.0, 89.0])
@pytest.mark.parametrize("length_m", [30e3, 300e3, 3000e3])
def test_bending_against_a_traced_ray(site_m, degrees, length_m):
    apparent = np.radians(degrees)
    true, distance = traced(apparent, site_m, length_m)
    assert refraction.bending_rad(true, distance, site_m) == pytest.approx(apparent - true, rel=0.02)


@pytest.mark.parametrize("site_km", [0.0, 1.0])
@pytest.mark.parametrize("degrees", [0.5, 1.0, 2.0, 3.0, 5.0])
def test_total_bending_against_the_itu_fit(site_km, degrees):
    """Recommendation ITU-R P.834-9 section 4.1, itself a fit: 4 % off a traced ray at 5 degrees, more beyond."""
    h, e = site_km, degrees
    fit = 1.0 / (1.314 + 0.6437 * e + 0.02869 * e * e + h * (0.2305 + 0.09428 * e + 0.01096 * e * e) + 0.008583 * h * h)
    apparent = np.radians(degrees)
    true = refraction.true_elevation(apparent, 1e9, site_km * 1e3)
    assert np.degrees(apparent - true) == pytest.approx(fit, rel=0.06)


@pytest.mark.parametrize("degrees", [30.0, 45.0, 70.0])
def test_total_bending_of_steep_rays_is_that_of_a_flat_atmosphere(degrees):
    """Snell's law in flat layers: refractivity at the site times the cotangent, whatever the profile."""
    true = np.radians(degrees)
    flat = refraction.N0 * 1e-6 / np.tan(true)
    assert refraction.bending_rad(true, 1e9, 0.0) == pytest.approx(flat, rel=0.006)


@given(st.floats(-np.pi / 2, np.pi / 2), st.floats(100.0, 4e7), st.floats(-400.0, 9000.0))
def test_there_and_back(elevation, distance, site_m):
    apparent = refraction.apparent_elevation(elevation, distance, site_m)
    assert apparent >= elevation
    assert abs(refraction.true_elevation(apparent, distance, site_m) - elevation) < 1e-12


@given(st.floats(-np.pi / 2, np.pi / 2 - 1e-6), st.floats(1e-6, 0.1), st.floats(100.0, 4e7), st.floats(0.0, 5000.0))
def test_apparent_elevation_rises_with_the_true_one(elevation, more, distance, site_m):
    low = refraction.apparent_elevation(elevation, distance, site_m)
    high = refraction.apparent_elevation(min(elevation + more, np.pi / 2), distance, site_m)
    assert high > low


def test_longer_ways_through_the_air_bend_more_and_vacuum_does_not():
    bent = refraction.bending_rad(np.radians(3.0), np.array([1e3, 1e4, 1e5, 1e6, 1e7]), 0.0)
    assert np.all(np.diff(bent) > 0)
    assert refraction.bending_rad(0.1, 1e6, 200e3) < 1e-12
    assert refraction.bending_rad(np.zeros((2, 3)), np.ones(3) * 1e6, 0.0).shape == (2, 3)
