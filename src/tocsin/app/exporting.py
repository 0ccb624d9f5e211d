"""`tocsin export`: what logs hold, in the field's own formats. Everything is read from verified entries alone."""

from pathlib import Path
from typing import Annotated, Literal, get_args

from cyclopts import Parameter

from tocsin.app.reading import Read, held, mode_of, pictures, read
from tocsin.errors import Refusal
from tocsin.formats import cap, ccsds, czml, geojson, stix, tables
from tocsin.formats.asterix.tracks import cat062
from tocsin.formats.trajectories import Trajectory, trajectories
from tocsin.node.adapters.tilefiles import write_file
from tocsin.wire.cyber import CyberIncident

Format = Literal["oem", "opm", "czml", "geojson", "cap", "stix", "asterix", "parquet"]
OF_TRACKS = ("oem", "opm", "czml", "geojson", "asterix", "parquet")


def export(
    form: Format,
    logs: Path,
    *,
    out: Annotated[Path, Parameter(name=["--out", "-o"])],
    step: float = 10.0,
    own: Annotated[bool, Parameter(negative=())] = False,
    track: str = "",
) -> int:
    """Exported logs in another format: oem, opm, czml, geojson, cap, stix, asterix or parquet.

    Parameters
    ----------
    form
        oem and opm (CCSDS), czml (Cesium), geojson, cap (notices; status Exercise or Draft), stix (cyber incidents),
        asterix (category 062), parquet (tracks and statements).
    logs
        Folder of a run, of a centre's logs, or of one log.
    out
        File; a folder for cap and parquet, which make several files.
    step
        Seconds between the states of a track.
    own
        Take in the parties' own logs, too, which partners do not get.
    track
        Only the track of this name (opm needs one where there are several).
    """
    entries = held(logs, own=own)
    found = list(read(entries))
    mode = mode_of(found)
    tracks: tuple[Trajectory, ...] = ()
    if form in OF_TRACKS:
        tracks = trajectories(pictures(entries, found, step), mode)
        tracks = tuple(one for one in tracks if track in ("", one.id))
        if not tracks and form != "parquet":
            raise Refusal(f"{logs}: no track{f' {track}' if track else ''} in these logs")
    written = write(form, found, tracks, out)
    print(f"{form}: {written} written from {len(entries)} verified entries ({mode}).")
    return 0


def write(form: Format, found: list[Read], tracks: tuple[Trajectory, ...], out: Path) -> str:
    """Write one format; says what, in words."""
    created = max(one.statement.observed.t_tai_us for one in found) * 1_000
    states = f"{len(tracks)} tracks with {sum(len(one.states) for one in tracks)} states to {out}"
    if form == "oem":
        write_file(out, ccsds.oem(tracks, created).encode())
    elif form == "opm":
        if len(tracks) != 1:
            raise Refusal(f"opm holds one track: --track with one of {', '.join(one.id for one in tracks)} expected")
        write_file(out, ccsds.opm(tracks[0], created).encode())
    elif form == "czml":
        write_file(out, czml.czml(tracks, out.stem))
    elif form == "geojson":
        features = geojson.trajectory_features(tracks)
        write_file(out, geojson.encode(geojson.collection(features, tracks[0].mode)))
    elif form == "asterix":
        write_file(out, cat062(tracks))
    elif form == "cap":
        return _alerts(found, out)
    elif form == "stix":
        return _incidents(found, out)
    elif form == "parquet":
        return _tables(found, tracks, out)
    else:
        raise Refusal(f"format {form!r}: one of {', '.join(get_args(Format))} was expected")
    return states


def _alerts(found: list[Read], out: Path) -> str:
    made = cap.alerts((one.statement, one.body) for one in found)
    for number, alert in enumerate(made, 1):
        write_file(out / f"alert-{number:03}.xml", cap.cap(alert))
    return f"{len(made)} alerts of status {made[0].status} to {out}" if made else "no alert (no notice with an area)"


def _incidents(found: list[Read], out: Path) -> str:
    made = [(one.statement, one.body, one.entry.sha256) for one in found if isinstance(one.body, CyberIncident)]
    write_file(out, stix.bundle(made))
    return f"{len(made)} cyber incidents to {out}"


def _tables(found: list[Read], tracks: tuple[Trajectory, ...], out: Path) -> str:
    rows = ((one.entry.origin, one.entry.index, one.entry.sha256, one.statement) for one in found)
    write_file(out / "statements.parquet", tables.statements_table(rows))
    write_file(out / "tracks.parquet", tables.tracks_table(tracks))
    return f"{len(found)} statements and {len(tracks)} tracks to {out}"
