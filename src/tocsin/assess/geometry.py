"""Where Sun and Moon stand at a sensor, and how far from what it shows: for the officer's eye beside every event.

`world.ephemeris` is good to 0.01 degrees for the Sun and 0.3 for the Moon; the Moon's parallax is taken into account,
because directions are from the sensor itself.
"""

from dataclasses import dataclass

import numpy as np

from tocsin.fuse import CommonTrack
from tocsin.world.ephemeris import angle_deg, moon_ecef_m, scattering_deg, sun_ecef_m
from tocsin.world.exact import Array
from tocsin.world.observation import Infrared, Radar, Sensor
from tocsin.world.sensor import behind_earth, site_axes, site_ecef

ECHO_S = 2.0 / 299_792_458.0  # there and back, seconds a metre; speed of light is exact in SI


@dataclass(frozen=True, slots=True)
class SkyView:
    """Sun and Moon from a sensor at a time. Elevations are above a radar's horizon, true, without refraction.

    For a satellite the elevations are None, and `*_hidden` says whether the Earth is between. `*_apart_deg`: from the
    track, None without one. `scattering_deg`: angle by which sunlight turns at the track's place to reach a satellite
    (small is a glint); None where the Sun is below the horizon there. `moon_echo_s`: time a pulse would take.
    """

    sensor: str
    sun_elevation_deg: float | None
    moon_elevation_deg: float | None
    sun_hidden: bool
    moon_hidden: bool
    sun_apart_deg: float | None
    moon_apart_deg: float | None
    scattering_deg: float | None
    moon_echo_s: float

    @property
    def words(self) -> str:
        """For an officer."""
        moon = "below the horizon" if self.moon_hidden else "up"
        if self.moon_elevation_deg is not None and not self.moon_hidden:
            moon = f"{self.moon_elevation_deg:.0f} deg above the horizon"
        text = f"{self.sensor}: Moon {moon}"
        if self.moon_apart_deg is not None and not self.moon_hidden:
            text += f", {self.moon_apart_deg:.0f} deg from the track"
        if self.scattering_deg is not None:
            text += f"; sunlight turns by {self.scattering_deg:.0f} deg at the track"
        return text


def sky_view(sensor: Sensor, t_tai_ns: int, track: CommonTrack | None = None) -> SkyView:
    """Sun and Moon as one sensor has them."""
    eye = eye_ecef_m(sensor)
    sun, moon = sun_ecef_m(t_tai_ns), moon_ecef_m(t_tai_ns)
    up = np.asarray(site_axes(sensor))[2] if isinstance(sensor, Radar) else None
    spot = None if track is None else track.state_ecef[:3]
    elevations = [None if up is None else 90.0 - angle_deg(body - eye, up) for body in (sun, moon)]
    hidden = [_hidden(eye, body, elevation) for body, elevation in zip((sun, moon), elevations, strict=True)]
    glint = spot is not None and isinstance(sensor, Infrared)
    return SkyView(
        sensor=sensor.id,
        sun_elevation_deg=elevations[0],
        moon_elevation_deg=elevations[1],
        sun_hidden=hidden[0],
        moon_hidden=hidden[1],
        sun_apart_deg=None if spot is None else angle_deg(sun - eye, spot - eye),
        moon_apart_deg=None if spot is None else angle_deg(moon - eye, spot - eye),
        scattering_deg=scattering_deg(spot, eye, t_tai_ns) if glint and spot is not None else None,
        moon_echo_s=float(np.linalg.norm(moon - eye)) * ECHO_S,
    )


def eye_ecef_m(sensor: Sensor) -> Array:
    """Place (3,) from which a sensor looks, Earth-fixed metres."""
    return np.asarray(site_ecef(sensor) if isinstance(sensor, Radar) else np.array(sensor.position_ecef_m))


def _hidden(eye: Array, body: Array, elevation_deg: float | None) -> bool:
    if elevation_deg is not None:
        return elevation_deg < 0.0
    return bool(behind_earth(eye, body[None, :])[0])
