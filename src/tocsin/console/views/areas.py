"""What is drawn on the ground: coverage, notifications, what is guarded, launches and impacts."""

import math

from tocsin.console.board import Areas, EndPlace, Fan, GuardedArea, NoticeArea, Ring
from tocsin.console.sight import Sight
from tocsin.node import hearing, sights
from tocsin.node.desk import EventView
from tocsin.wire.values import Area, Circle


def areas(sight: Sight) -> Areas:
    """Everything at once; rings are kept from call to call."""
    config = sight.centre.config
    events = sight.events()
    return Areas(
        sensors=tuple(_fan(one) for one in config.sensors),
        notices=tuple(_notice(sight, one) for one in hearing.notice_lives(sight.centre) if _on_ground(one)),
        guarded=tuple(GuardedArea(name=one.name, ring=ring(one.area)) for one in config.guarded),
        launch=tuple(_end(sight, one, one.flight.launch) for one in events if one.flight.launch is not None),
        impact=tuple(_end(sight, one, one.flight.impact) for one in events if _falls(one)),
    )


def ring(area: Area) -> Ring:
    """An area as a closed ring, clockwise."""
    if isinstance(area, Circle):
        points = sights.circle(area.latitude_deg, area.longitude_deg, area.radius_km)
        return Ring(lat=area.latitude_deg, lon=area.longitude_deg, radius_km=area.radius_km, polygon=points)
    corners = [(lon, lat) for lat, lon in area.vertices_deg]
    lon, lat = sights.middle(corners)
    return Ring(lat=lat, lon=lon, radius_km=None, polygon=sights.clockwise(corners))


def _fan(sensor: sights.Sensor) -> Fan:
    lat, lon, reach_km, points = sights.fan(sensor)
    if isinstance(sensor, sights.Infrared):
        centre, half, low = 0.0, 180.0, -90.0
    else:
        centre, half = math.degrees(sensor.azimuth_centre_rad), math.degrees(sensor.azimuth_halfwidth_rad)
        low = math.degrees(sensor.elevation_min_rad)
    return Fan(
        id=sensor.id, kind="infrared" if isinstance(sensor, sights.Infrared) else "radar", lat=round(lat, 4),
        lon=round(lon, 4), range_km=round(reach_km, 1), azimuth_centre_deg=round(centre % 360.0, 2),
        azimuth_halfwidth_deg=round(half, 2), elevation_min_deg=round(low, 2), polygon=points,
    )  # fmt: skip


def _on_ground(life: hearing.Life) -> bool:
    said = life.notice.announcement
    return said.launch_area is not None or said.impact_area is not None


def _notice(sight: Sight, life: hearing.Life) -> NoticeArea:
    said, window = life.notice.announcement, life.notice.window
    launch = ring(said.launch_area) if said.launch_area is not None else None
    impact = ring(said.impact_area) if said.impact_area is not None else None
    return NoticeArea(
        identifier=life.notice.identifier, party=sight.party_of(life.notice.party), stage=life.stage, launch=launch,
        impact=impact, corridor=_corridor(launch, impact),
        window_start_utc=sights.utc(window.start_tai_us) if window else "",
        window_end_utc=sights.utc(window.end_tai_us) if window else "",
    )  # fmt: skip


def _corridor(launch: Ring | None, impact: Ring | None) -> tuple[sights.LonLat, ...]:
    if launch is None or impact is None:
        return ()
    wide = [one.radius_km if one.radius_km is not None else _reach_km(one) for one in (launch, impact)]
    return sights.corridor((launch.lon, launch.lat), wide[0], (impact.lon, impact.lat), wide[1])


def _reach_km(one: Ring) -> float:
    return max(sights.apart_km((one.lon, one.lat), corner) for corner in one.polygon)


def _falls(view: EventView) -> bool:
    return view.flight.impact is not None and not view.flight.boosting


def _end(sight: Sight, view: EventView, end: sights.Launch | sights.Impact | None) -> EndPlace:
    if end is None:
        raise AssertionError(f"{view.id}: an end was expected")
    major, minor, bearing = sights.place_ellipse(end.covariance_en_m2)
    return EndPlace(
        event=view.id, lat=round(end.latitude_deg, 4), lon=round(end.longitude_deg, 4),
        semi_major_km=round(major, 1), semi_minor_km=round(minor, 1), azimuth_deg=round(bearing, 1),
        t_tai_us=end.t_tai_ns // 1_000, t_utc=sights.utc(end.t_tai_ns // 1_000),
        sigma_s=round(end.time_sigma_s, 1), source=sight.source_of(view.track.parties),
    )  # fmt: skip
