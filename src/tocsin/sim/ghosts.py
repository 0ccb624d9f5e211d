"""Sensor faults with real geometry: the Moon in a radar's beam, sunlight off high clouds in an infrared satellite."""

from dataclasses import dataclass
from math import radians

import numpy as np

from tocsin.sim.parts import GhostFile
from tocsin.sim.scenario import Scenario
from tocsin.world import sensor as geometry
from tocsin.world.ephemeris import moon_ecef_m, scattering_deg
from tocsin.world.frames import geodetic_to_ecef
from tocsin.world.geodesy import direct
from tocsin.world.observation import Array, Infrared, Radar, Sensor
from tocsin.world.sensor import behind_earth
from tocsin.world.time import parse_utc

NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Ghost:
    """One fault of a scenario; asked at every scan of its sensor."""

    file: GhostFile
    sensor: str
    launch_tai_ns: int

    def rows(self, one: Sensor, t_tai_ns: int) -> Array | None:
        """Clean measurements (1, 3), or None while geometry or the scenario does not let it be seen."""
        t_s = (t_tai_ns - self.launch_tai_ns) / NS
        if not self.file.from_s <= t_s <= self.file.to_s:
            return None
        if isinstance(one, Radar):
            return moon_echo(one, t_tai_ns, self.file.ambiguity_km * 1e3)
        return self._glint(one, t_tai_ns, t_s - self.file.from_s)

    def _glint(self, one: Infrared, t_tai_ns: int, since_s: float) -> Array | None:
        file = self.file
        lat, lon = direct(file.latitude_deg, file.longitude_deg, file.azimuth_deg, file.speed_m_s * since_s)
        height_m = file.height_km * 1e3 + file.climb_m_s * since_s
        spot = np.asarray(geodetic_to_ecef(np.array(radians(lat)), np.array(radians(lon)), np.array(height_m)))
        eye = np.array(one.position_ecef_m)
        turned = scattering_deg(spot, eye, t_tai_ns)
        if bool(behind_earth(eye, spot[None, :])[0]) or turned is None or turned > file.scatter_max_deg:
            return None
        line = spot - eye
        return np.asarray((line / np.linalg.norm(line))[None, :])


def moon_echo(radar: Radar, t_tai_ns: int, ambiguity_m: float) -> Array | None:
    """The Moon as a radar with this unambiguous range would place it, if it stands in the radar's fan."""
    way = moon_ecef_m(t_tai_ns) - geometry.site_ecef(radar)
    distance = float(np.linalg.norm(way))
    apparent = distance % ambiguity_m
    if not radar.range_min_m <= apparent <= radar.range_max_m:
        return None
    near = np.concatenate([geometry.site_ecef(radar) + way / distance * max(apparent, 1.0), np.zeros(3)])[None, :]
    return geometry.measure(radar, near)[:, :3] if bool(geometry.visible(radar, near)[0]) else None


def ghosts_of(scenario: Scenario) -> tuple[Ghost, ...]:
    """The faults of a scenario."""
    return tuple(Ghost(file, file.sensor, parse_utc(scenario.launch)) for file in scenario.ghost)
