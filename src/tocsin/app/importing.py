"""`tocsin import`: recordings of others through a centre, into an own picture, a log and a common picture."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter
from rich.console import Console

from tocsin.errors import BadEvidence
from tocsin.formats import geojson
from tocsin.formats.reports import Plot, Position, Report, Source, Station
from tocsin.formats.scans import Site, sites
from tocsin.formats.tally import Tally
from tocsin.node.adapters import outbox, settings
from tocsin.node.adapters.tilefiles import read_file, write_file
from tocsin.wire.bodies import encode_body
from tocsin.wire.envelope import Record
from tocsin.world.time import parse_utc, posix_s, utc_text

if TYPE_CHECKING:
    from tocsin.app.feeding import Pair

app = App(name="import", help="Recordings and catalogues of others through a centre.")
Sites = Annotated[tuple[str, ...], Parameter(name=["--site"], negative=(), consume_multiple=False)]
UNDATED = "2000-01-01"
NS = 1_000_000_000
_SITE = re.compile(r"(\d+)/(\d+)=([-+.\d]+),([-+.\d]+),([-+.\d]+)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One import: whose centre, its partner, under which regime, where results go."""

    name: str
    party: str
    partner: str
    regime: str
    out: Path


@app.command
def asterix(
    file: Path,
    *,
    centre: str = "west",
    partner: str = "east",
    regime: str = "connected",
    date: str = "",
    site: Sites = (),
    out: Path = Path("runs"),
) -> int:
    """A recording of air surveillance data (pcap, or blocks one after the other) through an exercise centre.

    Parameters
    ----------
    file
        The recording: categories 001, 002, 021, 034, 048, 062, 065.
    centre
        The party whose centre takes it in.
    partner
        The party that mirrors it; both compute the common picture.
    regime
        A shipped regime, or a regime file.
    date
        UTC date of a recording that carries none, such as 2026-11-21.
    site
        Where a radar stands that does not say so: SAC/SIC=LATITUDE,LONGITUDE,HEIGHT in degrees and metres.
    out
        Folder for logs, GeoJSON and a page with the picture.
    """
    from tocsin.formats.asterix.capture import read
    from tocsin.formats.asterix.reports import reports

    data, tally = read_file(file, "a recording"), Tally()
    start = posix_s(parse_utc(f"{date or UNDATED}T12:00:00Z"))
    found = list(reports(read(data, tally), tally, start))
    job = Job(name=slug(file), party=centre, partner=partner, regime=regime, out=out)
    return show(job, found, tally, {one.source: one for one in map(parse_site, site)}, dated=bool(date))


@app.command
def multicast(
    address: str, *, seconds: float = 60.0, interface: str = "", centre: str = "west", partner: str = "east",
    regime: str = "connected", site: Sites = (), keep: Path | None = None, out: Path = Path("runs"),
) -> int:  # fmt: skip
    """ASTERIX as it comes over UDP, to a multicast group or to this machine, through an exercise centre.

    Parameters
    ----------
    address
        GROUP:PORT, such as 232.1.1.12:8600, or this machine's own address and port.
    seconds
        How long to listen.
    interface
        Address of the interface on which the group is joined (default: any).
    centre
        The party whose centre takes it in.
    partner
        The party that mirrors it.
    regime
        A shipped regime, or a regime file.
    site
        Where a radar stands that does not say so: SAC/SIC=LATITUDE,LONGITUDE,HEIGHT.
    keep
        Write what was heard to this pcap file, too.
    out
        Folder for logs, GeoJSON and a page with the picture.
    """
    from tocsin.app.hearing import heard, pcap
    from tocsin.formats.asterix.capture import read
    from tocsin.formats.asterix.reports import reports

    packets, tally = list(heard(address, interface, seconds)), Tally()
    print(f"{address}: {len(packets)} datagrams in {seconds:g} s")
    if not packets:
        return 1
    data = pcap(packets)
    if keep is not None:
        write_file(keep, data)
    found = list(reports(read(data, tally), tally))
    job = Job(name=slug(Path(address.replace(":", "-"))), party=centre, partner=partner, regime=regime, out=out)
    return show(job, found, tally, {one.source: one for one in map(parse_site, site)}, dated=True)


