"""What a sensor measures of a state, for one lane: range, azimuth, elevation and range rate, or two angles.

Every sensor is an azimuth-elevation device in axes of its own: for a radar east, north and up of its site; for an
infrared satellite the axes put the Earth's centre at azimuth and elevation zero, so that a line of sight is two
small angles. A component that a sensor lacks has variance 1e30 and weight zero.

Second-order terms (bias and variance from the curvature of the range surface) follow Bar-Shalom, Li & Kirubarajan
(2001), 10.3.2; without them a filter with sharp range and coarse angles ("contact lens") diverges.
"""

import math
from typing import NamedTuple

from tocsin.track.algebra import (
    Matrix,
    Vector,
    apply,
    apply_transposed,
    dot,
    inner,
    scale,
    subtract,
    trace,
    transpose,
)
from tocsin.track.jit import lane
from tocsin.world.constants import WGS84_A_M

HALF_PI = 0.5 * math.pi
WIDEST = 0.46  # tan of half an angle innovation is bounded here (0.86 rad): beyond it no linear update is meant


class View(NamedTuple):
    """A sensor at one instant, as the kernels see it. Inertial axes, SI units; flags are 0.0 or 1.0."""

    site: Vector
    site_velocity: Vector
    axes: Matrix  # rows: east, north, up of a radar; for a satellite: cross, towards the Earth's centre, up
    variance_range: float
    variance_azimuth: float
    variance_elevation: float
    variance_rate: float
    has_range: float
    has_rate: float
    isotropic: float  # 1: the angles are a circular error on the sky, so azimuth is divided by cos elevation
    range_min: float
    range_max: float
    elevation_min: float
    elevation_max: float
    azimuth_centre: float
    azimuth_halfwidth: float
    plume_height_min: float
    clock_variance: float  # of the sensor's time stamps, s2

    @property
    def rated(self) -> bool | None:
        """For kernels that are compiled with the range rate only where a sensor has it."""
        return True if self.has_rate else None


@lane
def arctan_half(t: float) -> float:
    """atan(t) for |t| <= 0.46: odd polynomial fitted at Chebyshev nodes, absolute error below 4e-15."""
    u = t * t
    s = 0.04725183654478919 + u * -0.02162713075159709
    s = 0.07655043321853071 + u * (-0.06404609671183188 + u * s)
    s = 0.11110926515476602 + u * (-0.09087565836022414 + u * s)
    s = 0.1999999990404709 + u * (-0.14285708392473398 + u * s)
    return t * (0.9999999999999939 + u * (-0.33333333332725673 + u * s))


@lane
def arctan2(y: float, x: float, length: float) -> float:
    """atan2(y, x) with `length` = hypot(x, y) > 0, from the tangent of half the angle to the nearer axis."""
    ax, ay = abs(x), abs(y)
    angle = 2.0 * arctan_half(min(ax, ay) / (max(ax, ay) + length))
    angle = HALF_PI - angle if ay > ax else angle
    angle = math.pi - angle if x < 0.0 else angle
    return -angle if y < 0.0 else angle


@lane
def turned(sine: float, cosine: float, length: float) -> float:
    """Angle whose sine and cosine are given times `length`, bounded to 0.86 rad either way."""
    return 2.0 * arctan_half(min(max(sine / (cosine + length), -WIDEST), WIDEST))


@lane
def local(view: View, p: Vector) -> tuple[Vector, float, float]:
    """(components along the sensor's axes, distance in the plane of the first two, range), metres."""
    e = apply(view.axes, subtract(p, view.site))
    plane2 = e[0] * e[0] + e[1] * e[1] + 1e-6
    return e, math.sqrt(plane2), math.sqrt(plane2 + e[2] * e[2])


@lane
def rows(view: View, e: Vector, plane: float, distance: float) -> tuple[Vector, Vector, Vector]:
    """Gradients by inertial position of range, azimuth and elevation."""
    ir = 1.0 / distance
    ip = 1.0 / plane
    by_range = scale(ir, e)
    by_azimuth = (e[1] * ip * ip, -e[0] * ip * ip, 0.0)
    k = -e[2] * ir * ir * ip
    by_elevation = (k * e[0], k * e[1], plane * ir * ir)
    return (
        apply_transposed(view.axes, by_range),
        apply_transposed(view.axes, by_azimuth),
        apply_transposed(view.axes, by_elevation),
    )


