"""GeoJSON (RFC 7946): tracks as points and lines, plots and reports as points. Degrees, WGS 84, heights in metres.

A line that crosses the 180th meridian is cut there (section 3.1.9). Places are written to 1e-7 degrees (1 cm), heights
to 1 cm, velocities to 1 mm/s.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np

from tocsin.formats.errors import FormatError
from tocsin.formats.reports import Plot, Position, Source, source_name
from tocsin.formats.scans import Site, positions
from tocsin.formats.trajectories import State, Trajectory
from tocsin.fuse import CommonPicture
from tocsin.world.constants import DEGREE_RAD
from tocsin.world.frames import ecef_to_geodetic, enu_axes, geodetic_to_ecef
from tocsin.world.time import parse_utc, utc_text

Feature = dict[str, Any]
DIGITS = 6  # of a second


def collection(features: Iterable[Feature], mode: str) -> dict[str, Any]:
    """A feature collection; what comes from an exercise says so at its top."""
    return {"type": "FeatureCollection", "tocsin": {"mode": mode}, "features": list(features)}


def encode(value: dict[str, Any]) -> bytes:
    """As bytes of a file."""
    return msgspec.json.format(msgspec.json.encode(value), indent=1)


def place(position_ecef_m: Sequence[float]) -> list[float]:
    """[longitude, latitude, height], rounded."""
    latitude, longitude, height = ecef_to_geodetic(np.array(position_ecef_m, float))
    return [
        round(float(longitude) / DEGREE_RAD, 7), round(float(latitude) / DEGREE_RAD, 7), round(float(height), 2)
    ]  # fmt: skip


def trajectory_features(tracks: Iterable[Trajectory]) -> list[Feature]:
    """Each track as a line of its places, and its states as members of that feature."""
    return [_line(track) for track in tracks if track.states]


def _line(track: Trajectory) -> Feature:
    places = [place(state.position_ecef_m) for state in track.states]
    parts = cut(places)
    shape: dict[str, Any] = {"type": "LineString", "coordinates": parts[0]}
    if len(places) == 1:
        shape = {"type": "Point", "coordinates": places[0]}
    elif len(parts) > 1:
        shape = {"type": "MultiLineString", "coordinates": parts}
    return {
        "type": "Feature",
        "id": track.id,
        "geometry": shape,
        "properties": {
            "what": "track",
            "mode": track.mode,
            "parties": list(track.parties),
            "phase": track.phase,
            "existence": round(track.existence, 3),
            "utc": [utc_text(state.t_tai_ns, DIGITS) for state in track.states],
            "places": places,
            "velocity_east_north_up_m_s": list(map(_local, track.states, places)),
        },
    }


def _local(state: State, spot: list[float]) -> list[float]:
    axes = enu_axes(spot[1] * DEGREE_RAD, spot[0] * DEGREE_RAD)
    return [round(float(v), 3) for v in axes @ np.array(state.velocity_ecef_m_s)]


def cut(places: list[list[float]]) -> list[list[list[float]]]:
    """A line in parts, none of which crosses the 180th meridian."""
    parts = [[places[0]]]
    for before, after in pairwise(places):
        if abs(after[0] - before[0]) > 180.0:
            side = 180.0 if before[0] > 0.0 else -180.0
            span = (after[0] + 2.0 * side) - before[0]
            share = (side - before[0]) / span if span else 0.0
            middle = [round(b + share * (a - b), 7) for b, a in zip(before[1:], after[1:], strict=True)]
            parts[-1].append([side, *middle])
            parts.append([[-side, *middle]])
        parts[-1].append(after)
    return parts


def read_trajectories(data: bytes) -> tuple[Trajectory, ...]:
    """Tracks of a collection that `trajectory_features` made. Raises FormatError for what is none."""
    try:
        raw = msgspec.json.decode(data)
        return tuple(_track(one) for one in raw["features"] if one["properties"].get("what") == "track")
    except (msgspec.DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise FormatError(f"not a collection of tracks as Tocsin writes them: {error!r}", data[:1000]) from error


def _track(feature: Feature) -> Trajectory:
    about = feature["properties"]
    rows = zip(about["utc"], about["places"], about["velocity_east_north_up_m_s"], strict=True)
    return Trajectory(
        id=feature["id"],
        mode=about["mode"],
        parties=tuple(about["parties"]),
        phase=about["phase"],
        existence=about["existence"],
        states=tuple(_state(utc, spot, local) for utc, spot, local in rows),
    )


def _state(utc: str, spot: list[float], local: list[float]) -> State:
    latitude, longitude = spot[1] * DEGREE_RAD, spot[0] * DEGREE_RAD
    x, y, z = geodetic_to_ecef(latitude, longitude, spot[2]).tolist()
    vx, vy, vz = (np.array(local) @ enu_axes(latitude, longitude)).tolist()
    return State(t_tai_ns=parse_utc(utc), position_ecef_m=(x, y, z), velocity_ecef_m_s=(vx, vy, vz))


def track_features(picture: CommonPicture) -> list[Feature]:
    """Every track of a picture as a point, with its uncertainty (one sigma of position, metres)."""
    return [
        {
            "type": "Feature",
            "id": track.id,
            "geometry": {"type": "Point", "coordinates": place(track.state_ecef[:3].tolist())},
            "properties": {
                "what": "common-track",
                "utc": utc_text(track.t_tai_ns, 3),
                "parties": list(track.parties),
                "phase": track.phase,
                "speed_m_s": round(float(np.linalg.norm(track.state_ecef[3:])), 1),
                "sigma_m": round(float(np.sqrt(np.trace(track.covariance_ecef[:3, :3]))), 1),
                "existence": round(track.existence, 3),
                "stale": track.stale,
            },
        }
        for track in picture.tracks
        if not track.gone_into
    ]


def plot_features(plots: Sequence[Plot], known: dict[Source, Site]) -> list[Feature]:
    """Plots of radars whose site is known and that have a height."""
    found = []
    for source, site in sorted(known.items()):
        mine = [one for one in plots if one.source == source and one.height_m is not None]
        if mine:
            latitude, longitude, height = positions(mine, site)
            found += [
                _point(one.t_tai_ns, [float(x), float(y), float(h)], "plot", source, one.callsign, one.simulated)
                for one, x, y, h in zip(mine, longitude, latitude, height, strict=True)
            ]
    return found


def position_features(found: Iterable[Position]) -> list[Feature]:
    """Reports of places."""
    return [
        _point(
            one.t_tai_ns, [one.longitude_deg, one.latitude_deg, one.height_m or 0.0], one.source_kind, one.source,
            one.callsign, one.simulated,
        )
        for one in found
    ]  # fmt: skip


def _point(t: int, spot: list[float], what: str, source: Source, callsign: str, simulated: bool) -> Feature:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(spot[0], 7), round(spot[1], 7), round(spot[2], 2)]},
        "properties": {
            "what": what, "utc": utc_text(t, 3), "source": source_name(source), "callsign": callsign,
            "simulated": simulated,
        },
    }  # fmt: skip
