"""Tracks one by one: a row of the table, and what was said about one over time with what follows from it."""

from msgspec import Struct

from tocsin.console.board import Part
from tocsin.console.sight import Sight
from tocsin.console.views.tracks import tracks
from tocsin.node import tracklets
from tocsin.node.sights import CommonTrack

AHEAD_STEPS = 40


class TrackRow(Struct, frozen=True, kw_only=True):
    """One track, as in the columns of the board."""

    id: str
    label: str
    lat: float
    lon: float
    height_km: float
    speed_m_s: float
    heading_deg: float
    climb_m_s: float
    kind: str
    parties: tuple[str, ...]
    source: str
    phase: str
    existence: float
    sigma_km: float
    stale: bool
    age_s: float
    event: str


class Path(Part, frozen=True, kw_only=True):
    """Places along time, one list a column: instant, height and one sigma of it in metres, place in degrees."""

    t_tai_us: tuple[int, ...]
    height_m: tuple[float, ...]
    sigma_height_m: tuple[float, ...]
    lat: tuple[float, ...]
    lon: tuple[float, ...]
    source: tuple[str, ...]


class History(Part, frozen=True, kw_only=True):
    """What each statement about a track put it at, by whom; and where it is headed by the picture now."""

    id: str
    names: tuple[str, ...]
    said: Path
    predicted: Path


def track_rows(sight: Sight) -> list[TrackRow]:
    """Every track, by id."""
    seen = tracks(sight)
    names = TrackRow.__struct_fields__
    columns = [getattr(seen, name) for name in names]
    rows = [TrackRow(**dict(zip(names, values, strict=True))) for values in zip(*columns, strict=True)]
    return sorted(rows, key=lambda row: row.id)


def history(sight: Sight, name: str) -> History | None:
    """The history of the track that goes by a name; None if none does now."""
    track = next((one for one in sight.tracks if name in (one.id, *one.aliases)), None)
    if track is None:
        return None
    return History(
        id=track.id, names=(track.id, *track.aliases), said=told(sight, track), predicted=predicted(sight, track)
    )


def told(sight: Sight, track: CommonTrack) -> Path:
    """Where statements put a track."""
    said = tracklets.told(sight.centre, track)
    return _path(said, tuple(sight.source_of((one,)) for one in said.party))


def predicted(sight: Sight, track: CommonTrack) -> Path:
    """Where it is headed by the picture now."""
    ahead = tracklets.ahead(track, sight.centre.now_tai_ns, AHEAD_STEPS)
    return _path(ahead, (sight.source_of(track.parties),) * len(ahead.t_tai_us))


def _path(along: tracklets.Along, source: tuple[str, ...]) -> Path:
    return Path(
        t_tai_us=along.t_tai_us, height_m=along.height_m, sigma_height_m=along.sigma_height_m, lat=along.latitude_deg,
        lon=along.longitude_deg, source=source,
    )  # fmt: skip


