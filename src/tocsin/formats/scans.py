"""Plots of turning radars to scans of a tracker: sector by sector, with a height turned into an elevation.

A radar that turns once in some seconds does not see everything at one instant. Its turn is cut into sectors, each a
`world.observation.Radar` of its own (`25-201#07`) with its part of the circle as its field, and each scan stands at the
mean time of its plots. At 32 sectors and a turn of 4 s that is within 63 ms, 16 m of an airliner's flight. What
follows `#` is not another sensor: the tracker's owner counts it as one.

Such a radar measures no elevation; the transponder's height and the slant range give it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from math import pi, radians

import numpy as np

from tocsin.formats.reports import Plot, Source, Station, source_name
from tocsin.formats.tally import Tally
from tocsin.world.constants import DEGREE_RAD
from tocsin.world.exact import Array
from tocsin.world.frames import ecef_to_geodetic, enu_axes, geodetic_to_ecef
from tocsin.world.observation import Radar, Scan
from tocsin.world.refraction import apparent_elevation, true_elevation

SECTORS = 32
TURN_S = 5.0  # [I] of a radar that does not say
NS = 1_000_000_000
# Monopulse secondary radar, EUROCONTROL standard for radar surveillance in en-route airspace (1997), table of random
# errors, from memory [U]. Elevation stands for the error of a pressure altitude at 100 km [I].
SIGMA_RANGE_M, SIGMA_AZIMUTH_RAD, SIGMA_ELEVATION_RAD = 70.0, radians(0.08), 3e-3
DETECTION = 0.97
RANGE_MAX_M = 475e3


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where a radar stands and how it turns."""

    source: Source
    latitude_deg: float
    longitude_deg: float
    height_m: float
    period_s: float = TURN_S
    sectors: int = SECTORS


def sites(stations: Iterable[Station], given: dict[Source, Site] | None = None) -> dict[Source, Site]:
    """Every site that is known: from the radars' own words, and over them those that were given."""
    found: dict[Source, Site] = {}
    periods: dict[Source, float] = {}
    for one in stations:
        if one.period_s:
            periods[one.source] = one.period_s
        if one.latitude_deg is not None and one.longitude_deg is not None and one.height_m is not None:
            found[one.source] = Site(
                source=one.source,
                latitude_deg=one.latitude_deg,
                longitude_deg=one.longitude_deg,
                height_m=one.height_m,
            )
    found |= given or {}
    return {source: replace(site, period_s=periods.get(source, site.period_s)) for source, site in found.items()}


def sensors(site: Site) -> tuple[Radar, ...]:
    """One radar record a sector, in the order of azimuth."""
    width = 2.0 * pi / site.sectors
    return tuple(
        Radar(
            id=f"{source_name(site.source)}#{number:02}",
            latitude_deg=site.latitude_deg,
            longitude_deg=site.longitude_deg,
            height_m=site.height_m,
            sigma_range_m=SIGMA_RANGE_M,
            sigma_azimuth_rad=SIGMA_AZIMUTH_RAD,
            sigma_elevation_rad=SIGMA_ELEVATION_RAD,
            range_min_m=1e3,
            range_max_m=RANGE_MAX_M,
            elevation_min_rad=radians(-2.0),
            elevation_max_rad=radians(60.0),
            azimuth_centre_rad=(number + 0.5) * width,
            azimuth_halfwidth_rad=0.5 * width,
            period_s=site.period_s,
            detection_probability=DETECTION,
        )
        for number in range(site.sectors)
    )


def scans(plots: Iterable[Plot], known: dict[Source, Site], tally: Tally) -> Iterator[Scan]:
    """Scans in order of time, of all radars whose site is known. Sectors that a turn passed without a plot are empty.

    Plots without height, marked as simulated, or of a radar without a site are left out and counted.
    """
    turning = {source: Turning(site) for source, site in known.items()}
    made: list[Scan] = []
    for plot in plots:
        why = _unfit(plot, turning)
        if why:
            tally.skip(plot.offset, "plot", why)
            continue
        made += turning[plot.source].take(plot)
    for one in turning.values():
        made += one.close()
    yield from sorted(made, key=lambda scan: (scan.t_tai_ns, scan.sensor.id))


def _unfit(plot: Plot, known: dict[Source, "Turning"]) -> str:
    if plot.source not in known:
        return f"no site of radar {source_name(plot.source)} is known"
    if plot.simulated:
        return "marked as simulated or test by the radar"
    return "no height, so no elevation" if plot.height_m is None else ""