@app.command
def modes(
    file: Path, *, centre: str = "west", partner: str = "east", regime: str = "connected", date: str = "",
    out: Path = Path("runs"),
) -> int:  # fmt: skip
    """Mode S extended squitters (ADS-B) through an exercise centre: lines of seconds or a UTC time, and 28 hex digits.

    Parameters
    ----------
    file
        A text file, one message a line.
    centre
        The party whose centre takes it in.
    partner
        The party that mirrors it.
    regime
        A shipped regime, or a regime file.
    date
        UTC date to which plain seconds of a day belong.
    out
        Folder for logs, GeoJSON and a page with the picture.
    """
    from tocsin.formats.modes import positions

    tally = Tally()
    midnight = parse_utc(f"{date or UNDATED}T00:00:00Z")
    found = list(positions(read_file(file, "Mode S messages").decode(errors="replace"), midnight, tally))
    job = Job(name=slug(file), party=centre, partner=partner, regime=regime, out=out)
    return show(job, found, tally, {}, dated=bool(date))


@app.command
def csv(
    file: Path, *, columns: Path, centre: str = "west", partner: str = "east", regime: str = "connected",
    out: Path = Path("runs"),
) -> int:  # fmt: skip
    """A table of plots or positions with a declared map of its columns.

    Parameters
    ----------
    file
        The table.
    columns
        TOML file that says which column is what, in which unit (docs/formats.md).
    centre
        The party whose centre takes it in.
    partner
        The party that mirrors it.
    regime
        A shipped regime, or a regime file.
    out
        Folder for logs, GeoJSON and a page with the picture.
    """
    from tocsin.formats.columns import load, rows

    tally = Tally()
    mapping = load(read_file(columns, "a map of columns"), str(columns))
    found = list(rows(read_file(file, "a table").decode(errors="replace"), mapping, tally))
    job = Job(name=slug(file), party=centre, partner=partner, regime=regime, out=out)
    return show(job, found, tally, mapping.sites(), dated=True)


@app.command
def elements(
    file: Path, *, owner: str = "", at: str = "", sigma_m: float = 1_000.0, centre: Path | None = None,
    out: Annotated[Path | None, Parameter(name=["--out", "-o"])] = None,
) -> int:  # fmt: skip
    """Two-line elements or orbit mean-elements messages (OMM) to `orbit` statements: the catalogue of known satellites.

    Parameters
    ----------
    file
        TLE text, OMM as JSON, XML, CSV or key = value.
    owner
        Party that owns all of them, if one does.
    at
        UTC instant to which they are carried (default: each one's own epoch).
    sigma_m
        Accuracy of position, one sigma, where the elements say none.
    centre
        CENTRE.toml of a real centre: its log takes them in at its next turn, and what it holds already only once.
    out
        File for the statements' bodies, one JSON object a line (default without --centre: standard output).
    """
    import msgspec

    from tocsin.formats.elements import orbits

    tally = Tally()
    when = parse_utc(at) if at else None
    bodies = list(orbits(read_file(file, "orbital elements"), tally, owner=owner or None, at=when, sigma_m=sigma_m))
    lines = b"".join(msgspec.json.encode(body) + b"\n" for body in bodies)
    if out is not None:
        write_file(out, lines)
    elif centre is None:
        print(lines.decode(), end="")
    console = Console(stderr=True, highlight=False)
    if centre is not None:
        console.print(f"{_handed(centre, bodies)} of {len(bodies)} orbits handed to {centre}; its log takes them in.")
    _tell(console, tally)
    return 0 if bodies else 1


def _handed(centre: Path, bodies: Sequence[Record]) -> int:
    """Leave statements in a real centre's outbox, named by their content; how many it had not been handed before."""
    settings.load(centre)  # a folder without a centre gets nothing
    count = 0
    for body in bodies:
        name = f"orbit-{sha256(encode_body(body)).hexdigest()[:16]}"
        if outbox.logged(centre.parent, name) is None:
            outbox.drop(centre.parent, name, body)
            count += 1
    return count


