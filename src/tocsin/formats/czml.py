"""CZML, the scene language of Cesium: tracks as moving points with their paths, in Earth-fixed metres.

Places to 1 cm at times to 1 ms from the scene's start; velocities, covariances and existence do not travel.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from tocsin.formats.errors import FormatError
from tocsin.formats.trajectories import State, Trajectory
from tocsin.world.time import parse_utc, utc_text

NS = 1_000_000_000
COLOURS = ((0, 114, 178), (213, 94, 0), (0, 158, 115), (204, 121, 167))  # Okabe & Ito: told apart by everybody


def czml(tracks: Iterable[Trajectory], name: str) -> bytes:
    """A CZML document of the tracks that have states."""
    moving = [track for track in tracks if track.states]
    packets: list[dict[str, Any]] = [{"id": "document", "name": name, "version": "1.0"}]
    if moving:
        first = min(track.states[0].t_tai_ns for track in moving)
        last = max(track.states[-1].t_tai_ns for track in moving)
        interval = f"{utc_text(first, 3)}/{utc_text(last, 3)}"
        packets[0]["clock"] = {"interval": interval, "currentTime": utc_text(first, 3), "multiplier": 10}
    parties = sorted({party for track in moving for party in track.parties})
    packets += [_packet(track, parties) for track in moving]
    return msgspec.json.format(msgspec.json.encode(packets), indent=1)


def _packet(track: Trajectory, parties: list[str]) -> dict[str, Any]:
    start = track.states[0].t_tai_ns // 1_000_000 * 1_000_000  # as the text of the epoch says it
    places: list[float] = []
    for state in track.states:
        places.append(round((state.t_tai_ns - start) / NS, 3))
        places += [round(v, 2) for v in state.position_ecef_m]
    colour = COLOURS[parties.index(track.parties[0]) % len(COLOURS)] if len(track.parties) == 1 else (90, 90, 90)
    rgba = [*colour, 255]
    marked = "EXERCISE " if track.mode == "exercise" else ""
    return {
        "id": track.id,
        "name": f"{marked}{track.id}",
        "description": f"{marked}parties: {', '.join(track.parties)}; phase {track.phase}",
        "availability": f"{utc_text(start, 3)}/{utc_text(track.states[-1].t_tai_ns, 3)}",
        "position": {
            "epoch": utc_text(start, 3),
            "referenceFrame": "FIXED",
            "interpolationAlgorithm": "LAGRANGE",
            "interpolationDegree": 3,
            "cartesian": places,
        },
        "point": {"pixelSize": 8, "color": {"rgba": rgba}},
        "label": {"text": f"{marked}{track.id}", "font": "12px sans-serif"},
        "path": {"width": 2, "material": {"solidColor": {"color": {"rgba": rgba}}}},
    }


def read_czml(data: bytes) -> tuple[Trajectory, ...]:
    """Tracks of a document that `czml` made: places and times, velocity 0. Raises FormatError for what is none."""
    try:
        packets = msgspec.json.decode(data, type=list[dict[str, Any]])
        return tuple(_read(one) for one in packets if "position" in one)
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError) as error:
        raise FormatError(f"not CZML with sampled positions: {error!r}", data[:1000]) from error


def _read(packet: dict[str, Any]) -> Trajectory:
    start, flat = parse_utc(packet["position"]["epoch"]), packet["position"]["cartesian"]
    states = tuple(
        State(
            t_tai_ns=start + round(flat[k] * NS),
            position_ecef_m=(flat[k + 1], flat[k + 2], flat[k + 3]),
            velocity_ecef_m_s=(0.0, 0.0, 0.0),
        )
        for k in range(0, len(flat), 4)
    )
    mode = "exercise" if packet["name"].startswith("EXERCISE ") else "live"
    return Trajectory(id=packet["id"], mode=mode, parties=(), phase="unknown", existence=1.0, states=states)
