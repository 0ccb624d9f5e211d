"""The standard atmosphere against the tables of the standard."""

import numpy as np
import pytest

from tocsin.world import atmosphere

# Origin: U.S. Standard Atmosphere 1976 (NOAA-S/T 76-1562), tables I and III: height km, temperature K, density
# kg/m^3. Tolerance: the tables' last digit.
TABLE = [
    (0.0, 288.150, 1.2250), (0.5, 284.900, 1.1673), (1.0, 281.651, 1.1117), (10.0, 223.252, 4.1351e-1),
    (77.0, 204.493, 2.9448e-5), (86.0, 186.87, 6.958e-6),
]  # fmt: skip
SOUND = [(0.5, 338.37), (10.0, 299.53), (24.0, 297.72), (41.0, 318.94), (50.0, 329.80), (67.0, 302.57), (85.0, 275.52)]


@pytest.mark.parametrize(("km", "kelvin", "density"), TABLE)
def test_layers_against_the_tables(km, kelvin, density):
    assert atmosphere.temperature_k(km * 1e3) == pytest.approx(kelvin, rel=5e-4 if km > 80 else 5e-6)
    assert atmosphere.density_kg_m3(km * 1e3) == pytest.approx(density, rel=1e-4)


@pytest.mark.parametrize(("km", "metres_a_second"), SOUND)
def test_speed_of_sound_against_the_tables(km, metres_a_second):
    assert atmosphere.sound_speed_m_s(km * 1e3) == pytest.approx(metres_a_second, abs=0.006)


@pytest.mark.parametrize(
    ("km", "kelvin", "density", "tolerance"),
    [(92.0, 186.96, 2.393e-6, 0.02), (230.0, 915.78, 1.029e-10, 0.1), (1000.0, 1000.0, 3.561e-15, 1e-9)],
)
def test_upper_heights_against_the_tables(km, kelvin, density, tolerance):
    assert atmosphere.temperature_k(km * 1e3) == pytest.approx(kelvin, rel=2e-5)
    assert atmosphere.density_kg_m3(km * 1e3) == pytest.approx(density, rel=tolerance)


def test_density_falls_without_a_step_and_everything_is_finite():
    height = np.linspace(-5e3, 3e6, 60_001)
    density = atmosphere.density_kg_m3(height)
    assert np.all(np.diff(density) < 0)
    for seam in (11_019.0, 20_063.0, 32_162.0, 47_350.0, 51_413.0, 71_802.0, 86_000.0, 1e6):
        below, above = atmosphere.density_kg_m3([seam - 0.01, seam + 0.01])
        assert above == pytest.approx(below, rel=1e-5)
    for values in (atmosphere.temperature_k(height), atmosphere.sound_speed_m_s(height)):
        assert np.all(np.isfinite(values))
        assert np.all(values > 0)


def test_layers_are_in_hydrostatic_balance():
    """dp/dh = -g rho with g of the standard: p = rho R T, central difference over 2 m."""
    height = np.array([500.0, 9e3, 15e3, 25e3, 40e3, 49e3, 60e3, 75e3])

    def pressure(h: np.ndarray) -> np.ndarray:
        return atmosphere.density_kg_m3(h) * atmosphere.GAS_J_MOL_K / atmosphere.MOLAR_KG * atmosphere.temperature_k(h)

    gravity = atmosphere.G0_M_S2 * (atmosphere.RADIUS_M / (atmosphere.RADIUS_M + height)) ** 2
    slope = (pressure(height + 1.0) - pressure(height - 1.0)) / 2.0
    np.testing.assert_allclose(slope, -gravity * atmosphere.density_kg_m3(height), rtol=1e-6)