@lane
def range_curvature(by_range: Vector, distance: float, pp: Matrix) -> tuple[float, float]:
    """(bias m, variance m2) that the Hessian (I - u u')/r of range adds: tr(A P)/2 and tr(A P A P)/2."""
    pu = apply(pp, by_range)
    upu = dot(by_range, pu)
    ir = 1.0 / distance
    bias = 0.5 * ir * (trace(pp) - upu)
    variance = 0.5 * ir * ir * (inner(pp, pp) - 2.0 * dot(pu, pu) + upu * upu)
    return max(bias, 0.0), max(variance, 0.0)


@lane
def rate_curvature(by_range: Vector, distance: float, pp: Matrix, pv: Matrix, vv: Matrix) -> tuple[float, float]:
    """(bias m/s, variance m2/s2) of range rate from the Hessian block (I - u u')/r between position and velocity."""
    ir = 1.0 / distance
    pu, vu = apply(pp, by_range), apply(vv, by_range)
    cu, cu_t = apply(pv, by_range), apply_transposed(pv, by_range)
    ucu = dot(by_range, cu)
    bias = ir * (trace(pv) - ucu)
    cross = inner(pv, transpose(pv)) - 2.0 * dot(cu, cu_t) + ucu * ucu
    product = inner(pp, vv) - 2.0 * dot(pu, vu) + dot(by_range, pu) * dot(by_range, vu)
    return bias, max(ir * ir * (cross + product), 0.0)


@lane
def range_rate(view: View, by_range: Vector, distance: float, v: Vector) -> tuple[float, Vector]:
    """(range rate m/s, its gradient by inertial position 1/s); the gradient by velocity is `by_range`.

    The sensor's own velocity is that of its place on the turning Earth.
    """
    relative = subtract(v, view.site_velocity)
    rate = dot(by_range, relative)
    ir = 1.0 / distance
    return rate, scale(ir, subtract(relative, scale(rate, by_range)))


@lane
def moved(view: View, h: Vector, v: Vector) -> float:
    """Variance that a wrong time stamp adds to a component with gradient h of an object with inertial velocity v.

    As if the clock erred anew in every scan, and apart in each component.
    """
    rate = dot(h, subtract(v, view.site_velocity))
    return view.clock_variance * rate * rate


@lane
def azimuth_variance(view: View, e: Vector, plane: float) -> float:
    """Variance of azimuth (rad2); a circular error on the sky is wider in azimuth by 1/cos elevation."""
    slope = e[2] / plane
    return view.variance_azimuth * (1.0 + view.isotropic * slope * slope)


@lane
def exposed(view: View, p: Vector, distance: float, height_m: float, margin_m: float) -> float:
    """1.0 if no part of the Earth (a sphere of the equatorial radius) is in the way and the plume is high enough.

    Only for satellites. `margin_m` is two sigma of the position.
    """
    towards = subtract(p, view.site)
    reach = -dot(view.site, towards) / distance
    miss2 = dot(view.site, view.site) - reach * reach
    clear = 1.0 if miss2 > WGS84_A_M * WGS84_A_M else 0.0
    near = 1.0 if distance + margin_m < reach else 0.0
    high = 1.0 if height_m - margin_m > view.plume_height_min else 0.0
    return high * max(clear, near)


@lane
def in_field(
    view: View, distance: float, azimuth: float, elevation: float, margins: tuple[float, float, float]
) -> float:
    """1.0 if range, azimuth and elevation lie inside the radar's limits by more than the margins (m, rad, rad)."""
    far = 1.0 if distance + margins[0] <= view.range_max else 0.0
    near = 1.0 if distance - margins[0] >= view.range_min else 0.0
    low = 1.0 if elevation - margins[2] >= view.elevation_min else 0.0
    high = 1.0 if elevation + margins[2] <= view.elevation_max else 0.0
    off = abs(azimuth - view.azimuth_centre)
    off = min(off, abs(off - 2.0 * math.pi))
    fan = 1.0 if off + margins[1] <= view.azimuth_halfwidth else 0.0
    return far * near * low * high * fan
