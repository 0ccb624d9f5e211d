"""What `import tocsin` offers: whole jobs as functions, from files to results, without a server."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.errors import Refusal
from tocsin.formats import observations
from tocsin.formats.tally import Tally
from tocsin.fuse import CommonPicture, common_picture
from tocsin.log.memory import ManualClock, MemoryCells
from tocsin.log.signers import derived_seed, log_signers
from tocsin.log.writer import LogWriter
from tocsin.mirror import Mirror, Verified
from tocsin.mirror.memory import MemoryMirrorStore
from tocsin.node.adapters.tilefiles import read_file, write_file
from tocsin.node.audit import Verdict
from tocsin.wire.bodies import Tracklet, body_of
from tocsin.wire.envelope import decode

if TYPE_CHECKING:
    from tocsin.sim.play import Played
    from tocsin.track import Picture, TrackerSettings
    from tocsin.world.motion import Launch

PathLike = str | Path
PIECE = 256


def track_file(
    path: PathLike, *, settings: "TrackerSettings | None" = None, tally: Tally | None = None
) -> Iterator["Picture"]:
    """Pictures of tracks after each scan of a file of observations (`tocsin.formats.observations`).

    Lines of no sense are counted in `tally`. Raises FormatError where nothing can be read, Outage for a file away.
    """
    from tocsin.track import Tracker

    sensors, scans = observations.read(read_file(Path(path), "a file of observations"), tally or Tally())
    tracker = Tracker("own", sensors, settings)
    for scan in scans:
        yield tracker.step(scan)


def launches_file(path: PathLike, *, settings: "TrackerSettings | None" = None) -> "dict[int, Launch]":
    """Where and when the tracks of a file of observations began, by track: worked out backwards, after the event.

    Every later detection of a track is used for its first state (`tocsin.track.backward`); tracks without a launch
    behind them are left out. Raises as `track_file`.
    """
    from tocsin.track.backward import reconstructed_launches

    return reconstructed_launches(track_file(path, settings=settings), settings)


def tracklets_file(observed: PathLike, party: str, out: PathLike, *, regime: str = "joint") -> int:
    """Track a file of observations and write what that party's centre would say of it: one statement a line.

    The file holds the party's whole shared log of that run, and so can be fused with others'. Returns the number of
    statements. Raises as `track_file`.
    """
    from tocsin.app.feeding import alone

    sensors, scans = observations.read(read_file(Path(observed), "a file of observations"), Tally())
    lines = alone(party, regime, sensors, scans)
    write_file(Path(out), b"".join(line + b"\n" for line in lines))
    return len(lines)


def fuse_files(*paths: PathLike, at_tai_ns: int | None = None) -> CommonPicture:
    """The common picture of files of statements (`tracklets_file`) or folders of exported logs, at an instant.

    Lines go through the same gate as everything else, under a key made for the occasion; folders under their own
    keys. Without `at_tai_ns` the picture is that of the last tracklet.
    """
    from tocsin.app.reading import held

    entries: list[Verified] = []
    for path in map(Path, paths):
        entries += held(path) if path.is_dir() else gated(read_file(path, "a file of statements").splitlines())
    bodies = (body_of(decode(entry.data)) for entry in entries)
    times = [body.t_tai_us * 1_000 for body in bodies if isinstance(body, Tracklet)]
    if not times:
        raise Refusal("no tracklet in these files: statements of kind tracklet were expected")
    return common_picture(entries, max(times) if at_tai_ns is None else at_tai_ns)


def gated(lines: list[bytes]) -> list[Verified]:
    """Lines of statements as a log of their origin, signed here and verified as any other."""
    if not lines:
        return []
    origin, store, cells, clock = decode(lines[0]).origin, MemoryMirrorStore(), MemoryCells(), ManualClock()
    signers = log_signers(origin, derived_seed(b"\0" * 8, "library", origin), hybrid=False)
    writer = LogWriter.open(origin, store, cells, signers, clock)
    gate = Mirror.own(origin, writer.keys, store, cells, clock)
    for start in range(0, len(lines), PIECE):
        piece = lines[start : start + PIECE]
        writer.append(piece)
        note = writer.commit()
        gate.offer(note, start, piece, writer.consistency(start) if start else [])
    return list(gate.entries(0, gate.size))


def verify_bundle(path: PathLike) -> dict[str, Verdict]:
    """Verdict for every run below a folder: logs, receipts, proofs and decisions, offline."""
    from tocsin.app.check import verify_folder

    return verify_folder(Path(path))


def run_scenario(
    scenario: str, *, regime: str = "connected", seed: int = 1995, out: PathLike | None = None
) -> "Played":
    """Play a shipped case or a scenario file through complete centres on virtual time; logs to `out`, if given."""
    from tocsin.app.files import write_logs
    from tocsin.app.play import load_regime, load_scenario
    from tocsin.sim.play import play

    played = play(load_scenario(scenario), load_regime(regime), seed, hybrid=False)
    if out is not None:
        write_logs(played, Path(out))
    return played
