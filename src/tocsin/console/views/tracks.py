"""Tracks in columns, and their trails."""

from tocsin.console.board import Tracks, Trails
from tocsin.console.sight import TRAIL_STEP_S, Sight
from tocsin.node import sights

NS = 1_000_000_000
_BALLISTIC = ("boost", "coast", "reentry")


def tracks(sight: Sight) -> Tracks:
    """The last picture, carried on to now."""
    now_ns, found = sight.centre.now_tai_ns, sight.tracks
    seen = sights.columns(found, now_ns)
    events = {name: view.id for view in sight.events() for name in view.names}
    numbers = seen.ellipse_km_deg.round(2).tolist()
    whose = {one: tuple(sight.party_of(origin) for origin in one) for one in {track.parties for track in found}}
    source = {one: sight.source_of(one) for one in whose}
    return Tracks(
        as_of_tai_us=now_ns // 1_000,
        id=tuple(one.id for one in found),
        label=tuple(one.id for one in found),
        lat=_column(seen.latitude_deg, 4),
        lon=_column(seen.longitude_deg, 4),
        height_km=_column(seen.height_km, 1),
        speed_m_s=_column(seen.speed_m_s, 0),
        heading_deg=_column(seen.heading_deg, 1),
        climb_m_s=_column(seen.climb_m_s, 0),
        kind=tuple(_kind(one) for one in found),
        parties=tuple(whose[one.parties] for one in found),
        source=tuple(source[one.parties] for one in found),
        phase=tuple(one.phase for one in found),
        existence=tuple(round(one.existence, 2) for one in found),
        sigma_km=_column(seen.sigma_km, 2),
        stale=tuple(one.stale for one in found),
        age_s=tuple(round(max(0, now_ns - one.updated_t_tai_ns) / NS, 1) for one in found),
        event=tuple(events.get(one.id, "") for one in found),
        ellipse95={one.id: tuple(numbers[row]) for row, one in enumerate(found)},
    )


def trails(sight: Sight) -> Trails:
    """Where they were."""
    return Trails(step_s=TRAIL_STEP_S, trail={name: tuple(points) for name, points in sight.trails.items()})


def _column(values: sights.Array, digits: int) -> tuple[float, ...]:
    return tuple(values.round(digits).tolist())


def _kind(track: sights.CommonTrack) -> str:
    """By shape: ballistic, space, air, unknown."""
    best = max(track.classes, key=lambda one: one.likelihood, default=None)
    if track.phase == "air" or (best is not None and best.vehicle == "aircraft"):
        return "air"
    if best is not None and best.likelihood >= 0.5 and best.vehicle in ("satellite", "space-launch", "decay"):
        return "space"
    return "ballistic" if track.phase in _BALLISTIC else "unknown"
