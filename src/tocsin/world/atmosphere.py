"""U.S. Standard Atmosphere 1976 (NOAA-S/T 76-1562): temperature, density, speed of sound at a height.

To 86 km the seven layers are the standard's own equations (table 4, eqs. 23, 33a, 33b, 42, 50); below 0 the first
layer goes on to -5 km. From 86 to 1000 km the temperature is the standard's (eqs. 25, 27, 29, 31) and the density
an exponential between tabulated values (within 10 % in between; the standard integrates its gases there). Above
1000 km the last exponential goes on. Heights are geometric metres above the ellipsoid, taken for sea level.
NumPy's exponentials: for simulation, not for what enters a digest.
"""

import numpy as np
from numpy.typing import ArrayLike

from tocsin.world.constants import G0_M_S2
from tocsin.world.exact import Array

RADIUS_M = 6_356_766.0  # of the geopotential, section 1.2.4. [S]
GAS_J_MOL_K = 8.31432  # the standard's value, table 2 (not today's). [S]
MOLAR_KG = 28.9644e-3  # mean molar mass at sea level, table 2. [S]
GAMMA = 1.4  # table 2. [S]
BOTTOM_M = -5_000.0
TURBOPAUSE_M = 86_000.0
_GAS = GAS_J_MOL_K / MOLAR_KG

# Table 4: base geopotential height (m'), gradient (K/m'). [S]
_BASES_M = np.array([0.0, 11e3, 20e3, 32e3, 47e3, 51e3, 71e3])
_GRADIENTS = np.array([-6.5e-3, 0.0, 1.0e-3, 2.8e-3, 0.0, -2.8e-3, -2.0e-3])

# Table I of the standard: height km, density kg/m^3. [S]
_UPPER_TABLE = (
    (90.0, 3.416e-6), (100.0, 5.604e-7), (110.0, 9.708e-8), (120.0, 2.222e-8), (130.0, 8.152e-9),
    (140.0, 3.831e-9), (150.0, 2.076e-9), (180.0, 5.194e-10), (200.0, 2.541e-10), (250.0, 6.073e-11),
    (300.0, 1.916e-11), (350.0, 7.014e-12), (400.0, 2.803e-12), (450.0, 1.184e-12), (500.0, 5.215e-13),
    (550.0, 2.384e-13), (600.0, 1.137e-13), (650.0, 5.712e-14), (700.0, 3.070e-14), (750.0, 1.788e-14),
    (800.0, 1.136e-14), (850.0, 7.824e-15), (900.0, 5.759e-15), (950.0, 4.453e-15), (1000.0, 3.561e-15),
)  # fmt: skip


def _bases() -> tuple[Array, Array]:
    """Temperature (K) and pressure (Pa) at the layers' bases, from 288.15 K and 101325 Pa upwards."""
    temperatures, pressures = [288.15], [101_325.0]
    for i in range(len(_BASES_M) - 1):
        rise = float(_BASES_M[i + 1] - _BASES_M[i])
        above = temperatures[i] + float(_GRADIENTS[i]) * rise
        pressures.append(pressures[i] * float(_pressure_ratio(rise, np.float64(_GRADIENTS[i]), temperatures[i])))
        temperatures.append(above)
    return np.array(temperatures), np.array(pressures)


def _pressure_ratio(rise_m: ArrayLike, gradient: ArrayLike, base_k: ArrayLike) -> Array:
    """Pressure over the base's after `rise_m` of geopotential height: eqs. 33a and 33b."""
    rise, lapse, base = np.asarray(rise_m, float), np.asarray(gradient, float), np.asarray(base_k, float)
    power = G0_M_S2 / (_GAS * np.where(lapse == 0.0, 1.0, lapse))
    sloped = (base / (base + lapse * rise)) ** power
    return np.where(lapse == 0.0, np.exp(-G0_M_S2 * rise / (_GAS * base)), sloped)


_BASE_K, _BASE_PA = _bases()


def temperature_k(height_m: ArrayLike) -> Array:
    """Temperature (K): molecular-scale to 86 km (0.04 % above the kinetic one at most), kinetic above."""
    height = np.asarray(height_m, float)
    return np.where(height <= TURBOPAUSE_M, _layer(height)[0], _upper_temperature(height))


def density_kg_m3(height_m: ArrayLike) -> Array:
    """Density (kg/m^3) at any height."""
    height = np.asarray(height_m, float)
    temperature, pressure = _layer(height)
    lower = pressure / (_GAS * temperature)
    return np.where(height <= TURBOPAUSE_M, lower, _upper_density(height))


def sound_speed_m_s(height_m: ArrayLike) -> Array:
    """Speed of sound (m/s), eq. 50. Above 86 km the standard gives none: the value at 86 km holds."""
    height = np.minimum(np.asarray(height_m, float), TURBOPAUSE_M)
    return np.sqrt(GAMMA * _GAS * temperature_k(height))


def _layer(height: Array) -> tuple[Array, Array]:
    """(temperature K, pressure Pa) by the layers' equations, of heights brought into -5 to 86 km."""
    z = np.clip(height, BOTTOM_M, TURBOPAUSE_M)
    geopotential = RADIUS_M * z / (RADIUS_M + z)
    i = np.clip(np.searchsorted(_BASES_M, geopotential, side="right") - 1, 0, None)
    rise = geopotential - _BASES_M[i]
    temperature = _BASE_K[i] + _GRADIENTS[i] * rise
    return temperature, _BASE_PA[i] * _pressure_ratio(rise, _GRADIENTS[i], _BASE_K[i])


def _upper_temperature(height: Array) -> Array:
    """Kinetic temperature above 86 km: constant, an ellipse, a line, an exponential towards 1000 K."""
    km = height / 1e3
    ellipse = 263.1905 - 76.3232 * np.sqrt(np.maximum(1.0 - ((np.clip(km, 91.0, 110.0) - 91.0) / 19.9429) ** 2, 0.0))
    line = 240.0 + 12.0 * (km - 110.0)
    over = (np.maximum(km, 120.0) - 120.0) * (6_356.766 + 120.0) / (6_356.766 + np.maximum(km, 120.0))
    far = 1000.0 - 640.0 * np.exp(-0.01875 * over)
    return np.select([km <= 91.0, km <= 110.0, km <= 120.0], [np.full_like(km, 186.8673), ellipse, line], far)


def _upper_density(height: Array) -> Array:
    """Exponential between the table's heights, joined to the layers at 86 km; the last one goes on."""
    km = np.maximum(height / 1e3, _UPPER_KM[0])
    i = np.clip(np.searchsorted(_UPPER_KM, km, side="right") - 1, 0, len(_UPPER_KM) - 2)
    slope = (_UPPER_LOG[i + 1] - _UPPER_LOG[i]) / (_UPPER_KM[i + 1] - _UPPER_KM[i])
    density: Array = np.exp(_UPPER_LOG[i] + slope * (km - _UPPER_KM[i]))
    return density


_TOP_K, _TOP_PA = _layer(np.array(TURBOPAUSE_M))
_UPPER_KM = np.array([TURBOPAUSE_M / 1e3, *(km for km, _ in _UPPER_TABLE)])
_UPPER_LOG = np.log(np.array([float(_TOP_PA / (_GAS * _TOP_K)), *(density for _, density in _UPPER_TABLE)]))
