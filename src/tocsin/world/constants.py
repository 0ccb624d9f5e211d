"""Physical constants. SI units; the source of each number stands beside it."""

# WGS 84 ellipsoid: NGA.STND.0036_1.0.0_WGS84 (2014), table 3.1. [S]
WGS84_A_M = 6_378_137.0
WGS84_F = 1.0 / 298.257223563
WGS84_B_M = WGS84_A_M * (1.0 - WGS84_F)  # polar semi-axis [C]
WGS84_E2 = WGS84_F * (2.0 - WGS84_F)  # first eccentricity squared [C]
WGS84_EP2 = WGS84_E2 / (1.0 - WGS84_E2)  # second eccentricity squared [C]

# Geocentric gravitational constant with the atmosphere: NGA.STND.0036 table 3.1 (refined value, 3.986004418e14),
# the same as IERS Conventions (2010) table 1.1. [S]
MU_M3_S2 = 3.986004418e14

# Second zonal harmonic: EGM96 C20 = -484.165371736e-6 (fully normalised), J2 = -sqrt(5) C20.
# Lemoine et al., NASA/TP-1998-206861. [S] for C20, [C] for J2.
J2 = 1.082626683553151e-3
# The radius that belongs to EGM96's coefficients (NASA/TP-1998-206861). [S]
EGM96_A_M = 6_378_136.3

# Earth rotation angle: turns at J2000.0 UT1, and turns a UT1 day beyond one whole turn.
# IAU 2000 resolution B1.8; IERS Conventions (2010) eq. 5.15. [S]
ERA_TURNS_AT_J2000 = 0.7790572732640
ERA_EXCESS_TURNS_PER_DAY = 0.00273781191135448

PI = 3.141592653589793
TWO_PI = 6.283185307179586
DEGREE_RAD = PI / 180.0

# Rate of the Earth rotation angle, so that the frames' velocities are its exact derivative. [C] 7.2921151467e-5
# (WGS 84 states 7.292115e-5: the same to 2 parts in 10^8.)
OMEGA_RAD_S = TWO_PI * (1.0 + ERA_EXCESS_TURNS_PER_DAY) / 86_400.0

# Standard gravity: CGPM 1901, BIPM SI Brochure. [S]
G0_M_S2 = 9.80665

# Speed of light: SI Brochure, by definition. [S]
C_M_S = 299_792_458.0

# Mean Earth radius R1 = (2a + b) / 3, for what needs a sphere: Moritz, Geodetic Reference System 1980. [C]
MEAN_RADIUS_M = (2.0 * WGS84_A_M + WGS84_B_M) / 3.0