@app.command
def tdm(
    file: Path, *, station: Sites, centre: str = "west", partner: str = "east", regime: str = "connected",
    out: Path = Path("runs"),
) -> int:  # fmt: skip
    """A CCSDS tracking data message: ranges and angles of a station, through an exercise centre.

    Parameters
    ----------
    file
        The message, key = value.
    station
        Where a participant stands: NAME=LATITUDE,LONGITUDE,HEIGHT in degrees and metres. May be repeated.
    centre
        The party whose centre takes it in.
    partner
        The party that mirrors it.
    regime
        A shipped regime, or a regime file.
    out
        Folder for logs, GeoJSON and a page with the picture.
    """
    from tocsin.app.feeding import feed_scans
    from tocsin.formats.tdm import parse, scans, station_of

    tally = Tally()
    segments = parse(read_file(file, "a tracking data message").decode(errors="replace"), tally)
    found = list(scans(segments, {one.name: one for one in map(station_of, station)}, tally))
    job = Job(name=slug(file), party=centre, partner=partner, regime=regime, out=out)
    console = Console(highlight=False)
    _tell(console, tally)
    if not found:
        return _nothing(console)
    return _finish(console, job, feed_scans(job.name, job.party, job.partner, job.regime, found), [])


def parse_site(text: str) -> Site:
    """A site as it is given on the command line."""
    match = _SITE.match(text)
    if match is None:
        raise BadEvidence(f"--site {text}: SAC/SIC=LATITUDE,LONGITUDE,HEIGHT expected, such as 25/201=45.9,15.9,300")
    sac, sic, latitude, longitude, height = match.groups()
    return Site(
        source=(int(sac), int(sic)),
        latitude_deg=float(latitude),
        longitude_deg=float(longitude),
        height_m=float(height),
    )


def slug(file: Path) -> str:
    """A file's name as part of a log's origin."""
    return re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-") or "recording"


def show(job: Job, found: Sequence[Report], tally: Tally, given: dict[Source, Site], *, dated: bool) -> int:
    """Feed reports to a centre; say what was read, what was left out, what came of it. 0 if a picture did."""
    console = Console(highlight=False)
    timed = [one for one in found if isinstance(one, Plot | Position)]
    if timed:
        first, last = min(one.t_tai_ns for one in timed), max(one.t_tai_ns for one in timed)
        console.print(f"{job.name}: {utc_text(first)} to {utc_text(last)}", markup=False)
        if utc_text(first).startswith(UNDATED[:4]) and not dated:
            console.print(f"No date in the recording: {UNDATED} was taken; say --date if it matters.", markup=False)
    plots = [one for one in found if isinstance(one, Plot)]
    placed = [one for one in found if isinstance(one, Position)]
    known = sites((one for one in found if isinstance(one, Station)), given)
    if not timed:
        _tell(console, tally)
        return _nothing(console)
    from tocsin.app.feeding import feed_plots, feed_positions

    if placed:
        left = f"{len(plots)} plots left out: the recording holds system tracks" if plots else ""
        fed = feed_positions(job.name, job.party, job.partner, job.regime, placed, tally)
    else:
        left = ""
        fed = feed_plots(job.name, job.party, job.partner, job.regime, plots, known, tally)
    _tell(console, tally)
    if left:
        console.print(left, markup=False)
    features = [*geojson.plot_features(plots, known), *geojson.position_features(placed)]
    return _finish(console, job, fed, features)


def _tell(console: Console, tally: Tally) -> None:
    for line in tally.words():
        console.print(line, markup=False, soft_wrap=True)


def _nothing(console: Console) -> int:
    console.print("Nothing was left to make a picture of.", markup=False)
    return 1


def _finish(console: Console, job: Job, fed: "Pair | None", features: list[geojson.Feature]) -> int:
    from tocsin.app.recording_page import page
    from tocsin.node.adapters.zipped import write_log

    if fed is None:
        return _nothing(console)
    folder = job.out / f"import-{job.name}"
    for name, one in sorted(fed.centres.items()):
        for group in sorted(one.books):
            write_log(one, group, folder / name / group)
    picture = fed.common()
    own = fed.own_tracks
    everything = geojson.collection([*features, *geojson.track_features(picture)], "exercise")
    write_file(folder / "picture.geojson", geojson.encode(everything))
    write_file(folder / "picture.html", page(job.name, everything, fed.summary()).encode())
    console.print(f"\nOwn picture of {job.party}: {own} tracks. Common picture: {len(picture.tracks)},", markup=False)
    same = "the same digest at both centres" if len(fed.digests()) == 1 else "ANOTHER digest at each centre"
    console.print(f"{same}: {picture.digest[:16]}", markup=False)
    console.print(f"Logs:    {folder}  (check them: tocsin verify {folder})", markup=False, soft_wrap=True)
    console.print(f"Picture: {(folder / 'picture.html').resolve()} and picture.geojson", markup=False, soft_wrap=True)
    return 0 if len(fed.digests()) == 1 else 1