class Turning:
    """One radar's turn: plots of the sector that is being swept."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._sensors = sensors(site)
        self._sector = -1
        self._plots: list[Plot] = []
        self._last_ns = 0

    def take(self, plot: Plot) -> list[Scan]:
        """Scans that are complete now that this plot has come."""
        sector = int(plot.azimuth_rad / (2.0 * pi) * self._site.sectors) % self._site.sectors
        done: list[Scan] = []
        if sector != self._sector and self._plots:
            done = [*self.close(), *self._passed(sector, plot.t_tai_ns)]
        self._sector = sector
        self._plots.append(plot)
        return done

    def close(self) -> list[Scan]:
        """The scan of the plots at hand."""
        if not self._plots:
            return []
        t_tai_ns = sum(one.t_tai_ns for one in self._plots) // len(self._plots)
        t_tai_ns = max(t_tai_ns, self._last_ns + 1)  # plots of two sectors may come mixed
        self._last_ns = t_tai_ns
        scan = Scan(
            sensor=self._sensors[self._sector], t_tai_ns=t_tai_ns, measurements=measurements(self._plots, self._site)
        )
        self._plots = []
        return [scan]

    def _passed(self, sector: int, t_tai_ns: int) -> list[Scan]:
        """Empty scans of the sectors between the last one and this one, if the time fits one sweep."""
        count = (sector - self._sector) % self._site.sectors - 1
        span_ns = t_tai_ns - self._last_ns
        if count < 1 or not 0 < span_ns < 0.75 * self._site.period_s * NS:
            return []
        empty = np.empty((0, 3))
        found = []
        for step in range(1, count + 1):
            when = self._last_ns + span_ns * step // (count + 1)
            sensor = self._sensors[(self._sector + step) % self._site.sectors]
            found.append(Scan(sensor=sensor, t_tai_ns=when, measurements=empty))
        self._last_ns = found[-1].t_tai_ns
        return found


def measurements(plots: list[Plot], site: Site) -> Array:
    """(n, 3) range, azimuth, apparent elevation of plots that have a height."""
    distance = np.array([one.range_m for one in plots])
    azimuth = np.array([one.azimuth_rad for one in plots])
    height = np.array([one.height_m or 0.0 for one in plots])
    true = elevation(distance, azimuth, height, site)
    return np.stack([distance, azimuth, apparent_elevation(true, distance, site.height_m)], axis=-1)


def elevation(distance: Array, azimuth: Array, height: Array, site: Site) -> Array:
    """True elevation (n,) at which a point so far away has that height above the ellipsoid: sphere first, then Newton.

    A height that the range cannot reach gives straight up or down.
    """
    radius = 6_371_000.0 + site.height_m
    top = 6_371_000.0 + height
    sine = (top * top - radius * radius - distance * distance) / (2.0 * distance * radius)
    found = np.arcsin(np.clip(sine, -1.0, 1.0))
    for _ in range(2):
        reached = ecef_to_geodetic(_places(distance, azimuth, found, site))[2]
        slope = distance * np.maximum(np.cos(found), 0.05)
        found = np.clip(found + np.clip((height - reached) / slope, -0.05, 0.05), -0.5 * pi, 0.5 * pi)
    return found


def _places(distance: Array, azimuth: Array, true: Array, site: Site) -> Array:
    """ECEF (n, 3) of range, azimuth and true elevation."""
    home, axes = _stand(site.latitude_deg, site.longitude_deg, site.height_m)
    flat = np.cos(true)
    local = np.stack([flat * np.sin(azimuth), flat * np.cos(azimuth), np.sin(true)], axis=-1)
    return home + distance[:, None] * (local @ axes)


@lru_cache(maxsize=256)
def _stand(latitude_deg: float, longitude_deg: float, height_m: float) -> tuple[Array, Array]:
    latitude, longitude = latitude_deg * DEGREE_RAD, longitude_deg * DEGREE_RAD
    return geodetic_to_ecef(latitude, longitude, height_m), enu_axes(latitude, longitude)


def positions(plots: list[Plot], site: Site) -> tuple[Array, Array, Array]:
    """(latitude deg, longitude deg, height m) of plots, for drawing."""
    seen = measurements(plots, site)
    true = true_elevation(seen[:, 2], seen[:, 0], site.height_m)
    latitude, longitude, height = ecef_to_geodetic(_places(seen[:, 0], seen[:, 1], true, site))
    return latitude / DEGREE_RAD, longitude / DEGREE_RAD, height
