"""Forces of the truth: zonal gravity to J4, the U.S. Standard Atmosphere turning with the Earth, thrust.

Richer than the estimator's (`world.gravity` ends at J2 and has no air), so that a tracker never marks its own
homework. Scalars, because an integrator asks for one state at a time. Axes: those of the Earth at launch, not turning.
"""

import math

from tocsin.sim.flight.air import density_kg_m3
from tocsin.world.constants import EGM96_A_M, J2, MU_M3_S2, OMEGA_RAD_S, WGS84_A_M, WGS84_EP2

# EGM96, fully normalised C30 and C40: Lemoine et al., NASA/TP-1998-206861. [S]; J_n = -sqrt(2 n + 1) C_n0. [C]
J3 = -math.sqrt(7.0) * 0.957254173792e-6
J4 = -3.0 * 0.539873863789e-6

_G2 = 1.5 * J2 * EGM96_A_M**2
_G3 = 2.5 * J3 * EGM96_A_M**3
_G4 = 1.875 * J4 * EGM96_A_M**4

Vector = tuple[float, float, float]


def gravity(x: float, y: float, z: float) -> Vector:
    """Acceleration (m/s^2) at a position (m). Vallado, Fundamentals of Astrodynamics, 4th ed., section 9.3.1."""
    square = x * x + y * y + z * z
    r = math.sqrt(square)
    m = MU_M3_S2 / (square * r)
    s = z * z / square
    f2 = _G2 / square
    f3 = _G3 / (square * square)
    f4 = _G4 / (square * square)
    across = -m * (1.0 + f2 * (1.0 - 5.0 * s) + f3 * z * (3.0 - 7.0 * s) - f4 * (1.0 - 14.0 * s + 21.0 * s * s))
    polar = -m * z * (1.0 + f2 * (3.0 - 5.0 * s) - f4 * (5.0 - 70.0 / 3.0 * s + 21.0 * s * s))
    return x * across, y * across, polar - m * f3 * (6.0 * z * z - 7.0 * z * z * s - 0.6 * square)


def potential(x: float, y: float, z: float) -> float:
    """Potential energy per mass (m^2/s^2), the one whose slope `gravity` is."""
    square = x * x + y * y + z * z
    r = math.sqrt(square)
    u = z / r
    ratio = EGM96_A_M / r
    p2 = 1.5 * u * u - 0.5
    p3 = (2.5 * u * u - 1.5) * u
    p4 = (35.0 * u**4 - 30.0 * u * u + 3.0) / 8.0
    return -MU_M3_S2 / r * (1.0 - J2 * ratio**2 * p2 - J3 * ratio**3 * p3 - J4 * ratio**4 * p4)


def height_m(x: float, y: float, z: float) -> float:
    """Height over the WGS 84 ellipsoid along the radius: exact at 0, 0.6 m too great at 100 km and mid latitude."""
    square = x * x + y * y + z * z
    return math.sqrt(square) - WGS84_A_M / math.sqrt(1.0 + WGS84_EP2 * z * z / square)


def drag(x: float, y: float, z: float, vx: float, vy: float, vz: float, inverse_kg_m2: float) -> Vector:
    """Acceleration (m/s^2) by air at rest on the turning Earth; `inverse_kg_m2` is C_d A / m."""
    density = density_kg_m3(height_m(x, y, z))
    if density == 0.0 or inverse_kg_m2 == 0.0:
        return 0.0, 0.0, 0.0
    wx, wy = vx + OMEGA_RAD_S * y, vy - OMEGA_RAD_S * x
    k = -0.5 * density * inverse_kg_m2 * math.sqrt(wx * wx + wy * wy + vz * vz)
    return k * wx, k * wy, k * vz
